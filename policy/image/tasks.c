/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The start list, the static channels, the users. */
#include "build.h"

#define LIST_MAX 4096u		/* as the loader of images has it */

static struct image_list add_list(struct build *build, struct pos pos,
				  const struct init_list *list)
{
	uint32_t *strings = arena_alloc(build->arena,
					list->n * sizeof(*strings) + 1);
	struct image_list image = { .count = (uint32_t)list->n };

	if (!list->n)
		return image;
	if (list->n > LIST_MAX)
		diag_error(build->diags, pos, "a list of this entity has more "
			   "than %u elements", LIST_MAX);
	for (size_t i = 0; i < list->n; i++)
		strings[i] = build_string(build, list->of[i]);
	if (memo_find(&build->lists, strings, list->n * sizeof(*strings),
		      &image.first))
		return image;
	image.first = (uint32_t)build->sections[SECTION_LISTS].n;
	for (size_t i = 0; i < list->n; i++)
		build_append(build, SECTION_LISTS, &strings[i]);
	memo_add(&build->lists, build->arena, strings,
		 list->n * sizeof(*strings), image.first);
	return image;
}

static void add_task(struct build *build, const struct init_task *task)
{
	bool handles = build->classes[task->class_index].flags & CLASS_HANDLES;
	struct init_list syscalls = { 0 };
	struct image_task image = {
		.name = build_string(build, task->name),
		.class_index = task->class_index,
		.path = build_string(build, task->path),
		.threads = task->threads,
		.start = task->demand ? TASK_DEMAND : TASK_AUTO,
		.args = add_list(build, task->pos, &task->args),
		.env = add_list(build, task->pos, &task->env),
		.read = add_list(build, task->pos, &task->read),
		.write = add_list(build, task->pos, &task->write),
		.memory_kib = task->memory_kib,
		.cpu_percent = task->cpu_percent,
		.pids = task->pids, .files = task->files,
		.tmpfs = build_string(build, task->tmpfs),
		.tmpfs_kib = task->tmpfs_kib, .profile = task->profile,
		.preferred = task->preferred, .probe = task->probe, .line = task->sandbox_pos.line,
	};

	syscalls_list(build->arena, task, handles, &syscalls);
	image.syscalls = add_list(build, task->pos, &syscalls);
	build_append(build, SECTION_TASKS, &image);
}

void build_tasks(struct build *build, const struct init *init)
{
	if (!init)
		return;
	if (init->n_tasks > IMAGE_TASKS_MAX) {
		diag_error(build->diags, init->tasks[IMAGE_TASKS_MAX].name_pos,
			   "there are more than %u tasks", IMAGE_TASKS_MAX);
		return;
	}
	for (size_t i = 0; i < init->n_tasks; i++)
		add_task(build, &init->tasks[i]);
	for (size_t i = 0; i < init->n_tasks; i++)
		for (size_t j = 0; j < init->tasks[i].n_connections; j++) {
			const struct init_connection *connection =
				&init->tasks[i].connections[j];
			struct image_channel channel = {
				.name = build_string(build, connection->id),
				.client = (uint32_t)i,
				.server = connection->server,
			};

			build_append(build, SECTION_CHANNELS, &channel);
		}
	for (size_t i = 0; i < init->n_users; i++) {
		struct image_user user = {
			.name = build_string(build, init->users[i].name),
			.class_index = init->users[i].class_index,
		};

		build_append(build, SECTION_USERS, &user);
	}
}
