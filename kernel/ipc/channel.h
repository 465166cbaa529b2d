/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Ports, channels and listeners: making them, closing them, and the waiting of
 * senders whose listener is full. Closing either end ends the channel for both.
 */
#ifndef DK_IPC_CHANNEL_H
#define DK_IPC_CHANNEL_H

#include "state.h"

/* Watches SOURCE for EVENTS. Returns 0 or -errno. */
int source_watch(struct mediator *m, struct source *source, uint32_t events);
void source_close(struct mediator *m, struct source *source);

/*
 * TASK's end of a new channel to LISTENER (NULL: to the kernel), TASK's quota
 * charged. The program's end is in .port.program_fd until it is handed over.
 * NULL with *ERR = -errno, or -EDQUOT.
 */
struct channel *channel_new(struct mediator *m, struct task *task,
			    struct listener *listener, uint32_t rights,
			    int *err);
struct listener *listener_new(struct mediator *m, struct task *task, int *err);
/* The mediator's copy of a program's end, no longer needed. */
void port_handed_over(struct port *port);

/* Tells the server that the client is there (WIRE_OPENED). */
void channel_announce(struct mediator *m, struct channel *channel);
/* LISTENER's socket has room: tells it what is still to be told. */
void listener_tell(struct mediator *m, struct listener *listener);

void channel_close(struct mediator *m, struct channel *channel);
void listener_close(struct mediator *m, struct listener *listener);
void port_close(struct mediator *m, struct port *port);
/* Frees what was closed in this wake-up. */
void channel_bury(struct mediator *m);

/* No request can go there now; nor before its server has its SID, without which
   nothing can be decided. */
bool listener_full(const struct listener *listener);
/* Stops reading CHANNEL until its listener has room, or DEADLINE_MS from now
   has passed (WIRE_DEADLINE_CAP: no deadline). */
void channel_park(struct mediator *m, struct channel *channel,
		  uint32_t deadline_ms);
/* Goes on reading as many parked channels as there may be room for: one. */
void listener_unpark(struct mediator *m, struct listener *listener);

/* The port whose program's end has COOKIE, NULL if there is none. */
struct port *port_find(struct mediator *m, uint64_t cookie);

struct channel *port_channel(struct port *port);
struct listener *port_listener(struct port *port);

/* Sends to the program; what does not fit closes the port, with a record.
   Returns 0, or -errno if the frame did not go. */
int port_send(struct mediator *m, struct port *port, const struct frame *frame,
	      const int *fds, uint32_t n_fds);
/* Room for one more frame with descriptors to TASK. */
bool task_takes_fds(struct task *task);

#endif
