/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * dkc fmt: one byte chooses the language, the rest is a file. What is laid out
 * once stays as it is the second time, and code never loses its meaning.
 */
#include <string.h>

#include "../../policy/fmt/fmt.h"
#include "support/fuzz.h"

static const char *const paths[] = { "x.psl", "x.idl", "x.edl", "x.yaml" };
static const enum fmt_language languages[] = {
	FMT_PSL, FMT_IDL, FMT_OFFER, FMT_YAML
};

static bool is_text(const char *text, size_t size)
{
	for (size_t n; size; text += n, size -= n) {
		n = source_character(text, size);
		if (!n)
			return false;
	}
	return true;
}

/* Words in whatever order come out again, all of them. */
static void check_words(struct arena *arena, const struct source *source,
			enum fmt_language language)
{
	struct fmt_items before = { 0 }, after = { 0 };
	struct fmt_text text = { .arena = arena };
	struct source made = *source;

	if (!fmt_read(arena, diags_new(arena), source, &before))
		return;
	fmt_code(&text, &before, language);
	fmt_put(&text, "", 1);
	made.text = text.bytes;
	made.size = text.n - 1;
	FUZZ_CHECK(fmt_read(arena, diags_new(arena), &made, &after));
	FUZZ_CHECK(before.n == after.n);
	for (size_t i = 0; i < before.n; i++)
		FUZZ_CHECK(before.all[i].kind == after.all[i].kind &&
			   (before.all[i].kind == TOKEN_END ||
			    !strcmp(before.all[i].text, after.all[i].text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct diags *diags = diags_new(arena);
	struct source source = { 0 };
	const char *once, *twice;

	if (size) {
		source.path = paths[data[0] % 4];
		source.size = size - 1;
		source.text = arena_strndup(arena, (const char *)data + 1,
					    size - 1);
	}
	if (size && is_text(source.text, source.size)) {
		once = fmt_source(arena, diags, &source);
		if (languages[data[0] % 4] != FMT_YAML)
			check_words(arena, &source, languages[data[0] % 4]);
		if (once) {
			source.text = once;
			source.size = strlen(once);
			twice = fmt_source(arena, diags, &source);
			FUZZ_CHECK(twice && !strcmp(once, twice));
		}
	}
	arena_free(arena);
	return 0;
}
