/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Output. Standard output is a pipe that the daemon reads line by line; it is
 * line-buffered, so a line appears when it is complete.
 */
#ifndef RTL_STDIO_H
#define RTL_STDIO_H

#include <stdarg.h>
#include <stdio.h>

#include <rtl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

int rtl_printf(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
int rtl_vprintf(const char *format, va_list args)
	__attribute__((format(printf, 1, 0)));
int rtl_snprintf(char *to, rtl_size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int rtl_vsnprintf(char *to, rtl_size_t size, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

#ifdef __cplusplus
}
#endif

#endif
