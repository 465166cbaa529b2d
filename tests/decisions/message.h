/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Messages from text, by the names and layouts that the image has. A header, as
 * run.c is one program of one file.
 */
#ifndef TESTS_MESSAGE_H
#define TESTS_MESSAGE_H

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../kernel/abi/wire.h"
#include "../../kernel/security/body.h"
#include "../../kernel/security/decide.h"

struct message {
	_Alignas(8) uint8_t fixed[65536];
	_Alignas(8) uint8_t arena[65536];
	uint32_t fixed_size, arena_size;
	uint32_t sids[WIRE_HANDLES_MAX];	/* what the handles refer to */
	uint32_t n_handles;
};

struct encoder {
	struct message *message;
	const struct image *image;
	const char *at;			/* the text from here on */
	const char *error;
};

static void encode(struct encoder *encoder, uint32_t type, uint8_t *to);

static bool wrong(struct encoder *encoder, const char *what)
{
	if (!encoder->error)
		encoder->error = what;
	return false;
}

static bool take(struct encoder *encoder, char letter)
{
	while (isspace((unsigned char)*encoder->at))
		encoder->at++;
	if (*encoder->at != letter)
		return false;
	encoder->at++;
	return true;
}

static uint64_t take_number(struct encoder *encoder)
{
	bool negative = take(encoder, '-');
	char *end;
	uint64_t number;

	while (isspace((unsigned char)*encoder->at))
		encoder->at++;
	number = strtoull(encoder->at, &end, 0);
	if (end == encoder->at)
		wrong(encoder, "a number is missing");
	encoder->at = end;
	return negative ? -number : number;
}

/* "..." with \" \\ and \xHH, into the arena at TO. Returns the bytes. */
static uint32_t take_text(struct encoder *encoder, uint8_t *to)
{
	uint32_t n = 0;

	if (!take(encoder, '"'))
		return wrong(encoder, "a text is missing");
	for (; *encoder->at && *encoder->at != '"'; encoder->at++) {
		char hex[3] = "";

		if (*encoder->at != '\\') {
			to[n++] = (uint8_t)*encoder->at;
			continue;
		}
		encoder->at++;
		if (*encoder->at == 'x' && encoder->at[1] && encoder->at[2]) {
			memcpy(hex, encoder->at + 1, 2);
			encoder->at += 2;
			to[n++] = (uint8_t)strtoul(hex, NULL, 16);
		} else {
			to[n++] = (uint8_t)*encoder->at;
		}
	}
	if (!take(encoder, '"'))
		wrong(encoder, "a text does not end");
	return n;
}

static void put_chunk(struct encoder *encoder, uint8_t *to, uint32_t size)
{
	struct wire_chunk chunk = { encoder->message->arena_size, size };

	memcpy(to, &chunk, sizeof(chunk));
	encoder->message->arena_size += (size + 7) & ~7u;
}

/* The elements of a list, up to the bracket that ends it. */
static uint32_t count_elements(const struct encoder *encoder)
{
	uint32_t depth = 0, commas = 0;
	bool any = false, text = false;

	for (const char *at = encoder->at; *at; at++) {
		if (*at == '"' && at[-1] != '\\')
			text = !text;
		if (!text && depth == 0 && *at == ']')
			break;
		if (!isspace((unsigned char)*at))
			any = true;
		if (text)
			continue;
		if (*at == '[' || *at == '{')
			depth++;
		else if (*at == ']' || *at == '}')
			depth--;
		else if (*at == ',' && depth == 0)
			commas++;
	}
	return any ? commas + 1 : 0;
}

static void encode_elements(struct encoder *encoder, uint32_t type, uint8_t *to,
			    uint32_t n)
{
	uint32_t size = encoder->image->layout.types[type].size;

	for (uint32_t i = 0; i < n && !encoder->error; i++) {
		if (i > 0 && !take(encoder, ','))
			wrong(encoder, "a comma is missing");
		encode(encoder, type, to + (size_t)i * size);
	}
	if (!take(encoder, ']'))
		wrong(encoder, "a list does not end");
}

static void encode_list(struct encoder *encoder, const struct layout_type *type,
			uint8_t *to)
{
	uint32_t n, size = encoder->image->layout.types[type->first].size;
	struct message *message = encoder->message;

	if (!take(encoder, '[')) {
		wrong(encoder, "a list is missing");
		return;
	}
	n = count_elements(encoder);
	if (type->kind == LAYOUT_SEQUENCE) {
		uint8_t *elements = message->arena + message->arena_size;

		put_chunk(encoder, to, n * size);
		to = elements;
	} else if (n > type->count) {
		wrong(encoder, "more elements than the array has");
		return;
	}
	encode_elements(encoder, type->first, to, n);
}

static const struct layout_field *take_field(struct encoder *encoder,
					     const struct layout_type *type,
					     uint32_t *index)
{
	const struct layout_field *field;
	size_t length = 0;

	while (isspace((unsigned char)*encoder->at))
		encoder->at++;
	while (isalnum((unsigned char)encoder->at[length]) ||
	       encoder->at[length] == '_')
		length++;
	for (*index = 0; *index < type->count; ++*index) {
		const char *name;

		field = &encoder->image->layout.fields[type->first + *index];
		name = image_string(encoder->image, field->name);
		if (strlen(name) == length &&
		    memcmp(name, encoder->at, length) == 0) {
			encoder->at += length;
			return field;
		}
	}
	wrong(encoder, "no such parameter or field");
	return NULL;
}

static void encode_fields(struct encoder *encoder,
			  const struct layout_type *type, uint8_t *to)
{
	const struct layout_field *field;
	uint32_t index;

	if (!take(encoder, '{')) {
		wrong(encoder, "a brace is missing");
		return;
	}
	while (!encoder->error && !take(encoder, '}')) {
		field = take_field(encoder, type, &index);
		if (!field || !take(encoder, ':')) {
			wrong(encoder, "a colon is missing");
			return;
		}
		if (type->kind == LAYOUT_UNION)
			memcpy(to, &index, sizeof(index));
		encode(encoder, field->type, to + field->offset);
		take(encoder, ',');
	}
}

static void encode_handle(struct encoder *encoder, uint8_t *to)
{
	struct message *message = encoder->message;
	struct wire_handle handle = { .handle = message->n_handles,
				      .rights = WIRE_RIGHT_CALL };

	if (message->n_handles == WIRE_HANDLES_MAX) {
		wrong(encoder, "too many handles");
		return;
	}
	message->sids[message->n_handles++] = (uint32_t)take_number(encoder);
	memcpy(to, &handle, sizeof(handle));
}

/* A value of TYPE at TO, which is zero. */
static void encode(struct encoder *encoder, uint32_t index, uint8_t *to)
{
	const struct layout_type *type = &encoder->image->layout.types[index];
	struct message *message = encoder->message;
	uint64_t number;
	uint32_t size;

	switch (type->kind) {
	case LAYOUT_SCALAR:
		number = take_number(encoder);
		memcpy(to, &number, type->size);
		break;
	case LAYOUT_HANDLE:
		encode_handle(encoder, to);
		break;
	case LAYOUT_BYTES:
	case LAYOUT_STRING:
		size = take_text(encoder, message->arena + message->arena_size);
		if (type->kind == LAYOUT_STRING)
			message->arena[message->arena_size + size++] = 0;
		put_chunk(encoder, to, size);
		break;
	case LAYOUT_SEQUENCE:
	case LAYOUT_ARRAY:
		encode_list(encoder, type, to);
		break;
	case LAYOUT_STRUCT:
	case LAYOUT_UNION:
		encode_fields(encoder, type, to);
		break;
	default:
		wrong(encoder, "no such type");
		break;
	}
}

/* Handles that the text does not name are none. */
static void clear_handles(const struct image *image, uint32_t index, uint8_t *to)
{
	const struct layout_type *type = &image->layout.types[index];
	const struct layout_field *field;
	const uint32_t none = WIRE_NO_HANDLE;

	if (type->kind == LAYOUT_HANDLE)
		memcpy(to, &none, sizeof(none));
	for (uint32_t i = 0; type->kind == LAYOUT_STRUCT && i < type->count;
	     i++) {
		field = &image->layout.fields[type->first + i];
		clear_handles(image, field->type, to + field->offset);
	}
	for (uint32_t i = 0; type->kind == LAYOUT_ARRAY && i < type->count; i++)
		clear_handles(image, type->first,
			      to + i * image->layout.types[type->first].size);
}

/* NULL, or what is wrong with TEXT, "{name: value, ...}" or "-". */
static const char *message_encode(struct message *message,
				  const struct image *image,
				  const struct image_method *method,
				  enum method_part part, const char *text)
{
	struct encoder encoder = { message, image, text, NULL };

	memset(message, 0, sizeof(*message));
	if (method->type[part] == IMAGE_NONE)
		return "the method has no such parameters";
	message->fixed_size = image->layout.types[method->type[part]].size;
	clear_handles(image, method->type[part], message->fixed);
	if (strcmp(text, "-") == 0)
		return NULL;
	encode(&encoder, method->type[part], message->fixed);
	return encoder.error ? encoder.error :
	       *encoder.at ? "something follows the message" : NULL;
}

/* As the mediator checks it. */
static bool message_check(const struct message *message,
			  const struct image *image,
			  const struct image_method *method,
			  enum method_part part)
{
	return body_check(&image->layout, method->type[part], message->fixed,
			  message->fixed_size, message->arena,
			  message->arena_size, method->arena_max[part],
			  message->n_handles) == BODY_OK;
}

/* A view of MESSAGE. */
static void message_event(const struct message *message,
			  struct event_message *to)
{
	to->fixed = message->fixed;
	to->arena = message->arena;
	to->fixed_size = message->fixed_size;
	to->arena_size = message->arena_size;
	to->handle_sids = message->sids;
	to->n_handles = message->n_handles;
}

#endif
