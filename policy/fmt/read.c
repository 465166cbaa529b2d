/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* From a source to its words and comments, and the check that none is lost. */
#include "fmt.h"

#include <string.h>

static void add(struct arena *arena, struct fmt_items *items,
		struct fmt_item item, const char *text, size_t size)
{
	item.text = arena_strndup(arena, text, size);
	item.match = -1;
	*ARENA_PUSH(arena, items->all, items->n, items->capacity) = item;
}

static size_t comment_size(const char *text)
{
	const char *end;

	if (text[1] == '/')
		return strcspn(text, "\n");
	end = strstr(text + 2, "*/");
	return end ? (size_t)(end + 2 - text) : strlen(text);
}

/* What stands between two tokens: comments are added, line ends counted. */
static unsigned read_blanks(struct arena *arena, struct fmt_items *items,
			    const struct source *source, uint32_t from,
			    uint32_t to)
{
	unsigned newlines = 0;

	while (from < to) {
		const char *at = source->text + from;
		size_t size = 1;

		if (*at == '\n') {
			newlines++;
		} else if (*at == '/') {
			struct fmt_item item = {
				.kind = TOKEN_END, .newlines = newlines,
				.pos = { .source = source, .offset = from },
			};

			size = comment_size(at);
			add(arena, items, item, at, size);
			newlines = 0;
		}
		from += (uint32_t)size;
	}
	return newlines;
}

static bool opens(char c)
{
	return c == '{' || c == '(' || c == '[';
}

static bool closes(char c)
{
	return c == '}' || c == ')' || c == ']';
}

static bool match_brackets(struct arena *arena, struct diags *diags,
			   struct fmt_items *items)
{
	static const char pairs[] = "{}()[]";
	int *open = arena_alloc(arena, (items->n + 1) * sizeof(*open));
	size_t depth = 0;

	for (size_t i = 0; i < items->n; i++) {
		struct fmt_item *item = &items->all[i];
		char c = item->text[0];

		if (item->kind != TOKEN_PUNCT || item->text[1])
			continue;
		if (opens(c) && depth == FMT_DEPTH_MAX) {
			diag_error(diags, item->pos, "more than %u brackets "
				   "inside each other", FMT_DEPTH_MAX);
			return false;
		}
		if (opens(c)) {
			open[depth++] = (int)i;
		} else if (closes(c)) {
			struct fmt_item *other = depth ?
				&items->all[open[--depth]] : NULL;

			if (!other || strchr(pairs, other->text[0])[1] != c) {
				diag_error(diags, item->pos,
					   "found '%c', which no bracket before "
					   "it opens", c);
				return false;
			}
			item->match = open[depth];
			other->match = (int)i;
		}
	}
	if (depth)
		diag_error(diags, items->all[open[depth - 1]].pos,
			   "found '%s', which nothing closes",
			   items->all[open[depth - 1]].text);
	return !depth;
}

/* @NAME@, {% if … %} */
static bool is_template(const struct source *source, const struct token *token)
{
	return token->kind == TOKEN_PUNCT &&
	       (!strcmp(token->text, "@") ||
		(!strcmp(token->text, "{") &&
		 source->text[token->pos.offset + 1] == '%'));
}

bool fmt_read(struct arena *arena, struct diags *diags,
	      const struct source *source, struct fmt_items *items)
{
	size_t errors = diags_errors(diags);
	struct lexer lexer;
	uint32_t end = 0;
	unsigned newlines;

	lex_init(&lexer, arena, diags, source);
	while (diags_errors(diags) == errors) {
		const struct token *token = &lexer.token;
		uint32_t start = token->kind == TOKEN_END ?
			(uint32_t)source->size : token->pos.offset;

		newlines = read_blanks(arena, items, source, end, start);
		if (token->kind == TOKEN_END)
			break;
		if (is_template(source, token)) {
			diag_error(diags, token->pos, "found '%s' of a "
				   "template, which has no layout: what it "
				   "stands for may be anything", token->text);
			break;
		}
		end = lexer.offset;
		add(arena, items, (struct fmt_item){
			.kind = token->kind, .pos = token->pos,
			.newlines = newlines, .spaced = token->spaced,
		}, source->text + start, end - start);
		lex_next(&lexer);
	}
	return diags_errors(diags) == errors &&
	       match_brackets(arena, diags, items);
}

/* ---- text ---- */

void fmt_put(struct fmt_text *text, const char *bytes, size_t n)
{
	while (n--)
		*ARENA_PUSH(text->arena, text->bytes, text->n,
			    text->capacity) = *bytes++;
}

unsigned fmt_columns(const char *bytes, size_t n, unsigned column)
{
	for (; n--; bytes++) {
		if (*bytes == '\n')
			column = 0;
		else if (*bytes == '\t')
			column += 8 - column % 8;
		else if (((unsigned char)*bytes & 0xc0) != 0x80)
			column++;
	}
	return column;
}

static void put_indent(struct fmt_text *text, unsigned columns)
{
	for (; columns >= 8; columns -= 8)
		fmt_put(text, "\t", 1);
	while (columns--)
		fmt_put(text, " ", 1);
}

void fmt_put_comment(struct fmt_text *text, const char *comment, unsigned from,
		     unsigned to)
{
	for (bool first = true; ; first = false) {
		size_t size = strcspn(comment, "\n"), end = size;
		size_t blanks = strspn(comment, " \t");
		unsigned column = fmt_columns(comment, blanks, 0);

		while (end && strchr(" \t\r", comment[end - 1]))
			end--;
		if (first) {
			fmt_put(text, comment, end);
		} else if (end > blanks) {
			put_indent(text, column + to > from ?
				   column + to - from : 0);
			fmt_put(text, comment + blanks, end - blanks);
		}
		if (!comment[size])
			return;
		fmt_put(text, "\n", 1);
		comment += size + 1;
	}
}
