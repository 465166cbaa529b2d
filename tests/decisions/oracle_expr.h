/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Random expressions: made, printed with as few brackets as the grammar needs,
 * and computed as LANGUAGES says, in 128 bits. Nothing here is the compiler's or
 * the engine's. A header, as oracle.c is one program of one file.
 */
#ifndef TESTS_ORACLE_EXPR_H
#define TESTS_ORACLE_EXPR_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/support/regex_model.h"

__extension__ typedef __int128 wide;

/* ---- chance ---- */

static uint64_t chance_state;

static uint32_t chance(uint32_t n)	/* 0 .. n - 1 */
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (uint32_t)((chance_state * UINT64_C(0x2545f4914f6cdd1d) >> 33) %
			  n);
}

/* ---- types, and what a message of the solution in t/ holds ---- */

enum type {
	U8, U16, U32, U64, S8, S16, S32, S64, LITERAL, BOOLEAN, TEXT, QUOTED,
	BYTES, SID,
};

static const char *const type_names[] = {
	"uint8", "uint16", "uint32", "uint64", "sint8", "sint16", "sint32",
	"sint64",
};

enum method { DRAW, COUNT, CLEAR, GIVE, ASK, TELL, TICK, N_METHODS };
enum part { IN, OUT, ERROR };

#define INDEXES 8

/* Where a rule can read; with an index between before and after. */
static const struct place {
	const char *before, *after;
	enum method method;
	enum part part;
	enum type type;
	int elements;		/* 0: no index; -1: as many as there are */
} places[] = {
	{ "width", "", DRAW, IN, U32, 0 },
	{ "height", "", DRAW, IN, U32, 0 },
	{ "name", "", DRAW, IN, TEXT, 0 },
	{ "points", ".x", DRAW, IN, S32, -1 },
	{ "points", ".y", DRAW, IN, S32, -1 },
	{ "points", ".label", DRAW, IN, TEXT, -1 },
	{ "grid", "", DRAW, IN, U16, 3 },
	{ "origin.x", "", DRAW, IN, S32, 0 },
	{ "origin.y", "", DRAW, IN, S32, 0 },
	{ "origin.label", "", DRAW, IN, TEXT, 0 },
	{ "data", "", DRAW, IN, BYTES, 0 },
	{ "data", "", DRAW, IN, U8, -1 },
	{ "result", "", DRAW, OUT, U64, 0 },
	{ "note", "", DRAW, OUT, TEXT, 0 },
	{ "code", "", DRAW, ERROR, U32, 0 },
	{ "reason", "", DRAW, ERROR, TEXT, 0 },
	{ "big", "", COUNT, IN, U64, 0 },
	{ "small", "", COUNT, IN, U8, 0 },
	{ "amount", "", COUNT, IN, S64, 0 },
	{ "step", "", COUNT, IN, S8, 0 },
	{ "status", "", COUNT, OUT, U32, 0 },
	{ "what", "", GIVE, IN, SID, 0 },
	{ "other", "", GIVE, IN, SID, 0 },
	{ "level", "", ASK, IN, U32, 0 },
	{ "level", "", TELL, IN, U32, 0 },
	{ "count", "", TICK, IN, U16, 0 },
	{ "left", "", TICK, OUT, S16, 0 },
};

enum {
	PLACE_POINT_X = 3, PLACE_POINT_Y, PLACE_POINT_LABEL, PLACE_GRID,
	PLACE_ORIGIN_X, PLACE_ORIGIN_Y, PLACE_ORIGIN_LABEL, PLACE_DATA,
	PLACE_DATA_AT, PLACE_WHAT = 21, N_PLACES = sizeof(places) / sizeof(*places),
};

struct reading {			/* what an expression is computed from */
	wide numbers[N_PLACES][INDEXES];	/* a SID of 0: there is none */
	const char *texts[N_PLACES][INDEXES];
	int n_points;
	uint32_t src, dst, callable;
};

/* What can be read where an expression stands. METHOD -1: no message. */
struct sight {
	int method;
	enum part part;
	bool has_dst, has_callable;
};

/* ---- expressions ---- */

enum op {
	NUMBER, STRING, TRUTH, READ, READ_SID, EMPTY, EMPTY_POINTS,
	IMPLIES, OR, AND, EQ, NE, LT, LE, GT, GE, BIT_OR, BIT_AND, ADD, SUB,
	MUL, NOT, INVERT, NEGATE, FN_NEG, FN_ABS, SUM, PRODUCT, CONVERT, ALL, ANY,
	COND, MATCH, STATE,
};

static const struct { const char *text; int strength; } ops[] = {
	[IMPLIES] = { "==>", 0 }, [OR] = { "||", 1 }, [AND] = { "&&", 2 },
	[EQ] = { "==", 3 }, [NE] = { "!=", 3 }, [LT] = { "<", 3 },
	[LE] = { "<=", 3 }, [GT] = { ">", 3 }, [GE] = { ">=", 3 },
	[BIT_OR] = { "|", 4 }, [BIT_AND] = { "&", 4 }, [ADD] = { "+", 5 },
	[SUB] = { "-", 5 }, [MUL] = { "*", 6 }, [NOT] = { "!", 7 },
	[INVERT] = { "~", 7 }, [NEGATE] = { "-", 7 },
	[FN_NEG] = { "math.neg", 8 }, [FN_ABS] = { "math.abs", 8 },
	[SUM] = { "math.sum", 8 }, [PRODUCT] = { "math.product", 8 },
	[CONVERT] = { "math.", 8 }, [ALL] = { "bool.all", 8 },
	[ANY] = { "bool.any", 8 }, [COND] = { "bool.cond", 8 },
	[MATCH] = { "re.match", 8 }, [STATE] = { "", 8 },
};

struct expr {
	enum op op;
	enum type type;
	wide number;		/* NUMBER, TRUTH; READ: place; READ_SID: which */
	const char *text;	/* STRING; MATCH: the pattern */
	int n;
	struct expr *kids[4];
	const struct question *question;	/* STATE */
	struct expr *next;	/* of all that were ever made */
};

static struct expr *all_made;

static struct expr *make(enum op op, enum type type, int n, struct expr *a,
			 struct expr *b, struct expr *c)
{
	struct expr *expr = calloc(1, sizeof(*expr));

	if (!expr)
		abort();
	*expr = (struct expr){ .op = op, .type = type, .n = n,
			       .kids = { a, b, c }, .next = all_made };
	return all_made = expr;
}

/* ---- computing ---- */

struct value {
	enum { VALUE, FAULT, UNKNOWN } state;	/* UNKNOWN: needs a message */
	wide number;
	const char *text;
};

static bool is_signed(enum type type)
{
	return type >= S8 && type <= S64;
}

static bool fits(wide number, enum type type)
{
	int bits = 8 << (type % 4);

	if (type > S64)
		return true;
	if (!is_signed(type))
		return number >= 0 && number < (wide)1 << bits;
	return number >= -((wide)1 << (bits - 1)) &&
	       number < (wide)1 << (bits - 1);
}

static const struct value fault = { .state = FAULT };

static struct value number_value(wide number)
{
	return (struct value){ .state = VALUE, .number = number };
}

/* Exact to 64 bits and a sign; and of the type, where there is one. */
static struct value ranged(wide number, enum type type)
{
	const wide most = UINT64_MAX;

	return number > most || number < -most || !fits(number, type)
	       ? fault : number_value(number);
}

static struct value compute(const struct expr *expr, const struct reading *from);

/* What an object remembers: oracle_objects.h. */
static struct value compute_state(const struct expr *expr,
				  const struct reading *from);
static void print_state(FILE *to, const struct expr *expr);

static struct value read_place(const struct expr *expr,
			       const struct reading *from)
{
	const struct place *place = &places[(int)expr->number];
	struct value index = number_value(0), value = number_value(0);
	wide count = place->elements;

	if (place->elements)
		index = compute(expr->kids[0], from);
	if (index.state == FAULT)
		return fault;
	if (place->elements > 0 && index.state == VALUE &&
	    (index.number < 0 || index.number >= count))
		return fault;
	if (!from || index.state == UNKNOWN)
		return (struct value){ .state = UNKNOWN };
	if ((int)expr->number == PLACE_DATA_AT) {
		value.text = from->texts[PLACE_DATA][0];
		if (index.number < 0 || index.number >= (wide)strlen(value.text))
			return fault;
		return number_value((unsigned char)value.text[(int)index.number]);
	}
	if (place->elements < 0)
		count = from->n_points;
	if (place->elements && (index.number < 0 || index.number >= count))
		return fault;
	value.number = from->numbers[(int)expr->number][(int)index.number];
	value.text = from->texts[(int)expr->number][(int)index.number];
	return place->type == SID && !value.number ? fault : value;
}

/* && || ==> and cond: what need not be computed is not. */
static struct value compute_lazy(const struct expr *expr,
				 const struct reading *from)
{
	struct value first = compute(expr->kids[0], from);

	if (first.state != VALUE)
		return first;
	if (expr->op == COND)
		return compute(expr->kids[first.number ? 1 : 2], from);
	if (expr->op == AND && !first.number)
		return first;
	if (expr->op == OR && first.number)
		return first;
	if (expr->op == IMPLIES && !first.number)
		return number_value(1);
	return compute(expr->kids[1], from);
}

static struct value compute_list(const struct expr *expr,
				 const struct reading *from)
{
	bool product = expr->op == PRODUCT;
	struct value kid, sum = number_value(product || expr->op == ALL);
	bool unknown = false;

	for (int i = 0; i < expr->n; i++) {
		kid = compute(expr->kids[i], from);
		if (kid.state == FAULT)
			return fault;
		unknown = unknown || kid.state == UNKNOWN;
		if (unknown)
			continue;
		if (expr->op == ALL || expr->op == ANY) {
			sum.number = expr->op == ALL
				     ? sum.number && kid.number
				     : sum.number || kid.number;
			continue;
		}
		kid = ranged(kid.number, expr->type);
		if (kid.state == FAULT || (product &&
		    __builtin_mul_overflow(sum.number, kid.number,
					   &sum.number)))
			return fault;
		sum = ranged(product ? sum.number : sum.number + kid.number,
			     LITERAL);
		if (sum.state == FAULT)
			return fault;
	}
	if (unknown)
		return (struct value){ .state = UNKNOWN };
	return ranged(sum.number, expr->type);
}

static bool compare(enum op op, const struct value *a, const struct value *b)
{
	int order = (a->number > b->number) - (a->number < b->number);

	if (a->text)
		order = strcmp(a->text, b->text);
	return op == EQ ? order == 0 : op == NE ? order != 0 :
	       op == LT ? order < 0 : op == LE ? order <= 0 :
	       op == GT ? order > 0 : order >= 0;
}

static struct value compute_binary(const struct expr *expr,
				   const struct reading *from)
{
	struct value a = compute(expr->kids[0], from);
	struct value b = compute(expr->kids[1], from);
	wide product;

	if (a.state == FAULT || b.state == FAULT)
		return fault;
	if (a.state == UNKNOWN || b.state == UNKNOWN)
		return (struct value){ .state = UNKNOWN };
	if (expr->op >= EQ && expr->op <= GE)
		return number_value(compare(expr->op, &a, &b));
	if (!fits(a.number, expr->type) || !fits(b.number, expr->type))
		return fault;
	switch (expr->op) {
	case BIT_OR:
		return ranged(a.number | b.number, expr->type);
	case BIT_AND:
		return ranged(a.number & b.number, expr->type);
	case ADD:
		return ranged(a.number + b.number, expr->type);
	case SUB:
		return ranged(a.number - b.number, expr->type);
	default:
		return __builtin_mul_overflow(a.number, b.number, &product)
		       ? fault : ranged(product, expr->type);
	}
}

static struct value compute_match(const struct expr *expr,
				  const struct reading *from)
{
	struct value text = compute(expr->kids[0], from);

	if (text.state != VALUE)
		return text;
	return number_value(regex_model_search(expr->text, strlen(expr->text),
					       text.text, strlen(text.text)));
}

static struct value compute_unary(const struct expr *expr,
				  const struct reading *from)
{
	struct value kid = compute(expr->kids[0], from);

	if (kid.state != VALUE)
		return kid;
	switch (expr->op) {
	case NOT:
		return number_value(!kid.number);
	case INVERT:
		return number_value((((wide)1 << (8 << expr->type % 4)) - 1) -
				    kid.number);
	case NEGATE:
	case FN_NEG:
		return ranged(-kid.number, expr->type);
	case FN_ABS:
		return ranged(kid.number < 0 ? -kid.number : kid.number,
			      expr->type);
	default:	/* CONVERT */
		return ranged(kid.number, expr->type);
	}
}

/* FROM is NULL: as far as it can be known without a message. */
static struct value compute(const struct expr *expr, const struct reading *from)
{
	const struct value unknown = { .state = UNKNOWN };
	struct value value = { .state = VALUE, .text = expr->text };
	uint32_t sid;

	switch (expr->op) {
	case NUMBER:
	case TRUTH:
		return number_value(expr->number);
	case STRING:
		return value;
	case READ:
		return read_place(expr, from);
	case READ_SID:
		if (!from)
			return unknown;
		sid = expr->number == 0 ? from->src :
		      expr->number == 1 ? from->dst : from->callable;
		return sid ? number_value(sid) : fault;
	case EMPTY:
		value = compute(expr->kids[0], from);
		return value.state == VALUE ? number_value(!*value.text) : value;
	case MATCH:
		return compute_match(expr, from);
	case STATE:
		return compute_state(expr, from);
	case EMPTY_POINTS:
		return from ? number_value(!from->n_points) : unknown;
	case AND:
	case OR:
	case IMPLIES:
	case COND:
		return compute_lazy(expr, from);
	case SUM:
	case PRODUCT:
	case ALL:
	case ANY:
		return compute_list(expr, from);
	case NOT:
	case INVERT:
	case NEGATE:
	case FN_NEG:
	case FN_ABS:
	case CONVERT:
		return compute_unary(expr, from);
	default:
		return compute_binary(expr, from);
	}
}

/* ---- printing ---- */

static void print_expr(FILE *to, const struct expr *expr, int strength);

static const char *blank(void)
{
	static const char *const blanks[] = { " ", "", " ", "  ", " ", "\t",
					      " /* ) */ " };

	return blanks[chance(sizeof(blanks) / sizeof(*blanks))];
}

static void print_number(FILE *to, wide number)
{
	static const char *const formats[] = { "%llu", "%llu", "0x%llx",
					       "0o%llo" };

	fprintf(to, formats[chance(4)], (unsigned long long)number);
}

static void print_kids(FILE *to, const struct expr *expr, bool list)
{
	static const char *const keys[] = { "if", "then", "else" };
	int turn = expr->op == COND ? (int)chance(3) : 0;

	fprintf(to, "%s%s", blank(), list ? "[" : "{");
	for (int i = 0; i < expr->n; i++) {
		int at = (i + turn) % expr->n;

		if (!list)
			fprintf(to, "%s%s:%s", keys[at], blank(), blank());
		print_expr(to, expr->kids[at], 0);
		fputs(i + 1 < expr->n ? "," : chance(3) ? "" : ",", to);
	}
	fputs(list ? "]" : "}", to);
}

/* As a text of PSL. */
static void print_quoted(FILE *to, const char *text)
{
	putc('"', to);
	for (; *text; text++)
		if (*text == '\\' || *text == '"')
			fprintf(to, "\\%c", *text);
		else if ((unsigned char)*text < ' ')
			fprintf(to, "\\x%02x", (unsigned char)*text);
		else
			putc(*text, to);
	putc('"', to);
}

static void print_match(FILE *to, const struct expr *expr)
{
	bool turned = chance(2);

	fprintf(to, "re.match%s{", blank());
	for (int i = 0; i < 2; i++) {
		if ((i == 0) != turned) {
			fprintf(to, "text%s:%s", blank(), blank());
			print_expr(to, expr->kids[0], 0);
		} else {
			fprintf(to, "pattern%s:%s", blank(), blank());
			print_quoted(to, expr->text);
		}
		fputs(i ? "}" : ",", to);
	}
}

static void print_call(FILE *to, const struct expr *expr)
{
	if (expr->op == MATCH) {
		print_match(to, expr);
		return;
	}
	if (expr->op == STATE) {
		print_state(to, expr);
		return;
	}
	if (expr->op == EMPTY || expr->op == EMPTY_POINTS)
		fputs("pred.empty ", to);
	else
		fprintf(to, "%s%s", ops[expr->op].text, expr->op == CONVERT ?
			type_names[expr->type] : "");
	if (expr->op == EMPTY_POINTS) {
		fputs(chance(2) ? "message.points" : "(message.points)", to);
	} else if (expr->n != 1 || (expr->op >= SUM && expr->op != CONVERT)) {
		print_kids(to, expr, expr->op != COND);
	} else if (chance(3) == 0 && expr->kids[0]->op <= READ_SID &&
		   expr->kids[0]->op != TRUTH) {
		putc(' ', to);
		print_expr(to, expr->kids[0], 8);
	} else {
		fprintf(to, "%s(", blank());
		print_expr(to, expr->kids[0], 0);
		putc(')', to);
	}
}

static void print_read(FILE *to, const struct expr *expr)
{
	const struct place *place = &places[(int)expr->number];

	if (!place->elements && chance(8) == 0 && !strchr(place->before, '.')) {
		fprintf(to, "struct.fetch {source: message, field: %s}",
			place->before);
		return;
	}
	fprintf(to, "message.%s", place->before);
	if (place->elements) {
		fprintf(to, "%s[", blank());
		print_expr(to, expr->kids[0], 0);
		fputs("]", to);
	}
	fputs(place->after, to);
}

static void print_binary(FILE *to, const struct expr *expr)
{
	int strength = ops[expr->op].strength;
	bool right = expr->op == IMPLIES, none = strength == 3;

	print_expr(to, expr->kids[0], strength + (right || none));
	fprintf(to, "%s%s%s", blank(), ops[expr->op].text, blank());
	print_expr(to, expr->kids[1], strength + !right);
}

/* Where something of at least STRENGTH is wanted. */
static void print_expr(FILE *to, const struct expr *expr, int strength)
{
	static const char *const sids[] = { "src_sid", "dst_sid",
					    "callable_sid" };
	int own = expr->op >= IMPLIES ? ops[expr->op].strength :
		  expr->op == NUMBER && expr->number < 0 ? 7 : 9;
	bool brackets = own < strength || chance(12) == 0;

	if (brackets)
		fprintf(to, "(%s", blank());
	if (expr->op == NUMBER) {
		fputs(expr->number < 0 ? "-" : "", to);
		print_number(to, expr->number < 0 ? -expr->number
						  : expr->number);
	} else if (expr->op == STRING) {
		fprintf(to, "\"%s\"", expr->text);
	} else if (expr->op == TRUTH) {
		fputs(expr->number ? "true" : "false", to);
	} else if (expr->op == READ) {
		print_read(to, expr);
	} else if (expr->op == READ_SID) {
		fputs(sids[(int)expr->number], to);
	} else if (own == 7) {
		fprintf(to, "%s%s", ops[expr->op].text, blank());
		print_expr(to, expr->kids[0], 7);
	} else if (own >= 8) {
		print_call(to, expr);
	} else {
		print_binary(to, expr);
	}
	if (brackets)
		fprintf(to, "%s)", blank());
}

#endif
