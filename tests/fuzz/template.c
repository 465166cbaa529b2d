/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Templates: what comes out, and of which place in the file each byte is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../policy/front/diag.h"
#include "../../policy/front/template.h"
#include "support/fuzz.h"

static const struct define defines[] = {
	{ "NAME", "text" }, { "EMPTY", "" }, { "X", "v" },
	{ "LINES", "a\nb\n" }, { "AGAIN", "@NAME@" }, { "QUOTE", "\"'\\" },
	{ "UMLAUT", "\303\274" }, { "COMMENT", "/* {% if" },
};

/* One way to expand it. */
struct way {
	const char *path;
	enum template_kind kind;
	size_t n_defines;
};

static const struct way ways[] = {
	{ "t.psl", TEMPLATE_PSL, 0 },
	{ "t.psl.in", TEMPLATE_PSL, 8 },
	{ "t.yaml", TEMPLATE_YAML, 0 },
	{ "t.yaml.in", TEMPLATE_YAML, 8 },
};

static bool is_text(const char *text, size_t size)
{
	for (size_t at = 0, n; at < size; at += n) {
		n = source_character(text + at, size - at);
		if (n == 0)
			return false;
	}
	return true;
}

/* Line and column of an offset, counted again from the beginning. */
static void check_place(struct pos pos)
{
	uint32_t line = 1, column = 1;

	FUZZ_CHECK(pos.offset <= pos.source->size);
	FUZZ_CHECK(pos.length <= pos.source->size - pos.offset);
	for (size_t i = 0; i < pos.offset; i++) {
		column++;
		if (pos.source->text[i] == '\n') {
			line++;
			column = 1;
		}
	}
	FUZZ_CHECK(pos.line == line && pos.column == column);
}

/* SIZE bytes at TEXT are what the @NAME@ at POS stands for. The names that are
   always there begin with INIT_. */
static void check_name(struct pos pos, const char *text, size_t size)
{
	const char *name = pos.source->text + pos.offset + 1;
	size_t length = pos.length - 2;

	FUZZ_CHECK(name[-1] == '@' && name[length] == '@');
	for (size_t i = 0; i < sizeof(defines) / sizeof(defines[0]); i++)
		if (strlen(defines[i].name) == length &&
		    !memcmp(defines[i].name, name, length)) {
			FUZZ_CHECK(strlen(defines[i].text) == size);
			FUZZ_CHECK(!memcmp(defines[i].text, text, size));
			return;
		}
	FUZZ_CHECK(!strncmp(name, "INIT_", 5) && size < 30);
}

/* Every byte that came out is of the file, or stands for an @NAME@ in it. */
static void check_spans(const struct source *made, const struct source *source)
{
	FUZZ_CHECK(made->n_spans > 0 && made->spans[0].offset == 0);
	for (size_t i = 0; i < made->n_spans; i++) {
		const struct source_span *span = &made->spans[i];
		size_t end = i + 1 < made->n_spans ?
			     made->spans[i + 1].offset : made->size;

		FUZZ_CHECK(span->offset <= end && end <= made->size);
		FUZZ_CHECK(span->origin.source == source);
		check_place(span->origin);
		if (span->origin.length) {
			check_name(span->origin, made->text + span->offset,
				   end - span->offset);
			continue;
		}
		FUZZ_CHECK(end - span->offset <=
			   source->size - span->origin.offset);
		FUZZ_CHECK(!memcmp(made->text + span->offset,
				   source->text + span->origin.offset,
				   end - span->offset));
	}
}

/* What somebody asks later, of every 61st byte. */
static void check_origins(const struct source *made,
			  const struct source *source)
{
	uint32_t line = 1, column = 1;

	for (size_t i = 0; i < made->size; i++) {
		struct pos at = { .source = made, .offset = (uint32_t)i,
				  .length = 0, .line = line,
				  .column = column };

		if (i % 61 == 0) {
			at = source_origin(at);
			FUZZ_CHECK(at.source == source);
			check_place(at);
		}
		column++;
		if (made->text[i] == '\n') {
			line++;
			column = 1;
		}
	}
}

/* On the heap; NULL after errors. */
static char *expand(const struct way *way, const char *text, size_t size)
{
	struct arena *arena = arena_new();
	struct diags *diags = diags_new(arena);
	struct sources sources = { .arena = arena, .defines = defines,
				   .n_defines = way->n_defines };
	struct source source = { .path = way->path, .text = text,
				 .size = size };
	const struct source *made;
	char *copy = NULL, *said;
	size_t n;
	FILE *to = open_memstream(&said, &n);

	made = template_expand(&sources, diags, &source, way->kind);
	FUZZ_CHECK((made != NULL) == (diags_errors(diags) == 0));
	if (made) {
		FUZZ_CHECK(strlen(made->text) == made->size);
		FUZZ_CHECK(is_text(made->text, made->size));
		if (made != &source) {
			check_spans(made, &source);
			check_origins(made, &source);
		}
		copy = strdup(made->text);
		FUZZ_CHECK(copy);
	}
	FUZZ_CHECK(to);
	diags_print(diags, to, 0);
	fclose(to);
	free(said);
	arena_free(arena);
	return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	FUZZ_CHECK(text);
	memcpy(text, data, size);
	text[size] = '\0';
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]) &&
			   is_text(text, size); i++) {
		char *first = expand(&ways[i], text, size);
		char *second = expand(&ways[i], text, size);

		FUZZ_CHECK(!first == !second);
		FUZZ_CHECK(!first || !strcmp(first, second));
		if (!strchr(text, '@') && !strstr(text, "{%"))
			FUZZ_CHECK(first && !strcmp(first, text));
		free(first);
		free(second);
	}
	free(text);
	return 0;
}
