/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "template.h"

#include <string.h>

#define NAMES_MAX 4096u		/* -D that suggestions look at */

enum state { STATE_PLAIN, STATE_QUOTED, STATE_LINE, STATE_COMMENT };

/* An {% if %} that is open. */
struct branch {
	struct pos pos;
	bool outer;		/* what is around it is left out */
	bool taken;		/* one of its parts was not left out */
	bool last;		/* {% else %} has been */
};

struct expander {
	struct sources *sources;
	struct diags *diags;
	const struct source *source;
	enum template_kind kind;
	bool lenient;
	size_t errors;			/* before */
	/* the place in the file */
	size_t at;
	uint32_t line, column;
	enum state state;
	char quote;
	struct branch *branches;
	size_t n_branches, branches_capacity;
	bool skips;			/* text here is left out */
	/* what comes out */
	char *text;
	size_t size, capacity;
	uint32_t out_line, out_column;
	struct source_span *spans;
	size_t n_spans, spans_capacity;
	bool copies;			/* the last span grows */
	bool changed;
};

/* ---- the file ---- */

static int peek(const struct expander *e, size_t ahead)
{
	size_t at = e->at + ahead;

	return at < e->source->size ? (unsigned char)e->source->text[at] : -1;
}

static bool looks_at(const struct expander *e, const char *text)
{
	size_t size = strlen(text);

	return e->source->size - e->at >= size &&
	       !memcmp(e->source->text + e->at, text, size);
}

static struct pos here(const struct expander *e, size_t length)
{
	return (struct pos){ e->source, (uint32_t)e->at, (uint32_t)length,
			     e->line, e->column };
}

static void move(const char *text, size_t size, uint32_t *line,
		 uint32_t *column)
{
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\n') {
			++*line;
			*column = 1;
		} else {
			++*column;
		}
	}
}

static void advance(struct expander *e, size_t n)
{
	move(e->source->text + e->at, n, &e->line, &e->column);
	e->at += n;
}

/* ---- what comes out ---- */

static void add_text(struct expander *e, const char *text, size_t size)
{
	if (e->size + size + 1 > SOURCE_SIZE_MAX) {
		if (e->size <= SOURCE_SIZE_MAX)
			diag_error(e->diags, here(e, 0), "the template makes "
				   "more than %u MiB", SOURCE_SIZE_MAX >> 20);
		e->size = SOURCE_SIZE_MAX + 1;	/* and no more */
		return;
	}
	while (e->size + size + 1 > e->capacity) {
		size_t capacity = e->capacity ? e->capacity * 2 : 4096;
		char *more = arena_alloc(e->sources->arena, capacity);

		if (e->size)
			memcpy(more, e->text, e->size);
		e->text = more;
		e->capacity = capacity;
	}
	if (size)
		memcpy(e->text + e->size, text, size);
	e->size += size;
	move(text, size, &e->out_line, &e->out_column);
}

/* LENGTH bytes of the file stand for what is added next; 0: they are copied. */
static void add_span(struct expander *e, size_t length)
{
	*ARENA_PUSH(e->sources->arena, e->spans, e->n_spans,
		    e->spans_capacity) = (struct source_span){
		.offset = (uint32_t)e->size, .line = e->out_line,
		.column = e->out_column, .origin = here(e, length),
	};
}

/* N bytes as they stand, or left out. */
static void copy(struct expander *e, size_t n)
{
	if (!e->skips) {
		if (!e->copies)
			add_span(e, 0);
		e->copies = true;
		add_text(e, e->source->text + e->at, n);
	}
	advance(e, n);
}

static void leave_out(struct expander *e, size_t n)
{
	e->copies = false;
	e->changed = true;
	advance(e, n);
}

/* ---- names ---- */

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

bool template_is_name(const char *text, size_t size)
{
	if (!size || !is_letter(text[0]))
		return false;
	if (size > 1 && text[size - 1] == '+')
		size--;
	for (size_t i = 1; i < size; i++)
		if (!is_letter(text[i]) && !is_digit(text[i]) &&
		    text[i] != '.' && text[i] != '-')
			return false;
	return true;
}

static bool ends_with(const char *text, const char *end)
{
	size_t size = strlen(text), tail = strlen(end);

	return size >= tail && !strcmp(text + size - tail, end);
}

/* What NAME stands for; NULL if it is unknown. */
static const char *find_name(const struct expander *e, const char *name)
{
	const struct sources *sources = e->sources;

	for (size_t i = 0; i < sources->n_defines; i++)
		if (!strcmp(sources->defines[i].name, name))
			return sources->defines[i].text;
	if (!strcmp(name, "INIT_EXTERNAL_ENTITIES"))
		return e->kind == TEMPLATE_PSL ?
		       "use EDL kl.core.NameServer" :
		       "- name: kl.core.NameServer";
	if (!strncmp(name, "INIT_", 5) &&
	    (ends_with(name, "_ENTITY_CONNECTIONS") ||
	     ends_with(name, "_ENTITY_CONNECTIONS+")))
		return "";
	return NULL;
}

static void unknown_name(const struct expander *e, const char *name,
			 struct pos where)
{
	const char *names[NAMES_MAX + 1] = { "INIT_EXTERNAL_ENTITIES" };
	const char *near;
	size_t n = 1;

	for (size_t i = 0; i < e->sources->n_defines && n <= NAMES_MAX; i++)
		names[n++] = e->sources->defines[i].name;
	near = diag_nearest(name, names, n);
	if (near)
		diag_error(e->diags, where, "unknown name '%s' of the template, "
			   "did you mean '%s'?", name, near);
	else
		diag_error(e->diags, where, "unknown name '%s' of the template, "
			   "expected one that -D gives", name);
}

/* Bytes of the @NAME@ here; 0: there is none. */
static size_t name_here(const struct expander *e)
{
	size_t n = 1;

	if (!is_letter(peek(e, 1)))
		return 0;
	while (peek(e, n) != '@' && peek(e, n) > ' ')
		n++;
	return peek(e, n) == '@' &&
	       template_is_name(e->source->text + e->at + 1, n - 1) ? n + 1 : 0;
}

static void expand_name(struct expander *e, size_t size)
{
	const char *name, *text;

	if (e->skips) {
		copy(e, size);
		return;
	}
	name = arena_strndup(e->sources->arena, e->source->text + e->at + 1,
			     size - 2);
	text = find_name(e, name);
	if (text) {
		add_span(e, size);
		add_text(e, text, strlen(text));
		leave_out(e, size);
		return;
	}
	if (!e->lenient || (e->kind == TEMPLATE_PSL && e->state == STATE_PLAIN))
		unknown_name(e, name, here(e, size));
	copy(e, size - 1);	/* its last @ may be another's first */
}

/* ---- {% if %} ---- */

static void skip_blanks(struct expander *e)
{
	while (peek(e, 0) == ' ' || peek(e, 0) == '\t')
		advance(e, 1);
}

/* The word here, which is left behind; NULL: there is none. */
static const char *take_word(struct expander *e, struct pos *pos)
{
	size_t n = 0;

	skip_blanks(e);
	if (is_letter(peek(e, 0)))
		while (is_letter(peek(e, n)) || is_digit(peek(e, n)) ||
		       peek(e, n) == '.')
			n++;
	*pos = here(e, n);
	if (!n)
		return NULL;
	advance(e, n);
	return arena_strndup(e->sources->arena, e->source->text + pos->offset,
			     n);
}

/* 'v' or "v"; NULL: there is none that ends on this line. */
static const char *take_quoted(struct expander *e)
{
	size_t n = 1;
	const char *text;

	skip_blanks(e);
	if (peek(e, 0) != '"' && peek(e, 0) != '\'')
		return NULL;
	while (peek(e, n) != peek(e, 0) && peek(e, n) != '\n' &&
	       peek(e, n) >= 0)
		n++;
	if (peek(e, n) != peek(e, 0))
		return NULL;
	text = arena_strndup(e->sources->arena, e->source->text + e->at + 1,
			     n - 1);
	advance(e, n + 1);
	return text;
}

/* X == "v" or X != "v". *GOOD: it could be read. */
static bool take_condition(struct expander *e, bool matters, bool *good)
{
	const char *name, *value, *wanted;
	struct pos pos;
	bool equal;

	*good = false;
	name = take_word(e, &pos);
	if (!name) {
		diag_error(e->diags, pos, "expected a name that -D gives");
		return false;
	}
	skip_blanks(e);
	equal = looks_at(e, "==");
	if (!equal && !looks_at(e, "!=")) {
		diag_error(e->diags, here(e, 0), "expected '==' or '!=' after "
			   "'%s'", name);
		return false;
	}
	advance(e, 2);
	wanted = take_quoted(e);
	if (!wanted) {
		diag_error(e->diags, here(e, 0), "expected a text in quotes "
			   "after '%s'", equal ? "==" : "!=");
		return false;
	}
	*good = true;
	value = find_name(e, name);
	if (!value && matters)
		unknown_name(e, name, pos);
	return value && equal == !strcmp(value, wanted);
}

static void open_branch(struct expander *e, struct pos pos, bool *good)
{
	struct branch branch = { .pos = pos, .outer = e->skips };

	branch.taken = take_condition(e, !branch.outer, good);
	e->skips = branch.outer || !branch.taken;
	*ARENA_PUSH(e->sources->arena, e->branches, e->n_branches,
		    e->branches_capacity) = branch;
}

/* {% elif %} or {% else %}. */
static void turn_branch(struct expander *e, bool last, bool *good)
{
	struct branch *branch = &e->branches[e->n_branches - 1];
	bool fits = last || take_condition(e, !branch->outer, good);

	e->skips = branch->outer || branch->taken || !fits;
	branch->taken = branch->taken || fits;
	branch->last = last;
}

/* A word that cannot stand here; what follows it is not looked at. */
static bool is_out_of_place(const struct expander *e, const char *word,
			    struct pos pos)
{
	static const char *const words[] = { "if", "elif", "else", "endif" };
	const struct branch *branch = e->n_branches ?
		&e->branches[e->n_branches - 1] : NULL;
	size_t i = 0;

	while (i < 4 && strcmp(word, words[i]) != 0)
		i++;
	if (i == 4) {
		const char *near = diag_nearest(word, words, 4);

		diag_error(e->diags, pos, "found '%s', expected 'if', 'elif', "
			   "'else' or 'endif'%s%s%s", word,
			   near ? ", did you mean '" : "", near ? near : "",
			   near ? "'?" : "");
	} else if (i > 0 && !branch) {
		diag_error(e->diags, pos, "found '%s' without an 'if' before "
			   "it", word);
	} else if ((i == 1 || i == 2) && branch->last) {
		diag_error(e->diags, pos, "found '%s' after 'else', expected "
			   "'endif'", word);
		diag_note(e->diags, branch->pos, "its 'if' is here");
	} else {
		return false;
	}
	return true;
}

/* False: the rest cannot be read. */
static bool obey(struct expander *e, const char *word, struct pos pos)
{
	bool good = true;

	if (is_out_of_place(e, word, pos))
		return false;
	if (!strcmp(word, "if"))
		open_branch(e, pos, &good);
	else if (!strcmp(word, "endif"))
		e->skips = e->branches[--e->n_branches].outer;
	else
		turn_branch(e, !strcmp(word, "else"), &good);
	return good;
}

static void expand_directive(struct expander *e)
{
	const char *word;
	struct pos pos;
	bool good = false;

	leave_out(e, peek(e, 2) == '-' ? 3 : 2);
	word = take_word(e, &pos);
	if (word)
		good = obey(e, word, pos);
	else
		diag_error(e->diags, pos, "expected 'if', 'elif', 'else' or "
			   "'endif' after '{%%'");
	skip_blanks(e);
	if (looks_at(e, "-%}"))
		advance(e, 1);
	if (looks_at(e, "%}")) {
		advance(e, 2);
		return;
	}
	if (good)
		diag_error(e->diags, here(e, 0), "expected '%%}' to end this");
	/* the rest of it is no text of the policy */
	while (peek(e, 0) >= 0 && peek(e, 0) != '\n' && !looks_at(e, "%}"))
		advance(e, 1);
	if (looks_at(e, "%}"))
		advance(e, 2);
}

/* ---- comments and texts ---- */

/* Behind what a quoted scalar may begin. */
static bool may_quote(const struct expander *e)
{
	return e->at == 0 || strchr(" \t\n[,{:(", e->source->text[e->at - 1]);
}

static bool may_comment(const struct expander *e)
{
	return e->at == 0 || strchr(" \t\n", e->source->text[e->at - 1]);
}

/* What begins here; bytes that belong to it. */
static size_t enter(struct expander *e)
{
	int c = peek(e, 0);

	if (e->kind == TEMPLATE_PSL) {
		if (c == '"')
			e->state = STATE_QUOTED;
		else if (c == '/' && peek(e, 1) == '/')
			e->state = STATE_LINE;
		else if (c == '/' && peek(e, 1) == '*')
			e->state = STATE_COMMENT;
	} else if ((c == '"' || c == '\'') && may_quote(e)) {
		e->state = STATE_QUOTED;
	} else if (c == '#' && may_comment(e)) {
		e->state = STATE_LINE;
	}
	e->quote = (char)c;
	return e->state == STATE_COMMENT ? 2 : 1;
}

/* In a comment or a text: whether it ends here; bytes that belong to it. */
static size_t follow(struct expander *e)
{
	int c = peek(e, 0);
	size_t n = 1;

	switch (e->state) {
	case STATE_PLAIN:
		break;
	case STATE_LINE:
		if (c == '\n')
			e->state = STATE_PLAIN;
		break;
	case STATE_COMMENT:
		if (c == '*' && peek(e, 1) == '/') {
			e->state = STATE_PLAIN;
			n = 2;
		}
		break;
	case STATE_QUOTED:
		if ((c == '\\' && e->quote == '"' && peek(e, 1) >= 0) ||
		    (c == '\'' && e->quote == '\'' && peek(e, 1) == '\''))
			n = 2;
		else if (c == e->quote ||
			 (c == '\n' && e->kind == TEMPLATE_PSL))
			e->state = STATE_PLAIN;
		break;
	}
	return n;
}

static void step(struct expander *e)
{
	bool reads = e->state == STATE_PLAIN || e->state == STATE_QUOTED;
	size_t n = reads && peek(e, 0) == '@' ? name_here(e) : 0;

	if (n)
		expand_name(e, n);
	else if (e->state == STATE_PLAIN && looks_at(e, "{%"))
		expand_directive(e);
	else
		copy(e, e->state == STATE_PLAIN ? enter(e) : follow(e));
}

static const struct source *finish(struct expander *e)
{
	struct source *made;

	for (size_t i = 0; i < e->n_branches; i++)
		diag_error(e->diags, e->branches[i].pos, "this 'if' has no "
			   "'endif'");
	if (diags_errors(e->diags) != e->errors)
		return NULL;
	if (!e->changed)
		return e->source;
	if (!e->n_spans)
		add_span(e, 0);
	add_text(e, "", 0);
	made = arena_alloc(e->sources->arena, sizeof(*made));
	*made = *e->source;
	e->text[e->size] = '\0';
	made->text = e->text;
	made->size = e->size;
	made->spans = e->spans;
	made->n_spans = e->n_spans;
	return made;
}

const struct source *template_expand(struct sources *sources,
				     struct diags *diags,
				     const struct source *source,
				     enum template_kind kind)
{
	struct expander e = {
		.sources = sources, .diags = diags, .source = source,
		.kind = kind, .errors = diags_errors(diags),
		.lenient = !sources->n_defines &&
			   !ends_with(source->path, ".in"),
		.line = 1, .column = 1, .out_line = 1, .out_column = 1,
	};

	if (!strchr(source->text, '@') && !strstr(source->text, "{%"))
		return source;
	while (e.at < source->size && e.size <= SOURCE_SIZE_MAX)
		step(&e);
	return finish(&e);
}
