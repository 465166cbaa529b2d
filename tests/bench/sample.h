/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Times of single round trips, and what is said of them: one line
 * "sample MEDIAN P99", in nanoseconds. The first tenth is not counted.
 */
#ifndef TESTS_BENCH_SAMPLE_H
#define TESTS_BENCH_SAMPLE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SAMPLE_MAX 200000u

struct sample {
	uint32_t n;		/* rounds, those not counted among them */
	uint32_t i;
	uint64_t begun;
	uint32_t ns[SAMPLE_MAX];
};

static inline uint64_t sample_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* A delay that the harness's own tests add: busy, since a sleep would let others
   run. */
static inline void sample_delay(uint32_t us)
{
	uint64_t until;

	if (us == 0)
		return;
	until = sample_now() + (uint64_t)us * 1000u;
	while (sample_now() < until)
		;
}

static inline void sample_begin(struct sample *sample)
{
	sample->begun = sample_now();
}

static inline void sample_end(struct sample *sample)
{
	uint64_t ns = sample_now() - sample->begun;

	sample->ns[sample->i++] = ns > UINT32_MAX ? UINT32_MAX : (uint32_t)ns;
}

/* The time just taken holds NS that are not what is measured. */
static inline void sample_less(struct sample *sample, uint64_t ns)
{
	uint32_t *last = &sample->ns[sample->i - 1];

	*last = ns > *last ? 0 : *last - (uint32_t)ns;
}

/* Not qsort, which asks the system how much memory there is. */
static inline void sample_sort(uint32_t *ns, uint32_t n)
{
	for (uint32_t gap = n / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11)
		for (uint32_t i = gap; i < n; i++) {
			uint32_t value = ns[i], j = i;

			for (; j >= gap && ns[j - gap] > value; j -= gap)
				ns[j] = ns[j - gap];
			ns[j] = value;
		}
}

static inline void sample_print(struct sample *sample)
{
	uint32_t skip = sample->i / 10, n = sample->i - skip;
	uint32_t *ns = sample->ns + skip;

	if (n == 0)
		return;
	sample_sort(ns, n);
	printf("sample %u %u\n", ns[n / 2], ns[(uint64_t)n * 99 / 100]);
	fflush(stdout);
}

/* A number of the command line; ends the program if it is none. */
static inline uint32_t sample_number(const char *text, uint32_t max)
{
	char *end;
	unsigned long n = text ? strtoul(text, &end, 10) : 0;

	if (!text || end == text || *end || n > max) {
		fprintf(stderr, "a number up to %u is wanted: %s\n", max,
			text ? text : "");
		exit(2);
	}
	return (uint32_t)n;
}

#endif
