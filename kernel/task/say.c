/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

void say(const char *format, ...)
{
	char line[LINE_MAX_BYTES] = "dkd: ";
	size_t length = strlen(line);
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line + length, sizeof(line) - length - 1, format, args);
	va_end(args);
	if (n < 0)
		return;
	length = strlen(line);
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	line[length++] = '\n';
	/* One write: lines of several processes do not mix. */
	if (write(STDERR_FILENO, line, length) < 0)
		return;	/* nobody to tell */
}
