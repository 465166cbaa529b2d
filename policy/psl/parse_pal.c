/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Blocks of tests in the policy, and single events written like their cases. */
#include "parse.h"

#include <string.h>

static bool fail(struct parser *parser, const char *what)
{
	parse_unexpected(parser, what);
	return false;
}

static const char *take_text(struct parser *parser)
{
	const char *text = parser->lex.token.text;

	if (parser->lex.token.kind != TOKEN_TEXT)
		return NULL;
	parse_next(parser);
	return text;
}

static bool next_is(const struct parser *parser, const char *text)
{
	struct lexer ahead = parser->lex;

	lex_next(&ahead);
	return lex_is(&ahead, text);
}

static void select_word(struct ast_selectors *selectors, enum selector which,
			const char *value, struct pos pos)
{
	selectors->given |= 1u << which;
	selectors->value[which] = value;
	selectors->pos[which] = pos;
}

/* component.endpoint.Method */
static bool parse_target(struct parser *parser, struct ast_selectors *selectors)
{
	struct names *names = parser->ast->names;
	struct pos pos;
	const char *path = parse_qname(parser, "an endpoint and a method", &pos);
	const char *dot = path ? strrchr(path, '.') : NULL;

	if (path && !dot)
		diag_error(parser->ast->diags, pos, "expected an endpoint and a "
			   "method, as in 'endpoint.Method', found '%s'", path);
	if (!dot)
		return false;
	select_word(selectors, SELECT_ENDPOINT, names_one(names,
		    arena_strndup(parser->ast->arena, path,
				  (size_t)(dot - path))), pos);
	select_word(selectors, SELECT_METHOD, names_one(names, dot + 1), pos);
	return true;
}

/* client ~> server : component.endpoint.Method { ... } */
static bool parse_short(struct parser *parser, struct pal_case *to)
{
	struct ast_selectors *selectors = &to->selectors;
	struct pos src = parser->lex.token.pos, dst;
	const char *name = parse_qname(parser, "an event or a variable", &src);

	to->kind = EVENT_REQUEST;
	if (!name || !parse_expect(parser, "~>", "between client and server"))
		return false;
	select_word(selectors, SELECT_SRC, name, src);
	name = parse_qname(parser, "the server's variable", &dst);
	if (!name || !parse_expect(parser, ":", "after the server"))
		return false;
	select_word(selectors, SELECT_DST, name, dst);
	if (!parse_target(parser, selectors))
		return false;
	if (!parse_is(parser, "{"))
		return fail(parser, "'{' for the parameters");
	to->parameters = parse_dictionary(parser);
	return to->parameters;
}

static bool parse_event_of(struct parser *parser, struct pal_case *to)
{
	if (!parse_event_kind(parser, &to->kind) || next_is(parser, "~>"))
		return parse_short(parser, to);
	parse_next(parser);
	if (!parse_selectors(parser, &to->selectors))
		return false;
	if (!parse_is(parser, "{"))
		return true;
	to->parameters = parse_dictionary(parser);
	return to->parameters;
}

static bool parse_case(struct parser *parser, struct pal_case *to)
{
	to->pos = parser->lex.token.pos;
	parser->nodes = 0;
	if (next_is(parser, "<-")) {
		to->variable_pos = to->pos;
		to->variable = parse_word(parser, "a variable before '<-'");
		if (!to->variable)
			return false;
		parse_next(parser);
	}
	if (!next_is(parser, "~>")) {
		if (parse_take(parser, "deny"))
			to->expect = PAL_DENY;
		else if (parse_take(parser, "any"))
			to->expect = PAL_ANY;
		else
			parse_take(parser, "grant");
	}
	to->title = take_text(parser);
	return parse_event_of(parser, to);
}

static bool parse_block(struct parser *parser, struct pal_block *block)
{
	if (!parse_expect(parser, "{", "to begin the block"))
		return false;
	while (!parse_take(parser, "}")) {
		struct pal_case one = { 0 };

		if (parser->lex.token.kind == TOKEN_END)
			return fail(parser, "'}'");
		if (!parse_case(parser, &one))
			return false;
		*ARENA_PUSH(parser->ast->arena, block->cases, block->n,
			    block->capacity) = one;
	}
	return true;
}

/* src ~> dst [through names] */
static bool parse_flow(struct parser *parser, struct pal_never *never)
{
	struct pos pos;
	const char *src = parse_qname(parser, "a class after 'flow'", &pos);
	const char *dst;

	if (!src || !parse_expect(parser, "~>", "between two classes"))
		return false;
	select_word(&never->selectors, SELECT_SRC, src, pos);
	dst = parse_qname(parser, "a class after '~>'", &pos);
	if (!dst)
		return false;
	select_word(&never->selectors, SELECT_DST, dst, pos);
	never->flow = true;
	never->through_names = parse_take(parser, "through");
	never->text = arena_printf(parser->ast->arena, "never flow %s ~> %s%s",
				   src, dst, never->through_names
				   ? " through names" : "");
	return !never->through_names ||
	       parse_expect(parser, "names", "after 'through'");
}

static const char *never_text(struct arena *arena,
			      const struct pal_never *never, const char *kind)
{
	const char *text = arena_printf(arena, "never %s", kind);

	for (int i = 0; i < SELECT_N; i++)
		if (never->selectors.value[i])
			text = arena_printf(arena, "%s %s=%s", text,
					    selector_names[i],
					    never->selectors.value[i]);
	return text;
}

static bool parse_never(struct parser *parser, struct pal_test *test)
{
	struct pal_never never = { .pos = parser->lex.token.pos };
	const char *kind;
	bool fine;

	parse_next(parser);
	kind = parser->lex.token.text;
	if (parse_take(parser, "flow")) {
		fine = parse_flow(parser, &never);
	} else if (parse_event_kind(parser, &never.kind)) {
		parse_next(parser);
		fine = parse_selectors(parser, &never.selectors);
		never.text = never_text(parser->ast->arena, &never, kind);
	} else {
		return fail(parser, "an event's kind, or 'flow', after 'never'");
	}
	if (fine)
		*ARENA_PUSH(parser->ast->arena, test->nevers, test->n_nevers,
			    test->nevers_capacity) = never;
	return fine;
}

static bool parse_nevers(struct parser *parser, struct pal_test *test)
{
	while (parse_is(parser, "never"))
		if (!parse_never(parser, test))
			return false;
	return true;
}

bool parse_pal(struct parser *parser, struct pos pos)
{
	struct ast *ast = parser->ast;
	struct pal_test test = { .pos = pos, .title = take_text(parser) };

	if (!parse_expect(parser, "{", "after 'assert'"))
		return false;
	if (!parse_nevers(parser, &test))
		return false;
	if (parse_take(parser, "setup") && !parse_block(parser, &test.setup))
		return false;
	if (!parse_nevers(parser, &test))
		return false;
	while (parse_is(parser, "sequence")) {
		struct pal_sequence one = { .pos = parser->lex.token.pos };

		parse_next(parser);
		one.title = take_text(parser);
		if (!parse_block(parser, &one.block))
			return false;
		*ARENA_PUSH(ast->arena, test.sequences, test.n,
			    test.capacity) = one;
		if (!parse_nevers(parser, &test))
			return false;
	}
	if (parse_take(parser, "finally") &&
	    !parse_block(parser, &test.finally))
		return false;
	if (!parse_expect(parser, "}", "to end the 'assert' block, or "
			  "'never', 'setup', 'sequence', 'finally'"))
		return false;
	*ARENA_PUSH(ast->arena, ast->tests, ast->n_tests,
		    ast->tests_capacity) = test;
	return true;
}

bool pal_parse_event(struct arena *arena, struct diags *diags,
		     const struct source *source, struct pal_case *event)
{
	struct ast ast = { .arena = arena, .diags = diags,
			   .names = names_new(arena) };
	struct parser parser = { .ast = &ast };
	size_t before = diags_errors(diags);

	lex_init(&parser.lex, arena, diags, source);
	memset(event, 0, sizeof(*event));
	event->pos = parser.lex.token.pos;
	if (!parse_event_of(&parser, event))
		return false;
	if (parser.lex.token.kind != TOKEN_END)
		return fail(&parser, "the end of the event");
	return diags_errors(diags) == before;
}
