/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The least DFA: states are told apart by where they lead until no more can be
 * (Hopcroft: the smaller half of what is split is looked at again), bytes that
 * lead to the same everywhere become one class, and all are numbered as they are
 * met.
 */
#include "regex.h"

#include <string.h>

struct part {
	uint32_t first, end;		/* in .states */
	uint32_t marked;		/* so many at its beginning */
	bool waits;			/* to split others */
};

struct partition {
	struct arena *arena;
	struct regex_dfa *dfa;
	uint16_t *part;			/* of each state */
	uint32_t n_parts;
	struct part *parts;
	uint16_t *states;		/* the parts' states, one after another */
	uint16_t *place;		/* of each state in .states */
	uint16_t *from;			/* by class and state: who leads there */
	uint32_t *from_first;		/* [n_classes][n_states + 1], into .from */
	uint16_t *waiting;		/* parts that split others */
	uint32_t n_waiting;
	uint16_t *touched;		/* parts with marks */
	uint32_t n_touched;
	uint16_t *copy;			/* states of the part that splits */
};

/* Sorts the states that lead to each by counting. */
static void invert(struct partition *partition)
{
	const struct regex_dfa *dfa = partition->dfa;
	uint32_t n = dfa->n_states, width = dfa->n_classes;

	for (uint32_t c = 0; c < width; c++) {
		uint32_t *first = &partition->from_first[c * (n + 1)];
		uint16_t *from = &partition->from[c * n];

		for (uint32_t at = 0; at < n; at++)
			first[dfa->next[at * width + c] + 1]++;
		for (uint32_t at = 0; at < n; at++)
			first[at + 1] += first[at];
		for (uint32_t at = n; at-- > 0;) {
			uint32_t to = dfa->next[at * width + c];

			from[--first[to + 1]] = (uint16_t)at;
		}
		/* Each end was counted down to its beginning. */
		memmove(first, first + 1, n * sizeof(*first));
		first[n] = n;
	}
}

static void wait_for(struct partition *partition, uint32_t index)
{
	if (partition->parts[index].waits)
		return;
	partition->parts[index].waits = true;
	partition->waiting[partition->n_waiting++] = (uint16_t)index;
}

/* Moves a state to the marked ones of its part. */
static void mark(struct partition *partition, uint16_t state)
{
	struct part *part = &partition->parts[partition->part[state]];
	uint32_t to = part->first + part->marked;
	uint16_t other = partition->states[to];

	if (partition->place[state] < to)
		return;			/* it is one of them */
	if (!part->marked++)
		partition->touched[partition->n_touched++] =
			partition->part[state];
	partition->states[partition->place[state]] = other;
	partition->place[other] = partition->place[state];
	partition->states[to] = state;
	partition->place[state] = (uint16_t)to;
}

/* The marked states of a part become one of their own, if there are others. */
static void split(struct partition *partition, uint32_t index)
{
	struct part *part = &partition->parts[index], *new;
	uint32_t n = part->end - part->first, marked = part->marked;
	uint32_t added = partition->n_parts;

	part->marked = 0;
	if (marked == n)
		return;
	new = &partition->parts[partition->n_parts++];
	*new = (struct part){ .first = part->first,
			      .end = part->first + marked };
	part->first = new->end;
	for (uint32_t i = new->first; i < new->end; i++)
		partition->part[partition->states[i]] = (uint16_t)added;
	if (part->waits || marked <= n - marked)
		wait_for(partition, added);
	else
		wait_for(partition, index);
}

/* Tells apart who leads into the part by a class and who does not. */
static void split_by(struct partition *partition, uint32_t index)
{
	uint32_t n_states = partition->dfa->n_states;
	const struct part *part = &partition->parts[index];
	uint32_t n = part->end - part->first;

	memcpy(partition->copy, &partition->states[part->first],
	       n * sizeof(*partition->copy));
	for (uint32_t c = 0; c < partition->dfa->n_classes; c++) {
		const uint32_t *first =
			&partition->from_first[c * (n_states + 1)];
		const uint16_t *from = &partition->from[c * n_states];

		for (uint32_t i = 0; i < n; i++) {
			uint32_t state = partition->copy[i];

			for (uint32_t k = first[state]; k < first[state + 1];
			     k++)
				mark(partition, from[k]);
		}
		while (partition->n_touched)
			split(partition, partition->touched[
						--partition->n_touched]);
	}
}

/* At first there are those who have matched, and the others. */
static void find_parts(struct partition *partition)
{
	uint32_t n = partition->dfa->n_states;

	for (uint32_t at = 0; at < n; at++) {
		partition->states[at] = (uint16_t)at;
		partition->place[at] = (uint16_t)at;
	}
	partition->parts[0] = (struct part){ .end = n };
	partition->n_parts = 1;
	mark(partition, DFA_MATCHED);
	partition->n_touched = 0;
	split(partition, 0);
	wait_for(partition, 0);
	wait_for(partition, 1);
	while (partition->n_waiting) {
		uint32_t index = partition->waiting[--partition->n_waiting];

		partition->parts[index].waits = false;
		split_by(partition, index);
	}
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
	size_t n = dfa->n_states, width = dfa->n_classes;
	struct partition partition = {
		.arena = arena, .dfa = dfa,
		.part = arena_alloc(arena, n * sizeof(uint16_t)),
		.parts = arena_alloc(arena, n * sizeof(struct part)),
		.states = arena_alloc(arena, n * sizeof(uint16_t)),
		.place = arena_alloc(arena, n * sizeof(uint16_t)),
		.from = arena_alloc(arena, n * width * sizeof(uint16_t)),
		.from_first = arena_alloc(arena, (n + 1) * width *
					  sizeof(uint32_t)),
		.waiting = arena_alloc(arena, n * sizeof(uint16_t)),
		.touched = arena_alloc(arena, n * sizeof(uint16_t)),
		.copy = arena_alloc(arena, n * sizeof(uint16_t)),
	};
	uint8_t from[256];
	uint32_t n_bytes;

	invert(&partition);
	find_parts(&partition);
	n_bytes = merge_classes(&partition, from);
	number_parts(&partition, from, n_bytes);
}
