/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What a program may ask of Linux, from what its class was given. The sets are
 * those of a static-pie program of glibc on x86-64: start, message path, malloc
 * and stdio, clocks; and more only for who asks for more.
 */
#include <stdlib.h>
#include <string.h>

#include "build.h"

enum need { NEED_ALL, NEED_HANDLES, NEED_THREADS, NEED_INPUT, NEED_FILES,
	    NEED_WRITE, NEED_LIBRARIES, NEED_N };

static const char *const sets[NEED_N][28] = {
	[NEED_ALL] = {
		"brk", "arch_prctl", "set_tid_address", "set_robust_list",
		"rseq", "getrandom", "mprotect", "exit_group",
		"prlimit64", "readlink",	/* at the start of glibc */
		"sendto", "recvfrom", "poll", "close",
		"writev",	/* a large body, and no descriptors with it */
		"mmap", "munmap", "mremap", "write", "newfstatat", "fstat",
		"clock_nanosleep",
		"clock_gettime",	/* where the vDSO has no clock */
		"restart_syscall",	/* after the machine was suspended */
		"futex",	/* without threads the daemon lets it wake only */
	},
	[NEED_HANDLES] = { "sendmsg", "recvmsg" },
	[NEED_THREADS] = {	/* clone3 is answered by the daemon: ENOSYS */
		"clone", "rt_sigaction", "rt_sigprocmask", "madvise", "exit",
		"sched_yield",
	},
	[NEED_INPUT] = { "read" },	/* of who asked for its start */
	[NEED_FILES] = { "openat", "getdents64", "lseek", "read" },
	[NEED_WRITE] = {
		"ftruncate", "fsync", "unlink", "rename", "mkdir",
	},
	[NEED_LIBRARIES] = {		/* of ld.so */
		"access", "openat", "pread64", "read",
	},
};

static int compare(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

void syscalls_list(struct arena *arena, const struct init_task *task,
		   bool handles, struct init_list *list)
{
	const bool writes = task->write.n || *task->tmpfs;
	const bool needed[NEED_N] = {
		[NEED_ALL] = true,
		[NEED_HANDLES] = handles,
		[NEED_THREADS] = task->threads > 1,
		[NEED_INPUT] = task->demand,
		[NEED_FILES] = task->read.n || writes,
		[NEED_WRITE] = writes,
		[NEED_LIBRARIES] = task->profile == PROFILE_POSIX,
	};
	size_t n = 0;

	for (int need = 0; need < NEED_N; need++)
		for (size_t i = 0; needed[need] && sets[need][i]; i++)
			*ARENA_PUSH(arena, list->of, list->n, list->capacity) =
				sets[need][i];
	qsort(list->of, list->n, sizeof(*list->of), compare);
	for (size_t i = 0; i < list->n; i++)	/* each once */
		if (!n || strcmp(list->of[n - 1], list->of[i]) != 0)
			list->of[n++] = list->of[i];
	list->n = n;
}
