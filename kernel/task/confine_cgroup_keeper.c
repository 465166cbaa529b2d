/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The keeper of the groups: a process that waits for the daemon's end, however it
 * comes, and removes what was made. In a tree's first group that takes a
 * capability that the launcher does not keep; this one has no other, reads
 * nothing but the end of a pipe, and holds nothing but the trees.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "confine_cgroup.h"

#define REMOVE_TRIES	300	/* of 10 ms: the last ones still end */

static bool keep_one_capability(void)
{
	static const cap_value_t needs[] = { CAP_DAC_OVERRIDE };
	cap_t caps = cap_init();
	bool done = caps
		&& cap_set_flag(caps, CAP_PERMITTED, 1, needs, CAP_SET) == 0
		&& cap_set_flag(caps, CAP_EFFECTIVE, 1, needs, CAP_SET) == 0
		&& cap_set_proc(caps) == 0
		&& prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;

	cap_free(caps);
	return done;
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* All but the trees and the end of the pipe. */
static void close_others(const struct cgroups *cgroups, int alive)
{
	int keep[CGROUP_N + 1] = { alive };
	size_t n = 1;
	unsigned from = 0;

	for (size_t i = 0; i < cgroups->n; i++)
		keep[n++] = cgroups->trees[i].own;
	qsort(keep, n, sizeof(keep[0]), by_number);
	for (size_t i = 0; i < n; i++) {
		unsigned at = (unsigned)keep[i];

		if (at > from)
			syscall(SYS_close_range, from, at - 1, 0);
		from = at + 1;
	}
	syscall(SYS_close_range, from, ~0u, 0);
}

static void remove_group(int own, const char *name)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000000L };

	for (int i = 0; i < REMOVE_TRIES; i++) {
		if (unlinkat(own, name, AT_REMOVEDIR) == 0 || errno != EBUSY)
			return;
		nanosleep(&pause, NULL);
	}
}

/* Who stands still does not die of his daemon's end. */
static void thaw_all(struct cgroups *cgroups, uint32_t first, uint32_t n)
{
	char name[CGROUP_NAME_SIZE], file[CGROUP_NAME_SIZE + 16];

	for (size_t i = 0; i < cgroups->n; i++)
		for (uint32_t k = 0; k < n; k++) {
			cgroup_name(name, first + k);
			snprintf(file, sizeof(file), "%s/freezer.state", name);
			cgroup_put(cgroups->trees[i].own, file, "THAWED");
		}
}

static void remove_all(struct cgroups *cgroups, uint32_t first, uint32_t n)
{
	char name[CGROUP_NAME_SIZE];

	thaw_all(cgroups, first, n);
	for (size_t i = 0; i < cgroups->n; i++)
		for (uint32_t k = 0; k < n; k++) {
			cgroup_name(name, first + k);
			remove_group(cgroups->trees[i].own, name);
		}
	cgroups_undo(cgroups);
}

static _Noreturn void keep(struct cgroups *cgroups, int alive, uint32_t first,
			   uint32_t n)
{
	sigset_t all;
	char byte;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setsid();	/* a key that stops the daemon is not for this one */
	close_others(cgroups, alive);
	if (!keep_one_capability())
		_exit(1);
	while (read(alive, &byte, 1) < 0 && errno == EINTR)
		;
	remove_all(cgroups, first, n);
	_exit(0);
}

int cgroups_keep(struct cgroups *cgroups, uint32_t first, uint32_t n)
{
	int fds[2];
	long pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	/* Without a signal at its end: the launcher's loop is not its parent. */
	pid = syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
	if (pid == 0) {
		close(fds[1]);
		keep(cgroups, fds[0], first, n);
	}
	if (pid < 0)
		pid = -errno;
	close(fds[0]);
	if (pid < 0) {
		close(fds[1]);
		return (int)pid;
	}
	cgroups->keeper = (pid_t)pid;
	cgroups->alive = fds[1];
	return 0;
}

void cgroups_deinit(struct cgroups *cgroups)
{
	if (cgroups->keeper > 0) {
		close(cgroups->alive);
		while (waitpid(cgroups->keeper, NULL, __WALL) < 0
		       && errno == EINTR)
			;
	} else {
		cgroups_undo(cgroups);
	}
	for (size_t i = 0; i < cgroups->n; i++)
		close(cgroups->trees[i].own);
	*cgroups = (struct cgroups){ 0 };
}
