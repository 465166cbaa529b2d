/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* libc under the names that sources use. */

#include <rtl/stdio.h>
#include <rtl/string.h>

#include <string.h>

#include <kos/trace.h>

#include "start.h"

LIBDK_START;

int rtl_printf(const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vprintf(format, args);
	va_end(args);
	return n;
}

int rtl_vprintf(const char *format, va_list args)
{
	return vprintf(format, args);
}

int rtl_snprintf(char *to, rtl_size_t size, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(to, size, format, args);
	va_end(args);
	return n;
}

int rtl_vsnprintf(char *to, rtl_size_t size, const char *format, va_list args)
{
	return vsnprintf(to, size, format, args);
}

/* Standard error is not buffered: the line is made first, so it stays whole. */
__attribute__((format(printf, 3, 0)))
static void trace(const char *file, int line, const char *format, va_list args)
{
	char text[1024];

	if (vsnprintf(text, sizeof(text), format, args) < 0)
		return;
	if (file)
		fprintf(stderr, "%s:%d: %s\n", file, line, text);
	else
		fprintf(stderr, "%s\n", text);
}

void KosTrace(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	trace(NULL, 0, format, args);
	va_end(args);
}

void KosTraceAt(const char *file, int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	trace(file, line, format, args);
	va_end(args);
}

void *rtl_memcpy(void *to, const void *from, rtl_size_t n)
{
	return n > 0 ? memcpy(to, from, n) : to;
}

void *rtl_memmove(void *to, const void *from, rtl_size_t n)
{
	return n > 0 ? memmove(to, from, n) : to;
}

void *rtl_memset(void *to, int byte, rtl_size_t n)
{
	return n > 0 ? memset(to, byte, n) : to;
}

int rtl_memcmp(const void *a, const void *b, rtl_size_t n)
{
	return n > 0 ? memcmp(a, b, n) : 0;
}

rtl_size_t rtl_strlen(const char *s)
{
	return strlen(s);
}

rtl_size_t rtl_strnlen(const char *s, rtl_size_t n)
{
	return strnlen(s, n);
}

int rtl_strcmp(const char *a, const char *b)
{
	return strcmp(a, b);
}

int rtl_strncmp(const char *a, const char *b, rtl_size_t n)
{
	return strncmp(a, b, n);
}

char *rtl_strncpy(char *to, const char *from, rtl_size_t n)
{
	rtl_size_t length = strnlen(from, n);

	memcpy(to, from, length);
	memset(to + length, 0, n - length);
	return to;
}

rtl_size_t rtl_strlcpy(char *to, const char *from, rtl_size_t size)
{
	rtl_size_t length = strlen(from);

	if (size > 0) {
		rtl_size_t n = length < size ? length : size - 1;

		memcpy(to, from, n);
		to[n] = '\0';
	}
	return length;
}

char *rtl_strchr(const char *s, int c)
{
	return strchr(s, c);
}

char *rtl_strrchr(const char *s, int c)
{
	return strrchr(s, c);
}

char *rtl_strstr(const char *s, const char *part)
{
	return strstr(s, part);
}
