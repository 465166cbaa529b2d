/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What the routing table says: who can be reached, and who cannot. */
#include "check.h"

#include <string.h>

#include "../image/walk.h"

struct routes {
	struct check *check;
	const struct image *image;
	bool *called;		/* [binding]: some route calls a rule of it */
	bool *said_rest, *said_response;	/* [binding] */
	bool *startable;	/* [class] */
	bool *reachable;	/* [endpoint of the image] */
};

static bool may_grant(uint32_t route)
{
	return (route & ROUTE_HOW) == ROUTE_GRANT ||
	       (route & ROUTE_HOW) == ROUTE_EVAL;
}

static const struct image_call *call_of(const struct image *image,
					uint32_t route, uint32_t i)
{
	const struct image_action *action =
		&image->actions[route & ROUTE_ACTION];

	return &image->calls[image->action_calls[action->calls + i]];
}

static uint32_t n_calls(const struct image *image, uint32_t route)
{
	return image->actions[route & ROUTE_ACTION].n_calls;
}

static const char *class_name(const struct routes *routes, uint32_t class)
{
	return image_string(routes->image, routes->image->classes[class].name);
}

/* "request A -> B ep.M", in the arena. */
static const char *describe(const struct routes *routes,
			    const struct walk_pair *pair, uint32_t slot)
{
	const char *endpoint = "", *method = "";
	bool named = pair->kind != EVENT_EXECUTE &&
		     walk_slot(routes->image, pair->owner, slot, &endpoint,
			       &method);

	return arena_printf(routes->check->arena, "%s %s -> %s%s%s%s%s",
			    event_kind_name(pair->kind),
			    class_name(routes, pair->src),
			    class_name(routes, pair->dst), named ? " " : "",
			    endpoint, *endpoint ? "." : "", method);
}

/* The first binding that makes a route what it is. */
static uint32_t first_binding(const struct routes *routes, uint32_t route)
{
	return call_of(routes->image, route, 0)->binding;
}

/* Only deny (…): who is not denied is granted, by nobody's word. */
static void check_rest(struct routes *routes, const struct walk_pair *pair,
		       uint32_t slot, uint32_t route)
{
	const struct image *image = routes->image;
	uint32_t binding = first_binding(routes, route);

	for (uint32_t i = 0; i < n_calls(image, route); i++) {
		const struct image_call *call = call_of(image, route, i);

		if (strcmp(image_call_object(image, call), "base") != 0 ||
		    strcmp(image_call_method(image, call), "deny") != 0)
			return;
	}
	if (routes->said_rest[binding] || !may_grant(route))
		return;
	routes->said_rest[binding] = true;
	check_say(routes->check, CHECK_GRANTS_REST,
		  routes->check->psl->bindings[binding].pos,
		  "deny (...) is the only rule: it grants whatever it does not "
		  "deny, such as %s", describe(routes, pair, slot));
}

static void check_response(struct routes *routes, const struct walk_pair *pair,
			   uint32_t slot, uint32_t route)
{
	const struct image *image = routes->image;
	size_t n = image->n_classes;
	uint32_t first = image->pairs[((EVENT_RESPONSE - 1) * n + pair->dst) *
				      n + pair->src];
	uint32_t binding = first_binding(routes, route);

	if (may_grant(image->cells[first + slot]) ||
	    routes->said_response[binding])
		return;
	routes->said_response[binding] = true;
	check_say(routes->check, CHECK_NO_RESPONSE,
		  routes->check->psl->bindings[binding].pos,
		  "%s may be granted, and its response never is: the call "
		  "cannot end well", describe(routes, pair, slot));
}

static void note(struct routes *routes, const struct walk_pair *pair,
		 uint32_t slot, uint32_t route)
{
	const struct image *image = routes->image;
	const struct image_endpoint *endpoint;

	for (uint32_t i = 0; i < n_calls(image, route); i++)
		routes->called[call_of(image, route, i)->binding] = true;
	if (!may_grant(route))
		return;
	if (pair->kind == EVENT_EXECUTE)
		routes->startable[pair->dst] = true;
	if (pair->kind != EVENT_REQUEST)
		return;
	endpoint = image_slot_endpoint(image, pair->dst, slot);
	if (endpoint)
		routes->reachable[endpoint - image->endpoints] = true;
}

static void visit(void *context, const struct walk_pair *pair)
{
	struct routes *routes = context;

	for (uint32_t slot = 0; slot < pair->n_slots; slot++) {
		uint32_t route = routes->image->cells[pair->first + slot];

		if (route == ROUTE_NONE)
			continue;
		note(routes, pair, slot, route);
		check_rest(routes, pair, slot, route);
		if (pair->kind == EVENT_REQUEST && may_grant(route))
			check_response(routes, pair, slot, route);
	}
}

/* Those that come with dk are there whether a solution wants them or not. */
static bool is_ours(const char *class)
{
	return !strncmp(class, "kl.core.", 8) || !strcmp(class, "Einit");
}

static void check_class(struct routes *routes, uint32_t index)
{
	const struct image *image = routes->image;
	const struct image_class *class = &image->classes[index];
	struct pos pos = routes->check->psl->class_pos[index];

	if (is_ours(class_name(routes, index)))
		return;
	if (!routes->startable[index])
		check_say(routes->check, CHECK_UNSTARTABLE, pos,
			  "class %s may never start: no rule grants its "
			  "execute", class_name(routes, index));
	for (uint32_t i = 0; i < class->n_endpoints; i++)
		if (!routes->reachable[class->endpoints + i])
			check_say(routes->check, CHECK_UNCALLED, pos,
				  "nobody may call the endpoint %s of class %s",
				  image_string(image, image->endpoints[
					class->endpoints + i].path),
				  class_name(routes, index));
}

void check_routes(struct check *check)
{
	const struct psl *psl = check->psl;
	struct routes routes = {
		.check = check, .image = check->image,
		.called = arena_alloc(check->arena, psl->n_bindings + 1),
		.said_rest = arena_alloc(check->arena, psl->n_bindings + 1),
		.said_response = arena_alloc(check->arena,
					     psl->n_bindings + 1),
		.startable = arena_alloc(check->arena, psl->n_classes + 1),
		.reachable = arena_alloc(check->arena,
					 check->image->n_endpoints + 1),
	};

	walk_pairs(check->image, visit, &routes);
	for (uint32_t i = 0; i < psl->n_bindings; i++)
		if (!routes.called[i])
			check_say(check, CHECK_UNMATCHED, psl->bindings[i].pos,
				  "this matches no event: no classes of the "
				  "policy have what its selectors name");
	for (uint32_t i = 0; i < psl->n_classes; i++)
		check_class(&routes, i);
}
