/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "json.h"

#include <string.h>

#include "source.h"

static void put_character(FILE *to, const char *text, size_t size)
{
	unsigned char c = (unsigned char)*text;

	if (c == 0xc2 && (unsigned char)text[1] < 0xa0)
		fprintf(to, "\\u%04x", (unsigned char)text[1]);
	else if (size > 1)
		fwrite(text, 1, size, to);
	else if (c == '"' || c == '\\')
		fprintf(to, "\\%c", c);
	else if (c == '\n')
		fputs("\\n", to);
	else if (c == '\t')
		fputs("\\t", to);
	else if (c < 0x20 || c == 0x7f || c == '<' || c == '>')
		fprintf(to, "\\u%04x", c);
	else
		fputc(c, to);
}

void json_string(FILE *to, const char *before, const char *text)
{
	size_t left, size;

	fputs(before, to);
	if (!text) {
		fputs("null", to);
		return;
	}
	fputc('"', to);
	for (left = strlen(text); left; left -= size, text += size) {
		size = source_character(text, left);
		if (size) {
			put_character(to, text, size);
		} else {
			fputs("\\ufffd", to);
			size = 1;
		}
	}
	fputc('"', to);
}
