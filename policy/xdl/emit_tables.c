/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The layout tables of an interface (abi/layout.h) and one struct nk_method for
 * each of its methods. What a type is made of stands before it; equal types
 * stand once.
 */
#include "emit.h"

#include "../../kernel/abi/image.h"

struct row {
	const struct xdl_type *type;
	uint32_t number;		/* in the table */
	uint32_t first;
};

struct tables {
	struct header *header;
	struct symbols *known;		/* key -> struct row */
	struct row **rows;
	size_t n_rows, rows_capacity;
	const struct xdl_field **fields;
	uint32_t *field_types;
	size_t n_fields, fields_capacity, field_types_capacity;
};

static const char *const kinds[] = {
	[LAYOUT_SCALAR] = "LAYOUT_SCALAR", [LAYOUT_HANDLE] = "LAYOUT_HANDLE",
	[LAYOUT_BYTES] = "LAYOUT_BYTES", [LAYOUT_STRING] = "LAYOUT_STRING",
	[LAYOUT_SEQUENCE] = "LAYOUT_SEQUENCE", [LAYOUT_ARRAY] = "LAYOUT_ARRAY",
	[LAYOUT_STRUCT] = "LAYOUT_STRUCT", [LAYOUT_UNION] = "LAYOUT_UNION",
};

static const char *const scalars[] = {
	[SCALAR_NONE] = "SCALAR_NONE",
	[SCALAR_UINT8] = "SCALAR_UINT8", [SCALAR_UINT16] = "SCALAR_UINT16",
	[SCALAR_UINT32] = "SCALAR_UINT32", [SCALAR_UINT64] = "SCALAR_UINT64",
	[SCALAR_SINT8] = "SCALAR_SINT8", [SCALAR_SINT16] = "SCALAR_SINT16",
	[SCALAR_SINT32] = "SCALAR_SINT32", [SCALAR_SINT64] = "SCALAR_SINT64",
};

_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == LAYOUT_N_KINDS, "kinds");
_Static_assert(sizeof(scalars) / sizeof(scalars[0]) == SCALAR_N, "scalars");

static uint32_t intern(struct tables *tables, const struct xdl_type *xdl_type);

/* The fields' types first: they may add fields of their own. */
static uint32_t intern_fields(struct tables *tables, const struct xdl_type *type)
{
	struct arena *arena = tables->header->xdl->arena;
	uint32_t *types, first, i;

	types = arena_alloc(arena, type->count * sizeof(*types));
	for (i = 0; i < type->count; i++)
		types[i] = intern(tables, type->fields[i].type);
	first = (uint32_t)tables->n_fields;
	for (i = 0; i < type->count; i++) {
		size_t n = tables->n_fields;

		*ARENA_PUSH(arena, tables->field_types, n,
			    tables->field_types_capacity) = types[i];
		*ARENA_PUSH(arena, tables->fields, tables->n_fields,
			    tables->fields_capacity) = &type->fields[i];
	}
	return first;
}

static uint32_t intern(struct tables *tables, const struct xdl_type *xdl_type)
{
	struct arena *arena = tables->header->xdl->arena;
	const struct type *type = (const struct type *)xdl_type;
	bool has_fields;
	struct row *row;
	uint32_t first = 0;
	const char *key;

	if (type->origin)
		type = type->origin;
	has_fields = type->xdl.kind == LAYOUT_STRUCT ||
		     type->xdl.kind == LAYOUT_UNION;
	if (type->xdl.element)
		first = intern(tables, type->xdl.element);
	key = has_fields && type->xdl.count ?
	      arena_printf(arena, "%p", (const void *)type) :
	      arena_printf(arena, "%d %d %u %u", type->xdl.kind,
			   type->xdl.scalar, first, type->xdl.count);
	row = symbols_find(tables->known, key);
	if (row)
		return row->number;
	if (has_fields)
		first = intern_fields(tables, &type->xdl);
	row = arena_alloc(arena, sizeof(*row));
	*row = (struct row){ &type->xdl, (uint32_t)tables->n_rows, first };
	symbols_add(tables->known, key, row);
	*ARENA_PUSH(arena, tables->rows, tables->n_rows, tables->rows_capacity) =
		row;
	return row->number;
}

static void emit_field_rows(struct tables *tables, struct pos pos)
{
	struct header *header = tables->header;
	size_t i;

	if (!tables->n_fields)
		return;
	emit(header, "static const struct layout_field %s[] nk_unused = {\n"
	     "\t/* offset, type, name */\n",
	     emit_hidden(header, pos, "_fields_"));
	for (i = 0; i < tables->n_fields; i++)
		emit(header, "\t{ %u, %u, 0 },\t/* %s */\n",
		     tables->fields[i]->offset, tables->field_types[i],
		     tables->fields[i]->name);
	emit(header, "};\n\n");
}

static void emit_type_rows(struct tables *tables, struct pos pos)
{
	struct header *header = tables->header;
	const char *types = emit_hidden(header, pos, "_types_");
	const struct row *row;
	size_t i;

	emit(header, "static const struct layout_type %s[] nk_unused = {\n"
	     "\t/* kind, scalar, align, zero, size, first, count */\n", types);
	for (i = 0; i < tables->n_rows; i++) {
		row = tables->rows[i];
		emit(header, "\t{ %s, %s, %u, 0, %u, %u, %u },\t/* %s */\n",
		     kinds[row->type->kind], scalars[row->type->scalar],
		     row->type->align, row->type->size, row->first,
		     row->type->kind == LAYOUT_SCALAR ||
		     row->type->kind == LAYOUT_HANDLE ? 0 : row->type->count,
		     row->type->name);
	}
	emit(header, "};\n\nstatic const struct layout %s nk_unused = {\n\t%s, ",
	     emit_hidden(header, pos, "_layout_"), types);
	if (tables->n_fields)
		emit(header, "%s_fields_", header->prefix);
	else
		emit(header, "NK_NULL");
	emit(header, ", %zu, %zu\n};\n\n", tables->n_rows, tables->n_fields);
}

/* Offsets of the handles inside TYPE, which begins at BASE. */
static void emit_handle_places(struct header *header,
			       const struct xdl_type *type, uint32_t base,
			       bool *any)
{
	uint32_t i;

	if (!type->n_handles)
		return;
	if (type->kind == LAYOUT_HANDLE) {
		emit(header, "%s%u", *any ? ", " : "", base);
		*any = true;
	} else if (type->kind == LAYOUT_ARRAY) {
		for (i = 0; i < type->count; i++)
			emit_handle_places(header, type->element,
					   base + i * type->element->size, any);
	} else if (type->kind == LAYOUT_STRUCT) {
		for (i = 0; i < type->count; i++)
			emit_handle_places(header, type->fields[i].type,
					   base + type->fields[i].offset, any);
	}
}

static const char *const words[3] = { "in", "out", "error" };

static void emit_handles(struct header *header, const struct xdl_method *method)
{
	bool any;
	int i;

	for (i = 0; i < 3; i++) {
		if (!method->part[i] || !method->part[i]->n_handles)
			continue;
		any = false;
		emit(header, "static const nk_uint32_t %s[] nk_unused = { ",
		     emit_hidden(header, method->pos, "_%s_%s_handles_",
				 method->name, words[i]));
		emit_handle_places(header, method->part[i], 0, &any);
		emit(header, " };\n");
	}
}

static void emit_part(struct tables *tables, const struct xdl_method *method,
		      enum method_part which)
{
	const struct xdl_type *part = method->part[which];
	struct header *header = tables->header;

	if (!part) {
		emit(header, "\t{ NK_NULL, 0, 0, 0, 0, NK_NULL },\t/* no %s */\n",
		     words[which]);
		return;
	}
	emit(header, "\t{ &%s_layout_, %u, %u, %u, %u, ", header->prefix,
	     intern(tables, part), part->size, (uint32_t)part->arena_max,
	     part->n_handles);
	if (part->n_handles)
		emit(header, "%s_%s_%s_handles_", header->prefix, method->name,
		     words[which]);
	else
		emit(header, "NK_NULL");
	emit(header, " },\t/* %s */\n", words[which]);
}

void emit_tables(struct header *header, const struct idl *idl)
{
	struct tables tables = { .header = header,
				 .known = symbols_new(header->xdl->arena) };
	const struct xdl_interface *interface = &idl->interface;
	uint32_t i, part;

	for (i = 0; i < interface->n_methods; i++)
		for (part = 0; part < 3; part++)
			if (interface->methods[i].part[part])
				intern(&tables, interface->methods[i].part[part]);
	if (!tables.n_rows)
		return;
	emit(header, "/* How the messages are laid out: see dk/layout.h. */\n");
	emit_field_rows(&tables, idl->pos);
	emit_type_rows(&tables, idl->pos);
	for (i = 0; i < interface->n_methods; i++) {
		const struct xdl_method *method = &interface->methods[i];

		emit_handles(header, method);
		emit(header, "static const struct nk_method %s nk_unused = {\n"
		     "\t%s_%s_mid,\n"
		     "\t/* layout, type, size, arena, handles */\n",
		     emit_hidden(header, method->pos, "_%s_method_", method->name),
		     header->prefix, method->name);
		for (part = 0; part < 3; part++)
			emit_part(&tables, method, part);
		emit(header, "};\n\n");
	}
}
