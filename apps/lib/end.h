/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The ends of channels that this process holds, each a descriptor and the state
 * that its users share. A handle names one: generation << 16 | descriptor, with
 * a generation that is new each time the descriptor is. A handle given up finds
 * nothing, ever; the descriptor is closed when the last user has let go, for
 * closing it under a thread that reads would lend its number to another channel.
 *
 * Not here: what travels through an end (call.c, serve.c).
 */
#ifndef LIBDK_END_H
#define LIBDK_END_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <dk/server.h>
#include <nk/types.h>

#include "../../kernel/abi/wire.h"

#define END_FD_MAX 4096		/* descriptors beyond are refused */

struct waiter;
struct dk_peer;

struct end {
	int fd;
	uint16_t generation;
	uint32_t side;			/* enum wire_right: CALL or LISTEN */
	unsigned n_users;		/* end.c's lock */
	bool closed;			/* end.c's lock: no handle names it */
	bool lost;			/* end.c's lock: fd is not ours to close */

	/* what the service locator knows; written before others see the end */
	uint32_t static_end;		/* index in the hello, or WIRE_NONE */
	char service[WIRE_NAME_MAX];	/* of a dynamic channel, "" if none */
	nk_iid_t rsid;
	nk_uint32_t timeout_ms;		/* NsCreate's; end.c's lock */

	pthread_mutex_t lock;		/* of all below */
	/* a client's end (call.c) */
	uint32_t last_call;
	struct waiter *waiters;
	unsigned n_waiters;
	bool reading;			/* one of them reads the socket */
	nk_err_t broken;		/* NK_EOK, or what every call gets */
	/* a listener (serve.c) */
	bool descriptors;		/* requests may bring them */
	struct dk_peer *peers;
	struct dk_server_events events;
	struct dk_refusal refusal;
};

/*
 * Makes FD an end. SIDE is a mask of enum wire_right: a listener if it has
 * LISTEN. Takes FD: on failure (NULL) it is closed. The caller is a user.
 */
struct end *end_new(int fd, uint32_t side);
Handle end_handle(const struct end *end);
/* The end that HANDLE names, and the caller is a user; NULL if none. */
struct end *end_get(Handle handle);
/* The caller is a user no longer. end_put(NULL) is fine. */
void end_put(struct end *end);
/* No handle names END any more. False: none did already. */
bool end_close(struct end *end);
/* Closes descriptors that nobody has asked for. */
void end_drop(const int *fds, unsigned n_fds);

#endif
