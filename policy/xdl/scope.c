/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Which definition a name means. */
#include "check.h"

#include <string.h>

/* Suggestions: what this package declares and imports, and what is built in. */
static void unknown(struct xdl *xdl, const struct idl *idl, const char *name,
		    struct pos where, const char *what)
{
	const char **list = NULL;
	size_t count = 0, capacity = 0, i, j, n;
	const struct symbols *scope;
	const struct idl *in;

	for (i = 0; i <= idl->n_imports; i++) {
		in = i ? idl->imports[i - 1].idl : idl;
		scope = in ? in->scope : NULL;
		n = scope ? symbols_count(scope) : 0;
		for (j = 0; j < n; j++)
			*ARENA_PUSH(xdl->arena, list, count, capacity) =
				symbols_list(scope)[j];
	}
	for (i = 0; xdl_builtin_name(i); i++)
		*ARENA_PUSH(xdl->arena, list, count, capacity) =
			xdl_builtin_name(i);
	diag_error(xdl->diags, where, "found the unknown %s '%s'%s", what, name,
		   xdl_suggest(xdl, name, list, count));
}

static struct def *find_qualified(struct xdl *xdl, const struct idl *idl,
				  const char *name, const char *dot,
				  struct pos where, const char *what)
{
	const char *package = arena_strndup(xdl->arena, name,
					    (size_t)(dot - name));
	const struct idl *in = !strcmp(package, idl->name) ? idl : NULL;
	struct def *def;
	size_t i;

	for (i = 0; !in && i < idl->n_imports; i++)
		if (!strcmp(package, idl->imports[i].name)) {
			in = idl->imports[i].idl;
			if (!in)
				return NULL;	/* said already */
		}
	if (!in) {
		diag_error(xdl->diags, where,
			   "found the %s '%s', but package '%s' is not imported",
			   what, name, package);
		return NULL;
	}
	def = symbols_find(in->scope, dot + 1);
	if (!def && !in->holes)
		diag_error(xdl->diags, where,
			   "found the unknown %s '%s' of package '%s'%s", what,
			   dot + 1, package,
			   xdl_suggest(xdl, dot + 1, symbols_list(in->scope),
				       symbols_count(in->scope)));
	return def;
}

struct def *xdl_find_def(struct xdl *xdl, const struct idl *idl,
			 const char *name, struct pos where, const char *what)
{
	const char *dot = strrchr(name, '.');
	struct def *def, *other;
	size_t i;

	if (dot)
		return find_qualified(xdl, idl, name, dot, where, what);
	def = symbols_find(idl->scope, name);
	if (def)
		return def;
	for (i = 0; i < idl->n_imports; i++) {
		if (!idl->imports[i].idl)
			continue;
		other = symbols_find(idl->imports[i].idl->scope, name);
		if (!other || other == def)
			continue;
		if (def) {
			diag_error(xdl->diags, where,
				   "'%s' is ambiguous: expected '%s.%s' or '%s.%s'",
				   name, def->idl->name, name, other->idl->name,
				   name);
			return NULL;
		}
		def = other;
	}
	if (!def && !idl->holes)
		unknown(xdl, idl, name, where, what);
	return def;
}
