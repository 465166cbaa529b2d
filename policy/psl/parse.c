/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Files and their declarations. */
#include "../front/template.h"
#include "parse.h"

#include <string.h>

#define USE_DEPTH_MAX 200

void parse_next(struct parser *parser)
{
	const struct token *token = &parser->lex.token;

	if (token->kind == TOKEN_PUNCT) {
		if (!strcmp(token->text, "{"))
			parser->braces++;
		else if (!strcmp(token->text, "}") && parser->braces)
			parser->braces--;
	}
	parser->end = token->pos.offset + token->pos.length;
	parser->end_line = token->pos.line;
	lex_next(&parser->lex);
}

bool parse_is(const struct parser *parser, const char *text)
{
	return lex_is(&parser->lex, text);
}

bool parse_take(struct parser *parser, const char *text)
{
	if (!parse_is(parser, text))
		return false;
	parse_next(parser);
	return true;
}

void parse_unexpected(struct parser *parser, const char *what)
{
	const struct token *token = &parser->lex.token;

	if (token->kind == TOKEN_BAD)
		return;
	diag_error(parser->ast->diags, token->pos, "expected %s, found %s",
		   what, lex_found(&parser->lex));
}

bool parse_expect(struct parser *parser, const char *text, const char *context)
{
	if (parse_take(parser, text))
		return true;
	parse_unexpected(parser, arena_printf(parser->ast->arena, "'%s' %s",
					      text, context));
	return false;
}

const char *parse_word(struct parser *parser, const char *what)
{
	const char *word;

	if (parser->lex.token.kind != TOKEN_WORD) {
		parse_unexpected(parser, what);
		return NULL;
	}
	word = names_one(parser->ast->names, parser->lex.token.text);
	parse_next(parser);
	return word;
}

struct pos parse_span(const struct parser *parser, struct pos begin)
{
	if (begin.line == parser->end_line && parser->end > begin.offset)
		begin.length = parser->end - begin.offset;
	return begin;
}

const char *parse_qname(struct parser *parser, const char *what,
			struct pos *pos)
{
	struct pos begin = parser->lex.token.pos;
	const char *name = parse_word(parser, what);

	while (name && parse_take(parser, ".")) {
		const char *part = parse_word(parser, what);

		if (!part)
			return NULL;
		name = lex_join(&parser->lex, name, part, begin);
	}
	if (!name)
		return NULL;
	if (pos)
		*pos = parse_span(parser, begin);
	return names_one(parser->ast->names, name);
}

bool parse_enter(struct parser *parser)
{
	if (parser->nesting < PARSE_NESTING_MAX) {
		parser->nesting++;
		return true;
	}
	diag_error(parser->ast->diags, parser->lex.token.pos,
		   "this is nested deeper than %d levels", PARSE_NESTING_MAX);
	return false;
}

void parse_leave(struct parser *parser)
{
	parser->nesting--;
}

bool parse_event_kind(const struct parser *parser, enum event_kind *kind)
{
	static const char *const words[EVENT_N] = {
		[EVENT_EXECUTE] = "execute", [EVENT_REQUEST] = "request",
		[EVENT_RESPONSE] = "response", [EVENT_ERROR] = "error",
		[EVENT_SECURITY] = "security",
	};

	for (int i = EVENT_EXECUTE; i < EVENT_N; i++)
		if (parse_is(parser, words[i])) {
			*kind = (enum event_kind)i;
			return true;
		}
	return false;
}

static bool parse_event(struct parser *parser, enum event_kind kind,
			struct pos pos)
{
	struct ast *ast = parser->ast;
	struct ast_event event = { .kind = kind, .pos = pos };

	if (!parse_selectors(parser, &event.selectors) ||
	    !parse_body(parser, &event.body))
		return false;
	*ARENA_PUSH(ast->arena, ast->events, ast->n_events,
		    ast->events_capacity) = event;
	return true;
}

static void add_class(struct ast *ast, const char *name, const char *edl,
		      struct pos pos)
{
	*ARENA_PUSH(ast->arena, ast->classes, ast->n_classes,
		    ast->classes_capacity) =
		(struct ast_class){ .name = name, .edl = edl, .pos = pos };
}

bool ast_uses(const struct ast *ast, const char *file)
{
	for (size_t i = 0; i < ast->n_used; i++)
		if (!strcmp(ast->used[i], file))
			return true;
	return false;
}

static void add_used(struct ast *ast, const char *name)
{
	*ARENA_PUSH(ast->arena, ast->used, ast->n_used, ast->used_capacity) =
		name;
}

static void no_file(struct ast *ast, const char *name, struct pos pos)
{
	const char *near = source_nearest(ast->sources, name, "psl");

	diag_error(ast->diags, pos, "found no policy %s below the include "
		   "directories (-I)%s%s%s",
		   source_file_name(ast->arena, name, "psl"),
		   near ? "; did you mean '" : "", near ? near : "",
		   near ? "'?" : "");
	/* What it would have brought is not missed once more. */
	if (near)
		add_used(ast, near);
}

/* `use a.b._`: NAME is "a.b". */
static void use_file(struct ast *ast, const char *name, struct pos pos)
{
	const struct source *source;

	if (ast_uses(ast, name))
		return;
	add_used(ast, name);
	if (ast->depth == USE_DEPTH_MAX) {
		diag_error(ast->diags, pos, "'use' is nested deeper than %d "
			   "files", USE_DEPTH_MAX);
		return;
	}
	source = source_find(ast->sources, ast->diags, name, "psl");
	if (!source)
		source = source_find(ast->sources, ast->diags, name, "psl.in");
	if (!source) {
		no_file(ast, name, pos);
		return;
	}
	source = template_expand(ast->sources, ast->diags, source,
				 TEMPLATE_PSL);
	if (!source)
		return;
	ast->depth++;
	ast_parse(ast, source);
	ast->depth--;
}

static bool parse_use(struct parser *parser)
{
	struct ast *ast = parser->ast;
	struct lexer ahead = parser->lex;
	struct pos pos;
	const char *name;
	size_t size;

	lex_next(&ahead);
	if (parse_is(parser, "EDL") && ahead.token.kind == TOKEN_WORD) {
		parse_next(parser);
		name = parse_qname(parser, "a class after 'use EDL'", &pos);
		if (name)
			add_class(ast, name, name, pos);
		return name;
	}
	name = parse_qname(parser, "'EDL' or a file's dotted name", &pos);
	if (!name)
		return false;
	size = strlen(name);
	if (size < 3 || strcmp(name + size - 2, "._") != 0) {
		diag_error(ast->diags, pos, "expected '%s._', for the policy "
			   "file, or 'EDL %s', for the class", name, name);
		return true;
	}
	use_file(ast, names_one(ast->names, arena_strndup(ast->arena, name,
							  size - 2)), pos);
	return true;
}

static bool parse_class(struct parser *parser)
{
	struct pos pos;
	const char *name, *edl;

	if (!parse_expect(parser, "class", "after 'task'"))
		return false;
	edl = name = parse_qname(parser, "the class's name", &pos);
	if (name && parse_take(parser, ":"))
		edl = parse_qname(parser, "the name of the class's EDL", NULL);
	if (edl)
		add_class(parser->ast, name, edl, pos);
	return edl;
}

static bool parse_declaration(struct parser *parser)
{
	struct pos pos = parser->lex.token.pos;
	enum event_kind kind;

	if (parse_event_kind(parser, &kind)) {
		const char *name;
		struct pos at;

		parse_next(parser);
		if (kind != EVENT_EXECUTE || !parse_take(parser, ":"))
			return parse_event(parser, kind, pos);
		name = parse_qname(parser, "an interface after 'execute:'", &at);
		if (name && strcmp(name, "kl.core.Execute") != 0)
			diag_error(parser->ast->diags, at, "expected "
				   "'kl.core.Execute', found '%s'", name);
		return name;
	}
	if (parse_take(parser, "use"))
		return parse_use(parser);
	if (parse_take(parser, "task"))
		return parse_class(parser);
	if (parse_take(parser, "audit"))
		return parse_audit(parser, pos);
	if (parse_take(parser, "policy"))
		return parse_object(parser);
	if (parse_take(parser, "assert"))
		return parse_pal(parser, pos);
	parse_unexpected(parser, "a declaration (use, task class, execute, "
			 "request, response, error, security)");
	return false;
}

/* After an error: on to what looks like the next declaration. */
static void recover(struct parser *parser)
{
	static const char *const begin[] = {
		"execute", "request", "response", "error", "security", "use",
		"task", "audit", "policy", "assert",
	};
	bool moved = false;

	for (;; parse_next(parser), moved = true) {
		const struct token *token = &parser->lex.token;

		if (token->kind == TOKEN_END)
			return;
		if (token->kind != TOKEN_WORD ||
		    (parser->braces && token->pos.column != 1) ||
		    (!moved && token->pos.column != 1))
			continue;
		for (size_t i = 0; i < sizeof(begin) / sizeof(*begin); i++)
			if (parse_is(parser, begin[i]))
				return;
	}
}

void ast_parse(struct ast *ast, const struct source *source)
{
	struct parser parser = { .ast = ast };

	for (size_t i = 0; i < ast->n_seen; i++)
		if (ast->seen[i] == source)
			return;
	*ARENA_PUSH(ast->arena, ast->seen, ast->n_seen, ast->seen_capacity) =
		source;
	lex_init(&parser.lex, ast->arena, ast->diags, source);
	while (parser.lex.token.kind != TOKEN_END) {
		uint32_t before = parser.lex.token.pos.offset;

		if (parse_declaration(&parser))
			continue;
		if (parser.lex.token.pos.offset == before)
			parse_next(&parser);
		recover(&parser);
		parser.braces = parser.nesting = 0;
		parser.minus = parser.angle = parser.cases = false;
	}
}
