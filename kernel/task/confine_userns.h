/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * User namespaces: what stands in for root where the daemon was not started by
 * it. The launcher has one, in which it has capabilities and its user's ids are
 * what they were outside; the mediator and each task have one of their own in
 * that, in which they drop all capabilities, so that a program has none over
 * another although both are one user's. Root never uses them.
 */
#ifndef DK_TASK_CONFINE_USERNS_H
#define DK_TASK_CONFINE_USERNS_H

#include <stdbool.h>

/* Not started by root. The ids of a launcher and of a mediator that has not been
   confined yet are the caller's in both modes. */
bool rootless(void);

/* This process, of one thread and not protected from dumps, goes into a user
   namespace of its own with all capabilities there. 0 or -errno. */
int userns_enter(void);

/* Says why there is none, as far as the machine tells, and what to do. */
void userns_say_forbidden(int error);

/* A user namespace below this process's own, with the same two ids and nobody in
   it: a descriptor, the caller's, or -errno. Before dumps are forbidden. */
int userns_make(void);

/* In the child: into such a one, with all capabilities there, N_CAPS of them, but
   none to be had by an exec. 0 or -errno. */
int userns_enter_made(int userns, int n_caps);

#endif
