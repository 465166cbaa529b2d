/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The kernel's own endpoint cm.CM: the connection manager. Its requests and its
 * answers are decided like anybody's. A Connect waits at the server until that
 * accepts or drops it, or its time is over; a Listen shows the oldest that waits.
 */
#ifndef DK_IPC_CONNECT_H
#define DK_IPC_CONNECT_H

#include "passage.h"

/* Finds cm.CM in the image and compares its layouts with ours. NULL, or what is
   wrong with the image. */
const char *connect_init(struct mediator *m);
void connect_init_task(struct task *task);

/* A granted request to the kernel. DK_OK: it is, or will be, answered. */
enum dk_status connect_request(struct mediator *m, struct passage *p);
/* TASK gives up its call of that number. */
void connect_cancel(struct mediator *m, struct task *task, uint32_t call);
/* TASK's way to the kernel is closed: nothing of its own waits any more. */
void connect_forget_asker(struct mediator *m, struct task *task);
/* TASK has ended: who waits for it is told. */
void connect_forget_server(struct mediator *m, struct task *task);

#endif
