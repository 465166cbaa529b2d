/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The ring of the last records, against a list that forgets nothing. */
#include <string.h>

#include "../../kernel/audit/ring.h"
#include "support/suite.h"

#define N 3000

static struct ring ring;
static uint32_t sizes[N][2];

static char letter(uint64_t number, bool json)
{
	return (char)((json ? 'A' : 'a') + number % 26);
}

static void put(uint64_t number, uint32_t n_text, uint32_t n_json)
{
	static char text[LIMIT_RECORD], json[LIMIT_RECORD];

	memset(text, letter(number, false), n_text);
	memset(json, letter(number, true), n_json);
	sizes[number][0] = n_text;
	sizes[number][1] = n_json;
	ring_put(&ring, text, n_text, json, n_json);
}

static bool all_are(const char *bytes, uint32_t n, char c)
{
	for (uint32_t i = 0; i < n; i++)
		if (bytes[i] != c)
			return false;
	return true;
}

static void check_record(uint64_t number)
{
	const struct ring_record *record = ring_get(&ring, number);

	ck_assert_ptr_nonnull(record);
	ck_assert_uint_eq(record->n_text, sizes[number][0]);
	ck_assert_uint_eq(record->n_json, sizes[number][1]);
	ck_assert_uint_le(record->at + record->n_text + record->n_json,
			  LIMIT_RING_BYTES);
	ck_assert(all_are(ring.bytes + record->at, record->n_text,
			  letter(number, false)));
	ck_assert(all_are(ring.bytes + record->at + record->n_text,
			  record->n_json, letter(number, true)));
}

/* Whatever sizes come: the newest are there, whole, and no others. */
START_TEST(the_newest_records_are_there_and_whole)
{
	uint64_t seed = (uint64_t)_i + 1;
	uint32_t most = _i % 2 ? LIMIT_RECORD : 600;

	for (uint64_t number = 0; number < N; number++) {
		put(number, 1 + suite_below(&seed, most),
		    suite_below(&seed, most));
		ck_assert_uint_eq(ring.next, number + 1);
		ck_assert_uint_le(ring.next - ring.first, LIMIT_RING_RECORDS);
		if (number % 37 == 0)
			for (uint64_t n = ring.first; n < ring.next; n++)
				check_record(n);
		check_record(number);
		if (ring.first > 0)
			ck_assert_ptr_null(ring_get(&ring, ring.first - 1));
		ck_assert_ptr_null(ring_get(&ring, number + 1));
	}
	/* half of the room at the least is used */
	if (_i % 2)
		ck_assert_uint_ge(ring.next - ring.first,
				  LIMIT_RING_BYTES / (4 * LIMIT_RECORD));
	else
		ck_assert_uint_eq(ring.next - ring.first, LIMIT_RING_RECORDS);
}
END_TEST

START_TEST(an_empty_ring_has_nothing)
{
	ck_assert_ptr_null(ring_get(&ring, 0));
	ck_assert_ptr_null(ring_get(&ring, UINT64_MAX));
}
END_TEST

START_TEST(a_record_of_the_longest_size_fits)
{
	for (uint64_t number = 0; number < 100; number++) {
		put(number, LIMIT_RECORD, LIMIT_RECORD);
		check_record(number);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("ring");

	tcase_add_loop_test(tests, the_newest_records_are_there_and_whole, 0, 6);
	tcase_add_test(tests, an_empty_ring_has_nothing);
	tcase_add_test(tests, a_record_of_the_longest_size_fits);
	return suite_run("kernel_ring", tests);
}
