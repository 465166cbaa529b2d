/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <string.h>
#include <time.h>

#include "../../kernel/abi/wire.h"
#include "../../kernel/security/body.h"
#include "support/body_model.h"
#include "support/guarded.h"
#include "support/suite.h"

/* ---- one body by hand ---- */

enum { U8, U32, U64, TEXT, BYTES, HANDLE, U32S, TEXTS, UNION, PAIR, METHOD,
       TWO, EMPTY, WORD_ARRAY, PAIRS, OF_PAIRS };

static const struct layout_field fields[] = {
	/* UNION */ { 4, U32, 0 }, { 4, TEXT, 0 },
	/* PAIR */ { 0, HANDLE, 0 }, { 16, U64, 0 },
	/* METHOD */
	{ 0, TEXT, 0 }, { 8, BYTES, 0 }, { 16, U32S, 0 }, { 24, TEXTS, 0 },
	{ 32, UNION, 0 }, { 44, U32, 0 }, { 48, PAIR, 0 }, { 72, HANDLE, 0 },
	/* TWO */ { 0, U32S, 0 }, { 8, U32S, 0 },
	/* OF_PAIRS */ { 0, PAIRS, 0 }, { 8, WORD_ARRAY, 0 },
};

static const struct layout_type types[] = {
	[U8] = { LAYOUT_SCALAR, SCALAR_UINT8, 1, 0, 1, 0, 0 },
	[U32] = { LAYOUT_SCALAR, SCALAR_UINT32, 4, 0, 4, 0, 0 },
	[U64] = { LAYOUT_SCALAR, SCALAR_UINT64, 8, 0, 8, 0, 0 },
	[TEXT] = { LAYOUT_STRING, 0, 4, 0, 8, 0, 8 },
	[BYTES] = { LAYOUT_BYTES, 0, 4, 0, 8, 0, 8 },
	[HANDLE] = { LAYOUT_HANDLE, 0, 8, 0, 16, 0, 0 },
	[U32S] = { LAYOUT_SEQUENCE, 0, 4, 0, 8, U32, 4 },
	[TEXTS] = { LAYOUT_SEQUENCE, 0, 4, 0, 8, TEXT, 3 },
	[UNION] = { LAYOUT_UNION, 0, 4, 0, 12, 0, 2 },
	[PAIR] = { LAYOUT_STRUCT, 0, 8, 0, 24, 2, 2 },
	[METHOD] = { LAYOUT_STRUCT, 0, 8, 0, 88, 4, 8 },
	[TWO] = { LAYOUT_STRUCT, 0, 8, 0, 16, 12, 2 },
	[EMPTY] = { LAYOUT_STRUCT, 0, 1, 0, 0, 0, 0 },
	[WORD_ARRAY] = { LAYOUT_ARRAY, 0, 4, 0, 16, U32, 4 },
	[PAIRS] = { LAYOUT_SEQUENCE, 0, 4, 0, 8, PAIR, 4 },
	[OF_PAIRS] = { LAYOUT_STRUCT, 0, 8, 0, 24, 14, 2 },
};

static const struct layout layout = {
	types, fields, sizeof(types) / sizeof(types[0]),
	sizeof(fields) / sizeof(fields[0]),
};

static _Alignas(8) uint8_t fixed[88];
static _Alignas(8) uint8_t arena[64];
static uint32_t arena_size, n_handles;

static void put(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

static void chunk(uint8_t *at, uint32_t offset, uint32_t size)
{
	put(at, offset);
	put(at + 4, size);
}

/* "abc", 3 bytes, {1, 2}, {"x"}, member 1 "y", handles 0 and 1. */
static void setup(void)
{
	memset(fixed, 0, sizeof(fixed));
	memset(arena, 0, sizeof(arena));
	chunk(fixed, 0, 4);
	memcpy(arena, "abc", 4);
	chunk(fixed + 8, 4, 3);
	chunk(fixed + 16, 8, 8);
	chunk(fixed + 24, 16, 8);
	chunk(arena + 16, 24, 2);
	memcpy(arena + 24, "x", 2);
	put(fixed + 32, 1);
	chunk(fixed + 36, 26, 2);
	memcpy(arena + 26, "y", 2);
	put(fixed + 48, 0);
	put(fixed + 72, 1);
	arena_size = 28;
	n_handles = 2;
}

static enum body_status check(void)
{
	return body_check(&layout, METHOD, fixed, sizeof(fixed), arena,
			  arena_size, 48, n_handles);
}

START_TEST(a_good_body_passes)
{
	ck_assert_int_eq(check(), BODY_OK);
}
END_TEST

/* X(name, what is changed, outcome) */
#define BODIES(X) \
X(chunk_that_ends_where_the_arena_does, chunk(fixed + 8, 27, 1), BODY_OK) \
X(chunk_one_byte_too_long, chunk(fixed + 8, 26, 3), BODY_CHUNK_RANGE) \
X(chunk_that_begins_beyond, chunk(fixed + 8, 29, 1), BODY_CHUNK_RANGE) \
X(chunk_that_overflows, chunk(fixed + 8, UINT32_MAX, 2), BODY_CHUNK_RANGE) \
X(chunk_of_all_bits, chunk(fixed + 8, UINT32_MAX, UINT32_MAX), \
  BODY_CHUNK_RANGE) \
X(chunk_of_a_huge_size, chunk(fixed + 8, 8, UINT32_MAX - 7), \
  BODY_CHUNK_RANGE) \
X(empty_chunk_at_any_offset, chunk(fixed + 8, UINT32_MAX, 0), BODY_OK) \
X(no_arena_but_a_chunk, arena_size = 0, BODY_CHUNK_RANGE) \
X(larger_arena_than_the_methods, arena_size = 49, BODY_ARENA_SIZE) \
X(as_large_an_arena_as_the_methods, arena_size = 48, BODY_OK) \
X(bytes_beyond_the_maximum, (chunk(fixed + 8, 4, 9), arena_size = 48), \
  BODY_CHUNK_COUNT) \
X(bytes_as_many_as_the_maximum, (chunk(fixed + 8, 4, 8), arena_size = 48), \
  BODY_OK) \
X(sequence_not_aligned, chunk(fixed + 16, 2, 8), BODY_CHUNK_ALIGN) \
X(sequence_not_aligned_by_one, chunk(fixed + 16, 9, 8), BODY_CHUNK_ALIGN) \
X(sequence_with_half_an_element, chunk(fixed + 16, 8, 6), BODY_CHUNK_COUNT) \
X(sequence_beyond_the_maximum, chunk(fixed + 16, 8, 20), BODY_CHUNK_COUNT) \
X(string_without_terminator, arena[3] = 'd', BODY_STRING) \
X(string_of_only_a_terminator, (chunk(fixed, 3, 1)), BODY_OK) \
X(string_with_a_zero_inside, arena[1] = 0, BODY_STRING) \
X(string_of_two_zeroes, (arena[0] = 0, arena[1] = 0, chunk(fixed, 0, 2)), \
  BODY_STRING) \
X(string_longer_than_the_maximum, \
  (memcpy(arena + 32, "123456789", 10), arena_size = 48, \
   chunk(fixed, 32, 10)), BODY_CHUNK_COUNT) \
X(string_as_long_as_the_maximum, \
  (memcpy(arena + 32, "12345678", 9), arena_size = 48, \
   chunk(fixed, 32, 9)), BODY_OK) \
X(string_in_a_sequence_without_terminator, arena[25] = 'x', BODY_STRING) \
X(string_in_a_sequence_beyond, chunk(arena + 16, 27, 2), BODY_CHUNK_RANGE) \
X(string_in_a_union_without_terminator, arena[27] = 'x', BODY_STRING) \
X(tag_one_too_high, put(fixed + 32, 2), BODY_TAG) \
X(tag_of_all_bits, put(fixed + 32, UINT32_MAX), BODY_TAG) \
X(other_member_of_the_union, \
  (put(fixed + 32, 0), chunk(fixed + 36, UINT32_MAX, UINT32_MAX)), BODY_OK) \
X(chunks_that_share_all_their_bytes, \
  (chunk(fixed + 8, 0, 8), chunk(fixed + 16, 8, 16)), BODY_OVERLAP) \
X(handles_out_of_order, (put(fixed + 48, 1), put(fixed + 72, 0)), \
  BODY_HANDLES) \
X(handle_twice, put(fixed + 72, 0), BODY_HANDLES) \
X(handle_left_out, put(fixed + 72, WIRE_NO_HANDLE), BODY_HANDLES) \
X(handle_left_out_as_said, (put(fixed + 72, WIRE_NO_HANDLE), n_handles = 1), \
  BODY_OK) \
X(first_handle_left_out, \
  (put(fixed + 48, WIRE_NO_HANDLE), put(fixed + 72, 0), n_handles = 1), \
  BODY_OK) \
X(second_number_after_one_left_out, \
  (put(fixed + 48, WIRE_NO_HANDLE), n_handles = 1), BODY_HANDLES) \
X(no_handles_as_said, \
  (put(fixed + 48, WIRE_NO_HANDLE), put(fixed + 72, WIRE_NO_HANDLE), \
   n_handles = 0), BODY_OK) \
X(handles_that_do_not_ride_along, n_handles = 0, BODY_HANDLES) \
X(one_handle_too_few, n_handles = 1, BODY_HANDLES) \
X(one_handle_too_many, n_handles = 3, BODY_HANDLES) \
X(handle_of_a_high_number, put(fixed + 48, 64), BODY_HANDLES)

#define CHANGE(name, change, outcome) \
	static void name(void) { (void)(change); }
BODIES(CHANGE)

static const struct {
	const char *name;
	void (*change)(void);
	enum body_status outcome;
} bodies[] = {
#define ROW(name, change, outcome) { #name, name, outcome },
	BODIES(ROW)
};

START_TEST(a_changed_body_is_judged)
{
	bodies[_i].change();
	ck_assert_msg(check() == bodies[_i].outcome, "%s: %s", bodies[_i].name,
		      body_status_text(check()));
}
END_TEST

START_TEST(another_fixed_size_is_another_version)
{
	for (uint32_t size = 0; size < 200; size++)
		if (size != sizeof(fixed))
			ck_assert_int_eq(body_check(&layout, METHOD, fixed,
						    size, arena, arena_size,
						    48, n_handles),
					 BODY_FIXED_SIZE);
	ck_assert_int_eq(body_check(&layout, EMPTY, fixed, 0, NULL, 0, 0, 0),
			 BODY_OK);
	ck_assert_int_eq(body_check(&layout, EMPTY, fixed, 8, NULL, 0, 0, 0),
			 BODY_FIXED_SIZE);
	ck_assert_int_eq(body_check(&layout, EMPTY, NULL, 0, NULL, 0, 0, 1),
			 BODY_HANDLES);
	ck_assert_int_eq(body_check(&layout, EMPTY, NULL, 0, arena, 1, 0, 0),
			 BODY_ARENA_SIZE);
}
END_TEST

/* ---- text ---- */

static const struct {
	const char *bytes;
	enum body_status outcome;
} texts[] = {
	{ "", BODY_OK }, { "a", BODY_OK }, { "\x7f", BODY_OK },
	{ "\xc2\x80", BODY_OK }, { "\xdf\xbf", BODY_OK },
	{ "\xe0\xa0\x80", BODY_OK }, { "\xed\x9f\xbf", BODY_OK },
	{ "\xee\x80\x80", BODY_OK }, { "\xef\xbf\xbf", BODY_OK },
	{ "\xf0\x90\x80\x80", BODY_OK }, { "\xf4\x8f\xbf\xbf", BODY_OK },
	{ "\x80", BODY_STRING }, { "\xbf", BODY_STRING },	/* no lead */
	{ "\xc0\x80", BODY_STRING }, { "\xc1\xbf", BODY_STRING }, /* overlong */
	{ "\xe0\x80\x80", BODY_STRING }, { "\xe0\x9f\xbf", BODY_STRING },
	{ "\xf0\x80\x80\x80", BODY_STRING },
	{ "\xf0\x8f\xbf\xbf", BODY_STRING },
	{ "\xed\xa0\x80", BODY_STRING },			/* surrogates */
	{ "\xed\xbf\xbf", BODY_STRING },
	{ "\xed\xa0\x80\xed\xb0\x80", BODY_STRING },
	{ "\xf4\x90\x80\x80", BODY_STRING },			/* too high */
	{ "\xf5\x80\x80\x80", BODY_STRING },
	{ "\xf8\x88\x80\x80\x80", BODY_STRING },
	{ "\xfc\x84\x80\x80\x80\x80", BODY_STRING },
	{ "\xfe", BODY_STRING }, { "\xff", BODY_STRING },
	{ "\xc2", BODY_STRING }, { "\xe0\xa0", BODY_STRING },	/* cut short */
	{ "\xf0\x90\x80", BODY_STRING }, { "\xf0\x90", BODY_STRING },
	{ "\xc2""a", BODY_STRING }, { "\xe1\x80""a", BODY_STRING },
	{ "\xe1""a\x80", BODY_STRING }, { "\xf1\x80\x80""a", BODY_STRING },
	{ "\xc2\x80\x80", BODY_STRING }, { "ab\xffz", BODY_STRING },
};

START_TEST(text_is_strict_utf8)
{
	uint32_t size = (uint32_t)strlen(texts[_i].bytes) + 1;

	memcpy(arena + 32, texts[_i].bytes, size);
	arena_size = 32 + size;
	chunk(fixed, 32, size);
	ck_assert_int_eq(check(), texts[_i].outcome);
}
END_TEST

/* ---- attacks ---- */

/*
 * Sequences of sequences whose descriptors all name the same bytes: 20 KiB that
 * would be visited billions of times.
 */
START_TEST(nested_aliases_are_refused_at_once)
{
	enum { ARENA = 20480, NESTED = LAYOUT_DEPTH_MAX - 1 };
	struct layout_type nested[NESTED + 2];
	struct layout_field field = { 0, NESTED, 0 };
	struct layout deep = { nested, &field, NESTED + 2, 1 };
	uint8_t *bytes = calloc(1, ARENA);
	_Alignas(8) uint8_t head[8];
	struct timespec from, to;
	double seconds;

	ck_assert_ptr_nonnull(bytes);
	nested[0] = types[U32];
	for (uint32_t i = 1; i <= NESTED; i++)
		nested[i] = (struct layout_type){ LAYOUT_SEQUENCE, 0, 4, 0, 8,
						  i - 1, ARENA };
	nested[NESTED + 1] = (struct layout_type){ LAYOUT_STRUCT, 0, 8, 0, 8,
						   0, 1 };
	for (uint32_t at = 0; at < ARENA; at += 8)
		chunk(bytes + at, 0, ARENA);
	chunk(head, 0, ARENA);
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(body_check(&deep, NESTED + 1, head, 8, bytes,
					    ARENA, ARENA, 0), BODY_OVERLAP);
	clock_gettime(CLOCK_MONOTONIC, &to);
	seconds = (double)(to.tv_sec - from.tv_sec) +
		  (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	ck_assert_msg(seconds < 1, "a thousand took %f s", seconds);

	/* And half of it twice, so that each by itself would fit. */
	for (uint32_t at = 0; at < ARENA; at += 8)
		chunk(bytes + at, ARENA / 2, ARENA / 2);
	ck_assert_int_eq(body_check(&deep, NESTED + 1, head, 8, bytes, ARENA,
				    ARENA, 0), BODY_OVERLAP);
	free(bytes);
}
END_TEST

START_TEST(two_chunks_on_the_same_bytes_are_refused)
{
	_Alignas(8) uint8_t head[16];

	chunk(head, 0, 16);
	chunk(head + 8, 0, 16);
	ck_assert_int_eq(body_check(&layout, TWO, head, 16, arena, 16, 64, 0),
			 BODY_OVERLAP);
	chunk(head + 8, 12, 4);
	ck_assert_int_eq(body_check(&layout, TWO, head, 16, arena, 16, 64, 0),
			 BODY_OVERLAP);
	chunk(head + 8, 16, 4);
	ck_assert_int_eq(body_check(&layout, TWO, head, 16, arena, 20, 64, 0),
			 BODY_OK);
}
END_TEST

/* A layout that no loader has proved: refused, never followed. */
START_TEST(an_unsound_layout_is_refused)
{
	struct guarded of_types, of_fields;	/* no step beyond the tables */
	struct layout_type *t;
	struct layout_field *f;
	struct layout bad = { NULL, NULL, 16, 16 };
	static const struct {
		uint32_t type, kind, size, first, count;
	} rows[] = {
		{ METHOD, LAYOUT_SCALAR, 88, 4, 8 },	/* no struct */
		{ METHOD, LAYOUT_STRUCT, 88, 4, 99 },	/* fields beyond */
		{ METHOD, LAYOUT_STRUCT, 88, UINT32_MAX, 8 },
		{ TEXT, LAYOUT_STRING, 4, 0, 8 },
		{ TEXT, LAYOUT_NONE, 8, 0, 8 },
		{ TEXT, LAYOUT_N_KINDS, 8, 0, 8 },
		{ U32S, LAYOUT_SEQUENCE, 8, 99, 4 },	/* of no type */
		{ U32S, LAYOUT_SEQUENCE, 8, EMPTY, 4 },	/* of nothing */
		{ UNION, LAYOUT_UNION, 2, 0, 2 },	/* no room for a tag */
		{ UNION, LAYOUT_UNION, 12, 15, 2 },
		{ PAIR, LAYOUT_STRUCT, 20, 2, 2 },	/* field outside */
		{ PAIR, LAYOUT_STRUCT, 8, 2, 1 },	/* larger than all */
		{ PAIR, LAYOUT_STRUCT, 24, METHOD, 0xfffffff0 },
		{ U64, LAYOUT_ARRAY, 8, U32, 3 },	/* larger than itself */
		{ U64, LAYOUT_ARRAY, 8, EMPTY, 1 },
		{ U64, LAYOUT_ARRAY, 8, 16, 1 },
		{ HANDLE, LAYOUT_HANDLE, 8, 0, 0 },
		{ U64, LAYOUT_STRUCT, 8, 15, 1 },	/* in itself */
		{ U64, LAYOUT_STRUCT, 8, 14, 1 },	/* field of no type */
	};

	guarded_init(&of_types, 16 * sizeof(*t));
	guarded_init(&of_fields, 16 * sizeof(*f));
	bad.types = t = (void *)guarded_last(&of_types, 16 * sizeof(*t));
	bad.fields = f = (void *)guarded_last(&of_fields, 16 * sizeof(*f));
	for (int i = 0; i < SUITE_LENGTH(rows); i++) {
		struct layout_type *type = &t[rows[i].type];

		memcpy(t, types, sizeof(types));
		memcpy(f, fields, sizeof(fields));
		f[14] = (struct layout_field){ 0, 16, 0 };
		f[15] = (struct layout_field){ 0, U64, 0 };
		type->kind = (uint8_t)rows[i].kind;
		type->size = rows[i].size;
		type->first = rows[i].first;
		type->count = rows[i].count;
		ck_assert_msg(body_check(&bad, METHOD, fixed, sizeof(fixed),
					 arena, arena_size, 48, n_handles) ==
			      BODY_LAYOUT, "row %d", i);
	}
	guarded_deinit(&of_types);
	guarded_deinit(&of_fields);
	ck_assert_int_eq(body_check(NULL, 0, fixed, 88, arena, 28, 48, 2),
			 BODY_LAYOUT);
	ck_assert_int_eq(body_check(&layout, 16, fixed, 88, arena, 28, 48, 2),
			 BODY_LAYOUT);
	ck_assert_int_eq(body_check(&layout, UINT32_MAX, fixed, 88, arena,
				    28, 48, 2), BODY_LAYOUT);
}
END_TEST

START_TEST(a_handle_in_a_sequence_is_unsound)
{
	_Alignas(8) uint8_t head[24] = { 0 };

	ck_assert_int_eq(body_check(&layout, OF_PAIRS, head, 24, arena, 28, 48,
				    0), BODY_OK);
	chunk(head, 0, 24);
	ck_assert_int_eq(body_check(&layout, OF_PAIRS, head, 24, arena, 28, 48,
				    1), BODY_LAYOUT);
}
END_TEST

START_TEST(a_union_without_room_for_its_tag_is_unsound)
{
	static const struct layout_field f[] = { { 0, 0, 0 }, { 0, 1, 0 } };
	static const struct layout_type t[] = {
		{ LAYOUT_SCALAR, SCALAR_UINT8, 1, 0, 1, 0, 0 },
		{ LAYOUT_UNION, 0, 1, 0, 2, 0, 1 },
		{ LAYOUT_STRUCT, 0, 1, 0, 2, 1, 1 },
	};
	static const struct layout bad = { t, f, 3, 2 };
	_Alignas(8) uint8_t head[8] = { 0 };

	ck_assert_int_eq(body_check(&bad, 2, head, 2, NULL, 0, 0, 0),
			 BODY_LAYOUT);
}
END_TEST

START_TEST(a_handle_in_a_union_is_unsound)
{
	static const struct layout_field f[] = { { 8, 0, 0 }, { 0, 1, 0 } };
	static const struct layout_type t[] = {
		{ LAYOUT_HANDLE, 0, 8, 0, 16, 0, 0 },
		{ LAYOUT_UNION, 0, 8, 0, 24, 0, 1 },
		{ LAYOUT_STRUCT, 0, 8, 0, 24, 1, 1 },
	};
	static const struct layout bad = { t, f, 3, 2 };
	_Alignas(8) uint8_t head[24] = { 0 };

	ck_assert_int_eq(body_check(&bad, 2, head, 24, NULL, 0, 0, 1),
			 BODY_LAYOUT);
}
END_TEST

START_TEST(every_outcome_has_its_sentence)
{
	for (int i = 0; i < BODY_N; i++)
		for (int k = 0; k < i; k++)
			ck_assert_str_ne(
				body_status_text((enum body_status)i),
				body_status_text((enum body_status)k));
	ck_assert_str_eq(body_status_text(BODY_N), "no such outcome");
}
END_TEST

/* ---- two opinions on 200 000 bodies ---- */

START_TEST(the_model_and_the_check_agree)
{
	enum { LAYOUTS = 10000, BODIES_EACH = 20, SEED = 7 };
	uint32_t seen[BODY_N] = { 0 };
	static struct model_layout model;
	static struct body body;
	struct guarded head, rest;
	uint64_t seed = SEED;

	guarded_init(&head, sizeof(body.fixed));
	guarded_init(&rest, sizeof(body.arena));
	for (int i = 0; i < LAYOUTS * BODIES_EACH; i++) {
		uint32_t arena_max = sizeof(body.arena);
		enum body_status want, got;
		uint8_t *at, *in;

		if (i % BODIES_EACH == 0)
			model_random_layout(&model, &seed);
		model_random_body(&model, &seed, &body);
		if (i % BODIES_EACH != 0)
			model_spoil_body(&model, &seed, &body);
		else
			ck_assert_int_eq(model_check(&model, &body, arena_max),
					 BODY_OK);
		if (suite_below(&seed, 50) == 0)
			arena_max = suite_below(&seed, 64);
		want = model_check(&model, &body, arena_max);
		at = guarded_last(&head, body.fixed_size);
		in = guarded_last(&rest, body.arena_size);
		memcpy(at, body.fixed, body.fixed_size);
		memcpy(in, body.arena, body.arena_size);
		got = body_check(&model.layout, model.method, at,
				 body.fixed_size, in, body.arena_size,
				 arena_max, body.n_handles);
		ck_assert_msg(got == want, "case %d: %s, but the model: %s", i,
			      body_status_text(got), body_status_text(want));
		seen[got]++;
	}
	/* The cases are worth something: each outcome came, and often. */
	for (int i = BODY_OK; i < BODY_N; i++)
		if (i != BODY_FIXED_SIZE && i != BODY_LAYOUT)
			ck_assert_msg(seen[i] > 200, "only %u times: %s",
				      seen[i],
				      body_status_text((enum body_status)i));
	guarded_deinit(&head);
	guarded_deinit(&rest);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("body");

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, a_good_body_passes);
	tcase_add_loop_test(tests, a_changed_body_is_judged, 0,
			    SUITE_LENGTH(bodies));
	tcase_add_test(tests, another_fixed_size_is_another_version);
	tcase_add_loop_test(tests, text_is_strict_utf8, 0, SUITE_LENGTH(texts));
	tcase_add_test(tests, nested_aliases_are_refused_at_once);
	tcase_add_test(tests, two_chunks_on_the_same_bytes_are_refused);
	tcase_add_test(tests, an_unsound_layout_is_refused);
	tcase_add_test(tests, a_handle_in_a_sequence_is_unsound);
	tcase_add_test(tests, a_union_without_room_for_its_tag_is_unsound);
	tcase_add_test(tests, a_handle_in_a_union_is_unsound);
	tcase_add_test(tests, every_outcome_has_its_sentence);
	tcase_add_test(tests, the_model_and_the_check_agree);
	return suite_run("kernel_body", tests);
}
