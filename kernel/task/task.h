/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A program of the solution, as the launcher knows it: what its start needs,
 * prepared once at load so that nothing can be missing later; and the process
 * that runs it, if one does.
 */
#ifndef DK_TASK_TASK_H
#define DK_TASK_TASK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "../base/monitor.h"
#include "../base/options.h"
#include "../security/image.h"
#include "confine_cgroup.h"
#include "confine_fs.h"
#include "confine_limits.h"
#include "confine_seccomp.h"
#include "probe.h"
#include "uids.h"

/*
 * Descriptors of the launcher by number. Below TASK_FDS_TOOLS: passing ones, and
 * in a program its own, 0 .. n-1. From there: what a child needs after it has made
 * those. From TASK_FDS_KEPT: what is kept for all tasks, however many, which a
 * child leaves behind in one step.
 */
#define TASK_FDS_TOOLS	((int)MONITOR_FDS_MAX + 8)
#define TASK_FDS_KEPT	(2 * TASK_FDS_TOOLS)

struct task {
	/* from the image */
	uint32_t index;
	const char *name;
	uint32_t uid;
	uint32_t n_fds;			/* descriptors it starts with */
	uint32_t n_syscalls;
	int executable;			/* sealed copy; the solution owns it */
	struct filter *filter;	/* the solution owns it */
	struct fs_plan fs;
	int tree;			/* mount namespace made by it, or -1 */
	int userns;			/* without root: its own; else -1 */
	struct limits limits;
	struct cgroup group;		/* of no tree, if it asks for none */
	uint32_t layers;		/* that only some tasks have: bits */
	int landlock;			/* ruleset, or -1 */
	bool probed;			/* each start is */
	char **argv;
	char **envp;
	/* its process */
	pid_t pid;			/* 0 = none */
	int pidfd;
	int listener;			/* of its filter, or -1 */
	uint32_t sid;
	int syscall;			/* what it was killed for, or -1 */
};

/* What was found out about the machine before anything starts. */
struct machine {
	unsigned landlock_abi;
	bool mdwe;			/* else the filters do it */
	uint32_t layers;	/* bits of enum confine_layer that it can have */
	struct probe_host host;
};

struct solution {
	struct image image;
	int image_fd;		/* sealed */
	void *bytes;
	size_t size;
	struct uids uids;
	struct cgroups cgroups;
	unsigned controllers;	/* of what its tasks ask for: there */
	struct task *tasks;
	uint32_t n_tasks;
	/* shared by tasks */
	struct executable *executables;
	uint32_t n_executables;
	struct filter_of *filters;
	uint32_t n_filters;
};

/*
 * Reads the image that OPTIONS names and prepares every task. Returns DKD_OK or
 * what is wrong, having said it.
 */
enum dkd_exit solution_init(struct solution *solution,
			    const struct options *options,
			    const struct machine *machine);
void solution_deinit(struct solution *solution);

/* Descriptors that task INDEX starts with: 0 to 3, one for each channel that it
   is a client of, one for each name that it is a server of. */
uint32_t task_count_fds(const struct image *image, uint32_t index);

/* A sealed copy of the image at PATH: a descriptor in COPY; says what is wrong. */
enum dkd_exit solution_copy_image(int *copy, const char *path);

/* Maps a sealed image and proves it; says what is wrong. */
enum dkd_exit solution_map(struct image *image, void **bytes, size_t *size,
			   int image_fd, const char *path);

#endif
