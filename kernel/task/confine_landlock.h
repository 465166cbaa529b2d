/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Landlock: what the mount tree gives, once more by another mechanism, and no
 * TCP, no abstract sockets, no signals to others. All rights that the running
 * kernel knows are handled; only the given folders get some back.
 */
#ifndef DK_TASK_CONFINE_LANDLOCK_H
#define DK_TASK_CONFINE_LANDLOCK_H

#include <stdint.h>

#include "confine_fs.h"

/* The ABI of the running kernel that we use, 0 if it has none; -errno if it
   should have one and does not answer. */
int landlock_abi(void);

/* A ruleset (close-on-exec descriptor) of ABI for what PLAN holds, or for
   nothing at all when PLAN is NULL. -errno on failure. */
int landlock_ruleset(unsigned abi, const struct fs_plan *plan);

/* In the child, after no_new_privs. 0 or -errno. */
int landlock_enter(int ruleset);

#endif
