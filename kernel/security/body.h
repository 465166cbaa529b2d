/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Checks the body of a message against its layout: the one place where lengths
 * and offsets that a program wrote are believed or not. Used by the mediator,
 * by the receiver's library, by fuzzers and proofs. Iterative, with a stack of
 * LAYOUT_DEPTH_MAX entries; the bytes visited never add up to more than the
 * fixed part and the used arena, so chunks that alias each other are malformed.
 */
#ifndef DK_SECURITY_BODY_H
#define DK_SECURITY_BODY_H

#include <stdint.h>

#include "../abi/layout.h"

enum body_status {
	BODY_UNCHECKED = 0,	/* never returned; treated as malformed */
	BODY_OK = 1,
	BODY_FIXED_SIZE,	/* not the method's: another version of X.idl */
	BODY_ARENA_SIZE,	/* more than the method can use */
	BODY_CHUNK_RANGE,	/* a chunk reaches beyond the used arena */
	BODY_CHUNK_ALIGN,
	BODY_CHUNK_COUNT,	/* not a multiple of the element, or too many */
	BODY_OVERLAP,		/* more bytes visited than there are */
	BODY_STRING,		/* NUL inside, no terminator, not UTF-8 */
	BODY_TAG,		/* a union's tag names no member */
	BODY_HANDLES,		/* not the handles that ride along, in order */
	BODY_LAYOUT,		/* the layout itself is unsound or too deep */
	BODY_N
};

/*
 * TYPE is the LAYOUT_STRUCT of the part. FIXED and ARENA are 8-aligned, ARENA
 * may be NULL if its size is 0. N_HANDLES descriptors ride along: the handle
 * places, in order, must hold 0, 1, ... n_handles-1 or WIRE_NO_HANDLE.
 */
enum body_status body_check(const struct layout *layout, uint32_t type,
			    const uint8_t *fixed, uint32_t fixed_size,
			    const uint8_t *arena, uint32_t arena_size,
			    uint32_t arena_max, uint32_t n_handles);

/* A sentence for an audit record: "a chunk reaches beyond the used arena". */
const char *body_status_text(enum body_status status);

#endif
