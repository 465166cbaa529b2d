/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Calls under way. A slot belongs to the listener the request went to; its
 * number, generation << 16 | index, is good for one answer on that listener. The
 * caller is charged while it waits, the listener until the answer has come.
 */
#ifndef DK_IPC_CALL_H
#define DK_IPC_CALL_H

#include "passage.h"

void call_init_all(struct listener *listener);

/* A slot of a listener that is not full, charged to both; never fails. */
struct call *call_new(struct mediator *m, struct channel *client,
		      struct listener *listener, const struct passage *p);
uint32_t call_number(const struct call *call);
/* The call of that number, open or late; NULL: there is none. */
struct call *call_find(struct listener *listener, uint32_t number);
/* The client's open call of its own number; the newest if there are several. */
struct call *call_find_client(struct channel *client, uint32_t number);

/* The client waits no more; the slot is kept until the late answer comes. */
void call_abandon(struct mediator *m, struct call *call);
/* The slot is free. */
void call_free(struct mediator *m, struct call *call);
/* The client gets STATUS, then the slot is free. */
void call_end(struct mediator *m, struct call *call, enum dk_status status);
/* The listener has gone: every client gets DK_NOT_CONNECTED. */
void call_end_all(struct mediator *m, struct listener *listener);

/* Sends WIRE_STATUS to whoever has PORT's other end. */
void call_status(struct mediator *m, struct port *port, uint32_t call,
		 uint64_t trace, enum dk_status status);

/* How long a sender of DEADLINE_MS waits; WIRE_DEADLINE_CAP = for ever. */
uint32_t call_deadline(const struct task *task, uint32_t deadline_ms);

/* Whether TASK, if it now waits for SERVER, would wait for itself. Follows
   tasks without threads only: another's other threads may answer. */
bool call_closes_cycle(const struct mediator *m, const struct task *task,
		       const struct task *server);

#endif
