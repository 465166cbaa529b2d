/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Acts that end who tries them, if what should forbid them holds. A process made
 * for each goes all the way of a start and then, instead of running the program,
 * commits it: once for each list of system calls, as long as the daemon runs.
 */
#ifndef DK_TASK_TRIAL_H
#define DK_TASK_TRIAL_H

#include <stdbool.h>

#include "../base/monitor.h"

enum trial {
	TRIAL_NONE = 0,
	TRIAL_UNLISTED,		/* a call that no list may hold */
	TRIAL_FOREIGN,		/* one of another architecture, int $0x80 */
	TRIAL_X32,		/* a number with the bit of x32 */
	TRIAL_EXEC,		/* a second exec: without the start's number */
	TRIALS
};

/* In the child: commits it. Returns if nothing forbade it. */
void trial_commit(enum trial trial);

/* The launcher's side: until FD can be read; false if the child of PIDFD ended
   before that, or does not come to an end. */
bool trial_await(int fd, int pidfd);
/* The number of the call that the child waits in, or -1: there is none. */
int trial_call(int listener, int pidfd);

/* The layer that forbids it. */
enum confine_layer trial_layer(enum trial trial);
/*
 * Whether that was the end that it must come to: CALL, the number that the filter
 * has asked about, or -1; STATUS, as wait gives it.
 */
bool trial_holds(enum trial trial, int call, int status);

/* How a child exits that has committed it. */
#define TRIAL_SURVIVED	126

#endif
