/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "frame.h"

#define NAME_SERVER	"kl.core.NameServer"	/* class, and channel */
#define NS_PATH		"ns.NS"
#define NS_INTERFACE	"kl.core.NS"

/* kl/core/NS.idl */
enum ns_method { NS_PUBLISH, NS_WITHDRAW };

struct ns_in {
	struct wire_chunk type, server, service;
};

/* A request that its answer will make true. */
struct pending {
	uint32_t number;		/* of the call; 0 is none's */
	enum ns_method method;
	struct name name;
};

struct names {
	uint32_t server;		/* task */
	const struct image_endpoint *endpoint;
	uint32_t n;
	struct name of[LIMIT_NAMES];
	struct pending pending[LIMIT_LISTENER_CALLS];	/* by the call's index */
};

static bool is_known(const struct image *image,
		     const struct image_endpoint *endpoint)
{
	const struct image_interface *interface;
	uint32_t type;

	if (!endpoint)
		return false;
	interface = &image->interfaces[endpoint->interface];
	if (strcmp(image_string(image, interface->name), NS_INTERFACE) != 0 ||
	    interface->n_methods <= NS_WITHDRAW)
		return false;
	for (uint32_t i = NS_PUBLISH; i <= NS_WITHDRAW; i++) {
		type = image->methods[interface->methods + i]
			       .type[METHOD_REQUEST];
		if (image->layout.types[type].size != sizeof(struct ns_in))
			return false;
	}
	return true;
}

int names_init(struct mediator *m)
{
	const struct image *image = m->image;
	uint32_t class_index = image_find_class(image, NAME_SERVER);
	const struct image_endpoint *endpoint = NULL;

	if (class_index != IMAGE_NONE)
		endpoint = image_find_endpoint(image, class_index, NS_PATH);
	if (!is_known(image, endpoint))
		return 0;
	for (uint32_t i = 0; i < image->n_tasks; i++) {
		if (image->tasks[i].class_index != class_index)
			continue;
		m->names = calloc(1, sizeof(*m->names));
		if (!m->names)
			return -ENOMEM;
		m->names->server = i;
		m->names->endpoint = endpoint;
		return 0;
	}
	return 0;
}

void names_deinit(struct mediator *m)
{
	free(m->names);
	m->names = NULL;
}

bool names_has(const struct mediator *m, const struct listener *listener)
{
	return m->names && listener->port.task->index == m->names->server &&
	       listener->name && strcmp(listener->name, NAME_SERVER) == 0;
}

static void copy(char to[WIRE_NAME_MAX], struct passage *p,
		 struct wire_chunk chunk)
{
	if (chunk.size == 0 || chunk.size > WIRE_NAME_MAX)
		to[0] = '\0';
	else
		memcpy(to, frame_arena(p->frame) + chunk.offset, chunk.size);
}

void names_asked(struct mediator *m, const struct call *call,
		 struct passage *p)
{
	const struct ns_in *in = (void *)frame_fixed(p->frame);
	struct pending *pending;

	if (!m->names || !names_has(m, call->listener) ||
	    p->endpoint != m->names->endpoint || p->mid > NS_WITHDRAW)
		return;
	pending = &m->names->pending[call->index];
	pending->number = call_number(call);
	pending->method = (enum ns_method)p->mid;
	pending->name.sid = p->src_sid;
	copy(pending->name.type, p, in->type);
	copy(pending->name.server, p, in->server);
	copy(pending->name.service, p, in->service);
}

static bool same(const struct name *a, const struct name *b)
{
	return strcmp(a->type, b->type) == 0 &&
	       strcmp(a->server, b->server) == 0 &&
	       strcmp(a->service, b->service) == 0;
}

static void remove_at(struct names *names, uint32_t index)
{
	names->n--;
	memmove(&names->of[index], &names->of[index + 1],
		(names->n - index) * sizeof(names->of[0]));
}

static void publish(struct names *names, const struct name *name)
{
	for (uint32_t i = 0; i < names->n; i++)
		if (same(&names->of[i], name)) {
			names->of[i].sid = name->sid;
			return;
		}
	if (names->n < LIMIT_NAMES)
		names->of[names->n++] = *name;
}

static void withdraw(struct names *names, const struct name *name)
{
	for (uint32_t i = 0; i < names->n; i++)
		if (same(&names->of[i], name)) {
			remove_at(names, i);
			return;
		}
}

void names_answered(struct mediator *m, struct passage *p)
{
	struct pending *pending;
	uint32_t status;

	if (!m->names || !names_has(m, p->call->listener))
		return;
	pending = &m->names->pending[p->call->index];
	if (pending->number != call_number(p->call) || pending->number == 0)
		return;
	pending->number = 0;
	if (p->kind != EVENT_RESPONSE)
		return;
	memcpy(&status, frame_fixed(p->frame), sizeof(status));
	if (status == DK_OK && pending->method == NS_PUBLISH)
		publish(m->names, &pending->name);
	else if (status == DK_OK)
		withdraw(m->names, &pending->name);
}

void names_forget(struct mediator *m, const struct task *task)
{
	struct names *names = m->names;

	if (!names)
		return;
	if (task->index == names->server) {
		names->n = 0;
		return;
	}
	for (uint32_t i = names->n; i > 0; i--)
		if (names->of[i - 1].sid == task->sid)
			remove_at(names, i - 1);
}

const struct name *names_get(const struct mediator *m, uint32_t index)
{
	return m->names && index < m->names->n ? &m->names->of[index] : NULL;
}
