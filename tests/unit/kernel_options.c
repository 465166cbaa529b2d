/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The daemon's command line. */
#include <string.h>
#include <unistd.h>

#include "../../kernel/base/monitor.h"
#include "../../kernel/base/options.h"
#include "support/suite.h"

#define WORDS_MAX 80

static struct options options;

static int read_words(const char *const *words)
{
	static char *argv[WORDS_MAX + 2];
	int argc = 0;

	argv[argc++] = (char[]){ "dkd" };
	while (*words && argc <= WORDS_MAX)
		argv[argc++] = (char *)(uintptr_t)*words++;
	argv[argc] = NULL;
	return options_read(&options, argc, argv);
}
#define READ(...) read_words((const char *const[]){ __VA_ARGS__, NULL })

START_TEST(an_image_alone_gets_the_defaults)
{
	ck_assert_int_eq(READ("a.dk"), 0);
	ck_assert_str_eq(options.image, "a.dk");
	ck_assert_ptr_null(options.bin);
	ck_assert_ptr_null(options.data);
	ck_assert(!options.trace && !options.json);
	ck_assert_uint_eq(options.n_wait, 0);
	ck_assert_uint_eq(options.grace_ms, 2000);
	ck_assert(!options.has_audit_level);
}
END_TEST

START_TEST(every_option_is_read)
{
	ck_assert_int_eq(READ("--bin", "b", "--data=d", "--trace", "--json",
			      "--wait", "x", "--wait=y", "--grace", "0",
			      "--audit-level", "4294967295", "a.dk"), 0);
	ck_assert_str_eq(options.bin, "b");
	ck_assert_str_eq(options.data, "d");
	ck_assert(options.grants && options.trace && options.json);
	ck_assert_uint_eq(options.n_wait, 2);
	ck_assert_str_eq(options.wait[0], "x");
	ck_assert_str_eq(options.wait[1], "y");
	ck_assert_uint_eq(options.grace_ms, 0);
	ck_assert(options.has_audit_level);
	ck_assert_uint_eq(options.audit_level, 4294967295u);
}
END_TEST

START_TEST(names_that_begin_with_a_dash_need_two)
{
	ck_assert_int_eq(READ("--", "--trace"), 0);
	ck_assert_str_eq(options.image, "--trace");
	ck_assert(!options.trace);
	ck_assert_int_eq(READ("--bin", "--trace", "a.dk"), 0);
	ck_assert_str_eq(options.bin, "--trace");
	ck_assert(!options.trace);
}
END_TEST

START_TEST(grants_alone_are_a_table)
{
	ck_assert_int_eq(READ("--grants", "a.dk"), 0);
	ck_assert(options.grants && !options.trace);
}
END_TEST

START_TEST(the_second_reading_is_like_the_first)
{
	ck_assert_int_eq(READ("--trace", "a.dk"), 0);
	ck_assert_int_eq(READ("--json", "b.dk"), 0);
	ck_assert_str_eq(options.image, "b.dk");
	ck_assert(options.json && !options.trace && !options.grants);
}
END_TEST

START_TEST(bad_command_lines_are_usage_errors)
{
	static const char *const lines[][5] = {
		{ NULL }, { "" }, { "--bin" }, { "--bin", "x" },
		{ "--no-such", "a.dk" }, { "-t", "a.dk" }, { "a.dk", "b.dk" },
		{ "a.dk", "--trace" }, { "--trace=yes", "a.dk" },
		{ "--grace", "", "a.dk" }, { "--grace", "-1", "a.dk" },
		{ "--grace", "+1", "a.dk" }, { "--grace", " 1", "a.dk" },
		{ "--grace", "1s", "a.dk" }, { "--grace", "600001", "a.dk" },
		{ "--grace", "4294967297", "a.dk" },
		{ "--grace", "99999999999999999999", "a.dk" },
		{ "--audit-level", "", "a.dk" },
		{ "--audit-level", "-1", "a.dk" },
		{ "--audit-level", "one", "a.dk" },
		{ "--audit-level", "4294967296", "a.dk" },
		{ "--audit-level", "18446744073709551617", "a.dk" },
		{ "--bin", "", "a.dk" }, { "--data=", "a.dk" },
		{ "--" }, { "--", "a.dk", "b.dk" },
	};

	for (int i = 0; i < SUITE_LENGTH(lines); i++)
		ck_assert_msg(read_words(lines[i]) == -1, "line %d", i);
}
END_TEST

START_TEST(waits_are_limited)
{
	const char *words[OPTIONS_WAIT_MAX + 3] = { NULL };

	for (int i = 0; i < OPTIONS_WAIT_MAX; i++)
		words[i] = "--wait=x";
	words[OPTIONS_WAIT_MAX] = "a.dk";
	ck_assert_int_eq(read_words(words), 0);
	words[OPTIONS_WAIT_MAX] = "--wait=x";
	words[OPTIONS_WAIT_MAX + 1] = "a.dk";
	ck_assert_int_eq(read_words(words), -1);
}
END_TEST

START_TEST(questions_are_answered)
{
	ck_assert_int_eq(READ("--help"), 1);
	ck_assert_int_eq(READ("--version"), 1);
}
END_TEST

START_TEST(every_step_and_layer_has_a_name)
{
	for (int i = 0; i < STEP_N; i++)
		ck_assert_ptr_nonnull(confine_step_name((enum confine_step)i));
	for (int i = 0; i < LAYER_N; i++)
		ck_assert_ptr_nonnull(confine_layer_name((enum confine_layer)i));
	ck_assert_str_eq(confine_layer_name(LAYER_N), "unknown");
	ck_assert_str_eq(confine_step_name(STEP_N), "an unknown step");
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("options");

	tcase_add_test(tests, an_image_alone_gets_the_defaults);
	tcase_add_test(tests, every_option_is_read);
	tcase_add_test(tests, names_that_begin_with_a_dash_need_two);
	tcase_add_test(tests, grants_alone_are_a_table);
	tcase_add_test(tests, the_second_reading_is_like_the_first);
	tcase_add_test(tests, bad_command_lines_are_usage_errors);
	tcase_add_test(tests, waits_are_limited);
	tcase_add_test(tests, questions_are_answered);
	tcase_add_test(tests, every_step_and_layer_has_a_name);
	return suite_run("options", tests);
}
