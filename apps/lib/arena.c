/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include <nk/arena.h>

#include <string.h>

/*
 * Offsets count from the start, which is 8-aligned, so an aligned offset is an
 * aligned address. A buffer smaller than the rounding of its start has none.
 */
static nk_bool_t is_sound(const struct nk_arena *arena)
{
	return arena && (uintptr_t)arena->start % 8 == 0 &&
	       arena->start <= arena->current && arena->current <= arena->end;
}

/* What is used of it is what counts: a descriptor's last byte is inside. */
static nk_bool_t is_inside(const struct nk_arena *arena, const nk_ptr_t *desc,
			   nk_size_t size, nk_size_t align)
{
	nk_size_t used;

	if (!is_sound(arena) || size == 0 || align == 0)
		return NK_FALSE;
	used = (nk_size_t)(arena->current - arena->start);
	return desc->offset <= used && desc->size <= used - desc->offset &&
	       desc->size % size == 0 && desc->offset % align == 0;
}

void *nk_arena_alloc_bytes(struct nk_arena *arena, nk_ptr_t *desc,
			   nk_size_t count, nk_size_t size, nk_size_t align)
{
	nk_size_t room, offset, bytes;

	if (!is_sound(arena) || align == 0 || align > 8 ||
	    (align & (align - 1)) != 0 ||
	    __builtin_mul_overflow(count, size, &bytes))
		return NULL;
	room = (nk_size_t)(arena->end - arena->start);
	offset = (nk_size_t)(arena->current - arena->start);
	offset = (offset + align - 1) & ~(align - 1);
	if (offset > room || bytes > room - offset ||
	    offset + bytes > UINT32_MAX)
		return NULL;
	desc->offset = (nk_uint32_t)offset;
	desc->size = (nk_uint32_t)bytes;
	arena->current = arena->start + offset + bytes;
	return arena->start + offset;
}

nk_err_t nk_arena_store_bytes(struct nk_arena *arena, nk_ptr_t *desc,
			      const void *src, nk_size_t count, nk_size_t size,
			      nk_size_t align)
{
	void *to = nk_arena_alloc_bytes(arena, desc, count, size, align);

	if (!to)
		return NK_ENOMEM;
	if (desc->size > 0)
		memcpy(to, src, desc->size);
	return NK_EOK;
}

void *nk_arena_get_bytes(const struct nk_arena *arena, const nk_ptr_t *desc,
			 nk_size_t *count, nk_size_t size, nk_size_t align)
{
	if (desc->size == 0 || !is_inside(arena, desc, size, align)) {
		if (count)
			*count = 0;
		return NULL;
	}
	if (count)
		*count = desc->size / size;
	return arena->start + desc->offset;
}

nk_err_t nk_arena_validate_bytes(const struct nk_arena *arena,
				 const nk_ptr_t *desc, nk_size_t size,
				 nk_size_t align)
{
	if (desc->size == 0)
		return NK_EOK;
	return is_inside(arena, desc, size, align) ? NK_EOK : NK_EBADMSG;
}
