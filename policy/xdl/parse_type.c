/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Types and constant expressions. */
#include "parse.h"

#include <string.h>

#define TYPE_NESTING_MAX 32	/* of the text; the check wants far less */
#define EXPR_NESTING_MAX 64
#define EXPR_DEPTH_MAX 1000	/* a + b + c + ... is deep to the left */

static const struct expr *parse_level(struct lexer *lexer, unsigned level,
				      unsigned nesting);

static struct expr *new_expr(struct lexer *lexer, enum expr_op op,
			     struct pos pos, const struct expr *left,
			     const struct expr *right)
{
	struct expr *expr = arena_alloc(lexer->arena, sizeof(*expr));

	expr->op = op;
	expr->pos = pos;
	expr->left = left;
	expr->right = right;
	if (left)
		expr->depth = left->depth + 1;
	if (right && right->depth >= expr->depth)
		expr->depth = right->depth + 1;
	return expr;
}

static const struct expr *parse_primary(struct lexer *lexer, unsigned nesting)
{
	struct pos pos = lexer->token.pos;
	const struct expr *inner;
	struct expr *expr;

	if (lexer->token.kind == TOKEN_NUMBER) {
		expr = new_expr(lexer, EXPR_NUMBER, pos, NULL, NULL);
		expr->number = lexer->token.number;
		lex_next(lexer);
		return expr;
	}
	if (lexer->token.kind == TOKEN_WORD) {
		expr = new_expr(lexer, EXPR_NAME, pos, NULL, NULL);
		expr->name = lex_qname(lexer, "a constant", &expr->pos);
		return expr->name ? expr : NULL;
	}
	if (lex_take(lexer, "(")) {
		inner = parse_level(lexer, 0, nesting + 1);
		if (!inner || !lex_expect(lexer, ")", "to end the expression"))
			return NULL;
		return inner;
	}
	if (lexer->token.kind != TOKEN_BAD)
		diag_error(lexer->diags, pos,
			   "expected a number, a constant or '(', found %s",
			   lex_found(lexer));
	return NULL;
}

/* Unary operators, then **, which binds to the right and stronger than they. */
static const struct expr *parse_unary(struct lexer *lexer, unsigned nesting)
{
	static const struct { const char *text; enum expr_op op; } unary[] = {
		{ "-", EXPR_MINUS }, { "+", EXPR_PLUS }, { "~", EXPR_NOT },
	};
	struct pos pos = lexer->token.pos;
	const struct expr *left, *right;
	size_t i;

	if (nesting > EXPR_NESTING_MAX) {
		diag_error(lexer->diags, pos, "the expression nests deeper than %d",
			   EXPR_NESTING_MAX);
		return NULL;
	}
	for (i = 0; i < sizeof(unary) / sizeof(unary[0]); i++) {
		if (!lex_take(lexer, unary[i].text))
			continue;
		left = parse_unary(lexer, nesting + 1);
		return left ? new_expr(lexer, unary[i].op, pos, left, NULL) : NULL;
	}
	left = parse_primary(lexer, nesting);
	pos = lexer->token.pos;
	if (!left || !lex_take(lexer, "**"))
		return left;
	right = parse_unary(lexer, nesting + 1);
	return right ? new_expr(lexer, EXPR_POWER, pos, left, right) : NULL;
}

/* Binary operators by rising strength, all to the left. */
static const struct { const char *text; unsigned level; enum expr_op op; }
binary[] = {
	{ "|", 0, EXPR_OR }, { "&", 1, EXPR_AND },
	{ "<<", 2, EXPR_LEFT }, { ">>", 2, EXPR_RIGHT },
	{ "+", 3, EXPR_ADD }, { "-", 3, EXPR_SUBTRACT },
	{ "*", 4, EXPR_MULTIPLY }, { "/", 4, EXPR_DIVIDE },
	{ "%", 4, EXPR_REMAINDER },
};

#define N_BINARY (sizeof(binary) / sizeof(binary[0]))
#define N_LEVELS 5u

static const struct expr *parse_level(struct lexer *lexer, unsigned level,
				      unsigned nesting)
{
	const struct expr *left, *right;
	struct pos pos;
	size_t i;

	if (level == N_LEVELS)
		return parse_unary(lexer, nesting);
	left = parse_level(lexer, level + 1, nesting);
	while (left) {
		pos = lexer->token.pos;
		for (i = 0; i < N_BINARY; i++)
			if (binary[i].level == level && lex_is(lexer, binary[i].text))
				break;
		if (i == N_BINARY)
			return left;
		lex_next(lexer);
		right = parse_level(lexer, level + 1, nesting);
		if (!right)
			return NULL;
		left = new_expr(lexer, binary[i].op, pos, left, right);
		if (left->depth > EXPR_DEPTH_MAX) {
			diag_error(lexer->diags, pos,
				   "the expression has more than %d operators",
				   EXPR_DEPTH_MAX);
			return NULL;
		}
	}
	return NULL;
}

const struct expr *xdl_parse_expr(struct lexer *lexer)
{
	return parse_level(lexer, 0, 0);
}

bool xdl_parse_open_angle(struct lexer *lexer, const char *context)
{
	if (!lex_is(lexer, "<-"))
		return lex_expect(lexer, "<", context);
	/* bytes<-1>: the lexer's '<-' is PSL's; give the '-' back. */
	lexer->offset--;
	lexer->column--;
	lex_next(lexer);
	return true;
}

static bool parse_arguments(struct lexer *lexer, struct typeref *type,
			    const char *word, unsigned nesting)
{
	const char *context = arena_printf(lexer->arena, "after '%s'", word);

	if (!xdl_parse_open_angle(lexer, context))
		return false;
	if (type->kind == REF_HANDLE) {
		type->name = lex_qname(lexer, "an interface", &type->name_pos);
		return type->name && lex_expect(lexer, ">", "to end 'handle<'");
	}
	if (type->kind == REF_ARRAY || type->kind == REF_SEQUENCE) {
		type->element = xdl_parse_type(lexer, nesting + 1);
		if (!type->element ||
		    !lex_expect(lexer, ",", "and a number of elements"))
			return false;
	}
	type->count = xdl_parse_expr(lexer);
	return type->count &&
	       lex_expect(lexer, ">", arena_printf(lexer->arena,
						   "to end '%s<'", word));
}

const struct typeref *xdl_parse_type(struct lexer *lexer, unsigned nesting)
{
	static const struct { const char *word; enum typeref_kind kind; } made[] = {
		{ "handle", REF_HANDLE }, { "bytes", REF_BYTES },
		{ "string", REF_STRING }, { "array", REF_ARRAY },
		{ "sequence", REF_SEQUENCE },
	};
	struct typeref *type = arena_alloc(lexer->arena, sizeof(*type));
	size_t i;

	type->pos = lexer->token.pos;
	if (nesting > TYPE_NESTING_MAX) {
		diag_error(lexer->diags, type->pos, "types nest deeper than %d",
			   LAYOUT_DEPTH_MAX);
		return NULL;
	}
	for (i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		if (!lex_take(lexer, made[i].word))
			continue;
		type->kind = made[i].kind;
		return parse_arguments(lexer, type, made[i].word, nesting) ?
		       type : NULL;
	}
	type->kind = REF_NAME;
	type->name = lex_qname(lexer, "a type", &type->pos);
	type->name_pos = type->pos;
	return type->name ? type : NULL;
}
