/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "body_model.h"

#include <stdbool.h>
#include <string.h>

#include "suite.h"

/* ---- the rules once more ---- */

struct walk {
	const struct model_layout *model;
	const struct body *body;
	uint64_t claimed;
	uint32_t handles;
};

static uint32_t u32_at(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

/* Decodes each character and asks whether it is written as it should be. */
static bool is_text(const uint8_t *at, uint32_t size)
{
	static const uint32_t least[] = { 0, 1, 0x80, 0x800, 0x10000 };

	for (uint32_t i = 0; i < size;) {
		uint32_t length, code;

		if (at[i] < 0x80)
			length = 1, code = at[i];
		else if (at[i] >> 5 == 6)
			length = 2, code = at[i] & 0x1f;
		else if (at[i] >> 4 == 14)
			length = 3, code = at[i] & 0x0f;
		else if (at[i] >> 3 == 30)
			length = 4, code = at[i] & 0x07;
		else
			return false;
		if (i + length > size)
			return false;
		for (uint32_t k = 1; k < length; k++) {
			if (at[i + k] >> 6 != 2)
				return false;
			code = code << 6 | (at[i + k] & 0x3f);
		}
		if (code < least[length] || code > 0x10ffff ||
		    (code >= 0xd800 && code < 0xe000))
			return false;
		i += length;
	}
	return true;
}

static enum body_status walk(struct walk *w, uint32_t index, const uint8_t *at);

static enum body_status walk_chunk(struct walk *w,
				   const struct layout_type *type,
				   const uint8_t *at)
{
	const struct layout_type *types = w->model->types;
	uint64_t offset = u32_at(at), size = u32_at(at + 4), count = type->count;
	uint32_t unit = 1, align = 1;
	const uint8_t *bytes;

	if (size == 0)
		return BODY_OK;
	if (type->kind == LAYOUT_SEQUENCE) {
		unit = types[type->first].size;
		align = types[type->first].align;
	}
	if (type->kind == LAYOUT_STRING)
		count++;
	if (offset + size > w->body->arena_size)
		return BODY_CHUNK_RANGE;
	if (offset % align)
		return BODY_CHUNK_ALIGN;
	if (size % unit || size / unit > count)
		return BODY_CHUNK_COUNT;
	w->claimed += size;
	if (w->claimed > w->body->arena_size)
		return BODY_OVERLAP;
	bytes = w->body->arena + offset;
	if (type->kind == LAYOUT_STRING &&
	    (bytes[size - 1] != 0 || !is_text(bytes, (uint32_t)size - 1)))
		return BODY_STRING;
	if (type->kind == LAYOUT_SEQUENCE)
		for (uint64_t i = 0; i < size / unit; i++) {
			enum body_status status =
				walk(w, type->first, bytes + i * unit);

			if (status != BODY_OK)
				return status;
		}
	return BODY_OK;
}

static enum body_status walk(struct walk *w, uint32_t index, const uint8_t *at)
{
	const struct layout_type *type = &w->model->types[index];
	const struct layout_field *fields = &w->model->fields[type->first];
	enum body_status status = BODY_OK;
	uint32_t tag;

	switch (type->kind) {
	case LAYOUT_HANDLE:
		if (u32_at(at) == UINT32_MAX)
			return BODY_OK;
		if (u32_at(at) != w->handles ||
		    w->handles == w->body->n_handles)
			return BODY_HANDLES;
		w->handles++;
		return BODY_OK;
	case LAYOUT_BYTES:
	case LAYOUT_STRING:
	case LAYOUT_SEQUENCE:
		return walk_chunk(w, type, at);
	case LAYOUT_ARRAY:
		for (uint32_t i = 0; i < type->count && status == BODY_OK; i++)
			status = walk(w, type->first,
				      at + i * w->model->types[type->first].size);
		return status;
	case LAYOUT_STRUCT:
		for (uint32_t i = 0; i < type->count && status == BODY_OK; i++)
			status = walk(w, fields[i].type, at + fields[i].offset);
		return status;
	case LAYOUT_UNION:
		tag = u32_at(at);
		if (tag >= type->count)
			return BODY_TAG;
		return walk(w, fields[tag].type, at + fields[tag].offset);
	}
	return BODY_OK;
}

enum body_status model_check(const struct model_layout *model,
			     const struct body *body, uint32_t arena_max)
{
	struct walk w = { .model = model, .body = body };
	enum body_status status;

	if (body->fixed_size != model->types[model->method].size)
		return BODY_FIXED_SIZE;
	if (body->arena_size > arena_max)
		return BODY_ARENA_SIZE;
	status = walk(&w, model->method, body->fixed);
	if (status == BODY_OK && w.handles != body->n_handles)
		return BODY_HANDLES;
	return status;
}

/* ---- random layouts: from the leaves up, types in order ---- */

struct known {
	uint32_t depth;
	bool handles;
};

static uint32_t add_type(struct model_layout *model, uint8_t kind,
			 uint32_t align, uint32_t size, uint32_t first,
			 uint32_t count)
{
	struct layout_type *type = &model->types[model->layout.n_types];

	memset(type, 0, sizeof(*type));
	type->kind = kind;
	type->align = (uint8_t)align;
	type->size = size;
	type->first = first;
	type->count = count;
	return model->layout.n_types++;
}

static uint32_t random_leaf(struct model_layout *model, uint64_t *seed,
			    struct known *known)
{
	static const uint8_t sizes[] = { 1, 2, 4, 8 };
	uint32_t which = suite_below(seed, 6), index;

	if (which < 2) {
		uint32_t scalar = suite_below(seed, 4);

		index = add_type(model, LAYOUT_SCALAR, sizes[scalar],
				 sizes[scalar], 0, 0);
		model->types[index].scalar = (uint8_t)(SCALAR_UINT8 + scalar);
	} else if (which == 2) {
		index = add_type(model, LAYOUT_HANDLE, 8, 16, 0, 0);
		known[index].handles = true;
	} else {
		index = add_type(model, which == 3 ? LAYOUT_BYTES :
				 LAYOUT_STRING, 4, 8, 0,
				 suite_below(seed, 24));
	}
	return index;
}

static void add_fields(struct model_layout *model, uint64_t *seed,
		       struct known *known, bool is_union, bool is_method)
{
	uint32_t first = model->layout.n_fields, align = is_method ? 8 : 1;
	uint32_t n_types = model->layout.n_types, index;
	uint32_t count = 1 + suite_below(seed, 4), at = is_union ? 4 : 0;
	uint32_t end = at, depth = 0;
	bool handles = false;

	if (is_union)
		align = 4;
	for (uint32_t i = 0; i < count; i++) {
		/* The types made last are the deep ones. */
		uint32_t type = n_types - 1 -
			suite_below(seed, n_types < 6 ? n_types : 6);
		const struct layout_type *inner = &model->types[type];
		struct layout_field *field;

		if (known[type].depth + 1 > LAYOUT_DEPTH_MAX ||
		    (is_union && known[type].handles))
			type = 0, inner = &model->types[0];
		field = &model->fields[model->layout.n_fields++];
		field->type = type;
		field->name = 0;
		field->offset = (at + inner->align - 1) / inner->align *
				inner->align;
		if (field->offset + inner->size > end)
			end = field->offset + inner->size;
		if (!is_union)
			at = end;
		if (inner->align > align)
			align = inner->align;
		if (known[type].depth > depth)
			depth = known[type].depth;
		handles |= known[type].handles;
	}
	index = add_type(model, is_union ? LAYOUT_UNION : LAYOUT_STRUCT, align,
			 (end + align - 1) / align * align, first, count);
	known[index].depth = depth + 1;
	known[index].handles = handles;
}

static void add_repeated(struct model_layout *model, uint64_t *seed,
			 struct known *known, uint8_t kind)
{
	uint32_t element = model->layout.n_types - 1 -
		suite_below(seed, model->layout.n_types < 4 ?
				  model->layout.n_types : 4);
	uint32_t count = 1 + suite_below(seed, 4), index;

	if (known[element].depth + 1 > LAYOUT_DEPTH_MAX ||
	    (kind == LAYOUT_SEQUENCE && known[element].handles) ||
	    (kind == LAYOUT_ARRAY && model->types[element].size > 100))
		element = 0;
	if (kind == LAYOUT_ARRAY)
		index = add_type(model, kind, model->types[element].align,
				 count * model->types[element].size, element,
				 count);
	else
		index = add_type(model, kind, 4, 8, element, count);
	known[index].depth = known[element].depth + 1;
	known[index].handles = known[element].handles;
}

void model_random_layout(struct model_layout *model, uint64_t *seed)
{
	struct known known[MODEL_TYPES_MAX];
	uint32_t steps = 1 + suite_below(seed, 14);

	memset(known, 0, sizeof(known));
	model->layout.types = model->types;
	model->layout.fields = model->fields;
	model->layout.n_types = 0;
	model->layout.n_fields = 0;
	add_type(model, LAYOUT_SCALAR, 4, 4, 0, 0);
	model->types[0].scalar = SCALAR_UINT32;
	for (uint32_t i = 0; i < steps; i++) {
		uint32_t last = model->layout.n_types - 1;

		switch (suite_below(seed, 6)) {
		case 0:
		case 1:
			random_leaf(model, seed, known);
			break;
		case 2:
			add_repeated(model, seed, known, LAYOUT_SEQUENCE);
			break;
		case 3:
			add_repeated(model, seed, known, LAYOUT_ARRAY);
			break;
		case 4:
			add_fields(model, seed, known, false, false);
			break;
		case 5:
			add_fields(model, seed, known, true, false);
			break;
		}
		/* Keep the whole within a struct body. */
		if (model->types[model->layout.n_types - 1].size > 200)
			model->layout.n_types = last + 1;
	}
	add_fields(model, seed, known, false, true);
	model->method = model->layout.n_types - 1;
}

/* ---- random bodies ---- */

static void put_u32(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

static void fill(const struct model_layout *model, uint64_t *seed,
		 struct body *body, uint32_t index, uint8_t *at);

static void fill_chunk(const struct model_layout *model, uint64_t *seed,
		       struct body *body, const struct layout_type *type,
		       uint8_t *at)
{
	static const char letters[] = "ab\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\xa8";
	uint32_t unit = 1, align = 1, count = suite_below(seed, type->count + 1);
	uint32_t offset, size;

	if (type->kind == LAYOUT_SEQUENCE) {
		unit = model->types[type->first].size;
		align = model->types[type->first].align;
	}
	offset = (body->arena_size + align - 1) / align * align;
	size = count * unit;
	if (type->kind == LAYOUT_STRING)
		size = count ? count + 1 : 0;
	if (size == 0 || offset + size > sizeof(body->arena)) {
		put_u32(at, (uint32_t)suite_random(seed));
		put_u32(at + 4, 0);
		return;
	}
	put_u32(at, offset);
	put_u32(at + 4, size);
	body->arena_size = offset + size;
	if (type->kind == LAYOUT_STRING) {
		for (uint32_t i = 0; i < count; i++)
			body->arena[offset + i] = 'x';
		if (count >= sizeof(letters) - 1)
			memcpy(body->arena + offset, letters,
			       sizeof(letters) - 1);
		body->arena[offset + count] = 0;
		return;
	}
	if (type->kind == LAYOUT_SEQUENCE)
		for (uint32_t i = 0; i < count; i++)
			fill(model, seed, body, type->first,
			     body->arena + offset + i * unit);
}

static void fill(const struct model_layout *model, uint64_t *seed,
		 struct body *body, uint32_t index, uint8_t *at)
{
	const struct layout_type *type = &model->types[index];
	const struct layout_field *fields = &model->fields[type->first];
	uint32_t tag;

	switch (type->kind) {
	case LAYOUT_HANDLE:
		put_u32(at, suite_below(seed, 4) ? body->n_handles++ :
			    UINT32_MAX);
		break;
	case LAYOUT_BYTES:
	case LAYOUT_STRING:
	case LAYOUT_SEQUENCE:
		fill_chunk(model, seed, body, type, at);
		break;
	case LAYOUT_ARRAY:
		for (uint32_t i = 0; i < type->count; i++)
			fill(model, seed, body, type->first,
			     at + i * model->types[type->first].size);
		break;
	case LAYOUT_STRUCT:
		for (uint32_t i = 0; i < type->count; i++)
			fill(model, seed, body, fields[i].type,
			     at + fields[i].offset);
		break;
	case LAYOUT_UNION:
		tag = suite_below(seed, type->count);
		put_u32(at, tag);
		fill(model, seed, body, fields[tag].type,
		     at + fields[tag].offset);
		break;
	}
}

void model_random_body(const struct model_layout *model, uint64_t *seed,
		       struct body *body)
{
	memset(body, 0, sizeof(*body));
	body->fixed_size = model->types[model->method].size;
	fill(model, seed, body, model->method, body->fixed);
}

void model_spoil_body(const struct model_layout *model, uint64_t *seed,
		      struct body *body)
{
	static const uint32_t words[] = {
		0, 1, 2, 3, 4, 7, 8, 12, 16, 24, 32, 40, 64, 0x7fffffff,
		0x80000000, 0xfffffff8, 0xffffffff,
	};
	uint32_t n = 1 + suite_below(seed, 3);

	(void)model;
	for (uint32_t i = 0; i < n; i++) {
		bool in_arena = body->arena_size >= 4 && suite_below(seed, 2);
		uint32_t size = in_arena ? body->arena_size : body->fixed_size;
		uint8_t *at = in_arena ? body->arena : body->fixed;

		if (size < 4)
			continue;
		switch (suite_below(seed, 6)) {
		case 0:
			at[suite_below(seed, size)] ^=
				(uint8_t)(1u << suite_below(seed, 8));
			break;
		case 1:
		case 2:
			put_u32(at + suite_below(seed, size / 4) * 4,
				words[suite_below(seed, SUITE_LENGTH(words))]);
			break;
		case 3:		/* one chunk in place of another */
			if (size >= 16)
				memcpy(at + suite_below(seed, size / 8) * 8,
				       at + suite_below(seed, size / 8) * 8, 8);
			break;
		case 4:
			body->arena_size = suite_below(seed,
						       body->arena_size + 9);
			break;
		case 5:
			body->n_handles = suite_below(seed, 4);
			break;
		}
	}
}
