/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Classes and components: who offers which interface under which number. */
#include "check.h"

#include <inttypes.h>
#include <string.h>

#include "../../kernel/abi/image.h"
#include "parse.h"

static bool check_entry_name(struct xdl *xdl, struct symbols *seen,
			     struct entry *entry, const char *what)
{
	const struct entry *before = symbols_add(seen, entry->name, entry);
	bool good = xdl_check_name(xdl, entry->name, entry->pos);

	if (strchr(entry->name, '_')) {
		diag_error(xdl->diags, entry->pos,
			   "found '%s', expected a name without '_' for the %s",
			   entry->name, what);
		good = false;
	}
	if (before) {
		diag_error(xdl->diags, entry->pos, "found a second %s '%s'", what,
			   entry->name);
		diag_note(xdl->diags, before->pos, "the first is here");
		good = false;
	}
	return good;
}

static bool check_components(struct xdl *xdl, struct offer *offer)
{
	struct symbols *seen = symbols_new(xdl->arena);
	struct entry *entry;
	bool good = true;
	size_t i;

	for (i = 0; i < offer->n_components; i++) {
		entry = &offer->components[i];
		good = check_entry_name(xdl, seen, entry, "component") && good;
		entry->component = symbols_find(xdl->components, entry->target);
		if (entry->component &&
		    entry->component->state == CHECK_RUNNING) {
			diag_error(xdl->diags, entry->target_pos,
				   "the component '%s' contains itself",
				   entry->target);
			good = false;
			continue;
		}
		entry->component = xdl_offer(xdl, OFFER_COMPONENT, entry->target,
					     entry->target_pos);
		if (!entry->component) {
			good = false;
			continue;
		}
		if (__builtin_add_overflow(offer->n_all, entry->component->n_all,
					   &offer->n_all))
			offer->n_all = UINT64_MAX;
	}
	return good;
}

static bool check_endpoints(struct xdl *xdl, struct offer *offer)
{
	struct symbols *seen = symbols_new(xdl->arena);
	struct entry *entry;
	bool good = true;
	size_t i;

	for (i = 0; i < offer->n_endpoints; i++) {
		entry = &offer->endpoints[i];
		good = check_entry_name(xdl, seen, entry, "endpoint") && good;
		entry->interface = xdl_idl_interface(xdl, entry->target,
						     entry->target_pos);
		good = entry->interface && good;
	}
	if (__builtin_add_overflow(offer->n_all, offer->n_endpoints,
				   &offer->n_all))
		offer->n_all = UINT64_MAX;
	if (offer->n_all > XDL_RIID_MAX + 1) {
		diag_error(xdl->diags, offer->pos,
			   "'%s' has more endpoints than a process can have: "
			   "expected at most %u", offer->name, XDL_RIID_MAX + 1);
		good = false;
	}
	return good;
}

/* What a class asks about itself is answered by a verdict and nothing else. */
static bool check_questions(struct xdl *xdl, const struct offer *offer)
{
	static const char *const words[] = { "in", "out", "error" };
	const struct idl *idl = offer->security_idl;
	bool good = true;

	for (size_t i = 0; i < idl->n_methods; i++) {
		const struct method *method = &idl->methods[i];
		int part = method->n_params[METHOD_RESPONSE] ?
			   METHOD_RESPONSE : METHOD_ERROR;

		if (!method->n_params[part])
			continue;
		diag_error(xdl->diags, offer->security_pos,
			   "the method '%s' of the security interface has '%s' "
			   "parameters, expected 'in' only", method->name,
			   words[part]);
		diag_note(xdl->diags, method->params[part][0].pos,
			  "the first is here");
		good = false;
	}
	return good;
}

/* Its own security interface, else that of its components if they agree. */
static bool check_security(struct xdl *xdl, struct offer *offer)
{
	struct idl *other;
	bool good = true;
	size_t i;

	if (offer->security) {
		offer->security_idl = xdl_idl_interface(xdl, offer->security,
							offer->security_pos);
		return offer->security_idl && check_questions(xdl, offer);
	}
	for (i = 0; i < offer->n_components; i++) {
		if (!offer->components[i].component)
			continue;
		other = offer->components[i].component->security_idl;
		if (!offer->security_idl)
			offer->security_idl = other;
		if (!other || other == offer->security_idl)
			continue;
		diag_error(xdl->diags, offer->components[i].pos,
			   "this component's security interface is '%s', expected "
			   "'%s' as before, or one of '%s' itself", other->name,
			   offer->security_idl->name, offer->name);
		good = false;
	}
	return good;
}

static void check_offer(struct xdl *xdl, struct offer *offer)
{
	size_t errors = diags_errors(xdl->diags);
	bool good;

	offer->state = CHECK_RUNNING;
	xdl_parse_offer(xdl, offer);
	good = xdl_check_qname(xdl, offer->name, offer->pos);
	good = check_components(xdl, offer) && good;
	good = check_endpoints(xdl, offer) && good;
	good = check_security(xdl, offer) && good;
	offer->state = good && diags_errors(xdl->diags) == errors ?
		       CHECK_GOOD : CHECK_FAILED;
}

struct offer *xdl_offer(struct xdl *xdl, enum offer_kind kind,
			const char *name, struct pos where)
{
	struct symbols *known = kind == OFFER_ENTITY ? xdl->entities :
				xdl->components;
	const char *ext = kind == OFFER_ENTITY ? "edl" : "cdl";
	struct offer *offer = symbols_find(known, name);
	size_t errors = diags_errors(xdl->diags);

	if (offer)
		return offer->state == CHECK_GOOD ? offer : NULL;
	offer = arena_alloc(xdl->arena, sizeof(*offer));
	offer->kind = kind;
	offer->name = arena_strndup(xdl->arena, name, strlen(name));
	symbols_add(known, offer->name, offer);
	if (xdl->nesting >= XDL_NESTING_MAX) {
		diag_error(xdl->diags, where,
			   "files lead through each other more than %u deep",
			   XDL_NESTING_MAX);
		return NULL;
	}
	offer->source = source_find(xdl->sources, xdl->diags, name, ext);
	if (!offer->source) {
		if (diags_errors(xdl->diags) == errors)
			xdl_no_file(xdl, kind == OFFER_ENTITY ? "class" :
				    "component", name, ext, where);
		return NULL;
	}
	xdl->nesting++;
	check_offer(xdl, offer);
	xdl->nesting--;
	return offer->state == CHECK_GOOD ? offer : NULL;
}

/* The endpoints below PREFIX ("" or "a.b."), in the order of their numbers. */
static bool flatten(struct xdl *xdl, const struct offer *offer,
		    const char *prefix, struct xdl_endpoint *endpoints,
		    uint32_t *count)
{
	const struct entry *entry;
	struct xdl_endpoint *endpoint;
	bool good = true;
	size_t i;

	for (i = 0; i < offer->n_components; i++) {
		entry = &offer->components[i];
		if (entry->component->n_all &&
		    !flatten(xdl, entry->component,
			     arena_printf(xdl->arena, "%s%s.", prefix,
					  entry->name), endpoints, count))
			good = false;
	}
	for (i = 0; i < offer->n_endpoints; i++) {
		entry = &offer->endpoints[i];
		endpoint = &endpoints[*count];
		endpoint->path = arena_printf(xdl->arena, "%s%s", prefix,
					      entry->name);
		endpoint->interface = &entry->interface->interface;
		endpoint->riid = (*count)++;
		endpoint->pos = entry->pos;
		if (strlen(endpoint->path) > XDL_NAME_MAX) {
			diag_error(xdl->diags, entry->pos,
				   "the endpoint's path has %zu bytes, expected at "
				   "most %u", strlen(endpoint->path),
				   XDL_NAME_MAX);
			good = false;
		}
	}
	return good;
}

static const struct xdl_class *make_class(struct xdl *xdl, struct offer *offer)
{
	struct xdl_class *class = arena_alloc(xdl->arena, sizeof(*class));
	struct xdl_endpoint *endpoints;

	endpoints = arena_alloc(xdl->arena, offer->n_all * sizeof(*endpoints));
	class->name = offer->name;
	class->pos = offer->pos;
	class->endpoints = endpoints;
	if (offer->security_idl)
		class->security = &offer->security_idl->interface;
	if (!flatten(xdl, offer, "", endpoints, &class->n_endpoints)) {
		offer->state = CHECK_FAILED;
		return NULL;
	}
	return class;
}

const struct xdl_class *xdl_class(struct xdl *xdl, const char *name,
				  struct pos where)
{
	struct offer *offer = xdl_offer(xdl, OFFER_ENTITY, name, where);

	if (!xdl_check_wanted(xdl) && offer) {
		offer->state = CHECK_FAILED;
		return NULL;
	}
	if (offer && !offer->class)
		offer->class = make_class(xdl, offer);
	return offer ? offer->class : NULL;
}

const struct xdl_interface *xdl_interface(struct xdl *xdl, const char *name,
					  struct pos where)
{
	struct idl *idl = xdl_idl_interface(xdl, name, where);

	if (!xdl_check_wanted(xdl) && idl) {
		idl->state = CHECK_FAILED;
		return NULL;
	}
	return idl ? &idl->interface : NULL;
}

struct xdl *xdl_new(struct arena *arena, struct sources *sources,
		    struct diags *diags)
{
	struct xdl *xdl = arena_alloc(arena, sizeof(*xdl));

	xdl->arena = arena;
	xdl->sources = sources;
	xdl->diags = diags;
	xdl->idls = symbols_new(arena);
	xdl->entities = symbols_new(arena);
	xdl->components = symbols_new(arena);
	return xdl;
}
