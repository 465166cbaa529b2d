/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What every suite begins and ends with, its files, and numbers that repeat. */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SUITE_LENGTH(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* Runs the one case of a suite; the exit status of main. */
static inline int suite_run(const char *name, TCase *tests)
{
	Suite *suite = suite_create(name);
	SRunner *runner;
	int failed;

	tcase_set_timeout(tests, 250);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* TEXT is all that FOLDER/NAME holds from now on. */
static inline void suite_write(const char *folder, const char *name,
			       const char *text)
{
	char path[512];
	FILE *to;

	ck_assert_int_lt(snprintf(path, sizeof(path), "%s/%s", folder, name),
			 (int)sizeof(path));
	to = fopen(path, "w");
	ck_assert_ptr_nonnull(to);
	ck_assert_int_ge(fputs(text, to), 0);
	ck_assert_int_eq(fclose(to), 0);
}

/* Steele, Lea, Flood: splitmix64. The same seed gives the same test. */
static inline uint64_t suite_random(uint64_t *seed)
{
	uint64_t x = *seed += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* 0 to below - 1. */
static inline uint32_t suite_below(uint64_t *seed, uint32_t below)
{
	return (uint32_t)(suite_random(seed) % below);
}

#endif
