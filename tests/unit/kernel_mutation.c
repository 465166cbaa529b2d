/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Images that somebody made on purpose: changed, and with a digest that fits.
 * Each is refused or loads; one that loads must bear any question, since what
 * reads an image does not check it again. Under the guard page here, under the
 * sanitizers in `make SANITIZE=address,undefined check`.
 */
#include <string.h>

#include "../../kernel/audit/audit.h"
#include "../../kernel/security/body.h"
#include "../../kernel/security/decide.h"
#include "support/guarded.h"
#include "support/image_maker.h"
#include "support/suite.h"

enum { ARENA_MAX = 64, QUESTIONS = 40 };

static struct maker maker;
static uint8_t *file;
static size_t size;
static struct guarded head, rest;
static uint32_t n_loaded, n_granted, n_wanted;

static void setup(void)
{
	maker_sample(&maker);
	maker_audit(&maker);
	file = maker_file(&maker, &size);
	guarded_init(&head, 4096);
	guarded_init(&rest, ARENA_MAX);
	n_loaded = n_granted = n_wanted = 0;
}

static void teardown(void)
{
	guarded_deinit(&head);
	guarded_deinit(&rest);
	maker_free_file(file, size);
	maker_deinit(&maker);
}

static void fill(uint8_t *at, uint32_t n, uint64_t *seed)
{
	for (uint32_t i = 0; i < n; i++)
		at[i] = suite_below(seed, 3) ? (uint8_t)suite_below(seed, 20) :
			(uint8_t)suite_random(seed);
}

static void ask(const struct image *image, uint64_t *seed)
{
	static const uint32_t sids[] = { 9, 0, 3, 7 };
	static struct audit audit;
	static struct trace trace;
	enum verdict verdict;
	struct security_state state = { 0 };
	uint32_t n_fixed = suite_below(seed, 8) ? SAMPLE_FIXED :
			   suite_below(seed, SAMPLE_FIXED + 1);
	uint32_t n_arena = suite_below(seed, ARENA_MAX + 1);
	struct event event = {
		.kind = (enum event_kind)suite_below(seed, EVENT_N + 1),
		.src_class = suite_below(seed, 5),
		.dst_class = suite_below(seed, 5),
		.slot = suite_below(seed, 7),
		.src_sid = suite_below(seed, 9),
		.dst_sid = suite_below(seed, 9),
		.message = { guarded_last(&head, n_fixed),
			     guarded_last(&rest, n_arena), n_fixed, n_arena,
			     sids, 4 },
	};

	if (suite_below(seed, 2)) {	/* one that the sample has rules for */
		event.kind = EVENT_REQUEST;
		event.src_class = SAMPLE_CLIENT;
		event.dst_class = SAMPLE_SERVER;
	}
	fill(guarded_last(&head, n_fixed), n_fixed, seed);
	fill(guarded_last(&rest, n_arena), n_arena, seed);
	verdict = decide(image, &state, &event, &trace);
	n_granted += verdict;
	ck_assert_uint_le(trace.n_calls, IMAGE_CALLS_MAX);
	audit_init(&audit, image, NULL, false);
	audit_set_level(&audit, suite_below(seed, 8));
	n_wanted += audit_wants(&audit, verdict, &trace);
}

/* Every message that a method of the image can carry, with random bytes. */
static void check_bodies(const struct image *image, uint64_t *seed)
{
	for (uint32_t i = 0; i < image->n_methods; i++)
		for (int part = 0; part < 3; part++) {
			uint32_t type = image->methods[i].type[part];
			uint32_t n_arena = suite_below(seed, ARENA_MAX + 1);
			uint32_t n_fixed;
			enum body_status status;

			if (type == IMAGE_NONE)
				continue;
			n_fixed = image->layout.types[type].size;
			if (n_fixed > 4096)
				continue;
			fill(guarded_last(&head, n_fixed), n_fixed, seed);
			fill(guarded_last(&rest, n_arena), n_arena, seed);
			status = body_check(&image->layout, type,
					    guarded_last(&head, n_fixed),
					    n_fixed,
					    guarded_last(&rest, n_arena),
					    n_arena,
					    image->methods[i].arena_max[part],
					    suite_below(seed, 3));
			/* The loader has proved the layout. */
			ck_assert_int_ne(status, BODY_LAYOUT);
			ck_assert_int_ne(status, BODY_FIXED_SIZE);
		}
}

static void look_up(const struct image *image, uint64_t *seed)
{
	uint32_t class = suite_below(seed, 6), number = suite_below(seed, 9);
	const struct image_endpoint *endpoint;

	endpoint = image_endpoint(image, class, number);
	if (endpoint)
		image_method(image, endpoint, number);
	endpoint = image_slot_endpoint(image, class, number);
	if (endpoint)
		ck_assert_ptr_nonnull(image_method(image, endpoint,
						   number - endpoint->slot));
	image_find_endpoint(image, class, "other");
	image_find_class(image, "app.Client");
	image_find_task(image, "app.Client");
}

/* Whatever the bytes say now: with a digest that fits. */
static void try_file(uint64_t *seed)
{
	struct image_fault fault;
	struct image image;

	maker_digest(file, size);
	if (!image_load(&image, file, size, &fault)) {
		ck_assert_ptr_nonnull(fault.what);
		return;
	}
	n_loaded++;
	for (int i = 0; i < QUESTIONS; i++)
		ask(&image, seed);
	check_bodies(&image, seed);
	look_up(&image, seed);
}

START_TEST(every_bit_flipped_with_a_digest_that_fits)
{
	uint64_t seed = 1;

	for (size_t i = 0; i < size * 8; i++) {
		if (i / 8 >= offsetof(struct image_header, sha256) &&
		    i / 8 < offsetof(struct image_header, sections))
			continue;
		file[i / 8] ^= (uint8_t)(1u << i % 8);
		try_file(&seed);
		file[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	/* The test means something: many load, many questions are granted. */
	ck_assert_uint_gt(n_loaded, 1000);
	ck_assert_uint_gt(n_granted, 1000);
	ck_assert_uint_gt(n_wanted, 1000);
}
END_TEST

static void change_word(uint64_t *seed)
{
	static const uint32_t words[] = {
		0, 1, 2, 3, 4, 8, 15, 16, 255, 256, 65535, 65536, 0x3fffffff,
		0x40000000, 0x7fffffff, 0x80000000, 0xc0000000, 0xfffffff8,
		0xffffffff,
	};
	size_t at = suite_below(seed, (uint32_t)size / 4) * 4;
	uint32_t word;

	memcpy(&word, file + at, sizeof(word));
	switch (suite_below(seed, 4)) {
	case 0:
		word = words[suite_below(seed, SUITE_LENGTH(words))];
		break;
	case 1:
		word += suite_below(seed, 2) ? 1 : (uint32_t)-1;
		break;
	case 2:
		word ^= UINT32_C(1) << suite_below(seed, 32);
		break;
	case 3:		/* another word of the image */
		memcpy(&word, file + suite_below(seed, (uint32_t)size / 4) * 4,
		       sizeof(word));
		break;
	}
	memcpy(file + at, &word, sizeof(word));
}

START_TEST(words_changed_at_random_with_a_digest_that_fits)
{
	uint64_t seed = 1000 + (uint64_t)_i;
	uint8_t *clean = maker_copy_file(file, size);

	for (int i = 0; i < 10000; i++) {
		uint32_t n = 1 + suite_below(&seed, 3);

		memcpy(file, clean, size);
		while (n-- > 0)
			change_word(&seed);
		try_file(&seed);
	}
	ck_assert_uint_gt(n_loaded, 100);
	maker_free_file(clean, size);
}
END_TEST

/* The code alone: most often refused, by the proof of programs. */
START_TEST(instructions_changed_at_random)
{
	uint64_t seed = 2000 + (uint64_t)_i;
	uint8_t *clean = maker_copy_file(file, size);
	const struct image_header *header = (const void *)clean;
	uint32_t n_code = header->sections[SECTION_CODE].count;

	for (int i = 0; i < 20000; i++) {
		uint32_t n = 1 + suite_below(&seed, 4);

		memcpy(file, clean, size);
		while (n-- > 0) {
			struct image_insn *insn =
				maker_file_at(file, SECTION_CODE,
					      suite_below(&seed, n_code));

			switch (suite_below(&seed, 4)) {
			case 0:
				insn->op = (uint8_t)suite_below(&seed, OP_N);
				break;
			case 1:
				insn->arg = suite_below(&seed, 100);
				break;
			case 2:
				insn->type = (uint8_t)suite_below(&seed, 10);
				break;
			case 3:
				memcpy(insn, maker_file_at(file, SECTION_CODE,
					suite_below(&seed, n_code)),
				       sizeof(*insn));
				break;
			}
		}
		try_file(&seed);
	}
	ck_assert_uint_gt(n_loaded, 100);
	maker_free_file(clean, size);
}
END_TEST

START_TEST(random_bytes_are_no_image)
{
	uint64_t seed = 3;
	struct image_fault fault;
	struct image image;

	for (int i = 0; i < 20000; i++) {
		uint32_t kept = suite_below(&seed, 2) ?
				(uint32_t)sizeof(struct image_header) : 16;

		for (size_t at = kept; at < size; at++)
			file[at] = (uint8_t)suite_random(&seed);
		maker_digest(file, size);
		ck_assert(!image_load(&image, file, size, &fault));
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("mutation");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, every_bit_flipped_with_a_digest_that_fits);
	tcase_add_loop_test(tests,
			    words_changed_at_random_with_a_digest_that_fits, 0,
			    8);
	tcase_add_loop_test(tests, instructions_changed_at_random, 0, 4);
	tcase_add_test(tests, random_bytes_are_no_image);
	return suite_run("kernel_mutation", tests);
}
