/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Definitions: each computed once, when first asked for. */
#include "check.h"

static const struct type *name_type(struct xdl *xdl, const struct def *def,
				    const struct type *target, const char *name)
{
	struct type *type;

	if (!target)
		return NULL;
	type = arena_alloc(xdl->arena, sizeof(*type));
	*type = *target;
	if (def->kind == DEF_TYPEDEF)
		type->origin = target->origin ? target->origin : target;
	type->xdl.name = name;
	type->def = def;
	return type;
}

static bool check_const(struct xdl *xdl, struct def *def)
{
	const struct type *type = xdl_resolve(xdl, def->idl, def->type);

	if (!type)
		return false;
	if (type->xdl.kind != LAYOUT_SCALAR) {
		diag_error(xdl->diags, def->type->pos,
			   "found the type '%s', expected an integer type for a "
			   "constant", type->xdl.name);
		return false;
	}
	def->resolved = type;
	return xdl_evaluate(xdl, def->idl, def->expr, type->xdl.scalar,
			    &def->value);
}

bool xdl_check_def(struct xdl *xdl, struct def *def)
{
	const struct type *type = NULL;
	const char *name;
	bool good = false;

	if (def->state != CHECK_NOT_YET)
		return def->state == CHECK_GOOD;
	if (xdl->nesting >= XDL_NESTING_MAX) {
		diag_error(xdl->diags, def->pos,
			   "declarations lead through each other more than %u deep",
			   XDL_NESTING_MAX);
		def->state = CHECK_FAILED;
		return false;
	}
	def->state = CHECK_RUNNING;
	xdl->nesting++;
	name = arena_printf(xdl->arena, "%s.%s", def->idl->name, def->name);
	if (def->kind == DEF_CONST)
		good = check_const(xdl, def);
	else if (def->kind == DEF_TYPEDEF)
		type = xdl_resolve(xdl, def->idl, def->type);
	else
		type = xdl_lay(xdl, def->idl, def->kind == DEF_UNION ?
			       LAYOUT_UNION : LAYOUT_STRUCT, name, def->pos,
			       def->members, def->n_members, false);
	if (def->kind != DEF_CONST) {
		def->resolved = name_type(xdl, def, type, name);
		def->target = type;
		good = type;
	}
	xdl->nesting--;
	def->state = good ? CHECK_GOOD : CHECK_FAILED;
	return good;
}
