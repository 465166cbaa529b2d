/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Proves the start list: what the launcher takes from it are names, base names
 * of executables, argument lists and paths that cannot climb.
 */
#include <string.h>

#include "../abi/wire.h"
#include "image_check.h"

#define LIST_MAX 4096u		/* elements of one list */

static const char *list_string(const struct image *image,
			       const struct image_list *list, uint32_t i)
{
	return image_string(image, image->lists[list->first + i]);
}

static bool is_base_name(const char *path)
{
	return *path && !strchr(path, '/') && strcmp(path, ".") != 0 &&
	       strcmp(path, "..") != 0;
}

/* Not empty, and no part of it is "..". */
static bool is_path(const char *path)
{
	if (!*path)
		return false;
	for (const char *at = path; at; at = strchr(at, '/')) {
		if (*at == '/')
			at++;
		if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || !at[2]))
			return false;
	}
	return true;
}

/* "NAME=value" */
static bool is_variable(const char *text)
{
	const char *equals = strchr(text, '=');

	return equals && equals != text;
}

static bool check_paths(const struct image *image, const struct image_list *list)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (!is_path(list_string(image, list, i)))
			return false;
	return true;
}

/* In rising order, so that none stands twice. */
static bool check_syscalls(const struct image *image,
			   const struct image_list *list)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (!*list_string(image, list, i) ||
		    (i > 0 && strcmp(list_string(image, list, i - 1),
				     list_string(image, list, i)) >= 0))
			return false;
	return true;
}

static bool refuse(const struct image_check *check, uint32_t index,
		   const char *what)
{
	return image_refuse(check, SECTION_TASKS, index, what);
}

static bool check_lists(const struct image_check *check, uint32_t index,
			const struct image_task *task)
{
	const struct image *image = check->image;
	const struct image_list *lists[] = {
		&task->args, &task->env, &task->read, &task->write,
		&task->syscalls,
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (lists[i]->count > LIST_MAX ||
		    !image_has(check, SECTION_LISTS, lists[i]->first,
			       lists[i]->count))
			return refuse(check, index, "a list is out of range");
	for (uint32_t i = 0; i < task->env.count; i++)
		if (!is_variable(list_string(image, &task->env, i)))
			return refuse(check, index,
				      "a variable is not NAME=value");
	if (!check_paths(image, &task->read) || !check_paths(image, &task->write))
		return refuse(check, index, "a path is empty or climbs by ..");
	if (!check_syscalls(image, &task->syscalls))
		return refuse(check, index, "the system calls are not in order");
	return true;
}

static bool check_limits(const struct image_check *check, uint32_t index,
			 const struct image_task *task)
{
	const char *tmpfs;

	if (task->pids != 0 && task->pids < task->threads)
		return refuse(check, index, "a task's pids are fewer than its "
			      "threads");
	if (!image_is_string(check, task->tmpfs))
		return refuse(check, index, "a task's tmpfs is out of range");
	tmpfs = image_string(check->image, task->tmpfs);
	if (!*tmpfs != !task->tmpfs_kib || (*tmpfs && !is_path(tmpfs)))
		return refuse(check, index, "a task's tmpfs lacks its path or "
			      "its size");
	if (task->profile > PROFILE_POSIX || task->preferred & ~TASK_LAYERS ||
	    task->probe > PROBE_NEVER)
		return refuse(check, index, "a task's profile, layers or probe "
			      "are out of range");
	return true;
}

/* What people see and say: printable ASCII, and no option of a command. */
static bool is_task_name(const char *name)
{
	const char *c = name;

	while (*c >= ' ' && *c <= '~')
		c++;
	return !*c && *name != '-';
}

static bool check_task(const struct image_check *check, uint32_t index)
{
	const struct image *image = check->image;
	const struct image_task *task = &image->tasks[index];

	if (!image_is_name(check, task->name) ||
	    !is_task_name(image_string(image, task->name)))
		return refuse(check, index, "a task has no proper name");
	/* The kernel's class and the starter's are no programs. */
	if (task->class_index <= IMAGE_CLASS_EINIT ||
	    task->class_index >= image->n_classes)
		return refuse(check, index, "a task's class is out of range");
	if (!image_is_name(check, task->path) ||
	    !is_base_name(image_string(image, task->path)))
		return refuse(check, index,
			      "a program's file is not a base name");
	if (task->threads == 0 || task->start > TASK_DEMAND)
		return refuse(check, index,
			      "a task's threads or start is out of range");
	return check_limits(check, index, task) &&
	       check_lists(check, index, task);
}

static bool check_channels(const struct image_check *check)
{
	const struct image *image = check->image;
	uint16_t ends[IMAGE_TASKS_MAX];

	memset(ends, 0, sizeof(ends));
	for (uint32_t i = 0; i < image->n_channels; i++) {
		const struct image_channel *channel = &image->channels[i];

		if (!image_is_name(check, channel->name))
			return image_refuse(check, SECTION_CHANNELS, i,
					    "a channel has no proper name");
		if (channel->client >= image->n_tasks ||
		    channel->server >= image->n_tasks)
			return image_refuse(check, SECTION_CHANNELS, i,
					    "a channel's task is out of range");
		/* A server's listeners are shared: the daemon counts those. */
		if (++ends[channel->client] > WIRE_ENDS_MAX)
			return image_refuse(check, SECTION_CHANNELS, i,
					    "a task has too many channels");
	}
	return true;
}

/* As the machine's accounts are named; whom to let in is not guessed from more. */
static bool is_user_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

	return n > 0 && name[0] != '-' && (!name[n] || !strcmp(name + n, "$"));
}

static bool check_users(const struct image_check *check)
{
	const struct image *image = check->image;
	uint32_t twice;

	if (image->n_users > IMAGE_USERS_MAX)
		return image_refuse(check, SECTION_USERS, IMAGE_USERS_MAX,
				    "there are too many users");
	for (uint32_t i = 0; i < image->n_users; i++) {
		const struct image_user *user = &image->users[i];

		if (!image_is_name(check, user->name) ||
		    !is_user_name(image_string(image, user->name)))
			return image_refuse(check, SECTION_USERS, i,
					    "a user has no proper name");
		if (user->class_index <= IMAGE_CLASS_EINIT ||
		    user->class_index >= image->n_classes)
			return image_refuse(check, SECTION_USERS, i,
					    "a user's class is out of range");
	}
	if (image->n_users > 0 &&
	    !image_names_differ(check, &image->users[0].name,
				sizeof(struct image_user) / sizeof(uint32_t),
				image->n_users, &twice))
		return image_refuse(check, SECTION_USERS, twice,
				    "two users have one name");
	return true;
}

bool image_check_start(const struct image_check *check)
{
	const struct image *image = check->image;
	uint32_t twice;

	for (uint32_t i = 0; i < check->count[SECTION_LISTS]; i++)
		if (!image_is_string(check, image->lists[i]))
			return image_refuse(check, SECTION_LISTS, i,
					    "a list's string is out of range");
	if (image->n_tasks > IMAGE_TASKS_MAX)
		return refuse(check, IMAGE_TASKS_MAX, "there are too many tasks");
	for (uint32_t i = 0; i < image->n_tasks; i++)
		if (!check_task(check, i))
			return false;
	if (image->n_tasks > 0 &&
	    !image_names_differ(check, &image->tasks[0].name,
				sizeof(struct image_task) / sizeof(uint32_t),
				image->n_tasks, &twice))
		return refuse(check, twice, "two tasks have one name");
	return check_channels(check) && check_users(check);
}
