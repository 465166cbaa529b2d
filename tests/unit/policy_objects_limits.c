/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What objects cannot hold: numbers, texts, levels, and changes of one event. */
#include "support/objects.h"

#define LEVEL(degree, categories) \
	((uint64_t)(degree) << OBJECT_DEGREE_SHIFT | (categories))

/* The image as the file is now. */
static void load_again(void)
{
	struct image_fault fault;

	digest();
	ck_assert_msg(image_load(&image, file, size, &fault), "%s", fault.what);
}

static enum trace_result last_result(void)
{
	return trace_result(&trace, trace.n_calls - 1);
}

static struct image_insn *find_insn(uint8_t op)
{
	struct image_insn *insn = (struct image_insn *)
		(file + image.header->sections[SECTION_CODE].offset);

	while (insn->op != op)
		insn++;
	return insn;
}

static struct image_number *find_number(uint64_t magnitude)
{
	struct image_number *number = (struct image_number *)
		(file + image.header->sections[SECTION_NUMBERS].offset);

	while (number->magnitude != magnitude)
		number++;
	return number;
}

START_TEST(a_level_that_the_object_does_not_have_cannot_be_computed)
{
	static const struct { uint64_t level; enum trace_result result; } tries[] = {
		{ LEVEL(1, 0), TRACE_GRANTED }, { LEVEL(1, 1), TRACE_GRANTED },
		{ LEVEL(2, 0), TRACE_FAULTED }, { LEVEL(1, 2), TRACE_FAULTED },
		{ LEVEL(1, 3), TRACE_FAULTED }, { UINT64_MAX, TRACE_FAULTED },
	};
	struct image_number *high = find_number(LEVEL(1, 0));

	for (int i = 0; i < SUITE_LENGTH(tries); i++) {
		bool fits = tries[i].result == TRACE_GRANTED;

		high->magnitude = tries[i].level;
		load_again();
		ck_assert_int_eq(start(3), fits ? VERDICT_GRANT : VERDICT_DENY);
		ck_assert_int_eq((int)last_result(), (int)tries[i].result);
		decide_forget(&image, &state, 3);
	}
}
END_TEST

START_TEST(a_number_that_no_process_has_cannot_be_computed)
{
	static const struct { struct image_number sid; bool fits; } tries[] = {
		{ { UINT32_MAX, 0 }, true }, { { 0, 0 }, false },
		{ { 3, 1 }, false }, { { (UINT64_C(1) << 32) + 3, 0 }, false },
	};
	struct image_insn *sid = find_insn(OP_INIT) - 1;
	struct image_number *number = find_number(1);

	ck_assert_uint_eq(sid->op, OP_SID);
	*sid = (struct image_insn){ .op = OP_NUMBER, .arg = (uint32_t)
		(number - find_number(image.numbers[0].magnitude)) };
	for (int i = 0; i < SUITE_LENGTH(tries); i++) {
		*number = tries[i].sid;
		load_again();
		ck_assert_int_eq(start(3), tries[i].fits ? VERDICT_GRANT
							 : VERDICT_DENY);
		ck_assert_int_eq((int)trace_result(&trace, 0), tries[i].fits ?
				 TRACE_GRANTED : TRACE_FAULTED);
		decide_forget(&image, &state, 3);
	}
}
END_TEST

START_TEST(a_text_of_120_bytes_is_the_longest_that_is_remembered)
{
	static uint8_t text[OBJECT_TEXT_MAX + 3];

	memset(text, 'x', sizeof(text) - 1);
	ck_assert_int_eq(start(3), VERDICT_GRANT);
	for (uint32_t n = OBJECT_TEXT_MAX - 1; n <= OBJECT_TEXT_MAX + 1; n++) {
		struct event event = request_of(&image, 3, 1, 0);

		message.s.size = n + 1;		/* and its terminator */
		event.message.arena = text;
		event.message.arena_size = sizeof(text);
		ck_assert_int_eq(decide(&image, &state, &event, &trace),
				 n <= OBJECT_TEXT_MAX ? VERDICT_GRANT
						      : VERDICT_DENY);
	}
}
END_TEST

/* The compiler makes no such program; the loader does not look at numbers. */
START_TEST(a_number_that_an_entry_cannot_hold_cannot_be_computed)
{
	struct image_insn *load = find_insn(OP_REMOVE_ENTRY);

	/* The add before it, of message.last. */
	while (load->op != OP_ADD_ENTRY)
		load--;
	while (load->op != OP_LOAD)
		load--;
	ck_assert_uint_eq(load->type, SCALAR_UINT32);
	ck_assert_int_eq(start(3), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 2, UINT32_MAX), VERDICT_GRANT);
	load->type = SCALAR_SINT32;
	load_again();
	ck_assert_int_eq(request(3, 2, INT32_MAX), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 2, UINT32_MAX), VERDICT_DENY);
}
END_TEST

START_TEST(a_sum_that_a_signed_value_cannot_hold_cannot_be_computed)
{
	struct image_number *x = find_number(1), *y = find_number(2);
	struct image_insn *range = find_insn(OP_SET_KEY);

	while (range->op != OP_RANGE)
		range--;
	ck_assert_uint_eq(range->type, SCALAR_SINT16);
	range->type = SCALAR_UINT64;
	*x = (struct image_number){ .magnitude = INT64_MAX };
	*y = (struct image_number){ .magnitude = 0 };
	load_again();
	ck_assert_int_eq(start(3), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 3, 0), VERDICT_GRANT);
	y->magnitude = 1;
	load_again();
	ck_assert_int_eq(start(4), VERDICT_GRANT);
	ck_assert_int_eq(request(4, 3, 0), VERDICT_DENY);
}
END_TEST

/* ---- the journal ---- */

enum { MAPS = 7, CHANGES_OF_INIT = 3 };	/* and of what is in it */

/* A map of N keys, none of them 0. */
static void write_map(FILE *to, int index, uint32_t n)
{
	fprintf(to, "policy object map%d : StaticMap { type Value = UInt32\n"
		"config = { pool_size: 1, keys: {", index);
	for (uint32_t i = 0; i < n; i++)
		fprintf(to, "\"k%u\": 1,\n", i);
	fputs("} } }\n", to);
}

/* A start of t.C makes STATE_JOURNAL_MAX changes, one of t.S one more. */
static void compile_large(void)
{
	const uint32_t map = CHANGES_OF_INIT + 2 * OBJECT_KEYS_MAX, set = 4;
	const uint32_t left = STATE_JOURNAL_MAX - MAPS * map - set;
	char *text;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	ck_assert_ptr_nonnull(to);
	fputs("use nk.base._ use nk.basic._ use nk.staticmap._\n"
	      "use nk.hashmap._ use EDL t.C use EDL t.S\n"
	      "policy object set : HashSet { type Entry = UInt32\n"
	      "config = { set_size: 1, pool_size: 1 } }\n", to);
	for (int i = 0; i < MAPS; i++)
		write_map(to, i, OBJECT_KEYS_MAX);
	write_map(to, MAPS, (left - CHANGES_OF_INIT) / 2);
	fputs("execute { set.init {sid: dst_sid}\n", to);
	for (int i = 0; i <= MAPS; i++)
		fprintf(to, "map%d.init {sid: dst_sid}\n", i);
	fputs("match dst=t.S { set.add {sid: dst_sid, entry: 0} } }\n", to);
	ck_assert_int_eq(fclose(to), 0);
	write_file("policy.psl", text);
	free(text);
	free(file);
	file = malloc(1 << 20);
	ck_assert_ptr_nonnull(file);
	text = (char *)compile();
	ck_assert_uint_le(size, 1 << 20);
	memcpy(file, text, size);
}

START_TEST(an_event_that_changes_more_than_16384_words_cannot_be_computed)
{
	struct event event;
	uint64_t *before;

	compile_large();
	load_again();
	free(state.words);
	security_state_init(&image, &state,
			    malloc(security_state_size(&image)));
	ck_assert_uint_eq(image.n_journal, STATE_JOURNAL_MAX);
	before = copy_of(&state);
	event = start_of(&image, 3);
	event.dst_class = image_find_class(&image, "t.S");
	ck_assert_int_eq(decide(&image, &state, &event, &trace), VERDICT_DENY);
	ck_assert_int_eq((int)last_result(), TRACE_FAULTED);
	ck_assert_mem_eq(before, state.words, security_state_size(&image));
	ck_assert_int_eq(start(3), VERDICT_GRANT);
	ck_assert_mem_ne(before, state.words, security_state_size(&image));
	free(before);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("objects_limits");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests,
		       a_level_that_the_object_does_not_have_cannot_be_computed);
	tcase_add_test(tests,
		       a_number_that_no_process_has_cannot_be_computed);
	tcase_add_test(tests,
		       a_text_of_120_bytes_is_the_longest_that_is_remembered);
	tcase_add_test(tests,
		       a_number_that_an_entry_cannot_hold_cannot_be_computed);
	tcase_add_test(tests,
		       a_sum_that_a_signed_value_cannot_hold_cannot_be_computed);
	tcase_add_test(tests,
		       an_event_that_changes_more_than_16384_words_cannot_be_computed);
	return suite_run("policy_objects_limits", tests);
}
