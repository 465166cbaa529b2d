/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Handles in parameters. A descriptor that a program sends is recognised by its
 * socket's cookie; anything the kernel did not make is malformed. Nobody gets the
 * sender's own socket: the receiver gets an end of its own, made after the grant.
 */
#ifndef DK_IPC_HANDLE_H
#define DK_IPC_HANDLE_H

#include "passage.h"

/* What the descriptors that ride along are: p->handles and p->handle_sids. */
enum dk_status handle_resolve(struct mediator *m, struct passage *p);

/* The ends that RECEIVER is given instead, not yet handed over. */
struct handle_gift {
	struct channel *channels[WIRE_HANDLES_MAX];
	int fds[WIRE_HANDLES_MAX];
	uint32_t n;
};

/* Makes them and writes their rights into the body. All or none. */
enum dk_status handle_give(struct mediator *m, struct passage *p,
			   struct task *receiver, struct handle_gift *gift);
/* They have been sent, or could not be. */
void handle_given(struct mediator *m, struct handle_gift *gift, bool sent);

#endif
