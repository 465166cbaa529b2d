/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The control socket: who of the machine may ask the running daemon what. It
 * lives in the mediator's loop as its guest, allocates nothing after its start,
 * and never waits for a client.
 */
#ifndef DK_CONTROL_CONTROL_H
#define DK_CONTROL_CONTROL_H

#include <stdint.h>

#include "../abi/image.h"

struct guest;		/* ipc/guest.h */

/* An account that this machine does not have. */
#define CONTROL_NO_UID	UINT32_C(0xffffffff)

/* What the launcher found out. */
struct control_setup {
	int fd;			/* listens; becomes ours. -1: nobody can ask */
	uint32_t owner;		/* uid of who started the daemon */
	uint32_t uids[IMAGE_USERS_MAX];	/* of the image's users, or CONTROL_NO_UID */
};

/* The guest; NULL: no memory. */
struct guest *control_new(const struct control_setup *setup);
/* After the mediator has run. */
void control_free(struct guest *guest);

#endif
