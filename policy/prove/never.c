/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <string.h>

#include "../image/walk.h"
#include "states.h"

/* What is looked for, and what was found. */
struct search {
	const struct prover *prover;
	const struct pal_never *never;
	uint32_t src, dst;		/* IMAGE_NONE: any */
	size_t events, granted;
	const char *first;		/* the first that is granted */
	struct prove_event *event;	/* that one */
	enum prove_answer answer;	/* to that one: how sure it is */
};

struct prover prove_begin(struct arena *arena, struct diags *diags,
			  const struct image *image, uint64_t n_states)
{
	return (struct prover){ arena, diags, image,
				states_new(arena, image, n_states) };
}

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

uint32_t prove_route(const struct image *image, const struct prove_event *event)
{
	size_t n = image->n_classes;
	size_t pair = ((size_t)event->kind - 1) * n + event->src;

	return image->cells[image->pairs[pair * n + event->dst] + event->slot];
}

static enum prove_answer answer(const struct prover *prover,
				const struct prove_event *event,
				const struct origin **needed)
{
	uint32_t route = prove_route(prover->image, event);

	*needed = NULL;
	switch (route & ROUTE_HOW) {
	case ROUTE_GRANT:
		return PROVE_GRANTED;
	case ROUTE_EVAL:
		return states_answer(prover->states, event,
				     route & ROUTE_ACTION, needed);
	}
	return PROVE_DENIED;
}

enum prove_answer prove_event(const struct prover *prover,
			      const struct prove_event *event)
{
	const struct origin *needed;

	return answer(prover, event, &needed);
}

const struct origin *prove_needed(const struct prover *prover,
				  const struct prove_event *event)
{
	const struct origin *needed;

	answer(prover, event, &needed);
	return needed;
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

static void note_event(struct search *search, const struct prove_event *event)
{
	const struct prover *prover = search->prover;
	enum prove_answer answer = prove_event(prover, event);

	search->events++;
	search->granted += answer != PROVE_DENIED;
	if (answer <= search->answer)
		return;
	search->answer = answer;
	if (!search->event)
		search->event = arena_alloc(prover->arena, sizeof(*event));
	*search->event = *event;
	search->first = arena_printf(prover->arena, "%s: %s\n%s",
		answer == PROVE_GRANTED ? "granted" :
		answer == PROVE_MAYBE ? "may be granted" : "not decided",
		prove_event_text(prover, event), prove_why(prover, event));
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
		 struct proof *proof)
{
	struct search search = { .prover = prover, .never = never };

	*proof = (struct proof){ .counter = NULL };
	if (never->flow)
		return prove_flow(prover, never, proof);
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
	proof->counter = search.first;
	proof->chain = search.event;
	proof->n = search.event != NULL;
	proof->undecided = search.answer == PROVE_UNDECIDED;
	if (search.granted > 1)
		proof->counter = arena_printf(prover->arena, "%sand %zu more of "
			"its %zu events\n", search.first, search.granted - 1,
			search.events);
	return true;
}
