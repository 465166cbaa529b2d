/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The arena of a message: the caller's buffer, in which bytes, strings and
 * sequences lie; the message's fixed part holds their nk_ptr_t. Nothing is
 * allocated; a full arena is an error and changes nothing.
 */
#ifndef NK_ARENA_H
#define NK_ARENA_H

#include <nk/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct nk_arena {
	char *start;		/* 8-aligned */
	char *current;		/* end of what is used */
	char *end;		/* end of the buffer */
};

/* START is rounded up to 8; ..._arena_size constants have the room for it. */
#define NK_ARENA_ALIGN(p) \
	((char *)(((uintptr_t)(p) + 7u) & ~(uintptr_t)7u))
#define NK_ARENA_INITIALIZER(first, last) \
	{ NK_ARENA_ALIGN(first), NK_ARENA_ALIGN(first), (char *)(last) }
/* For an array in scope. */
#define NK_ARENA_AUTO(buffer) \
	NK_ARENA_INITIALIZER((buffer), (char *)(buffer) + sizeof(buffer))

static inline void nk_arena_reset(struct nk_arena *arena)
{
	arena->current = arena->start;
}

/* Room for SIZE bytes aligned to ALIGN (1..8). NULL if it does not fit. */
void *nk_arena_alloc_bytes(struct nk_arena *arena, nk_ptr_t *desc,
			   nk_size_t count, nk_size_t size, nk_size_t align);
/* The same and a copy of SRC. NK_EOK or NK_ENOMEM. */
nk_err_t nk_arena_store_bytes(struct nk_arena *arena, nk_ptr_t *desc,
			      const void *src, nk_size_t count, nk_size_t size,
			      nk_size_t align);
/* The COUNT elements at DESC; NULL and 0 if it is empty or not in the arena. */
void *nk_arena_get_bytes(const struct nk_arena *arena, const nk_ptr_t *desc,
			 nk_size_t *count, nk_size_t size, nk_size_t align);
/* NK_EOK if DESC lies in the used part of the arena, else NK_EBADMSG. */
nk_err_t nk_arena_validate_bytes(const struct nk_arena *arena,
				 const nk_ptr_t *desc, nk_size_t size,
				 nk_size_t align);

/* The forms that sources use. COUNT counts elements of TYPE. */
#define nk_arena_alloc(type, arena, desc, count) \
	((type *)nk_arena_alloc_bytes((arena), (desc), (count), \
				      sizeof(type), __alignof__(type)))
#define nk_arena_store(type, arena, desc, src, count) \
	nk_arena_store_bytes((arena), (desc), (src), (count), \
			     sizeof(type), __alignof__(type))
#define nk_arena_get(type, arena, desc, count) \
	((type *)nk_arena_get_bytes((arena), (desc), (count), \
				    sizeof(type), __alignof__(type)))
#define nk_arena_validate(type, arena, desc) \
	nk_arena_validate_bytes((arena), (desc), sizeof(type), __alignof__(type))

#ifdef __cplusplus
}
#endif

#endif
