/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "starter.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "channel.h"
#include "names.h"
#include "program.h"
#include "program_report.h"

int starter_send(struct mediator *m, const struct monitor_message *message,
		 const int *fds, uint32_t n_fds)
{
	union {
		char bytes[CMSG_SPACE(MONITOR_FDS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { (void *)(uintptr_t)message, sizeof(*message) };
	struct msghdr packet = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;

	if (n_fds > 0) {
		memset(&control, 0, sizeof(control));
		packet.msg_control = control.bytes;
		packet.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		c = CMSG_FIRSTHDR(&packet);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	while (sendmsg(m->monitor.fd, &packet, MSG_DONTWAIT |
		       MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

void starter_kill(struct mediator *m, struct task *task)
{
	struct monitor_message message = { .code = MONITOR_KILL,
					   .task = task->index,
					   .sid = task->sid };
	int err;

	/* A start that is still under way is killed when it has come up. */
	if (task->killed || task->state != TASK_RUNNING)
		return;
	err = starter_send(m, &message, NULL, 0);
	if (err == 0) {
		task->killed = true;
	} else {
		m->kills_pending = true;
		source_watch(m, &m->monitor, EPOLLIN | EPOLLOUT);
	}
}

static void kill_again(struct mediator *m)
{
	m->kills_pending = false;
	source_watch(m, &m->monitor, EPOLLIN);
	for (uint32_t i = 0; i < m->n_tasks && !m->kills_pending; i++)
		if (m->tasks[i].kill_wanted)
			starter_kill(m, &m->tasks[i]);
}

static void kill_all(void *context, struct timer *timer)
{
	struct mediator *m = context;

	(void)timer;
	for (uint32_t i = 0; i < m->n_tasks; i++)
		program_kill(m, &m->tasks[i], NULL);
}

void starter_init(struct mediator *m)
{
	m->grace.fire = kill_all;
}

void starter_stop(struct mediator *m)
{
	if (m->stopping)
		return;
	m->stopping = true;
	for (uint32_t i = 0; i < m->n_tasks; i++)
		if (m->tasks[i].state == TASK_STARTING ||
		    m->tasks[i].state == TASK_RUNNING)
			program_ask_to_end(m, &m->tasks[i]);
	timer_arm(&m->timers, &m->grace,
		  m->now_ms + m->options->grace_ms);
}

static void stop_asked(struct mediator *m, int signal_number)
{
	if (m->stopping) {		/* asked twice: no more grace */
		kill_all(m, NULL);
		return;
	}
	log_say(&m->log, "asked to stop (SIG%s)", sigabbrev_np(signal_number) ?
		sigabbrev_np(signal_number) : "?");
	m->failure = signal_number == SIGINT ? DKD_INTERRUPTED : DKD_OK;
	starter_stop(m);
}

static bool is_waited_for(const struct mediator *m, const struct task *task)
{
	for (size_t i = 0; i < m->options->n_wait; i++)
		if (strcmp(m->options->wait[i], task->name) == 0)
			return true;
	return false;
}

/* Somebody may still ask for a task to be started. */
static bool is_asked(const struct mediator *m)
{
	for (uint32_t i = 0; i < m->n_tasks && m->guest; i++)
		if (m->image->tasks[i].start == TASK_DEMAND)
			return true;
	return false;
}

static bool is_live(const struct task *task)
{
	return task->state == TASK_STARTING || task->state == TASK_RUNNING;
}

/* The task holds a channel to a program that runs, and is no name server. */
static bool may_call(const struct mediator *m, const struct task *task)
{
	struct list *at, *after;

	list_each(at, after, &task->ports) {
		struct port *port = container_of(at, struct port, of_task);
		const struct listener *to = port->side == PORT_CLIENT ?
					    port_channel(port)->listener : NULL;

		if (to && is_live(to->port.task) && !names_has(m, to))
			return true;
	}
	return false;
}

/*
 * Servers do not end by themselves: once only those are left whom nobody can
 * call, it is said for what we wait, once.
 */
static void tell_waiting(struct mediator *m)
{
	const struct task *first = NULL;
	char more[24] = "";

	if (m->waiting_told || m->stopping || m->n_live == 0 ||
	    m->next_start < m->n_tasks || m->options->n_wait || is_asked(m))
		return;
	for (uint32_t i = m->n_tasks; i-- > 0;) {
		if (!is_live(&m->tasks[i]))
			continue;
		first = &m->tasks[i];
		if (may_call(m, first))
			return;
	}
	m->waiting_told = true;
	if (m->n_live > 1)
		snprintf(more, sizeof(more), " and %u more", m->n_live - 1);
	log_say(&m->log, "waiting for the end of %s%s: no program is left that "
		"could call (--wait TASK ends with TASK)", first->name, more);
}

static void serve(struct mediator *m, const struct monitor_message *message)
{
	struct task *task = message->task < m->n_tasks ?
			    &m->tasks[message->task] : NULL;

	switch (message->code) {
	case MONITOR_STOP:
		stop_asked(m, message->value);
		return;
	case MONITOR_STARTED:
		if (task)
			program_started(m, task, message);
		return;
	case MONITOR_FAILED:
		if (task)
			program_failed(m, task, message);
		return;
	case MONITOR_EXITED:
		if (task)
			program_ended(m, task, message);
		tell_waiting(m);
		return;
	default:
		log_say(&m->log, "the launcher said %u, which it never does",
			message->code);
	}
}

void starter_serve(struct mediator *m, uint32_t events)
{
	struct monitor_message message;
	ssize_t n;

	if (events & EPOLLOUT)
		kill_again(m);
	for (;;) {
		n = recv(m->monitor.fd, &message, sizeof(message),
			 MSG_DONTWAIT);
		if (n == sizeof(message)) {
			serve(m, &message);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		m->over = true;		/* no launcher, nothing to do */
		m->failure = DKD_MACHINE;
		epoll_ctl(m->epoll_fd, EPOLL_CTL_DEL, m->monitor.fd, NULL);
		m->monitor.fd = -1;
		return;
	}
}

/* All tasks that --wait names have ended; without any, all have. */
static bool done(const struct mediator *m)
{
	bool live = m->n_live > 0 || is_asked(m);

	if (m->next_start < m->n_tasks)
		return false;
	if (m->options->n_wait == 0)
		return !live;
	for (uint32_t i = 0; i < m->n_tasks; i++)
		if (is_waited_for(m, &m->tasks[i]) &&
		    m->tasks[i].state != TASK_GONE)
			return !live;
	return true;
}

void starter_advance(struct mediator *m)
{
	if (m->next_start == 0 && m->n_tasks > 0)
		report_layers(m);
	while (!m->stopping && m->next_start < m->n_tasks &&
	       m->n_starting < LIMIT_STARTS) {
		struct task *task = &m->tasks[m->next_start++];

		if (m->image->tasks[task->index].start == TASK_AUTO)
			program_start(m, task);
	}
	if (!m->stopping && done(m))
		starter_stop(m);
	if (m->stopping && m->n_live == 0)
		m->over = true;
}
