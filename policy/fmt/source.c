/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "fmt.h"

#include <string.h>

static enum fmt_language language_of(const char *path)
{
	static const struct {
		const char *ending;
		enum fmt_language language;
	} endings[] = {
		{ ".edl", FMT_OFFER }, { ".cdl", FMT_OFFER },
		{ ".idl", FMT_IDL }, { ".psl", FMT_PSL },
		{ ".yaml", FMT_YAML }, { ".yml", FMT_YAML },
	};
	size_t size = strlen(path);

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		size_t end = strlen(endings[i].ending);

		if (size > end &&
		    !strcmp(path + size - end, endings[i].ending))
			return endings[i].language;
	}
	return FMT_NONE;
}

int fmt_knows(const char *path)
{
	return language_of(path) != FMT_NONE;
}

/* Comments may move their lines, and nothing else changes. */
static bool same_words(const char *left, const char *right)
{
	for (;;) {
		left += strspn(left, " \t\r\n");
		right += strspn(right, " \t\r\n");
		if (*left != *right)
			return false;
		if (!*left)
			return true;
		left++;
		right++;
	}
}

static bool same_items(const struct fmt_items *left,
		       const struct fmt_items *right)
{
	if (left->n != right->n)
		return false;
	for (size_t i = 0; i < left->n; i++) {
		const struct fmt_item *a = &left->all[i], *b = &right->all[i];

		if (a->kind != b->kind)
			return false;
		if (a->kind == TOKEN_END ? !same_words(a->text, b->text)
					 : strcmp(a->text, b->text) != 0)
			return false;
	}
	return true;
}

/* Our own mistake, if it happens: the file stays as it is. */
static const char *lost(struct diags *diags, const struct source *source)
{
	diag_error(diags, (struct pos){ .source = source, .line = 1,
					.column = 1 },
		   "the layout would change the meaning of this file: it is "
		   "left alone");
	return NULL;
}

static const char *lay_out_code(struct arena *arena, struct diags *diags,
				const struct source *source,
				enum fmt_language language)
{
	struct fmt_text text = { .arena = arena };
	struct fmt_items before = { 0 }, after = { 0 };
	struct source made = *source;

	if (!fmt_read(arena, diags, source, &before))
		return NULL;
	fmt_code(&text, &before, language);
	fmt_put(&text, "", 1);
	made.text = text.bytes;
	made.size = text.n - 1;
	if (!fmt_read(arena, diags, &made, &after) ||
	    !same_items(&before, &after))
		return lost(diags, source);
	return text.bytes;
}

static const char *lay_out_yaml(struct arena *arena, struct diags *diags,
				const struct source *source)
{
	struct fmt_text text = { .arena = arena };

	if (!fmt_yaml(&text, diags, source))
		return NULL;
	fmt_put(&text, "", 1);
	return text.bytes;
}

const char *fmt_source(struct arena *arena, struct diags *diags,
		       const struct source *source)
{
	enum fmt_language language = language_of(source->path);

	if (language == FMT_YAML)
		return lay_out_yaml(arena, diags, source);
	return lay_out_code(arena, diags, source, language);
}
