/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A policy from its files to its bindings. */
#include <string.h>

#include "../front/template.h"
#include "audit.h"
#include "check.h"

/* An interface as the scopes see it. */
static void fill_endpoint(struct policy *policy, struct scope_endpoint *to,
			  const char *path,
			  const struct xdl_interface *interface)
{
	to->path = names_one(policy->names, path);
	to->interface = interface;
	to->interface_name = names_one(policy->names, interface->name);
}

static void fill_class(struct policy *policy, struct scope_class *to,
		       const char *name, const struct xdl_class *class)
{
	to->name = name;
	to->n_endpoints = class->n_endpoints;
	to->endpoints = arena_alloc(policy->arena, class->n_endpoints *
				    sizeof(*to->endpoints) + 1);
	for (uint32_t i = 0; i < class->n_endpoints; i++)
		fill_endpoint(policy, &to->endpoints[i],
			      class->endpoints[i].path,
			      class->endpoints[i].interface);
	if (class->security)
		fill_endpoint(policy, &to->security, "", class->security);
}

/* The class NAME of the EDL that CLASS was read from. */
static const struct xdl_class *rename_class(struct policy *policy,
					    const struct xdl_class *class,
					    const char *name)
{
	struct xdl_class *copy;

	if (!strcmp(class->name, name))
		return class;
	copy = arena_alloc(policy->arena, sizeof(*copy));
	*copy = *class;
	copy->name = name;
	return copy;
}

/* Where each class is declared: for the ones that are there twice. */
static bool declared_twice(struct policy *policy, struct pos *first,
			   uint32_t number, const struct ast_class *class)
{
	if (!first[number].line) {
		first[number] = class->pos;
		return false;
	}
	diag_error(policy->diags, class->pos, "class '%s' is declared twice",
		   class->name);
	diag_note(policy->diags, first[number], "it is declared here first");
	return true;
}

/*
 * The kernel's class and the starter's are always there, as 0 and 1. A policy
 * may name them, and may say which EDL they are read from.
 */
static void collect_classes(struct policy *policy, struct psl *psl)
{
	static const char *const fixed[] = { "kl.core.Core", "Einit" };
	struct ast *ast = policy->ast;
	size_t n = ast->n_classes + 2;
	const char **edl = arena_alloc(policy->arena, n * sizeof(*edl));
	const char **name = arena_alloc(policy->arena, n * sizeof(*name));
	struct pos *where = arena_alloc(policy->arena, n * sizeof(*where));
	struct pos *first;
	uint32_t *index;	/* number of a name -> class + 1 */
	uint32_t count = 2;

	for (uint32_t i = 0; i < 2; i++)
		name[i] = edl[i] = names_one(policy->names, fixed[i]);
	first = arena_alloc(policy->arena, policy->names->n * sizeof(*first));
	index = arena_alloc(policy->arena, policy->names->n * sizeof(*index));
	index[names_number(policy->names, fixed[0])] = 1;
	index[names_number(policy->names, fixed[1])] = 2;
	for (size_t i = 0; i < ast->n_classes; i++) {
		const struct ast_class *class = &ast->classes[i];
		uint32_t number = names_number(policy->names, class->name);

		if (declared_twice(policy, first, number, class))
			continue;
		if (!index[number])
			index[number] = ++count;
		name[index[number] - 1] = class->name;
		edl[index[number] - 1] = class->edl;
		where[index[number] - 1] = class->pos;
	}
	psl->classes = arena_alloc(policy->arena, n * sizeof(*psl->classes));
	policy->classes = arena_alloc(policy->arena,
				      n * sizeof(*policy->classes));
	for (uint32_t i = 0; i < count; i++) {
		const struct xdl_class *class = xdl_class(policy->xdl, edl[i],
							  where[i]);

		policy->classes[i].name = name[i];
		policy->classes[i].broken = !class;
		policy->broken = policy->broken || !class;
		if (!class)
			continue;
		psl->classes[i] = rename_class(policy, class, name[i]);
		fill_class(policy, &policy->classes[i], name[i], class);
	}
	policy->n_classes = psl->n_classes = count;
	psl->class_pos = where;
	if (count > IMAGE_CLASSES_MAX)
		diag_error(policy->diags, where[count - 1], "there are more "
			   "than %u classes", IMAGE_CLASSES_MAX);
}

static void flush(struct policy *policy, const struct scope *scope,
		  struct pos where, struct psl_call *calls, uint32_t n)
{
	const char *const *values = scope->selectors.value;

	if (!n)
		return;
	*ARENA_PUSH(policy->arena, policy->bindings, policy->n_bindings,
		    policy->bindings_capacity) = (struct psl_binding){
		.kind = scope->kind, .pos = where,
		.src = scope->src, .dst = scope->dst,
		.endpoint = values[SELECT_ENDPOINT],
		.component = values[SELECT_COMPONENT],
		.interface = values[SELECT_INTERFACE],
		.method = values[SELECT_METHOD],
		.calls = calls, .n_calls = n,
	};
}

static void read_body(struct policy *policy, struct scope *scope,
		      struct pos where, const struct ast_body *body);

static void read_cases(struct policy *policy, const struct scope *scope,
		       const struct ast_choice *choice)
{
	struct scope inner = *scope;

	inner.depth++;
	for (size_t i = 0; i < choice->n; i++) {
		inner.case_number = (uint32_t)i + 1;
		inner.audit = scope->audit;
		read_body(policy, &inner, choice->cases[i].pos,
			  choice->cases[i].body);
	}
}

/* Rules between two `match` are one binding each: the order of text stays. */
static void read_body(struct policy *policy, struct scope *scope,
		      struct pos where, const struct ast_body *body)
{
	struct psl_call *calls = NULL;
	size_t n = 0, capacity = 0;

	scope->audit = audit_enter(policy, body, scope->audit);
	for (size_t i = 0; i < body->n; i++) {
		const struct ast_item *item = &body->items[i];
		struct psl_call call = { 0 };
		struct scope inner;

		if (item->argument || item->choice) {
			if (item->choice ? check_choice(scope, item, &call)
					 : check_rule(scope, item, &call)) {
				call.audit = audit_of(policy, scope->audit,
						      &call);
				*ARENA_PUSH(policy->arena, calls, n,
					    capacity) = call;
			}
		}
		if (item->argument)
			continue;
		flush(policy, scope, where, calls, (uint32_t)n);
		calls = NULL;
		n = capacity = 0;
		if (item->choice)
			read_cases(policy, scope, item->choice);
		else if (scope_enter(scope, item->selectors, &inner))
			read_body(policy, &inner, item->pos, item->body);
	}
	flush(policy, scope, where, calls, (uint32_t)n);
}

static void read_event(struct policy *policy, const struct ast_event *event)
{
	struct scope outer = {
		.policy = policy, .kind = event->kind,
		.src = IMAGE_NONE, .dst = IMAGE_NONE,
		.audit = audit_default(policy),
	};
	struct scope scope;

	if (scope_enter(&outer, &event->selectors, &scope))
		read_body(policy, &scope, event->pos, event->body);
}

const struct psl *psl_read(struct arena *arena, struct sources *sources,
			   struct xdl *xdl, struct diags *diags,
			   const char *path)
{
	struct policy policy = {
		.arena = arena, .sources = sources, .diags = diags,
		.names = names_new(arena), .xdl = xdl,
		.ast = arena_alloc(arena, sizeof(*policy.ast)),
	};
	struct psl *psl = arena_alloc(arena, sizeof(*psl));
	size_t before = diags_errors(diags);
	const struct source *source;

	*policy.ast = (struct ast){ .arena = arena, .sources = sources,
				    .diags = diags, .names = policy.names };
	source = source_open(sources, diags, path, (struct pos){ 0 });
	if (source)
		source = template_expand(sources, diags, source, TEMPLATE_PSL);
	if (!source)
		return NULL;
	ast_parse(policy.ast, source);
	collect_classes(&policy, psl);
	check_objects(&policy);
	audit_begin(&policy);
	for (size_t i = 0; i < policy.ast->n_events; i++)
		read_event(&policy, &policy.ast->events[i]);
	audit_end(&policy, psl);
	psl->objects = policy.objects;
	psl->n_objects = (uint32_t)policy.n_objects;
	psl->bindings = policy.bindings;
	psl->n_bindings = (uint32_t)policy.n_bindings;
	psl->tests = policy.ast->tests;
	psl->n_tests = policy.ast->n_tests;
	return diags_errors(diags) == before ? psl : NULL;
}
