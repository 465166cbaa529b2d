/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The body check: against a second opinion on random layouts, and on layouts
 * that nobody has proved, which must end in BODY_LAYOUT and never in a wild read.
 *
 * Input: struct head, then (raw) the layout's tables, then fixed part and arena.
 */
#include <string.h>

#include "../unit/support/body_model.h"
#include "../unit/support/suite.h"
#include "support/fuzz.h"

struct head {
	uint8_t raw;			/* odd: the layout is input too */
	uint8_t n_handles;
	int8_t delta;			/* the fixed part is so much longer */
	uint8_t n_types, n_fields, type;	/* raw */
	uint16_t arena_max;		/* 0: all */
	uint32_t layout;		/* else: the number of a random layout */
};

/* An unproved layout may be slow, not wild: few fields, few bytes. */
enum { RAW_TYPES = 8, RAW_FIELDS = 4, RAW_FIXED = 256 };

static struct place head_place, rest_place;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	place_init(&head_place, sizeof(((struct body *)0)->fixed) + 256);
	place_init(&rest_place, sizeof(((struct body *)0)->arena));
	return 0;
}

static enum body_status check(const struct layout *layout, uint32_t type,
			      const struct body *body, uint32_t arena_max)
{
	const uint8_t *fixed = place_put(&head_place, body->fixed,
					 body->fixed_size);
	const uint8_t *arena = place_put(&rest_place, body->arena,
					 body->arena_size);
	enum body_status status;

	status = body_check(layout, type, fixed, body->fixed_size,
			    body->arena_size ? arena : NULL, body->arena_size,
			    arena_max, body->n_handles);
	FUZZ_CHECK(status > BODY_UNCHECKED && status < BODY_N);
	FUZZ_CHECK(body_status_text(status));
	return status;
}

static void read_body(struct input *input, struct body *body,
		      const struct head *h, uint32_t fixed_size)
{
	int64_t n = (int64_t)fixed_size + h->delta;

	memset(body, 0, sizeof(*body));
	body->n_handles = h->n_handles;
	body->fixed_size = n < 0 ? 0 : n > (int64_t)sizeof(body->fixed) ?
			   (uint32_t)sizeof(body->fixed) : (uint32_t)n;
	input_take(input, body->fixed, body->fixed_size);
	body->arena_size = input->size < sizeof(body->arena) ?
			   (uint32_t)input->size :
			   (uint32_t)sizeof(body->arena);
	input_take(input, body->arena, body->arena_size);
}

static void check_raw(struct input *input, const struct head *h,
		      uint32_t arena_max)
{
	struct layout_type types[RAW_TYPES];
	struct layout_field fields[RAW_FIELDS];
	struct layout layout = { .n_types = 1 + h->n_types % RAW_TYPES,
				 .n_fields = h->n_fields % (RAW_FIELDS + 1) };
	struct body body;
	uint32_t type = h->type % layout.n_types;

	input_take(input, types, layout.n_types * sizeof(types[0]));
	input_take(input, fields, layout.n_fields * sizeof(fields[0]));
	layout.types = types;
	layout.fields = fields;
	if (types[type].size > RAW_FIXED)
		return;
	read_body(input, &body, h, types[type].size);
	check(&layout, type, &body, arena_max);
}

static void check_model(struct input *input, const struct head *h,
			uint32_t arena_max)
{
	static struct model_layout model;
	uint64_t seed = h->layout;
	enum body_status got;
	struct body body;

	model_random_layout(&model, &seed);
	read_body(input, &body, h, model.types[model.method].size);
	got = check(&model.layout, model.method, &body, arena_max);
	FUZZ_CHECK(got == model_check(&model, &body, arena_max));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct head h;
	uint32_t arena_max;

	input_take(&input, &h, sizeof(h));
	arena_max = h.arena_max ? h.arena_max : UINT32_MAX;
	if (h.raw % 2)
		check_raw(&input, &h, arena_max);
	else
		check_model(&input, &h, arena_max);
	return 0;
}

/* A good body for the layout of DATA's head, now and then spoilt. */
static size_t make(uint8_t *data, size_t max_size, uint64_t *seed)
{
	static struct model_layout model;
	struct head h = { .layout = (uint32_t)suite_random(seed) };
	uint64_t layout = h.layout;
	struct body body;

	model_random_layout(&model, &layout);
	model_random_body(&model, seed, &body);
	if (suite_below(seed, 2))
		model_spoil_body(&model, seed, &body);
	h.n_handles = (uint8_t)body.n_handles;
	if (sizeof(h) + body.fixed_size + body.arena_size > max_size)
		return 0;
	memcpy(data, &h, sizeof(h));
	memcpy(data + sizeof(h), body.fixed, body.fixed_size);
	memcpy(data + sizeof(h) + body.fixed_size, body.arena,
	       body.arena_size);
	return sizeof(h) + body.fixed_size + body.arena_size;
}

/* Small tables that are nearly sound, and may lead through each other. */
static size_t make_raw(uint8_t *data, size_t max_size, uint64_t *seed)
{
	struct layout_type types[RAW_TYPES];
	struct layout_field fields[RAW_FIELDS];
	struct head h = { .raw = 1, .n_types = (uint8_t)suite_below(seed, 8),
			  .n_fields = RAW_FIELDS };
	uint32_t n_types = 1 + h.n_types, size = 16 + suite_below(seed, 5) * 8;
	size_t at = sizeof(h), n = n_types * sizeof(types[0]);

	if (at + n + sizeof(fields) + 2 * size > max_size)
		return 0;
	for (uint32_t i = 0; i < n_types; i++) {
		bool chunk;

		types[i] = (struct layout_type){
			.kind = (uint8_t)(i == 0 ? LAYOUT_STRUCT :
					  suite_below(seed, LAYOUT_N_KINDS)),
			.align = (uint8_t)(1u << suite_below(seed, 4)),
			.first = suite_below(seed, n_types + 1),
			.count = 1 + suite_below(seed, 3),
		};
		chunk = types[i].kind >= LAYOUT_BYTES &&
			types[i].kind <= LAYOUT_SEQUENCE;
		types[i].size = chunk ? 8 : types[i].kind == LAYOUT_HANDLE ?
				16 : suite_below(seed, 3) ? size :
				suite_below(seed, 3) * 8;
		if (types[i].kind == LAYOUT_STRUCT ||
		    types[i].kind == LAYOUT_UNION)
			types[i].first = suite_below(seed, RAW_FIELDS);
	}
	types[0].size = size;
	for (uint32_t i = 0; i < RAW_FIELDS; i++)
		fields[i] = (struct layout_field){
			.offset = suite_below(seed, 3) * 8,
			.type = suite_below(seed, n_types + 1),
		};
	memcpy(data, &h, sizeof(h));
	memcpy(data + at, types, n);
	memcpy(data + at + n, fields, sizeof(fields));
	at += n + sizeof(fields);
	for (uint32_t i = 0; i < 2 * size; i++)
		data[at + i] = i % 4 ? 0 : (uint8_t)suite_below(seed, 20);
	return at + 2 * size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int number)
{
	uint64_t seed = number;
	size_t n = sizeof(struct head), made;

	if (suite_below(&seed, 4) == 0 || size < n) {
		made = suite_below(&seed, 4) ? make(data, max_size, &seed) :
					       make_raw(data, max_size, &seed);
		if (made)
			return made;
	}
	if (size <= n || suite_below(&seed, 8) == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	/* The body alone: another head is another layout. */
	return n + LLVMFuzzerMutate(data + n, size - n, max_size - n);
}
