/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "channel.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "call.h"
#include "dispatch.h"
#include "frame.h"
#include "hello.h"
#include "judge.h"

int source_watch(struct mediator *m, struct source *source, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = source };
	int op = source->added ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

	if (source->fd < 0 || (source->added && source->events == events))
		return 0;
	if (epoll_ctl(m->epoll_fd, op, source->fd, &event) < 0)
		return -errno;
	source->added = true;
	source->events = events;
	return 0;
}

void source_close(struct mediator *m, struct source *source)
{
	if (source->fd >= 0 && source->added)
		epoll_ctl(m->epoll_fd, EPOLL_CTL_DEL, source->fd, NULL);
	source->added = false;
	fd_close(&source->fd);
}

struct channel *port_channel(struct port *port)
{
	assert(port->side != PORT_LISTENER);
	return container_of(port, struct channel, port);
}

struct listener *port_listener(struct port *port)
{
	assert(port->side == PORT_LISTENER);
	return container_of(port, struct listener, port);
}

static struct list *cookie_bucket(struct mediator *m, uint64_t cookie)
{
	return &m->cookies[cookie % COOKIE_BUCKETS];
}

struct port *port_find(struct mediator *m, uint64_t cookie)
{
	struct list *head = cookie_bucket(m, cookie), *at, *after;

	list_each(at, after, head) {
		struct port *port = container_of(at, struct port, by_cookie);

		if (port->cookie == cookie)
			return port;
	}
	return NULL;
}

static int port_init(struct mediator *m, struct port *port, struct task *task,
		     enum port_side side, uint32_t rights)
{
	int err;

	*port = (struct port){
		.source = { .kind = SOURCE_PORT, .fd = -1 }, .side = side,
		.task = task, .program_fd = -1, .rights = rights,
		.static_end = WIRE_NONE,
		.handles = task->class->flags & CLASS_HANDLES,
	};
	list_init(&port->by_cookie);
	list_init(&port->of_task);
	list_init(&port->dead);
	err = fd_pair(&port->source.fd, &port->program_fd, port->handles,
		      &port->cookie);
	if (!err)
		err = source_watch(m, &port->source, EPOLLIN);
	if (err) {
		source_close(m, &port->source);
		fd_close(&port->program_fd);
		return err;
	}
	list_add(cookie_bucket(m, port->cookie), &port->by_cookie);
	list_add(&task->ports, &port->of_task);
	return 0;
}

static void port_shut(struct mediator *m, struct port *port)
{
	if (port->static_end != WIRE_NONE &&
	    port->task->state == TASK_WAITING) {
		port->task->dead_ends[port->static_end] = port->program_fd;
		port->program_fd = -1;
	}
	source_close(m, &port->source);
	fd_close(&port->program_fd);
	list_remove(&port->by_cookie);
	list_remove(&port->of_task);
}

void port_handed_over(struct port *port)
{
	fd_close(&port->program_fd);
}

struct channel *channel_new(struct mediator *m, struct task *task,
			    struct listener *listener, uint32_t rights,
			    int *err)
{
	struct channel *channel;

	*err = -EDQUOT;
	if (task->n_channels >= LIMIT_CHANNELS)
		return NULL;
	*err = -ENOMEM;
	channel = calloc(1, sizeof(*channel));
	if (!channel)
		return NULL;
	list_init(&channel->of_listener);
	list_init(&channel->calls);
	list_init(&channel->waiting);
	list_init(&channel->noting);
	channel->parked.fire = dispatch_expired;
	*err = timers_reserve(&m->timers, 1);
	if (*err == 0) {
		*err = port_init(m, &channel->port, task, listener ?
				 PORT_CLIENT : PORT_KERNEL, rights);
		if (*err)
			timers_unreserve(&m->timers, 1);
	}
	if (*err) {
		free(channel);
		return NULL;
	}
	channel->listener = listener;
	if (listener)
		list_add(&listener->channels, &channel->of_listener);
	task->n_channels++;
	m->n_channels++;
	return channel;
}

struct listener *listener_new(struct mediator *m, struct task *task, int *err)
{
	struct listener *listener;

	*err = -EDQUOT;
	if (task->n_listeners >= LIMIT_LISTENERS)
		return NULL;
	*err = -ENOMEM;
	listener = calloc(1, sizeof(*listener));
	if (!listener)
		return NULL;
	list_init(&listener->channels);
	list_init(&listener->waiting);
	list_init(&listener->notes);
	call_init_all(listener);
	*err = timers_reserve(&m->timers, LIMIT_LISTENER_CALLS);
	if (*err == 0) {
		*err = port_init(m, &listener->port, task, PORT_LISTENER,
				 WIRE_RIGHT_LISTEN);
		if (*err)
			timers_unreserve(&m->timers, LIMIT_LISTENER_CALLS);
	}
	if (*err) {
		free(listener);
		return NULL;
	}
	task->n_listeners++;
	m->n_listeners++;
	return listener;
}

/* A note waits for room; the listener's socket is watched for it. */
static void note(struct mediator *m, struct channel *channel, enum note what)
{
	struct listener *listener = channel->listener;

	channel->note = what;
	if (list_empty(&channel->noting))
		list_add(&listener->notes, &channel->noting);
	listener_tell(m, listener);
}

void channel_announce(struct mediator *m, struct channel *channel)
{
	assert(channel->listener && !channel->announced);
	channel->announced = true;
	note(m, channel, NOTE_OPENED);
}

void listener_tell(struct mediator *m, struct listener *listener)
{
	while (!list_empty(&listener->notes)) {
		struct channel *channel = list_first(&listener->notes,
						     struct channel, noting);
		int err;

		if (channel->note == NOTE_OPENED) {
			hello_opened(m, channel->port.task, &m->note);
		} else {
			m->note.header = channel->gone;
			m->note.length = sizeof(channel->gone);
		}
		err = frame_send(listener->port.source.fd, &m->note, NULL, 0);
		if (err == -EAGAIN || err == -ENOBUFS || err == -ENOMEM) {
			source_watch(m, &listener->port.source,
				     EPOLLIN | EPOLLOUT);
			return;
		}
		list_remove(&channel->noting);
		if (channel->note == NOTE_CLOSED) {
			channel->listener = NULL;
			list_add(&m->dead_channels, &channel->port.dead);
		}
		channel->note = NOTE_NONE;
	}
	source_watch(m, &listener->port.source, EPOLLIN);
}

/* The server is told of those it was told were there. */
static void leave(struct mediator *m, struct channel *channel)
{
	list_remove(&channel->of_listener);
	if (channel->note == NOTE_OPENED) {
		list_remove(&channel->noting);	/* it never knew */
	} else if (channel->announced) {
		channel->gone = (struct wire_header){
			.version = WIRE_VERSION, .kind = WIRE_CLOSED,
			.sid = channel->port.task->sid };
		note(m, channel, NOTE_CLOSED);
		return;
	}
	channel->listener = NULL;
	list_add(&m->dead_channels, &channel->port.dead);
}

void channel_close(struct mediator *m, struct channel *channel)
{
	struct task *task = channel->port.task;
	struct listener *listener = channel->listener;
	struct list *at, *after;

	if (channel->port.source.fd < 0)
		return;
	port_shut(m, &channel->port);
	timer_disarm(&m->timers, &channel->parked);
	timers_unreserve(&m->timers, 1);
	list_remove(&channel->waiting);
	list_each(at, after, &channel->calls)
		call_abandon(m, container_of(at, struct call, of_client));
	if (task->kernel == channel)
		task->kernel = NULL;
	task->n_channels--;
	m->n_channels--;
	if (!listener) {
		list_add(&m->dead_channels, &channel->port.dead);
		return;
	}
	leave(m, channel);
	listener_unpark(m, listener);
}

void listener_close(struct mediator *m, struct listener *listener)
{
	struct list *at, *after;

	if (listener->port.source.fd < 0)
		return;
	port_shut(m, &listener->port);
	call_end_all(m, listener);
	timers_unreserve(&m->timers, LIMIT_LISTENER_CALLS);
	list_each(at, after, &listener->notes) {
		struct channel *channel = container_of(at, struct channel,
						       noting);

		list_remove(&channel->noting);
		if (channel->note == NOTE_CLOSED) {
			channel->listener = NULL;
			list_add(&m->dead_channels, &channel->port.dead);
		}
		channel->note = NOTE_NONE;
	}
	while (!list_empty(&listener->channels)) {
		struct channel *channel = list_first(&listener->channels,
						     struct channel,
						     of_listener);

		list_remove(&channel->of_listener);
		list_remove(&channel->waiting);
		channel->listener = NULL;
		channel_close(m, channel);
	}
	listener->port.task->n_listeners--;
	m->n_listeners--;
	list_add(&m->dead_listeners, &listener->port.dead);
}

void port_close(struct mediator *m, struct port *port)
{
	if (port->side == PORT_LISTENER)
		listener_close(m, port_listener(port));
	else
		channel_close(m, port_channel(port));
}

void channel_bury(struct mediator *m)
{
	while (!list_empty(&m->dead_channels)) {
		struct channel *channel = list_first(&m->dead_channels,
						     struct channel, port.dead);

		list_remove(&channel->port.dead);
		free(channel);
	}
	while (!list_empty(&m->dead_listeners)) {
		struct listener *listener = list_first(&m->dead_listeners,
						       struct listener,
						       port.dead);

		list_remove(&listener->port.dead);
		free(listener);
	}
}

bool listener_full(const struct listener *listener)
{
	return listener->port.task->sid == 0 ||
	       listener->n_calls >= LIMIT_LISTENER_CALLS ||
	       listener->bytes >= LIMIT_LISTENER_BYTES;
}

void channel_park(struct mediator *m, struct channel *channel,
		  uint32_t deadline_ms)
{
	if (list_empty(&channel->waiting))
		list_add(&channel->listener->waiting, &channel->waiting);
	if (deadline_ms != WIRE_DEADLINE_CAP)
		timer_arm(&m->timers, &channel->parked,
			  m->now_ms + deadline_ms);
	source_watch(m, &channel->port.source, 0);
}

void listener_unpark(struct mediator *m, struct listener *listener)
{
	struct channel *channel;

	if (list_empty(&listener->waiting) || listener_full(listener))
		return;
	channel = list_first(&listener->waiting, struct channel, waiting);
	list_remove(&channel->waiting);
	timer_disarm(&m->timers, &channel->parked);
	source_watch(m, &channel->port.source, EPOLLIN);
}

bool task_takes_fds(struct task *task)
{
	struct list *at, *after;
	uint32_t n = 0;

	list_each(at, after, &task->ports) {
		struct port *port = container_of(at, struct port, of_task);

		if (port->n_fd_frames && fd_all_read(port->source.fd))
			port->n_fd_frames = 0;
		n += port->n_fd_frames;
	}
	return n < LIMIT_FD_FRAMES;
}

int port_send(struct mediator *m, struct port *port, const struct frame *frame,
	      const int *fds, uint32_t n_fds)
{
	int err;

	if (port->source.fd < 0)
		return -EPIPE;
	err = frame_send(port->source.fd, frame, fds, n_fds);
	if (err == 0 && n_fds > 0)
		port->n_fd_frames++;
	if (err == -EAGAIN && frame->header.kind != WIRE_REQUEST) {
		judge_note(m, port->task, AUDIT_REFUSED, DK_BUSY,
			   port->side == PORT_LISTENER ?
			   "does not read what it is sent: its listener is "
			   "closed" : "does not read what it is sent: its "
			   "channel is closed");
		port_close(m, port);
	}
	return err;
}
