/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* `dkc xdl`: from files on the command line to headers below OUTDIR. */
#include "emit.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "output.h"
#include "../front/lex.h"

struct run {
	struct xdl *xdl;
	struct symbols *declared;	/* C names of all headers */
	struct symbols *done;		/* paths of headers */
	struct output *outputs;
	size_t n_outputs, capacity;
};

/* True the first time. */
static bool begin(struct run *run, struct header *header, const char *name,
		  const char *ext)
{
	emit_begin(header, run->xdl, run->declared, name, ext);
	return !symbols_add(run->done, header->path, header->xdl);
}

static void end(struct run *run, struct header *header, const char *includes)
{
	struct output output = { header->path, emit_end(header, includes) };

	*ARENA_PUSH(run->xdl->arena, run->outputs, run->n_outputs,
		    run->capacity) = output;
}

static const char *include(struct run *run, const char *includes,
			   struct symbols *seen, const char *path)
{
	if (symbols_add(seen, path, run))
		return includes;
	return arena_printf(run->xdl->arena, "%s#include <%s>\n", includes, path);
}

static const char *include_unit(struct run *run, const char *includes,
				struct symbols *seen, const char *name,
				const char *ext)
{
	return include(run, includes, seen, emit_path(run->xdl, name, ext));
}

static void emit_package(struct run *run, const struct idl *idl)
{
	struct symbols *seen = symbols_new(run->xdl->arena);
	struct header header;
	const char *includes;
	size_t i;

	if (!begin(run, &header, idl->name, "idl"))
		return;
	includes = include(run, "", seen, idl->has_interface ?
			   "nk/transport.h" : "nk/types.h");
	for (i = 0; i < idl->n_imports; i++) {
		emit_package(run, idl->imports[i].idl);
		includes = include_unit(run, includes, seen,
					idl->imports[i].name, "idl");
	}
	emit(&header, "\n");
	emit_consts(&header, idl);
	emit_types(&header, idl);
	if (idl->has_interface) {
		emit_messages(&header, idl);
		emit_interface(&header, idl);
		emit_tables(&header, idl);
		emit_calls(&header, idl);
	}
	end(run, &header, includes);
}

static void emit_unit(struct run *run, const struct offer *offer)
{
	const char *includes, *ext = offer->kind == OFFER_ENTITY ? "edl" : "cdl";
	struct symbols *seen = symbols_new(run->xdl->arena);
	struct header header;
	size_t i;

	if (!begin(run, &header, offer->name, ext))
		return;
	includes = include(run, "", seen, "nk/transport.h");
	for (i = 0; i < offer->n_components; i++) {
		emit_unit(run, offer->components[i].component);
		includes = include_unit(run, includes, seen,
					offer->components[i].target, "cdl");
	}
	for (i = 0; i < offer->n_endpoints; i++) {
		emit_package(run, offer->endpoints[i].interface);
		includes = include_unit(run, includes, seen,
					offer->endpoints[i].target, "idl");
	}
	if (offer->security) {
		emit_package(run, offer->security_idl);
		includes = include_unit(run, includes, seen, offer->security,
					"idl");
	}
	emit(&header, "\n");
	emit_offer(&header, offer);
	end(run, &header, includes);
}

/* The name that the file at PATH gives itself, or NULL: in silence. */
static const char *own_name(struct xdl *xdl, const struct source *source)
{
	struct lexer lexer;
	const char *name;

	lex_init(&lexer, xdl->arena, diags_new(xdl->arena), source);
	if (lex_take(&lexer, "task")) {
		if (!lex_take(&lexer, "class"))
			return NULL;
	} else if (!lex_take(&lexer, "entity") &&
		   !lex_take(&lexer, "component") &&
		   !lex_take(&lexer, "package")) {
		return NULL;
	}
	name = lex_qname(&lexer, "a name", NULL);
	return name;
}

/*
 * The dotted name of FILE by its place below an include directory. Of more
 * than one the file's own name decides, else the shortest is taken.
 */
static const char *name_of(struct xdl *xdl, const char *file,
			   const struct source *source, const char *ext)
{
	const char *own = own_name(xdl, source), *best = NULL;
	char dir[PATH_MAX], real[PATH_MAX], *name, *at;
	size_t i, size;

	if (!realpath(file, real))
		return NULL;
	size = strlen(real) - strlen(ext) - 1;
	real[size] = '\0';
	for (i = 0; i < xdl->sources->n_dirs; i++) {
		if (!realpath(xdl->sources->dirs[i], dir))
			continue;
		size = strcmp(dir, "/") ? strlen(dir) : 0;
		if (strncmp(real, dir, size) || real[size] != '/')
			continue;
		name = arena_strndup(xdl->arena, real + size + 1,
				     strlen(real + size + 1));
		for (at = name; *at; at++)
			if (*at == '/')
				*at = '.';
		if (own && !strcmp(own, name))
			return name;
		if (!best || strlen(name) < strlen(best))
			best = name;
	}
	return best;
}

static void emit_file(struct run *run, const char *file)
{
	const char *dot = strrchr(file, '.'), *ext = dot ? dot + 1 : "", *name;
	struct pos nowhere = { 0 }, start = { .length = 1, .line = 1, .column = 1 };
	const struct source *source, *found;
	struct xdl *xdl = run->xdl;
	size_t errors = diags_errors(xdl->diags);
	struct idl *idl;

	if (strcmp(ext, "edl") && strcmp(ext, "cdl") && strcmp(ext, "idl")) {
		diag_error(xdl->diags, nowhere,
			   "found the file %s, expected one that ends in .edl, "
			   ".cdl or .idl", file);
		return;
	}
	source = source_open(xdl->sources, xdl->diags, file, nowhere);
	if (!source)
		return;
	start.source = source;
	name = name_of(xdl, file, source, ext);
	found = name ? source_find(xdl->sources, xdl->diags, name, ext) : NULL;
	if (found != source) {
		if (diags_errors(xdl->diags) > errors)
			return;
		diag_error(xdl->diags, start,
			   "found a file that no include directory leads to%s%s, "
			   "expected its folder, or one above, as -I",
			   found ? ", but to " : "", found ? found->path : "");
	} else if (*ext == 'i') {
		idl = xdl_idl(xdl, name, start);
		xdl_check_wanted(xdl);
		if (idl && idl->state == CHECK_GOOD)
			emit_package(run, idl);
	} else if (*ext == 'e') {
		if (xdl_class(xdl, name, start))
			emit_unit(run, xdl_offer(xdl, OFFER_ENTITY, name, start));
	} else {
		struct offer *offer = xdl_offer(xdl, OFFER_COMPONENT, name, start);

		xdl_check_wanted(xdl);
		if (offer)
			emit_unit(run, offer);
	}
}

bool xdl_emit(struct xdl *xdl, const char *const *files, size_t n_files,
	      const char *outdir)
{
	struct run run = { .xdl = xdl, .declared = symbols_new(xdl->arena),
			   .done = symbols_new(xdl->arena) };
	size_t errors = diags_errors(xdl->diags), i;

	for (i = 0; i < n_files; i++)
		emit_file(&run, files[i]);
	return diags_errors(xdl->diags) == errors &&
	       output_write(xdl->arena, outdir, run.outputs, run.n_outputs);
}
