/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Whether what confines a program holds, asked from inside: by the process that is
 * about to become it, in calls that read its own state or that have to fail. The
 * launcher is in the same memory and waits, so these are raw calls too. What would
 * kill who tries it is tried by another process: trial.h.
 */
#ifndef DK_TASK_PROBE_H
#define DK_TASK_PROBE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "../base/monitor.h"
#include "confine_cgroup.h"
#include "confine_limits.h"

enum { PROBE_INHERITED = 3, PROBE_SPACES };	/* net, ipc, uts; cgroup */

/* Where the daemon was started: nothing of it may be seen in a program. */
struct probe_host {
	ino_t spaces[PROBE_SPACES];
	bool by_pidfd;		/* asked of a pidfd, not of /proc */
	int kept[PROBE_INHERITED];	/* the launcher's own: else each question
					   would make and free an inode of it */
	dev_t root_dev;
	ino_t root_ino;
	long keyring;		/* -errno without one */
};

/* What a child is asked, and what came of it. */
struct probe {
	const struct probe_host *host;
	const struct limits *limits;
	const struct cgroup *group;
	uint32_t wanted;	/* layers, bits; 0: nothing is asked */
	uid_t uid;
	int executable;
	int refused;		/* a call that the filter answers with EPERM, or -1 */
	int no_code;		/* mprotect, where the filter stands in for MDWE,
				   or -1 */
	volatile uint32_t proven;	/* bits */
	volatile enum confine_layer failed;	/* of a probe that was not 0 */
};

/* Before the launcher leaves anything. 0 or -errno. */
int probe_host_init(struct probe_host *host);
/* After it has left them. 0 or -errno. */
int probe_host_left(struct probe_host *host);

/*
 * In the child: before its tree of mounts, in its group, before its filter, under
 * it. 0, or -errno with .failed: the call's own, or -EBADE where it answered and the layer
 * does not hold.
 */
int probe_spaces(struct probe *probe);
int probe_group(struct probe *probe);
int probe_state(struct probe *probe);
int probe_filter(struct probe *probe);

#endif
