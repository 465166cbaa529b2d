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

static const char *refuse(struct diags *diags, const struct source *source,
			  const char *why)
{
	diag_error(diags, (struct pos){ .source = source, .line = 1,
					.column = 1 },
		   "%s: the file is left as it is", why);
	return NULL;
}

/* ITEMS laid out; NULL if a word were lost, which is our own mistake. */
static const char *lay_out(struct arena *arena, const struct fmt_items *items,
			   enum fmt_language language,
			   const struct source *source, struct fmt_items *after)
{
	struct fmt_text text = { .arena = arena };
	struct source *made = arena_alloc(arena, sizeof(*made));

	fmt_code(&text, items, language);
	fmt_put(&text, "", 1);
	*made = *source;
	made->text = text.bytes;
	made->size = text.n - 1;
	return fmt_read(arena, diags_new(arena), made, after) &&
	       same_items(items, after) ? text.bytes : NULL;
}

/* What the grammar knows is stable at once; words in another order may not be. */
static const char *lay_out_code(struct arena *arena, struct diags *diags,
				const struct source *source,
				enum fmt_language language)
{
	struct fmt_items items = { 0 }, after = { 0 }, last = { 0 };
	const char *once, *twice;

	if (!fmt_read(arena, diags, source, &items))
		return NULL;
	once = lay_out(arena, &items, language, source, &after);
	if (!once)
		return refuse(diags, source, "the layout would lose a word");
	twice = lay_out(arena, &after, language, source, &last);
	if (!twice || strcmp(once, twice) != 0)
		return refuse(diags, source, "this has no layout, since it does "
			      "not follow the language's grammar");
	return once;
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
