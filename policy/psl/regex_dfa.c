/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The NFA's sets of nodes as the states of a DFA. It searches: every state goes
 * on from the pattern's beginning too, and what has matched stays so.
 */
#include "regex.h"

#include <string.h>

#include "names.h"

#define SLOTS (2 * REGEX_STATES_MAX)	/* a power of two */

/* The nodes that wait for a byte, and whether the text may end here. */
struct state {
	uint64_t *waiting;
	bool ends;
};

struct builder {
	struct arena *arena;
	const struct regex_nfa *nfa;
	struct regex_dfa *dfa;
	uint32_t words;			/* of a set of nodes */
	uint64_t *reached;		/* nodes, by the step that is made */
	uint64_t *waiting;		/* those that wait for a byte */
	uint64_t *bytes, *ends;		/* nodes of the kinds NFA_BYTE, NFA_END */
	uint16_t *stack;		/* of them, not followed yet */
	uint32_t n_stack;
	uint32_t n_visits;		/* of nodes, by all steps */
	struct state *states;
	size_t states_capacity, rows_capacity;
	uint16_t slots[SLOTS];		/* state, or 0 */
	uint8_t sample[256];		/* a byte of each class */
};

/* ---- classes of bytes ---- */

static void split_classes(struct regex_dfa *dfa, const struct regex_set *set)
{
	uint16_t first[256], inside[256];	/* 1 + class */
	uint32_t n = 0;
	uint8_t class_of[256];

	memset(first, 0, sizeof(first));
	memset(inside, 0, sizeof(inside));
	for (int byte = 0; byte < 256; byte++) {
		uint8_t old = dfa->class_of[byte];
		uint16_t *half = regex_has(set, (uint8_t)byte) ? &inside[old]
							       : &first[old];

		if (!*half)
			*half = (uint16_t)++n;
		class_of[byte] = (uint8_t)(*half - 1);
	}
	memcpy(dfa->class_of, class_of, sizeof(class_of));
	dfa->n_classes = n;
}

static void find_classes(struct builder *builder)
{
	struct regex_dfa *dfa = builder->dfa;

	memset(dfa->class_of, 0, sizeof(dfa->class_of));
	dfa->n_classes = 1;
	for (uint32_t i = 0; i < builder->nfa->n; i++)
		if (builder->nfa->nodes[i].kind == NFA_BYTE)
			split_classes(dfa, &builder->nfa->nodes[i].set);
	for (int byte = 255; byte >= 0; byte--)
		builder->sample[dfa->class_of[byte]] = (uint8_t)byte;
	dfa->n_classes++;	/* the end of the text */
}

/* ---- what a step reaches ---- */

static size_t set_size(const struct builder *builder)
{
	return builder->words * sizeof(uint64_t);
}

static void reach(struct builder *builder, uint16_t node)
{
	uint64_t bit = UINT64_C(1) << node % 64;

	if (builder->reached[node / 64] & bit)
		return;
	builder->reached[node / 64] |= bit;
	builder->stack[builder->n_stack++] = node;
}

/* Follows all that costs no byte; true if that is a match. */
static bool follow(struct builder *builder, bool begin, bool end)
{
	bool matched = false;

	while (builder->n_stack) {
		uint16_t at = builder->stack[--builder->n_stack];
		const struct regex_node *node = &builder->nfa->nodes[at];

		builder->n_visits++;
		if (node->kind == NFA_MATCHED)
			matched = true;
		if (node->kind == NFA_SPLIT)
			reach(builder, node->other);
		if (node->kind == NFA_SPLIT ||
		    (node->kind == NFA_BEGIN && begin) ||
		    (node->kind == NFA_END && end))
			reach(builder, node->next);
	}
	return matched;
}

/* What has been reached, less all that does not wait for a byte. */
static void find_waiting(struct builder *builder)
{
	for (uint32_t i = 0; i < builder->words; i++)
		builder->waiting[i] = builder->reached[i] & builder->bytes[i];
}

/* Whether there is a match if the text ends here. */
static bool may_end(struct builder *builder, bool begin)
{
	for (uint32_t i = 0; i < builder->words; i++) {
		uint64_t left = builder->reached[i] & builder->ends[i];

		for (; left; left &= left - 1) {
			uint32_t at = i * 64 + (uint32_t)__builtin_ctzll(left);

			reach(builder, builder->nfa->nodes[at].next);
		}
	}
	return follow(builder, begin, true);
}

/* ---- states ---- */

static bool is_empty(const struct builder *builder, const uint64_t *set)
{
	uint64_t any = 0;

	for (uint32_t i = 0; i < builder->words; i++)
		any |= set[i];
	return !any;
}

/* A state that is not there yet; REGEX_STATES_MAX if there is no room. */
static uint32_t add_state(struct builder *builder, bool ends)
{
	struct regex_dfa *dfa = builder->dfa;
	struct state *state;

	if (dfa->n_states == REGEX_STATES_MAX ||
	    (dfa->n_states + 1) * dfa->n_classes > REGEX_CELLS_MAX)
		return REGEX_STATES_MAX;
	builder->states = arena_grow(builder->arena, builder->states,
				     dfa->n_states, &builder->states_capacity,
				     sizeof(*state));
	state = &builder->states[dfa->n_states];
	state->ends = ends;
	state->waiting = arena_alloc(builder->arena, set_size(builder));
	memcpy(state->waiting, builder->waiting, set_size(builder));
	return dfa->n_states++;
}

/* The number of the state that waits for what was found. */
static uint32_t find_state(struct builder *builder, bool ends)
{
	size_t size = set_size(builder);
	uint64_t slot = (names_hash(builder->waiting, size) + ends) % SLOTS;
	uint32_t number;

	if (!ends && is_empty(builder, builder->waiting))
		return DFA_DEAD;
	for (; builder->slots[slot]; slot = (slot + 1) % SLOTS) {
		const struct state *old =
			&builder->states[builder->slots[slot]];

		if (old->ends == ends &&
		    !memcmp(old->waiting, builder->waiting, size))
			return builder->slots[slot];
	}
	number = add_state(builder, ends);
	if (number < REGEX_STATES_MAX)
		builder->slots[slot] = (uint16_t)number;
	return number;
}

/* The state of what has been put on the stack. */
static uint32_t make_state(struct builder *builder, bool begin)
{
	reach(builder, builder->nfa->start);
	if (follow(builder, begin, false))
		return DFA_MATCHED;
	find_waiting(builder);
	return find_state(builder, may_end(builder, begin));
}

static void begin_step(struct builder *builder)
{
	memset(builder->reached, 0, set_size(builder));
	builder->n_stack = 0;
}

static uint32_t step(struct builder *builder, uint32_t from, uint8_t byte)
{
	const struct state *state = &builder->states[from];

	begin_step(builder);
	for (uint32_t i = 0; i < builder->words; i++)
		for (uint64_t left = state->waiting[i]; left; left &= left - 1) {
			uint32_t at = i * 64 + (uint32_t)__builtin_ctzll(left);

			builder->n_visits++;
			if (regex_has(&builder->nfa->nodes[at].set, byte))
				reach(builder, builder->nfa->nodes[at].next);
		}
	return make_state(builder, false);
}

/* Row AT, which comes after all those that are there. */
static uint16_t *add_row(struct builder *builder, uint32_t at)
{
	struct regex_dfa *dfa = builder->dfa;

	dfa->next = arena_grow(builder->arena, dfa->next, at,
			       &builder->rows_capacity,
			       dfa->n_classes * sizeof(*dfa->next));
	return &dfa->next[at * dfa->n_classes];
}

/* The row of DFA_DEAD or DFA_MATCHED, which nothing leaves. */
static void add_sink(struct builder *builder, uint16_t at)
{
	uint16_t *row = add_row(builder, at);

	for (uint32_t c = 0; c < builder->dfa->n_classes; c++)
		row[c] = at;
}

static const char *too_many_states(struct builder *builder)
{
	return arena_printf(builder->arena, "the pattern is too large: it needs "
		"more than %u states, or %u for states times kinds of bytes; "
		"shorten what repeats, or begin with '^'", REGEX_STATES_MAX,
		REGEX_CELLS_MAX);
}

static const char *too_many_visits(struct builder *builder)
{
	return arena_printf(builder->arena, "the pattern is too large: its "
		"states stand for more than %u of its parts in all; shorten "
		"what repeats inside of what repeats", REGEX_VISITS_MAX);
}

/* Every state that the start leads to; NULL, or why that is too much. */
static const char *make_states(struct builder *builder)
{
	struct regex_dfa *dfa = builder->dfa;
	uint32_t end = dfa->n_classes - 1;

	add_sink(builder, DFA_DEAD);
	add_sink(builder, DFA_MATCHED);
	begin_step(builder);
	dfa->start = (uint16_t)make_state(builder, true);
	for (uint32_t at = DFA_MATCHED + 1; at < dfa->n_states; at++) {
		uint16_t *row = add_row(builder, at);

		for (uint32_t c = 0; c < end; c++) {
			uint32_t to = step(builder, at, builder->sample[c]);

			if (to == REGEX_STATES_MAX)
				return too_many_states(builder);
			if (builder->n_visits > REGEX_VISITS_MAX)
				return too_many_visits(builder);
			row[c] = (uint16_t)to;
		}
		row[end] = builder->states[at].ends ? DFA_MATCHED : DFA_DEAD;
	}
	return NULL;
}

bool regex_dfa(struct arena *arena, const struct regex_nfa *nfa,
	       struct regex_dfa *dfa, struct regex_error *error)
{
	struct builder *builder = arena_alloc(arena, sizeof(*builder));

	builder->arena = arena;
	builder->nfa = nfa;
	builder->dfa = dfa;
	builder->words = (uint32_t)(nfa->n + 63) / 64;
	builder->reached = arena_alloc(arena, set_size(builder));
	builder->waiting = arena_alloc(arena, set_size(builder));
	builder->bytes = arena_alloc(arena, set_size(builder));
	builder->ends = arena_alloc(arena, set_size(builder));
	for (uint32_t i = 0; i < nfa->n; i++) {
		uint64_t bit = UINT64_C(1) << i % 64;

		if (nfa->nodes[i].kind == NFA_BYTE)
			builder->bytes[i / 64] |= bit;
		if (nfa->nodes[i].kind == NFA_END)
			builder->ends[i / 64] |= bit;
	}
	builder->stack = arena_alloc(arena, nfa->n * sizeof(*builder->stack));
	/* Room for the two that have no set, and more. */
	builder->states = arena_grow(arena, NULL, 0, &builder->states_capacity,
				     sizeof(*builder->states));
	find_classes(builder);
	dfa->n_states = DFA_MATCHED + 1;
	dfa->next = NULL;
	error->at = 0;
	error->what = make_states(builder);
	return !error->what;
}
