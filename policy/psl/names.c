/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "names.h"

#include <string.h>

uint64_t names_hash(const void *data, size_t size)
{
	const unsigned char *bytes = data;
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 29;
}

static void place(struct names *names, uint32_t number)
{
	const char *text = names->texts[number];
	size_t i = names_hash(text, strlen(text)) & (names->n_slots - 1);

	while (names->slots[i])
		i = (i + 1) & (names->n_slots - 1);
	names->slots[i] = number + 1;
}

static void widen(struct names *names)
{
	names->n_slots = names->n_slots ? names->n_slots * 2 : 256;
	names->slots = arena_alloc(names->arena,
				   names->n_slots * sizeof(*names->slots));
	for (uint32_t i = 0; i < names->n; i++)
		place(names, i);
}

struct names *names_new(struct arena *arena)
{
	struct names *names = arena_alloc(arena, sizeof(*names));

	names->arena = arena;
	widen(names);
	names_number(names, "");
	return names;
}

uint32_t names_number(struct names *names, const char *text)
{
	size_t size = strlen(text);
	size_t i = names_hash(text, size) & (names->n_slots - 1);

	for (; names->slots[i]; i = (i + 1) & (names->n_slots - 1))
		if (!strcmp(names->texts[names->slots[i] - 1], text))
			return names->slots[i] - 1;
	*ARENA_PUSH(names->arena, names->texts, names->n, names->capacity) =
		arena_strndup(names->arena, text, size);
	if (names->n * 2 > names->n_slots)
		widen(names);
	else
		names->slots[i] = (uint32_t)names->n;
	return (uint32_t)names->n - 1;
}

const char *names_text(const struct names *names, uint32_t number)
{
	return names->texts[number];
}

const char *names_one(struct names *names, const char *text)
{
	return text ? names_text(names, names_number(names, text)) : NULL;
}
