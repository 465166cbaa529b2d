/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#ifndef RTL_MINMAX_H
#define RTL_MINMAX_H

/* The smaller and the larger of two; an argument may be evaluated twice. */
#define rtl_min(a, b) ((a) < (b) ? (a) : (b))
#define rtl_max(a, b) ((a) > (b) ? (a) : (b))

#endif
