/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Types and their layout: natural alignment, as a C compiler lays them out. */
#include "check.h"

#include <inttypes.h>
#include <string.h>

#define SCALAR(text, kind_, size_, c_) \
	{ .xdl = { .kind = LAYOUT_SCALAR, .scalar = kind_, .name = text, \
		   .size = size_, .align = size_ }, .c = c_ }

static const struct type scalars[] = {
	SCALAR("UInt8", SCALAR_UINT8, 1, "nk_uint8_t"),
	SCALAR("UInt16", SCALAR_UINT16, 2, "nk_uint16_t"),
	SCALAR("UInt32", SCALAR_UINT32, 4, "nk_uint32_t"),
	SCALAR("UInt64", SCALAR_UINT64, 8, "nk_uint64_t"),
	SCALAR("SInt8", SCALAR_SINT8, 1, "nk_sint8_t"),
	SCALAR("SInt16", SCALAR_SINT16, 2, "nk_sint16_t"),
	SCALAR("SInt32", SCALAR_SINT32, 4, "nk_sint32_t"),
	SCALAR("SInt64", SCALAR_SINT64, 8, "nk_sint64_t"),
	SCALAR("UIntSize", SCALAR_UINT64, 8, "nk_uintsize_t"),
	SCALAR("UIntPtr", SCALAR_UINT64, 8, "nk_uintptr_t"),
};

static const struct type plain_handle = {
	.xdl = { .kind = LAYOUT_HANDLE, .name = "Handle", .size = 16, .align = 8,
		 .n_handles = 1 },
	.c = "nk_handle_desc_t",
};

#define N_SCALARS (sizeof(scalars) / sizeof(scalars[0]))

static uint64_t add(uint64_t a, uint64_t b)
{
	return __builtin_add_overflow(a, b, &a) ? UINT64_MAX : a;
}

static uint64_t multiply(uint64_t a, uint64_t b)
{
	return __builtin_mul_overflow(a, b, &a) ? UINT64_MAX : a;
}

/* Saturated values stay so. */
static uint64_t round_up(uint64_t size, uint64_t align)
{
	return size > UINT64_MAX - align ? UINT64_MAX :
	       (size + align - 1) / align * align;
}

static const struct type *builtin(const char *name)
{
	size_t i;

	for (i = 0; i < N_SCALARS; i++)
		if (!strcmp(name, scalars[i].xdl.name))
			return &scalars[i];
	return strcmp(name, "Handle") ? NULL : &plain_handle;
}

bool xdl_is_builtin(const char *name)
{
	static const char *const made[] = {
		"array", "bytes", "handle", "sequence", "string"
	};
	size_t i;

	for (i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (!strcmp(name, made[i]))
			return true;
	return builtin(name);
}

const char *xdl_builtin_name(size_t i)
{
	return i < N_SCALARS ? scalars[i].xdl.name : NULL;
}

static struct type *new_type(struct xdl *xdl, enum layout_kind kind,
			     uint32_t size, uint32_t align)
{
	struct type *type = arena_alloc(xdl->arena, sizeof(*type));

	type->xdl.kind = kind;
	type->xdl.size = size;
	type->xdl.align = align;
	return type;
}

static const struct type *resolve_name(struct xdl *xdl, const struct idl *idl,
				       const struct typeref *ref)
{
	const struct type *type = builtin(ref->name);
	struct def *def;

	if (type)
		return type;
	def = xdl_find_def(xdl, idl, ref->name, ref->pos, "type");
	if (!def)
		return NULL;
	if (def->kind == DEF_CONST) {
		diag_error(xdl->diags, ref->pos,
			   "found the constant '%s', expected a type", ref->name);
		diag_note(xdl->diags, def->pos, "'%s' is declared here", def->name);
		return NULL;
	}
	if (def->state == CHECK_RUNNING) {
		diag_error(xdl->diags, ref->pos, "the type '%s' contains itself",
			   def->name);
		return NULL;
	}
	return xdl_check_def(xdl, def) ? def->resolved : NULL;
}

static const struct type *resolve_handle(struct xdl *xdl, const struct idl *idl,
					 const struct typeref *ref)
{
	const char *name = ref->name, *last;
	struct type *type;
	size_t i;

	/* A plain name may be the last part of this or an imported package. */
	last = strrchr(idl->name, '.');
	if (!strchr(name, '.') && last && !strcmp(last + 1, name))
		name = idl->name;
	for (i = 0; !strchr(name, '.') && i < idl->n_imports; i++) {
		last = strrchr(idl->imports[i].name, '.');
		if (last && !strcmp(last + 1, name))
			name = idl->imports[i].name;
	}
	*ARENA_PUSH(xdl->arena, xdl->wanted, xdl->n_wanted,
		    xdl->wanted_capacity) = (struct wanted){ name, ref->name_pos };
	type = new_type(xdl, LAYOUT_HANDLE, 16, 8);
	type->c = plain_handle.c;
	type->xdl.n_handles = 1;
	type->xdl.name = arena_printf(xdl->arena, "handle<%s>", name);
	return type;
}

static bool too_large(struct xdl *xdl, struct pos pos, uint64_t size)
{
	if (size <= XDL_MESSAGE_MAX)
		return false;
	diag_error(xdl->diags, pos,
		   "found a type of %" PRIu64 " bytes, expected at most %u",
		   size, XDL_MESSAGE_MAX);
	return true;
}

static bool too_deep(struct xdl *xdl, struct pos pos, uint32_t depth)
{
	if (depth <= LAYOUT_DEPTH_MAX)
		return false;
	diag_error(xdl->diags, pos,
		   "types nest %u deep here, expected at most %d (a method's own "
		   "struct counts)", depth, LAYOUT_DEPTH_MAX);
	return true;
}

/* array and sequence: what their element makes of them. */
static bool lay_elements(struct xdl *xdl, const struct typeref *ref,
			 struct type *type, const struct type *element)
{
	uint64_t whole = multiply(element->xdl.size, type->xdl.count);

	type->xdl.element = &element->xdl;
	type->xdl.depth = element->xdl.depth + 1;
	type->xdl.arena_max = multiply(element->xdl.arena_max, type->xdl.count);
	if (type->xdl.kind == LAYOUT_ARRAY) {
		type->xdl.size = (uint32_t)whole;
		type->xdl.align = element->xdl.align;
		type->xdl.n_handles = element->xdl.n_handles * type->xdl.count;
	} else {
		type->xdl.arena_max = add(type->xdl.arena_max,
					  round_up(whole, 8));
		if (element->xdl.n_handles) {
			diag_error(xdl->diags, ref->element->pos,
				   "found a handle in a sequence, expected handles "
				   "only at fixed places");
			return false;
		}
	}
	return !too_large(xdl, ref->pos, whole) &&
	       !too_deep(xdl, ref->pos, type->xdl.depth);
}

static const struct type *resolve_made(struct xdl *xdl, const struct idl *idl,
				       const struct typeref *ref)
{
	static const struct { const char *word; enum layout_kind kind; } made[] = {
		[REF_BYTES] = { "bytes", LAYOUT_BYTES },
		[REF_STRING] = { "string", LAYOUT_STRING },
		[REF_ARRAY] = { "array", LAYOUT_ARRAY },
		[REF_SEQUENCE] = { "sequence", LAYOUT_SEQUENCE },
	};
	struct type *type = new_type(xdl, made[ref->kind].kind, 8, 4);
	const struct type *element = NULL;
	wide count = 0;
	bool good;

	if (ref->element) {
		element = xdl_resolve(xdl, idl, ref->element);
		if (!element)
			return NULL;
	}
	good = xdl_evaluate(xdl, idl, ref->count, SCALAR_UINT64, &count);
	if (good && (count < 1 || count > XDL_MESSAGE_MAX)) {
		diag_error(xdl->diags, ref->pos,
			   "found %s<> of %" PRIu64 ", expected 1 to %u",
			   made[ref->kind].word, (uint64_t)count,
			   XDL_MESSAGE_MAX);
		good = false;
	}
	if (!good)
		return NULL;
	type->xdl.count = (uint32_t)count;
	if (element) {
		type->xdl.name = arena_printf(xdl->arena, "%s<%s,%u>",
					      made[ref->kind].word,
					      element->xdl.name, type->xdl.count);
		return lay_elements(xdl, ref, type, element) ? type : NULL;
	}
	type->xdl.name = arena_printf(xdl->arena, "%s<%u>", made[ref->kind].word,
				      type->xdl.count);
	type->xdl.arena_max = round_up((uint64_t)type->xdl.count +
				       (ref->kind == REF_STRING), 8);
	return type;
}

const struct type *xdl_resolve(struct xdl *xdl, const struct idl *idl,
			       const struct typeref *ref)
{
	if (ref->kind == REF_NAME)
		return resolve_name(xdl, idl, ref);
	if (ref->kind == REF_HANDLE)
		return resolve_handle(xdl, idl, ref);
	return resolve_made(xdl, idl, ref);
}

/* The members' types; false if one failed or a name is there twice. */
static bool resolve_members(struct xdl *xdl, const struct idl *idl,
			    const struct member *members, size_t n,
			    struct xdl_field *fields)
{
	struct symbols *seen = symbols_new(xdl->arena);
	const struct member *before;
	const struct type *type;
	bool good = true;
	size_t i;

	for (i = 0; i < n; i++) {
		good = xdl_check_member(xdl, members[i].name, members[i].pos) &&
		       good;
		before = symbols_add(seen, members[i].name, (void *)&members[i]);
		if (before) {
			diag_error(xdl->diags, members[i].pos,
				   "found a second '%s'", members[i].name);
			diag_note(xdl->diags, before->pos, "the first is here");
			good = false;
		}
		type = xdl_resolve(xdl, idl, members[i].type);
		fields[i] = (struct xdl_field){ .name = members[i].name,
			.type = type ? &type->xdl : NULL, .pos = members[i].pos };
		good = type && good;
	}
	return good;
}

/* Offsets of a struct's or a union's fields, from START; its size, unrounded. */
static uint64_t lay_fields(struct type *type, struct xdl_field *fields,
			   size_t n, uint64_t start)
{
	bool is_union = type->xdl.kind == LAYOUT_UNION;
	uint64_t end = start, at;
	size_t i;

	for (i = 0; i < n; i++)
		if (fields[i].type->align > type->xdl.align)
			type->xdl.align = fields[i].type->align;
	if (is_union)
		start = round_up(start, type->xdl.align);
	for (i = 0; i < n; i++) {
		const struct xdl_type *field = fields[i].type;

		at = is_union ? start : round_up(end, field->align);
		fields[i].offset = (uint32_t)at;
		if (add(at, field->size) > end)
			end = add(at, field->size);
		if (field->depth + 1 > type->xdl.depth)
			type->xdl.depth = field->depth + 1;
		type->xdl.n_handles += field->n_handles;
		if (!is_union)
			type->xdl.arena_max = add(type->xdl.arena_max,
						  field->arena_max);
		else if (field->arena_max > type->xdl.arena_max)
			type->xdl.arena_max = field->arena_max;
	}
	return end;
}

const struct type *xdl_lay(struct xdl *xdl, const struct idl *idl,
			   enum layout_kind kind, const char *name,
			   struct pos pos, const struct member *members,
			   size_t n, bool is_part)
{
	struct type *type = new_type(xdl, kind, 0, kind == LAYOUT_UNION ? 4 : 1);
	struct xdl_field *fields;
	bool good;
	uint64_t size;
	size_t i;

	type->xdl.depth = 1;
	type->xdl.name = name;
	type->xdl.count = (uint32_t)n;
	type->xdl.fields = fields = arena_alloc(xdl->arena, n * sizeof(*fields));
	good = resolve_members(xdl, idl, members, n, fields);
	if (good && !n && !is_part) {
		diag_error(xdl->diags, pos,
			   "found no member in '%s', expected at least one", name);
		good = false;
	}
	if (!good)
		return NULL;
	size = lay_fields(type, fields, n, kind == LAYOUT_UNION ? 4 : 0);
	size = round_up(size, is_part ? 8 : type->xdl.align);
	if (is_part)
		type->xdl.align = 8;
	if (too_large(xdl, pos, size))
		return NULL;
	type->xdl.size = (uint32_t)size;
	for (i = 0; i < n; i++) {
		good = !too_deep(xdl, members[i].pos, fields[i].type->depth + 1) &&
		       good;
		if (kind == LAYOUT_UNION && fields[i].type->n_handles) {
			diag_error(xdl->diags, members[i].pos,
				   "found a handle in a union, expected handles "
				   "only at fixed places");
			good = false;
		}
	}
	return good ? type : NULL;
}
