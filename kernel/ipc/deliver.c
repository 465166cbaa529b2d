/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "deliver.h"

#include <errno.h>

#include "call.h"
#include "channel.h"
#include "connect.h"
#include "frame.h"
#include "handle.h"
#include "judge.h"
#include "names.h"

/* Limits of the asker, and what would never end. */
static enum dk_status may_wait(struct mediator *m, struct passage *p,
			       const struct channel *client)
{
	if (p->src->n_calls >= LIMIT_CALLS) {
		p->why = "too many calls under way";
		return DK_QUOTA;
	}
	if (call_closes_cycle(m, p->src, p->dst)) {
		p->why = "closes a cycle of tasks that wait for each other";
		return DK_DEADLOCK;
	}
	if (client->expired || p->frame->header.deadline_ms == 0 ||
	    listener_full(client->listener))
		return DK_TIMEOUT;
	return DK_OK;
}

static enum dk_status status_of(int err)
{
	switch (err) {
	case 0:
		return DK_OK;
	case -EPIPE:
	case -ECONNRESET:
	case -ECONNREFUSED:
	case -ENOTCONN:
		return DK_NOT_CONNECTED;
	case -ENOMEM:
	case -ENOBUFS:
		return DK_NO_MEMORY;
	case -ETOOMANYREFS:
		return DK_QUOTA;
	default:
		return DK_BUSY;
	}
}

enum dk_status deliver_request(struct mediator *m, struct passage *p)
{
	struct channel *client = port_channel(p->port);
	struct listener *listener = client->listener;
	struct wire_header *header = &p->frame->header;
	struct handle_gift gift;
	enum dk_status status;
	struct call *call;

	if (header->trace == 0)
		header->trace = m->next_trace++;
	if (p->dst_sid == SID_KERNEL)
		return connect_request(m, p);
	status = may_wait(m, p, client);
	if (status != DK_OK)
		return status;
	status = handle_give(m, p, p->dst, &gift);
	if (status != DK_OK)
		return status;
	call = call_new(m, client, listener, p);
	names_asked(m, call, p);
	header->call = call_number(call);
	header->sid = p->src_sid;
	status = status_of(port_send(m, &listener->port, p->frame, gift.fds,
				     gift.n));
	handle_given(m, &gift, status == DK_OK);
	if (status != DK_OK)
		call_free(m, call);
	return status;
}

void deliver_verdict(struct mediator *m, struct passage *p)
{
	const struct wire_header *asked = &p->frame->header;
	struct frame *frame = &m->reply;

	frame_begin(frame, WIRE_RESPONSE, asked->call, asked->trace);
	frame->header.sid = SID_KERNEL;
	frame->header.riid = WIRE_SECURITY_RIID;
	frame->header.mid = asked->mid;
	port_send(m, p->port, frame, NULL, 0);
}

void deliver_answer(struct mediator *m, struct passage *p)
{
	struct wire_header *header = &p->frame->header;
	struct call *call = p->call;
	struct channel *client = call->client;
	struct handle_gift gift;
	enum dk_status status;
	int err;

	names_answered(m, p);
	if (call->state == CALL_LATE) {
		m->n_late++;
		p->why = "the answer came late: nobody waits for it any more";
		judge_refusal(m, p, AUDIT_DROPPED, DK_TIMEOUT);
		call_free(m, call);
		return;
	}
	status = handle_give(m, p, client->port.task, &gift);
	if (status != DK_OK) {
		judge_refusal(m, p, AUDIT_REFUSED, status);
		call_end(m, call, status);
		return;
	}
	header->call = call->client_call;
	header->sid = p->src_sid;
	header->deadline_ms = 0;
	header->trace = call->trace;
	call_free(m, call);
	err = port_send(m, &client->port, p->frame, gift.fds, gift.n);
	handle_given(m, &gift, err == 0);
	if (err == -ETOOMANYREFS || err == -ENOBUFS || err == -ENOMEM)
		call_status(m, &client->port, header->call, header->trace,
			    status_of(err));
}
