/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The tests of a policy, run through the engine that the daemon links. Each
 * sequence begins with the objects' first state, its block's `setup` before it
 * and its `finally` after it, and leaves nothing behind.
 */
#ifndef DK_TEST_H
#define DK_TEST_H

#include "../explain/explain.h"
#include "../prove/prove.h"
#include "../psl/psl.h"

/* A case whose verdict was not the one expected. */
struct test_failure {
	const struct pal_case *one;
	const char *block;		/* "setup", "finally" or NULL */
	struct explanation explanation;
};

/* A sequence that was run, or a `never` that was tried: one test each for who
   counts. */
struct test_result {
	const struct pal_test *test;
	const struct pal_sequence *sequence;	/* NULL: a `never` */
	const struct pal_never *never;
	struct proof proof;		/* of that */
	const char *suite, *name;	/* of the block, of the sequence */
	uint64_t ns;			/* that it took */
	size_t n_cases;
	struct test_failure *failures;
	size_t n_failures, capacity;
};

struct test_run {
	struct arena *arena;
	struct diags *diags;
	const struct image *image;
	const struct psl *psl;
	const char *filter;		/* NULL: all; else see test_is_chosen */
	struct prover prover;		/* test_check's */
	uint64_t n_states;		/* that it may try: see prove.h */
	struct coverage *coverage;	/* NULL: not asked for */
	void *state, *spare;		/* as large as the image's state needs */
	struct test_result *results;
	size_t n, capacity;
	size_t n_cases, n_failed;	/* sequences that failed */
	uint64_t ns;
};

/* Looks up what all cases say; false after an error. Nothing is decided. */
bool test_check(struct test_run *run);
/* Runs the chosen ones; what came out is in .results. */
void test_run(struct test_run *run);
/* Whether SUITE: NAME contains PATTERN, in which * and ? are the shell's. */
bool test_is_chosen(const struct test_run *run, const char *suite,
		    const char *name);

/* tap.c, junit.c */
bool test_has_failed(const struct test_result *result);
/* "FILE:LINE: ...": why it has. */
void test_print_failures(const struct test_run *run,
			 const struct test_result *result, const char *indent,
			 FILE *to);
/* "grant", "deny", "any" */
const char *test_expected(enum pal_expect expect);
void test_print_tap(const struct test_run *run, FILE *to);
void test_print_junit(const struct test_run *run, const char *policy, FILE *to);

/* ---- coverage.c: what the tests have reached ---- */

/* A point that a rule's program goes on from in one of two ways. */
struct coverage_branch {
	uint32_t insn;			/* of the rule; IMAGE_NONE: its result */
	uint32_t yes, no;		/* how often */
};

struct coverage_rule {
	uint32_t called;
	struct coverage_branch *branches;
	size_t n, capacity;
	const struct image_method *method;	/* one that it is called for */
	enum method_part part;
};

struct coverage {
	struct arena *arena;
	const struct image *image;
	struct coverage_rule *rules;	/* by call */
	uint32_t *bindings;		/* how often some rule of it was called */
};

struct coverage_sum {
	uint32_t bindings, rules, branches;
};

struct coverage *coverage_new(struct arena *arena, const struct image *image);
/* Decides the event once more, with STATE as it was before, and takes note. */
enum verdict coverage_note(struct coverage *coverage,
			   struct security_state *state,
			   const struct event *event);
/* How much there is, and how much of it was reached; in hundredths of a
   percent, 10000 when there is nothing to reach. */
uint32_t coverage_count(const struct coverage *coverage,
			struct coverage_sum *all, struct coverage_sum *reached);

/* coverage_print.c */
void coverage_print(const struct coverage *coverage, FILE *to);
/* lcov.c: a tracefile as geninfo(1) has it. */
void coverage_print_lcov(const struct coverage *coverage, FILE *to);

#endif
