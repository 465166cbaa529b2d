/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Expressions, by rising strength:  ==>  ||  &&  == != < <= > >=  | &  + -  *
 * ! ~ unary -
 */
#include "parse.h"

#include <string.h>

static struct expr *parse_unary(struct parser *parser);

static struct expr *fail(struct parser *parser, const char *what)
{
	parse_unexpected(parser, what);
	return NULL;
}

static struct expr *node(struct parser *parser, enum expr_kind kind,
			 struct pos begin)
{
	struct expr *expr = arena_alloc(parser->ast->arena, sizeof(*expr));

	expr->kind = kind;
	expr->pos = expr->mark = begin;
	parser->nodes++;
	return expr;
}

static void add_kid(struct parser *parser, struct expr *expr, struct expr *kid)
{
	*ARENA_PUSH(parser->ast->arena, expr->kids, expr->n_kids,
		    expr->kids_capacity) = kid;
}

static struct expr *finish(struct parser *parser, struct expr *expr)
{
	expr->pos = parse_span(parser, expr->pos);
	if (parser->nodes <= PARSE_NODES_MAX)
		return expr;
	diag_error(parser->ast->diags, expr->pos,
		   "this expression has more than %d parts", PARSE_NODES_MAX);
	return NULL;
}

/* KIND is EXPR_UNARY or EXPR_BINARY; the operator's place is MARK. */
static struct expr *operation(struct parser *parser, enum expr_kind kind,
			      const char *text, struct pos mark,
			      struct expr *left, struct expr *right)
{
	struct expr *expr = node(parser, kind, left ? left->pos : mark);

	expr->mark = mark;
	expr->text = text;
	if (left)
		add_kid(parser, expr, left);
	add_kid(parser, expr, right);
	return finish(parser, expr);
}

static struct expr *parse_list(struct parser *parser)
{
	struct expr *list = node(parser, EXPR_LIST, parser->lex.token.pos);

	parse_next(parser);
	while (!parse_take(parser, "]")) {
		struct expr *kid = parse_expr(parser);

		if (!kid)
			return NULL;
		add_kid(parser, list, kid);
		if (!parse_take(parser, ",") && !parse_is(parser, "]"))
			return fail(parser, "',' or ']' in the list");
	}
	return finish(parser, list);
}

static bool add_key(struct parser *parser, struct expr *dictionary)
{
	struct ast *ast = parser->ast;
	struct token key = parser->lex.token;
	const char *text;

	if (key.kind == TOKEN_NUMBER)
		text = arena_printf(ast->arena, "%llu",
				    (unsigned long long)key.number);
	else if (key.kind == TOKEN_WORD || key.kind == TOKEN_TEXT)
		text = key.text;
	else
		return fail(parser, "a key or '}' in the dictionary");
	text = names_one(ast->names, text);
	for (size_t i = 0; i < dictionary->n_keys; i++)
		if (dictionary->keys[i] == text)
			diag_error(ast->diags, key.pos,
				   "the key '%s' is there already", text);
	*ARENA_PUSH(ast->arena, dictionary->keys, dictionary->n_keys,
		    dictionary->keys_capacity) = text;
	dictionary->n_keys--;
	*ARENA_PUSH(ast->arena, dictionary->key_pos, dictionary->n_keys,
		    dictionary->key_pos_capacity) = key.pos;
	parse_next(parser);
	return true;
}

struct expr *parse_dictionary(struct parser *parser)
{
	struct expr *dictionary = node(parser, EXPR_DICTIONARY,
				       parser->lex.token.pos);

	if (!parse_expect(parser, "{", "to begin a dictionary"))
		return NULL;
	while (!parse_take(parser, "}")) {
		struct expr *kid;

		if (!add_key(parser, dictionary) ||
		    !parse_expect(parser, ":", "after the key"))
			return NULL;
		kid = parse_expr(parser);
		if (!kid)
			return NULL;
		add_kid(parser, dictionary, kid);
		if (!parse_take(parser, ",") && !parse_is(parser, "}"))
			return fail(parser, "',' or '}' in the dictionary");
	}
	return finish(parser, dictionary);
}

static struct expr *parse_parenthesis(struct parser *parser)
{
	struct expr *unit = node(parser, EXPR_UNIT, parser->lex.token.pos);
	struct expr *inner;

	parse_next(parser);
	if (parse_take(parser, ")"))
		return finish(parser, unit);
	inner = parse_expr(parser);
	if (!inner)
		return NULL;
	if (!parse_is(parser, ")"))
		return fail(parser, "an operator or ')'");
	parse_next(parser);
	return inner;
}

struct expr *parse_literal(struct parser *parser)
{
	const struct token *token = &parser->lex.token;
	bool truth = parse_is(parser, "true");
	struct expr *expr;

	if (token->kind == TOKEN_WORD && (truth || parse_is(parser, "false"))) {
		expr = node(parser, EXPR_TRUTH, token->pos);
		expr->number = truth;
	} else if (token->kind == TOKEN_NUMBER) {
		expr = node(parser, EXPR_NUMBER, token->pos);
		expr->number = token->number;
	} else if (token->kind == TOKEN_TEXT) {
		expr = node(parser, EXPR_TEXT, token->pos);
		expr->text = token->text;
	} else {
		return NULL;
	}
	parse_next(parser);
	return expr;
}

/* Brackets, seen from outside: whatever stands inside is free of `choice`. */
static struct expr *bracketed(struct parser *parser,
			      struct expr *(*parse)(struct parser *))
{
	bool cases = parser->cases;
	struct expr *expr;

	if (!parse_enter(parser))
		return NULL;
	parser->cases = false;
	expr = parse(parser);
	parser->cases = cases;
	parse_leave(parser);
	return expr;
}

struct expr *parse_argument(struct parser *parser)
{
	struct expr *literal;

	if (parse_is(parser, "("))
		return bracketed(parser, parse_parenthesis);
	if (parse_is(parser, "["))
		return bracketed(parser, parse_list);
	if (parse_is(parser, "{"))
		return bracketed(parser, parse_dictionary);
	literal = parse_literal(parser);
	return literal ? literal : fail(parser, "'(' for the rule's argument");
}

/* In `choice a { ...`, is this '{' a dictionary, so that `a` is called? */
static bool is_dictionary(struct parser *parser)
{
	struct lexer ahead = parser->lex;

	if (!parse_is(parser, "{"))
		return false;
	if (!parser->cases)
		return true;
	lex_next(&ahead);
	return ahead.token.kind == TOKEN_WORD && !lex_is(&ahead, "_") &&
	       !lex_is(&ahead, "true") && !lex_is(&ahead, "false");
}

static bool is_value(const char *name)
{
	return !strcmp(name, "message") || !strcmp(name, "src_sid") ||
	       !strcmp(name, "dst_sid") || !strcmp(name, "callable_sid");
}

/* NAME has been read up to its last dot: does an argument follow? */
static struct expr *parse_call_argument(struct parser *parser)
{
	struct expr *name;

	if (parser->lex.token.kind != TOKEN_WORD ||
	    parse_is(parser, "true") || parse_is(parser, "false"))
		return parse_argument(parser);
	/* `pred.empty message.name`: as strong as an argument in brackets */
	if (!parse_enter(parser))
		return NULL;
	name = parse_unary(parser);
	parse_leave(parser);
	return name;
}

static bool argument_follows(struct parser *parser)
{
	enum token_kind kind = parser->lex.token.kind;

	return parse_is(parser, "(") || parse_is(parser, "[") ||
	       is_dictionary(parser) || kind == TOKEN_NUMBER ||
	       kind == TOKEN_TEXT || kind == TOKEN_WORD;
}

/* A name that is no value: an object's method and its argument. */
static struct expr *parse_call(struct parser *parser, struct expr *path)
{
	struct expr *call = path, *argument;
	const char *object = NULL;

	for (struct pos begin = path->pos; parse_take(parser, ".");) {
		struct pos mark = parser->lex.token.pos;
		const char *word = parse_word(parser, "a name after '.'");

		if (!word)
			return NULL;
		object = object ? lex_join(&parser->lex, object, call->text,
					   begin)
				: call->text;
		if (!object)
			return NULL;
		call = node(parser, EXPR_NAME, begin);
		call->mark = mark;
		call->text = word;
		call->object = names_one(parser->ast->names, object);
	}
	if (!argument_follows(parser))
		return finish(parser, call);
	argument = parse_call_argument(parser);
	if (!argument)
		return NULL;
	call->kind = EXPR_CALL;
	add_kid(parser, call, argument);
	return finish(parser, call);
}

static struct expr *parse_primary(struct parser *parser)
{
	struct expr *expr = parse_literal(parser);
	struct pos begin = parser->lex.token.pos;
	const char *word;

	if (expr)
		return expr;
	if (parse_is(parser, "("))
		return bracketed(parser, parse_parenthesis);
	if (parse_is(parser, "["))
		return bracketed(parser, parse_list);
	if (is_dictionary(parser))
		return bracketed(parser, parse_dictionary);
	if (parser->lex.token.kind != TOKEN_WORD)
		return fail(parser, "an expression");
	word = parse_word(parser, "an expression");
	expr = node(parser, EXPR_NAME, begin);
	expr->text = word;
	return is_value(word) ? expr : parse_call(parser, expr);
}

static struct expr *parse_element(struct parser *parser)
{
	struct expr *index;

	parse_next(parser);
	index = parse_expr(parser);
	if (!index)
		return NULL;
	if (!parse_is(parser, "]"))
		return fail(parser, "an operator or ']'");
	parse_next(parser);
	return index;
}

static struct expr *parse_postfix(struct parser *parser)
{
	struct expr *expr = parse_primary(parser);

	while (expr) {
		bool dot = parse_take(parser, ".");
		struct pos mark = parser->lex.token.pos;
		struct expr *outer = node(parser, EXPR_FIELD, expr->pos);

		outer->mark = mark;
		add_kid(parser, outer, expr);
		if (parse_is(parser, "[")) {
			struct expr *index = bracketed(parser, parse_element);

			if (!index)
				return NULL;
			outer->kind = EXPR_ELEMENT;
			add_kid(parser, outer, index);
		} else if (dot) {
			outer->text = parse_word(parser,
						 "a field's name after '.'");
			if (!outer->text)
				return NULL;
		} else {
			parser->nodes--;
			return expr;
		}
		expr = finish(parser, outer);
	}
	return NULL;
}

static struct expr *parse_unary(struct parser *parser)
{
	static const char *const operators[] = { "!", "~", "-" };
	struct pos mark = parser->lex.token.pos;
	const char *text = NULL;
	struct expr *kid;

	if (parser->minus) {
		parser->minus = false;
		text = "-";
	} else {
		for (size_t i = 0; i < 3 && !text; i++)
			if (parse_take(parser, operators[i]))
				text = operators[i];
	}
	if (!text)
		return parse_postfix(parser);
	if (!parse_enter(parser))
		return NULL;
	kid = parse_unary(parser);
	parse_leave(parser);
	return kid ? operation(parser, EXPR_UNARY, text, mark, NULL, kid) : NULL;
}

#define LEVEL_COMPARE 2
#define LEVEL_UNARY 6

/* By rising strength; all but the comparisons group to the left. */
static const char *const levels[LEVEL_UNARY][7] = {
	{ "||" }, { "&&" }, { "==", "!=", "<=", ">=", "<", ">" },
	{ "|", "&" }, { "+", "-" }, { "*" },
};

static const char *take_operator(struct parser *parser, int level,
				 struct pos *mark)
{
	*mark = parser->lex.token.pos;
	for (size_t i = 0; levels[level][i]; i++)
		if (parse_take(parser, levels[level][i]))
			return levels[level][i];
	/* `a <-1` is less than minus one */
	if (level == LEVEL_COMPARE && parse_take(parser, "<-")) {
		parser->minus = true;
		return "<";
	}
	return NULL;
}

static struct expr *parse_level(struct parser *parser, int level)
{
	struct expr *left = level == LEVEL_UNARY ? parse_unary(parser)
						 : parse_level(parser, level + 1);
	struct pos mark;
	const char *text, *before = NULL;

	while (left && level < LEVEL_UNARY &&
	       (text = take_operator(parser, level, &mark))) {
		struct expr *right;

		if (level == LEVEL_COMPARE && before) {
			diag_error(parser->ast->diags, mark, "'%s' after '%s': "
				   "comparisons do not chain, write two and "
				   "'&&' between them", text, before);
			return NULL;
		}
		before = text;
		right = parse_level(parser, level + 1);
		left = right ? operation(parser, EXPR_BINARY, text, mark, left,
					 right) : NULL;
	}
	return left;
}

struct expr *parse_expr(struct parser *parser)
{
	struct expr *left = parse_level(parser, 0), *right;
	struct pos mark = parser->lex.token.pos;

	if (!left || !parse_take(parser, "==>"))
		return left;
	if (!parse_enter(parser))
		return NULL;
	right = parse_expr(parser);
	parse_leave(parser);
	return right ? operation(parser, EXPR_BINARY, "==>", mark, left, right)
		     : NULL;
}
