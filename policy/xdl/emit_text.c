/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A header's text and the C names in it. */
#include "emit.h"

#include <stdio.h>
#include <string.h>

#define ARENA_ROUNDING 7u	/* to the next 8 at the start of any buffer */

struct emit_declared {
	const char *path;
	struct pos pos;
};

const char *emit_path(struct xdl *xdl, const char *name, const char *ext)
{
	char *path = arena_printf(xdl->arena, "%s.%s.h", name, ext);
	size_t i, n = strlen(name);

	for (i = 0; i < n; i++)
		if (path[i] == '.')
			path[i] = '/';
	return path;
}

const char *emit_prefix(struct xdl *xdl, const char *name)
{
	char *prefix = arena_strndup(xdl->arena, name, strlen(name)), *at;

	for (at = prefix; *at; at++)
		if (*at == '.')
			*at = '_';
	return prefix;
}

uint32_t emit_arena_size(uint64_t max)
{
	return (uint32_t)max + ARENA_ROUNDING;
}

void emit_begin(struct header *header, struct xdl *xdl,
		struct symbols *declared, const char *name, const char *ext)
{
	const char *last = strrchr(name, '.');

	*header = (struct header){
		.xdl = xdl, .declared = declared, .own = symbols_new(xdl->arena),
		.prefix = emit_prefix(xdl, name),
		.alias = last ? (size_t)(last + 1 - name) : 0,
		.path = emit_path(xdl, name, ext),
	};
}

static void add_text(struct header *header, const char *text, size_t size)
{
	size_t capacity = header->capacity ? header->capacity : 4096;
	char *grown;

	if (header->size + size >= header->capacity) {
		while (header->size + size >= capacity)
			capacity *= 2;
		grown = arena_alloc(header->xdl->arena, capacity);
		if (header->size)
			memcpy(grown, header->text, header->size);
		header->text = grown;
		header->capacity = capacity;
	}
	memcpy(header->text + header->size, text, size);
	header->size += size;
	header->text[header->size] = '\0';
}

/* Straight into the text when it fits, else formatted twice. */
void emit(struct header *header, const char *format, ...)
{
	char buffer[512];
	va_list args, again;
	char *text = buffer;
	int size;

	va_start(args, format);
	va_copy(again, args);
	size = vsnprintf(buffer, sizeof(buffer), format, args);
	va_end(args);
	if (size >= (int)sizeof(buffer)) {
		text = arena_alloc(header->xdl->arena, (size_t)size + 1);
		vsnprintf(text, (size_t)size + 1, format, again);
	}
	va_end(again);
	if (size > 0)
		add_text(header, text, (size_t)size);
}

static const char *declare(struct header *header, struct pos pos, bool hidden,
			   const char *format, va_list args)
{
	struct arena *arena = header->xdl->arena;
	struct emit_declared *declared, *before;
	char tail[2 * XDL_NAME_MAX + 64];
	const char *name;

	vsnprintf(tail, sizeof(tail), format, args);
	name = arena_printf(arena, "%s%s", header->prefix, tail);
	declared = arena_alloc(arena, sizeof(*declared));
	*declared = (struct emit_declared){ header->path, pos };
	before = symbols_add(header->declared, name, declared);
	if (before) {
		diag_error(header->xdl->diags, pos,
			   "the C name '%s' is taken: expected names that stay "
			   "apart when their parts are joined by '_'", name);
		diag_note(header->xdl->diags, before->pos,
			  "it is declared for this, in %s", before->path);
	}
	if (!hidden)
		symbols_add(header->own, name, declared);
	return name;
}

const char *emit_name(struct header *header, struct pos pos,
		      const char *format, ...)
{
	const char *name;
	va_list args;

	va_start(args, format);
	name = declare(header, pos, false, format, args);
	va_end(args);
	return name;
}

const char *emit_hidden(struct header *header, struct pos pos,
			const char *format, ...)
{
	const char *name;
	va_list args;

	va_start(args, format);
	name = declare(header, pos, true, format, args);
	va_end(args);
	return name;
}

/* An alias that is itself one of our names would rename that one too. */
static void add_aliases(struct header *header, struct header *to)
{
	const char *const *names = symbols_list(header->own);
	size_t i, n = symbols_count(header->own);

	if (!header->alias || !n)
		return;
	emit(to, "#if defined(NK_USE_UNQUALIFIED_NAMES) && "
	     "!defined(%s_UNQUALIFIED)\n#define %s_UNQUALIFIED\n",
	     to->prefix, to->prefix);
	for (i = 0; i < n; i++)
		if (!symbols_find(header->declared, names[i] + header->alias))
			emit(to, "#define %s %s\n", names[i] + header->alias,
			     names[i]);
	emit(to, "#endif\n\n");
}

const char *emit_end(struct header *header, const char *includes)
{
	struct header whole = { .xdl = header->xdl };
	char *guard = arena_strndup(header->xdl->arena, header->path,
				    strlen(header->path)), *at;
	const char *file = header->path;

	for (at = guard; *at; at++)
		if (*at == '/' || *at == '.')
			*at = '_';
	whole.prefix = guard;
	emit(&whole, "/* Made by dkc from %.*s: do not edit. */\n",
	     (int)strlen(file) - 2, file);
	add_aliases(header, &whole);
	emit(&whole, "#ifndef %s\n#define %s\n\n%s", guard, guard, includes);
	if (header->size)
		add_text(&whole, header->text, header->size);
	emit(&whole, "\n#endif\n");
	return whole.text;
}

const char *emit_declarator(struct xdl *xdl, const struct xdl_type *xdl_type,
			    const char *name)
{
	const struct type *type = (const struct type *)xdl_type;
	const char *base;

	while (!type->def && type->xdl.kind == LAYOUT_ARRAY) {
		name = arena_printf(xdl->arena, "%s[%u]", name, type->xdl.count);
		type = (const struct type *)type->xdl.element;
	}
	if (type->def)
		base = emit_prefix(xdl, type->xdl.name);
	else
		base = type->c ? type->c : "nk_ptr_t";
	return arena_printf(xdl->arena, "%s %s", base, name);
}
