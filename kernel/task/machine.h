/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What this machine can do, found out once, and what the launcher does to
 * itself before it starts anything: whatever is inherited by programs.
 */
#ifndef DK_TASK_MACHINE_H
#define DK_TASK_MACHINE_H

#include "../base/monitor.h"
#include "task.h"

/* Forgets what the caller left behind: environment, signal dispositions, umask,
   missing standard descriptors; raises the descriptor limit; makes this process
   unreadable to others and its memory never both writable and executable. */
enum dkd_exit machine_init(struct machine *machine);

/* Without root: into a user namespace of its own and a mount namespace in it, where
   all that follows is allowed. After whatever asks for an owner: in there, root is
   as unknown as others. */
enum dkd_exit machine_enter(void);

/* Empty net, ipc and uts namespaces, which programs inherit, then only the
   capabilities that starting needs. After everything has been opened. */
enum dkd_exit machine_close(struct machine *machine);

/* What the kernel of this machine lacks, by name and level: the layers in one
   line, the levels of Landlock in one, a line each for what else is newer. */
void machine_say_missing(const struct machine *machine);

#endif
