/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <string.h>

#include "../image/walk.h"
#include "prove.h"

/* What is looked for, and what was found. */
struct search {
	const struct prover *prover;
	const struct pal_never *never;
	uint32_t src, dst;		/* IMAGE_NONE: any */
	size_t events, granted;
	const char *first;		/* the first that is granted */
	bool sure;			/* and that whatever its message is */
};

bool prove_class(const struct prover *prover, const struct pal_never *never,
		 enum selector which, uint32_t *class)
{
	const struct image *image = prover->image;
	const char *name = never->selectors.value[which], *near;
	const char **names;

	*class = name ? image_find_class(image, name) : IMAGE_NONE;
	if (!name || *class != IMAGE_NONE)
		return true;
	names = arena_alloc(prover->arena, image->n_classes * sizeof(*names));
	for (uint32_t i = 0; i < image->n_classes; i++)
		names[i] = image_string(image, image->classes[i].name);
	near = diag_nearest(name, names, image->n_classes);
	diag_error(prover->diags, never->selectors.pos[which],
		   "unknown class '%s'%s%s%s", name,
		   near ? ", did you mean '" : "", near ? near : "",
		   near ? "'?" : "");
	return false;
}

uint32_t prove_owner(const struct prove_event *event)
{
	bool owns_dst = event->kind == EVENT_EXECUTE ||
			event->kind == EVENT_REQUEST;

	return owns_dst ? event->dst : event->src;
}

static uint32_t route_of(const struct image *image,
			 const struct prove_event *event)
{
	size_t n = image->n_classes;
	size_t pair = ((size_t)event->kind - 1) * n + event->src;

	return image->cells[image->pairs[pair * n + event->dst] + event->slot];
}

enum prove_answer prove_event(const struct prover *prover,
			      const struct prove_event *event)
{
	switch (route_of(prover->image, event) & ROUTE_HOW) {
	case ROUTE_GRANT:
		return PROVE_GRANTED;
	case ROUTE_EVAL:
		return PROVE_MAYBE;
	}
	return PROVE_DENIED;
}

const char *prove_rules(const struct prover *prover,
			const struct prove_event *event)
{
	const struct image *image = prover->image;
	const struct image_action *action = &image->actions[
		route_of(image, event) & ROUTE_ACTION];
	const char *text = "";

	for (uint32_t i = 0; i < action->n_calls; i++) {
		const struct image_call *call = &image->calls[
			image->action_calls[action->calls + i]];

		text = arena_printf(prover->arena, "%s  %s:%u: %s.%s%s\n", text,
			image_call_file(image, call), call->line,
			image_call_object(image, call),
			image_call_method(image, call),
			image_rule(image, call)->fixed == CALL_EVAL ? ", if it grants" : "");
	}
	return text;
}

/* ---- which events are meant ---- */

static bool is_slot(const struct search *search, uint32_t owner, uint32_t slot)
{
	const struct image *image = search->prover->image;
	const char *const *values = search->never->selectors.value;
	const char *component = values[SELECT_COMPONENT];
	const char *endpoint = values[SELECT_ENDPOINT], *path, *method, *tail;
	const struct image_endpoint *at = image_slot_endpoint(image, owner,
							      slot);
	bool security = search->never->kind == EVENT_SECURITY;
	uint32_t interface;
	size_t size;

	if (!walk_slot(image, owner, slot, &path, &method) || !at != security)
		return false;
	interface = at ? at->interface : image->classes[owner].security;
	tail = path;
	if (component) {
		size = strlen(component);
		if (strncmp(path, component, size) != 0 || path[size] != '.')
			return false;
		tail = path + size + 1;
	}
	if (search->never->kind == EVENT_ERROR &&
	    image->methods[image->interfaces[interface].methods + slot -
			   at->slot].type[METHOD_ERROR] == IMAGE_NONE)
		return false;
	if (endpoint && strcmp(path, endpoint) && strcmp(tail, endpoint))
		return false;
	if (values[SELECT_INTERFACE] && strcmp(values[SELECT_INTERFACE],
			image_string(image, image->interfaces[interface].name)))
		return false;
	return !values[SELECT_METHOD] || !strcmp(values[SELECT_METHOD], method);
}

static const char *event_text(const struct prover *prover,
			      const struct prove_event *event)
{
	const struct image *image = prover->image;
	const char *path = "", *method = "";

	if (event->kind != EVENT_EXECUTE)
		walk_slot(image, prove_owner(event), event->slot, &path,
			  &method);
	return arena_printf(prover->arena, "%s src=%s dst=%s%s%s%s%s",
		event_kind_name(event->kind),
		image_string(image, image->classes[event->src].name),
		image_string(image, image->classes[event->dst].name),
		*path ? " endpoint=" : "", path, *method ? " method=" : "",
		method);
}

static void note_event(struct search *search, const struct prove_event *event)
{
	const struct prover *prover = search->prover;
	enum prove_answer answer = prove_event(prover, event);
	bool sure = answer == PROVE_GRANTED;

	search->events++;
	if (answer == PROVE_DENIED)
		return;
	search->granted++;
	if (search->first && (search->sure || !sure))
		return;
	search->sure = sure;
	search->first = arena_printf(prover->arena, "%s: %s\n%s",
		sure ? "granted" : "may be granted", event_text(prover, event),
		prove_rules(prover, event));
}

static void look_at_pair(struct search *search, uint32_t src, uint32_t dst)
{
	struct prove_event event = { search->never->kind, src, dst, 0 };
	uint32_t owner = prove_owner(&event);

	if (event.kind == EVENT_EXECUTE) {
		note_event(search, &event);
		return;
	}
	for (; event.slot < search->prover->image->classes[owner].n_slots;
	     event.slot++)
		if (is_slot(search, owner, event.slot))
			note_event(search, &event);
}

static void look_at_all(struct search *search)
{
	uint32_t n = search->prover->image->n_classes;

	for (uint32_t src = 0; src < n; src++)
		for (uint32_t dst = 0; dst < n; dst++)
			if ((search->src == IMAGE_NONE || search->src == src) &&
			    (search->dst == IMAGE_NONE || search->dst == dst) &&
			    (search->never->kind != EVENT_SECURITY ||
			     src == dst))
				look_at_pair(search, src, dst);
}

bool prove_never(const struct prover *prover, const struct pal_never *never,
		 const char **counter)
{
	struct search search = { .prover = prover, .never = never };

	*counter = NULL;
	if (never->flow)
		return prove_flow(prover, never, counter);
	if (!prove_class(prover, never, SELECT_SRC, &search.src) ||
	    !prove_class(prover, never, SELECT_DST, &search.dst))
		return false;
	look_at_all(&search);
	if (!search.events) {
		diag_error(prover->diags, never->pos, "there is no such %s "
			   "event in the solution, so this proves nothing",
			   event_kind_name(never->kind));
		return false;
	}
	if (search.granted > 1)
		*counter = arena_printf(prover->arena, "%sand %zu more of its "
			"%zu events\n", search.first, search.granted - 1,
			search.events);
	else if (search.granted)
		*counter = search.first;
	return true;
}
