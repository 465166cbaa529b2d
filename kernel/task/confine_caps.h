/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Capabilities: the few that the launcher keeps, and none for all others. */
#ifndef DK_TASK_CONFINE_CAPS_H
#define DK_TASK_CONFINE_CAPS_H

#include <stdint.h>

/* The launcher: its permitted and bounding sets become the list that it needs
   to start, end and identify programs. 0 or -errno. */
int caps_keep_launcher(void);

/* In the child of a start, or in the mediator: keeps the sets over the change
   of user id that follows. 0 or -errno. */
int caps_enter_keep(void);
/* No group, and UID as group and user, real, effective and saved. */
int caps_enter_uid(uint32_t uid);
/* Every set empty, ambient and bounding too, and no way back by uid 0. */
int caps_enter_none(void);

#endif
