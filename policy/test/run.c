/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <assert.h>
#include <fnmatch.h>
#include <string.h>
#include <time.h>

#include "test.h"

/* A sequence while it runs. */
struct pass {
	struct test_run *run;
	struct ask_world world;
	struct security_state state, spare;	/* .spare: for a copy */
	size_t state_size;
	struct test_result *result;	/* NULL: only looked up */
};

/* ---- names ---- */

static const char *place_name(struct arena *arena, struct pos pos)
{
	pos = source_origin(pos);
	return arena_printf(arena, "%s:%u", pos.source->path, pos.line);
}

bool test_is_chosen(const struct test_run *run, const char *suite,
		    const char *name)
{
	const char *whole, *pattern;

	if (!run->filter)
		return true;
	whole = arena_printf(run->arena, "%s: %s", suite, name);
	pattern = arena_printf(run->arena, "*%s*", run->filter);
	return !fnmatch(pattern, whole, 0);
}

/* ---- a case ---- */

static bool is_expected(enum pal_expect expect, enum verdict verdict)
{
	switch (expect) {
	case PAL_GRANT:
		return verdict == VERDICT_GRANT;
	case PAL_DENY:
		return verdict == VERDICT_DENY;
	case PAL_ANY:
		return true;
	}
	return false;
}

static void copy_state(const struct pass *pass, struct security_state *to,
		       const struct security_state *from)
{
	if (pass->state_size)
		memcpy(to->words, from->words, pass->state_size);
}

/* From here on the spare state is used up. */
static void add_failure(struct pass *pass, const struct pal_case *one,
			const char *block, const struct ask *ask)
{
	struct test_result *result = pass->result;
	struct arena *arena = pass->run->arena;
	struct test_failure *failure;
	struct ask *kept = arena_alloc(arena, sizeof(*kept));

	*kept = *ask;
	failure = ARENA_PUSH(arena, result->failures, result->n_failures,
			     result->capacity);
	failure->one = one;
	failure->block = block;
	explain_event(arena, pass->run->image, &pass->spare, kept,
		      &failure->explanation);
}

static void decide_case(struct pass *pass, const struct pal_case *one,
			const char *block, const struct ask *ask)
{
	struct test_run *run = pass->run;
	enum verdict verdict = VERDICT_DENY, seen;

	/* Who looks on does so on a copy of the state, and sees the same. */
	copy_state(pass, &pass->spare, &pass->state);
	if (run->coverage) {
		verdict = coverage_note(run->coverage, &pass->spare,
					&ask->event);
		copy_state(pass, &pass->spare, &pass->state);
	}
	seen = verdict;
	verdict = decide(run->image, &pass->state, &ask->event, NULL);
	assert(!run->coverage || seen == verdict);
	(void)seen;
	pass->result->n_cases++;
	if (!is_expected(one->expect, verdict))
		add_failure(pass, one, block, ask);
}

/* Goes on after an error, so that all are found. */
static bool run_block(struct pass *pass, const struct pal_block *block,
		      const char *name)
{
	bool fine = true;

	for (size_t i = 0; i < block->n; i++) {
		struct ask ask;

		if (!ask_event(&pass->world, &block->cases[i], &ask))
			fine = false;
		else if (pass->result)
			decide_case(pass, &block->cases[i], name, &ask);
	}
	return fine;
}

/* ---- a sequence ---- */

static bool run_sequence(struct test_run *run, const struct pal_test *test,
			 const struct pal_sequence *sequence,
			 struct test_result *result)
{
	struct pass pass = { .run = run, .result = result };
	bool fine;

	pass.state_size = security_state_size(run->image);
	security_state_init(run->image, &pass.state, run->state);
	security_state_init(run->image, &pass.spare, run->spare);
	ask_begin(&pass.world, run->arena, run->diags, run->image);
	fine = run_block(&pass, &test->setup, "setup");
	fine = run_block(&pass, &sequence->block, NULL) && fine;
	return run_block(&pass, &test->finally, "finally") && fine;
}

static bool check_nevers(struct test_run *run, const struct pal_test *test)
{
	struct proof proof;
	bool fine = true;

	for (size_t i = 0; i < test->n_nevers; i++)
		fine = prove_never(&run->prover, &test->nevers[i], &proof) &&
		       fine;
	return fine;
}

bool test_check(struct test_run *run)
{
	bool fine = true;

	run->prover = prove_begin(run->arena, run->diags, run->image,
				  run->n_states);
	for (size_t i = 0; i < run->psl->n_tests; i++) {
		const struct pal_test *test = &run->psl->tests[i];

		fine = check_nevers(run, test) && fine;
		if (!test->n && !test->n_nevers) {
			diag_error(run->diags, test->pos, "this block has no "
				   "'sequence' and no 'never', and so tests "
				   "nothing");
			fine = false;
		}
		for (size_t j = 0; j < test->n; j++)
			fine = run_sequence(run, test, &test->sequences[j],
					    NULL) && fine;
	}
	return fine;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static const char *suite_name(const struct test_run *run,
			      const struct pal_test *test)
{
	return test->title ? test->title : place_name(run->arena, test->pos);
}

static void add_result(struct test_run *run, const struct test_result *result)
{
	run->ns += result->ns;
	run->n_cases += result->n_cases;
	run->n_failed += test_has_failed(result);
	*ARENA_PUSH(run->arena, run->results, run->n, run->capacity) = *result;
}

static void run_one(struct test_run *run, const struct pal_test *test,
		    const struct pal_sequence *sequence)
{
	struct test_result result = { .test = test, .sequence = sequence };
	bool fine;

	result.suite = suite_name(run, test);
	result.name = sequence->title ? sequence->title
				      : place_name(run->arena, sequence->pos);
	if (!test_is_chosen(run, result.suite, result.name))
		return;
	result.ns = now_ns();
	fine = run_sequence(run, test, sequence, &result);
	assert(fine);			/* test_check has looked it all up */
	(void)fine;
	result.ns = now_ns() - result.ns;
	add_result(run, &result);
}

static void run_never(struct test_run *run, const struct pal_test *test,
		      const struct pal_never *never)
{
	struct test_result result = { .test = test, .never = never };
	bool fine;

	result.suite = suite_name(run, test);
	result.name = never->text;
	if (!test_is_chosen(run, result.suite, result.name))
		return;
	result.ns = now_ns();
	fine = prove_never(&run->prover, never, &result.proof);
	assert(fine);			/* test_check has tried it */
	(void)fine;
	result.ns = now_ns() - result.ns;
	add_result(run, &result);
}

void test_run(struct test_run *run)
{
	for (size_t i = 0; i < run->psl->n_tests; i++) {
		const struct pal_test *test = &run->psl->tests[i];

		for (size_t j = 0; j < test->n_nevers; j++)
			run_never(run, test, &test->nevers[j]);
		for (size_t j = 0; j < test->n; j++)
			run_one(run, test, &test->sequences[j]);
	}
}
