/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <stdlib.h>
#include <string.h>

#include "test.h"

/* XML has no place for most control characters, escaped or not, and none for
   what is no UTF-8. */
static bool has_no_place(const char *text, size_t size)
{
	unsigned char c = (unsigned char)*text;

	return !size || c < 0x20 || c == 0x7f ||
	       (c == 0xc2 && (unsigned char)text[1] < 0xa0);
}

static void put_text(const char *text, FILE *to)
{
	size_t size;

	for (; *text; text += size ? size : 1) {
		size = source_character(text, strnlen(text, 4));
		if (*text == '&')
			fputs("&amp;", to);
		else if (*text == '<')
			fputs("&lt;", to);
		else if (*text == '>')
			fputs("&gt;", to);
		else if (*text == '"')
			fputs("&quot;", to);
		else if (*text == '\n')
			fputs("&#10;", to);
		else if (has_no_place(text, size))
			fputc('?', to);
		else
			fwrite(text, 1, size, to);
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

	fprintf(to, "      <failure message=\"%s\">", result->proof.undecided
		? "it is not decided" : result->never
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
