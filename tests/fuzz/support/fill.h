/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Bodies for any layout that image_load has proved: good ones, then spoilt. */
#ifndef TESTS_FUZZ_FILL_H
#define TESTS_FUZZ_FILL_H

#include "fuzz.h"

#include "../../../kernel/abi/layout.h"

struct fill {
	const struct layout *layout;
	uint64_t *seed;
	uint8_t *arena;
	uint32_t arena_size;		/* used so far */
	uint32_t arena_max;
	uint32_t n_handles;
	uint32_t steps;			/* left; nothing is filled after that */
};

/* Writes type TYPE at PLACE, which has its size. */
void fill_type(struct fill *fill, uint32_t type, uint8_t *place);
/* Changes a word or two of N bytes, as an attacker would. */
void fill_spoil(uint64_t *seed, uint8_t *bytes, size_t n);

#endif
