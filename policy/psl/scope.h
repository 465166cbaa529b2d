/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What is known inside a body: the classes of the policy, the selectors added
 * up, and the one method they pin, if they do.
 */
#ifndef DK_PSL_SCOPE_H
#define DK_PSL_SCOPE_H

#include "ast.h"
#include "psl.h"

/* Paths and names are names_one'd, for comparison by address. */
struct scope_endpoint {
	const char *path;
	const char *interface_name;
	const struct xdl_interface *interface;
};

struct scope_class {
	const char *name;
	struct scope_endpoint *endpoints;
	uint32_t n_endpoints;
	struct scope_endpoint security;		/* .interface NULL: none */
	bool broken;		/* its EDL could not be read */
};

/* A reading of one policy. */
struct policy {
	struct arena *arena;
	struct sources *sources;
	struct diags *diags;
	struct names *names;
	struct xdl *xdl;
	struct ast *ast;
	struct scope_class *classes;
	uint32_t n_classes;
	bool broken;			/* some class is */
	bool base_asked, basic_asked, regex_asked;	/* a missing `use` was
							   reported */
	struct psl_binding *bindings;
	size_t n_bindings, bindings_capacity;
	struct psl_object *objects;
	size_t n_objects, objects_capacity;
	struct audits *audits;		/* see audit.h */
};

struct scope {
	struct policy *policy;
	enum event_kind kind;
	struct ast_selectors selectors;		/* added up */
	uint32_t src, dst;			/* IMAGE_NONE = any */
	const struct xdl_method *method;	/* NULL: not pinned */
	const char *method_interface;
	unsigned depth;				/* of choices around; 0: none */
	uint32_t case_number;			/* of the innermost, from 1 */
	const struct audit_profile *audit;
};

/*
 * ADDED selectors inside OUTER: fills INNER, or gives an error and returns
 * false.
 */
bool scope_enter(const struct scope *outer, const struct ast_selectors *added,
		 struct scope *inner);
/* Index of a class, or IMAGE_NONE. NAME is names_one'd. */
uint32_t scope_class(const struct policy *policy, const char *name);
/* ", did you mean 'x'?" or "" */
const char *scope_near(struct arena *arena, const char *name,
		       const char *const *candidates, size_t n);

#endif
