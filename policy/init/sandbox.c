/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "sandbox.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define N_KEYS(keys) (sizeof(keys) / sizeof(*(keys)))
#define KIB_MAX		(1024ull * 1024 * 1024)		/* 1024G */
#define KIB_PAGE	4u

enum given { GIVEN_READ, GIVEN_WRITE, GIVEN_TMPFS };

/* A place in the program's files. */
struct place {
	struct pos pos;
	const char *path;
	enum given given;
};

/* What is known of a sandbox while it is read. */
struct reading {
	struct init_task *task;
	struct place *places;
	size_t n_places, places_capacity;
	enum given given;		/* of the list being read */
	struct pos threads_pos, pids_pos, memory_pos, tmpfs_pos, size_pos;
	bool cgroup;			/* is named as a layer */
};

#define ERROR(yaml, node, ...) \
	diag_error((yaml)->diags, yaml_pos((yaml), (node)), __VA_ARGS__)

/* ---- paths ---- */

/* Not the root, and no part of it is "." or "..". */
static bool check_path(struct yaml *yaml, yaml_node_t *node, const char *path)
{
	size_t size = 0;
	bool named = false;

	for (const char *part = path; *part; part += size + (part[size] == '/')) {
		size = strcspn(part, "/");
		named = named || size;
		if ((size == 1 && *part == '.') ||
		    (size == 2 && !strncmp(part, "..", 2))) {
			ERROR(yaml, node, "a path has no part '%.*s', found "
			      "'%s'", (int)size, part, path);
			return false;
		}
	}
	if (!named)
		ERROR(yaml, node, "a path names a file or a folder, found '%s'",
		      path);
	return named;
}

/* Where the program sees it: relative ones are below its root too. */
static const char *seen(const char *path)
{
	return path + strspn(path, "/");
}

/* Is INNER in the folder OUTER? */
static bool is_below(const struct place *inner, const struct place *outer)
{
	const char *in = seen(inner->path), *out = seen(outer->path);
	size_t size = strlen(out);

	return !strncmp(in, out, size) && in[size] == '/';
}

/*
 * One place is one thing. In a folder to read there may be one to write; anything
 * else below another is given already, or is the owner's of that one to change.
 */
static const char *conflict(const struct place *a, const struct place *b)
{
	if (!strcmp(seen(a->path), seen(b->path)))
		return a->given == b->given ? "is there already" :
			"is there already, as another kind";
	if (is_below(a, b))
		return b->given == GIVEN_READ && a->given == GIVEN_WRITE ?
			NULL : "is in what is given already";
	if (is_below(b, a))
		return a->given == GIVEN_READ && b->given == GIVEN_WRITE ?
			NULL : "holds what is given already";
	return NULL;
}

/* Its path, NULL after an error. */
static const char *add_place(struct yaml *yaml, yaml_node_t *node,
			     struct reading *reading, enum given given)
{
	struct place place = {
		.pos = yaml_pos(yaml, node), .given = given,
		.path = yaml_text(yaml, node, "a path"),
	};

	if (!place.path || !check_path(yaml, node, place.path))
		return NULL;
	for (size_t i = 0; i < reading->n_places; i++) {
		const char *what = conflict(&place, &reading->places[i]);

		if (!what)
			continue;
		diag_error(yaml->diags, place.pos, "the path '%s' %s",
			   place.path, what);
		diag_note(yaml->diags, reading->places[i].pos, "that is here");
		return NULL;
	}
	*ARENA_PUSH(yaml->arena, reading->places, reading->n_places,
		    reading->places_capacity) = place;
	return place.path;
}

static void add_path(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct reading *reading = to;
	struct init_list *list = reading->given == GIVEN_READ ?
		&reading->task->read : &reading->task->write;
	const char *path = add_place(yaml, node, reading, reading->given);

	if (path)
		*ARENA_PUSH(yaml->arena, list->of, list->n, list->capacity) =
			path;
}

static void read_read(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct reading *reading = to;

	reading->given = GIVEN_READ;
	yaml_sequence(yaml, node, "'read'", add_path, to);
}

static void read_write(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct reading *reading = to;

	reading->given = GIVEN_WRITE;
	yaml_sequence(yaml, node, "'write'", add_path, to);
}

/* ---- numbers ---- */

/* WHAT, from 1 to MAX; 0 after an error. */
static uint32_t read_number(struct yaml *yaml, yaml_node_t *node,
			    const char *what, unsigned long max)
{
	const char *text = yaml_text(yaml, node, what);
	unsigned long n;
	char *end;

	if (!text)
		return 0;
	n = strtoul(text, &end, 10);
	if (isdigit((unsigned char)*text) && !*end && n && n <= max)
		return (uint32_t)n;
	ERROR(yaml, node, "%s is a number from 1 to %lu, found '%s'", what, max,
	      text);
	return 0;
}

static void read_threads(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct reading *reading = to;

	reading->task->threads = read_number(yaml, node, "'threads'",
					     INIT_THREADS_MAX);
	reading->threads_pos = yaml_pos(yaml, node);
}

static void read_pids(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct reading *reading = to;

	reading->task->pids = read_number(yaml, node, "'pids'", INIT_PIDS_MAX);
	reading->pids_pos = yaml_pos(yaml, node);
}

static void read_files(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct reading *reading = to;

	reading->task->files = read_number(yaml, node, "'files'",
					   INIT_FILES_MAX);
}

/* Processors are many or few, so it is a part of one: 50%, 400%. */
static void read_cpu(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct reading *reading = to;
	const char *text = yaml_text(yaml, node, "'cpu'");
	unsigned long n;
	char *end;

	if (!text)
		return;
	n = strtoul(text, &end, 10);
	if (isdigit((unsigned char)*text) && !strcmp(end, "%") && n &&
	    n <= INIT_CPU_MAX)
		reading->task->cpu_percent = (uint32_t)n;
	else if (isdigit((unsigned char)*text) && !*end && n && n <= 1024)
		ERROR(yaml, node, "'cpu' is in percent of one processor, found "
		      "'%s': did you mean '%lu%%'?", text, n * 100);
	else
		ERROR(yaml, node, "'cpu' is from 1%% to %u%% of one processor, "
		      "found '%s'", INIT_CPU_MAX, text);
}

/* KiB of a number of bytes, with K, M or G; 0 if it is none. */
static unsigned long long size_kib(const char *text)
{
	unsigned long long n, unit;
	char *end;

	if (!isdigit((unsigned char)*text))
		return 0;
	n = strtoull(text, &end, 10);
	unit = *end == 'K' ? 1 : *end == 'M' ? 1024 : 1024 * 1024;
	if (!*end)
		return n % 1024 ? 0 : n / 1024;
	if (!strchr("KMG", *end) || end[1])
		return 0;
	return n > KIB_MAX ? 0 : n * unit;
}

/* WHAT in KiB, whole pages and at least MIN of them; 0 after an error. */
static uint32_t read_size(struct yaml *yaml, yaml_node_t *node,
			  const char *what, uint32_t min)
{
	const char *text = yaml_text(yaml, node, what);
	unsigned long long kib = text ? size_kib(text) : 0;

	if (!text)
		return 0;
	if (kib >= min && kib <= KIB_MAX && kib % KIB_PAGE == 0)
		return (uint32_t)kib;
	ERROR(yaml, node, "%s is a size in steps of 4K from %uK to 1024G, with K, "
	      "M or G, found '%s'", what, min, text);
	return 0;
}

static void read_memory(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct reading *reading = to;

	reading->task->memory_kib = read_size(yaml, node, "'memory'",
					      INIT_MEMORY_MIN);
	reading->memory_pos = yaml_pos(yaml, node);
}

/* ---- a tmpfs ---- */

static void read_tmpfs_path(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct reading *reading = to;
	const char *path = add_place(yaml, node, reading, GIVEN_TMPFS);

	reading->task->tmpfs = path ? path : "";
	reading->tmpfs_pos = yaml_pos(yaml, node);
}

static void read_tmpfs_size(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct reading *reading = to;

	reading->task->tmpfs_kib = read_size(yaml, node, "'size'", KIB_PAGE);
	reading->size_pos = yaml_pos(yaml, node);
}

static void read_tmpfs(struct yaml *yaml, yaml_node_t *node, void *to)
{
	static const struct yaml_key keys[] = {
		{ "path", read_tmpfs_path, false },
		{ "size", read_tmpfs_size, false },
	};
	struct reading *reading = to;

	yaml_mapping(yaml, node, "'tmpfs'", keys, N_KEYS(keys), to);
	if (node->type == YAML_MAPPING_NODE && !reading->tmpfs_pos.line)
		ERROR(yaml, node, "'tmpfs' lacks the key 'path'");
	if (node->type == YAML_MAPPING_NODE && !reading->size_pos.line)
		ERROR(yaml, node, "'tmpfs' lacks the key 'size'");
}

/* ---- profile and layers ---- */

/* Is it the second of two words? False after an error. */
static bool read_choice(struct yaml *yaml, yaml_node_t *node, const char *what,
			const char *first, const char *second)
{
	const char *text = yaml_text(yaml, node, what);
	const char *near, *const words[] = { first, second };

	if (!text || !strcmp(text, first) || !strcmp(text, second))
		return text && !strcmp(text, second);
	near = diag_nearest(text, words, N_KEYS(words));
	ERROR(yaml, node, "%s is %s or %s, found '%s'%s%s%s", what, first,
	      second, text, near ? ", did you mean '" : "", near ? near : "",
	      near ? "'?" : "");
	return false;
}

static void read_profile(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct reading *reading = to;

	reading->task->profile = read_choice(yaml, node, "'profile'", "strict",
					     "posix") ?
		PROFILE_POSIX : PROFILE_STRICT;
}

static void read_probe(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct reading *reading = to;

	reading->task->probe = read_choice(yaml, node, "'probe'", "always",
					   "never") ?
		PROBE_NEVER : PROBE_ALWAYS;
}

static void read_layer(struct yaml *yaml, yaml_node_t *node,
		       struct reading *reading, const char *what,
		       enum task_layer layer)
{
	if (read_choice(yaml, node, what, "required", "preferred"))
		reading->task->preferred |= (uint32_t)layer;
	else
		reading->task->preferred &= ~(uint32_t)layer;
}

static void read_landlock(struct yaml *yaml, yaml_node_t *node, void *to)
{
	read_layer(yaml, node, to, "'landlock'", TASK_LANDLOCK);
}

static void read_cgroup(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct reading *reading = to;

	read_layer(yaml, node, to, "'cgroup'", TASK_CGROUP);
	reading->cgroup = true;
}

static void read_no_dump(struct yaml *yaml, yaml_node_t *node, void *to)
{
	read_layer(yaml, node, to, "'no-dump'", TASK_NO_DUMP);
}

static void read_layers(struct yaml *yaml, yaml_node_t *node, void *to)
{
	static const struct yaml_key keys[] = {
		{ "landlock", read_landlock, false },
		{ "cgroup", read_cgroup, false },
		{ "no-dump", read_no_dump, false },
	};

	yaml_mapping(yaml, node, "'layers'", keys, N_KEYS(keys), to);
}

/* ---- all of it ---- */

/* Each is fine alone. */
static void check_together(struct yaml *yaml, const struct reading *reading)
{
	const struct init_task *task = reading->task;

	if (task->pids && task->pids < task->threads) {
		diag_error(yaml->diags, reading->pids_pos, "'pids' is %u, fewer "
			   "than the threads, of which each counts", task->pids);
		diag_note(yaml->diags, reading->threads_pos,
			  "the threads are here");
	}
	if (task->memory_kib && task->tmpfs_kib > task->memory_kib) {
		diag_error(yaml->diags, reading->size_pos, "the tmpfs is larger "
			   "than the memory, to which it counts");
		diag_note(yaml->diags, reading->memory_pos,
			  "the memory is here");
	}
}

void sandbox_default(struct init_task *task)
{
	task->threads = 1;
	task->tmpfs = "";
	/* What dumps go through is a setting of the machine, not its kernel's
	   worth: systemd's collector of dumps changes it. */
	task->preferred = TASK_NO_DUMP;
}

void sandbox_read(struct yaml *yaml, yaml_node_t *node, struct init_task *task)
{
	static const struct yaml_key keys[] = {
		{ "read", read_read, false }, { "write", read_write, false },
		{ "tmpfs", read_tmpfs, false },
		{ "threads", read_threads, false },
		{ "memory", read_memory, false }, { "cpu", read_cpu, false },
		{ "pids", read_pids, false }, { "files", read_files, false },
		{ "profile", read_profile, false },
		{ "layers", read_layers, false },
		{ "probe", read_probe, false },
	};
	struct reading reading = { .task = task };

	task->sandbox_pos = yaml_pos(yaml, node);
	yaml_mapping(yaml, node, "'sandbox'", keys, N_KEYS(keys), &reading);
	check_together(yaml, &reading);
	if (reading.cgroup && !task->pids)
		task->pids = task->threads;
}
