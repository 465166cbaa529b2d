/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Text built in a buffer of fixed size. What does not fit is cut, said by .cut;
 * nothing fails. Bytes from a program go in through text_escape only.
 */
#ifndef DK_BASE_TEXT_H
#define DK_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *bytes;		/* the caller's; zero-terminated */
	size_t size;
	size_t used;		/* without the terminator */
	bool cut;
};

void text_init(struct text *text, char *buffer, size_t size);
void text_add(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Control characters, what is no UTF-8 and what reorders a line: escaped. */
void text_escape(struct text *text, const void *bytes, size_t n);
/* STRING as a JSON string with its quotes; null if it is NULL. */
void text_json(struct text *text, const char *string);

/* Length of the well-formed UTF-8 character at BYTES and its number; 0 = none. */
size_t utf8_decode(const uint8_t *bytes, size_t n, uint32_t *character);

#endif
