/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Bytes -> a number: so that what is equal stands in the image once. */
#ifndef DK_IMAGE_MEMO_H
#define DK_IMAGE_MEMO_H

#include <stdbool.h>
#include <stdint.h>

#include "../front/arena.h"

struct memo_entry {
	uint64_t hash;
	const void *data;
	size_t size;
	uint32_t value;
};

struct memo {			/* zeroed is empty */
	struct memo_entry *slots;
	size_t n, n_slots;	/* a power of two, or 0 */
};

/* The value of the SIZE bytes at DATA; false if they are new. */
bool memo_find(const struct memo *memo, const void *data, size_t size,
	       uint32_t *value);
/* New bytes; they are copied. */
void memo_add(struct memo *memo, struct arena *arena, const void *data,
	      size_t size, uint32_t value);

#endif
