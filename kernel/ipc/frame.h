/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * One packet in or out, and the header's own rules. Every length that a program
 * wrote is compared here with what came, or in security/body.c; nowhere else.
 */
#ifndef DK_IPC_FRAME_H
#define DK_IPC_FRAME_H

#include "state.h"

enum frame_status {
	FRAME_NONE = 0,		/* nothing to read now */
	FRAME_READ,
	FRAME_END,		/* the other end is closed */
};

/* HANDLES: descriptors may ride along. They belong to FRAME afterwards. */
enum frame_status frame_receive(struct frame *frame, int fd, bool handles);
/* Closes the descriptors that came along and were not taken. */
void frame_release(struct frame *frame);
/* The header of the first frame that waits, without taking it. */
bool frame_peek(int fd, struct wire_header *header);

/*
 * What is wrong with a frame from a program on a port of SIDE, in a few words;
 * NULL if nothing is. The version has been looked at before.
 */
const char *frame_fault(const struct frame *frame, enum port_side side);
bool frame_version_ok(const struct frame *frame);

static inline uint8_t *frame_fixed(struct frame *frame)
{
	return frame->bytes + sizeof(frame->header);
}

static inline uint8_t *frame_arena(struct frame *frame)
{
	return frame_fixed(frame) + frame->header.fixed_size;
}

/* Starts a frame of the kernel's own without a body. */
void frame_begin(struct frame *frame, enum wire_kind kind, uint32_t call,
		 uint64_t trace);
/* Sends without waiting. Returns 0 or -errno; -EPIPE: the other end is closed. */
int frame_send(int fd, const struct frame *frame, const int *fds,
	       uint32_t n_fds);

#endif
