/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Whether the channel of two classes could be in the kernel's lane: a verdict
 * that needs the header alone, bodies without handles and without an arena, and
 * no cycle of classes that may wait for each other.
 */
#include <assert.h>

#include "explain.h"

enum objection {
	NOT_GRANTED, RULE, HANDLES, VARIABLE_SIZE, CYCLE, N_OBJECTIONS
};

struct lane {
	struct arena *arena;
	const struct image *image;
	uint32_t client, server;
	struct {
		const char *first;
		unsigned more;
	} found[N_OBJECTIONS];
};

/* The first of each is said, the others counted. */
static void object(struct lane *lane, enum objection which, const char *reason)
{
	if (lane->found[which].first)
		lane->found[which].more++;
	else
		lane->found[which].first = reason;
}

static uint32_t route(const struct image *image, enum event_kind kind,
		      uint32_t src, uint32_t dst, uint32_t slot)
{
	size_t n = image->n_classes;
	size_t pair = (((size_t)kind - 1) * n + src) * n + dst;

	return image->cells[image->pairs[pair] + slot];
}

/* The first rule of a route that has to be run. */
static const struct image_call *first_rule(const struct image *image,
					   uint32_t at)
{
	const struct image_action *action = &image->actions[at & ROUTE_ACTION];

	for (uint32_t i = 0; i < action->n_calls; i++) {
		const struct image_call *call = &image->calls[
			image->action_calls[action->calls + i]];

		if (image_rule(image, call)->fixed == CALL_EVAL)
			return call;
	}
	return NULL;
}

static const char *slot_name(const struct lane *lane,
			     const struct image_endpoint *endpoint,
			     uint32_t mid)
{
	const struct image *image = lane->image;

	return arena_printf(lane->arena, "%s.%s",
			    image_string(image, endpoint->path),
			    image_string(image, image_method(image, endpoint,
							     mid)->name));
}

static void check_rules(struct lane *lane, const struct image_endpoint *endpoint,
			uint32_t mid, enum event_kind kind)
{
	bool request = kind == EVENT_REQUEST;
	uint32_t at = route(lane->image, kind,
			    request ? lane->client : lane->server,
			    request ? lane->server : lane->client,
			    endpoint->slot + mid);
	const struct image_call *call = (at & ROUTE_HOW) == ROUTE_EVAL
					? first_rule(lane->image, at) : NULL;

	if (call)
		object(lane, RULE, arena_printf(lane->arena, "the verdict on the %s "
			"%s needs a rule that is run each time (%s:%u)",
			event_kind_name(kind), slot_name(lane, endpoint, mid),
			image_call_file(lane->image, call), call->line));
}

static bool has_handle(const struct layout *layout, uint32_t index)
{
	const struct layout_type *type = &layout->types[index];
	bool found = type->kind == LAYOUT_HANDLE;

	if (type->kind == LAYOUT_ARRAY)
		return has_handle(layout, type->first);
	for (uint32_t i = 0; type->kind == LAYOUT_STRUCT && i < type->count &&
	     !found; i++)
		found = has_handle(layout, layout->fields[type->first + i].type);
	return found;
}

static void check_body(struct lane *lane, const struct image_endpoint *endpoint,
		       uint32_t mid)
{
	const struct image_method *method = image_method(lane->image, endpoint,
							 mid);
	bool handles = false, arena = false;

	for (int part = 0; part < 3; part++) {
		if (method->type[part] == IMAGE_NONE)
			continue;
		handles = handles || has_handle(&lane->image->layout,
						method->type[part]);
		arena = arena || method->arena_max[part];
	}
	if (handles)
		object(lane, HANDLES, arena_printf(lane->arena, "%s carries handles",
					  slot_name(lane, endpoint, mid)));
	if (arena)
		object(lane, VARIABLE_SIZE, arena_printf(lane->arena, "%s has parameters of "
			"variable size", slot_name(lane, endpoint, mid)));
}

/* Whether any request of SRC to DST may be granted. */
static bool may_call(const struct image *image, uint32_t src, uint32_t dst)
{
	const struct image_class *class = &image->classes[dst];

	for (uint32_t slot = 0; slot < class->n_slots; slot++) {
		uint32_t how = route(image, EVENT_REQUEST, src, dst, slot) &
			       ROUTE_HOW;

		if (how == ROUTE_GRANT || how == ROUTE_EVAL)
			return true;
	}
	return false;
}

/* Whether the server may come to wait for the client, over whomever. */
static bool comes_back(struct lane *lane)
{
	uint32_t n = lane->image->n_classes, next = 0, end = 0;
	uint32_t *queue = arena_alloc(lane->arena, n * sizeof(*queue));
	bool *seen = arena_alloc(lane->arena, n);

	queue[end++] = lane->server;
	seen[lane->server] = true;
	while (next < end) {
		uint32_t class = queue[next++];

		if (class == lane->client)
			return true;
		for (uint32_t i = 0; i < n; i++)
			if (!seen[i] && may_call(lane->image, class, i)) {
				seen[i] = true;
				queue[end++] = i;
			}
	}
	return false;
}

static size_t collect(const struct lane *lane,
		      const char *reasons[EXPLAIN_REASONS])
{
	size_t n = 0;

	static_assert(N_OBJECTIONS <= EXPLAIN_REASONS, "room for all");
	for (int i = 0; i < N_OBJECTIONS; i++) {
		if (!lane->found[i].first)
			continue;
		reasons[n++] = !lane->found[i].more ? lane->found[i].first :
			arena_printf(lane->arena, "%s, and %u more like it",
				     lane->found[i].first, lane->found[i].more);
	}
	return n;
}

size_t explain_lane(struct arena *arena, const struct image *image,
		    const struct event *event,
		    const char *reasons[EXPLAIN_REASONS])
{
	bool request = event->kind == EVENT_REQUEST;
	struct lane lane = {
		.arena = arena, .image = image,
		.client = request ? event->src_class : event->dst_class,
		.server = request ? event->dst_class : event->src_class,
	};
	const struct image_class *class = &image->classes[lane.server];

	if (!may_call(image, lane.client, lane.server))
		object(&lane, NOT_GRANTED, "no request of this channel is granted");
	for (uint32_t i = 0; i < class->n_endpoints; i++) {
		const struct image_endpoint *endpoint =
			&image->endpoints[class->endpoints + i];

		for (uint32_t mid = 0; image_method(image, endpoint, mid); mid++) {
			uint32_t how = ROUTE_HOW & route(image, EVENT_REQUEST,
				lane.client, lane.server, endpoint->slot + mid);

			if (how != ROUTE_GRANT && how != ROUTE_EVAL)
				continue;
			check_rules(&lane, endpoint, mid, EVENT_REQUEST);
			check_rules(&lane, endpoint, mid, EVENT_RESPONSE);
			check_rules(&lane, endpoint, mid, EVENT_ERROR);
			check_body(&lane, endpoint, mid);
		}
	}
	if (comes_back(&lane))
		object(&lane, CYCLE, arena_printf(arena, "%s may come to wait for %s",
			image_string(image, class->name),
			image_string(image, image->classes[lane.client].name)));
	return collect(&lane, reasons);
}
