/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The least DFA: states are told apart by where they lead until no more can be
 * (Moore), bytes that lead to the same everywhere become one class, and all are
 * numbered as they are met.
 */
#include "regex.h"

#include <string.h>

#include "names.h"

struct partition {
	struct arena *arena;
	struct regex_dfa *dfa;
	uint16_t *part;			/* of each state */
	uint32_t n_parts;
	uint16_t *rows;			/* [n_states][1 + n_classes]: a state's
					   part, and those it leads to */
	uint32_t *slots;		/* 1 + state */
	uint32_t n_slots;
};

static void write_rows(struct partition *partition)
{
	const struct regex_dfa *dfa = partition->dfa;
	uint16_t *row = partition->rows;

	for (uint32_t at = 0; at < dfa->n_states; at++) {
		*row++ = partition->part[at];
		for (uint32_t c = 0; c < dfa->n_classes; c++)
			*row++ = partition->part[
				dfa->next[at * dfa->n_classes + c]];
	}
}

/* States with equal rows into one part; parts count from state 0 on. */
static void split_parts(struct partition *partition)
{
	const struct regex_dfa *dfa = partition->dfa;
	uint32_t width = 1 + dfa->n_classes, n = 0;
	size_t size = width * sizeof(*partition->rows);

	write_rows(partition);
	memset(partition->slots, 0,
	       partition->n_slots * sizeof(*partition->slots));
	for (uint32_t at = 0; at < dfa->n_states; at++) {
		const uint16_t *row = &partition->rows[at * width];
		uint64_t slot = names_hash(row, size) % partition->n_slots;
		uint32_t old;

		while ((old = partition->slots[slot]) != 0 &&
		       memcmp(&partition->rows[(old - 1) * width], row, size))
			slot = (slot + 1) % partition->n_slots;
		if (!old)
			partition->slots[slot] = at + 1;
		partition->part[at] = old ? partition->part[old - 1]
					  : (uint16_t)n++;
	}
	partition->n_parts = n;
}

/* Parts 0 and 1 are those of the first two states, dead and matched. */
static void find_parts(struct partition *partition)
{
	const struct regex_dfa *dfa = partition->dfa;
	uint32_t before;

	for (uint32_t at = 0; at < dfa->n_states; at++)
		partition->part[at] = at == DFA_MATCHED;
	partition->n_parts = 0;
	do {
		before = partition->n_parts;
		split_parts(partition);
	} while (partition->n_parts > before);
}

/* The columns of two classes lead to the same parts. */
static bool columns_alike(const struct partition *partition, uint32_t a,
			  uint32_t b)
{
	const struct regex_dfa *dfa = partition->dfa;

	for (uint32_t at = 0; at < dfa->n_states; at++)
		if (partition->part[dfa->next[at * dfa->n_classes + a]] !=
		    partition->part[dfa->next[at * dfa->n_classes + b]])
			return false;
	return true;
}

/* FROM[new] is an old class of it, in order of their first bytes. */
static uint32_t merge_classes(struct partition *partition, uint8_t *from)
{
	struct regex_dfa *dfa = partition->dfa;
	uint16_t known[256];			/* 1 + new, by old class */
	uint32_t n = 0;

	memset(known, 0, sizeof(known));
	for (int byte = 0; byte < 256; byte++) {
		uint8_t old = dfa->class_of[byte];
		uint32_t new = 0;

		if (!known[old]) {
			while (new < n &&
			       !columns_alike(partition, from[new], old))
				new++;
			if (new == n)
				from[n++] = old;
			known[old] = (uint16_t)(new + 1);
		}
		dfa->class_of[byte] = (uint8_t)(known[old] - 1);
	}
	return n;
}

/* The rows of the parts, numbered from the start as the classes lead on. */
static void number_parts(struct partition *partition, const uint8_t *from,
			 uint32_t n_bytes)
{
	struct regex_dfa *dfa = partition->dfa, old = *dfa;
	uint32_t *number = arena_alloc(partition->arena, partition->n_parts *
				       sizeof(*number));	/* 1 + new */
	uint16_t *queue = arena_alloc(partition->arena, old.n_states *
				      sizeof(*queue));	/* a state of each */
	uint32_t n = 0, n_classes = n_bytes + 1;
	uint16_t *next = arena_alloc(partition->arena, partition->n_parts *
				     n_classes * sizeof(*next));

	for (uint16_t sink = DFA_DEAD; sink <= DFA_MATCHED; sink++) {
		queue[n++] = sink;
		number[partition->part[sink]] = n;
	}
	if (!number[partition->part[old.start]]) {
		queue[n++] = old.start;
		number[partition->part[old.start]] = n;
	}
	for (uint32_t at = 0; at < n; at++)
		for (uint32_t c = 0; c < n_classes; c++) {
			uint32_t column = c < n_bytes ? from[c]
						      : old.n_classes - 1;
			uint16_t to = old.next[queue[at] * old.n_classes +
					       column];
			uint32_t *known = &number[partition->part[to]];

			if (!*known) {
				queue[n++] = to;
				*known = n;
			}
			next[at * n_classes + c] = (uint16_t)(*known - 1);
		}
	dfa->next = next;
	dfa->n_states = n;
	dfa->n_classes = n_classes;
	dfa->start = (uint16_t)(number[partition->part[old.start]] - 1);
}

void regex_minimise(struct arena *arena, struct regex_dfa *dfa)
{
	struct partition partition = {
		.arena = arena, .dfa = dfa, .n_slots = 2 * dfa->n_states,
	};
	uint8_t from[256];
	uint32_t n_bytes;

	partition.part = arena_alloc(arena, dfa->n_states *
				     sizeof(*partition.part));
	partition.rows = arena_alloc(arena, dfa->n_states *
				     (1 + dfa->n_classes) *
				     sizeof(*partition.rows));
	partition.slots = arena_alloc(arena, partition.n_slots *
				      sizeof(*partition.slots));
	find_parts(&partition);
	n_bytes = merge_classes(&partition, from);
	number_parts(&partition, from, n_bytes);
}
