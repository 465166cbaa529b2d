/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The path of a request and of its answer: receive, decode, resolve, decide,
 * deliver. No byte is counted here; each step is a file of that name.
 */
#ifndef DK_IPC_DISPATCH_H
#define DK_IPC_DISPATCH_H

#include "state.h"

/* PORT can be read: serves its frames, within its task's turn. EVENTS are
   epoll's. */
void dispatch_port(struct mediator *m, struct port *port, uint32_t events);
/* The first frame of a parked channel has waited too long. */
void dispatch_expired(void *mediator, struct timer *timer);
/* Reads what a listener of a task that ends still said: the answers it owes. */
void dispatch_rest(struct mediator *m, struct port *port);

#endif
