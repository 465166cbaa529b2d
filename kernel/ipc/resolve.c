/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "resolve.h"

#include <stdbool.h>
#include <stdio.h>

#include "../security/body.h"
#include "call.h"
#include "channel.h"
#include "frame.h"
#include "handle.h"

/* A right to call that was not given along is no way to the server. */
static bool may_call(const struct port *port)
{
	return port->side == PORT_KERNEL || (port->rights & WIRE_RIGHT_CALL);
}

static void set_endpoint(const struct mediator *m, struct passage *p,
			 const struct image_endpoint *endpoint)
{
	p->endpoint = endpoint;
	p->interface = &m->image->interfaces[endpoint->interface];
	p->slot = endpoint->slot + p->mid;
}

static enum dk_status check_body(struct mediator *m, struct passage *p,
				 enum method_part part)
{
	const struct wire_header *header = &p->frame->header;
	const struct image *image = m->image;
	enum body_status status;

	if (p->method->type[part] == IMAGE_NONE) {
		p->why = "carries error parameters, and the method has none";
		return DK_INVALID_ARGUMENT;
	}
	status = body_check(&image->layout, p->method->type[part],
			    frame_fixed(p->frame), header->fixed_size,
			    frame_arena(p->frame), header->arena_size,
			    p->method->arena_max[part], header->n_handles);
	if (status == BODY_OK)
		return DK_OK;
	p->why = body_status_text(status);
	if (status == BODY_FIXED_SIZE) {
		snprintf(p->why_text, sizeof(p->why_text),
			 "built from another version of %s.idl",
			 image_string(image, p->interface->name));
		p->why = p->why_text;
	}
	return DK_INVALID_ARGUMENT;
}

enum dk_status resolve_request(struct mediator *m, struct passage *p)
{
	const struct wire_header *header = &p->frame->header;
	struct channel *channel = port_channel(p->port);
	const struct image_endpoint *endpoint;
	enum dk_status status;

	p->src = p->port->task;
	p->src_class = p->src->class_index;
	p->src_sid = p->src->sid;
	if (channel->listener) {
		p->dst = channel->listener->port.task;
		p->dst_class = p->dst->class_index;
		p->dst_sid = p->dst->sid;
		if (p->dst_sid == 0)	/* waited for its start in vain */
			return DK_TIMEOUT;
	} else {
		p->dst_class = IMAGE_CLASS_CORE;
		p->dst_sid = SID_KERNEL;
	}
	if (!may_call(p->port)) {
		p->why = "comes through a handle without the right to call";
		return DK_INVALID_ARGUMENT;
	}
	p->mid = header->mid;
	endpoint = image_endpoint(m->image, p->dst_class, header->riid);
	if (endpoint) {
		set_endpoint(m, p, endpoint);
		p->method = image_method(m->image, endpoint, p->mid);
	}
	if (!p->method) {
		p->why = endpoint ? "no such method" : "no such endpoint";
		return DK_NOT_FOUND;
	}
	status = check_body(m, p, METHOD_REQUEST);
	if (status != DK_OK)
		return status;
	return handle_resolve(m, p);
}

enum dk_status resolve_question(struct mediator *m, struct passage *p)
{
	const struct wire_header *header = &p->frame->header;
	const struct image_class *class;
	enum dk_status status;

	p->src = p->port->task;
	p->src_class = p->dst_class = p->src->class_index;
	p->src_sid = p->src->sid;
	p->mid = header->mid;
	class = &m->image->classes[p->src_class];
	if (class->security == IMAGE_NONE) {
		p->why = "the class has no security interface";
		return DK_NOT_FOUND;
	}
	p->interface = &m->image->interfaces[class->security];
	if (p->mid >= p->interface->n_methods) {
		p->why = "no such method";
		return DK_NOT_FOUND;
	}
	p->slot = class->security_slot + p->mid;
	p->method = &m->image->methods[p->interface->methods + p->mid];
	status = check_body(m, p, METHOD_REQUEST);
	if (status != DK_OK)
		return status;
	return handle_resolve(m, p);
}

enum dk_status resolve_answer(struct mediator *m, struct passage *p)
{
	const struct wire_header *header = &p->frame->header;
	enum dk_status status;

	p->src = p->port->task;
	p->src_class = p->src->class_index;
	p->src_sid = p->src->sid;
	p->call = call_find(port_listener(p->port), header->call);
	if (!p->call) {
		p->why = "answers no call";
		return DK_INVALID_ARGUMENT;
	}
	p->dst = p->call->client_task;
	p->dst_class = p->call->client_class;
	p->dst_sid = p->call->client_sid;
	p->mid = p->call->mid;
	set_endpoint(m, p, p->call->endpoint);
	p->method = p->call->method;
	if (header->riid != p->endpoint->riid || header->mid != p->mid) {
		p->why = "answers another endpoint or method than was asked";
		return DK_INVALID_ARGUMENT;
	}
	status = check_body(m, p, p->kind == EVENT_ERROR ? METHOD_ERROR :
			    METHOD_RESPONSE);
	if (status != DK_OK)
		return status;
	return handle_resolve(m, p);
}
