/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The ends of static channels: all of them exist before the first program
   starts, so that requests wait there; a task that starts again gets new ones. */
#ifndef DK_IPC_PROGRAM_ENDS_H
#define DK_IPC_PROGRAM_ENDS_H

#include "state.h"

/* NULL, or what failed; then m->failure says what the daemon ends with. */
const char *ends_make(struct mediator *m);

/*
 * Makes those that TASK, which does not run, lacks since it ran last. A channel
 * whose server has gone is a closed one. Returns 0 or -errno; what was made then
 * stays, and is completed next time.
 */
int ends_renew(struct mediator *m, struct task *task);

#endif
