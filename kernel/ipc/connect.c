/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "connect.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "call.h"
#include "channel.h"
#include "connect_body.h"
#include "frame.h"
#include "judge.h"
#include "waiter.h"

/* Who is to be answered. */
struct asker {
	struct task *task;
	uint32_t call, mid;
	uint64_t trace;
};

static struct asker asker_of(const struct waiter *waiter)
{
	return (struct asker){ waiter->task, waiter->call, waiter->mid,
			       waiter->trace };
}

/* ---- answers ---- */

static void *answer_begin(struct mediator *m, struct frame *frame,
			  const struct asker *asker, size_t size)
{
	frame_begin(frame, WIRE_RESPONSE, asker->call, asker->trace);
	frame->header.sid = SID_KERNEL;
	frame->header.riid = (uint16_t)m->cm->riid;
	frame->header.mid = (uint16_t)asker->mid;
	frame->header.fixed_size = (uint32_t)size;
	frame->length += size;
	return memset(frame_fixed(frame), 0, size);
}

static struct wire_chunk put_string(struct frame *frame, const char *string)
{
	struct wire_chunk chunk = { frame->header.arena_size,
				    (uint32_t)strlen(string) + 1 };
	uint32_t used = (chunk.size + 7u) & ~7u;
	uint8_t *place = frame_arena(frame) + chunk.offset;

	memset(place, 0, used);
	memcpy(place, string, chunk.size);
	frame->header.arena_size += used;
	frame->length += used;
	return chunk;
}

static struct wire_handle put_handle(struct frame *frame, uint32_t rights)
{
	frame->header.n_handles = 1;
	return (struct wire_handle){ .handle = 0, .rights = rights };
}

/* HANDLE_SID: what the handle in the answer, if there is one, refers to. */
static enum dk_status answer_judge(struct mediator *m, struct frame *frame,
				   const struct asker *asker,
				   uint32_t handle_sid)
{
	struct passage p = {
		.frame = frame, .kind = EVENT_RESPONSE,
		.src_class = IMAGE_CLASS_CORE, .src_sid = SID_KERNEL,
		.dst = asker->task, .dst_class = asker->task->class_index,
		.dst_sid = asker->task->sid, .endpoint = m->cm,
		.interface = &m->image->interfaces[m->cm->interface],
		.mid = asker->mid, .slot = m->cm->slot + asker->mid,
		.handle_sids = { handle_sid },
	};

	p.method = &m->image->methods[p.interface->methods + asker->mid];
	return judge_passage(m, &p);
}

static void tell_status(struct mediator *m, const struct asker *asker,
			enum dk_status status)
{
	if (asker->task->kernel)
		call_status(m, &asker->task->kernel->port, asker->call,
			    asker->trace, status);
}

static void answer_send(struct mediator *m, struct frame *frame,
			const struct asker *asker)
{
	enum dk_status status = answer_judge(m, frame, asker, 0);

	if (status != DK_OK)
		tell_status(m, asker, status);
	else if (asker->task->kernel)
		port_send(m, &asker->task->kernel->port, frame, NULL, 0);
}

/* The method's answer with nothing but STATUS in it. */
static void answer_plain(struct mediator *m, const struct asker *asker,
			 enum dk_status status)
{
	static const size_t sizes[CM_N] = {
		[CM_CONNECT] = sizeof(struct cm_connect_out),
		[CM_LISTEN] = sizeof(struct cm_listen_out),
		[CM_DROP] = sizeof(struct cm_drop_out),
		[CM_ACCEPT] = sizeof(struct cm_accept_out),
	};
	struct frame *frame = &m->reply;
	uint8_t *body = answer_begin(m, frame, asker, sizes[asker->mid]);
	uint32_t value = (uint32_t)status, none = WIRE_NO_HANDLE;

	/* .status is every answer's first member; .handle the same in both */
	memcpy(body, &value, sizeof(value));
	if (asker->mid == CM_CONNECT || asker->mid == CM_ACCEPT)
		memcpy(body + offsetof(struct cm_connect_out, handle), &none,
		       sizeof(none));
	answer_send(m, frame, asker);
}

static_assert(offsetof(struct cm_connect_out, handle) ==
	      offsetof(struct cm_accept_out, handle), "answer_plain");

static void waiter_answer(struct mediator *m, struct waiter *waiter,
			  enum dk_status status)
{
	struct asker asker = asker_of(waiter);

	waiter_end(m, waiter);
	answer_plain(m, &asker, status);
}

static void expire(void *context, struct timer *timer)
{
	waiter_answer(context, container_of(timer, struct waiter, timer),
		      DK_TIMEOUT);
}

/* ---- what the four methods share ---- */

/* A checked string of the request; "" if it is empty. */
static const char *string_of(struct passage *p, struct wire_chunk chunk)
{
	if (chunk.size == 0)
		return "";
	return (const char *)frame_arena(p->frame) + chunk.offset;
}

/* The shorter of the method's own time and the header's. */
static uint32_t wait_of(const struct passage *p, uint32_t msecs)
{
	uint32_t deadline_ms = p->frame->header.deadline_ms;

	/* WIRE_DEADLINE_CAP and CM_FOREVER are the longest there are */
	return deadline_ms < msecs ? deadline_ms : msecs;
}

static const char *service_of(const struct mediator *m,
			      const struct waiter *connect)
{
	return image_string(m->image, connect->endpoint->path);
}

static bool passes(const struct mediator *m, const struct waiter *connect,
		   const char *filter)
{
	return filter[0] == '\0' ||
	       strcmp(filter, service_of(m, connect)) == 0;
}

/* The oldest that waits for SERVER; CLIENT NULL: whoever it is. */
static struct waiter *find_caller(const struct mediator *m,
				  struct task *server, const char *client,
				  const char *filter)
{
	struct list *at, *after;

	list_each(at, after, &server->callers) {
		struct waiter *connect = container_of(at, struct waiter,
						      of_server);

		if ((!client || strcmp(client, connect->task->name) == 0) &&
		    passes(m, connect, filter))
			return connect;
	}
	return NULL;
}

/* The same, but SERVICE "" is not any: it is none. */
static struct waiter *find_named(const struct mediator *m, struct task *server,
				 const char *client, const char *service)
{
	return service[0] ? find_caller(m, server, client, service) : NULL;
}

static void answer_listen(struct mediator *m, const struct asker *asker,
			  const struct waiter *connect)
{
	struct frame *frame = &m->reply;
	struct cm_listen_out *out = answer_begin(m, frame, asker,
						 sizeof(*out));

	out->status = DK_OK;
	out->client = put_string(frame, connect->task->name);
	out->service = put_string(frame, service_of(m, connect));
	answer_send(m, frame, asker);
}

/* ---- Connect, Listen, Drop ---- */

static void wake_listen(struct mediator *m, struct waiter *connect)
{
	struct list *at, *after;

	list_each(at, after, &connect->server->listening) {
		struct waiter *listen = container_of(at, struct waiter,
						     of_task);
		struct asker asker = asker_of(listen);

		if (!passes(m, connect, listen->filter))
			continue;
		waiter_end(m, listen);
		answer_listen(m, &asker, connect);
		return;
	}
}

static enum dk_status request_connect(struct mediator *m, struct passage *p,
				      const struct asker *asker)
{
	const struct cm_connect_in *in = (void *)frame_fixed(p->frame);
	const char *service = string_of(p, in->service);
	uint32_t index = image_find_task(m->image, string_of(p, in->server));
	const struct image_endpoint *endpoint;
	struct waiter *waiter;
	struct task *server;
	uint32_t wait_ms = wait_of(p, in->msecs);

	if (index == IMAGE_NONE)
		return DK_NOT_FOUND;
	server = &m->tasks[index];
	endpoint = image_find_endpoint(m->image, server->class_index, service);
	if (!endpoint)
		return DK_NOT_FOUND;
	if (server->state == TASK_GONE)
		return DK_NOT_CONNECTED;
	if (asker->task->n_channels + asker->task->n_connects >=
	    LIMIT_CHANNELS)
		return DK_QUOTA;
	waiter = waiter_find_free(asker->task->connects, LIMIT_CONNECTS);
	if (!waiter)
		return DK_QUOTA;
	if (call_closes_cycle(m, asker->task, server))
		return DK_DEADLOCK;
	if (wait_ms == 0)
		return DK_TIMEOUT;
	waiter->call = asker->call;
	waiter->trace = asker->trace;
	waiter->server = server;
	waiter->endpoint = endpoint;
	waiter_begin(m, waiter, wait_ms);
	wake_listen(m, waiter);
	return DK_OK;
}

static enum dk_status request_listen(struct mediator *m, struct passage *p,
				     const struct asker *asker)
{
	const struct cm_listen_in *in = (void *)frame_fixed(p->frame);
	const char *filter = string_of(p, in->filter);
	uint32_t wait_ms = wait_of(p, in->msecs);
	struct waiter *connect, *waiter;

	connect = find_caller(m, asker->task, NULL, filter);
	if (connect) {
		answer_listen(m, asker, connect);
		return DK_OK;
	}
	if (wait_ms == 0)
		return DK_TIMEOUT;
	waiter = waiter_find_free(asker->task->listens, LIMIT_LISTENS);
	if (!waiter)
		return DK_QUOTA;
	waiter->call = asker->call;
	waiter->trace = asker->trace;
	strncpy(waiter->filter, filter, sizeof(waiter->filter) - 1);
	waiter_begin(m, waiter, wait_ms);
	return DK_OK;
}

static enum dk_status request_drop(struct mediator *m, struct passage *p,
				   const struct asker *asker)
{
	const struct cm_drop_in *in = (void *)frame_fixed(p->frame);
	struct waiter *connect = find_named(m, asker->task,
					    string_of(p, in->client),
					    string_of(p, in->service));

	if (!connect)
		return DK_NOT_FOUND;
	waiter_answer(m, connect, DK_NOT_CONNECTED);
	answer_plain(m, asker, DK_OK);
	return DK_OK;
}

/* ---- Accept ---- */

/* Both ends, made after both answers were granted. */
struct pair {
	struct listener *listener;
	struct channel *channel;
	bool new_listener;
};

static enum dk_status pair_make(struct mediator *m, struct pair *pair,
				struct task *client, struct task *server,
				struct listener *given)
{
	int err = 0;

	if (!task_takes_fds(client) || (!given && !task_takes_fds(server)))
		return DK_QUOTA;
	pair->new_listener = !given;
	pair->listener = given ? given : listener_new(m, server, &err);
	if (pair->listener)
		pair->channel = channel_new(m, client, pair->listener,
					    WIRE_RIGHT_CALL |
					    WIRE_RIGHT_TRANSFER, &err);
	if (pair->channel)
		return DK_OK;
	if (pair->listener && pair->new_listener)
		listener_close(m, pair->listener);
	return err == -EDQUOT ? DK_QUOTA : DK_NO_MEMORY;
}

static int send_end(struct mediator *m, struct task *task,
		    const struct frame *frame, int fd)
{
	if (!task->kernel)
		return -EPIPE;
	return port_send(m, &task->kernel->port, frame, &fd, fd >= 0);
}

/* Gives each side its end. */
static void pair_send(struct mediator *m, struct pair *pair,
		      const struct asker *client, const struct asker *server)
{
	struct port *listener = &pair->listener->port;

	if (send_end(m, client->task, &m->reply,
		     pair->channel->port.program_fd) != 0) {
		channel_close(m, pair->channel);
		if (pair->new_listener)
			listener_close(m, pair->listener);
		answer_plain(m, server, DK_NOT_CONNECTED);
		return;
	}
	port_handed_over(&pair->channel->port);
	if (send_end(m, server->task, &m->second, pair->new_listener ?
		     listener->program_fd : -1) != 0) {
		channel_close(m, pair->channel);
		if (pair->new_listener)
			listener_close(m, pair->listener);
		return;
	}
	port_handed_over(listener);
	channel_announce(m, pair->channel);
}

static void write_answers(struct mediator *m, const struct asker *client,
			  const struct asker *server, uint32_t rsid,
			  bool new_listener)
{
	struct cm_connect_out *to_client;
	struct cm_accept_out *to_server;

	to_client = answer_begin(m, &m->reply, client, sizeof(*to_client));
	to_client->handle = put_handle(&m->reply, WIRE_RIGHT_CALL |
				       WIRE_RIGHT_TRANSFER);
	to_client->rsid = rsid;
	to_server = answer_begin(m, &m->second, server, sizeof(*to_server));
	if (new_listener)
		to_server->handle = put_handle(&m->second, WIRE_RIGHT_LISTEN);
	else
		to_server->handle.handle = WIRE_NO_HANDLE;
}

static enum dk_status request_accept(struct mediator *m, struct passage *p,
				     const struct asker *server)
{
	const struct cm_accept_in *in = (void *)frame_fixed(p->frame);
	struct listener *given = p->frame->n_fds ?
				 port_listener(p->handles[0]) : NULL;
	struct pair pair = { 0 };
	struct waiter *connect;
	struct asker client;
	enum dk_status status;

	connect = find_named(m, server->task, string_of(p, in->client),
			     string_of(p, in->service));
	if (!connect)
		return DK_NOT_FOUND;
	if (in->rsid != connect->endpoint->riid)
		return DK_INVALID_ARGUMENT;
	client = asker_of(connect);
	waiter_end(m, connect);
	write_answers(m, &client, server, in->rsid, !given);
	status = answer_judge(m, &m->reply, &client, server->task->sid);
	if (answer_judge(m, &m->second, server, server->task->sid) != DK_OK)
		status = DK_SECURITY_DISALLOW;
	if (status != DK_OK) {
		tell_status(m, &client, status);
		tell_status(m, server, status);
		return DK_OK;
	}
	status = pair_make(m, &pair, client.task, server->task, given);
	if (status != DK_OK) {
		answer_plain(m, &client, status);
		return status;
	}
	pair_send(m, &pair, &client, server);
	return DK_OK;
}

/* ---- the endpoint ---- */

enum dk_status connect_request(struct mediator *m, struct passage *p)
{
	static enum dk_status (*const methods[CM_N])(struct mediator *,
						     struct passage *,
						     const struct asker *) = {
		[CM_CONNECT] = request_connect, [CM_LISTEN] = request_listen,
		[CM_DROP] = request_drop, [CM_ACCEPT] = request_accept,
	};
	struct asker asker = { p->src, p->frame->header.call, p->mid,
			       p->frame->header.trace };
	enum dk_status status;

	/* Core's other endpoints come with the issues that need them. */
	if (p->endpoint != m->cm)
		return DK_UNSUPPORTED;
	if ((p->mid == CM_CONNECT || p->mid == CM_ACCEPT) &&
	    !p->port->handles) {
		p->why = "the class may not be sent handles";
		return DK_UNSUPPORTED;
	}
	status = methods[p->mid](m, p, &asker);
	if (status != DK_OK)
		answer_plain(m, &asker, status);
	return DK_OK;
}

const char *connect_init(struct mediator *m)
{
	const struct image *image = m->image;

	m->cm = image_find_endpoint(image, IMAGE_CLASS_CORE, CM_PATH);
	if (!m->cm)
		return NULL;
	return connect_body_fault(&image->interfaces[m->cm->interface],
				  image->methods, &image->layout);
}

void connect_init_task(struct task *task)
{
	for (uint32_t i = 0; i < LIMIT_CONNECTS + LIMIT_LISTENS; i++) {
		struct waiter *waiter = i < LIMIT_CONNECTS ?
					&task->connects[i] :
					&task->listens[i - LIMIT_CONNECTS];

		waiter->task = task;
		waiter->mid = i < LIMIT_CONNECTS ? CM_CONNECT : CM_LISTEN;
		waiter->timer.fire = expire;
		list_init(&waiter->of_task);
		list_init(&waiter->of_server);
	}
}

void connect_cancel(struct mediator *m, struct task *task, uint32_t call)
{
	for (uint32_t i = 0; i < LIMIT_CONNECTS + LIMIT_LISTENS; i++) {
		struct waiter *waiter = i < LIMIT_CONNECTS ?
					&task->connects[i] :
					&task->listens[i - LIMIT_CONNECTS];

		if (waiter->used && waiter->call == call) {
			waiter_end(m, waiter);
			return;
		}
	}
}

void connect_forget_asker(struct mediator *m, struct task *task)
{
	while (!list_empty(&task->connecting))
		waiter_end(m, list_first(&task->connecting, struct waiter,
					 of_task));
	while (!list_empty(&task->listening))
		waiter_end(m, list_first(&task->listening, struct waiter,
					 of_task));
}

void connect_forget_server(struct mediator *m, struct task *task)
{
	while (!list_empty(&task->callers))
		waiter_answer(m, list_first(&task->callers, struct waiter,
					    of_server), DK_NOT_CONNECTED);
}
