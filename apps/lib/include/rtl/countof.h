/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#ifndef RTL_COUNTOF_H
#define RTL_COUNTOF_H

/* Elements of an array (not of a pointer). */
#define rtl_countof(array) (sizeof(array) / sizeof((array)[0]))

#endif
