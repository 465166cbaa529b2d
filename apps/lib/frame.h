/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * One packet of a socket, and the buffers they are read into. A frame is handed
 * from thread to thread as a whole. Only this file reads and writes sockets, and
 * only frame_decode believes a length.
 */
#ifndef LIBDK_FRAME_H
#define LIBDK_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include <nk/transport.h>

#include "../../kernel/abi/wire.h"

struct frame {
	struct frame *next;
	size_t size;			/* bytes of the packet */
	unsigned n_fds;			/* descriptors that came: the frame's */
	bool spoilt;			/* cut off, by the kernel or by us */
	const void *arena;		/* to send: not in .bytes but there; or NULL */
	int fds[WIRE_HANDLES_MAX];
	union {
		struct wire_header header;
		_Alignas(8) uint8_t bytes[WIRE_FRAME_MAX];
	};
};

struct frame *frame_new(void);		/* NULL: no memory */
/* Closes its descriptors. NULL is fine. */
void frame_free(struct frame *frame);

/* After frame_decode: */
static inline uint8_t *frame_fixed(struct frame *frame)
{
	return frame->bytes + sizeof(struct wire_header);
}

static inline uint8_t *frame_arena(struct frame *frame)
{
	return frame_fixed(frame) + frame->header.fixed_size;
}

/* How the next packet may be read. */
enum frame_read {
	FRAME_PLAIN,	/* recvfrom: descriptors are lost */
	FRAME_PEEK,	/* look at the header first, then as it says */
	FRAME_FULL,	/* recvmsg */
};

/* Reads one packet. NK_EOK or NK_ENOTCONN, NK_EFAIL, NK_EINVAL (no socket). */
nk_err_t frame_receive(int fd, struct frame *frame, enum frame_read how);

/* What a packet is worth. */
enum frame_status {
	FRAME_OK,
	FRAME_BROKEN,	/* not of this wire: nothing in it can be believed */
	FRAME_BAD,	/* header.call can be read, the rest cannot */
};

/* Checks everything about a packet that does not depend on its body. */
enum frame_status frame_decode(const struct frame *frame);

/*
 * Sends FRAME's header, fixed part and arena (the header says their sizes) with
 * N_FDS descriptors, which stay the caller's. Waits until UNTIL_MS on the clock
 * of frame_now_ms, FRAME_FOREVER: as long as it takes. NK_ETIMEDOUT, NK_ENOTCONN,
 * NK_ENOMEM, NK_EQUOTA, NK_EINVAL, NK_EFAIL.
 */
#define FRAME_FOREVER INT64_MAX
nk_err_t frame_send(int fd, struct frame *frame, const int *fds, unsigned n_fds,
		    int64_t until_ms);

/* Sends a frame that is a header: a cancellation. */
nk_err_t frame_send_header(int fd, const struct wire_header *header);

/* Waits until FD can be read: NK_EOK, or NK_ETIMEDOUT. */
nk_err_t frame_wait(int fd, int64_t until_ms);

int64_t frame_now_ms(void);

#endif
