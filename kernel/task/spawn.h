/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The start of a program: a child that shares the launcher's memory until it
 * runs the executable, confined step by step in between. A step that fails
 * ends the child: it never runs with less than was asked.
 */
#ifndef DK_TASK_SPAWN_H
#define DK_TASK_SPAWN_H

#include "../base/monitor.h"
#include "task.h"

/* The launcher's own, made once. */
struct spawner {
	char *stack;		/* the child's, and what it is told and tells */
	int alive_read;		/* end of a pipe that the launcher holds the */
	int alive_write;	/* other end of: closed = the launcher is gone */
	int take;		/* a pair through which a child hands over the */
	int give;		/* listener of its filter; empty between starts */
	int executable;		/* copies of what the start under way needs, or */
	int landlock;		/* of anything, so that their place is theirs */
	struct sock_filter *code;	/* room for the largest filter */
	const struct machine *machine;
	int n_caps;		/* that this kernel has */
};

struct spawn_held {
	uint32_t layers;	/* in force, bits */
	uint32_t proven;	/* those of them that a probe found to hold */
	uint32_t tried;		/* when its filter was, seconds since 1970; 0: not */
};

struct spawn_failure {
	enum confine_step step;
	int error;		/* errno */
	enum confine_layer layer;	/* of STEP_PROBE: the one that does not hold */
};

/* From then on no process that the launcher starts can get a capability that it
   has not already: caps_lock. 0 or -errno. */
int spawner_init(struct spawner *spawner, const struct machine *machine);
void spawner_deinit(struct spawner *spawner);

/*
 * Starts TASK with the descriptors FDS (task->n_fds of them; the caller keeps
 * them), which it will have as 0, 1, 2, ... Fills the task's pid, pidfd and
 * listener, and HELD. 0, or -1 with FAILURE and no process left.
 */
int spawn(struct spawner *spawner, struct task *task, const int *fds,
	  struct spawn_held *held, struct spawn_failure *failure);

#endif
