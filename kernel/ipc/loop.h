/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The mediator's loop in pieces, so that tests can turn it by hand. mediator_run
 * is new, begin, steps until .over, finish, free.
 */
#ifndef DK_IPC_LOOP_H
#define DK_IPC_LOOP_H

#include "state.h"

/* MONITOR_FD and OUT_FD stay the caller's. NULL: no memory, no epoll. */
struct mediator *loop_new(const struct image *image,
			  const struct options *options, int monitor_fd,
			  int out_fd);
/* Asks the policy for the kernel's own start, makes the static channels, says
   MONITOR_READY. False: it is over; m->failure says why. */
bool loop_begin(struct mediator *m);
/* Serves what is ready, waiting up to TIMEOUT_MS for it (-1: for ever). */
void loop_step(struct mediator *m, int timeout_ms);
/* Records that were counted, tables, charges; then MONITOR_DONE. */
int loop_finish(struct mediator *m);
struct mediator *loop_free(struct mediator *m);

#endif
