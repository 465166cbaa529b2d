/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The compiler of patterns: a good one's table is sound and finds what a walk
 * over the pattern's own text finds; a bad one is refused at a byte of it.
 *
 * Input: the pattern, up to the last newline, and behind it the text.
 */
#include <string.h>

#include "../../kernel/security/dfa.h"
#include "../../policy/psl/regex.h"
#include "../unit/support/regex_model.h"
#include "support/fuzz.h"

enum { PATTERN_MAX = 256 };

static struct place pattern_place, text_place, table_place;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	place_init(&pattern_place, PATTERN_MAX);
	place_init(&text_place, REGEX_MODEL_TEXT_MAX);
	place_init(&table_place, REGEX_CELLS_MAX * sizeof(uint16_t));
	return 0;
}

static void check_table(const struct regex *regex)
{
	const struct image_dfa *dfa = &regex->dfa;
	size_t n = (size_t)(dfa->n_states - 2) * dfa->n_classes;

	FUZZ_CHECK(dfa->n_states >= 2 && dfa->start < dfa->n_states);
	FUZZ_CHECK(dfa->n_classes >= 2 && dfa->n_classes <= 257);
	for (int byte = 0; byte < 256; byte++)
		FUZZ_CHECK(dfa->class_of[byte] + 1 < dfa->n_classes);
	for (size_t i = 0; i < n; i++)
		FUZZ_CHECK(regex->next[i] < dfa->n_states);
	for (size_t i = dfa->n_classes; i <= n; i += dfa->n_classes)
		FUZZ_CHECK(regex->next[i - 1] <= DFA_MATCHED);
}

static void check_text(const struct regex *regex, const char *pattern,
		       size_t pattern_size, const uint8_t *text, size_t size)
{
	size_t n = (size_t)(regex->dfa.n_states - 2) * regex->dfa.n_classes;
	int model = regex_model_search(pattern, pattern_size,
				       (const char *)text, size);
	const uint16_t *table = (const uint16_t *)(const void *)
		place_put(&table_place, regex->next, n * sizeof(*table));
	bool found = dfa_match(&regex->dfa, table, size ? text : NULL,
			       (uint32_t)size);

	FUZZ_CHECK(model < 0 || model == found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = memrchr(data, '\n', size);
	size_t pattern_size = newline ? (size_t)(newline - data) : size;
	size_t text_size = newline ? size - pattern_size - 1 : 0;
	struct arena *arena;
	struct regex_error error = { 0 };
	const struct regex *regex;
	const char *pattern;
	const uint8_t *text;

	if (pattern_size > PATTERN_MAX)
		return 0;
	if (text_size > REGEX_MODEL_TEXT_MAX)
		text_size = REGEX_MODEL_TEXT_MAX;
	arena = arena_new();
	pattern = (const char *)place_put(&pattern_place, data, pattern_size);
	regex = regex_compile(arena, pattern, pattern_size, &error);
	if (!regex) {
		FUZZ_CHECK(error.what && *error.what);
		FUZZ_CHECK(error.at <= pattern_size);
		arena_free(arena);
		return 0;
	}
	check_table(regex);
	text = place_put(&text_place, newline ? newline + 1 : data, text_size);
	check_text(regex, pattern, pattern_size, text, text_size);
	arena_free(arena);
	return 0;
}
