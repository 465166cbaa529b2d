/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What tests/unit/support calls of libcheck: here a failure is a finding. */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void _mark_point(const char *file, int line)
{
	(void)file;
	(void)line;
}

void _ck_assert_failed(const char *file, int line, const char *expr,
		       const char *msg, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: %s\n", file, line, expr);
	va_start(args, msg);
	if (msg)
		vfprintf(stderr, msg, args);
	va_end(args);
	abort();
}
