/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "program_ends.h"

#include <errno.h>
#include <string.h>

#include "channel.h"
#include "hello.h"

static const char *fail(struct mediator *m, int exit_status, const char *why)
{
	if (!m->failure)
		m->failure = exit_status;
	return why;
}

static struct listener *find_listener(struct task *server, const char *name)
{
	struct list *at, *after;

	list_each(at, after, &server->ports) {
		struct port *port = container_of(at, struct port, of_task);

		if (port->side == PORT_LISTENER && port_listener(port)->name &&
		    strcmp(port_listener(port)->name, name) == 0)
			return port_listener(port);
	}
	return NULL;
}

static int make_listener(struct mediator *m, struct task *task,
			 const struct hello_end *end, uint32_t number)
{
	struct listener *listener;
	int err;

	listener = listener_new(m, task, &err);
	if (!listener)
		return err;
	listener->name = end->name;
	listener->port.static_end = number;
	return 0;
}

static int make_channel(struct mediator *m, struct task *task,
			struct listener *listener, uint32_t number)
{
	struct channel *channel;
	int err;

	channel = channel_new(m, task, listener, WIRE_RIGHT_CALL |
			      WIRE_RIGHT_TRANSFER, &err);
	if (!channel)
		return err;
	channel->port.static_end = number;
	return 0;
}

static int make_end(struct mediator *m, struct task *task,
		    const struct hello_end *end, uint32_t number)
{
	struct listener *listener;

	if (end->side == WIRE_RIGHT_LISTEN)
		return make_listener(m, task, end, number);
	listener = find_listener(&m->tasks[end->server], end->name);
	return listener ? make_channel(m, task, listener, number) : -ENOENT;
}

static const char *make_ends(struct mediator *m, struct task *task,
			     enum wire_right side)
{
	struct hello_end ends[WIRE_ENDS_MAX];
	uint32_t n = hello_ends(m->image, task->index, ends);

	if (n > WIRE_ENDS_MAX)
		return fail(m, DKD_IMAGE, "a task has too many static "
			    "channels");
	for (uint32_t i = 0; i < n; i++)
		if (ends[i].side == side && make_end(m, task, &ends[i], i) < 0)
			return fail(m, DKD_MACHINE, "cannot make the static "
				    "channels: descriptors or memory");
	return NULL;
}

const char *ends_make(struct mediator *m)
{
	const char *why = NULL;

	for (uint32_t i = 0; i < m->n_tasks && !why; i++) {
		if (hello_write(m, &m->tasks[i], &m->note) < 0)
			return fail(m, DKD_IMAGE, "a task's classes have more "
				    "endpoints than one frame tells");
		why = make_ends(m, &m->tasks[i], WIRE_RIGHT_LISTEN);
	}
	for (uint32_t i = 0; i < m->n_tasks && !why; i++)
		why = make_ends(m, &m->tasks[i], WIRE_RIGHT_CALL);
	return why;
}

/* ---- for another start ---- */

static bool has_end(const struct task *task, uint32_t number)
{
	struct list *at, *after;

	list_each(at, after, &task->ports)
		if (container_of(at, struct port, of_task)->static_end ==
		    number)
			return true;
	return false;
}

static int make_dead(struct task *task, uint32_t number)
{
	uint64_t cookie;
	int kernel_end, err;

	if (task->dead_ends[number] >= 0)
		return 0;
	err = fd_pair(&kernel_end, &task->dead_ends[number], false, &cookie);
	if (!err)
		fd_close(&kernel_end);
	return err;
}

static int renew(struct mediator *m, struct task *task,
		 const struct hello_end *end, uint32_t number)
{
	int err;

	if (has_end(task, number))
		return 0;
	err = make_end(m, task, end, number);
	if (err == -ENOENT)
		return make_dead(task, number);
	if (!err)
		fd_close(&task->dead_ends[number]);
	return err;
}

int ends_renew(struct mediator *m, struct task *task)
{
	struct hello_end ends[WIRE_ENDS_MAX];
	uint32_t n = hello_ends(m->image, task->index, ends);
	int err = 0;

	/* Until it has its new number nothing can be decided for it. */
	task->sid = 0;
	for (uint32_t i = 0; i < n && !err; i++)
		err = renew(m, task, &ends[i], i);
	return err;
}
