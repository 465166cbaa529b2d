/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What a service manager is told: that everything was started, how it stands,
 * that it stops, and, from the loop's own timer, that the loop still turns.
 */
#ifndef DK_IPC_READY_H
#define DK_IPC_READY_H

#include "state.h"

/* In a new mediator: nobody is told. */
void ready_init(struct mediator *m);
/* FD (-1: nobody) stays the caller's. A sign of life comes at half of
   WATCHDOG_MS, unless that is 0. */
void ready_begin(struct mediator *m, int fd, uint32_t watchdog_ms);
/* Tells what is new, if anything is. Called in every turn of the loop. */
void ready_tell(struct mediator *m);

#endif
