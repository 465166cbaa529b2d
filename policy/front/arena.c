/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)64 << 10)
#define ALIGN ((size_t)16)

struct block {
	struct block *next;
	size_t size, used;
	_Alignas(16) unsigned char bytes[];
};

struct arena {
	struct block *blocks;		/* the newest first */
};

static _Noreturn void out_of_memory(void)
{
	fputs("dkc: error: out of memory\n", stderr);
	exit(3);	/* the machine failed us: see dkc --help */
}

struct arena *arena_new(void)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		out_of_memory();
	return arena;
}

struct arena *arena_free(struct arena *arena)
{
	struct block *block, *next;

	if (!arena)
		return NULL;
	for (block = arena->blocks; block; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
	return NULL;
}

static struct block *add_block(struct arena *arena, size_t size)
{
	struct block *block;

	if (size < BLOCK_SIZE)
		size = BLOCK_SIZE;
	block = calloc(1, sizeof(*block) + size);
	if (!block)
		out_of_memory();
	block->size = size;
	/* A block made for one large thing leaves the small ones' in place. */
	if (size > BLOCK_SIZE && arena->blocks) {
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	} else {
		block->next = arena->blocks;
		arena->blocks = block;
	}
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct block *block = arena->blocks;
	void *result;

	if (size > SIZE_MAX / 2)
		out_of_memory();
	size = (size + ALIGN - 1) & ~(ALIGN - 1);
	if (!size)
		size = ALIGN;
	if (!block || block->size - block->used < size)
		block = add_block(arena, size);
	result = block->bytes + block->used;
	block->used += size;
	return result;
}

char *arena_strndup(struct arena *arena, const char *text, size_t size)
{
	char *copy = arena_alloc(arena, size + 1);

	if (size)
		memcpy(copy, text, size);
	return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	char *text;
	int size;

	va_start(args, format);
	va_copy(again, args);
	size = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (size < 0)
		out_of_memory();
	text = arena_alloc(arena, (size_t)size + 1);
	vsnprintf(text, (size_t)size + 1, format, again);
	va_end(again);
	return text;
}

void *arena_grow(struct arena *arena, void *ptr, size_t count,
		 size_t *capacity, size_t size)
{
	size_t more;
	void *grown;

	if (count < *capacity)
		return ptr;
	more = *capacity ? *capacity * 2 : 8;
	if (more > SIZE_MAX / 2 / size)
		out_of_memory();
	grown = arena_alloc(arena, more * size);
	if (count)
		memcpy(grown, ptr, count * size);
	*capacity = more;
	return grown;
}
