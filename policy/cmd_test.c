/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dkc test: the tests of a policy. */
#include "cmd.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/test.h"

/* --fail-under: a percentage, in hundredths. False: it is none. */
static bool read_share(const char *text, uint32_t *share)
{
	char *end;
	double value;

	*share = 0;
	if (!text)
		return true;
	value = strtod(text, &end);
	if (end == text || *end || !(value >= 0) || value > 100)
		return false;
	*share = (uint32_t)(value * 100 + 0.5);
	return true;
}

/* Writes what PRINT prints to the file that OPTION gives. A status. */
static int write_file(const struct test_run *run, const char *path,
		      void (*print)(const struct test_run *, const char *,
				    FILE *), const char *policy)
{
	FILE *to;
	int error = 0;

	if (!path)
		return EXIT_FINE;
	to = fopen(path, "we");
	if (to) {
		print(run, policy, to);
		error = ferror(to) | fflush(to) ? errno : 0;
		if (fclose(to) && !error)
			error = errno;
	} else {
		error = errno;
	}
	if (!error)
		return EXIT_FINE;
	fprintf(stderr, "dkc: cannot write %s: %s\n", path, strerror(error));
	return EXIT_MACHINE;
}

static void print_lcov(const struct test_run *run, const char *policy, FILE *to)
{
	(void)policy;
	coverage_print_lcov(run->coverage, to);
}

/* Whether an output of the command line is one of its sources. */
static const char *find_overwritten(const struct command_line *line)
{
	static const enum option outputs[] = { OPTION_JUNIT, OPTION_LCOV };

	for (size_t i = 0; i < sizeof(outputs) / sizeof(*outputs); i++)
		if (line->given[outputs[i]] &&
		    cmd_is_same(line->given[outputs[i]], line->files[0]))
			return line->given[outputs[i]];
	return NULL;
}

/* The verdict on it all: what the exit status says. */
static int judge(const struct test_run *run, uint32_t least)
{
	struct coverage_sum all, reached;
	uint32_t share;

	if (!run->n) {
		fprintf(stderr, run->filter ? "dkc: no test has a name with "
			"'%s'\n" : "dkc: the policy has no 'assert' block\n",
			run->filter);
		return EXIT_SOURCES;
	}
	if (run->n_failed)
		return EXIT_SOURCES;
	if (!run->coverage || !least)
		return EXIT_FINE;
	share = coverage_count(run->coverage, &all, &reached);
	if (share >= least)
		return EXIT_FINE;
	fprintf(stderr, "dkc: coverage is %u.%02u %%, under %u.%02u\n",
		share / 100, share % 100, least / 100, least % 100);
	return EXIT_SOURCES;
}

static int run_tests(struct command_line *line, struct test_run *run,
		     uint32_t least)
{
	int status, printed;

	test_run(run);
	test_print_tap(run, stdout);
	if (line->given[OPTION_COVERAGE] || line->given[OPTION_UNDER])
		coverage_print(run->coverage, stdout);
	printed = cmd_printed();
	status = write_file(run, line->given[OPTION_JUNIT], test_print_junit,
			    line->files[0]);
	if (!status)
		status = write_file(run, line->given[OPTION_LCOV], print_lcov,
				    NULL);
	if (!status)
		status = printed;
	return status ? status : judge(run, least);
}

int cmd_test(struct command_line *line)
{
	struct compiled compiled;
	struct image_fault fault;
	struct image image;
	struct test_run run = { .arena = line->arena, .image = &image,
				.filter = line->given[OPTION_FILTER] };
	uint32_t least;
	int status;

	if (!cmd_states(line, "test", &run.n_states))
		return EXIT_USAGE;
	if (!read_share(line->given[OPTION_UNDER], &least))
		return cmd_wrong("--fail-under wants a percentage, not '%s'",
				 line->given[OPTION_UNDER], "test");
	if (line->n_files == 1 && find_overwritten(line))
		return cmd_wrong("%s is a source: the report would take its "
				 "place", find_overwritten(line), "test");
	status = cmd_compile(line, "test", &compiled);
	if (status) {
		cmd_report(compiled.diags);
		return status;
	}
	status = image_load(&image, compiled.image, compiled.size, &fault);
	assert(status);			/* image_build has tried it */
	run.state = arena_alloc(line->arena, security_state_size(&image) + 1);
	run.spare = arena_alloc(line->arena, security_state_size(&image) + 1);
	run.psl = compiled.psl;
	run.diags = compiled.diags;
	if (!test_check(&run))
		return cmd_report(compiled.diags);
	if (line->given[OPTION_COVERAGE] || line->given[OPTION_UNDER] ||
	    line->given[OPTION_LCOV])
		run.coverage = coverage_new(line->arena, &image);
	return run_tests(line, &run, least);
}
