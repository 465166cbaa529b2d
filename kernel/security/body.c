/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Nothing here is believed: not the body, whose lengths and offsets a program
 * wrote, and not the layout either, since a layout that has not been proved by
 * image_load must end in BODY_LAYOUT and never in a wild read.
 *
 * Time is bounded by the bytes: every step goes to a place of at least one byte
 * in the fixed part or in a chunk, and the chunks add up to the arena at most.
 */
#include "body.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "../abi/wire.h"
#include "utf8.h"

/* A struct, union, array or sequence that is under way. */
struct frame {
	const struct layout_type *type;
	const uint8_t *base;
	uint32_t next, end;	/* fields or elements */
	bool variable;		/* inside a union or a chunk: no handles here */
};

struct check {
	const struct layout *layout;
	const uint8_t *arena;
	uint32_t arena_size;
	uint32_t unvisited;	/* bytes of arena that chunks may still claim */
	uint32_t n_handles;
	uint32_t next_handle;
	uint32_t depth;
	struct frame stack[LAYOUT_DEPTH_MAX];
};

static uint32_t load_u32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* The type of the elements of an array or sequence; NULL if it is unsound. */
static const struct layout_type *element_type(const struct layout *layout,
					      const struct layout_type *type)
{
	const struct layout_type *element;

	if (type->first >= layout->n_types)
		return NULL;
	element = &layout->types[type->first];
	return element->size > 0 && element->align > 0 ? element : NULL;
}

static enum body_status push(struct check *check, const struct layout_type *type,
			     const uint8_t *base, uint32_t next, uint32_t end,
			     bool variable)
{
	struct frame *frame;

	if (next == end)
		return BODY_OK;
	if (check->depth == LAYOUT_DEPTH_MAX)
		return BODY_LAYOUT;
	frame = &check->stack[check->depth++];
	frame->type = type;
	frame->base = base;
	frame->next = next;
	frame->end = end;
	frame->variable = variable;
	return BODY_OK;
}

static enum body_status enter_fields(struct check *check,
				     const struct layout_type *type,
				     const uint8_t *base, bool variable)
{
	uint32_t tag;

	if (type->first > check->layout->n_fields ||
	    type->count > check->layout->n_fields - type->first)
		return BODY_LAYOUT;
	if (type->kind == LAYOUT_STRUCT)
		return push(check, type, base, 0, type->count, variable);

	if (type->size < sizeof(tag))
		return BODY_LAYOUT;
	tag = load_u32(base);
	if (tag >= type->count)
		return BODY_TAG;
	return push(check, type, base, tag, tag + 1, true);
}

static enum body_status enter_array(struct check *check,
				    const struct layout_type *type,
				    const uint8_t *base, bool variable)
{
	const struct layout_type *element = element_type(check->layout, type);

	if (!element || type->count > type->size / element->size)
		return BODY_LAYOUT;
	if (element->kind == LAYOUT_SCALAR)
		return BODY_OK;
	return push(check, type, base, 0, type->count, variable);
}

/* The chunk whose descriptor is at PLACE. */
static enum body_status enter_chunk(struct check *check,
				    const struct layout_type *type,
				    const uint8_t *place)
{
	const struct layout_type *element = NULL;
	struct wire_chunk chunk;
	uint32_t align = 1, unit = 1;
	uint64_t max = type->count;
	const uint8_t *bytes;

	if (type->size != sizeof(chunk))
		return BODY_LAYOUT;
	if (type->kind == LAYOUT_SEQUENCE) {
		element = element_type(check->layout, type);
		if (!element)
			return BODY_LAYOUT;
		align = element->align;
		unit = element->size;
	} else if (type->kind == LAYOUT_STRING) {
		max++;		/* the terminator */
	}

	memcpy(&chunk, place, sizeof(chunk));
	if (chunk.size == 0)
		return BODY_OK;
	if (chunk.offset > check->arena_size ||
	    chunk.size > check->arena_size - chunk.offset)
		return BODY_CHUNK_RANGE;
	if (chunk.offset % align != 0)
		return BODY_CHUNK_ALIGN;
	if (chunk.size % unit != 0 || chunk.size / unit > max)
		return BODY_CHUNK_COUNT;
	if (chunk.size > check->unvisited)
		return BODY_OVERLAP;
	check->unvisited -= chunk.size;

	bytes = check->arena + chunk.offset;
	if (type->kind == LAYOUT_STRING)
		return bytes[chunk.size - 1] == 0 &&
		       utf8_valid_text(bytes, chunk.size - 1) ?
		       BODY_OK : BODY_STRING;
	if (type->kind == LAYOUT_BYTES || element->kind == LAYOUT_SCALAR)
		return BODY_OK;
	return push(check, type, bytes, 0, chunk.size / unit, true);
}

static enum body_status visit_handle(struct check *check,
				     const struct layout_type *type,
				     const uint8_t *place, bool variable)
{
	uint32_t handle;

	if (variable || type->size != sizeof(struct wire_handle))
		return BODY_LAYOUT;
	handle = load_u32(place + offsetof(struct wire_handle, handle));
	if (handle == WIRE_NO_HANDLE)
		return BODY_OK;
	if (handle != check->next_handle || handle >= check->n_handles)
		return BODY_HANDLES;
	check->next_handle++;
	return BODY_OK;
}

/* PLACE has type->size bytes. */
static enum body_status visit(struct check *check, const struct layout_type *type,
			      const uint8_t *place, bool variable)
{
	switch (type->kind) {
	case LAYOUT_SCALAR:
		return BODY_OK;
	case LAYOUT_HANDLE:
		return visit_handle(check, type, place, variable);
	case LAYOUT_BYTES:
	case LAYOUT_STRING:
	case LAYOUT_SEQUENCE:
		return enter_chunk(check, type, place);
	case LAYOUT_ARRAY:
		return enter_array(check, type, place, variable);
	case LAYOUT_STRUCT:
	case LAYOUT_UNION:
		return enter_fields(check, type, place, variable);
	default:		/* a byte of a table, not an enum */
		return BODY_LAYOUT;
	}
}

/* Visits the next field or element of the frame on top. */
static enum body_status step(struct check *check)
{
	const struct layout *layout = check->layout;
	struct frame *frame = &check->stack[check->depth - 1];
	const struct layout_type *type = frame->type, *inner;
	const struct layout_field *field;
	uint32_t i = frame->next;
	const uint8_t *place;

	if (type->kind == LAYOUT_ARRAY || type->kind == LAYOUT_SEQUENCE) {
		inner = &layout->types[type->first];
		place = frame->base + (size_t)i * inner->size;
	} else {
		field = &layout->fields[type->first + i];
		if (field->type >= layout->n_types)
			return BODY_LAYOUT;
		inner = &layout->types[field->type];
		if (inner->size > type->size ||
		    field->offset > type->size - inner->size)
			return BODY_LAYOUT;
		place = frame->base + field->offset;
	}

	frame->next++;
	return visit(check, inner, place, frame->variable);
}

enum body_status body_check(const struct layout *layout, uint32_t type,
			    const uint8_t *fixed, uint32_t fixed_size,
			    const uint8_t *arena, uint32_t arena_size,
			    uint32_t arena_max, uint32_t n_handles)
{
	struct check check;
	enum body_status status;

	if (!layout || type >= layout->n_types ||
	    layout->types[type].kind != LAYOUT_STRUCT)
		return BODY_LAYOUT;
	if (fixed_size != layout->types[type].size)
		return BODY_FIXED_SIZE;
	if (arena_size > arena_max)
		return BODY_ARENA_SIZE;

	check.layout = layout;
	check.arena = arena;
	check.arena_size = arena_size;
	check.unvisited = arena_size;
	check.n_handles = n_handles;
	check.next_handle = 0;
	check.depth = 0;

	status = visit(&check, &layout->types[type], fixed, false);
	while (status == BODY_OK && check.depth > 0) {
		const struct frame *frame = &check.stack[check.depth - 1];

		if (frame->next == frame->end)
			check.depth--;
		else
			status = step(&check);
	}
	if (status == BODY_OK && check.next_handle != n_handles)
		return BODY_HANDLES;
	return status;
}

const char *body_status_text(enum body_status status)
{
	switch (status) {
	case BODY_UNCHECKED:
		return "the body was not checked";
	case BODY_OK:
		return "the body is well formed";
	case BODY_FIXED_SIZE:
		return "the size is not the method's: built from another version "
		       "of its IDL file";
	case BODY_ARENA_SIZE:
		return "the arena is larger than the method can use";
	case BODY_CHUNK_RANGE:
		return "a chunk reaches beyond the used arena";
	case BODY_CHUNK_ALIGN:
		return "a chunk is not aligned for its elements";
	case BODY_CHUNK_COUNT:
		return "a chunk does not hold whole elements, or too many";
	case BODY_OVERLAP:
		return "chunks overlap: more bytes are claimed than there are";
	case BODY_STRING:
		return "a string is not zero-terminated UTF-8";
	case BODY_TAG:
		return "a union's tag names no member";
	case BODY_HANDLES:
		return "the handles are not those that ride along, in order";
	case BODY_LAYOUT:
		return "the layout itself is unsound or too deep";
	case BODY_N:
		break;
	}
	return "no such outcome";
}
