/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "layers.h"

#include <stdio.h>
#include <string.h>

#include "confine_userns.h"
#include "say.h"

const char *layers_place(const struct image_task *entry, char *buffer,
			 size_t size)
{
	if (entry->line)
		snprintf(buffer, size, "line %u of init.yaml", entry->line);
	else
		snprintf(buffer, size, "it has none in init.yaml");
	return buffer;
}

/* What the start list calls required is there, or the task does not start. */
static enum dkd_exit check_layers(const struct task *task,
				  const struct image_task *entry,
				  const struct machine *machine)
{
	uint32_t have = machine->layers | task->layers;
	enum dkd_exit exit = DKD_OK;

	if (!task_asks_cgroup(entry))
		have |= UINT32_C(1) << LAYER_CGROUP;
	for (int i = 0; i < LAYER_N; i++) {
		char place[48];
		const char *name = confine_layer_name((enum confine_layer)i);
		uint32_t option = confine_layer_option((enum confine_layer)i);

		if (have >> i & 1 || !option || entry->preferred & option)
			continue;
		say("task %s: the layer %s is required, and %s "
		    "give it: say 'layers: {%s: preferred}' in its sandbox "
		    "(%s) to run it without", task->name, name,
		    rootless() && i == LAYER_CGROUP ? "only a dkd of root's can"
		    : "this machine cannot", name, layers_place(entry, place, sizeof(place)));
		exit = DKD_CONFINE;
	}
	return exit;
}

/* Its group, if it asks for one and the machine has all that is counted. */
static void make_group(struct task *task, const struct solution *solution,
		       const struct image_task *entry)
{
	unsigned needs = cgroup_needs(entry);
	int r;

	if (!needs || rootless())
		return;
	r = cgroup_make(&task->group, &solution->cgroups, entry, task->uid);
	if (r < 0)
		say("task %s: no control group can be made for it: %s",
		    task->name, strerror(-r));
	else if (!(needs & ~solution->controllers))
		task->layers = UINT32_C(1) << LAYER_CGROUP;
}

/* What the groups of all tasks need, and of it what the machine lacks: once. */
void layers_find(struct solution *solution)
{
	uint32_t n = solution->image.n_tasks;
	unsigned wanted = 0;
	char buffer[64];
	int r;

	for (uint32_t i = 0; i < n; i++)
		wanted |= cgroup_needs(&solution->image.tasks[i]);
	if (!wanted || rootless())	/* of which there is a line */
		return;
	solution->controllers = cgroups_init(&solution->cgroups, wanted);
	r = solution->controllers ?
		cgroups_keep(&solution->cgroups, solution->uids.first + 1, n) : 0;
	if (r < 0) {
		say("control groups have no keeper: %s", strerror(-r));
		cgroups_deinit(&solution->cgroups);
		solution->controllers = 0;
	}
	if (wanted & ~solution->controllers)
		say("this machine gives dkd no control groups for: %s: those "
		    "limits are kept by resource limits, or not at all",
		    cgroup_names(wanted & ~solution->controllers, buffer,
				 sizeof(buffer)));
}

enum dkd_exit layers_init(struct task *task, const struct solution *solution,
			  const struct machine *machine)
{
	const struct image_task *entry = &solution->image.tasks[task->index];

	make_group(task, solution, entry);
	return check_layers(task, entry, machine);
}
