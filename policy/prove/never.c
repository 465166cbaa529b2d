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

uint32_t prove_route(const struct image *image, enum event_kind kind,
		     uint32_t src, uint32_t dst, uint32_t slot)
{
	size_t n = image->n_classes;
	size_t pair = (((size_t)kind - 1) * n + src) * n + dst;

	return image->cells[image->pairs[pair] + slot];
}

bool prove_may_grant(uint32_t route)
{
	uint32_t how = route & ROUTE_HOW;

	return how == ROUTE_GRANT || how == ROUTE_EVAL;
}

const char *prove_rules(const struct prover *prover, uint32_t route)
{
	const struct image *image = prover->image;
	const struct image_action *action =
		&image->actions[route & ROUTE_ACTION];
	const char *text = "";

	for (uint32_t i = 0; i < action->n_calls; i++) {
		const struct image_call *call = &image->calls[
			image->action_calls[action->calls + i]];

		text = arena_printf(prover->arena, "%s  %s:%u: %s.%s%s\n", text,
			image_call_file(image, call), call->line,
			image_string(image, call->object),
			image_string(image, call->method),
			call->fixed == CALL_EVAL ? ", if it grants" : "");
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

static void note_event(struct search *search, uint32_t src, uint32_t dst,
		       uint32_t owner, uint32_t slot)
{
	const struct image *image = search->prover->image;
	enum event_kind kind = search->never->kind;
	uint32_t route = prove_route(image, kind, src, dst, slot);
	bool sure = (route & ROUTE_HOW) == ROUTE_GRANT;
	const char *path = "", *method = "";

	search->events++;
	if (!prove_may_grant(route))
		return;
	search->granted++;
	if (search->first && (search->sure || !sure))
		return;
	if (kind != EVENT_EXECUTE)
		walk_slot(image, owner, slot, &path, &method);
	search->sure = sure;
	search->first = arena_printf(search->prover->arena,
		"%s: %s src=%s dst=%s%s%s%s%s\n%s",
		sure ? "granted" : "may be granted", event_kind_name(kind),
		image_string(image, image->classes[src].name),
		image_string(image, image->classes[dst].name),
		*path ? " endpoint=" : "", path, *method ? " method=" : "",
		method, prove_rules(search->prover, route));
}

static void look_at_pair(struct search *search, uint32_t src, uint32_t dst)
{
	const struct image *image = search->prover->image;
	enum event_kind kind = search->never->kind;
	bool owns_dst = kind == EVENT_EXECUTE || kind == EVENT_REQUEST;
	uint32_t owner = owns_dst ? dst : src;

	if (kind == EVENT_EXECUTE) {
		note_event(search, src, dst, owner, 0);
		return;
	}
	for (uint32_t slot = 0; slot < image->classes[owner].n_slots; slot++)
		if (is_slot(search, owner, slot))
			note_event(search, src, dst, owner, slot);
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
