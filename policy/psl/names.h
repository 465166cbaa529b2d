/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Names made one: equal texts get one number and one address, so that they are
 * compared without reading them. Numbers count from 0 in order of first use; a
 * new table already holds the empty text as 0.
 */
#ifndef DK_PSL_NAMES_H
#define DK_PSL_NAMES_H

#include <stdint.h>

#include "../front/arena.h"

struct names {
	struct arena *arena;
	const char **texts;
	size_t n, capacity;
	uint32_t *slots;		/* number + 1, or 0 */
	size_t n_slots;			/* a power of two */
};

struct names *names_new(struct arena *arena);
uint32_t names_number(struct names *names, const char *text);
const char *names_text(const struct names *names, uint32_t number);
/* names_text of names_number; NULL stays NULL. */
const char *names_one(struct names *names, const char *text);

/* FNV-1a over SIZE bytes, for the tables of this program. */
uint64_t names_hash(const void *data, size_t size);

#endif
