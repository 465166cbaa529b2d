/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A package: its imports, its definitions, its interface with the methods. */
#include "check.h"

#include <inttypes.h>
#include <string.h>

#include "parse.h"
#include "../../kernel/abi/image.h"

static bool fill_scope(struct xdl *xdl, struct idl *idl)
{
	bool good = true;
	struct def *def, *before;
	size_t i;

	idl->scope = symbols_new(xdl->arena);
	for (i = 0; i < idl->n_defs; i++) {
		def = idl->defs[i];
		good = xdl_check_name(xdl, def->name, def->pos) && good;
		if (xdl_is_builtin(def->name)) {
			diag_error(xdl->diags, def->pos,
				   "found '%s', expected a name that no built-in "
				   "type has", def->name);
			good = false;
		}
		before = symbols_add(idl->scope, def->name, def);
		if (before) {
			diag_error(xdl->diags, def->pos,
				   "found a second '%s' in package '%s'",
				   def->name, idl->name);
			diag_note(xdl->diags, before->pos, "the first is here");
			good = false;
		}
	}
	return good;
}

/* "a.A imports b.B imports a.A" */
static const char *cycle_text(struct xdl *xdl, const struct idl *from,
			      const struct idl *to)
{
	const char *text = to->name;

	for (; from && from != to; from = from->asker)
		text = arena_printf(xdl->arena, "%s imports %s", from->name, text);
	return arena_printf(xdl->arena, "%s imports %s", to->name, text);
}

static bool load_imports(struct xdl *xdl, struct idl *idl)
{
	struct import *import;
	struct idl *target;
	bool good = true;
	size_t i;

	for (i = 0; i < idl->n_imports; i++) {
		import = &idl->imports[i];
		target = symbols_find(xdl->idls, import->name);
		if (target && target->state == CHECK_RUNNING) {
			diag_error(xdl->diags, import->pos, "cyclic import: %s",
				   target == idl ?
				   arena_printf(xdl->arena, "%s imports itself",
						idl->name) :
				   cycle_text(xdl, idl, target));
			good = false;
			continue;
		}
		import->idl = xdl_idl(xdl, import->name, import->pos);
		if (!import->idl)
			idl->holes = true;
		good = import->idl && import->idl->state == CHECK_GOOD && good;
	}
	return good;
}

static bool check_part(struct xdl *xdl, const struct idl *idl,
		       const struct method *method, size_t part,
		       struct xdl_method *result)
{
	static const char *const words[3] = { "in", "out", "error" };
	const struct type *type;
	uint64_t size;

	if (part == METHOD_ERROR && !method->n_params[part])
		return true;
	type = xdl_lay(xdl, idl, LAYOUT_STRUCT,
		       arena_printf(xdl->arena, "%s.%s.%s", idl->name,
				    method->name, words[part]),
		       method->pos, method->params[part],
		       method->n_params[part], true);
	if (!type)
		return false;
	result->part[part] = &type->xdl;
	if (type->xdl.n_handles > XDL_HANDLES_MAX) {
		diag_error(xdl->diags, method->pos,
			   "the '%s' parameters hold %u handles, expected at most "
			   "%u", words[part], type->xdl.n_handles,
			   XDL_HANDLES_MAX);
		return false;
	}
	if (__builtin_add_overflow(type->xdl.arena_max, type->xdl.size, &size))
		size = UINT64_MAX;
	if (size > XDL_MESSAGE_MAX) {
		diag_error(xdl->diags, method->pos,
			   "the '%s' parameters can take %s%" PRIu64 " bytes, "
			   "expected at most %u", words[part],
			   size == UINT64_MAX ? "over " : "", size,
			   XDL_MESSAGE_MAX);
		return false;
	}
	return true;
}

static bool check_methods(struct xdl *xdl, struct idl *idl)
{
	struct symbols *seen = symbols_new(xdl->arena);
	const struct method *method, *before;
	struct xdl_method *methods;
	bool good = true;
	size_t i, part;

	methods = arena_alloc(xdl->arena, idl->n_methods * sizeof(*methods));
	for (i = 0; i < idl->n_methods; i++) {
		method = &idl->methods[i];
		if (i > XDL_MID_MAX) {
			diag_error(xdl->diags, method->pos,
				   "found %zu methods, expected at most %u",
				   idl->n_methods, XDL_MID_MAX + 1);
			return false;
		}
		good = xdl_check_member(xdl, method->name, method->pos) && good;
		before = symbols_add(seen, method->name, (void *)method);
		if (before) {
			diag_error(xdl->diags, method->pos,
				   "found a second method '%s'", method->name);
			diag_note(xdl->diags, before->pos, "the first is here");
			good = false;
		}
		methods[i].name = method->name;
		methods[i].pos = method->pos;
		methods[i].mid = (uint32_t)i;
		for (part = 0; part < 3; part++)
			good = check_part(xdl, idl, method, part, &methods[i]) &&
			       good;
	}
	idl->interface = (struct xdl_interface){ idl->name, idl->pos, methods,
						 (uint32_t)idl->n_methods };
	return good;
}

/* Everything of it, in the order of the text. */
static void check_idl(struct xdl *xdl, struct idl *idl)
{
	size_t errors = diags_errors(xdl->diags), i;
	bool good;

	idl->state = CHECK_RUNNING;
	xdl_parse_idl(xdl, idl);
	good = xdl_check_qname(xdl, idl->name, idl->pos);
	good = fill_scope(xdl, idl) && good;
	good = load_imports(xdl, idl) && good;
	for (i = 0; i < idl->n_defs; i++)
		good = xdl_check_def(xdl, idl->defs[i]) && good;
	good = check_methods(xdl, idl) && good;
	idl->state = good && diags_errors(xdl->diags) == errors ?
		     CHECK_GOOD : CHECK_FAILED;
}

struct idl *xdl_idl(struct xdl *xdl, const char *name, struct pos where)
{
	struct idl *idl = symbols_find(xdl->idls, name);
	size_t errors = diags_errors(xdl->diags);

	if (idl)
		return idl->source ? idl : NULL;
	idl = arena_alloc(xdl->arena, sizeof(*idl));
	idl->name = arena_strndup(xdl->arena, name, strlen(name));
	symbols_add(xdl->idls, idl->name, idl);
	if (xdl->nesting >= XDL_NESTING_MAX) {
		diag_error(xdl->diags, where,
			   "files lead through each other more than %u deep",
			   XDL_NESTING_MAX);
		return NULL;
	}
	idl->source = source_find(xdl->sources, xdl->diags, name, "idl");
	if (!idl->source) {
		if (diags_errors(xdl->diags) == errors)
			xdl_no_file(xdl, "package", name, "idl", where);
		return NULL;
	}
	xdl->nesting++;
	idl->asker = xdl->reading;
	xdl->reading = idl;
	check_idl(xdl, idl);
	xdl->reading = idl->asker;
	idl->asker = NULL;
	xdl->nesting--;
	return idl;
}

struct idl *xdl_idl_interface(struct xdl *xdl, const char *name,
			      struct pos where)
{
	struct idl *idl = xdl_idl(xdl, name, where);

	if (!idl)
		return NULL;
	if (idl->state == CHECK_GOOD && !idl->has_interface)
		diag_error(xdl->diags, where,
			   "package '%s' declares types only, expected one with an "
			   "interface", name);
	return idl->state == CHECK_GOOD && idl->has_interface ? idl : NULL;
}

bool xdl_check_wanted(struct xdl *xdl)
{
	bool good = true;

	while (xdl->wanted_done < xdl->n_wanted) {
		struct wanted wanted = xdl->wanted[xdl->wanted_done++];

		good = xdl_idl_interface(xdl, wanted.name, wanted.pos) && good;
	}
	return good;
}
