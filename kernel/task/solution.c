/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "task.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/fd.h"
#include "confine_landlock.h"
#include "confine_userns.h"
#include "executable.h"
#include "layers.h"
#include "machine.h"
#include "say.h"
#include "sealed.h"

struct executable {
	const char *name;
	int fd;
	bool dynamic;
};

/* A filter, and the list in the image that it was made from. */
struct filter_of {
	struct image_list list;
	unsigned flags;
	struct filter filter;
};

/* The folders that names are looked up in. */
struct folders {
	const char *bin;
	const char *data;
	char beside[PATH_MAX];	/* the image's own */
	int bin_fd;
	int data_fd;		/* opened later */
};

uint32_t task_count_fds(const struct image *image, uint32_t index)
{
	uint32_t n = WIRE_FIRST_STATIC_FD;

	for (uint32_t i = 0; i < image->n_channels; i++) {
		const struct image_channel *channel = &image->channels[i];
		bool known = false;

		if (channel->client == index)
			n++;
		if (channel->server != index)
			continue;
		for (uint32_t j = 0; j < i && !known; j++)
			known = image->channels[j].server == index
				&& image->channels[j].name == channel->name;
		if (!known)
			n++;
	}
	return n;
}

static enum dkd_exit out_of(const char *what, int error)
{
	say("the machine has no %s left: %s", what, strerror(error));
	return DKD_MACHINE;
}

/* ---- where names are looked up ---- */

static enum dkd_exit open_folder(int *fd, const char *option, const char *path)
{
	*fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*fd >= 0)
		return DKD_OK;
	say("%s %s: %s", option, path, strerror(errno));
	return DKD_USAGE;
}

static enum dkd_exit folders_init(struct folders *folders,
				  const struct options *options)
{
	const char *slash = strrchr(options->image, '/');
	size_t n = slash ? (size_t)(slash - options->image) : 0;

	folders->bin_fd = folders->data_fd = -1;
	if (n >= sizeof(folders->beside)) {
		say("%s: %s", options->image, strerror(ENAMETOOLONG));
		return DKD_USAGE;
	}
	memcpy(folders->beside, slash ? options->image : ".", slash ? n : 1);
	folders->beside[slash ? n : 1] = 0;
	if (slash == options->image)
		memcpy(folders->beside, "/", 2);
	folders->bin = options->bin ? options->bin : folders->beside;
	folders->data = options->data ? options->data : folders->beside;
	return open_folder(&folders->bin_fd, "--bin", folders->bin);
}

static void folders_deinit(struct folders *folders)
{
	fd_close(&folders->bin_fd);
	fd_close(&folders->data_fd);
}

/* ---- what tasks share ---- */

static enum dkd_exit find_executable(struct solution *solution,
				     const struct folders *folders,
				     const char *name,
				     const struct executable **found)
{
	struct executable *at = solution->executables;
	enum dkd_exit exit;

	for (uint32_t i = 0; i < solution->n_executables; i++, at++) {
		*found = at;
		if (!strcmp(at->name, name))
			return DKD_OK;
	}
	exit = executable_open(&at->fd, folders->bin_fd, folders->bin, name,
			       &at->dynamic);
	if (exit != DKD_OK)
		return exit;
	at->name = name;
	solution->n_executables++;
	*found = at;
	return DKD_OK;
}

/* Its file, if its profile can run it. */
static enum dkd_exit task_executable(struct task *task,
				     struct solution *solution,
				     const struct folders *folders,
				     const struct image_task *entry)
{
	const struct executable *found;
	enum dkd_exit exit;
	char place[48];

	exit = find_executable(solution, folders,
			       image_string(&solution->image, entry->path),
			       &found);
	if (exit != DKD_OK)
		return exit;
	if (found->dynamic && entry->profile == PROFILE_STRICT) {
		say("task %s: %s/%s is dynamically linked, and sees no "
		    "libraries in here: link it with -static-pie, or say "
		    "'profile: posix' in its sandbox (%s)", task->name,
		    folders->bin, found->name,
		    layers_place(entry, place, sizeof(place)));
		return DKD_UNRUNNABLE;
	}
	task->executable = found->fd;
	return DKD_OK;
}

static enum dkd_exit find_filter(struct solution *solution,
				 const struct image_task *entry, bool mdwe,
				 struct filter **filter)
{
	const struct image *image = &solution->image;
	struct filter_of *at = solution->filters;
	unsigned flags = (entry->threads > 1 ? SYSCALL_THREADS : 0u)
		| (mdwe ? 0u : entry->profile == PROFILE_POSIX ?
		   SYSCALL_NO_CODE | SYSCALL_LIBRARIES : SYSCALL_NO_CODE);
	const char *fault, **names;
	int r;

	for (uint32_t i = 0; i < solution->n_filters; i++, at++) {
		*filter = &at->filter;
		if (at->list.first == entry->syscalls.first
		    && at->list.count == entry->syscalls.count
		    && at->flags == flags)
			return DKD_OK;
	}
	names = calloc(entry->syscalls.count + 1, sizeof(*names));
	if (!names)
		return out_of("memory", ENOMEM);
	for (uint32_t i = 0; i < entry->syscalls.count; i++)
		names[i] = image_string(image,
					image->lists[entry->syscalls.first + i]);
	r = filter_init(&at->filter, names, entry->syscalls.count, flags,
			&fault);
	free(names);
	if (r < 0) {
		say("task %s: no system-call filter from its list: %s%s%s",
		    image_string(image, entry->name), fault ? fault : "",
		    fault ? ": " : "",
		    r == -ENOENT ? "no such call is known here"
		    : r == -EPERM ? "no program may have this call"
		    : strerror(-r));
		return DKD_CONFINE;
	}
	at->list = entry->syscalls;
	at->flags = flags;
	solution->n_filters++;
	*filter = &at->filter;
	return DKD_OK;
}

/* ---- a task ---- */

/* FIRST (if any), then the strings of LIST, then NULL. */
static char **words(const struct image *image, const char *first,
		    struct image_list list)
{
	char **all = calloc((size_t)list.count + 2, sizeof(*all));
	size_t n = 0;

	if (!all)
		return NULL;
	if (first)
		all[n++] = (char *)(uintptr_t)first;
	for (uint32_t i = 0; i < list.count; i++)
		all[n++] = (char *)(uintptr_t)image_string(image,
					image->lists[list.first + i]);
	return all;
}

/* What it is, and its program. */
static enum dkd_exit task_init(struct task *task, struct solution *solution,
			       const struct folders *folders,
			       const struct machine *machine, uint32_t index)
{
	const struct image *image = &solution->image;
	const struct image_task *entry = &image->tasks[index];
	enum dkd_exit exit;

	*task = (struct task){
		.index = index, .name = image_string(image, entry->name),
		.uid = uids_get(&solution->uids, index),
		.n_fds = task_count_fds(image, index),
		.n_syscalls = entry->syscalls.count,
		.probed = entry->probe == PROBE_ALWAYS,
		.tree = -1, .userns = -1, .landlock = -1,
		.pidfd = -1, .listener = -1, .syscall = -1,
	};
	cgroup_init(&task->group);
	if (task->n_fds > MONITOR_FDS_MAX) {
		say("task %s: has %u static channels, more than %u", task->name,
		    task->n_fds - WIRE_FIRST_STATIC_FD, WIRE_ENDS_MAX);
		return DKD_IMAGE;
	}
	exit = task_executable(task, solution, folders, entry);
	if (exit == DKD_OK)
		exit = find_filter(solution, entry, machine->mdwe,
				   &task->filter);
	return exit;
}

static enum dkd_exit task_files(struct task *task, struct solution *solution,
				const struct folders *folders,
				const struct machine *machine)
{
	const struct image_task *entry = &solution->image.tasks[task->index];
	int r = fs_plan_init(&task->fs, &solution->image, entry, task->uid,
			     folders->data_fd, folders->data);

	if (r < 0)
		return r == -ENOMEM ? out_of("memory", ENOMEM) : DKD_CONFINE;
	task->tree = fd_lift(fs_tree_make(&task->fs), TASK_FDS_KEPT);
	if (task->tree < 0) {
		say("task %s: its tree of mounts cannot be made: %s", task->name,
		    strerror(-task->tree));
		return DKD_CONFINE;
	}
	if (machine->landlock_abi > 0) {
		task->landlock = fd_lift(landlock_ruleset(machine->landlock_abi,
							  &task->fs),
					 TASK_FDS_KEPT);
		if (task->landlock < 0) {
			say("task %s: no Landlock rules for it: %s", task->name,
			    strerror(-task->landlock));
			return DKD_CONFINE;
		}
	}
	fs_plan_close(&task->fs);
	return DKD_OK;
}

/* What it is confined by. */
static enum dkd_exit task_confine(struct task *task, struct solution *solution,
				  const struct folders *folders,
				  const struct machine *machine)
{
	const struct image *image = &solution->image;
	const struct image_task *entry = &image->tasks[task->index];
	enum dkd_exit exit = task_files(task, solution, folders, machine);

	if (exit != DKD_OK)
		return exit;
	if (rootless()) {
		task->userns = fd_lift(userns_make(), TASK_FDS_KEPT);
		if (task->userns < 0) {
			userns_say_forbidden(-task->userns);
			return DKD_CONFINE;
		}
	}
	limits_init(&task->limits, entry, task->n_fds);
	exit = layers_init(task, solution, machine);
	if (exit != DKD_OK)
		return exit;
	task->argv = words(image, task->name, entry->args);
	task->envp = words(image, NULL, entry->env);
	return task->argv && task->envp ? DKD_OK : out_of("memory", ENOMEM);
}

static void task_deinit(struct task *task)
{
	fs_plan_deinit(&task->fs);
	cgroup_deinit(&task->group);
	fd_close(&task->tree);
	fd_close(&task->userns);
	fd_close(&task->landlock);
	free(task->argv);
	free(task->envp);
}

/* One folder has one owner: with two writers the first would lose it. */
static enum dkd_exit check_writers(const struct solution *solution)
{
	for (uint32_t i = 0; i < solution->n_tasks; i++)
	for (uint32_t j = 0; j < i; j++)
	for (size_t x = 0; x < solution->tasks[i].fs.n; x++)
	for (size_t y = 0; y < solution->tasks[j].fs.n; y++) {
		const struct fs_path *a = &solution->tasks[i].fs.paths[x];
		const struct fs_path *b = &solution->tasks[j].fs.paths[y];

		if (!a->write || !b->write || a->dev != b->dev
		    || a->ino != b->ino)
			continue;
		say("tasks %s and %s both want to write in %s: a folder has "
		    "one owner; give each its own", solution->tasks[j].name,
		    solution->tasks[i].name, a->given);
		return DKD_CONFINE;
	}
	return DKD_OK;
}

/* ---- the solution ---- */

static enum dkd_exit check_waits(const struct image *image,
				 const struct options *options)
{
	for (size_t i = 0; i < options->n_wait; i++) {
		if (image_find_task(image, options->wait[i]) != IMAGE_NONE)
			continue;
		say("--wait %s: there is no such task in %s", options->wait[i],
		    options->image);
		return DKD_USAGE;
	}
	return DKD_OK;
}

static enum dkd_exit first_of(enum dkd_exit first, enum dkd_exit exit)
{
	return first == DKD_OK ? exit : first;
}

/* Every task is looked at, so that all that is wrong is said at once. */
static enum dkd_exit find_tasks(struct solution *solution,
				const struct folders *folders,
				const struct machine *machine)
{
	enum dkd_exit first = DKD_OK;

	for (uint32_t i = 0; i < solution->image.n_tasks; i++) {
		first = first_of(first, task_init(&solution->tasks[i], solution,
						  folders, machine, i));
		solution->n_tasks = i + 1;
	}
	return first;
}

static enum dkd_exit confine_tasks(struct solution *solution,
				   const struct folders *folders,
				   const struct machine *machine)
{
	enum dkd_exit first = DKD_OK;

	for (uint32_t i = 0; i < solution->n_tasks; i++)
		if (solution->tasks[i].filter)	/* else it was refused */
			first = first_of(first,
					 task_confine(&solution->tasks[i],
						      solution, folders,
						      machine));
	return first;
}

/* Owners are looked at before machine_enter; what is mounted is opened after it. */
static enum dkd_exit init_tasks(struct solution *solution,
				const struct options *options,
				const struct machine *machine)
{
	uint32_t n = solution->image.n_tasks;
	enum dkd_exit first, exit;
	struct folders folders;

	solution->tasks = calloc(n + 1, sizeof(*solution->tasks));
	solution->executables = calloc(n + 1, sizeof(*solution->executables));
	solution->filters = calloc(n + 1, sizeof(*solution->filters));
	if (!solution->tasks || !solution->executables || !solution->filters)
		return out_of("memory", ENOMEM);
	layers_find(solution);
	exit = first = folders_init(&folders, options);
	if (exit == DKD_OK) {
		first = find_tasks(solution, &folders, machine);
		exit = machine_enter();
	}
	if (exit == DKD_OK)
		exit = open_folder(&folders.data_fd, "--data", folders.data);
	if (exit == DKD_OK)
		exit = confine_tasks(solution, &folders, machine);
	folders_deinit(&folders);
	first = first_of(first, exit);
	return first == DKD_OK ? check_writers(solution) : first;
}

enum dkd_exit solution_init(struct solution *solution,
			    const struct options *options,
			    const struct machine *machine)
{
	char *key;
	enum dkd_exit exit;
	int r;

	*solution = (struct solution){ .image_fd = -1, .uids.lock_fd = -1 };
	exit = solution_copy_image(&solution->image_fd, options->image);
	if (exit == DKD_OK)
		exit = solution_map(&solution->image, &solution->bytes,
				    &solution->size, solution->image_fd,
				    options->image);
	if (exit == DKD_OK)
		exit = check_waits(&solution->image, options);
	if (exit != DKD_OK)
		return exit;
	key = realpath(options->image, NULL);
	r = uids_init(&solution->uids, solution->image.n_tasks + 1,
		      key ? key : options->image);
	free(key);
	if (r < 0)
		return DKD_MACHINE;
	return init_tasks(solution, options, machine);
}

void solution_deinit(struct solution *solution)
{
	for (uint32_t i = 0; i < solution->n_tasks; i++)
		task_deinit(&solution->tasks[i]);
	for (uint32_t i = 0; i < solution->n_executables; i++)
		close(solution->executables[i].fd);
	for (uint32_t i = 0; i < solution->n_filters; i++)
		filter_deinit(&solution->filters[i].filter);
	free(solution->tasks);
	free(solution->executables);
	free(solution->filters);
	cgroups_deinit(&solution->cgroups);
	uids_deinit(&solution->uids);
	if (solution->bytes)
		munmap(solution->bytes, solution->size);
	if (solution->image_fd >= 0)
		close(solution->image_fd);
	*solution = (struct solution){ .image_fd = -1, .uids.lock_fd = -1 };
}
