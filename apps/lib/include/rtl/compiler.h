/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#ifndef RTL_COMPILER_H
#define RTL_COMPILER_H

#define __rtl_unused __attribute__((unused))
#define __rtl_noreturn __attribute__((noreturn))
#define __rtl_packed __attribute__((packed))
#define __rtl_aligned(n) __attribute__((aligned(n)))
#define __rtl_likely(x) __builtin_expect(!!(x), 1)
#define __rtl_unlikely(x) __builtin_expect(!!(x), 0)

#endif
