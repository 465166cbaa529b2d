/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* init.yaml against the policy's classes, and the order of start. */
#include <string.h>

#include "../../kernel/abi/wire.h"
#include "init.h"

static uint32_t find_task(const struct init *init, const char *name)
{
	for (uint32_t i = 0; i < init->n_tasks; i++)
		if (!strcmp(init->tasks[i].name, name))
			return i;
	return IMAGE_NONE;
}

/* The class's index; IMAGE_NONE after an error at POS. */
static uint32_t find_class(const char *class_name, struct pos pos,
			   struct arena *arena, struct diags *diags,
			   const struct psl *psl)
{
	const char **names = arena_alloc(arena, psl->n_classes *
					 sizeof(*names));
	const char *near;

	for (uint32_t i = 0; i < psl->n_classes; i++) {
		names[i] = psl->classes[i]->name;
		if (!strcmp(names[i], class_name))
			return i;
	}
	near = diag_nearest(class_name, names, psl->n_classes);
	diag_error(diags, pos, "the policy has no class '%s'%s%s%s",
		   class_name, near ? ", did you mean '" : "",
		   near ? near : "", near ? "'?" : "");
	return IMAGE_NONE;
}

static void check_class(struct init_task *task, struct arena *arena,
			struct diags *diags, const struct psl *psl)
{
	uint32_t class_index = find_class(task->class_name, task->pos, arena,
					  diags, psl);

	if (class_index <= IMAGE_CLASS_EINIT)
		diag_error(diags, task->pos, "class '%s' has no program to "
			   "start", task->class_name);
	task->class_index = class_index;
}

static void check_user(struct init_user *user, struct arena *arena,
		       struct diags *diags, const struct psl *psl)
{
	uint32_t class_index = find_class(user->class_name, user->class_pos,
					  arena, diags, psl);

	if (class_index <= IMAGE_CLASS_EINIT)
		diag_error(diags, user->class_pos, "'%s' is no class of users: "
			   "give them one of their own, an EDL without "
			   "endpoints", user->class_name);
	user->class_index = class_index;
}

static void check_names(const struct init *init, struct diags *diags)
{
	for (uint32_t i = 0; i < init->n_tasks; i++) {
		uint32_t first = find_task(init, init->tasks[i].name);

		if (first == i)
			continue;
		diag_error(diags, init->tasks[i].name_pos, "there are two tasks "
			   "'%s': give one another name with 'task'",
			   init->tasks[i].name);
		diag_note(diags, init->tasks[first].name_pos,
			  "the first one is here");
	}
}

static void check_connection(const struct init *init, struct arena *arena,
			     struct diags *diags, struct init_task *task,
			     struct init_connection *connection)
{
	uint32_t server = find_task(init, connection->target);
	const char **names, *near;

	connection->server = server;
	if (server != IMAGE_NONE) {
		if (&init->tasks[server] == task)
			diag_error(diags, connection->target_pos, "task '%s' is "
				   "connected to itself", task->name);
		return;
	}
	names = arena_alloc(arena, init->n_tasks * sizeof(*names));
	for (size_t i = 0; i < init->n_tasks; i++)
		names[i] = init->tasks[i].name;
	near = diag_nearest(connection->target, names, init->n_tasks);
	diag_error(diags, connection->target_pos, "there is no task '%s'%s%s%s",
		   connection->target, near ? ", did you mean '" : "",
		   near ? near : "", near ? "'?" : "");
}

static void check_connections(const struct init *init, struct arena *arena,
			      struct diags *diags, struct init_task *task)
{
	for (size_t i = 0; i < task->n_connections; i++) {
		struct init_connection *connection = &task->connections[i];

		check_connection(init, arena, diags, task, connection);
		for (size_t j = 0; j < i; j++)
			if (!strcmp(task->connections[j].id, connection->id)) {
				diag_error(diags, connection->id_pos, "task "
					   "'%s' has two channels '%s'",
					   task->name, connection->id);
				break;
			}
	}
}

/* The one name server, IMAGE_NONE if there is none. */
static uint32_t find_name_server(const struct init *init, struct diags *diags)
{
	uint32_t found = IMAGE_NONE;

	for (uint32_t i = 0; i < init->n_tasks; i++) {
		if (strcmp(init->tasks[i].class_name, INIT_NAME_SERVER) != 0)
			continue;
		if (found != IMAGE_NONE)
			diag_error(diags, init->tasks[i].pos,
				   "there is a second name server");
		else
			found = i;
	}
	return found;
}

/* Every other task has a channel to the name server, unless it wrote it. */
static void connect_name_server(struct init *init, struct arena *arena,
				struct diags *diags)
{
	uint32_t server = find_name_server(init, diags);

	for (uint32_t i = 0; i < init->n_tasks; i++) {
		struct init_task *task = &init->tasks[i];
		bool there = false;

		for (size_t j = 0; j < task->n_connections; j++) {
			const struct init_connection *c = &task->connections[j];

			if (strcmp(c->id, INIT_NAME_SERVER) != 0)
				continue;
			there = true;
			if (c->server != server)
				diag_error(diags, c->id_pos, "the channel '%s' "
					   "leads to the name server only",
					   INIT_NAME_SERVER);
		}
		if (there || server == IMAGE_NONE || i == server)
			continue;
		*ARENA_PUSH(arena, task->connections, task->n_connections,
			    task->connections_capacity) =
			(struct init_connection){
				.pos = task->pos, .target_pos = task->pos,
				.id_pos = task->pos,
				.target = init->tasks[server].name,
				.id = INIT_NAME_SERVER, .server = server,
			};
	}
}

/* Has a client before TASK's I-th connection the same channel to its server? */
static bool is_listener_there(const struct init *init, size_t client, size_t i)
{
	const struct init_connection *c = &init->tasks[client].connections[i];

	for (size_t j = 0; j <= client; j++) {
		const struct init_task *task = &init->tasks[j];
		size_t end = j == client ? i : task->n_connections;

		for (size_t k = 0; k < end; k++)
			if (task->connections[k].server == c->server &&
			    !strcmp(task->connections[k].id, c->id))
				return true;
	}
	return false;
}

/* A client's ends, and a server's listeners: one for each name. */
static void check_ends(const struct init *init, struct arena *arena,
		       struct diags *diags)
{
	size_t *ends = arena_alloc(arena, init->n_tasks * sizeof(*ends));

	for (size_t i = 0; i < init->n_tasks; i++) {
		const struct init_task *task = &init->tasks[i];

		ends[i] += task->n_connections;
		for (size_t j = 0; j < task->n_connections; j++) {
			uint32_t server = task->connections[j].server;

			if (server != IMAGE_NONE &&
			    !is_listener_there(init, i, j))
				ends[server]++;
		}
	}
	for (size_t i = 0; i < init->n_tasks; i++)
		if (ends[i] > WIRE_ENDS_MAX)
			diag_error(diags, init->tasks[i].name_pos, "task '%s' "
				   "has %zu ends of static channels, and %u is "
				   "the most", init->tasks[i].name, ends[i],
				   WIRE_ENDS_MAX);
}

/* ---- order ---- */

struct order {
	const struct init *init;
	uint32_t *of;		/* tasks in the order of their start */
	uint32_t n;
	uint32_t *group;	/* first task of those that wait for each other,
				   which is often a task alone */
	uint32_t *waits;	/* of a group: connections to other groups that
				   are not placed yet; WAITS_NOT once it is */
	bool *seen;
	uint32_t *stack, *needs;
};

#define WAITS_NOT UINT32_MAX

/* Marks what TASK needs, directly or not, itself among them; how many. */
static uint32_t mark_needs(struct order *order, uint32_t task)
{
	uint32_t n = 0, needs = 1;

	memset(order->seen, 0, order->init->n_tasks * sizeof(*order->seen));
	order->seen[task] = true;
	order->stack[n++] = task;
	while (n) {
		const struct init_task *of = &order->init->tasks[
			order->stack[--n]];

		for (size_t i = 0; i < of->n_connections; i++) {
			uint32_t server = of->connections[i].server;

			if (order->seen[server])
				continue;
			order->seen[server] = true;
			order->stack[n++] = server;
			needs++;
		}
	}
	return needs;
}

/* Who needs whom and needs no fewer is needed by it: they wait in a cycle. */
static void find_groups(struct order *order)
{
	uint32_t n = (uint32_t)order->init->n_tasks;

	for (uint32_t i = 0; i < n; i++) {
		order->needs[i] = mark_needs(order, i);
		order->group[i] = IMAGE_NONE;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (order->group[i] != IMAGE_NONE)
			continue;
		mark_needs(order, i);
		for (uint32_t j = i; j < n; j++)
			if (order->seen[j] && order->needs[j] == order->needs[i])
				order->group[j] = i;
	}
}

/* GROUP is placed, as written (or no group yet): who still waits? */
static void place(struct order *order, uint32_t group)
{
	const struct init *init = order->init;

	for (uint32_t i = 0; i < init->n_tasks; i++) {
		const struct init_task *task = &init->tasks[i];
		uint32_t own = order->group[i];

		if (own == group)
			order->of[order->n++] = i;
		for (size_t j = 0; j < task->n_connections; j++) {
			uint32_t other =
				order->group[task->connections[j].server];

			if (other != own && group == IMAGE_NONE)
				order->waits[own]++;
			else if (other != own && other == group)
				order->waits[own]--;
		}
	}
	if (group != IMAGE_NONE)
		order->waits[group] = WAITS_NOT;
}

/* The name server's group if it waits for nobody, else the first such group. */
static uint32_t next_group(const struct order *order)
{
	const struct init_task *tasks = order->init->tasks;
	uint32_t next = IMAGE_NONE;

	for (uint32_t i = 0; i < order->init->n_tasks; i++) {
		if (order->waits[order->group[i]])
			continue;
		if (!strcmp(tasks[i].class_name, INIT_NAME_SERVER))
			return order->group[i];
		if (next == IMAGE_NONE)
			next = order->group[i];
	}
	return next;
}

/* Servers before their clients, the name server first, ties as written. */
static void sort(struct init *init, struct arena *arena)
{
	size_t n = init->n_tasks, words = n * sizeof(uint32_t);
	struct order order = {
		.init = init, .of = arena_alloc(arena, words),
		.group = arena_alloc(arena, words),
		.waits = arena_alloc(arena, words),
		.seen = arena_alloc(arena, n * sizeof(*order.seen)),
		.stack = arena_alloc(arena, words),
		.needs = arena_alloc(arena, words),
	};
	uint32_t *index = arena_alloc(arena, words);
	struct init_task *sorted = arena_alloc(arena, n * sizeof(*sorted));

	find_groups(&order);
	place(&order, IMAGE_NONE);
	while (order.n < n)
		place(&order, next_group(&order));
	for (uint32_t i = 0; i < n; i++) {
		index[order.of[i]] = i;
		sorted[i] = init->tasks[order.of[i]];
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < sorted[i].n_connections; j++) {
			struct init_connection *c = &sorted[i].connections[j];

			c->server = index[c->server];
		}
	init->tasks = sorted;
}

void init_check(struct init *init, struct arena *arena, struct diags *diags,
		const struct psl *psl)
{
	size_t before = diags_errors(diags);

	for (size_t i = 0; psl && i < init->n_tasks; i++)
		check_class(&init->tasks[i], arena, diags, psl);
	for (size_t i = 0; psl && i < init->n_users; i++)
		check_user(&init->users[i], arena, diags, psl);
	if (init->n_users > IMAGE_USERS_MAX)
		diag_error(diags, init->users[IMAGE_USERS_MAX].pos, "there are "
			   "more than %u users", IMAGE_USERS_MAX);
	check_names(init, diags);
	for (size_t i = 0; i < init->n_tasks; i++)
		check_connections(init, arena, diags, &init->tasks[i]);
	connect_name_server(init, arena, diags);
	if (diags_errors(diags) != before)
		return;
	check_ends(init, arena, diags);
	sort(init, arena);
}
