/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Selectors and bodies. */
#include "parse.h"

#include <string.h>

const char *const selector_names[SELECT_N] = {
	[SELECT_SRC] = "src", [SELECT_DST] = "dst",
	[SELECT_INTERFACE] = "interface", [SELECT_COMPONENT] = "component",
	[SELECT_ENDPOINT] = "endpoint", [SELECT_METHOD] = "method",
};

bool parse_selectors(struct parser *parser, struct ast_selectors *selectors)
{
	struct diags *diags = parser->ast->diags;

	memset(selectors, 0, sizeof(*selectors));
	while (parser->lex.token.kind == TOKEN_WORD) {
		struct lexer ahead = parser->lex;
		unsigned which = 0;
		struct pos pos;
		const char *value;

		while (which < SELECT_N &&
		       !parse_is(parser, selector_names[which]))
			which++;
		lex_next(&ahead);
		if (which == SELECT_N && lex_is(&ahead, "=")) {
			const char *near = diag_nearest(parser->lex.token.text,
							selector_names,
							SELECT_N);
			diag_error(diags, parser->lex.token.pos,
				   "unknown selector '%s'%s%s%s",
				   parser->lex.token.text,
				   near ? ", did you mean '" : "",
				   near ? near : "", near ? "'?" : "");
			return false;
		}
		if (which == SELECT_N)
			break;
		parse_next(parser);
		if (!parse_expect(parser, "=", "after the selector's name"))
			return false;
		value = parse_qname(parser, "a name for the selector", &pos);
		if (!value)
			return false;
		if (selectors->given & 1u << which &&
		    selectors->value[which] != value) {
			diag_error(diags, pos,
				   "'%s = %s' contradicts '%s = %s' before it",
				   selector_names[which], value,
				   selector_names[which],
				   selectors->value[which]);
			return false;
		}
		selectors->given |= 1u << which;
		selectors->value[which] = value;
		selectors->pos[which] = pos;
		parse_take(parser, ",");
	}
	return true;
}

/* A literal, or '_': NULL. */
static bool parse_pattern(struct parser *parser, struct ast_case *to)
{
	struct expr *literal, *minus;
	struct pos begin = parser->lex.token.pos;

	to->pos = begin;
	if (parse_take(parser, "_"))
		return true;
	if (!parse_take(parser, "-")) {
		to->pattern = parse_literal(parser);
	} else if (parser->lex.token.kind == TOKEN_NUMBER) {
		literal = parse_literal(parser);
		minus = arena_alloc(parser->ast->arena, sizeof(*minus));
		*minus = (struct expr){ .kind = EXPR_UNARY, .text = "-",
					.pos = parse_span(parser, begin),
					.mark = begin };
		*ARENA_PUSH(parser->ast->arena, minus->kids, minus->n_kids,
			    minus->kids_capacity) = literal;
		to->pattern = minus;
	}
	if (to->pattern)
		return true;
	parse_unexpected(parser, "a literal or '_' as the pattern of a case");
	return false;
}

/* A word at the margin that no rule is called: a '}' is missing before it. */
static bool begins_declaration(const struct parser *parser)
{
	enum event_kind kind;

	return parser->lex.token.pos.column == 1 &&
	       (parse_event_kind(parser, &kind) || parse_is(parser, "use") ||
		parse_is(parser, "task"));
}

static bool parse_call(struct parser *parser, struct ast_item *item)
{
	static const char what[] = "a rule, 'match' or '}'";
	struct pos begin = parser->lex.token.pos;
	const char *name, *last = NULL;

	if (begins_declaration(parser)) {
		parse_unexpected(parser, what);
		return false;
	}
	name = parse_word(parser, what);
	while (name && parse_take(parser, ".")) {
		if (last)
			name = names_one(parser->ast->names,
					 arena_printf(parser->ast->arena,
						      "%s.%s", name, last));
		last = parse_word(parser, "a rule's name");
		if (!last)
			return false;
	}
	if (!name)
		return false;
	item->pos = parse_span(parser, begin);
	item->object = last ? name : NULL;
	item->method = last ? last : name;
	parser->nodes = 0;
	item->argument = parse_argument(parser);
	return item->argument != NULL;
}

/* What follows the pattern: a body, or one rule. */
static bool parse_case_body(struct parser *parser, struct ast_case *to)
{
	struct arena *arena = parser->ast->arena;
	struct ast_item item = { 0 };

	if (parse_is(parser, "{"))
		return parse_body(parser, &to->body);
	if (!parse_call(parser, &item))
		return false;
	to->body = arena_alloc(arena, sizeof(*to->body));
	*ARENA_PUSH(arena, to->body->items, to->body->n,
		    to->body->capacity) = item;
	return true;
}

static bool parse_choice(struct parser *parser, struct ast_item *item)
{
	struct ast_choice *choice = arena_alloc(parser->ast->arena,
						sizeof(*choice));
	bool outer = parser->cases;

	parse_next(parser);
	item->choice = choice;
	parser->cases = true;
	parser->nodes = 0;
	choice->operand = parse_expr(parser);
	parser->cases = outer;
	if (!choice->operand ||
	    !parse_expect(parser, "{", "after what 'choice' looks at"))
		return false;
	while (!parse_take(parser, "}")) {
		struct ast_case one = { 0 };

		parser->nodes = 0;
		if (!parse_pattern(parser, &one) ||
		    !parse_expect(parser, ":", "after the pattern") ||
		    !parse_case_body(parser, &one))
			return false;
		*ARENA_PUSH(parser->ast->arena, choice->cases, choice->n,
			    choice->capacity) = one;
		parse_take(parser, ",");
	}
	return true;
}

static bool parse_item(struct parser *parser, struct ast_body *body)
{
	struct ast *ast = parser->ast;
	struct ast_item item = { .pos = parser->lex.token.pos };

	if (parse_take(parser, "audit"))
		return parse_body_audit(parser, body, item.pos);
	body->begun = true;
	if (parse_is(parser, "choice")) {
		if (!parse_choice(parser, &item))
			return false;
	} else if (parse_take(parser, "match")) {
		item.selectors = arena_alloc(ast->arena, sizeof(*item.selectors));
		if (!parse_selectors(parser, item.selectors) ||
		    !parse_body(parser, &item.body))
			return false;
	} else if (!parse_call(parser, &item)) {
		return false;
	}
	*ARENA_PUSH(ast->arena, body->items, body->n, body->capacity) = item;
	return true;
}

bool parse_body(struct parser *parser, struct ast_body **out)
{
	struct ast_body *body = arena_alloc(parser->ast->arena, sizeof(*body));
	bool fine = parse_expect(parser, "{", "to begin the body") &&
		    parse_enter(parser);

	if (!fine)
		return false;
	*out = body;
	while (fine && !parse_take(parser, "}"))
		fine = parse_item(parser, body);
	parse_leave(parser);
	return fine;
}
