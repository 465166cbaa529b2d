/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The parameters of one message between the caller's struct and a frame: sizes,
 * the body's check, and handles, which are this process's numbers in the struct
 * and indices of descriptors in the frame.
 *
 * PART may be NULL where sources use nk_transport_* without generated code: then
 * the struct's size says how long the parameters are, and none is a handle.
 */
#ifndef LIBDK_PART_H
#define LIBDK_PART_H

#include <nk/transport.h>

#include "frame.h"

struct end;

/* Handles on their way out; their ends stay open until part_release. */
struct part_handles {
	unsigned n;
	int fds[WIRE_HANDLES_MAX];
	struct end *ends[WIRE_HANDLES_MAX];
};

/*
 * Writes FRAME's body, and the sizes and handles of its header; a large ARENA
 * stays where it is, and is read when FRAME is sent. NK_ENOMEM: longer
 * than a frame; NK_EINVAL: no such handle, no room said, a misaligned arena.
 */
nk_err_t part_encode(const struct nk_part *part, const void *fixed,
		     nk_size_t fixed_size, const struct nk_arena *arena,
		     struct frame *frame, struct part_handles *handles);
void part_release(struct part_handles *handles);

/* NK_EOK, or NK_EBADMSG for a body that the layout does not describe. */
nk_err_t part_check(const struct nk_part *part, const void *fixed,
		    nk_size_t fixed_size, const char *arena,
		    nk_size_t arena_used, unsigned n_handles);

/*
 * Copies FRAME's body behind MESSAGE (SIZE bytes, itself included) and into
 * ARENA (NULL: no room). NK_ENOMEM changes nothing.
 */
nk_err_t part_decode(struct frame *frame, struct nk_message *message,
		     nk_size_t size, struct nk_arena *arena);

/*
 * Turns indices at FIXED's handle places into this process's numbers for the N
 * descriptors FDS. Takes them all: on failure (NK_EBADMSG, NK_ENOMEM) every one
 * is closed and every place holds INVALID_HANDLE.
 */
nk_err_t part_take_handles(const struct nk_part *part, void *fixed,
			   const int *fds, unsigned n);

/* Whether what the caller wrote at FIXED is good to send: part_check's result,
   or NK_EINVAL for a handle that there is not. */
nk_err_t part_check_own(const struct nk_part *part, const void *fixed,
			const struct nk_arena *arena);

static inline nk_size_t arena_used(const struct nk_arena *arena)
{
	return arena && arena->current > arena->start ?
	       (nk_size_t)(arena->current - arena->start) : 0;
}

#endif
