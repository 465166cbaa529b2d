/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "dispatch.h"

#include <sys/epoll.h>

#include "call.h"
#include "channel.h"
#include "connect.h"
#include "deliver.h"
#include "frame.h"
#include "judge.h"
#include "program.h"
#include "resolve.h"

/* What a status that a step ended with means for the records. The rest is
   silent: the asker set the deadline, or the peer's end has its own line. */
static const struct { bool recorded; enum audit_what what; }
refusals[DK_N_STATUS] = {
	[DK_INVALID_ARGUMENT] = { true, AUDIT_MALFORMED },
	[DK_NOT_FOUND] = { true, AUDIT_REFUSED },
	[DK_BUSY] = { true, AUDIT_REFUSED },
	[DK_NO_MEMORY] = { true, AUDIT_REFUSED },
	[DK_QUOTA] = { true, AUDIT_REFUSED },
	[DK_DEADLOCK] = { true, AUDIT_REFUSED },
	[DK_UNSUPPORTED] = { true, AUDIT_REFUSED },
	/* DK_SECURITY_DISALLOW: judge_passage has written it */
};

static void record(struct mediator *m, const struct passage *p,
		   enum dk_status status)
{
	if (refusals[status].recorded)
		judge_refusal(m, p, refusals[status].what, status);
}

static enum dk_status decode(struct passage *p)
{
	p->why = frame_fault(p->frame, p->port->side);
	return p->why ? DK_INVALID_ARGUMENT : DK_OK;
}

static void tell_sender(struct mediator *m, const struct passage *p,
			uint32_t call, enum dk_status status)
{
	call_status(m, p->port, call, p->frame->header.trace, status);
}

static void request(struct mediator *m, struct passage *p)
{
	uint32_t call = p->frame->header.call;
	enum dk_status status;

	p->kind = EVENT_REQUEST;
	status = resolve_request(m, p);
	if (status == DK_OK)
		status = judge_passage(m, p);
	if (status == DK_OK)
		status = deliver_request(m, p);
	if (status == DK_OK)
		return;
	record(m, p, status);
	tell_sender(m, p, call, status);
}

/* A program asks the security module about something of its own. */
static bool is_question(const struct passage *p)
{
	return p->port->side == PORT_KERNEL &&
	       p->frame->header.riid == WIRE_SECURITY_RIID;
}

static void question(struct mediator *m, struct passage *p)
{
	enum dk_status status;

	p->kind = EVENT_SECURITY;
	status = resolve_question(m, p);
	if (status == DK_OK)
		status = judge_passage(m, p);
	if (status == DK_OK) {
		deliver_verdict(m, p);
		return;
	}
	record(m, p, status);
	tell_sender(m, p, p->frame->header.call, status);
}

static void answer(struct mediator *m, struct passage *p)
{
	uint32_t call = p->frame->header.call;
	enum dk_status status;

	p->kind = p->frame->header.kind == WIRE_ERROR ? EVENT_ERROR :
							EVENT_RESPONSE;
	status = resolve_answer(m, p);
	if (status == DK_OK)
		status = judge_passage(m, p);
	if (status == DK_OK) {
		deliver_answer(m, p);
		return;
	}
	record(m, p, status);
	if (p->call)
		call_end(m, p->call, status);
	tell_sender(m, p, call, status);
}

/* A client gives its call up; a server says that it will not answer. */
static void cancel(struct mediator *m, struct passage *p)
{
	uint32_t number = p->frame->header.call;
	struct call *call;

	if (p->port->side == PORT_KERNEL) {
		connect_cancel(m, p->port->task, number);
	} else if (p->port->side == PORT_CLIENT) {
		call = call_find_client(port_channel(p->port), number);
		if (call)	/* else the answer is on its way */
			call_abandon(m, call);
	} else {
		call = call_find(port_listener(p->port), number);
		if (call) {
			call_end(m, call, DK_CANCELED);
			return;
		}
		p->why = "cancels no call";
		record(m, p, DK_INVALID_ARGUMENT);
		tell_sender(m, p, number, DK_INVALID_ARGUMENT);
	}
}

/* No header to believe; if it answers a call, that call has its answer. */
static void malformed(struct mediator *m, struct passage *p)
{
	const struct wire_header *header = &p->frame->header;
	bool whole = p->frame->length >= sizeof(*header);
	uint32_t number = whole ? header->call : 0;
	struct call *call = NULL;

	if (!whole)
		p->frame->header.trace = 0;
	record(m, p, DK_INVALID_ARGUMENT);
	if (whole && p->port->side == PORT_LISTENER)
		call = call_find(port_listener(p->port), number);
	if (call)
		call_end(m, call, DK_INVALID_ARGUMENT);
	tell_sender(m, p, number, DK_INVALID_ARGUMENT);
}

static void serve(struct mediator *m, struct port *port)
{
	struct passage p = { .port = port, .frame = &m->in };

	port->task->spoke = true;
	if (!frame_version_ok(p.frame)) {
		program_kill(m, port->task, "speaks another version of the "
			     "wire");
		return;
	}
	if (decode(&p) != DK_OK)
		malformed(m, &p);
	else if (p.frame->header.kind == WIRE_REQUEST && is_question(&p))
		question(m, &p);
	else if (p.frame->header.kind == WIRE_REQUEST)
		request(m, &p);
	else if (p.frame->header.kind == WIRE_CANCEL)
		cancel(m, &p);
	else
		answer(m, &p);
}

/* A request that its listener has no room for stays in the socket. */
static bool park(struct mediator *m, struct port *port)
{
	struct wire_header header;
	struct channel *channel;

	if (port->side != PORT_CLIENT)
		return false;
	channel = port_channel(port);
	if (channel->expired || !listener_full(channel->listener))
		return false;
	if (!frame_peek(port->source.fd, &header) ||
	    header.kind != WIRE_REQUEST)
		return false;
	channel_park(m, channel, call_deadline(port->task,
					       header.deadline_ms));
	return true;
}

/* Receives and serves one frame. False: there is no more to do on PORT. */
static bool step(struct mediator *m, struct port *port)
{
	struct listener *listener;
	enum frame_status status;

	if (park(m, port))
		return false;
	status = frame_receive(&m->in, port->source.fd, port->handles);
	if (status == FRAME_NONE)
		return false;
	if (status == FRAME_END) {
		frame_release(&m->in);
		program_port_ended(m, port);
		return false;
	}
	port->task->turn_bytes += (uint32_t)m->in.length;
	port->task->turn_frames++;
	listener = port->side == PORT_CLIENT ? port_channel(port)->listener :
					       NULL;
	serve(m, port);
	frame_release(&m->in);
	if (listener)
		listener_unpark(m, listener);
	return port->source.fd >= 0;
}

static bool turn_is_over(const struct mediator *m, struct task *task)
{
	if (task->turn != m->wakeup) {
		task->turn = m->wakeup;
		task->turn_bytes = task->turn_frames = 0;
	}
	return task->turn_bytes >= LIMIT_TURN_BYTES ||
	       task->turn_frames >= LIMIT_TURN_FRAMES;
}

void dispatch_port(struct mediator *m, struct port *port, uint32_t events)
{
	/* Who was readable in the last wake-up too is likely to have more. */
	bool more = port->wakeup + 1 == m->wakeup;

	if (port->source.fd < 0)
		return;
	port->wakeup = m->wakeup;
	if ((events & EPOLLOUT) && port->side == PORT_LISTENER)
		listener_tell(m, port_listener(port));
	if ((events & EPOLLHUP) && !(events & EPOLLIN) &&
	    port->source.events == 0) {
		program_port_ended(m, port);	/* parked, and left */
		return;
	}
	if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
		return;
	do {
		if (turn_is_over(m, port->task))
			return;
	} while (step(m, port) && more);
}

void dispatch_expired(void *mediator, struct timer *timer)
{
	struct mediator *m = mediator;
	struct channel *channel = container_of(timer, struct channel, parked);

	list_remove(&channel->waiting);
	channel->expired = true;
	step(m, &channel->port);
	channel->expired = false;
	source_watch(m, &channel->port.source, EPOLLIN);
}

void dispatch_rest(struct mediator *m, struct port *port)
{
	/* As many as it may owe; one that is alive could go on for ever. */
	for (uint32_t i = 0; i < LIMIT_LISTENER_CALLS; i++)
		if (!step(m, port))
			return;
}
