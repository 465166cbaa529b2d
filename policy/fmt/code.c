/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The layout of EDL, CDL, IDL and PSL: word after word, each with what stands
 * before it: nothing, a blank, or the beginning of a line.
 */
#include "fmt.h"

#include <string.h>


struct level {
	bool block;		/* a body; else what is inside an expression */
	bool inline_;		/* written on one line */
	bool counts;		/* its inside is a step further in */
	const char *owner;	/* first word of the statement that it is of */
	bool continued;		/* the outer statement's .continued */
	const char *first;	/* the outer statement's .first */
};

struct layout_state {
	struct fmt_text *text;
	const struct fmt_items *items;
	enum fmt_language language;
	struct level levels[FMT_DEPTH_MAX];	/* fmt_read saw to it */
	int depth;
	const char *first;	/* first word of the statement, NULL: none yet */
	size_t first_index;
	bool continued;		/* the statement is on its second line or later */
	unsigned column;
	int line_opened;	/* levels that the current line has opened */
};

static const struct fmt_item *at(const struct layout_state *s, size_t i)
{
	static const struct fmt_item none = { .kind = TOKEN_END, .text = "",
					      .match = -1 };

	return i < s->items->n ? &s->items->all[i] : &none;
}

static bool is(const struct fmt_item *item, const char *text)
{
	return item->kind != TOKEN_TEXT && !strcmp(item->text, text);
}

static bool is_one_of(const struct fmt_item *item, const char *const *words)
{
	for (; *words; words++)
		if (is(item, *words))
			return true;
	return false;
}

static bool is_comment(const struct fmt_item *item)
{
	return item->kind == TOKEN_END && item->text[0];
}

/* The word before I, comments left out. */
static const struct fmt_item *word_before(const struct layout_state *s,
					  size_t i)
{
	while (i-- && is_comment(at(s, i)))
		;
	return at(s, i);
}

static bool is_value(const struct fmt_item *item)
{
	return item->kind == TOKEN_WORD || item->kind == TOKEN_NUMBER ||
	       item->kind == TOKEN_TEXT || is(item, ")") || is(item, "]") ||
	       is(item, "}");
}

static bool in_block(const struct layout_state *s)
{
	return !s->depth || s->levels[s->depth - 1].block;
}

/* ---- statements ---- */

static bool is_selector(const struct layout_state *s, size_t i)
{
	static const char *const selectors[] = {
		"src", "dst", "interface", "component", "endpoint", "method",
		NULL
	};

	return is_one_of(at(s, i), selectors) && is(at(s, i + 1), "=");
}

static bool begins_declaration(const struct layout_state *s, size_t i)
{
	static const char *const psl[] = {
		"execute", "audit", "use", "task", "policy", "request",
		"response", "error", "security", "assert", NULL
	};
	static const char *const idl[] = {
		"package", "import", "const", "typedef", "struct", "union",
		"interface", NULL
	};
	static const char *const offer[] = {
		"entity", "task", "component", "components", "security",
		"endpoints", "interfaces", NULL
	};
	static const char *const going_on[] = {
		".", "=", ":", ",", "use", "EDL", "task", "class", "policy",
		"object", "audit", "profile", "default", "package", "import",
		"entity", "component", NULL
	};
	const char *const *words = s->language == FMT_PSL ? psl :
				   s->language == FMT_IDL ? idl : offer;

	return is_one_of(at(s, i), words) &&
	       !is_one_of(word_before(s, i), going_on);
}

/* Inside of setup, sequence, finally: the cases of a test. */
static bool in_cases(const struct layout_state *s)
{
	static const char *const owners[] = { "setup", "sequence", "finally",
					      NULL };
	struct fmt_item owner = { .kind = TOKEN_WORD, .text = "" };

	if (s->depth && s->levels[s->depth - 1].owner)
		owner.text = s->levels[s->depth - 1].owner;
	return is_one_of(&owner, owners);
}

static bool begins_case(const struct layout_state *s, size_t i)
{
	static const char *const expected[] = { "grant", "deny", "any", NULL };
	static const char *const kinds[] = { "execute", "request", "response",
					     "error", "security", NULL };
	static const char *const going_on[] = { "<-", "=", ".", ":", "~>",
						NULL };
	const struct fmt_item *prev = word_before(s, i), *cur = at(s, i);

	if (cur->kind != TOKEN_WORD || is_one_of(prev, going_on))
		return false;
	if (is(at(s, i + 1), "<-") || is_one_of(cur, expected))
		return true;
	return (is_one_of(cur, kinds) || is(at(s, i + 1), "~>")) &&
	       prev->kind != TOKEN_TEXT && !is_one_of(prev, expected);
}

/* Whether the word at I begins a statement, whatever the author's lines. */
static bool begins_statement(const struct layout_state *s, size_t i)
{
	static const char *const members[] = { "type", "config", NULL };
	static const char *const parts[] = { "setup", "sequence", "never",
					     "finally", NULL };
	const struct fmt_item *prev = word_before(s, i), *cur = at(s, i);
	const struct level *level = &s->levels[s->depth ? s->depth - 1 : 0];

	if (!i || is_comment(cur))
		return !i;
	if (!s->depth)
		return begins_declaration(s, i);
	if (!level->block)
		return false;
	if (in_cases(s))
		return begins_case(s, i);
	if (level->owner && !strcmp(level->owner, "assert"))
		return is_one_of(cur, parts) && !is(prev, ".") &&
		       !is(prev, "=");
	if (s->language == FMT_OFFER)
		return cur->kind == TOKEN_WORD && is(at(s, i + 1), ":");
	if (s->language == FMT_IDL)
		return is(prev, ";");
	if (cur->kind == TOKEN_PUNCT)
		return false;
	if (is(prev, ")") || is(prev, "]") || is(prev, "}"))
		return true;
	if (level->owner && !strcmp(level->owner, "policy"))
		return is_one_of(cur, members) && !is(prev, "=") &&
		       !is(prev, ".");
	return s->first && !strcmp(s->first, "audit") &&
	       prev->kind == TOKEN_WORD && cur->kind == TOKEN_WORD &&
	       i >= s->first_index + 2;
}

/* The author began a line here: a statement, or does one go on? */
static bool goes_on(const struct layout_state *s, size_t i)
{
	const struct fmt_item *prev = word_before(s, i), *cur = at(s, i);

	if (!in_block(s))
		return true;
	if (cur->kind == TOKEN_PUNCT && cur->match < 0)
		return true;
	if (prev->kind == TOKEN_PUNCT && prev->match < 0 && !is(prev, ";"))
		return true;
	return s->depth ? is_selector(s, i) :
	       !begins_declaration(s, i) && !is_comment(cur);
}

/* ---- bodies ---- */

static bool is_body(const struct layout_state *s, size_t i)
{
	static const char *const bodies[] = {
		"match", "setup", "sequence", "finally", NULL
	};
	static const char *const values[] = { "=", "(", "[", ",", NULL };
	const struct fmt_item *open = at(s, i), *prev = at(s, i - 1);
	struct fmt_item first = { .kind = TOKEN_WORD,
				  .text = s->first ? s->first : "" };

	if (!is(open, "{"))
		return false;
	if (s->language != FMT_PSL || !s->depth)
		return !i || !is(prev, "=");
	if (!in_block(s) || is_one_of(prev, values))
		return false;
	if (is(&first, "choice"))	/* its operand may be a dictionary */
		return !is(at(s, (size_t)open->match + 1), "{");
	if (is(prev, ":"))
		return s->levels[s->depth - 1].owner &&
		       !strcmp(s->levels[s->depth - 1].owner, "choice");
	return is_one_of(&first, bodies);
}

static unsigned width(const struct fmt_item *item)
{
	return fmt_columns(item->text, strlen(item->text), 0);
}

/* A body of one statement that the author wrote on one line may stay so. */
static bool stays_on_line(const struct layout_state *s, size_t i,
			  unsigned column)
{
	static const char *const nested[] = { "match", "choice", "audit",
					      NULL };
	static const char *const cases[] = { "setup", "sequence", "finally",
					     NULL };
	int end = at(s, i)->match;
	int depth = 0;

	if (s->language != FMT_PSL || end == (int)i + 1)
		return end == (int)i + 1;
	for (int k = (int)i; k <= end; k++) {
		const struct fmt_item *item = at(s, (size_t)k);

		column += width(item) + 1;
		if (is_comment(item) || (k > (int)i && item->newlines))
			return false;
		if (item->match < 0)
			continue;
		if (item->match < k && --depth == 1 &&
		    at(s, (size_t)k + 1)->kind != TOKEN_PUNCT)
			return false;	/* a second statement */
		if (item->match > k && depth++ == 1 && is(item, "{") &&
		    at(s, (size_t)k - 1)->kind != TOKEN_WORD)
			return false;
	}
	return column <= FMT_WIDTH && !is_one_of(at(s, i + 1), nested) &&
	       !is_one_of(at(s, i - 1), cases) &&
	       !is_one_of(at(s, i - 2), cases);
}

/* ---- blanks ---- */

static bool is_operator(const struct fmt_item *item)
{
	static const char *const operators[] = {
		"==>", "<-", "~>", "&&", "||", "==", "!=", "<=", ">=", "<<",
		">>", "**", "<", ">", "=", "+", "-", "*", "/", "%", "&", "|",
		"^", "~", "!", NULL
	};

	return item->kind == TOKEN_PUNCT && is_one_of(item, operators);
}

/* An operator before one value only. */
static bool is_unary(const struct layout_state *s, size_t i)
{
	static const char *const unary[] = { "!", "~", "-", NULL };

	return is_one_of(at(s, i), unary) && (!i || !is_value(at(s, i - 1)));
}

/* '<' and '>' of a type, which hold on to their words. */
static bool is_angle(const struct layout_state *s, size_t i)
{
	static const char *const types[] = { "List", "Set", "Map", NULL };

	if (!is(at(s, i), "<") && !is(at(s, i), ">"))
		return false;
	if (s->language == FMT_IDL)
		return true;
	if (is(at(s, i), "<"))
		return i && is_one_of(at(s, i - 1), types);
	return s->first && !strcmp(s->first, "type");
}

static bool spaces_colon(const struct layout_state *s)
{
	static const char *const spaced[] = { "task", "policy", NULL };
	struct fmt_item first = { .kind = TOKEN_WORD,
				  .text = s->first ? s->first : "" };

	return in_block(s) && (s->language == FMT_OFFER || in_cases(s) ||
			       is_one_of(&first, spaced));
}

static bool wants_blank(const struct layout_state *s, size_t i)
{
	static const char *const tight_before[] = { ",", ";", ")", "]", ".",
						    NULL };
	static const char *const tight_after[] = { "(", "[", ".", NULL };
	const struct fmt_item *prev = at(s, i - 1), *cur = at(s, i);

	if (is_operator(prev) && is_operator(cur) && cur->spaced)
		return true;	/* together they would be another one */
	if (is_one_of(prev, tight_after) || is_one_of(cur, tight_before) ||
	    is_unary(s, i - 1))
		return false;
	if (is(prev, "{") && is(cur, "}"))
		return false;
	if (is(cur, ":"))
		return spaces_colon(s);
	if (is_angle(s, i))
		return false;
	if (is_angle(s, i - 1))
		return is(prev, ">") && cur->kind != TOKEN_PUNCT;
	if (is(cur, "("))
		return s->language != FMT_IDL || is_operator(prev) ||
		       is(prev, ",");
	if (is(cur, "[") && is_value(prev))
		return cur->spaced;	/* a list, or an element? */
	return true;
}

/* ---- lines ---- */

static void put(struct layout_state *s, const char *bytes)
{
	size_t n = strlen(bytes);

	fmt_put(s->text, bytes, n);
	s->column = fmt_columns(bytes, n, s->column);
}

static int indent(const struct layout_state *s, const struct fmt_item *cur)
{
	int steps = 0;
	bool opened = false;

	for (int i = 0; i < s->depth; i++)
		steps += s->levels[i].counts;
	if (cur->match >= 0 && is_value(cur) && s->depth)
		return steps - s->levels[s->depth - 1].counts;
	opened = !in_block(s);
	return steps + (s->continued && !opened);
}

static void begin_line(struct layout_state *s, const struct fmt_item *cur,
		       bool blank)
{
	int steps = indent(s, cur);

	put(s, blank ? "\n\n" : "\n");
	while (steps-- > 0)
		put(s, "\t");
	s->line_opened = 0;
}

static void open_level(struct layout_state *s, size_t i)
{
	struct level *level = &s->levels[s->depth];

	*level = (struct level){
		.block = is_body(s, i), .owner = s->first, .first = s->first,
		.continued = s->continued,
	};
	level->inline_ = level->block && stays_on_line(s, i, s->column);
	/* Brackets that one line opens are one step together. */
	level->counts = level->block ? !level->inline_ : !s->line_opened++;
	if (level->block) {
		s->first = NULL;
		s->continued = false;
	}
	s->depth++;
}

static void close_level(struct layout_state *s)
{
	const struct level *level = &s->levels[--s->depth];

	s->first = level->first;
	s->continued = level->continued;
	if (s->line_opened > 0)
		s->line_opened--;
}

enum before { NOTHING, BLANK, LINE, STATEMENT };

static enum before before(const struct layout_state *s, size_t i)
{
	static const char *const joined[] = { ",", ";", ".", ":", NULL };
	const struct fmt_item *prev = at(s, i - 1), *cur = at(s, i);
	const struct level *level = &s->levels[s->depth ? s->depth - 1 : 0];
	bool body = s->depth && level->block;

	if (!i)
		return NOTHING;
	if (is_comment(prev) && (prev->text[1] == '/' || cur->newlines))
		return in_block(s) && !goes_on(s, i) ? STATEMENT : LINE;
	if (body && is(cur, "}"))
		return level->inline_ ? wants_blank(s, i) : LINE;
	if (body && prev->match > (int)i - 1 && is(prev, "{") &&
	    !is_comment(cur))
		return level->inline_ ? BLANK : STATEMENT;
	if (is_comment(cur))
		return cur->newlines ? (goes_on(s, i) ? LINE : STATEMENT)
				     : BLANK;
	if (begins_statement(s, i))
		return STATEMENT;
	if (is_body(s, i) || is_one_of(cur, joined) ||
	    (is(cur, "(") && prev->kind == TOKEN_WORD))
		return wants_blank(s, i) ? BLANK : NOTHING;
	if (cur->newlines)
		return goes_on(s, i) ? LINE : STATEMENT;
	return wants_blank(s, i) ? BLANK : NOTHING;
}

static void put_item(struct layout_state *s, size_t i)
{
	const struct fmt_item *item = at(s, i);
	unsigned from = 0;

	if (!is_comment(item)) {
		put(s, item->text);
		return;
	}
	for (uint32_t k = item->pos.offset; k && from < 4096; k--, from++)
		if (item->pos.source->text[k - 1] == '\n')
			break;
	from = fmt_columns(item->pos.source->text + item->pos.offset - from,
			   from, 0);
	fmt_put_comment(s->text, item->text, from, s->column);
	s->column = 0;
}

static void lay_out(struct layout_state *s, size_t i)
{
	const struct fmt_item *prev = at(s, i - 1), *cur = at(s, i);
	bool closing = cur->match >= 0 && cur->match < (int)i;
	enum before what = before(s, i);

	if (what == STATEMENT && !closing) {
		s->first = NULL;
		s->continued = false;
	}
	if (what == LINE || what == STATEMENT) {
		bool blank = cur->newlines > 1 && !closing &&
			     !(prev->match > (int)i - 1);

		if (what == LINE && !closing && in_block(s))
			s->continued = true;
		begin_line(s, cur, blank);
	} else if (what == BLANK) {
		put(s, is_comment(cur) ? "\t" : " ");
	}
	if (!s->first && cur->kind == TOKEN_WORD) {
		s->first = cur->text;
		s->first_index = i;
	}
	if (closing)
		close_level(s);
	put_item(s, i);
	if (cur->match > (int)i)
		open_level(s, i);
}

void fmt_code(struct fmt_text *text, const struct fmt_items *items,
	      enum fmt_language language)
{
	struct layout_state s = { .text = text, .items = items,
				  .language = language };

	for (size_t i = 0; i < items->n; i++)
		lay_out(&s, i);
	if (items->n)
		put(&s, "\n");
}
