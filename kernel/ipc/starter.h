/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The way to the launcher and back, and the order of starts and of the end. What
 * the launcher says is believed: it is more privileged than we are.
 */
#ifndef DK_IPC_STARTER_H
#define DK_IPC_STARTER_H

#include "state.h"

/* Returns 0 or -errno. */
int starter_send(struct mediator *m, const struct monitor_message *message,
		 const int *fds, uint32_t n_fds);
/* SIGKILL for TASK, now or when the launcher can be told. */
void starter_kill(struct mediator *m, struct task *task);
/* The launcher has said something, or can be told again. */
void starter_serve(struct mediator *m, uint32_t events);
/* Starts what may be started now; ends when everything that should has. */
void starter_advance(struct mediator *m);
/* Asks every program to end; after the grace they are killed. */
void starter_stop(struct mediator *m);
void starter_init(struct mediator *m);

#endif
