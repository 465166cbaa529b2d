/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The arena: what does not fit or is not inside changes nothing. */
#include "lib_fake.h"

static _Alignas(8) char buffer[32];

START_TEST(what_is_stored_is_found_again)
{
	struct nk_arena a = NK_ARENA_AUTO(buffer);
	nk_uint32_t numbers[3] = { 1, 2, 3 };
	nk_ptr_t one, two;
	nk_size_t n;
	nk_uint32_t *got;

	ck_assert_int_eq(nk_arena_store(char, &a, &one, "x", 1), NK_EOK);
	ck_assert_int_eq(nk_arena_store(nk_uint32_t, &a, &two, numbers, 3),
			 NK_EOK);
	ck_assert_uint_eq(two.offset, 4);
	ck_assert_uint_eq(two.size, 12);
	got = nk_arena_get(nk_uint32_t, &a, &two, &n);
	ck_assert_uint_eq(n, 3);
	ck_assert_uint_eq(got[2], 3);
	nk_arena_reset(&a);
	ck_assert_ptr_eq(a.current, a.start);
}
END_TEST

START_TEST(start_is_rounded_up)
{
	struct nk_arena a = NK_ARENA_INITIALIZER(buffer + 1, buffer + 32);

	ck_assert_ptr_eq(a.start, buffer + 8);
}
END_TEST

START_TEST(buffer_smaller_than_its_rounding_has_no_room)
{
	struct nk_arena a = NK_ARENA_INITIALIZER(buffer + 1, buffer + 4);
	nk_ptr_t desc = { 1, 2 };

	ck_assert_ptr_null(nk_arena_alloc(char, &a, &desc, 1));
	ck_assert_uint_eq(desc.size, 2);
	ck_assert_int_eq(nk_arena_store(char, &a, &desc, "x", 1), NK_ENOMEM);
}
END_TEST

START_TEST(full_arena_changes_nothing)
{
	struct nk_arena a = NK_ARENA_AUTO(buffer);
	nk_ptr_t desc = { 77, 78 };
	char *before;

	ck_assert_ptr_nonnull(nk_arena_alloc(char, &a, &desc, 31));
	desc.offset = 77;
	before = a.current;
	ck_assert_ptr_null(nk_arena_alloc(char, &a, &desc, 2));
	ck_assert_ptr_null(nk_arena_alloc(nk_uint64_t, &a, &desc, 1));
	ck_assert_int_eq(nk_arena_store(char, &a, &desc, "xx", 2), NK_ENOMEM);
	ck_assert_ptr_eq(a.current, before);
	ck_assert_uint_eq(desc.offset, 77);
	ck_assert_ptr_nonnull(nk_arena_alloc(char, &a, &desc, 1));
}
END_TEST

START_TEST(sizes_that_overflow_do_not_fit)
{
	struct nk_arena a = NK_ARENA_AUTO(buffer);
	nk_ptr_t desc;

	ck_assert_ptr_null(nk_arena_alloc(nk_uint64_t, &a, &desc, SIZE_MAX / 4));
	ck_assert_ptr_null(nk_arena_alloc(char, &a, &desc, SIZE_MAX));
	ck_assert_ptr_null(nk_arena_alloc_bytes(&a, &desc, SIZE_MAX, SIZE_MAX, 8));
	ck_assert_ptr_null(nk_arena_alloc_bytes(&a, &desc, 1, 1, 3));
	ck_assert_ptr_null(nk_arena_alloc_bytes(&a, &desc, 1, 1, 16));
	ck_assert_ptr_null(nk_arena_alloc_bytes(&a, &desc, 1, 1, 0));
	ck_assert_ptr_null(nk_arena_alloc_bytes(NULL, &desc, 1, 1, 1));
}
END_TEST

START_TEST(descriptors_outside_are_refused)
{
	static const nk_ptr_t bad[] = {
		{ 0, 20 },			/* beyond what is used */
		{ 17, 1 },
		{ 16, 4 },
		{ UINT32_MAX, 4 },
		{ 4, UINT32_MAX - 3 },
		{ UINT32_MAX - 3, 8 },
		{ 0, 3 },			/* no whole element */
		{ 2, 4 },			/* misaligned */
	};
	struct nk_arena a = NK_ARENA_AUTO(buffer);
	nk_ptr_t desc;
	nk_size_t n;

	ck_assert_ptr_nonnull(nk_arena_alloc(char, &a, &desc, 16));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		n = 9;
		ck_assert_ptr_null(nk_arena_get(nk_uint32_t, &a, &bad[i], &n));
		ck_assert_uint_eq(n, 0);
		ck_assert_int_eq(nk_arena_validate(nk_uint32_t, &a, &bad[i]),
				 NK_EBADMSG);
	}
}
END_TEST

START_TEST(empty_is_good_wherever_it_points)
{
	struct nk_arena a = NK_ARENA_AUTO(buffer);
	nk_ptr_t desc = { 0xffffffff, 0 };
	nk_size_t n = 9;

	ck_assert_int_eq(nk_arena_validate(nk_uint64_t, &a, &desc), NK_EOK);
	ck_assert_ptr_null(nk_arena_get(nk_uint64_t, &a, &desc, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(nk_arena_store(char, &a, &desc, NULL, 0), NK_EOK);
	ck_assert_uint_eq(desc.size, 0);
}
END_TEST

FAKE_MAIN("lib_arena", what_is_stored_is_found_again, start_is_rounded_up,
	  buffer_smaller_than_its_rounding_has_no_room,
	  full_arena_changes_nothing, sizes_that_overflow_do_not_fit,
	  descriptors_outside_are_refused, empty_is_good_wherever_it_points)
