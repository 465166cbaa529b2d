/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "handle.h"

#include <errno.h>
#include <string.h>

#include "channel.h"
#include "frame.h"

/* A listener may be named to the connection manager's Accept only. */
static bool accepts_listener(const struct mediator *m, const struct passage *p)
{
	return p->kind == EVENT_REQUEST && p->endpoint == m->cm;
}

static const char *fault(struct mediator *m, struct passage *p, uint32_t i)
{
	struct port *port;
	uint64_t cookie;

	if (fd_cookie(p->frame->fds[i], &cookie) < 0)
		return "brings a descriptor that is no handle";
	port = port_find(m, cookie);
	if (!port || port->task != p->port->task)
		return "brings a socket that is no handle of the sender";
	p->handles[i] = port;
	if (port->side == PORT_LISTENER) {
		p->handle_sids[i] = port->task->sid;
		return accepts_listener(m, p) ? NULL :
		       "brings a listener, which only Accept takes";
	}
	if (port->side == PORT_KERNEL)
		return "brings the handle to the kernel";
	if (accepts_listener(m, p))
		return "brings a client's end where a listener belongs";
	if (!(port->rights & WIRE_RIGHT_TRANSFER))
		return "brings a handle without the right to be sent";
	p->handle_sids[i] = port_channel(port)->listener->port.task->sid;
	return NULL;
}

enum dk_status handle_resolve(struct mediator *m, struct passage *p)
{
	for (uint32_t i = 0; i < p->frame->n_fds; i++) {
		p->why = fault(m, p, i);
		if (p->why)
			return DK_INVALID_ARGUMENT;
	}
	return DK_OK;
}

/*
 * The places of handles in TYPE, in order: structs and arrays are walked with a
 * stack of their own, since body_check has proved the depth.
 */
struct level {
	const struct layout_type *type;
	uint32_t base, next;
};

static uint32_t find_places(const struct layout *layout, uint32_t type,
			    uint32_t places[WIRE_HANDLES_MAX])
{
	struct level stack[LAYOUT_DEPTH_MAX] = {
		{ &layout->types[type], 0, 0 } };
	uint32_t depth = 1, n = 0;

	while (depth > 0) {
		struct level *at = &stack[depth - 1];
		const struct layout_type *inner;
		uint32_t base;

		if (at->next == at->type->count) {
			depth--;
			continue;
		}
		if (at->type->kind == LAYOUT_STRUCT) {
			const struct layout_field *field =
				&layout->fields[at->type->first + at->next];

			inner = &layout->types[field->type];
			base = at->base + field->offset;
		} else {
			inner = &layout->types[at->type->first];
			base = at->base + at->next * inner->size;
		}
		at->next++;
		if (inner->kind == LAYOUT_HANDLE) {
			if (n == WIRE_HANDLES_MAX)
				return n;
			places[n++] = base;
		} else if ((inner->kind == LAYOUT_STRUCT ||
			    (inner->kind == LAYOUT_ARRAY &&
			     layout->types[inner->first].kind !=
			     LAYOUT_SCALAR)) && depth < LAYOUT_DEPTH_MAX) {
			stack[depth++] = (struct level){ inner, base, 0 };
		}
	}
	return n;
}

static enum dk_status status_of(int err)
{
	return err == -EDQUOT ? DK_QUOTA : DK_NO_MEMORY;
}

enum dk_status handle_give(struct mediator *m, struct passage *p,
			   struct task *receiver, struct handle_gift *gift)
{
	enum method_part part = p->kind == EVENT_REQUEST ? METHOD_REQUEST :
				p->kind == EVENT_RESPONSE ? METHOD_RESPONSE :
				METHOD_ERROR;
	uint32_t places[WIRE_HANDLES_MAX];
	uint32_t n_places;
	struct wire_handle handle;

	gift->n = 0;
	if (p->frame->n_fds == 0)
		return DK_OK;
	if (!(receiver->class->flags & CLASS_HANDLES))
		return DK_UNSUPPORTED;
	if (!task_takes_fds(receiver)) {
		p->why = "the receiver has not read earlier handles";
		return DK_QUOTA;
	}
	n_places = find_places(&m->image->layout, p->method->type[part],
			       places);
	for (uint32_t i = 0; i < n_places; i++) {
		uint8_t *place = frame_fixed(p->frame) + places[i];
		struct channel *old, *channel;
		uint32_t rights;
		int err;

		memcpy(&handle, place, sizeof(handle));
		if (handle.handle == WIRE_NO_HANDLE)
			continue;
		old = port_channel(p->handles[handle.handle]);
		rights = old->port.rights;
		if (handle.rights)
			rights &= handle.rights;
		channel = channel_new(m, receiver, old->listener, rights, &err);
		if (!channel) {
			handle_given(m, gift, false);
			return status_of(err);
		}
		gift->channels[gift->n] = channel;
		gift->fds[gift->n++] = channel->port.program_fd;
		handle.rights = rights;
		handle.zero = 0;
		memcpy(place, &handle, sizeof(handle));
	}
	return DK_OK;
}

void handle_given(struct mediator *m, struct handle_gift *gift, bool sent)
{
	for (uint32_t i = 0; i < gift->n; i++) {
		if (sent) {
			port_handed_over(&gift->channels[i]->port);
			channel_announce(m, gift->channels[i]);
		} else {
			channel_close(m, gift->channels[i]);
		}
	}
	gift->n = 0;
}
