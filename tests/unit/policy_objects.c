/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What objects remember: that a denial leaves the block as it was, that the end
 * of a process takes its places, and that an image with objects which somebody
 * changed on purpose is refused or bears any question.
 */
#include "support/objects.h"

/* ---- the state ---- */

START_TEST(the_block_is_bounded_and_begins_empty)
{
	size_t n = security_state_size(&image) / sizeof(uint64_t);

	ck_assert_uint_gt(n, 0);
	ck_assert_uint_le(n, IMAGE_STATE_MAX / sizeof(uint64_t));
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(state.words[i], 0);
}
END_TEST

START_TEST(a_denied_event_leaves_the_block_byte_by_byte)
{
	uint32_t n_denied = 0;

	ck_assert_int_eq(start(3), VERDICT_GRANT);
	ck_assert_int_eq(start(9), VERDICT_GRANT);
	for (uint32_t n = 0; n < 10; n++) {
		uint64_t *before = copy_of(&state);

		ck_assert_int_eq(request(3, n, 1), VERDICT_DENY);
		n_denied++;
		ck_assert_mem_eq(before, state.words,
				 security_state_size(&image));
		free(before);
	}
	/* The same rules change it when nothing denies. */
	for (uint32_t n = 0; n < 4; n++) {
		uint64_t *before = copy_of(&state);

		ck_assert_int_eq(request(3, n, 0), VERDICT_GRANT);
		ck_assert_mem_ne(before, state.words,
				 security_state_size(&image));
		free(before);
	}
	ck_assert_uint_eq(n_denied, 10);
}
END_TEST

START_TEST(a_denied_start_of_many_objects_takes_no_place)
{
	uint64_t *before;

	for (uint32_t sid = 3; sid < 6; sid++)	/* three sets */
		ck_assert_int_eq(start(sid), VERDICT_GRANT);
	before = copy_of(&state);
	ck_assert_int_eq(start(6), VERDICT_DENY);
	ck_assert_int_eq(trace_result(&trace, 0), TRACE_GRANTED);
	ck_assert_int_eq(trace_result(&trace, 1), TRACE_DENIED);
	ck_assert_int_eq(trace_result(&trace, 4), TRACE_GRANTED);
	ck_assert_int_eq(start(4), VERDICT_DENY);
	ck_assert_mem_eq(before, state.words, security_state_size(&image));
	free(before);
	decide_forget(&image, &state, 4);
	ck_assert_int_eq(start(6), VERDICT_GRANT);
}
END_TEST

START_TEST(who_is_forgotten_is_unknown_to_every_object)
{
	ck_assert_int_eq(start(3), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 0, 0), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 8, 0), VERDICT_GRANT);
	decide_forget(&image, &state, 3);
	for (uint32_t n = 0; n < 8; n++)
		ck_assert_int_eq(request(3, n, 0), VERDICT_DENY);
	/* Nobody was there: nothing changes. */
	decide_forget(&image, &state, 3);
	decide_forget(&image, &state, 77);
	ck_assert_int_eq(start(3), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 0, 0), VERDICT_GRANT);
}
END_TEST

START_TEST(places_come_back_however_often)
{
	for (uint32_t sid = 3; sid < 2000; sid++) {
		ck_assert_int_eq(start(sid), VERDICT_GRANT);
		ck_assert_int_eq(request(sid, sid % 4, 0), VERDICT_GRANT);
		if (sid % 3)
			decide_forget(&image, &state, sid);
		else if (sid > 6)
			decide_forget(&image, &state, sid - 3);
	}
}
END_TEST

START_TEST(a_copy_of_the_block_brings_the_state_back)
{
	uint64_t *before;

	ck_assert_int_eq(start(3), VERDICT_GRANT);
	before = copy_of(&state);
	ck_assert_int_eq(request(3, 0, 0), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 0, 0), VERDICT_DENY);
	memcpy(state.words, before, security_state_size(&image));
	free(before);
	ck_assert_int_eq(request(3, 0, 0), VERDICT_GRANT);
}
END_TEST

START_TEST(without_a_state_every_rule_about_an_object_denies)
{
	struct event event = start_of(&image, 3);

	ck_assert_int_eq(decide(&image, NULL, &event, &trace), VERDICT_DENY);
	for (uint32_t i = 0; i < trace.n_calls; i++)
		ck_assert_int_eq(trace_result(&trace, i), TRACE_FAULTED);
	decide_forget(&image, NULL, 3);
}
END_TEST

START_TEST(rules_of_the_cases_that_were_not_chosen_are_not_called)
{
	uint32_t n_called = 0;

	ck_assert_int_eq(start(3), VERDICT_GRANT);
	ck_assert_int_eq(request(3, 0, 0), VERDICT_GRANT);
	for (uint32_t i = 0; i < trace.n_calls; i++)
		n_called += trace_result(&trace, i) != TRACE_SKIPPED;
	ck_assert_uint_eq(n_called, 2);
	/* No case fits: the choice itself denies, and calls nothing else. */
	ck_assert_int_eq(request(3, 99, 0), VERDICT_DENY);
	n_called = 0;
	for (uint32_t i = 0; i < trace.n_calls; i++)
		n_called += trace_result(&trace, i) != TRACE_SKIPPED;
	ck_assert_uint_eq(n_called, 2);
}
END_TEST

/* ---- images that somebody changed ---- */

static struct security_state changed;	/* of the image that is tried */
static uint32_t n_loaded, n_granted;

static void ask_all(const struct image *of, struct security_state *to)
{
	for (uint32_t sid = 3; sid < 6; sid++) {
		struct event event = start_of(of, sid);

		if (event.dst_class == IMAGE_NONE)
			return;
		n_granted += decide(of, to, &event, &trace);
		for (uint32_t n = 0; n < 9; n++) {
			event = request_of(of, sid, n, n == 4);
			n_granted += decide(of, to, &event, &trace);
		}
	}
	decide_forget(of, to, 4);
}

/* Whatever the bytes say now: with a digest that fits. */
static void try_file(bool fresh)
{
	struct image_fault fault;
	struct image of;
	size_t n;

	digest();
	if (!image_load(&of, file, size, &fault)) {
		ck_assert_ptr_nonnull(fault.what);
		return;
	}
	n_loaded++;
	n = security_state_size(&of);
	ck_assert_uint_le(n, IMAGE_STATE_MAX);
	/* One that is larger has a larger pool, and nothing else. */
	if (n > security_state_size(&image) + 4096)
		return;
	if (fresh)
		security_state_init(&of, &changed, changed.words);
	ask_all(&of, &changed);
	ck_assert_uint_eq(changed.words[of.n_state_words - 2 * of.n_journal],
			  0);
}

/* The bits of one section. FRESH: the state may be laid out otherwise. */
static void flip_section(enum image_section_id id, bool fresh)
{
	const struct image_section *section = &image.header->sections[id];
	size_t n = (size_t)section->count * image_element_size[id];
	size_t first = section->offset;

	n_loaded = n_granted = 0;
	changed.words = calloc(1, security_state_size(&image) + 4096);
	ck_assert_ptr_nonnull(changed.words);
	for (size_t i = first * 8; i < (first + n) * 8; i++) {
		file[i / 8] ^= (uint8_t)(1u << i % 8);
		try_file(fresh);
		file[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	free(changed.words);
}

START_TEST(every_bit_of_the_objects_flipped)
{
	flip_section(SECTION_OBJECTS, true);
	ck_assert_uint_gt(n_loaded, 10);
	flip_section(SECTION_OBJECT_WORDS, false);
	ck_assert_uint_gt(n_loaded, 10);
	ck_assert_uint_gt(n_granted, 10);
}
END_TEST

START_TEST(every_bit_of_the_programs_flipped)
{
	flip_section(SECTION_CODE, false);
	ck_assert_uint_gt(n_loaded, 100);
	ck_assert_uint_gt(n_granted, 100);
}
END_TEST

START_TEST(every_bit_of_everything_without_a_digest_is_refused)
{
	struct image_fault fault;
	struct image of;

	for (size_t i = 0; i < size; i++) {
		file[i] ^= (uint8_t)(1u << i % 8);
		ck_assert_int_eq(image_load(&of, file, size, &fault), 0);
		file[i] ^= (uint8_t)(1u << i % 8);
	}
}
END_TEST

/* One word of one object, and what the loader says. */
static void refuse(size_t at, uint32_t value)
{
	struct image_object *objects = (struct image_object *)
		(file + image.header->sections[SECTION_OBJECTS].offset);
	uint32_t *word = (uint32_t *)((uint8_t *)objects + at), old = *word;
	struct image_fault fault;
	struct image of;

	*word = value;
	digest();
	ck_assert_msg(!image_load(&of, file, size, &fault), "at %zu", at);
	ck_assert_uint_eq(fault.section, SECTION_OBJECTS);
	*word = old;
	digest();
	ck_assert(image_load(&of, file, size, &fault));
}

START_TEST(objects_that_lie_are_refused)
{
	refuse(offsetof(struct image_object, name), 0);
	refuse(offsetof(struct image_object, name), UINT32_MAX);
	refuse(offsetof(struct image_object, model), MODEL_NONE);
	refuse(offsetof(struct image_object, model), MODEL_N);
	refuse(offsetof(struct image_object, model), MODEL_SET);
	refuse(offsetof(struct image_object, pool_size), 0);
	refuse(offsetof(struct image_object, pool_size), 5);
	refuse(offsetof(struct image_object, pool_size), OBJECT_POOL_MAX + 1);
	refuse(offsetof(struct image_object, n_buckets), 0);
	refuse(offsetof(struct image_object, n_buckets), 3);
	refuse(offsetof(struct image_object, n_buckets), 8);
	refuse(offsetof(struct image_object, n_items), 0);
	refuse(offsetof(struct image_object, n_items), UINT32_MAX);
	refuse(offsetof(struct image_object, n_more), 2);
	refuse(offsetof(struct image_object, words), 1);
	refuse(offsetof(struct image_object, n_words), 5);
	refuse(offsetof(struct image_object, place_words), 2);
	refuse(offsetof(struct image_object, state), 1);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("objects");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, the_block_is_bounded_and_begins_empty);
	tcase_add_test(tests, a_denied_event_leaves_the_block_byte_by_byte);
	tcase_add_test(tests, a_denied_start_of_many_objects_takes_no_place);
	tcase_add_test(tests, who_is_forgotten_is_unknown_to_every_object);
	tcase_add_test(tests, places_come_back_however_often);
	tcase_add_test(tests, a_copy_of_the_block_brings_the_state_back);
	tcase_add_test(tests, without_a_state_every_rule_about_an_object_denies);
	tcase_add_test(tests,
		       rules_of_the_cases_that_were_not_chosen_are_not_called);
	tcase_add_test(tests, every_bit_of_the_objects_flipped);
	tcase_add_test(tests, every_bit_of_the_programs_flipped);
	tcase_add_test(tests,
		       every_bit_of_everything_without_a_digest_is_refused);
	tcase_add_test(tests, objects_that_lie_are_refused);
	return suite_run("policy_objects", tests);
}
