/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "channel.h"
#include "connect.h"
#include "dispatch.h"
#include "frame.h"
#include "guest.h"
#include "hello.h"
#include "judge.h"
#include "names.h"
#include "output.h"
#include "program_ends.h"
#include "program_report.h"
#include "starter.h"

/* A task's waiters and its .end. */
#define TIMERS_TASK (LIMIT_CONNECTS + LIMIT_LISTENS + 1)

static void ended(void *context, struct timer *timer)
{
	program_kill(context, container_of(timer, struct task, end), NULL);
}

/* As it was before its last start. */
static void task_renew(struct task *task)
{
	task->state = TASK_WAITING;
	task->spoke = task->kill_wanted = task->killed = false;
	output_init(&task->output[0], task);
	output_init(&task->output[1], task);
}

static void task_init(struct mediator *m, struct task *task, uint32_t index)
{
	const struct image_task *at = &m->image->tasks[index];

	task->index = index;
	task->class_index = at->class_index;
	task->name = image_string(m->image, at->name);
	task->class = &m->image->classes[at->class_index];
	task->single = at->threads <= 1;
	task->end.fire = ended;
	for (uint32_t i = 0; i < WIRE_ENDS_MAX; i++)
		task->dead_ends[i] = -1;
	list_init(&task->ports);
	list_init(&task->calls);
	list_init(&task->callers);
	list_init(&task->connecting);
	list_init(&task->listening);
	output_init(&task->output[0], task);
	output_init(&task->output[1], task);
	bucket_init(&task->lines, LIMIT_LINES_BURST, LIMIT_LINES_RATE,
		    m->now_ms);
	audit_meter_init(&task->audit, m->now_ms);
	connect_init_task(task);
}

int program_init_all(struct mediator *m)
{
	int err;

	m->tasks = calloc(m->image->n_tasks + 1, sizeof(*m->tasks));
	if (!m->tasks)
		return -ENOMEM;
	err = timers_reserve(&m->timers, (size_t)m->image->n_tasks *
			     TIMERS_TASK);
	if (err)
		return err;
	m->n_tasks = m->image->n_tasks;
	for (uint32_t i = 0; i < m->n_tasks; i++)
		task_init(m, &m->tasks[i], i);
	return 0;
}

static void fail(struct mediator *m, int exit_status)
{
	if (!m->failure)
		m->failure = exit_status;
}

/* ---- start ---- */

static void close_ports(struct mediator *m, struct task *task)
{
	while (!list_empty(&task->ports))
		port_close(m, list_first(&task->ports, struct port, of_task));
}

/* What a server has answered counts, if it is dead or not. */
static void close_listeners(struct mediator *m, struct task *task)
{
	struct list *at, *after;
	bool found;

	do {
		found = false;
		list_each(at, after, &task->ports) {
			struct port *port = container_of(at, struct port,
							 of_task);

			if (port->side != PORT_LISTENER)
				continue;
			found = true;
			if (task->spoke)
				dispatch_rest(m, port);
			port_close(m, port);
			break;
		}
	} while (found);
}

/* A task that will never run (again). */
static void release(struct mediator *m, struct task *task)
{
	task->state = TASK_GONE;
	timer_disarm(&m->timers, &task->end);
	names_forget(m, task);
	close_listeners(m, task);
	close_ports(m, task);
	fd_close_all(task->dead_ends, WIRE_ENDS_MAX);
	connect_forget_asker(m, task);
	connect_forget_server(m, task);
	output_close(m, &task->output[0]);
	output_close(m, &task->output[1]);
	decide_forget(m->image, &m->security, task->sid);
	report_charges(m, task);
}

struct start {
	int fds[MONITOR_FDS_MAX];
	uint32_t n;
	int own[3];		/* of .fds, to be closed when they are sent */
};

/* Its output is ours to print; nothing is said to it. */
static int open_stdio(struct mediator *m, struct task *task,
		      struct start *start)
{
	int write_end, err;

	err = fd_pipe(&start->own[0], &write_end);
	if (err)
		return err;
	fd_close(&write_end);
	for (int i = 0; i < 2; i++) {
		struct source *source = &task->output[i].source;

		err = fd_pipe(&source->fd, &start->own[i + 1]);
		if (!err)
			err = source_watch(m, source, EPOLLIN);
		if (err)
			return err;
	}
	return 0;
}

/* The other ends are the asker's. */
static int open_streams(struct start *start, int streams[3])
{
	int err = fd_pipe(&start->own[0], &streams[0]);

	if (!err)
		err = fd_block(start->own[0]);	/* a program waits there */
	for (int i = 1; i < 3 && !err; i++)
		err = fd_pipe(&streams[i], &start->own[i]);
	return err;
}

static int open_kernel(struct mediator *m, struct task *task)
{
	int err;

	task->kernel = channel_new(m, task, NULL, 0, &err);
	if (!task->kernel)
		return err;
	err = hello_write(m, task, &m->note);
	if (!err)
		err = frame_send(task->kernel->port.source.fd, &m->note, NULL,
				 0);
	return err;
}

static void collect_end(struct start *start, uint32_t static_end, int fd)
{
	uint32_t place = WIRE_FIRST_STATIC_FD + static_end;

	start->fds[place] = fd;
	if (start->n <= place)
		start->n = place + 1;
}

static void collect(struct task *task, struct start *start)
{
	struct list *at, *after;

	for (int i = 0; i < 3; i++)
		start->fds[i] = start->own[i];
	start->fds[WIRE_KERNEL_FD] = task->kernel->port.program_fd;
	start->n = WIRE_FIRST_STATIC_FD;
	list_each(at, after, &task->ports) {
		struct port *port = container_of(at, struct port, of_task);

		if (port->static_end != WIRE_NONE)
			collect_end(start, port->static_end, port->program_fd);
	}
	for (uint32_t i = 0; i < WIRE_ENDS_MAX; i++)
		if (task->dead_ends[i] >= 0)
			collect_end(start, i, task->dead_ends[i]);
}

static void hand_over(struct mediator *m, struct task *task)
{
	struct list *at, *after;

	fd_close_all(task->dead_ends, WIRE_ENDS_MAX);
	list_each(at, after, &task->ports) {
		struct port *port = container_of(at, struct port, of_task);

		port_handed_over(port);
		if (port->side == PORT_CLIENT)
			channel_announce(m, port_channel(port));
		if (port->side == PORT_LISTENER)	/* it has its SID now */
			listener_unpark(m, port_listener(port));
	}
}

/* Tells the launcher; what fails is undone. Returns 0 or -errno. */
static int start(struct mediator *m, struct task *task, int *streams)
{
	struct start start = { .own = { -1, -1, -1 } };
	struct monitor_message message = { .code = MONITOR_START,
					   .task = task->index,
					   .sid = task->sid };
	int err;

	err = streams ? open_streams(&start, streams) :
			open_stdio(m, task, &start);
	if (!err)
		err = open_kernel(m, task);
	if (!err) {
		collect(task, &start);
		err = starter_send(m, &message, start.fds, start.n);
	}
	fd_close_all(start.own, 3);
	if (err) {
		log_say(&m->log, "%s cannot be started: %s", task->name,
			strerror(-err));
		release(m, task);
		return err;
	}
	task->state = TASK_STARTING;
	m->n_starting++;
	m->n_live++;
	hand_over(m, task);
	return 0;
}

void program_start(struct mediator *m, struct task *task)
{
	task->sid = m->next_sid++;
	if (!judge_execute(m, IMAGE_CLASS_EINIT, SID_EINIT, task->class_index,
			   task->sid, task->name)) {
		fail(m, DKD_PROGRAM);
		release(m, task);
		return;
	}
	if (start(m, task, NULL) < 0) {
		fail(m, DKD_MACHINE);
		starter_stop(m);
	}
}

int program_spawn(struct mediator *m, struct task *task, uint32_t src_class,
		  uint32_t src_sid, int streams[3])
{
	uint32_t sid = m->next_sid++;
	int err;

	if (task->state == TASK_STARTING || task->state == TASK_RUNNING)
		return -EBUSY;
	if (!judge_execute(m, src_class, src_sid, task->class_index, sid,
			   task->name))
		return -EACCES;
	if (task->state == TASK_GONE)
		task_renew(task);
	err = ends_renew(m, task);
	task->sid = sid;
	task->spawned = true;
	if (err) {
		release(m, task);
		return err;
	}
	err = start(m, task, streams);
	if (err)
		fd_close_all(streams, 3);
	return err;
}

/* ---- what the launcher says ---- */

static void tell_guest(struct mediator *m, struct task *task,
		       const struct monitor_message *message)
{
	if (task->spawned)
		m->guest->told(m->guest, task, message);
}

void program_started(struct mediator *m, struct task *task,
		     const struct monitor_message *message)
{
	if (task->state != TASK_STARTING)
		return;
	task->state = TASK_RUNNING;
	m->n_starting--;
	task->pid = message->pid;
	task->uid = message->uid;
	task->layers = message->layers;
	task->proven = message->proven;
	task->probed = message->probed;
	task->tried = message->tried;
	report_started(m, task, message);
	if (task->kill_wanted)
		starter_kill(m, task);
	tell_guest(m, task, message);
}

static int exit_of(const struct monitor_message *failed)
{
	if (failed->step == STEP_OPEN && failed->value == ENOENT)
		return DKD_MISSING;
	if (failed->step == STEP_OPEN || failed->step == STEP_EXEC)
		return DKD_UNRUNNABLE;
	return DKD_CONFINE;
}

void program_failed(struct mediator *m, struct task *task,
		    const struct monitor_message *message)
{
	if (task->state != TASK_STARTING)
		return;
	m->n_starting--;
	m->n_live--;
	report_failed(m, task, message);
	if (task->spawned) {		/* who asked is told, and the others go on */
		release(m, task);
		tell_guest(m, task, message);
		return;
	}
	if (!m->stopping)		/* says more than a refused start */
		m->failure = exit_of(message);
	release(m, task);
	starter_stop(m);
}

void program_ended(struct mediator *m, struct task *task,
		   const struct monitor_message *message)
{
	if (task->state == TASK_STARTING)
		m->n_starting--;
	else if (task->state != TASK_RUNNING)
		return;
	m->n_live--;
	output_read(m, &task->output[0]);
	output_read(m, &task->output[1]);
	release(m, task);
	report_ended(m, task, message);
	task->ended = true;
	task->status = message->value;
	tell_guest(m, task, message);
	if (message->value != 0 && !m->stopping && !task->spawned)
		fail(m, task->spoke ? DKD_PROGRAM : DKD_DIED);
}

/* ---- ending ---- */

void program_ask_to_end(struct mediator *m, struct task *task)
{
	if (task->kernel)
		channel_close(m, task->kernel);
	connect_forget_asker(m, task);
	close_listeners(m, task);
}

void program_end(struct mediator *m, struct task *task)
{
	if (task->state != TASK_STARTING && task->state != TASK_RUNNING)
		return;
	program_ask_to_end(m, task);
	timer_arm(&m->timers, &task->end, m->now_ms + m->options->grace_ms);
}

void program_kill(struct mediator *m, struct task *task, const char *why)
{
	if (task->state != TASK_STARTING && task->state != TASK_RUNNING)
		return;
	if (why && !task->kill_wanted)
		judge_note(m, task, AUDIT_KILLED, DK_FAIL, why);
	task->kill_wanted = true;
	starter_kill(m, task);
}

void program_port_ended(struct mediator *m, struct port *port)
{
	if (port->side == PORT_KERNEL)
		program_ask_to_end(m, port->task);
	else
		port_close(m, port);
}

void program_free_all(struct mediator *m)
{
	for (uint32_t i = 0; i < m->n_tasks; i++) {
		struct task *task = &m->tasks[i];

		close_ports(m, task);
		fd_close_all(task->dead_ends, WIRE_ENDS_MAX);
		connect_forget_asker(m, task);
		for (int o = 0; o < 2; o++)
			source_close(m, &task->output[o].source);
	}
	timers_unreserve(&m->timers, (size_t)m->n_tasks *
			 TIMERS_TASK);
	free(m->tasks);
	m->tasks = NULL;
	m->n_tasks = 0;
}
