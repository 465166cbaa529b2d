/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "memo.h"

#include <string.h>

#include "../psl/names.h"

static struct memo_entry *find(const struct memo *memo, uint64_t hash,
			       const void *data, size_t size)
{
	size_t i = hash & (memo->n_slots - 1);

	for (; memo->slots[i].data; i = (i + 1) & (memo->n_slots - 1))
		if (memo->slots[i].hash == hash && memo->slots[i].size == size &&
		    !memcmp(memo->slots[i].data, data, size))
			break;
	return &memo->slots[i];
}

bool memo_find(const struct memo *memo, const void *data, size_t size,
	       uint32_t *value)
{
	const struct memo_entry *entry;

	if (!memo->n_slots)
		return false;
	entry = find(memo, names_hash(data, size), data, size);
	if (entry->data)
		*value = entry->value;
	return entry->data;
}

static void widen(struct memo *memo, struct arena *arena)
{
	struct memo_entry *before = memo->slots;
	size_t n = memo->n_slots;

	memo->n_slots = n ? n * 2 : 256;
	memo->slots = arena_alloc(arena, memo->n_slots * sizeof(*memo->slots));
	for (size_t i = 0; i < n; i++)
		if (before[i].data)
			*find(memo, before[i].hash, before[i].data,
			      before[i].size) = before[i];
}

void memo_add(struct memo *memo, struct arena *arena, const void *data,
	      size_t size, uint32_t value)
{
	uint64_t hash = names_hash(data, size);
	void *copy = arena_alloc(arena, size + 1);

	memcpy(copy, data, size);
	if ((memo->n + 1) * 2 > memo->n_slots)
		widen(memo, arena);
	*find(memo, hash, data, size) = (struct memo_entry){
		.hash = hash, .data = copy, .size = size, .value = value,
	};
	memo->n++;
}
