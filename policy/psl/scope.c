/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "scope.h"

#include <string.h>

/* The endpoints that the selectors leave, one selector after another. */
struct choice {
	const struct scope_endpoint **of;
	size_t n, capacity;
	bool any_class;
};

uint32_t scope_class(const struct policy *policy, const char *name)
{
	for (uint32_t i = 0; i < policy->n_classes; i++)
		if (policy->classes[i].name == name)
			return i;
	return IMAGE_NONE;
}

const char *scope_near(struct arena *arena, const char *name,
		       const char *const *candidates, size_t n)
{
	const char *near = diag_nearest(name, candidates, n);

	return near ? arena_printf(arena, ", did you mean '%s'?", near) : "";
}

static bool find_class(struct scope *scope, enum selector which, uint32_t *class)
{
	struct policy *policy = scope->policy;
	const char *name = scope->selectors.value[which];
	const char **names;

	*class = IMAGE_NONE;
	if (!name)
		return true;
	*class = scope_class(policy, name);
	if (*class != IMAGE_NONE)
		return true;
	names = arena_alloc(policy->arena, policy->n_classes * sizeof(*names));
	for (uint32_t i = 0; i < policy->n_classes; i++)
		names[i] = policy->classes[i].name;
	diag_error(policy->diags, scope->selectors.pos[which],
		   "unknown class '%s'%s", name,
		   scope_near(policy->arena, name, names, policy->n_classes));
	return false;
}

/* `endpoint = e` where `component = c` and the endpoint c.e are selected. */
static bool is_same_endpoint(const struct scope *scope, const char *path,
			     const char *added)
{
	const char *component = scope->selectors.value[SELECT_COMPONENT];
	size_t size = component ? strlen(component) : 0;

	return component && !strncmp(path, component, size) &&
	       path[size] == '.' && !strcmp(path + size + 1, added);
}

static bool add_up(const struct scope *outer,
		   const struct ast_selectors *added, struct scope *inner)
{
	*inner = *outer;
	for (int i = 0; i < SELECT_N; i++) {
		const char *before = outer->selectors.value[i];

		if (!added->value[i] ||
		    (before && i == SELECT_ENDPOINT &&
		     is_same_endpoint(inner, before, added->value[i])))
			continue;
		if (before && before != added->value[i]) {
			diag_error(outer->policy->diags, added->pos[i],
				   "'%s = %s' contradicts '%s = %s' around it",
				   selector_names[i], added->value[i],
				   selector_names[i], before);
			diag_note(outer->policy->diags, outer->selectors.pos[i],
				  "the outer selector is here");
			return false;
		}
		inner->selectors.value[i] = added->value[i];
		inner->selectors.pos[i] = added->pos[i];
	}
	inner->selectors.given |= added->given;
	return true;
}

/* Selectors that an event of this kind does not have. */
static bool check_kind(const struct scope *scope)
{
	static const unsigned none[EVENT_N] = {
		[EVENT_EXECUTE] = 1u << SELECT_INTERFACE |
				  1u << SELECT_COMPONENT |
				  1u << SELECT_ENDPOINT | 1u << SELECT_METHOD,
		[EVENT_SECURITY] = 1u << SELECT_DST | 1u << SELECT_COMPONENT |
				   1u << SELECT_ENDPOINT,
	};
	static const char *const names[EVENT_N] = {
		[EVENT_EXECUTE] = "execute", [EVENT_SECURITY] = "security",
	};
	unsigned wrong = scope->selectors.given & none[scope->kind];

	for (int i = 0; i < SELECT_N; i++)
		if (wrong & 1u << i) {
			diag_error(scope->policy->diags,
				   scope->selectors.pos[i], "%s %s event has "
				   "no '%s'", scope->kind == EVENT_EXECUTE ?
				   "an" : "a", names[scope->kind],
				   selector_names[i]);
			return false;
		}
	return true;
}

/* The endpoints of the side that has them; security's in their place. */
static void all_endpoints(const struct scope *scope, struct choice *choice)
{
	const struct policy *policy = scope->policy;
	uint32_t owner = scope->kind == EVENT_REQUEST ? scope->dst : scope->src;
	uint32_t first = owner, end = owner + 1;

	choice->any_class = owner == IMAGE_NONE;
	if (choice->any_class) {
		first = 0;
		end = policy->n_classes;
	}
	for (uint32_t i = first; i < end; i++) {
		const struct scope_class *class = &policy->classes[i];

		if (scope->kind == EVENT_SECURITY) {
			if (class->security.interface)
				*ARENA_PUSH(policy->arena, choice->of,
					    choice->n, choice->capacity) =
					&class->security;
			continue;
		}
		for (uint32_t j = 0; j < class->n_endpoints; j++)
			*ARENA_PUSH(policy->arena, choice->of, choice->n,
				    choice->capacity) = &class->endpoints[j];
	}
}

static bool in_component(const char *path, const char *component)
{
	size_t size = strlen(component);

	return !strncmp(path, component, size) && path[size] == '.';
}

static bool is_chosen(const struct scope *scope, enum selector which,
		      const struct scope_endpoint *endpoint)
{
	const char *value = scope->selectors.value[which];

	switch (which) {
	case SELECT_COMPONENT:
		return in_component(endpoint->path, value);
	case SELECT_ENDPOINT:
		return endpoint->path == value;
	default:
		return endpoint->interface_name == value;
	}
}

/* What the candidate for a misspelt selector is called. */
static const char *candidate(const struct scope *scope, enum selector which,
			     const struct scope_endpoint *endpoint)
{
	const char *dot;

	if (which == SELECT_INTERFACE)
		return endpoint->interface_name;
	if (which == SELECT_ENDPOINT)
		return endpoint->path;
	dot = strrchr(endpoint->path, '.');
	return arena_strndup(scope->policy->arena, endpoint->path,
			     dot ? (size_t)(dot - endpoint->path) : 0);
}

/* An error about endpoints would only follow from one in a class. */
static bool is_broken(const struct scope *scope)
{
	const struct policy *policy = scope->policy;
	uint32_t owner = scope->kind == EVENT_REQUEST ? scope->dst : scope->src;

	return owner == IMAGE_NONE ? policy->broken
				   : policy->classes[owner].broken;
}

static bool none_left(const struct scope *scope, enum selector which,
		      const struct choice *choice)
{
	static const char *const what[SELECT_N] = {
		[SELECT_INTERFACE] = "endpoint of the interface",
		[SELECT_COMPONENT] = "component",
		[SELECT_ENDPOINT] = "endpoint",
	};
	struct policy *policy = scope->policy;
	const char *const *values = scope->selectors.value;
	const char **names = arena_alloc(policy->arena, choice->n *
					 sizeof(*names) + 1);
	const char *near, *more = "", *owner;

	if (is_broken(scope))
		return false;
	for (size_t i = 0; i < choice->n; i++)
		names[i] = candidate(scope, which, choice->of[i]);
	near = scope_near(policy->arena, values[which], names, choice->n);
	if (which != SELECT_COMPONENT && (values[SELECT_COMPONENT] ||
	    (which == SELECT_INTERFACE && values[SELECT_ENDPOINT])))
		more = " where the other selectors hold";
	if (choice->any_class) {
		diag_error(policy->diags, scope->selectors.pos[which],
			   "no class has %s %s '%s'%s%s",
			   which == SELECT_COMPONENT ? "a" : "an", what[which],
			   values[which], more, near);
		return false;
	}
	owner = values[scope->kind == EVENT_REQUEST ? SELECT_DST : SELECT_SRC];
	diag_error(policy->diags, scope->selectors.pos[which],
		   "class '%s' has no %s '%s'%s%s", owner, what[which],
		   values[which], more, near);
	return false;
}

/* Leaves the endpoints that WHICH chooses; an error if there is none. */
static bool narrow(const struct scope *scope, enum selector which,
		   struct choice *choice)
{
	size_t left = 0;

	if (!scope->selectors.value[which])
		return true;
	for (size_t i = 0; i < choice->n; i++)
		if (is_chosen(scope, which, choice->of[i]))
			left++;
	if (!left)
		return none_left(scope, which, choice);
	left = 0;
	for (size_t i = 0; i < choice->n; i++)
		if (is_chosen(scope, which, choice->of[i]))
			choice->of[left++] = choice->of[i];
	choice->n = left;
	return true;
}

/* `component = c  endpoint = e` means the endpoint c.e. */
static void join_endpoint(struct scope *scope, const struct choice *choice)
{
	const char **values = scope->selectors.value;
	const char *joined;

	if (!values[SELECT_COMPONENT] || !values[SELECT_ENDPOINT])
		return;
	for (size_t i = 0; i < choice->n; i++)
		if (choice->of[i]->path == values[SELECT_ENDPOINT])
			return;
	joined = names_one(scope->policy->names,
			   arena_printf(scope->policy->arena, "%s.%s",
					values[SELECT_COMPONENT],
					values[SELECT_ENDPOINT]));
	for (size_t i = 0; i < choice->n; i++)
		if (choice->of[i]->path == joined)
			values[SELECT_ENDPOINT] = joined;
}

/*
 * An interface that no class of this policy has: its file decides whether it is
 * known, and the binding matches nothing.
 */
static bool check_unused_interface(const struct scope *scope,
				   struct choice *choice)
{
	const char *name = scope->selectors.value[SELECT_INTERFACE];
	struct policy *policy = scope->policy;
	const struct xdl_interface *interface;
	struct scope_endpoint *endpoint;

	if (source_find(policy->sources, policy->diags, name, "idl")) {
		interface = xdl_interface(policy->xdl, name,
			scope->selectors.pos[SELECT_INTERFACE]);
		if (!interface)
			return false;
		endpoint = arena_alloc(policy->arena, sizeof(*endpoint));
		endpoint->interface = interface;
		endpoint->interface_name = name;
		choice->n = 0;
		*ARENA_PUSH(policy->arena, choice->of,
			    choice->n,
			    choice->capacity) = endpoint;
		return true;
	}
	return none_left(scope, SELECT_INTERFACE, choice);
}

static bool has_interface(const struct choice *choice, const char *name)
{
	for (size_t i = 0; i < choice->n; i++)
		if (choice->of[i]->interface_name == name)
			return true;
	return false;
}

static bool find_method(struct scope *scope, const struct choice *choice)
{
	struct policy *policy = scope->policy;
	const char *name = scope->selectors.value[SELECT_METHOD];
	const struct xdl_interface *only = NULL;
	const char **names = NULL;
	size_t n_names = 0, capacity = 0, found = 0;

	scope->method = NULL;
	for (size_t i = 0; i < choice->n; i++) {
		const struct xdl_interface *interface = choice->of[i]->interface;

		if (interface == only)
			continue;
		for (uint32_t j = 0; j < interface->n_methods; j++) {
			const struct xdl_method *method = &interface->methods[j];

			if (name && strcmp(method->name, name) != 0)
				continue;
			if (found++ && method != scope->method) {
				scope->method = NULL;
				return true;
			}
			scope->method = method;
			scope->method_interface = interface->name;
		}
		only = interface;
	}
	if (found || !name)
		return true;
	if (is_broken(scope))
		return false;
	if (!choice->n) {
		diag_error(policy->diags, scope->selectors.pos[SELECT_METHOD],
			   "%s has no %s, and no method '%s'",
			   choice->any_class ? "the solution" : scope->selectors.value[
				scope->kind == EVENT_REQUEST ? SELECT_DST
							     : SELECT_SRC],
			   scope->kind == EVENT_SECURITY ? "security interface"
							 : "endpoint", name);
		return false;
	}
	for (size_t i = 0; i < choice->n; i++)
		for (uint32_t j = 0; j < choice->of[i]->interface->n_methods; j++)
			*ARENA_PUSH(policy->arena, names, n_names, capacity) =
				choice->of[i]->interface->methods[j].name;
	diag_error(policy->diags, scope->selectors.pos[SELECT_METHOD],
		   "%s%s%s has %s '%s'%s", choice->n == 1 ? "interface '" :
		   "no interface that is left",
		   choice->n == 1 ? choice->of[0]->interface->name : "",
		   choice->n == 1 ? "'" : "",
		   choice->n == 1 ? "no method" : "a method", name,
		   scope_near(policy->arena, name, names, n_names));
	return false;
}

bool scope_enter(const struct scope *outer, const struct ast_selectors *added,
		 struct scope *inner)
{
	const char *interface;
	struct choice choice = { 0 };

	if (!add_up(outer, added, inner) || !check_kind(inner) ||
	    !find_class(inner, SELECT_SRC, &inner->src) ||
	    !find_class(inner, SELECT_DST, &inner->dst))
		return false;
	if (inner->kind == EVENT_EXECUTE)
		return true;
	all_endpoints(inner, &choice);
	if (inner->kind == EVENT_SECURITY && !choice.n &&
	    !inner->selectors.value[SELECT_INTERFACE] &&
	    !inner->selectors.value[SELECT_METHOD])
		return true;
	if (!narrow(inner, SELECT_COMPONENT, &choice))
		return false;
	join_endpoint(inner, &choice);
	if (!narrow(inner, SELECT_ENDPOINT, &choice))
		return false;
	interface = inner->selectors.value[SELECT_INTERFACE];
	if (interface && choice.any_class && !has_interface(&choice, interface) &&
	    !inner->selectors.value[SELECT_ENDPOINT] &&
	    !inner->selectors.value[SELECT_COMPONENT]) {
		if (!check_unused_interface(inner, &choice))
			return false;
	} else if (!narrow(inner, SELECT_INTERFACE, &choice)) {
		return false;
	}
	return find_method(inner, &choice);
}
