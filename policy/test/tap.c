/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <string.h>

#include "../image/dump.h"
#include "test.h"

const char *test_expected(enum pal_expect expect)
{
	return expect == PAL_DENY ? "deny" : expect == PAL_ANY ? "any" : "grant";
}

static void print_failure(const struct test_run *run,
			  const struct test_failure *failure,
			  const char *indent, FILE *to)
{
	const struct explanation *why = &failure->explanation;
	struct pos pos = source_origin(failure->one->pos);

	fputs(indent, to);
	dump_plain(to, pos.source->path);
	fprintf(to, ":%u: ", pos.line);
	if (failure->one->title) {
		dump_text(to, failure->one->title);
		fputs(": ", to);
	}
	fprintf(to, "%s%sexpected %s, got %s: ",
		failure->block ? failure->block : "",
		failure->block ? ": " : "", test_expected(failure->one->expect),
		why->verdict == VERDICT_GRANT ? "grant" : "deny");
	explain_print_event(run->image, why->ask, to);
	fputc('\n', to);
	explain_print_rules(why, arena_printf(run->arena, "%s  ", indent), to);
}

/* What contradicts a `never`, a line each. */
static void print_counter(const struct test_run *run,
			  const struct test_result *result, const char *indent,
			  FILE *to)
{
	struct pos pos = source_origin(result->never->pos);
	char line[1024];

	fputs(indent, to);
	dump_plain(to, pos.source->path);
	if (result->proof.undecided)
		fprintf(to, ":%u: it is not decided within %llu states:\n",
			pos.line, (unsigned long long)run->n_states);
	else
		fprintf(to, ":%u: it does not hold:\n", pos.line);
	for (const char *at = result->proof.counter; *at;) {
		size_t size = strcspn(at, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)size, at);
		fprintf(to, "%s  ", indent);
		dump_plain(to, line);
		fputc('\n', to);
		at += size + (at[size] == '\n');
	}
}

bool test_has_failed(const struct test_result *result)
{
	return result->n_failures || result->proof.counter;
}

void test_print_failures(const struct test_run *run,
			 const struct test_result *result, const char *indent,
			 FILE *to)
{
	if (result->proof.counter)
		print_counter(run, result, indent, to);
	for (size_t i = 0; i < result->n_failures; i++)
		print_failure(run, &result->failures[i], indent, to);
}

void test_print_tap(const struct test_run *run, FILE *to)
{
	fprintf(to, "1..%zu\n", run->n);
	for (size_t i = 0; i < run->n; i++) {
		const struct test_result *result = &run->results[i];

		fprintf(to, "%s %zu - ", test_has_failed(result) ? "not ok" : "ok",
			i + 1);
		/* What a '#' would begin is a directive. */
		dump_escaped(to, result->suite, "#\\");
		fputs(": ", to);
		dump_escaped(to, result->name, "#\\");
		fputc('\n', to);
		test_print_failures(run, result, "# ", to);
	}
	fprintf(to, "# %zu passed, %zu failed, %zu cases, %.3f ms\n",
		run->n - run->n_failed, run->n_failed, run->n_cases,
		(double)run->ns / 1e6);
}
