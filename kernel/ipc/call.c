/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "call.h"

#include <assert.h>

#include "channel.h"
#include "frame.h"

static_assert(LIMIT_LISTENER_CALLS <= 65536, "an index has 16 bits");

static void expire(void *context, struct timer *timer)
{
	struct mediator *m = context;
	struct call *call = container_of(timer, struct call, timer);
	struct channel *client = call->client;
	uint32_t number = call->client_call;

	call_abandon(m, call);
	call_status(m, &client->port, number, call->trace, DK_TIMEOUT);
}

void call_init_all(struct listener *listener)
{
	list_init(&listener->free_calls);
	for (uint32_t i = 0; i < LIMIT_LISTENER_CALLS; i++) {
		struct call *call = &listener->calls[i];

		*call = (struct call){ .index = (uint16_t)i, .generation = 1,
				       .listener = listener };
		call->timer.fire = expire;
		list_init(&call->of_client);
		list_init(&call->of_task);
		list_init(&call->free);
		list_add(&listener->free_calls, &call->free);
	}
}

uint32_t call_number(const struct call *call)
{
	return (uint32_t)call->generation << 16 | call->index;
}

uint32_t call_deadline(const struct task *task, uint32_t deadline_ms)
{
	uint32_t cap = task->class->deadline_cap_ms;

	if (cap == 0)
		cap = LIMIT_DEADLINE_MS;
	return deadline_ms < cap ? deadline_ms : cap;
}

struct call *call_new(struct mediator *m, struct channel *client,
		      struct listener *listener, const struct passage *p)
{
	const struct wire_header *header = &p->frame->header;
	struct task *task = client->port.task;
	uint32_t deadline_ms = call_deadline(task, header->deadline_ms);
	struct call *call;

	assert(!list_empty(&listener->free_calls));
	call = list_first(&listener->free_calls, struct call, free);
	list_remove(&call->free);
	call->state = CALL_OPEN;
	call->client = client;
	call->client_task = task;
	call->client_class = task->class_index;
	call->client_sid = task->sid;
	call->client_call = header->call;
	call->endpoint = p->endpoint;
	call->method = p->method;
	call->mid = p->mid;
	call->trace = header->trace;
	call->bytes = (uint32_t)p->frame->length + LIMIT_FRAME_COST;
	list_add(&client->calls, &call->of_client);
	list_add(&task->calls, &call->of_task);
	listener->n_calls++;
	listener->bytes += call->bytes;
	task->n_calls++;
	m->n_calls++;
	if (deadline_ms != WIRE_DEADLINE_CAP)
		timer_arm(&m->timers, &call->timer, m->now_ms + deadline_ms);
	return call;
}

struct call *call_find(struct listener *listener, uint32_t number)
{
	uint32_t index = number & 0xffff;
	struct call *call;

	if (index >= LIMIT_LISTENER_CALLS)
		return NULL;
	call = &listener->calls[index];
	if (call->state == CALL_FREE || call_number(call) != number)
		return NULL;
	return call;
}

struct call *call_find_client(struct channel *client, uint32_t number)
{
	struct call *found = NULL;
	struct list *at, *after;

	list_each(at, after, &client->calls) {
		struct call *call = container_of(at, struct call, of_client);

		if (call->client_call == number)
			found = call;
	}
	return found;
}

void call_abandon(struct mediator *m, struct call *call)
{
	if (call->state != CALL_OPEN)
		return;
	timer_disarm(&m->timers, &call->timer);
	list_remove(&call->of_client);
	list_remove(&call->of_task);
	call->client_task->n_calls--;
	call->client = NULL;
	call->state = CALL_LATE;
}

void call_free(struct mediator *m, struct call *call)
{
	struct listener *listener = call->listener;

	call_abandon(m, call);
	assert(call->state == CALL_LATE);
	call->state = CALL_FREE;
	call->generation++;
	if (call->generation == 0)	/* 0 is no call's number */
		call->generation = 1;
	listener->n_calls--;
	listener->bytes -= call->bytes;
	m->n_calls--;
	list_add(&listener->free_calls, &call->free);
	listener_unpark(m, listener);
}

void call_end(struct mediator *m, struct call *call, enum dk_status status)
{
	struct channel *client = call->client;
	uint32_t number = call->client_call;
	uint64_t trace = call->trace;

	call_free(m, call);
	if (client)
		call_status(m, &client->port, number, trace, status);
}

void call_end_all(struct mediator *m, struct listener *listener)
{
	for (uint32_t i = 0; i < LIMIT_LISTENER_CALLS; i++)
		if (listener->calls[i].state != CALL_FREE)
			call_end(m, &listener->calls[i], DK_NOT_CONNECTED);
}

void call_status(struct mediator *m, struct port *port, uint32_t call,
		 uint64_t trace, enum dk_status status)
{
	struct frame *frame = &m->note;

	frame_begin(frame, WIRE_STATUS, call, trace);
	frame->header.status = (uint16_t)status;
	port_send(m, port, frame, NULL, 0);
}

/* Whom a task that cannot do two things at once waits for. */
static const struct task *waits_for(const struct task *task)
{
	if (!task->single)
		return NULL;
	if (!list_empty(&task->calls))
		return container_of(task->calls.prev, struct call,
				    of_task)->listener->port.task;
	if (!list_empty(&task->connecting))
		return container_of(task->connecting.prev, struct waiter,
				    of_task)->server;
	return NULL;
}

bool call_closes_cycle(const struct mediator *m, const struct task *task,
		       const struct task *server)
{
	const struct task *at = server;

	if (!task->single)
		return false;
	for (uint32_t i = 0; at && i <= m->n_tasks; i++) {
		if (at == task)
			return true;
		at = waits_for(at);
	}
	return false;
}
