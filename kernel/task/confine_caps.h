/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Capabilities: the few that the launcher keeps, and none for all others. */
#ifndef DK_TASK_CONFINE_CAPS_H
#define DK_TASK_CONFINE_CAPS_H

#include <stdint.h>

/* The launcher: its permitted and bounding sets become the list that it needs
   to start, end and identify programs. 0 or -errno. */
int caps_keep_launcher(void);

/* The whole bounding set: after that no exec, root's own neither, gives what the
   process has not, and its children inherit that, but in a user namespace of their
   own. In a child too. 0 or -errno. */
int caps_drop_bound(void);

/* In the child of a start, or in the mediator: keeps the sets over the change
   of user id that follows. 0 or -errno. */
int caps_enter_keep(void);
/* No group, and UID as group and user, real, effective and saved. */
int caps_enter_uid(uint32_t uid);
/* Every set empty, ambient too, and no way back by uid 0. After caps_drop_bound,
   here or in the parent. */
int caps_enter_none(void);
/* 0 if the sets are empty and none fills again, -EBADE if not. */
int caps_probe(void);

#endif
