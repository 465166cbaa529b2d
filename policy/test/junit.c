/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <stdlib.h>

#include "test.h"

/* XML has no place for most control characters, escaped or not. */
static void put_text(const char *text, FILE *to)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		switch (c) {
		case '&':
			fputs("&amp;", to);
			break;
		case '<':
			fputs("&lt;", to);
			break;
		case '>':
			fputs("&gt;", to);
			break;
		case '"':
			fputs("&quot;", to);
			break;
		case '\n':
			fputs("&#10;", to);
			break;
		default:
			fputc(c < 0x20 || c == 0x7f ? '?' : c, to);
		}
	}
}

static void put(const char *before, const char *text, const char *after,
		FILE *to)
{
	fputs(before, to);
	put_text(text, to);
	fputs(after, to);
}

/* One for all cases of a test. */
static void put_failure(const struct test_run *run,
			const struct test_result *result, FILE *to)
{
	char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);

	fprintf(to, "      <failure message=\"%s\">", result->never
		? "it does not hold" : "another verdict than expected");
	if (memory) {
		test_print_failures(run, result, "", memory);
		fclose(memory);
		put_text(text, to);
		free(text);
	}
	fputs("</failure>\n", to);
}

static void put_result(const struct test_run *run,
		       const struct test_result *result, FILE *to)
{
	struct pos pos = source_origin(result->never
		? result->never->pos : result->sequence->pos);

	put("    <testcase classname=\"", result->suite, "\"", to);
	put(" name=\"", result->name, "\"", to);
	put(" file=\"", pos.source->path, "\"", to);
	fprintf(to, " line=\"%u\" assertions=\"%zu\" time=\"%.9f\"", pos.line,
		result->n_cases, (double)result->ns / 1e9);
	if (!test_has_failed(result)) {
		fputs("/>\n", to);
		return;
	}
	fputs(">\n", to);
	put_failure(run, result, to);
	fputs("    </testcase>\n", to);
}

void test_print_junit(const struct test_run *run, const char *policy, FILE *to)
{
	fprintf(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "
		"tests=\"%zu\" failures=\"%zu\" time=\"%.9f\">\n", run->n,
		run->n_failed, (double)run->ns / 1e9);
	put("  <testsuite name=\"", policy, "\"", to);
	fprintf(to, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" "
		"skipped=\"0\" time=\"%.9f\">\n", run->n, run->n_failed,
		(double)run->ns / 1e9);
	for (size_t i = 0; i < run->n; i++)
		put_result(run, &run->results[i], to);
	fputs("  </testsuite>\n</testsuites>\n", to);
}
