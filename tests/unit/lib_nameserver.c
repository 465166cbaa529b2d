/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The name server's table. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../nameserver/entries.c"

#define ALICE 3u
#define BOB 4u

static struct entries entries;

static void begin(void)
{
	memset(&entries, 0, sizeof(entries));
}

static Retcode add(nk_sid_t sid, const char *type, const char *server,
		   const char *service)
{
	struct publication publication = { type, server, service };

	return entries_add(&entries, sid, &publication);
}

static Retcode take(nk_sid_t sid, const char *type, const char *server,
		    const char *service)
{
	struct publication publication = { type, server, service };

	return entries_remove(&entries, sid, &publication);
}

static const char *server_at(const char *type, unsigned index)
{
	const struct entry *entry = entries_find(&entries, type, index);

	return entry ? entry->server : "";
}

START_TEST(nothing_is_found_in_an_empty_table)
{
	ck_assert_ptr_null(entries_find(&entries, "a.I", 0));
	ck_assert_ptr_null(entries_find(&entries, "", 0));
	ck_assert_uint_eq(entries_forget(&entries, ALICE), 0);
	ck_assert_int_eq(take(ALICE, "a.I", "alice", "c.e"),
			 rcResourceNotFound);
}
END_TEST

START_TEST(entries_are_found_by_interface_in_order_of_publication)
{
	ck_assert_int_eq(add(ALICE, "a.I", "alice", "c.e"), rcOk);
	ck_assert_int_eq(add(ALICE, "a.J", "alice", "c.f"), rcOk);
	ck_assert_int_eq(add(BOB, "a.I", "bob", "c.e"), rcOk);
	ck_assert_str_eq(server_at("a.I", 0), "alice");
	ck_assert_str_eq(server_at("a.I", 1), "bob");
	ck_assert_str_eq(server_at("a.J", 0), "alice");
	ck_assert_ptr_null(entries_find(&entries, "a.I", 2));
	ck_assert_ptr_null(entries_find(&entries, "a.I", 0xffffffff));
	ck_assert_ptr_null(entries_find(&entries, "a", 0));
}
END_TEST

START_TEST(publishing_again_adds_nothing)
{
	ck_assert_int_eq(add(ALICE, "a.I", "alice", "c.e"), rcOk);
	ck_assert_int_eq(add(ALICE, "a.I", "alice", "c.e"), rcBusy);
	ck_assert_uint_eq(entries.count, 1);
}
END_TEST

START_TEST(a_process_that_came_back_owns_what_its_old_self_published)
{
	ck_assert_int_eq(add(ALICE, "a.I", "alice", "c.e"), rcOk);
	ck_assert_int_eq(add(BOB, "a.I", "alice", "c.e"), rcBusy);
	ck_assert_uint_eq(entries_forget(&entries, ALICE), 0);
	ck_assert_str_eq(server_at("a.I", 0), "alice");
	ck_assert_uint_eq(entries_forget(&entries, BOB), 1);
}
END_TEST

START_TEST(only_its_owner_withdraws_a_publication)
{
	add(ALICE, "a.I", "alice", "c.e");
	ck_assert_int_eq(take(BOB, "a.I", "alice", "c.e"), rcResourceNotFound);
	ck_assert_int_eq(take(ALICE, "a.I", "alice", "c.f"),
			 rcResourceNotFound);
	ck_assert_str_eq(server_at("a.I", 0), "alice");
	ck_assert_int_eq(take(ALICE, "a.I", "alice", "c.e"), rcOk);
	ck_assert_ptr_null(entries_find(&entries, "a.I", 0));
	ck_assert_int_eq(take(ALICE, "a.I", "alice", "c.e"),
			 rcResourceNotFound);
}
END_TEST

START_TEST(all_of_a_dead_process_is_forgotten_and_no_more)
{
	add(ALICE, "a.I", "alice", "c.e");
	add(BOB, "a.I", "bob", "c.e");
	add(ALICE, "a.J", "alice", "c.f");
	ck_assert_uint_eq(entries_forget(&entries, ALICE), 2);
	ck_assert_uint_eq(entries.count, 1);
	ck_assert_str_eq(server_at("a.I", 0), "bob");
	ck_assert_ptr_null(entries_find(&entries, "a.J", 0));
}
END_TEST

static Retcode add_numbered(nk_sid_t sid, unsigned number)
{
	char service[32];

	snprintf(service, sizeof(service), "c.e%u", number);
	return add(sid, "a.I", "numbered", service);
}

START_TEST(one_process_cannot_fill_the_table)
{
	for (unsigned i = 0; i < ENTRIES_TASK_MAX; i++)
		ck_assert_int_eq(add_numbered(ALICE, i), rcOk);
	ck_assert_int_eq(add_numbered(ALICE, ENTRIES_TASK_MAX), rcQuota);
	ck_assert_int_eq(add(BOB, "a.I", "bob", "c.e"), rcOk);
	/* what is given back can be had again */
	ck_assert_int_eq(take(ALICE, "a.I", "numbered", "c.e0"), rcOk);
	ck_assert_int_eq(add_numbered(ALICE, ENTRIES_TASK_MAX), rcOk);
}
END_TEST

START_TEST(a_full_table_refuses_and_loses_nothing)
{
	for (unsigned i = 0; i < ENTRIES_MAX; i++)
		ck_assert_int_eq(add_numbered(ALICE + i / ENTRIES_TASK_MAX, i),
				 rcOk);
	ck_assert_int_eq(add_numbered(1000, ENTRIES_MAX), rcNoMemory);
	ck_assert_uint_eq(entries.count, ENTRIES_MAX);
	ck_assert_uint_eq(entries_forget(&entries, ALICE), ENTRIES_TASK_MAX);
	ck_assert_int_eq(add_numbered(1000, ENTRIES_MAX), rcOk);
	for (nk_sid_t sid = 0; sid <= 1000; sid++)
		entries_forget(&entries, sid);
	ck_assert_uint_eq(entries.count, 0);
}
END_TEST

START_TEST(the_longest_name_fits)
{
	char name[ENTRIES_NAME_SIZE];

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	ck_assert_int_eq(add(ALICE, name, name, name), rcOk);
	ck_assert_str_eq(server_at(name, 0), name);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("nameserver");
	TCase *tcase = tcase_create("entries");
	SRunner *runner;
	int n_failed;

	tcase_add_checked_fixture(tcase, begin, NULL);
	tcase_add_test(tcase, nothing_is_found_in_an_empty_table);
	tcase_add_test(tcase,
		       entries_are_found_by_interface_in_order_of_publication);
	tcase_add_test(tcase, publishing_again_adds_nothing);
	tcase_add_test(tcase,
		a_process_that_came_back_owns_what_its_old_self_published);
	tcase_add_test(tcase, only_its_owner_withdraws_a_publication);
	tcase_add_test(tcase, all_of_a_dead_process_is_forgotten_and_no_more);
	tcase_add_test(tcase, one_process_cannot_fill_the_table);
	tcase_add_test(tcase, a_full_table_refuses_and_loses_nothing);
	tcase_add_test(tcase, the_longest_name_fits);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
