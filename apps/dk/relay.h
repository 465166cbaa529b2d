/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * One direction between our own standard streams and a confined program's pipe.
 * The program never gets a stream of ours: what it prints passes through here,
 * and control characters are shown, not obeyed, where a terminal is at the end.
 */
#ifndef DK_APPS_DK_RELAY_H
#define DK_APPS_DK_RELAY_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#define RELAY_READ 2048		/* at once; escaped it may grow fourfold */

struct relay {
	int from, to;		/* -1: closed, and over */
	bool escape;
	size_t kept;		/* begun characters, at the start of .in */
	size_t sent, used;	/* of .out */
	char in[RELAY_READ + 8];
	char out[RELAY_READ * 8];
};

void relay_init(struct relay *relay, int from, int to, bool escape);
/* What to wait for. */
struct pollfd relay_poll(const struct relay *relay);
/* FD is ready: moves what can be moved. OURS: .to is not ours alone and is not
   closed; else it is when there is no more. */
void relay_step(struct relay *relay, const struct pollfd *fd, bool ours);
/* Nothing is to be moved any more. */
bool relay_is_over(const struct relay *relay);

#endif
