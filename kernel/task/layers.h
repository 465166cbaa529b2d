/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The layers that a machine may lack without being broken: Landlock, control
 * groups, dumps that are off. A task whose sandbox requires one that is not there
 * does not start; one that only prefers it starts without.
 */
#ifndef DK_TASK_LAYERS_H
#define DK_TASK_LAYERS_H

#include "task.h"

/* What all tasks ask of control groups; says once what the machine lacks. */
void layers_find(struct solution *solution);
/* "line 7 of init.yaml", or that it has none. */
const char *layers_place(const struct image_task *entry, char *buffer, size_t size);
/* Makes TASK's group and its .layers. DKD_CONFINE, having said it, if a layer that
   it requires is not there. */
enum dkd_exit layers_init(struct task *task, const struct solution *solution,
			  const struct machine *machine);

#endif
