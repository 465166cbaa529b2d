/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Random expressions that the compiler must take. */
#ifndef TESTS_ORACLE_MAKE_H
#define TESTS_ORACLE_MAKE_H

#include "oracle_expr.h"

static const wide edges[] = {
	0, 1, 2, 3, 4, 7, 10, 127, 128, 200, 255, 256, 1000, 32767, 32768, 65535,
	65536, INT32_MAX, (wide)INT32_MAX + 1, UINT32_MAX, (wide)UINT32_MAX + 1,
	INT64_MAX, (wide)INT64_MAX + 1, UINT64_MAX,
};

static wide any_number(enum type type)
{
	wide number;

	do {
		number = edges[chance(sizeof(edges) / sizeof(*edges))];
		if (chance(3) == 0)
			number = -number;
		if (chance(4) == 0)
			number = chance(12);
	} while (!fits(number, type));
	return number;
}

static const char *any_text(void)
{
	static const char *const texts[] = {
		"", "no", "blue", "secret", "Blue", "no ", "\xc3\xa9",
	};

	return texts[chance(sizeof(texts) / sizeof(*texts))];
}

static struct expr *make_number(const struct sight *sight, enum type type,
				int depth);

static struct expr *make_literal(enum type type)
{
	struct expr *expr = make(NUMBER, LITERAL, 0, NULL, NULL, NULL);

	expr->number = any_number(type);
	return expr;
}

static enum type any_type(void)
{
	return (enum type)chance(LITERAL);
}

/* A place of TYPE, or NULL: a random one of those in sight. */
static struct expr *make_read(const struct sight *sight, enum type type,
			      int depth)
{
	int found[N_PLACES], n = 0;
	struct expr *expr;

	for (int i = 0; i < N_PLACES; i++)
		if ((int)places[i].method == sight->method &&
		    places[i].part == sight->part && places[i].type == type)
			found[n++] = i;
	if (!n)
		return NULL;
	expr = make(READ, type, 0, NULL, NULL, NULL);
	expr->number = found[chance((uint32_t)n)];
	if (places[(int)expr->number].elements) {
		expr->n = 1;
		expr->kids[0] = chance(3) ? make_literal(LITERAL)
				: make_number(sight, any_type(), depth - 1);
		if (chance(3) && expr->kids[0]->op == NUMBER)
			expr->kids[0]->number = chance(5);
	}
	return expr;
}

/*
 * One that may stand beside others of TYPE: an untyped one that can be computed
 * now must fit, for else it is an error.
 */
static struct expr *make_operand(const struct sight *sight, enum type type,
				 int depth)
{
	struct expr *expr;
	struct value value;

	for (;;) {
		expr = make_number(sight, type, depth);
		if (expr->type != LITERAL)
			return expr;
		value = compute(expr, NULL);
		if (value.state != VALUE || fits(value.number, type))
			return expr;
	}
}

/* Certainly of TYPE and not a literal. */
static struct expr *make_typed(const struct sight *sight, enum type type,
			       int depth)
{
	struct expr *expr = chance(4) ? make_read(sight, type, depth) : NULL;

	return expr ? expr : make(CONVERT, type, 1, make_number(
		sight, chance(3) ? type : any_type(), depth - 1), NULL, NULL);
}

/* What operands of the types of A and B give. */
static enum type joined(const struct expr *a, const struct expr *b)
{
	return a->type == LITERAL ? b->type : a->type;
}

static struct expr *make_boolean(const struct sight *sight, int depth);

static struct expr *make_sum(const struct sight *sight, enum type type,
			     int depth)
{
	struct expr *expr = make(chance(2) ? SUM : PRODUCT, LITERAL,
				 (int)chance(4), NULL, NULL, NULL);

	for (int i = 0; i < expr->n; i++) {
		expr->kids[i] = make_operand(sight, type, depth - 1);
		if (expr->kids[i]->type != LITERAL)
			expr->type = type;
	}
	return expr;
}

static struct expr *make_compound(const struct sight *sight, enum type type,
				  int depth)
{
	struct expr *a, *b;

	switch (chance(8)) {
	case 0:
	case 1:
	case 2:
		a = make_operand(sight, type, depth - 1);
		b = make_operand(sight, type, depth - 1);
		return make((enum op)(ADD + chance(3)), joined(a, b), 2, a, b,
			    NULL);
	case 3:
		return make_sum(sight, type, depth);
	case 4:
		a = make_typed(sight, type, depth - 1);
		b = chance(2) ? a : make_typed(sight, type, depth - 1);
		return make(COND, type, 3, make_boolean(sight, depth - 1), a, b);
	case 5:
		return make_typed(sight, type, depth);
	default:
		a = make_typed(sight, type, depth - 1);
		if (is_signed(type))
			return make((enum op)(NEGATE + chance(3)), type, 1, a,
				    NULL, NULL);
		if (chance(3) == 0)
			return make(INVERT, type, 1, a, NULL, NULL);
		b = make_operand(sight, type, depth - 1);
		return chance(2) ? make(BIT_OR, type, 2, a, b, NULL)
				 : make(BIT_AND, type, 2, b, a, NULL);
	}
}

/* Of TYPE, or a literal. */
static struct expr *make_number(const struct sight *sight, enum type type,
				int depth)
{
	struct expr *read;

	if (depth > 0 && chance(3))
		return make_compound(sight, type, depth);
	read = chance(4) ? make_read(sight, type, depth) : NULL;
	return read ? read : make_literal(type);
}

static struct expr *make_quoted(void)
{
	struct expr *expr = make(STRING, QUOTED, 0, NULL, NULL, NULL);

	expr->text = any_text();
	return expr;
}

static struct expr *make_text(const struct sight *sight, enum type type)
{
	struct expr *expr = chance(4) ? make_read(sight, type, 1) : NULL;

	return expr ? expr : make_quoted();
}

static struct expr *make_sid(const struct sight *sight)
{
	struct expr *expr = make_read(sight, SID, 0);

	if (expr && chance(2))
		return expr;
	if (chance(4) == 0)
		return make_literal(U8);
	expr = make(READ_SID, SID, 0, NULL, NULL, NULL);
	expr->number = chance(1 + sight->has_dst + sight->has_callable);
	return expr;
}

/* One that likes the texts above, or anything. */
static const char *any_pattern(void)
{
	static const char *const patterns[] = {
		"^(no|blue) ?$", "e", "^$", "[A-Z]", "^.{4}$", "e{1,2}t?$",
		"(s|b)[^a-l]", "\\xa9$", "\xc3\xa9", "o\\x20", "^[^\\x00-m]", "a^",
	};
	char *pattern;

	if (chance(4))
		return patterns[chance(sizeof(patterns) / sizeof(*patterns))];
	pattern = calloc(1, 96);
	if (!pattern)
		abort();
	regex_model_pattern(&chance_state, REGEX_MODEL_OURS, pattern, 96);
	return pattern;
}

static struct expr *make_match(const struct sight *sight, enum type type)
{
	struct expr *expr = make(MATCH, BOOLEAN, 1, make_text(sight, type),
				 NULL, NULL);

	expr->text = any_pattern();
	return expr;
}

/* A number on each side, of any types. */
static struct expr *make_comparison(const struct sight *sight, int depth)
{
	static const enum type usual[] = { U32, S32, U64, U8, S64, S8, U16 };
	struct expr *a, *b;

	a = make_number(sight, usual[chance(7)], depth - 1);
	b = make_number(sight, usual[chance(7)], depth - 1);
	return make((enum op)(EQ + chance(6)), BOOLEAN, 2, a, b, NULL);
}

static struct expr *make_list(const struct sight *sight, int depth)
{
	struct expr *expr = make(chance(2) ? ALL : ANY, BOOLEAN, (int)chance(5),
				 NULL, NULL, NULL);

	for (int i = 0; i < expr->n; i++)
		expr->kids[i] = make_boolean(sight, depth - 1);
	return expr;
}

static struct expr *make_leaf(const struct sight *sight, int depth)
{
	enum type type = chance(2) ? TEXT : BYTES;
	struct expr *expr;

	switch (chance(11)) {
	case 10:
		return make_match(sight, type);
	case 0:
		expr = make(TRUTH, BOOLEAN, 0, NULL, NULL, NULL);
		expr->number = chance(2);
		return expr;
	case 1:
		return make(EMPTY, BOOLEAN, 1, make_text(sight, type), NULL,
			    NULL);
	case 2:
		if (sight->method == DRAW && sight->part == IN)
			return make(EMPTY_POINTS, BOOLEAN, 0, NULL, NULL, NULL);
		/* fall through */
	case 3:
	case 4:
		return make(chance(2) ? EQ : NE, BOOLEAN, 2,
			    make_text(sight, type), make_text(sight, type),
			    NULL);
	case 5:
		return make(chance(2) ? EQ : NE, BOOLEAN, 2, make_sid(sight),
			    make_sid(sight), NULL);
	default:
		return make_comparison(sight, depth);
	}
}

static struct expr *make_boolean(const struct sight *sight, int depth)
{
	struct expr *a;

	if (depth <= 0 || chance(3) == 0)
		return make_leaf(sight, depth);
	a = make_boolean(sight, depth - 1);
	switch (chance(7)) {
	case 0:
		return make(NOT, BOOLEAN, 1, a, NULL, NULL);
	case 1:
		return make_list(sight, depth);
	case 2:
		return make(COND, BOOLEAN, 3, a,
			    make_boolean(sight, depth - 1),
			    make_boolean(sight, depth - 1));
	case 3:
		return make(chance(2) ? EQ : NE, BOOLEAN, 2, a,
			    make_boolean(sight, depth - 1), NULL);
	default:
		return make((enum op)(IMPLIES + chance(3)), BOOLEAN, 2, a,
			    make_boolean(sight, depth - 1), NULL);
	}
}

#endif
