/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void text_init(struct text *text, char *buffer, size_t size)
{
	*text = (struct text){ .bytes = buffer, .size = size };
	buffer[0] = '\0';
}

void text_add(struct text *text, const char *format, ...)
{
	size_t room = text->size - text->used;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text->bytes + text->used, room, format, args);
	va_end(args);
	if (n < 0)
		return;
	if ((size_t)n >= room) {
		text->cut = true;
		n = (int)room - 1;
	}
	text->used += (size_t)n;
}

/* All or nothing, so that no character is cut in two. */
static void put(struct text *text, const void *bytes, size_t n)
{
	if (text->cut || n >= text->size - text->used) {
		text->cut = true;
		return;
	}
	memcpy(text->bytes + text->used, bytes, n);
	text->used += n;
	text->bytes[text->used] = '\0';
}

size_t utf8_decode(const uint8_t *b, size_t n, uint32_t *character)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	size_t length;

	if (n == 0)
		return 0;
	if (b[0] < 0x80) {
		*character = b[0];
		return 1;
	}
	if (b[0] >= 0xc2 && b[0] <= 0xdf)
		length = 2;
	else if (b[0] >= 0xe0 && b[0] <= 0xef)
		length = 3;
	else if (b[0] >= 0xf0 && b[0] <= 0xf4)
		length = 4;
	else
		return 0;
	if (n < length)
		return 0;
	c = b[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (b[i] & 0x3fu);
	}
	if (c < least[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*character = c;
	return length;
}

/* Characters that a terminal acts on instead of showing. */
static bool acts(uint32_t c)
{
	return (c < 0x20 && c != '\t') || (c >= 0x7f && c < 0xa0) ||
	       c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe0fff);
}

void text_escape(struct text *text, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;
	char code[16];
	uint32_t c;

	for (size_t i = 0, length; i < n && !text->cut; i += length) {
		length = utf8_decode(b + i, n - i, &c);
		if (length == 0) {
			length = 1;
			snprintf(code, sizeof(code), "\\x%02x", b[i]);
		} else if (!acts(c)) {
			put(text, b + i, length);
			continue;
		} else if (c < 0x80) {
			snprintf(code, sizeof(code), "\\x%02x", c);
		} else {
			snprintf(code, sizeof(code), "\\u{%x}", c);
		}
		put(text, code, strlen(code));
	}
}

void text_json(struct text *text, const char *string)
{
	size_t n = string ? strlen(string) : 0;
	char code[16];
	uint32_t c;

	if (!string) {
		put(text, "null", 4);
		return;
	}
	put(text, "\"", 1);
	for (size_t i = 0, length; i < n && !text->cut; i += length) {
		length = utf8_decode((const uint8_t *)string + i, n - i, &c);
		if (length == 0) {
			length = 1;
			c = 0xfffd;
		}
		if (c == '"' || c == '\\')
			snprintf(code, sizeof(code), "\\%c", (char)c);
		else if (acts(c) && c > 0xffff)
			snprintf(code, sizeof(code), "\\u%04x\\u%04x",
				 0xd800u + ((c - 0x10000) >> 10),
				 0xdc00u + ((c - 0x10000) & 0x3ff));
		else if (acts(c) || c == '\t' || c == 0xfffd)
			snprintf(code, sizeof(code), "\\u%04x", c & 0xffff);
		else {
			put(text, string + i, length);
			continue;
		}
		put(text, code, strlen(code));
	}
	put(text, "\"", 1);
}
