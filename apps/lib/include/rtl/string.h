/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Strings and memory: the functions of <string.h> under the names that sources
 * use. Real functions, so that a compiler's opinion of strncpy stays out.
 */
#ifndef RTL_STRING_H
#define RTL_STRING_H

#include <rtl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

void *rtl_memcpy(void *to, const void *from, rtl_size_t n);
void *rtl_memmove(void *to, const void *from, rtl_size_t n);
void *rtl_memset(void *to, int byte, rtl_size_t n);
int rtl_memcmp(const void *a, const void *b, rtl_size_t n);
rtl_size_t rtl_strlen(const char *s);
rtl_size_t rtl_strnlen(const char *s, rtl_size_t n);
int rtl_strcmp(const char *a, const char *b);
int rtl_strncmp(const char *a, const char *b, rtl_size_t n);
/* As strncpy: pads with zeroes, and terminates only if there is room. */
char *rtl_strncpy(char *to, const char *from, rtl_size_t n);
/* Copies what fits into SIZE and always terminates. Returns FROM's length. */
rtl_size_t rtl_strlcpy(char *to, const char *from, rtl_size_t size);
char *rtl_strchr(const char *s, int c);
char *rtl_strrchr(const char *s, int c);
char *rtl_strstr(const char *s, const char *part);

#ifdef __cplusplus
}
#endif

#endif
