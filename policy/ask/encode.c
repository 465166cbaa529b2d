/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A message's body from the values of a test, in the order of its layout: what
 * is left out is 0, "" or empty, a union's first member, no handle.
 */
#include <assert.h>
#include <string.h>

#include "../../kernel/abi/wire.h"
#include "../../kernel/security/body.h"
#include "../psl/node.h"
#include "ask.h"

struct region {
	uint8_t *bytes;
	size_t size, capacity;
};

/* Where a value goes: a region may move while it grows. */
struct place {
	bool in_arena;
	uint32_t offset;
};

struct encoder {
	struct ask_world *world;
	const struct image *image;
	struct region fixed, arena;
	uint32_t sids[WIRE_HANDLES_MAX];
	uint32_t n_handles;
};

static bool encode(struct encoder *encoder, uint32_t type, struct place to,
		   const struct expr *value);

static bool wrong(struct encoder *encoder, const struct expr *value,
		  const char *wanted)
{
	diag_error(encoder->world->diags, value->pos, "expected %s", wanted);
	return false;
}

/* Room for SIZE bytes, zeroed, where the region ends. */
static uint32_t put(struct region *region, size_t size, struct arena *arena)
{
	size_t before = region->size;
	size_t need = before + ((size + 7u) & ~(size_t)7);

	if (need > region->capacity || !region->bytes) {
		uint8_t *more;

		region->capacity = need * 2 + 8;
		more = arena_alloc(arena, region->capacity);
		if (region->size)
			memcpy(more, region->bytes, region->size);
		region->bytes = more;
	}
	region->size = need;
	return (uint32_t)before;
}

static uint8_t *at(const struct encoder *encoder, struct place place)
{
	return (place.in_arena ? encoder->arena : encoder->fixed).bytes +
	       place.offset;
}

static struct place further(struct place place, uint32_t offset)
{
	place.offset += offset;
	return place;
}

/* A chunk of SIZE bytes, described at TO, which becomes its place. */
static bool put_chunk(struct encoder *encoder, struct place *to, uint64_t size,
		      const struct expr *value)
{
	struct wire_chunk chunk = { .size = (uint32_t)size };

	if (encoder->arena.size + size > IMAGE_MESSAGE_MAX) {
		diag_error(encoder->world->diags, value->pos, "the message is "
			   "longer than %u bytes", IMAGE_MESSAGE_MAX);
		return false;
	}
	chunk.offset = put(&encoder->arena, size, encoder->world->arena);
	memcpy(at(encoder, *to), &chunk, sizeof(chunk));
	*to = (struct place){ true, chunk.offset };
	return true;
}

/* ---- values ---- */

/* A literal number, with its sign. */
static bool read_number(const struct expr *value, struct image_number *number)
{
	bool negative = value->kind == EXPR_UNARY && !strcmp(value->text, "-");

	if (negative)
		value = value->kids[0];
	number->magnitude = value->number;
	number->negative = negative && value->number != 0;
	return value->kind == EXPR_NUMBER;
}

static bool encode_scalar(struct encoder *encoder,
			  const struct layout_type *type, struct place to,
			  const struct expr *value)
{
	struct arena *arena = encoder->world->arena;
	struct image_number number;
	uint64_t bits;

	if (!read_number(value, &number))
		return wrong(encoder, value, arena_printf(arena, "a number, for "
			     "%s", scalar_name(type->scalar)));
	if (!number_fits(number, type->scalar)) {
		diag_error(encoder->world->diags, value->pos, "%s does not fit "
			   "%s", number_text(arena, number),
			   scalar_name(type->scalar));
		return false;
	}
	bits = number.negative ? -number.magnitude : number.magnitude;
	memcpy(at(encoder, to), &bits, type->size);	/* little-endian */
	return true;
}

/* "a.Class" or "v"; NULL if it is no name. */
static const char *name_of(struct arena *arena, const struct expr *value)
{
	if (value->kind != EXPR_NAME)
		return NULL;
	return value->object ? arena_printf(arena, "%s.%s", value->object,
					    value->text) : value->text;
}

static bool find_sid(struct encoder *encoder, const struct expr *value,
		     uint32_t *sid)
{
	const char *name = name_of(encoder->world->arena, value);
	const struct ask_process *process;
	struct image_number number;

	if (!name) {
		if (!read_number(value, &number) || number.negative ||
		    number.magnitude > UINT32_MAX)
			return wrong(encoder, value, "a variable, a class or a "
				     "SID, for a handle");
		*sid = (uint32_t)number.magnitude;
		return true;
	}
	process = ask_process(encoder->world, name, value->pos);
	*sid = process ? process->sid : 0;
	return process;
}

static bool encode_handle(struct encoder *encoder, struct place to,
			  const struct expr *value)
{
	struct wire_handle handle = { .handle = encoder->n_handles,
				      .rights = WIRE_RIGHT_CALL };
	uint32_t sid;

	if (!find_sid(encoder, value, &sid))
		return false;
	if (!sid)
		return true;
	if (encoder->n_handles == WIRE_HANDLES_MAX) {
		diag_error(encoder->world->diags, value->pos, "a message has at "
			   "most %u handles", WIRE_HANDLES_MAX);
		return false;
	}
	encoder->sids[encoder->n_handles++] = sid;
	memcpy(at(encoder, to), &handle, sizeof(handle));
	return true;
}

/* bytes may be written as a text or as a list of numbers */
static bool encode_byte_list(struct encoder *encoder,
			     const struct layout_type *type, struct place to,
			     const struct expr *value)
{
	if (value->n_kids > type->count) {
		diag_error(encoder->world->diags, value->pos, "%zu bytes do not "
			   "fit bytes<%u>", value->n_kids, type->count);
		return false;
	}
	if (value->n_kids && !put_chunk(encoder, &to, value->n_kids, value))
		return false;
	for (size_t i = 0; i < value->n_kids; i++) {
		struct image_number number;

		if (!read_number(value->kids[i], &number) ||
		    !number_fits(number, SCALAR_UINT8))
			return wrong(encoder, value->kids[i],
				     "a number from 0 to 255, for a byte");
		at(encoder, to)[i] = (uint8_t)number.magnitude;
	}
	return true;
}

static bool encode_text(struct encoder *encoder,
			const struct layout_type *type, struct place to,
			const struct expr *value)
{
	bool string = type->kind == LAYOUT_STRING;
	size_t size;

	if (!string && value->kind == EXPR_LIST)
		return encode_byte_list(encoder, type, to, value);
	if (value->kind != EXPR_TEXT)
		return wrong(encoder, value, string ? "a text, for a string" :
			     "a text or a list of numbers, for bytes");
	size = strlen(value->text);
	for (size_t i = 0, n; string && i < size; i += n) {
		n = source_character(value->text + i, size - i);
		if (!n)
			return wrong(encoder, value,
				     "UTF-8, as all strings are");
	}
	if (size > type->count) {
		diag_error(encoder->world->diags, value->pos, "a text of %zu "
			   "bytes does not fit %s<%u>", size,
			   string ? "string" : "bytes", type->count);
		return false;
	}
	if (!size)
		return true;
	if (!put_chunk(encoder, &to, size + string, value))
		return false;
	memcpy(at(encoder, to), value->text, size);
	return true;
}

/* Descriptors of handles that are not there. */
static void clear(struct encoder *encoder, uint32_t index, struct place to)
{
	const struct layout *layout = &encoder->image->layout;
	const struct layout_type *type = &layout->types[index];
	const struct layout_field *fields = &layout->fields[type->first];
	const uint32_t none = WIRE_NO_HANDLE;

	if (type->kind == LAYOUT_HANDLE)
		memcpy(at(encoder, to), &none, sizeof(none));
	for (uint32_t i = 0; type->kind == LAYOUT_STRUCT && i < type->count; i++)
		clear(encoder, fields[i].type, further(to, fields[i].offset));
	for (uint32_t i = 0; type->kind == LAYOUT_ARRAY && i < type->count; i++)
		clear(encoder, type->first,
		      further(to, i * layout->types[type->first].size));
}

static bool encode_list(struct encoder *encoder, const struct layout_type *type,
			struct place to, const struct expr *value)
{
	uint32_t size = encoder->image->layout.types[type->first].size;
	bool array = type->kind == LAYOUT_ARRAY;

	if (value->kind != EXPR_LIST)
		return wrong(encoder, value, array ? "a list in [ ], for an "
			     "array" : "a list in [ ], for a sequence");
	if (value->n_kids > type->count) {
		diag_error(encoder->world->diags, value->pos, "%zu elements are "
			   "more than the %u of the %s", value->n_kids,
			   type->count, array ? "array" : "sequence");
		return false;
	}
	if (!array && value->n_kids &&
	    !put_chunk(encoder, &to, (uint64_t)value->n_kids * size, value))
		return false;
	for (uint32_t i = 0; i < value->n_kids; i++)
		if (!encode(encoder, type->first, further(to, i * size),
			    value->kids[i]))
			return false;
	return true;
}

static const char *field_name(const struct encoder *encoder,
			      const struct layout_type *type, uint32_t i)
{
	return image_string(encoder->image, encoder->image->layout.fields[
			    type->first + i].name);
}

/* Every key is a field's name: else an error. */
static bool check_keys(struct encoder *encoder, const struct layout_type *type,
		       const struct expr *value, const char *what)
{
	struct arena *arena = encoder->world->arena;
	const char **names = arena_alloc(arena,
					 type->count * sizeof(*names) + 1);
	bool fine = true;

	for (uint32_t i = 0; i < type->count; i++)
		names[i] = field_name(encoder, type, i);
	for (size_t k = 0; k < value->n_keys; k++) {
		const char *near = diag_nearest(value->keys[k], names,
						type->count);
		uint32_t i = 0;

		while (i < type->count && strcmp(names[i], value->keys[k]))
			i++;
		if (i < type->count)
			continue;
		diag_error(encoder->world->diags, value->key_pos[k],
			   "there is no %s '%s'%s%s%s", what, value->keys[k],
			   near ? ", did you mean '" : "", near ? near : "",
			   near ? "'?" : "");
		fine = false;
	}
	return fine;
}

static bool encode_union(struct encoder *encoder,
			 const struct layout_type *type, struct place to,
			 const struct expr *value)
{
	if (value->n_keys > 1)
		return wrong(encoder, value, "one member, for a union");
	for (uint32_t i = 0; i < type->count; i++)
		if (value->n_keys &&
		    !strcmp(field_name(encoder, type, i), value->keys[0])) {
			const struct layout_field *field =
				&encoder->image->layout.fields[type->first + i];

			memcpy(at(encoder, to), &i, sizeof(i));
			return encode(encoder, field->type,
				      further(to, field->offset),
				      value->kids[0]);
		}
	return true;
}

/* In the order of the fields: handles are counted in it. */
static bool encode_struct(struct encoder *encoder,
			  const struct layout_type *type, struct place to,
			  const struct expr *value)
{
	for (uint32_t i = 0; i < type->count; i++) {
		const struct layout_field *field =
			&encoder->image->layout.fields[type->first + i];

		for (size_t k = 0; k < value->n_keys; k++)
			if (!strcmp(field_name(encoder, type, i),
				    value->keys[k]) &&
			    !encode(encoder, field->type,
				    further(to, field->offset),
				    value->kids[k]))
				return false;
	}
	return true;
}

static bool encode_fields(struct encoder *encoder,
			  const struct layout_type *type, struct place to,
			  const struct expr *value)
{
	bool is_union = type->kind == LAYOUT_UNION;

	if (value->kind != EXPR_DICTIONARY)
		return wrong(encoder, value, is_union ? "a dictionary in { }, "
			     "for a union" : "a dictionary in { }, for a struct");
	if (!check_keys(encoder, type, value, is_union ? "member" : "field"))
		return false;
	return is_union ? encode_union(encoder, type, to, value)
			: encode_struct(encoder, type, to, value);
}

static bool encode(struct encoder *encoder, uint32_t index, struct place to,
		   const struct expr *value)
{
	const struct layout_type *type = &encoder->image->layout.types[index];

	switch ((enum layout_kind)type->kind) {
	case LAYOUT_SCALAR:
		return encode_scalar(encoder, type, to, value);
	case LAYOUT_HANDLE:
		return encode_handle(encoder, to, value);
	case LAYOUT_BYTES:
	case LAYOUT_STRING:
		return encode_text(encoder, type, to, value);
	case LAYOUT_SEQUENCE:
	case LAYOUT_ARRAY:
		return encode_list(encoder, type, to, value);
	case LAYOUT_STRUCT:
	case LAYOUT_UNION:
		return encode_fields(encoder, type, to, value);
	case LAYOUT_NONE:
	case LAYOUT_N_KINDS:
		break;
	}
	assert(!"the loader has proved the kinds");
	return false;
}

/* ---- the message ---- */

static void fill(const struct encoder *encoder, uint32_t fixed_size,
		 struct event_message *message)
{
	struct arena *arena = encoder->world->arena;
	size_t size = encoder->n_handles * sizeof(uint32_t);
	uint32_t *sids = arena_alloc(arena, size + 1);

	memcpy(sids, encoder->sids, size);
	*message = (struct event_message){
		.fixed = encoder->fixed.bytes, .fixed_size = fixed_size,
		.arena = encoder->arena.bytes,
		.arena_size = (uint32_t)encoder->arena.size,
		.handle_sids = sids, .n_handles = encoder->n_handles,
	};
}

bool ask_encode(struct ask_world *world, const struct pal_case *event,
		struct ask *ask)
{
	static const char *const parts[] = { "in", "out", "error" };
	struct encoder encoder = { .world = world, .image = world->image };
	struct event_message *message = &ask->event.message;
	uint32_t index = ask->method->type[ask->part];
	const struct layout_type *type;
	enum body_status status;
	struct place place = { false, 0 };

	if (index == IMAGE_NONE) {
		diag_error(world->diags, event->pos, "method '%s' has no error "
			   "parameters, so there is no such event",
			   image_string(world->image, ask->method->name));
		return false;
	}
	type = &world->image->layout.types[index];
	put(&encoder.fixed, type->size, world->arena);
	clear(&encoder, index, place);
	if (event->parameters &&
	    (!check_keys(&encoder, type, event->parameters,
			 arena_printf(world->arena, "%s-parameter",
				      parts[ask->part])) ||
	     !encode_struct(&encoder, type, place, event->parameters)))
		return false;
	fill(&encoder, type->size, message);
	status = body_check(&world->image->layout, index, message->fixed,
			    message->fixed_size, message->arena,
			    message->arena_size,
			    ask->method->arena_max[ask->part],
			    message->n_handles);
	if (status == BODY_OK)
		return true;
	diag_error(world->diags, event->pos, "such a message is malformed: %s",
		   body_status_text(status));
	return false;
}
