/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What asks a policy: `assert` blocks, run as `dkc test` does with all that it
 * prints, and an event in words, answered as `dkc explain` does. Errors or
 * answers, never both; the answer is the engine's.
 *
 * Input: 't' and blocks, which come behind the rules of tests/fuzz/solution/
 * tests.psl; or another byte, which chooses a policy, and an event.
 */
#include <stdlib.h>
#include <string.h>

#include "../../kernel/security/utf8.h"
#include "../../policy/image/build.h"
#include "../../policy/test/test.h"
#include "support/fuzz.h"

#define RULES "tests/fuzz/solution/tests.psl"
#define RULES_MAX 8192u

static const char *include[] = {
	"tests/decisions", "tests/golden/pal/idl", "tests/golden/psl/idl",
	"policy/std",
};
static const char *const policies[] = {
	"tests/decisions/parameters.psl", "tests/decisions/logic.psl",
	"tests/decisions/numbers.psl", "tests/decisions/sids.psl",
	"tests/decisions/questions.psl", "tests/decisions/answers.psl",
	"tests/decisions/base.psl", "tests/decisions/regex.psl",
	"tests/decisions/flow.psl", "tests/decisions/hashset.psl",
	"tests/decisions/staticmap.psl", "tests/decisions/rbac.psl",
	"tests/decisions/mic.psl",
};
enum { N_POLICIES = sizeof(policies) / sizeof(policies[0]) };

static struct image images[N_POLICIES];
static char rules[RULES_MAX];
static size_t rules_size;

struct work {
	struct arena *arena;
	struct diags *diags;
	struct sources sources;
	const struct psl *psl;
	struct image image;
};

static void begin(struct work *work)
{
	work->arena = arena_new();
	work->diags = diags_new(work->arena);
	work->sources = (struct sources){
		.arena = work->arena, .dirs = include,
		.n_dirs = sizeof(include) / sizeof(include[0]),
	};
}

/* What is said of the input is no order to a terminal. */
static void end(struct work *work, bool good)
{
	size_t size, n;
	char *text;
	FILE *to = open_memstream(&text, &size);

	FUZZ_CHECK(to);
	n = diags_print(work->diags, to, 0);
	fclose(to);
	FUZZ_CHECK(good == (n == 0));
	fuzz_check_clean(text, size);
	free(text);
	arena_free(work->arena);
}

/* The image of the policy at PATH; false after an error. */
static bool compile(struct work *work, const char *path)
{
	struct xdl *xdl = xdl_new(work->arena, &work->sources, work->diags);
	struct image_fault fault;
	const void *made = NULL;
	size_t size = 0;

	work->psl = psl_read(work->arena, &work->sources, xdl, work->diags,
			     path);
	if (work->psl)
		made = image_build(work->arena, work->diags, work->psl, NULL,
				   "policy/std", &size);
	if (made)
		FUZZ_CHECK(image_load(&work->image, made, size, &fault));
	return made;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	FILE *from = fopen(RULES, "re");
	struct work work;

	(void)argc;
	(void)argv;
	FUZZ_CHECK(from);
	rules_size = fread(rules, 1, sizeof(rules), from);
	FUZZ_CHECK(rules_size > 0 && rules_size < sizeof(rules));
	fclose(from);
	begin(&work);
	FUZZ_CHECK(compile(&work, RULES));
	end(&work, true);
	for (int i = 0; i < N_POLICIES; i++) {
		begin(&work);		/* and never freed: an image is used */
		FUZZ_CHECK(compile(&work, policies[i]));
		images[i] = work.image;
	}
	return 0;
}

/* ---- an event ---- */

/* The engine's own verdict, from the first state. */
static enum verdict decide_it(struct arena *arena, const struct image *image,
			      const struct ask *ask)
{
	struct security_state state;

	security_state_init(image, &state, arena_alloc(arena,
			    security_state_size(image) + 1));
	return decide(image, &state, &ask->event, NULL);
}

static void explain_it(struct arena *arena, const struct image *image,
		       const struct ask *ask)
{
	struct explanation explanation;
	struct security_state state;
	size_t size, at;
	char *text;
	FILE *to = open_memstream(&text, &size);

	FUZZ_CHECK(to);
	security_state_init(image, &state, arena_alloc(arena,
			    security_state_size(image) + 1));
	explain_event(arena, image, &state, ask, &explanation);
	FUZZ_CHECK(explanation.verdict == decide_it(arena, image, ask));
	explain_print(arena, &explanation, to);
	fflush(to);
	at = size;
	explain_print_json(arena, &explanation, to);
	fclose(to);
	FUZZ_CHECK(at > 0 && text[at] == '{');
	FUZZ_CHECK(text[size - 2] == '}' && text[size - 1] == '\n');
	fuzz_check_clean(text, size);
	free(text);
}

static void question(const struct image *image, const uint8_t *data,
		     size_t size)
{
	struct ask_world world;
	struct source source;
	struct pal_case event;
	struct work work;
	struct ask ask;
	bool good;

	begin(&work);
	source = (struct source){
		.path = "EVENT", .size = size, .text = arena_strndup(work.arena,
						(const char *)data, size) };
	ask_begin(&world, work.arena, work.diags, image);
	good = pal_parse_event(work.arena, work.diags, &source, &event) &&
	       ask_event(&world, &event, &ask);
	if (good)
		explain_it(work.arena, image, &ask);
	end(&work, good);
}

/* ---- blocks ---- */

/* Lines that say how a test came out. */
static size_t count_tests(const char *text)
{
	size_t n = 0;

	for (const char *at = text; at; at = strchr(at, '\n')) {
		at += at != text;
		n += !strncmp(at, "ok ", 3) || !strncmp(at, "not ok ", 7);
	}
	return n;
}

static void run_tests(struct work *work)
{
	struct test_run run = {
		.n_states = 1000,
		.arena = work->arena, .diags = work->diags, .psl = work->psl,
		.image = &work->image,
		.state = arena_alloc(work->arena,
				     security_state_size(&work->image) + 1),
		.spare = arena_alloc(work->arena,
				     security_state_size(&work->image) + 1),
	};
	size_t size;
	char *text;
	FILE *to;

	if (!test_check(&run))
		return;
	to = open_memstream(&text, &size);
	FUZZ_CHECK(to);
	run.coverage = coverage_new(work->arena, &work->image);
	test_run(&run);
	FUZZ_CHECK(run.n_failed <= run.n);
	test_print_tap(&run, to);
	fflush(to);
	FUZZ_CHECK(count_tests(text) == run.n);
	test_print_junit(&run, "tests.psl", to);
	coverage_print(run.coverage, to);
	coverage_print_lcov(run.coverage, to);
	fclose(to);
	fuzz_check_clean(text, size);
	free(text);
}

static void blocks(const uint8_t *data, size_t size)
{
	struct source source = { .path = "tests.psl" };
	struct work work;
	char *text;

	if (!utf8_valid_text(data, (uint32_t)size))
		return;			/* no file is read that is none */
	begin(&work);
	text = arena_alloc(work.arena, rules_size + size + 1);
	memcpy(text, rules, rules_size);
	memcpy(text + rules_size, data, size);
	source.text = text;
	source.size = rules_size + size;
	work.sources.first = &source;	/* as if it had been read */
	if (compile(&work, source.path))
		run_tests(&work);
	end(&work, diags_errors(work.diags) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	if (*data == 't')
		blocks(data + 1, size - 1);
	else if (!memchr(data + 1, '\0', size - 1))
		question(&images[*data % N_POLICIES], data + 1, size - 1);
	return 0;
}
