/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The names of libc and of results that sources use. */
#include "lib_fake.h"

#include <kos/trace.h>
#include <rtl/compiler.h>
#include <rtl/countof.h>
#include <rtl/minmax.h>
#include <rtl/retcode_hr.h>
#include <rtl/stdio.h>
#include <rtl/string.h>

START_TEST(every_result_has_a_name_and_a_text)
{
	char line[80];

	for (Retcode rc = 0; rc < DK_N_STATUS; rc++) {
		ck_assert_int_eq(strncmp(RetcodeToName(rc), "rc", 2), 0);
		ck_assert_str_ne(RetcodeToName(rc), "rc?");
		ck_assert_str_ne(RetcodeToStr(rc), "unknown result");
	}
	rtl_snprintf(line, sizeof(line), RETCODE_HR_FMT,
		     RETCODE_HR_PARAMS(NK_EPERM));
	ck_assert_str_eq(line, "rcSecurityDisallow (denied by the policy)");
}
END_TEST

START_TEST(other_numbers_are_no_results)
{
	static const Retcode none[] = { -1, DK_N_STATUS, INT32_MAX, INT32_MIN };

	for (size_t i = 0; i < rtl_countof(none); i++) {
		ck_assert_str_eq(RetcodeToStr(none[i]), "unknown result");
		ck_assert_str_eq(RetcodeToName(none[i]), "rc?");
	}
}
END_TEST

START_TEST(strncpy_pads_and_never_writes_beyond)
{
	char to[8] = "ggggggg";

	rtl_strncpy(to, "ab", 4);
	ck_assert_mem_eq(to, "ab\0\0ggg", 8);
	rtl_strncpy(to, "abcdefgh", 3);
	ck_assert_mem_eq(to, "abc\0ggg", 8);
	rtl_strncpy(to, "zz", 0);
	ck_assert_mem_eq(to, "abc\0ggg", 8);
}
END_TEST

START_TEST(strlcpy_always_terminates)
{
	char to[4] = "ggg";

	ck_assert_uint_eq(rtl_strlcpy(to, "abcdef", sizeof(to)), 6);
	ck_assert_str_eq(to, "abc");
	ck_assert_uint_eq(rtl_strlcpy(to, "x", 0), 1);
	ck_assert_str_eq(to, "abc");
	ck_assert_uint_eq(rtl_strlcpy(to, "", 1), 0);
	ck_assert_str_eq(to, "");
}
END_TEST

START_TEST(nothing_is_copied_from_nowhere)
{
	char to[2] = "a";

	rtl_memcpy(to, NULL, 0);
	rtl_memmove(to, NULL, 0);
	ck_assert_int_eq(rtl_memcmp(NULL, NULL, 0), 0);
	ck_assert_str_eq(to, "a");
	ck_assert_int_eq(rtl_min(2, 3) + rtl_max(2, 3), 5);
}
END_TEST

START_TEST(lines_appear_when_they_are_complete)
{
	int out[2];
	char got[32] = "";
	ssize_t n;

	ck_assert_int_eq(pipe(out), 0);
	fflush(stdout);
	dup2(out[1], 1);
	rtl_printf("half");
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	n = read(out[0], got, sizeof(got));
	ck_assert_int_eq(n, -1);
	rtl_printf(" and %s\n", "half");
	n = read(out[0], got, sizeof(got));
	ck_assert_int_eq(n, 14);
	ck_assert_mem_eq(got, "half and half\n", 14);
}
END_TEST

START_TEST(a_trace_is_one_line)
{
	int out[2];
	char got[2048];

	ck_assert_int_eq(pipe(out), 0);
	dup2(out[1], 2);
	KosTrace("%0*d", 3000, 0);
	ck_assert_int_eq(read(out[0], got, sizeof(got)), 1024);
	ck_assert_int_eq(got[1023], '\n');
}
END_TEST

FAKE_MAIN("lib_rtl", every_result_has_a_name_and_a_text,
	  other_numbers_are_no_results, strncpy_pads_and_never_writes_beyond,
	  strlcpy_always_terminates, nothing_is_copied_from_nowhere,
	  lines_appear_when_they_are_complete, a_trace_is_one_line)
