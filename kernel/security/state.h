/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The state of the policy's objects: one flat block of words, laid out by the
 * image, that holds no address. So who wants to go back copies it: memcpy saves
 * and restores it, memcmp compares it.
 */
#ifndef DK_SECURITY_STATE_H
#define DK_SECURITY_STATE_H

#include <stddef.h>
#include <stdint.h>

#include "image.h"

struct security_state {
	uint64_t *words;	/* the caller's; NULL if the image needs none */
};

/* Bytes of the block; at most STATE_SIZE_MAX, and 0 if no object has state. */
size_t security_state_size(const struct image *image);
/* The initial state in MEMORY: 8-aligned, as large as security_state_size says,
   the caller's, and to be kept as long as STATE. */
void security_state_init(const struct image *image,
			 struct security_state *state, void *memory);

#endif
