/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "symbols.h"

#include <stdint.h>
#include <string.h>

struct symbols {
	struct arena *arena;
	const char **list;
	void **values;
	size_t count, list_capacity, value_capacity;
	uint32_t *slots;		/* index into list + 1; 0 = free */
	size_t n_slots;			/* a power of two */
};

struct symbols *symbols_new(struct arena *arena)
{
	struct symbols *symbols = arena_alloc(arena, sizeof(*symbols));

	symbols->arena = arena;
	return symbols;
}

static uint32_t hash(const char *name)
{
	uint32_t value = UINT32_C(2166136261);

	for (; *name; name++)
		value = (value ^ (unsigned char)*name) * UINT32_C(16777619);
	return value ^ value >> 15;
}

/* The slot that holds NAME, or the free one where it belongs. */
static uint32_t *find_slot(const struct symbols *symbols, const char *name)
{
	size_t at = hash(name) & (symbols->n_slots - 1);

	while (symbols->slots[at] &&
	       strcmp(symbols->list[symbols->slots[at] - 1], name))
		at = (at + 1) & (symbols->n_slots - 1);
	return &symbols->slots[at];
}

static void grow_slots(struct symbols *symbols)
{
	size_t i;

	symbols->n_slots = symbols->n_slots ? symbols->n_slots * 2 : 16;
	symbols->slots = arena_alloc(symbols->arena,
				   symbols->n_slots * sizeof(*symbols->slots));
	for (i = 0; i < symbols->count; i++)
		*find_slot(symbols, symbols->list[i]) = (uint32_t)i + 1;
}

void *symbols_find(const struct symbols *symbols, const char *name)
{
	uint32_t slot = symbols->n_slots ? *find_slot(symbols, name) : 0;

	return slot ? symbols->values[slot - 1] : NULL;
}

void *symbols_add(struct symbols *symbols, const char *name, void *value)
{
	void *known = symbols_find(symbols, name);
	size_t n = symbols->count;

	if (known)
		return known;
	if (n * 2 >= symbols->n_slots)
		grow_slots(symbols);
	*ARENA_PUSH(symbols->arena, symbols->values, n, symbols->value_capacity) = value;
	*ARENA_PUSH(symbols->arena, symbols->list, symbols->count,
		    symbols->list_capacity) = name;
	*find_slot(symbols, name) = (uint32_t)symbols->count;
	return NULL;
}

size_t symbols_count(const struct symbols *symbols)
{
	return symbols->count;
}

const char *const *symbols_list(const struct symbols *symbols)
{
	return symbols->list;
}
