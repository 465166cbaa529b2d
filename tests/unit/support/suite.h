/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What every kernel_ suite begins and ends with, and numbers that repeat. */
#ifndef TESTS_SUITE_H
#define TESTS_SUITE_H

#include <check.h>
#include <stdint.h>
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
