/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Capabilities: the few that the launcher keeps, and none for all others. */
#ifndef DK_TASK_CONFINE_CAPS_H
#define DK_TASK_CONFINE_CAPS_H

#include <stdint.h>

/* The launcher: its permitted and bounding sets become the list that it needs
   to start, end and identify programs. 0 or -errno. */
int caps_keep_launcher(void);

/* How many this kernel has. */
int caps_count(void);

/*
 * The bounding set of the first N too, caps_count() of them, and securebits, locked: from then on no exec gives a
 * capability, root's own neither, a change of uid takes none (that is
 * caps_enter_none), and children inherit all of that, but in a user namespace of
 * their own. In a child too. 0 or -errno.
 */
int caps_lock(int n);

/* In the child of a start, or in the mediator, after caps_lock here or in the
   parent: no group, and UID as group and user, real, effective and saved. */
int caps_enter_uid(uint32_t uid);
/* Every set empty: the ambient one is, where the permitted one is. */
int caps_enter_none(void);
/* 0 if the sets are empty and none fills again, -EBADE if not. */
int caps_probe(void);

#endif
