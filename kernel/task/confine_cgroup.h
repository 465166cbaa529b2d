/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Control groups: what a program may use up, counted by Linux for the whole of
 * it. A task whose sandbox limits memory, cpu or pids has a group of its own, made
 * at load in the group that the daemon was started in. A process of its own, the
 * keeper, removes them when the daemon has ended, killed or not.
 *
 * A controller is taken from version 1 if the machine has it there, else from
 * version 2. There groups with processes cannot have limited groups below them,
 * so the daemon itself moves into one meanwhile; it must have been alone.
 */
#ifndef DK_TASK_CONFINE_CGROUP_H
#define DK_TASK_CONFINE_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../security/image.h"

/* The last one limits nothing: with it version 1 has a group stand still while it is
   killed. Version 2 kills one as a whole. */
enum cgroup_controller {
	CGROUP_PIDS, CGROUP_MEMORY, CGROUP_CPU, CGROUP_FREEZER, CGROUP_N
};

#define CGROUP_BIT(controller) (1u << (controller))
#define CGROUP_NAME_SIZE 24u
#define CGROUP_TEXT_MAX 8192u	/* of a file of the kernel's; more is cut */

/* Where groups are made: a tree of groups, and the daemon's own in it. */
struct cgroup_tree {
	int own;		/* folder */
	bool v2;
	unsigned controllers;	/* bits; what is taken from this tree */
};

struct cgroups {
	struct cgroup_tree trees[CGROUP_N];
	size_t n;
	unsigned enabled;	/* by us, in the tree of version 2 */
	char inner[CGROUP_NAME_SIZE];	/* where the daemon is meanwhile, or "" */
	pid_t keeper;		/* or 0 */
	int alive;		/* closed: the daemon has ended */
};

/* A task's. A folder in each tree that holds something for it. */
struct cgroup {
	const struct cgroups *in;
	int folders[CGROUP_N];		/* or -1 */
	int procs[CGROUP_N];		/* its list of processes, or -1: moves one
					   that writes to it into it */
	uint32_t pids_max;
	uint64_t n_oom;			/* kills that were told already */
};

/* What is counted for TASK: bits of controllers, 0 = it has no group. */
unsigned cgroup_needs(const struct image_task *task);

/* Finds the controllers of WANTED. Returns the bits of those that are to be had:
   some, all or none; no error. */
unsigned cgroups_init(struct cgroups *cgroups, unsigned wanted);
/* Starts the keeper of the groups of the N uids from FIRST on: before one is made.
   0 or -errno. */
int cgroups_keep(struct cgroups *cgroups, uint32_t first, uint32_t n);
/* Has the keeper remove them, and waits for it. After all programs have ended. */
void cgroups_deinit(struct cgroups *cgroups);
/* The trees as they were found, but for groups of programs. */
void cgroups_undo(struct cgroups *cgroups);
/* Of the group of UID's program. */
void cgroup_name(char name[CGROUP_NAME_SIZE], uint32_t uid);
/* "memory, cpu": the names of BITS. */
const char *cgroup_names(unsigned bits, char *buffer, size_t size);

/* A group with no tree, which all below take for none. */
void cgroup_init(struct cgroup *group);
/* Makes the group of the program of UID with the limits of TASK, as far as there
   are controllers. 0, or -errno with none to enter. */
int cgroup_make(struct cgroup *group, const struct cgroups *cgroups,
		const struct image_task *task, uint32_t uid);
/* Kills whatever is in it, as a whole: nothing new begins meanwhile, and in version 1
   everything stands still, if there is a freezer. */
void cgroup_kill(struct cgroup *group);
/* The program has ended: nothing of it may be left. Returns true if Linux ended it
   since its memory was used up. */
bool cgroup_end(struct cgroup *group);
/* Leaves its folders to the keeper. */
void cgroup_deinit(struct cgroup *group);

/* Writes to a file of a group: 0 or -errno. Reads one: "" if it cannot be. */
int cgroup_put(int folder, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void cgroup_get(int folder, const char *name, char *text, size_t size);

/* In the child, while it is root: into its group. 0 or -errno. */
int cgroup_enter(const struct cgroup *group);
/* Whether Linux lists it there: 0, -EBADE if not, or -errno. */
int cgroup_probe(const struct cgroup *group);

#endif
