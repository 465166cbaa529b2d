/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The step "deliver": a granted passage is charged, its call slot armed, its
 * header written by the kernel, and the frame sent.
 */
#ifndef DK_IPC_DELIVER_H
#define DK_IPC_DELIVER_H

#include "passage.h"

/* DK_OK, or what the client is told instead; the server has seen nothing then. */
enum dk_status deliver_request(struct mediator *m, struct passage *p);
/* The answer to a question that was granted, to the asker. */
void deliver_verdict(struct mediator *m, struct passage *p);
/* To the client that waits, if one still does. What cannot be given to it is
   told it as a status, which is not the server's fault: there is no result. */
void deliver_answer(struct mediator *m, struct passage *p);

#endif
