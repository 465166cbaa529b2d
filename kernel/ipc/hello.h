/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What the kernel tells a program without being asked: hello, the first frame on
 * its descriptor 3, and opened, that a client is on its listener.
 */
#ifndef DK_IPC_HELLO_H
#define DK_IPC_HELLO_H

#include "state.h"

/*
 * The static ends of TASK in the order of their descriptors: those of the image's
 * channels where it is the client, and one listener for each name where it is
 * the server. Returns how many; more than WIRE_ENDS_MAX are not stored.
 */
struct hello_end {
	const char *name;
	uint32_t side;			/* enum wire_right */
	uint32_t server;		/* task at the other side, of a client */
	uint32_t channel;		/* in the image: the first of that name */
};
uint32_t hello_ends(const struct image *image, uint32_t task,
		    struct hello_end ends[WIRE_ENDS_MAX]);

/* Fills FRAME. Returns 0, or -EMSGSIZE: more names than a frame holds. */
int hello_write(const struct mediator *m, const struct task *task,
		struct frame *frame);
int hello_opened(const struct mediator *m, const struct task *client,
		 struct frame *frame);

#endif
