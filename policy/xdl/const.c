/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Constant expressions. Every intermediate value is exact and must lie between
 * the least SInt64 and the greatest UInt64; '~' turns the bits of the type that
 * the value is for.
 */
#include "check.h"

#include <inttypes.h>

struct evaluation {
	struct xdl *xdl;
	const struct idl *idl;
	enum layout_scalar scalar;
};

wide xdl_scalar_min(enum layout_scalar scalar)
{
	switch (scalar) {
	case SCALAR_SINT8:	return INT8_MIN;
	case SCALAR_SINT16:	return INT16_MIN;
	case SCALAR_SINT32:	return INT32_MIN;
	case SCALAR_SINT64:	return INT64_MIN;
	default:		return 0;
	}
}

wide xdl_scalar_max(enum layout_scalar scalar)
{
	switch (scalar) {
	case SCALAR_UINT8:	return UINT8_MAX;
	case SCALAR_UINT16:	return UINT16_MAX;
	case SCALAR_UINT32:	return UINT32_MAX;
	case SCALAR_SINT8:	return INT8_MAX;
	case SCALAR_SINT16:	return INT16_MAX;
	case SCALAR_SINT32:	return INT32_MAX;
	case SCALAR_SINT64:	return INT64_MAX;
	default:		return UINT64_MAX;
	}
}

static const char *number_text(struct xdl *xdl, wide value)
{
	if (value < 0)
		return arena_printf(xdl->arena, "%" PRId64, (int64_t)value);
	return arena_printf(xdl->arena, "%" PRIu64, (uint64_t)value);
}

static bool overflow(struct evaluation *in, const struct expr *expr)
{
	diag_error(in->xdl->diags, expr->pos,
		   "the constant overflows: expected a value from %" PRId64
		   " to %" PRIu64, INT64_MIN, UINT64_MAX);
	return false;
}

static bool in_range(struct evaluation *in, const struct expr *expr, wide value)
{
	if (value >= (wide)INT64_MIN && value <= (wide)UINT64_MAX)
		return true;
	return overflow(in, expr);
}

static bool named(struct evaluation *in, const struct expr *expr, wide *value)
{
	struct def *def = xdl_find_def(in->xdl, in->idl, expr->name, expr->pos,
				       "constant");

	if (!def)
		return false;
	if (def->kind != DEF_CONST) {
		diag_error(in->xdl->diags, expr->pos,
			   "found the type '%s', expected a constant", expr->name);
		diag_note(in->xdl->diags, def->pos, "'%s' is declared here",
			  def->name);
		return false;
	}
	if (def->state == CHECK_RUNNING) {
		diag_error(in->xdl->diags, expr->pos,
			   "the value of '%s' depends on itself", def->name);
		return false;
	}
	if (!xdl_check_def(in->xdl, def))
		return false;
	*value = def->value;
	return true;
}

static bool invert(struct evaluation *in, const struct expr *expr, wide *value)
{
	if (*value < xdl_scalar_min(in->scalar) ||
	    *value > xdl_scalar_max(in->scalar)) {
		diag_error(in->xdl->diags, expr->pos,
			   "'~' of %s: the value does not fit into the constant's "
			   "type", number_text(in->xdl, *value));
		return false;
	}
	*value = xdl_scalar_min(in->scalar) ? -*value - 1 :
		 xdl_scalar_max(in->scalar) - *value;
	return true;
}

static bool power(struct evaluation *in, const struct expr *expr, wide base,
		  wide exponent, wide *value)
{
	if (exponent < 0) {
		diag_error(in->xdl->diags, expr->pos,
			   "found the exponent %s, expected 0 or more",
			   number_text(in->xdl, exponent));
		return false;
	}
	*value = 1;
	if (base == 0 || base == 1 || base == -1) {
		if (exponent > 0 && (base != -1 || exponent % 2))
			*value = base;
		return true;
	}
	for (; exponent > 0; exponent--) {
		if (__builtin_mul_overflow(*value, base, value))
			return overflow(in, expr);
		if (!in_range(in, expr, *value))
			return false;
	}
	return true;
}

static bool shift(struct evaluation *in, const struct expr *expr, wide left,
		  wide right, wide *value)
{
	if (right < 0 || right > 63) {
		diag_error(in->xdl->diags, expr->pos,
			   "found a shift by %s, expected 0 to 63",
			   number_text(in->xdl, right));
		return false;
	}
	/* Multiplied, for the left operand may be negative. |left| < 2^64. */
	if (expr->op == EXPR_RIGHT)
		*value = left >> (int)right;
	else if (__builtin_mul_overflow(left, (wide)1 << (int)right, value))
		return overflow(in, expr);
	return true;
}

static bool evaluate(struct evaluation *in, const struct expr *expr, wide *value);

static bool binary(struct evaluation *in, const struct expr *expr, wide left,
		   wide right, wide *value)
{
	switch (expr->op) {
	case EXPR_POWER:
		return power(in, expr, left, right, value);
	case EXPR_LEFT:
	case EXPR_RIGHT:
		return shift(in, expr, left, right, value);
	case EXPR_MULTIPLY:
		if (__builtin_mul_overflow(left, right, value))
			return overflow(in, expr);
		return true;
	case EXPR_DIVIDE:
	case EXPR_REMAINDER:
		if (right == 0) {
			diag_error(in->xdl->diags, expr->pos, "division by zero");
			return false;
		}
		*value = expr->op == EXPR_DIVIDE ? left / right : left % right;
		return true;
	case EXPR_ADD:
		*value = left + right;
		return true;
	case EXPR_SUBTRACT:
		*value = left - right;
		return true;
	case EXPR_AND:
		*value = left & right;
		return true;
	case EXPR_OR:
		*value = left | right;
		return true;
	default:
		return false;
	}
}

static bool unary(struct evaluation *in, const struct expr *expr, wide *value)
{
	if (!evaluate(in, expr->left, value))
		return false;
	if (expr->op == EXPR_NOT)
		return invert(in, expr, value);
	if (expr->op == EXPR_MINUS)
		*value = -*value;
	return true;
}

static bool evaluate(struct evaluation *in, const struct expr *expr, wide *value)
{
	wide left, right;
	bool good;

	switch (expr->op) {
	case EXPR_NUMBER:
		*value = expr->number;
		return true;
	case EXPR_NAME:
		return named(in, expr, value);
	case EXPR_MINUS:
	case EXPR_PLUS:
	case EXPR_NOT:
		return unary(in, expr, value) && in_range(in, expr, *value);
	default:
		good = evaluate(in, expr->left, &left);
		good = evaluate(in, expr->right, &right) && good;
		return good && binary(in, expr, left, right, value) &&
		       in_range(in, expr, *value);
	}
}

/* Where an expression begins: its leftmost part. */
static struct pos expr_begin(const struct expr *expr)
{
	while (expr->left && expr->left->pos.offset < expr->pos.offset)
		expr = expr->left;
	return expr->pos;
}

bool xdl_evaluate(struct xdl *xdl, const struct idl *idl,
		  const struct expr *expr, enum layout_scalar scalar,
		  wide *value)
{
	struct evaluation in = { xdl, idl, scalar };

	if (!evaluate(&in, expr, value))
		return false;
	if (*value >= xdl_scalar_min(scalar) && *value <= xdl_scalar_max(scalar))
		return true;
	diag_error(xdl->diags, expr_begin(expr),
		   "the value %s does not fit: expected %s to %s",
		   number_text(xdl, *value),
		   number_text(xdl, xdl_scalar_min(scalar)),
		   number_text(xdl, xdl_scalar_max(scalar)));
	return false;
}
