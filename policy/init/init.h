/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * init.yaml: the programs of a solution, in the order of their start, with
 * their sandboxes and static channels. Every place in an error is one in the
 * file. All memory is the arena's.
 */
#ifndef DK_INIT_H
#define DK_INIT_H

#include "../psl/psl.h"

#define INIT_THREADS_MAX	1024u
#define INIT_PIDS_MAX		4096u
#define INIT_FILES_MAX		65536u
#define INIT_CPU_MAX		102400u	/* percent */
#define INIT_MEMORY_MIN		1024u	/* KiB */
#define INIT_NAME_SERVER	"kl.core.NameServer"

struct init_list {
	const char **of;
	size_t n, capacity;
};

struct init_connection {
	struct pos pos, target_pos, id_pos;
	const char *target;		/* task name; NULL after an error */
	const char *id;			/* channel name */
	uint32_t server;		/* task, once they are sorted */
};

struct init_task {
	struct pos pos;			/* of its class's name */
	struct pos name_pos;		/* of .task, or of the class's name */
	const char *class_name;
	const char *name, *path;
	uint32_t class_index;		/* in the policy */
	bool demand;
	struct init_list args, env;
	/* sandbox; numbers as in struct image_task */
	struct pos sandbox_pos;		/* of no line: it has none */
	struct init_list read, write;
	uint32_t threads;		/* 1 = none */
	uint32_t memory_kib, cpu_percent, pids, files, tmpfs_kib;
	const char *tmpfs;		/* "" = none */
	enum task_profile profile;
	uint32_t preferred;		/* bit per enum task_layer */
	enum task_probe probe;
	struct init_connection *connections;
	size_t n_connections, connections_capacity;
};

/* Who of the machine may ask the daemon, and as which class. */
struct init_user {
	struct pos pos, class_pos;
	const char *name, *class_name;
	uint32_t class_index;		/* in the policy */
};

struct init {
	struct init_task *tasks;
	size_t n_tasks, tasks_capacity;
	struct init_user *users;
	size_t n_users, users_capacity;
};

/*
 * Reads the file at PATH for the classes of PSL. NULL after an error. PSL may be
 * NULL, if it has errors: all but the classes is checked.
 */
const struct init *init_read(struct arena *arena, struct sources *sources,
			     struct diags *diags, const struct psl *psl,
			     const char *path);

/*
 * check.c, for load.c: classes, names and targets; adds the name server's
 * channels; puts the tasks into the order of their start.
 */
void init_check(struct init *init, struct arena *arena, struct diags *diags,
		const struct psl *psl);

#endif
