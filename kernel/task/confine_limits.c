/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "confine_limits.h"

#include <linux/keyctl.h>

#include "raw.h"

#define NOFILE_SPARE	256u			/* files, channels made later */
#define FSIZE_MAX	((rlim_t)256 << 20)	/* one file */
#define DATA_MAX	((rlim_t)1 << 30)	/* private memory */
#define STACK_MAX	((rlim_t)8 << 20)	/* glibc's threads get as much */
#define SIGPENDING_MAX	64u

static rlim_t largest_file(const struct image_task *task)
{
	rlim_t tmpfs = (rlim_t)task->tmpfs_kib << 10;

	if (task->write.count == 0 && tmpfs == 0)
		return 0;
	return tmpfs > FSIZE_MAX ? tmpfs : FSIZE_MAX;
}

void limits_init(struct limits *limits, const struct image_task *task,
		 uint32_t n_fds)
{
	rlim_t memory = (rlim_t)task->memory_kib << 10;
	const struct {
		int resource;
		rlim_t max;
	} want[LIMITS_N] = {
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_NOFILE, n_fds + (task->files ? task->files
					   : NOFILE_SPARE) },
		{ RLIMIT_NPROC, task->pids ? task->pids : task->threads },
		{ RLIMIT_MEMLOCK, 0 },
		{ RLIMIT_FSIZE, largest_file(task) },
		{ RLIMIT_DATA, memory ? memory : DATA_MAX },
		{ RLIMIT_STACK, STACK_MAX },
		{ RLIMIT_SIGPENDING, SIGPENDING_MAX },
		{ RLIMIT_MSGQUEUE, 0 },
		{ RLIMIT_LOCKS, 0 },
		{ RLIMIT_NICE, 0 },
		{ RLIMIT_RTPRIO, 0 },
		{ RLIMIT_RTTIME, 0 },
	};

	for (int i = 0; i < LIMITS_N; i++) {
		struct rlimit now = { RLIM_INFINITY, RLIM_INFINITY };
		rlim_t max = want[i].max;

		/* A machine that allows less keeps its own word. */
		if (getrlimit((__rlimit_resource_t)want[i].resource, &now) == 0
		    && now.rlim_max < max)
			max = now.rlim_max;
		limits->each[i].resource = want[i].resource;
		limits->each[i].limit = (struct rlimit){ max, max };
	}
}

CHILD int limits_enter(const struct limits *limits)
{
	for (int i = 0; i < LIMITS_N; i++) {
		long r = RAW(SYS_prlimit64, 0, limits->each[i].resource,
			     &limits->each[i].limit, 0);

		if (r < 0)
			return (int)r;
	}
	return 0;
}

CHILD int limits_probe(const struct limits *limits)
{
	for (int i = 0; i < LIMITS_N; i++) {
		const struct rlimit *want = &limits->each[i].limit;
		struct rlimit is;
		int resource = limits->each[i].resource;
		long r;

		if (resource != RLIMIT_CORE && resource != RLIMIT_NOFILE
		    && resource != RLIMIT_DATA)
			continue;
		r = RAW(SYS_prlimit64, 0, resource, 0, &is);
		if (r < 0)
			return (int)r;
		if (is.rlim_cur != want->rlim_cur
		    || is.rlim_max != want->rlim_max)
			return -EBADE;
	}
	return 0;
}

CHILD int limits_enter_keyring(void)
{
	long r = RAW(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, 0);

	return r < 0 ? (int)r : 0;
}
