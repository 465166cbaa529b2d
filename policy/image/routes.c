/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The routing table. Of the two classes of an event one owns the slots (the
 * server; for `execute` the new process), the other is the peer. Most bindings
 * leave the peer open: they make one block of cells for each owner, the general
 * one, which all peers share that no binding names. For a peer that is named,
 * only the bindings that name it are looked at again. So the work grows with
 * bindings and with the blocks that come out, not with their product.
 */
#include <string.h>

#include "build.h"

struct slots {			/* bindings of each slot, in order of text */
	uint32_t *of;
	size_t n, capacity;
};

struct slot {
	const char *path, *interface, *method;	/* names_one'd */
	bool handles;		/* some part of the method carries them */
};

struct router {
	struct build *build;
	const struct psl *psl;
	const uint32_t *first;	/* call of each binding */
	struct names *names;
	struct psl_binding *bindings;	/* texts names_one'd */
	struct slot **slots;		/* of each class */
	uint32_t *pairs;
	/* for one kind of event */
	enum event_kind kind;
	struct slots **general;		/* [owner][slot] */
	uint32_t *general_block;	/* [owner] */
	bool *general_handles;		/* [owner]: some handle may go there */
	/* for one pair */
	struct slots *special;		/* [slot] */
	uint32_t *cells;
};

static void push(struct router *router, struct slots *slots, uint32_t binding)
{
	*ARENA_PUSH(router->build->arena, slots->of, slots->n,
		    slots->capacity) = binding;
}

static bool owns_dst(enum event_kind kind)
{
	return kind == EVENT_EXECUTE || kind == EVENT_REQUEST;
}

static uint32_t owner_of(const struct psl_binding *binding)
{
	return owns_dst(binding->kind) ? binding->dst : binding->src;
}

static uint32_t peer_of(const struct psl_binding *binding)
{
	return owns_dst(binding->kind) ? binding->src : binding->dst;
}

/* ---- which slots a binding is about ---- */

static bool carries_handles(const struct xdl_method *method)
{
	for (int part = 0; part < 3; part++)
		if (method->part[part] && method->part[part]->n_handles)
			return true;
	return false;
}

static void fill_slots(struct router *router, struct slot *slot,
		       const char *path, const struct xdl_interface *interface)
{
	for (uint32_t i = 0; i < interface->n_methods; i++, slot++) {
		slot->path = names_one(router->names, path);
		slot->interface = names_one(router->names, interface->name);
		slot->method = names_one(router->names,
					 interface->methods[i].name);
		slot->handles = carries_handles(&interface->methods[i]);
	}
}

static void collect_slots(struct router *router, uint32_t index)
{
	const struct xdl_class *class = router->psl->classes[index];
	struct image_class *image = &router->build->classes[index];
	struct slot *slots = arena_alloc(router->build->arena,
					 image->n_slots * sizeof(*slots));
	uint32_t at = 0;

	router->slots[index] = slots;
	for (uint32_t i = 0; i < class->n_endpoints; i++) {
		fill_slots(router, slots + at, class->endpoints[i].path,
			   class->endpoints[i].interface);
		at += class->endpoints[i].interface->n_methods;
	}
	if (class->security)
		fill_slots(router, slots + at, NULL, class->security);
	for (uint32_t i = 0; i < image->n_slots; i++)
		if (slots[i].handles)
			image->flags |= CLASS_HANDLES;
}

static bool in_component(const char *path, const char *component)
{
	size_t size = strlen(component);

	return path && !strncmp(path, component, size) && path[size] == '.';
}

static bool is_about(const struct psl_binding *binding, const struct slot *slot)
{
	return (!binding->endpoint || binding->endpoint == slot->path) &&
	       (!binding->interface || binding->interface == slot->interface) &&
	       (!binding->method || binding->method == slot->method) &&
	       (!binding->component ||
		in_component(slot->path, binding->component));
}

/* The slots of OWNER that an event of the kind may have. */
static void slot_range(const struct router *router, uint32_t owner,
		       uint32_t *begin, uint32_t *end)
{
	const struct image_class *class = &router->build->classes[owner];
	bool has_security = class->security != IMAGE_NONE;

	*begin = 0;
	*end = has_security ? class->security_slot : class->n_slots;
	if (router->kind == EVENT_EXECUTE) {
		*end = 1;
	} else if (!router->slots[owner][0].method) {
		*end = 0;	/* a class without a method has one slot, empty */
	} else if (router->kind == EVENT_SECURITY) {
		*begin = has_security ? class->security_slot : 0;
		*end = has_security ? class->n_slots : 0;
	}
}

/* Adds BINDING to the slots of OWNER that it is about. */
static void add_binding(struct router *router, struct slots *slots,
			uint32_t owner, uint32_t index)
{
	const struct psl_binding *binding = &router->bindings[index];
	uint32_t begin, end;

	slot_range(router, owner, &begin, &end);
	for (uint32_t i = begin; i < end; i++)
		if (router->kind == EVENT_EXECUTE ||
		    is_about(binding, &router->slots[owner][i]))
			push(router, &slots[i], index);
}

/* ---- from bindings to cells ---- */

static uint32_t add_action(struct router *router, const uint32_t *calls,
			   uint32_t n)
{
	struct build *build = router->build;
	struct image_action action = { .n_calls = n };
	uint32_t index;

	if (memo_find(&build->actions, calls, n * sizeof(*calls), &index))
		return index;
	action.calls = (uint32_t)build->sections[SECTION_ACTION_CALLS].n;
	for (uint32_t i = 0; i < n; i++) {
		build_append(build, SECTION_ACTION_CALLS, &calls[i]);
		action.granted |= build_audited(build, calls[i]);
	}
	index = build_append(build, SECTION_ACTIONS, &action);
	memo_add(&build->actions, build->arena, calls, n * sizeof(*calls),
		 index);
	return index;
}

/* The calls of all bindings of both lists, in order of text. */
static uint32_t collect_calls(struct router *router, const struct slots *a,
			      const struct slots *b, uint32_t *calls,
			      uint32_t *how)
{
	uint32_t n = 0;
	size_t i = 0, j = 0;

	*how = ROUTE_GRANT;
	while (i < a->n || j < b->n) {
		bool left = j == b->n || (i < a->n && a->of[i] < b->of[j]);
		uint32_t index = left ? a->of[i++] : b->of[j++];
		const struct psl_binding *binding = &router->bindings[index];

		if (binding->n_calls > IMAGE_CALLS_MAX - n) {
			if (!router->build->too_many)
				diag_error(router->build->diags, binding->pos,
					   "more than %u rules are called by "
					   "one event", IMAGE_CALLS_MAX);
			router->build->too_many = true;
			return 0;
		}
		for (uint32_t k = 0; k < binding->n_calls; k++) {
			calls[n++] = router->first[index] + k;
			if (binding->calls[k].fixed == CALL_DENIES)
				*how = ROUTE_DENY;
			else if (binding->calls[k].fixed == CALL_EVAL &&
				 *how != ROUTE_DENY)
				*how = ROUTE_EVAL;
		}
	}
	return n;
}

static uint32_t make_cell(struct router *router, const struct slots *a,
			  const struct slots *b)
{
	uint32_t calls[IMAGE_CALLS_MAX], how;
	uint32_t n = collect_calls(router, a, b, calls, &how);

	if (n == 1 && how != ROUTE_EVAL)
		how |= ROUTE_ONE;
	return n ? how | add_action(router, calls, n) : ROUTE_NONE;
}

/* First cell of a block like router->cells; the shared one if all are zero. */
static uint32_t make_block(struct router *router, uint32_t n)
{
	struct build *build = router->build;
	size_t size = n * sizeof(*router->cells);
	bool zero = true;
	uint32_t first;

	for (uint32_t i = 0; i < n; i++)
		zero = zero && router->cells[i] == ROUTE_NONE;
	if (zero)
		return 0;
	if (memo_find(&build->blocks, router->cells, size, &first))
		return first;
	first = (uint32_t)build->sections[SECTION_CELLS].n;
	for (uint32_t i = 0; i < n; i++)
		build_append(build, SECTION_CELLS, &router->cells[i]);
	memo_add(&build->blocks, build->arena, router->cells, size, first);
	return first;
}

static uint32_t block_size(const struct router *router, uint32_t owner)
{
	return router->kind == EVENT_EXECUTE
	       ? 1 : router->build->classes[owner].n_slots;
}

/* Whether a cell lets a request through whose method carries handles. */
static bool lets_handles(const struct router *router, uint32_t owner)
{
	for (uint32_t i = 0; i < block_size(router, owner); i++) {
		uint32_t how = router->cells[i] & ROUTE_HOW;

		if (router->slots[owner][i].handles &&
		    (how == ROUTE_GRANT || how == ROUTE_EVAL))
			return true;
	}
	return false;
}

/* ---- general blocks, and those of peers that are named ---- */

static void make_general(struct router *router, uint32_t owner)
{
	static const struct slots none;
	struct slots *slots = router->general[owner];
	uint32_t n = block_size(router, owner);

	for (uint32_t i = 0; i < n; i++)
		router->cells[i] = make_cell(router, &slots[i], &none);
	router->general_block[owner] = make_block(router, n);
	router->general_handles[owner] = router->kind == EVENT_REQUEST &&
					 lets_handles(router, owner);
}

static void set_pair(struct router *router, uint32_t owner, uint32_t peer,
		     uint32_t block, bool handles)
{
	uint32_t src = owns_dst(router->kind) ? peer : owner;
	uint32_t dst = owns_dst(router->kind) ? owner : peer;
	size_t n = router->psl->n_classes;

	router->pairs[((router->kind - 1) * n + src) * n + dst] = block;
	if (handles)
		router->build->classes[src].flags |= CLASS_HANDLES;
}

/* EXACT bindings name owner and peer, OPEN ones the peer. */
static void make_special(struct router *router, uint32_t owner, uint32_t peer,
			 const struct slots *exact, const struct slots *open)
{
	uint32_t n = block_size(router, owner);
	size_t i = 0, j = 0;
	uint32_t block;

	for (uint32_t k = 0; k < n; k++)
		router->special[k].n = 0;
	while (i < exact->n || j < open->n) {
		bool left = j == open->n ||
			    (i < exact->n && exact->of[i] < open->of[j]);

		add_binding(router, router->special, owner,
			    left ? exact->of[i++] : open->of[j++]);
	}
	for (uint32_t k = 0; k < n; k++)
		router->cells[k] = make_cell(router, &router->special[k],
					     &router->general[owner][k]);
	block = make_block(router, n);
	set_pair(router, owner, peer, block, router->kind == EVENT_REQUEST &&
		 lets_handles(router, owner));
}

static void route_peer(struct router *router, uint32_t peer,
		       const struct slots *named, struct slots *exact)
{
	uint32_t n = router->psl->n_classes;
	struct slots open = { 0 };

	for (uint32_t owner = 0; owner < n; owner++)
		exact[owner].n = 0;
	for (size_t i = 0; i < named->n; i++) {
		uint32_t owner = owner_of(&router->bindings[named->of[i]]);

		push(router, owner == IMAGE_NONE ? &open : &exact[owner],
		     named->of[i]);
	}
	for (uint32_t owner = 0; owner < n; owner++) {
		if (router->kind == EVENT_SECURITY && owner != peer)
			continue;
		if (open.n || exact[owner].n)
			make_special(router, owner, peer, &exact[owner], &open);
		else
			set_pair(router, owner, peer,
				 router->general_block[owner],
				 router->general_handles[owner]);
	}
}

static void route_kind(struct router *router, enum event_kind kind)
{
	struct arena *arena = router->build->arena;
	uint32_t n = router->psl->n_classes;
	struct slots *named = arena_alloc(arena, n * sizeof(*named));
	struct slots *exact = arena_alloc(arena, n * sizeof(*exact));

	router->kind = kind;
	for (uint32_t i = 0; i < n; i++)
		router->general[i] = arena_alloc(arena, block_size(router, i) *
						 sizeof(**router->general));
	for (uint32_t i = 0; i < router->psl->n_bindings; i++) {
		const struct psl_binding *binding = &router->bindings[i];
		uint32_t owner = owner_of(binding), peer = peer_of(binding);

		if (binding->kind != kind)
			continue;
		if (peer != IMAGE_NONE)
			push(router, &named[peer], i);
		else if (owner != IMAGE_NONE)
			add_binding(router, router->general[owner], owner, i);
		else
			for (uint32_t j = 0; j < n; j++)
				add_binding(router, router->general[j], j, i);
	}
	for (uint32_t i = 0; i < n; i++)
		make_general(router, i);
	for (uint32_t i = 0; i < n; i++)
		route_peer(router, i, &named[i], exact);
}

void build_routes(struct build *build, const uint32_t *first)
{
	const struct psl *psl = build->psl;
	struct arena *arena = build->arena;
	uint32_t n = psl->n_classes, most = 1, zero = ROUTE_NONE;
	size_t n_pairs = (size_t)n * n * (EVENT_N - 1);
	struct router router = {
		.build = build, .psl = psl, .first = first,
		.names = names_new(arena),
		.bindings = arena_alloc(arena, psl->n_bindings *
					sizeof(*router.bindings) + 1),
		.slots = arena_alloc(arena, n * sizeof(*router.slots)),
		.pairs = arena_alloc(arena, n_pairs * sizeof(*router.pairs)),
		.general = arena_alloc(arena, n * sizeof(*router.general)),
		.general_block = arena_alloc(arena, n * sizeof(uint32_t)),
		.general_handles = arena_alloc(arena, n * sizeof(bool)),
	};

	for (uint32_t i = 0; i < n; i++) {
		collect_slots(&router, i);
		if (build->classes[i].n_slots > most)
			most = build->classes[i].n_slots;
	}
	router.special = arena_alloc(arena, most * sizeof(*router.special));
	router.cells = arena_alloc(arena, most * sizeof(*router.cells));
	for (uint32_t i = 0; i < most; i++)
		build_append(build, SECTION_CELLS, &zero);
	for (uint32_t i = 0; i < psl->n_bindings; i++) {
		struct psl_binding *binding = &router.bindings[i];

		*binding = psl->bindings[i];
		binding->endpoint = names_one(router.names, binding->endpoint);
		binding->interface = names_one(router.names,
					       binding->interface);
		binding->method = names_one(router.names, binding->method);
	}
	for (int kind = EVENT_EXECUTE; kind < EVENT_N; kind++)
		route_kind(&router, (enum event_kind)kind);
	build->sections[SECTION_PAIRS].data = router.pairs;
	build->sections[SECTION_PAIRS].n = n_pairs;
}
