/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What a rule reads from the message, for eval.c. Every read is checked here: a
 * rule may be called for more than one message, and the loader's proof does not
 * know which. False is a fault.
 */
#ifndef DK_SECURITY_MESSAGE_H
#define DK_SECURITY_MESSAGE_H

#include <string.h>

#include "../abi/wire.h"
#include "eval.h"
#include "number.h"

/* Where SIZE bytes are at PLACE, or NULL. */
static inline const uint8_t *message_at(const struct eval_value *place,
					uint32_t size)
{
	if (place->number > place->size || size > place->size - place->number)
		return NULL;
	return place->at + place->number;
}

/* SIZE bytes of 1, 2, 4 or 8: little-endian, as the wire. */
static inline uint64_t message_bits(const uint8_t *from, uint32_t size)
{
	uint64_t bits = 0;

	switch (size) {
	case 1:
		memcpy(&bits, from, 1);
		break;
	case 2:
		memcpy(&bits, from, 2);
		break;
	case 4:
		memcpy(&bits, from, 4);
		break;
	default:
		memcpy(&bits, from, 8);
	}
	return bits;
}

/* L -> N */
static inline bool message_scalar(struct eval_value *value, uint8_t scalar)
{
	uint32_t size = scalars[scalar].bytes;
	const uint8_t *from = message_at(value, size);
	uint64_t bits;

	if (!from)
		return false;
	bits = message_bits(from, size);
	value->negative = scalars[scalar].is_signed &&
			  bits >> (8 * size - 1) != 0;
	if (value->negative)
		bits = (~bits & mask_of(size)) + 1;
	value->number = bits;
	return true;
}

/* L -> T: the chunk whose descriptor is there. */
static inline bool message_chunk(const struct event_message *message,
				 struct eval_value *value)
{
	const uint8_t *from = message_at(value, sizeof(struct wire_chunk));
	struct wire_chunk chunk;

	if (!from)
		return false;
	memcpy(&chunk, from, sizeof(chunk));
	value->number = 0;
	value->negative = false;
	value->size = chunk.size;
	value->at = NULL;
	if (chunk.size == 0)
		return true;
	if (chunk.offset > message->arena_size ||
	    chunk.size > message->arena_size - chunk.offset)
		return false;
	value->at = message->arena + chunk.offset;
	return true;
}

/* As message_chunk, less the terminator that a string that is not empty has. */
static inline bool message_string(const struct event_message *message,
				  struct eval_value *value)
{
	if (!message_chunk(message, value))
		return false;
	if (value->size > 0)
		value->size--;
	return true;
}

/* L -> N: the SID that a handle refers to. */
static inline bool message_handle(const struct event_message *message,
				  struct eval_value *value)
{
	const uint8_t *from = message_at(value, sizeof(struct wire_handle));
	struct wire_handle handle;

	if (!from)
		return false;
	memcpy(&handle, from, sizeof(handle));
	if (handle.handle >= message->n_handles || !message->handle_sids ||
	    message->handle_sids[handle.handle] == 0)
		return false;
	value->number = message->handle_sids[handle.handle];
	value->negative = false;
	return true;
}

/* L N -> L, in a region that the program may only read as far as it goes. */
static inline bool message_index(struct eval_value *place,
				 const struct eval_value *index,
				 const struct image_insn *insn)
{
	if (index->negative || index->number >= insn->n)
		return false;
	place->number += index->number * insn->arg;
	return true;
}

/* L N -> L: from here on the region is the chunk. */
static inline bool message_element(const struct event_message *message,
				   struct eval_value *place,
				   const struct eval_value *index,
				   uint32_t size)
{
	uint64_t n = index->number;

	if (!message_chunk(message, place) || index->negative ||
	    n >= place->size / size)
		return false;
	place->number = n * size;
	return true;
}

#endif
