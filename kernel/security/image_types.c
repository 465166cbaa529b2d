/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Proves the layout tables: sizes, alignments, offsets and ranges of each type
 * by itself; then, from the leaves up, that types do not contain themselves, are
 * not deeper than the body check's stack, and hold handles at fixed places only.
 */
#include <assert.h>
#include <string.h>

#include "../abi/wire.h"
#include "image_check.h"

/* What is known of a type once its inside is. */
struct summary {
	uint8_t depth;		/* 1 + of a leaf, which is 0; 0 = not known yet */
	uint8_t n_handles;	/* places; no more than WIRE_HANDLES_MAX */
};

static const uint8_t scalar_size[SCALAR_N] = {
	[SCALAR_UINT8] = 1, [SCALAR_UINT16] = 2,
	[SCALAR_UINT32] = 4, [SCALAR_UINT64] = 8,
	[SCALAR_SINT8] = 1, [SCALAR_SINT16] = 2,
	[SCALAR_SINT32] = 4, [SCALAR_SINT64] = 8,
};

static bool refuse(const struct image_check *check, uint32_t index,
		   const char *what)
{
	return image_refuse(check, SECTION_TYPES, index, what);
}

/* Struct and union: each field inside, aligned; a struct's one after another. */
static bool check_fields(const struct image_check *check, uint32_t index,
			 const struct layout_type *type)
{
	const struct layout *layout = &check->image->layout;
	uint64_t least = type->kind == LAYOUT_UNION ? sizeof(uint32_t) : 0;

	if (!image_has(check, SECTION_FIELDS, type->first, type->count))
		return refuse(check, index, "the fields are out of range");
	if (type->kind == LAYOUT_UNION &&
	    (type->count == 0 || type->align < 4 || type->size < 4))
		return refuse(check, index, "a union has no tag or no member");
	for (uint32_t i = 0; i < type->count; i++) {
		uint32_t at = type->first + i;
		const struct layout_field *field = &layout->fields[at];
		const struct layout_type *inner;

		if (field->type >= layout->n_types ||
		    !image_is_string(check, field->name))
			return image_refuse(check, SECTION_FIELDS, at,
					    "a field's type or name is out of range");
		inner = &layout->types[field->type];
		/* All types' alignments were checked before this. */
		if (inner->size == 0)
			return image_refuse(check, SECTION_FIELDS, at,
					    "a field has no size");
		if (inner->align > type->align ||
		    field->offset % inner->align != 0)
			return image_refuse(check, SECTION_FIELDS, at,
					    "a field is not aligned");
		if (field->offset < least ||
		    (uint64_t)field->offset + inner->size > type->size)
			return image_refuse(check, SECTION_FIELDS, at,
					    "a field overlaps or is outside its type");
		if (type->kind == LAYOUT_STRUCT)
			least = (uint64_t)field->offset + inner->size;
	}
	return true;
}

static bool check_elements(const struct image_check *check, uint32_t index,
			   const struct layout_type *type)
{
	const struct layout *layout = &check->image->layout;
	const struct layout_type *element;

	if (type->first >= layout->n_types)
		return refuse(check, index, "an element's type is out of range");
	element = &layout->types[type->first];
	if (element->size == 0)
		return refuse(check, index, "an element has no size");
	if (type->kind == LAYOUT_ARRAY &&
	    (type->count == 0 || type->align != element->align ||
	     (uint64_t)type->count * element->size != type->size))
		return refuse(check, index, "an array is not its elements");
	return true;
}

static bool check_type(const struct image_check *check, uint32_t index)
{
	const struct layout_type *type = &check->image->layout.types[index];
	bool good = true;

	switch (type->kind) {
	case LAYOUT_SCALAR:
		good = type->scalar > SCALAR_NONE && type->scalar < SCALAR_N &&
		       type->size == scalar_size[type->scalar] &&
		       type->align == type->size;
		break;
	case LAYOUT_HANDLE:
		good = type->size == sizeof(struct wire_handle) &&
		       type->align == 8;
		break;
	case LAYOUT_BYTES:
	case LAYOUT_STRING:
		good = type->size == sizeof(struct wire_chunk) &&
		       type->align == 4;
		break;
	case LAYOUT_SEQUENCE:
		if (type->size != sizeof(struct wire_chunk) || type->align != 4)
			return refuse(check, index, "a type's size is wrong");
		return check_elements(check, index, type);
	case LAYOUT_ARRAY:
		return check_elements(check, index, type);
	case LAYOUT_STRUCT:
	case LAYOUT_UNION:
		return check_fields(check, index, type);
	default:
		return refuse(check, index, "there is no such kind of type");
	}
	return good || refuse(check, index, "a type's size is wrong");
}

static bool check_alone(const struct image_check *check, uint32_t index)
{
	const struct layout_type *type = &check->image->layout.types[index];

	if (type->zero != 0 ||
	    (type->kind != LAYOUT_SCALAR && type->scalar != SCALAR_NONE))
		return refuse(check, index, "an unused byte is not zero");
	if (type->align != 1 && type->align != 2 && type->align != 4 &&
	    type->align != 8)
		return refuse(check, index, "an alignment is not 1, 2, 4 or 8");
	if (type->size > IMAGE_MESSAGE_MAX)
		return refuse(check, index, "a type is too large for a message");
	if (type->size % type->align != 0)
		return refuse(check, index, "a size is not a multiple of the alignment");
	return true;
}

/* How many types are inside, and the nth of them. */
static uint32_t n_inner(const struct layout_type *type)
{
	switch (type->kind) {
	case LAYOUT_SEQUENCE:
	case LAYOUT_ARRAY:
		return 1;
	case LAYOUT_STRUCT:
	case LAYOUT_UNION:
		return type->count;
	default:
		return 0;
	}
}

static uint32_t inner_type(const struct layout *layout,
			   const struct layout_type *type, uint32_t n)
{
	if (type->kind == LAYOUT_SEQUENCE || type->kind == LAYOUT_ARRAY)
		return type->first;
	return layout->fields[type->first + n].type;
}

/* Sums up a type whose inner types all are. */
static bool sum_up(const struct image_check *check, uint32_t index,
		   struct summary *summaries)
{
	const struct layout *layout = &check->image->layout;
	const struct layout_type *type = &layout->types[index];
	uint64_t n_handles = type->kind == LAYOUT_HANDLE;
	uint8_t depth = 0;

	for (uint32_t i = 0; i < n_inner(type); i++) {
		const struct summary *inner =
			&summaries[inner_type(layout, type, i)];

		assert(inner->depth > 0);
		if (inner->depth > depth)
			depth = inner->depth;
		n_handles += inner->n_handles;
	}
	if (type->kind == LAYOUT_ARRAY)
		n_handles *= type->count;
	if (n_handles > 0 &&
	    (type->kind == LAYOUT_UNION || type->kind == LAYOUT_SEQUENCE))
		return refuse(check, index,
			      "a handle is inside a union or a sequence");
	if (n_handles > WIRE_HANDLES_MAX)
		return refuse(check, index, "a type holds too many handles");
	/* Leaves have 1, so does an empty struct, which is no deeper. */
	if (depth > LAYOUT_DEPTH_MAX)
		return refuse(check, index, "types are nested too deeply");
	summaries[index].depth = (uint8_t)(depth + 1);
	summaries[index].n_handles = (uint8_t)n_handles;
	return true;
}

/*
 * Sums up a type and all that it holds, depth first. Each type is entered once
 * in the whole run, for the summaries are kept. A type that contains itself is
 * one that is nested too deeply.
 */
static bool descend(const struct image_check *check, uint32_t index,
		    struct summary *summaries)
{
	const struct layout *layout = &check->image->layout;
	struct { uint32_t type, next; } stack[LAYOUT_DEPTH_MAX + 1];
	uint32_t depth = 1;

	stack[0].type = index;
	stack[0].next = 0;
	while (depth > 0) {
		uint32_t at = stack[depth - 1].type, inner;
		const struct layout_type *type = &layout->types[at];

		if (stack[depth - 1].next == n_inner(type)) {
			if (!sum_up(check, at, summaries))
				return false;
			depth--;
			continue;
		}
		inner = inner_type(layout, type, stack[depth - 1].next++);
		if (summaries[inner].depth > 0)
			continue;
		if (depth == LAYOUT_DEPTH_MAX + 1)
			return refuse(check, index, "types are nested too deeply");
		stack[depth].type = inner;
		stack[depth].next = 0;
		depth++;
	}
	return true;
}

bool image_check_types(const struct image_check *check)
{
	struct summary summaries[IMAGE_TYPES_MAX];
	uint32_t n = check->count[SECTION_TYPES];

	if (n > IMAGE_TYPES_MAX)
		return refuse(check, IMAGE_TYPES_MAX, "there are too many types");
	for (uint32_t i = 0; i < n; i++)
		if (!check_alone(check, i))
			return false;
	for (uint32_t i = 0; i < n; i++)
		if (!check_type(check, i))
			return false;
	memset(summaries, 0, n * sizeof(summaries[0]));
	for (uint32_t i = 0; i < n; i++)
		if (summaries[i].depth == 0 && !descend(check, i, summaries))
			return false;
	return true;
}
