/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The compiler's memory: everything is taken from one arena and given back at
 * the end of the run, once. Out of memory ends the run with a message.
 */
#ifndef DK_FRONT_ARENA_H
#define DK_FRONT_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
struct arena *arena_free(struct arena *arena);		/* NULL */
void *arena_alloc(struct arena *arena, size_t size);	/* zeroed, 16-aligned */
char *arena_strndup(struct arena *arena, const char *text, size_t size);
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A growing array in the arena: ptr, count, capacity are lvalues. */
void *arena_grow(struct arena *arena, void *ptr, size_t count,
		 size_t *capacity, size_t size);
#define ARENA_PUSH(arena, ptr, count, capacity) \
	((ptr) = arena_grow((arena), (ptr), (count), &(capacity), \
			    sizeof(*(ptr))), &(ptr)[(count)++])

#endif
