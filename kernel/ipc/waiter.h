/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Connects and Listens that wait: slots of the asking task, charged to it. */
#ifndef DK_IPC_WAITER_H
#define DK_IPC_WAITER_H

#include "state.h"

/* A free one of the N at SLOTS, NULL if there is none. */
struct waiter *waiter_find_free(struct waiter *slots, uint32_t n);
/* It waits for WAIT_MS (CM_FOREVER: for ever), charged. */
void waiter_begin(struct mediator *m, struct waiter *waiter, uint32_t wait_ms);
void waiter_end(struct mediator *m, struct waiter *waiter);

#endif
