/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Constants, typedefs, structs and unions of a package. */
#include "emit.h"

#include <inttypes.h>
#include <string.h>

/* As C writes it, fit for #if: of the type's signedness and width at least. */
static const char *literal(struct xdl *xdl, const struct def *def)
{
	enum layout_scalar scalar = def->resolved->xdl.scalar;
	wide value = def->value;

	if (scalar == SCALAR_UINT64)
		return arena_printf(xdl->arena, "UINT64_C(%" PRIu64 ")",
				    (uint64_t)value);
	if (scalar <= SCALAR_UINT32)
		return arena_printf(xdl->arena, "%" PRIu64 "u", (uint64_t)value);
	if (value == (wide)INT64_MIN)
		return "(-INT64_C(9223372036854775807) - 1)";
	if (value == (wide)INT32_MIN && scalar == SCALAR_SINT32)
		return "(-2147483647 - 1)";
	return arena_printf(xdl->arena, scalar == SCALAR_SINT64 ?
			    value < 0 ? "(-INT64_C(%" PRIu64 "))" :
			    "INT64_C(%" PRIu64 ")" :
			    value < 0 ? "(-%" PRIu64 ")" : "%" PRIu64,
			    (uint64_t)(value < 0 ? -value : value));
}

void emit_consts(struct header *header, const struct idl *idl)
{
	bool any = false;
	size_t i;

	for (i = 0; i < idl->n_defs; i++) {
		if (idl->defs[i]->kind != DEF_CONST)
			continue;
		emit(header, "#define %s %s\n",
		     emit_name(header, idl->defs[i]->pos, "_%s",
			       idl->defs[i]->name),
		     literal(header->xdl, idl->defs[i]));
		any = true;
	}
	if (any)
		emit(header, "\n");
}

/* What lies in the arena, or is named elsewhere, says so in a comment. */
static const char *remark(struct xdl *xdl, const struct xdl_type *xdl_type)
{
	const struct type *type = (const struct type *)xdl_type;
	const struct type *origin = type->origin ? type->origin : type;

	while (!type->def && origin->xdl.kind == LAYOUT_ARRAY) {
		type = (const struct type *)origin->xdl.element;
		origin = type->origin ? type->origin : type;
	}
	if (origin->xdl.kind != LAYOUT_BYTES &&
	    origin->xdl.kind != LAYOUT_STRING &&
	    origin->xdl.kind != LAYOUT_SEQUENCE)
		return "";
	return arena_printf(xdl->arena, "\t/* %s */", origin->xdl.name);
}

void emit_fields(struct header *header, const struct xdl_type *type,
		 const char *indent)
{
	uint32_t i;

	for (i = 0; i < type->count; i++)
		emit(header, "%s%s;%s\n", indent,
		     emit_declarator(header->xdl, type->fields[i].type,
				     type->fields[i].name),
		     remark(header->xdl, type->fields[i].type));
}

static void emit_union(struct header *header, const struct def *def,
		       const char *name)
{
	size_t i;

	emit(header, "enum {\n");
	for (i = 0; i < def->n_members; i++)
		emit(header, "\t%s = %zu,\n",
		     emit_name(header, def->members[i].pos, "_%s_%s_tag",
			       def->name, def->members[i].name), i);
	emit(header, "};\n\nstruct %s {\n\tnk_uint32_t tag_;\n"
	     "\t__extension__ union {\n", name);
	emit_fields(header, &def->resolved->xdl, "\t\t");
	emit(header, "\t};\n};\n");
}

static void emit_def(struct header *header, const struct idl *idl,
		     struct def *def, struct symbols *done);

/* What a type of this package is made of comes before it. */
static void emit_needed(struct header *header, const struct idl *idl,
			const struct xdl_type *xdl_type, struct symbols *done)
{
	const struct type *type = (const struct type *)xdl_type;

	if (type->def)
		emit_def(header, idl, (struct def *)type->def, done);
	else if (type->xdl.element)
		emit_needed(header, idl, type->xdl.element, done);
}

static void emit_def(struct header *header, const struct idl *idl,
		     struct def *def, struct symbols *done)
{
	const struct xdl_type *type = &def->resolved->xdl;
	const char *name;
	size_t i;

	if (def->kind == DEF_CONST || def->idl != idl ||
	    symbols_add(done, def->name, def))
		return;
	name = emit_name(header, def->pos, "_%s", def->name);
	if (def->kind == DEF_TYPEDEF) {
		/* The target's own declarator: what was written, not followed. */
		type = &def->target->xdl;
		emit_needed(header, idl, type, done);
		emit(header, "typedef %s;%s\n\n",
		     emit_declarator(header->xdl, type, name),
		     remark(header->xdl, type));
		return;
	}
	for (i = 0; i < def->n_members; i++)
		emit_needed(header, idl, type->fields[i].type, done);
	if (def->kind == DEF_UNION) {
		emit_union(header, def, name);
	} else {
		emit(header, "struct %s {\n", name);
		emit_fields(header, type, "\t");
		emit(header, "};\n");
	}
	emit(header, "typedef struct %s %s;\n", name, name);
	emit(header, "nk_static_assert(sizeof(struct %s) == %u, \"%s\");\n\n",
	     name, type->size, type->name);
}

void emit_types(struct header *header, const struct idl *idl)
{
	struct symbols *done = symbols_new(header->xdl->arena);
	size_t i;

	for (i = 0; i < idl->n_defs; i++)
		emit_def(header, idl, idl->defs[i], done);
}
