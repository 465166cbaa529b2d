/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "confine_cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../base/fd.h"
#include "raw.h"
#include "task.h"

#define PERIOD_US	100000u		/* cpu time is given out anew */
#define FREEZE_TRIES	50		/* of 1 ms: who is in the kernel comes back */

unsigned cgroup_needs(const struct image_task *task)
{
	if (!task_asks_cgroup(task))
		return 0;
	return CGROUP_BIT(CGROUP_PIDS)	/* threads at least are counted */
		| (task->memory_kib ? CGROUP_BIT(CGROUP_MEMORY) : 0)
		| (task->cpu_percent ? CGROUP_BIT(CGROUP_CPU) : 0);
}

/* ---- files of a group ---- */

int cgroup_put(int folder, const char *name, const char *format, ...)
{
	char value[64];
	va_list arguments;
	ssize_t n;
	int fd, size;

	va_start(arguments, format);
	size = vsnprintf(value, sizeof(value), format, arguments);
	va_end(arguments);
	fd = openat(folder, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	n = write(fd, value, (size_t)size);
	if (n != size)
		n = n < 0 ? -errno : -EIO;
	close(fd);
	return n < 0 ? (int)n : 0;
}

/* Its text, "" if it cannot be read. */
void cgroup_get(int folder, const char *name, char *text, size_t size)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t used = 0;
	ssize_t n = 1;

	while (fd >= 0 && n > 0 && used < size - 1) {
		n = read(fd, text + used, size - 1 - used);
		used += n > 0 ? (size_t)n : 0;
	}
	text[used] = 0;
	if (fd >= 0)
		close(fd);
}

/* The number of the line "KEY number", 0 if there is none. */
static uint64_t get_count(int folder, const char *name, const char *key)
{
	char text[512];
	size_t n = strlen(key);

	cgroup_get(folder, name, text, sizeof(text));
	for (char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, key, n) && line[n] == ' ')
			return strtoull(line + n, NULL, 10);
	}
	return 0;
}

/* ---- a task's group ---- */

static int limit_memory(int folder, bool v2, uint32_t kib)
{
	const char *swap = v2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes";
	uint64_t bytes = (uint64_t)kib << 10;
	int r;

	r = cgroup_put(folder, v2 ? "memory.max" : "memory.limit_in_bytes", "%" PRIu64,
		bytes);
	if (r == 0)	/* version 1 counts both together */
		r = cgroup_put(folder, swap, "%" PRIu64, v2 ? 0 : bytes);
	if (r == -ENOENT && faccessat(folder, swap, F_OK, 0) < 0)
		r = 0;	/* Linux counts no swap here */
	if (r == 0 && v2)
		r = cgroup_put(folder, "memory.oom.group", "1");
	return r;
}

static int limit_cpu(int folder, bool v2, uint32_t percent)
{
	uint32_t quota = percent * (PERIOD_US / 100);
	int r;

	if (v2)
		return cgroup_put(folder, "cpu.max", "%u %u", quota, PERIOD_US);
	r = cgroup_put(folder, "cpu.cfs_period_us", "%u", PERIOD_US);
	return r < 0 ? r : cgroup_put(folder, "cpu.cfs_quota_us", "%u", quota);
}

static int limit(const struct cgroup *group, size_t i,
		 const struct image_task *task)
{
	const struct cgroup_tree *tree = &group->in->trees[i];
	int folder = group->folders[i], r = 0;

	if (tree->controllers & CGROUP_BIT(CGROUP_PIDS))
		r = cgroup_put(folder, "pids.max", "%u", group->pids_max);
	if (r == 0 && task->memory_kib
	    && tree->controllers & CGROUP_BIT(CGROUP_MEMORY))
		r = limit_memory(folder, tree->v2, task->memory_kib);
	if (r == 0 && task->cpu_percent
	    && tree->controllers & CGROUP_BIT(CGROUP_CPU))
		r = limit_cpu(folder, tree->v2, task->cpu_percent);
	return r;
}

/* One of that name is of a daemon that was killed: its uids are ours now. */
static int make_folder(int own, const char *name)
{
	if (mkdirat(own, name, 0755) == 0)
		return 0;
	if (errno != EEXIST || unlinkat(own, name, AT_REMOVEDIR) < 0)
		return -errno;
	return mkdirat(own, name, 0755) < 0 ? -errno : 0;
}

/* For as long as the task is there. */
static int open_kept(int folder, const char *name, int flags)
{
	int fd = openat(folder, name, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd_lift(fd, TASK_FDS_KEPT);
}

static int make_in(struct cgroup *group, size_t i, const char *name,
		   const struct image_task *task)
{
	int own = group->in->trees[i].own;
	int r = make_folder(own, name);

	if (r < 0)
		return r;
	group->folders[i] = open_kept(own, name, O_RDONLY | O_DIRECTORY);
	if (group->folders[i] < 0)
		return group->folders[i];
	r = limit(group, i, task);
	if (r < 0)
		return r;
	group->procs[i] = open_kept(group->folders[i], "cgroup.procs",
				    O_RDWR);
	return group->procs[i] < 0 ? group->procs[i] : 0;
}

void cgroup_name(char name[CGROUP_NAME_SIZE], uint32_t uid)
{
	snprintf(name, CGROUP_NAME_SIZE, "dk-%u", uid);
}

void cgroup_init(struct cgroup *group)
{
	*group = (struct cgroup){ 0 };
	for (size_t i = 0; i < CGROUP_N; i++)
		group->folders[i] = group->procs[i] = -1;
}

int cgroup_make(struct cgroup *group, const struct cgroups *cgroups,
		const struct image_task *task, uint32_t uid)
{
	unsigned needs = cgroup_needs(task) | CGROUP_BIT(CGROUP_FREEZER);
	char name[CGROUP_NAME_SIZE];
	int r = 0;

	cgroup_init(group);
	group->in = cgroups;
	group->pids_max = task->pids ? task->pids : task->threads;
	cgroup_name(name, uid);
	for (size_t i = 0; i < cgroups->n && r == 0; i++)
		if (cgroups->trees[i].controllers & needs)
			r = make_in(group, i, name, task);
	if (r < 0)
		cgroup_deinit(group);
	return r;
}

CHILD int cgroup_enter(const struct cgroup *group)
{
	for (size_t i = 0; i < CGROUP_N; i++) {
		long r;

		if (group->procs[i] < 0)
			continue;
		r = RAW(SYS_write, group->procs[i], "0", 1);
		if (r != 1)
			return r < 0 ? (int)r : -EIO;
	}
	return 0;
}

/* In its own pid namespace it is process 1, all others in the list are 0. */
CHILD static bool lists_one(const char *text, long n)
{
	for (long i = 0; i + 1 < n; i++)
		if ((i == 0 || text[i - 1] == '\n') && text[i] == '1'
		    && text[i + 1] == '\n')
			return true;
	return false;
}

CHILD int cgroup_probe(const struct cgroup *group)
{
	char text[64];		/* nobody else is there to be listed */
	bool any = false;

	for (size_t i = 0; i < CGROUP_N; i++) {
		long n;

		if (group->procs[i] < 0)
			continue;
		n = RAW(SYS_pread64, group->procs[i], text, sizeof(text), 0);
		if (n < 0)
			return (int)n;
		if (!lists_one(text, n))
			return -EBADE;
		any = true;
	}
	return any ? 0 : -EBADE;
}

/* ---- its end ---- */

static void kill_listed(int folder)
{
	int fd = openat(folder, "cgroup.procs", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	int pid;

	while (file && fscanf(file, "%d", &pid) == 1)
		if (pid > 1)	/* 0: of a namespace that we do not see */
			kill(pid, SIGKILL);
	if (file)
		fclose(file);
	else if (fd >= 0)
		close(fd);
}

/* Who was about to make another one has made it when all stand still. */
static void freeze(int folder)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	char state[16] = "";

	if (cgroup_put(folder, "freezer.state", "FROZEN") < 0)
		return;
	for (int i = 0; i < FREEZE_TRIES && strcmp(state, "FROZEN\n"); i++) {
		if (i > 0)
			nanosleep(&pause, NULL);
		cgroup_get(folder, "freezer.state", state, sizeof(state));
	}
}

/* In version 1: nobody new, nobody moves, and then nobody is left. */
static void kill_still(struct cgroup *group)
{
	for (size_t i = 0; i < CGROUP_N; i++)
		cgroup_put(group->folders[i], "pids.max", "0");
	for (size_t i = 0; i < CGROUP_N; i++)
		freeze(group->folders[i]);
	for (size_t i = 0; i < CGROUP_N; i++)
		kill_listed(group->folders[i]);
	for (size_t i = 0; i < CGROUP_N; i++)
		cgroup_put(group->folders[i], "freezer.state", "THAWED");
}

void cgroup_kill(struct cgroup *group)
{
	bool whole = false;

	for (size_t i = 0; i < CGROUP_N; i++)
		whole |= cgroup_put(group->folders[i], "cgroup.kill", "1") == 0;
	if (!whole)
		kill_still(group);
}

bool cgroup_end(struct cgroup *group)
{
	uint64_t n_oom = 0, before = group->n_oom;

	cgroup_kill(group);
	for (size_t i = 0; i < CGROUP_N; i++) {
		if (group->folders[i] < 0)
			continue;
		cgroup_put(group->folders[i], "pids.max", "%u", group->pids_max);
		n_oom += get_count(group->folders[i], "memory.events",
				   "oom_kill");
		n_oom += get_count(group->folders[i], "memory.oom_control",
				   "oom_kill");
	}
	group->n_oom = n_oom;
	return n_oom > before;
}

void cgroup_deinit(struct cgroup *group)
{
	for (size_t i = 0; i < CGROUP_N; i++) {
		if (group->procs[i] >= 0)
			close(group->procs[i]);
		if (group->folders[i] >= 0)
			close(group->folders[i]);
	}
	cgroup_init(group);
}
