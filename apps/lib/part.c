/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "part.h"

#include <string.h>

#include "../../kernel/security/body.h"
#include "end.h"
#include "hello.h"

static_assert(sizeof(nk_handle_desc_t) == sizeof(struct wire_handle), "handle");
static_assert(offsetof(nk_handle_desc_t, rights) ==
	      offsetof(struct wire_handle, rights), "handle");
static_assert(sizeof(nk_ptr_t) == sizeof(struct wire_chunk), "chunk");

/* An arena of so many bytes is not copied into the frame, but sent from where it
   is; below, a second part costs more than the copy. */
#define IN_PLACE_MIN 4096u

/* ---- out ---- */

/*
 * Own numbers to indices, in a copy of the fixed part. A class that no rule lets
 * send handles has no sendmsg either: it asks without them, and the kernel's
 * refusal is the answer.
 */
static nk_err_t lend_handles(const struct nk_part *part, uint8_t *fixed,
			     struct part_handles *out)
{
	if (part->n_handles > WIRE_HANDLES_MAX)
		return NK_EINVAL;
	for (uint32_t i = 0; i < part->n_handles; i++) {
		uint8_t *place = fixed + part->handles[i];
		struct wire_handle h;

		memcpy(&h, place, sizeof(h));
		h.zero = 0;
		if (h.handle != INVALID_HANDLE && !hello_lacks_handles()) {
			struct end *end = end_get(h.handle);

			if (!end)
				return NK_EINVAL;
			out->ends[out->n] = end;
			out->fds[out->n] = end->fd;
			h.handle = out->n++;
		} else {
			h.handle = WIRE_NO_HANDLE;
		}
		memcpy(place, &h, sizeof(h));
	}
	return NK_EOK;
}

void part_release(struct part_handles *handles)
{
	for (unsigned i = 0; i < handles->n; i++)
		end_put(handles->ends[i]);
	handles->n = 0;
}

nk_err_t part_encode(const struct nk_part *part, const void *fixed,
		     nk_size_t fixed_size, const struct nk_arena *arena,
		     struct frame *frame, struct part_handles *handles)
{
	nk_size_t used = arena_used(arena);
	bool lends = part && part->n_handles > 0;
	nk_err_t err = NK_EOK;

	handles->n = 0;
	if (fixed_size > WIRE_BODY_MAX || used > WIRE_BODY_MAX ||
	    fixed_size + used > WIRE_BODY_MAX)
		return NK_ENOMEM;
	if (used > 0 && ((uintptr_t)arena->start % 8 || fixed_size % 8))
		return NK_EINVAL;
	frame->header.fixed_size = (uint32_t)fixed_size;
	frame->header.arena_size = (uint32_t)used;
	if (fixed_size > 0)
		memcpy(frame_fixed(frame), fixed, fixed_size);
	if (used >= IN_PLACE_MIN && !lends)
		frame->arena = arena->start;
	else if (used > 0)
		memcpy(frame_arena(frame), arena->start, used);
	if (lends)
		err = lend_handles(part, frame_fixed(frame), handles);
	if (err != NK_EOK)
		part_release(handles);
	frame->header.n_handles = (uint16_t)handles->n;
	return err;
}

nk_err_t part_check(const struct nk_part *part, const void *fixed,
		    nk_size_t fixed_size, const char *arena,
		    nk_size_t used, unsigned n_handles)
{
	if (fixed_size != part->size || used > UINT32_MAX)
		return NK_EBADMSG;
	if (used > 0 && (uintptr_t)arena % 8)
		return NK_EBADMSG;
	return body_check(part->layout, part->type, (const uint8_t *)fixed,
			  (uint32_t)fixed_size, (const uint8_t *)arena,
			  (uint32_t)used, part->arena_max, n_handles) ==
	       BODY_OK ? NK_EOK : NK_EBADMSG;
}

nk_err_t part_check_own(const struct nk_part *part, const void *fixed,
			const struct nk_arena *arena)
{
	struct part_handles handles;
	struct frame *copy;
	nk_err_t err;

	if (part->n_handles == 0)
		return part_check(part, fixed, part->size,
				  arena ? arena->start : NULL,
				  arena_used(arena), 0);
	/* The check knows indices only: encode as if it were sent. */
	copy = frame_new();
	if (!copy)
		return NK_ENOMEM;
	err = part_encode(part, fixed, part->size, arena, copy, &handles);
	if (err == NK_EOK)
		err = part_check(part, frame_fixed(copy),
				 copy->header.fixed_size,
				 (const char *)frame_arena(copy),
				 copy->header.arena_size, handles.n);
	part_release(&handles);
	frame_free(copy);
	return err;
}

/* ---- in ---- */

nk_err_t part_decode(struct frame *frame, struct nk_message *message,
		     nk_size_t size, struct nk_arena *arena)
{
	const struct wire_header *h = &frame->header;

	if (size < sizeof(*message) || size - sizeof(*message) < h->fixed_size)
		return NK_ENOMEM;
	if (h->arena_size > 0 &&
	    (!arena || arena->end < arena->start ||
	     (nk_size_t)(arena->end - arena->start) < h->arena_size))
		return NK_ENOMEM;
	if (h->fixed_size > 0)
		memcpy(message + 1, frame_fixed(frame), h->fixed_size);
	if (h->arena_size > 0)
		memcpy(arena->start, frame_arena(frame), h->arena_size);
	if (arena)
		arena->current = arena->start + h->arena_size;
	return NK_EOK;
}

static void clear_places(const struct nk_part *part, uint8_t *fixed)
{
	for (uint32_t i = 0; part && i < part->n_handles; i++) {
		struct wire_handle none = { INVALID_HANDLE, 0, 0 };

		memcpy(fixed + part->handles[i], &none, sizeof(none));
	}
}

/* Every number made so far is given up again. */
static void undo(struct end **ends, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		end_close(ends[i]);
		end_put(ends[i]);
	}
}

nk_err_t part_take_handles(const struct nk_part *part, void *fixed,
			   const int *fds, unsigned n)
{
	struct end *ends[WIRE_HANDLES_MAX];
	unsigned made = 0;
	nk_err_t err = NK_EOK;

	for (uint32_t i = 0; part && i < part->n_handles; i++) {
		uint8_t *place = (uint8_t *)fixed + part->handles[i];
		struct wire_handle h;

		memcpy(&h, place, sizeof(h));
		if (h.handle == WIRE_NO_HANDLE)
			continue;
		/* In order, each once: so a descriptor has one owner. */
		if (h.handle != made || made >= n) {
			err = NK_EBADMSG;
			break;
		}
		ends[made] = end_new(fds[made], h.rights);
		if (!ends[made]) {
			end_drop(fds + made + 1, n - made - 1);
			undo(ends, made);
			clear_places(part, fixed);
			return NK_ENOMEM;
		}
		h.handle = end_handle(ends[made++]);
		memcpy(place, &h, sizeof(h));
	}
	if (made < n)
		err = NK_EBADMSG;
	if (err != NK_EOK) {
		end_drop(fds + made, n - made);
		undo(ends, made);
		clear_places(part, fixed);
		return err;
	}
	for (unsigned i = 0; i < made; i++)
		end_put(ends[i]);
	return NK_EOK;
}
