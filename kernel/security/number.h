/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Exact numbers of sign and magnitude, for eval.c. */
#ifndef DK_SECURITY_NUMBER_H
#define DK_SECURITY_NUMBER_H

#include "eval.h"

static const struct {
	uint8_t bytes;
	bool is_signed;
} scalars[SCALAR_N] = {
	[SCALAR_UINT8] = { 1, false }, [SCALAR_UINT16] = { 2, false },
	[SCALAR_UINT32] = { 4, false }, [SCALAR_UINT64] = { 8, false },
	[SCALAR_SINT8] = { 1, true }, [SCALAR_SINT16] = { 2, true },
	[SCALAR_SINT32] = { 4, true }, [SCALAR_SINT64] = { 8, true },
};

/* The largest value of SIZE bytes without a sign. */
static inline uint64_t mask_of(uint32_t size)
{
	return UINT64_MAX >> (64 - 8 * size);
}

/* ---- false = a fault ---- */

/* a += b */
static inline bool add(struct eval_value *a, const struct eval_value *b, bool negate)
{
	bool negative = b->negative != negate;

	if (a->negative == negative) {
		if (b->number > UINT64_MAX - a->number)
			return false;
		a->number += b->number;
	} else if (a->number >= b->number) {
		a->number -= b->number;
	} else {
		a->number = b->number - a->number;
		a->negative = negative;
	}
	if (a->number == 0)
		a->negative = false;
	return true;
}

/* a *= b */
static inline bool multiply(struct eval_value *a, const struct eval_value *b)
{
	if (a->number != 0 && b->number > UINT64_MAX / a->number)
		return false;
	a->number *= b->number;
	a->negative = a->number != 0 && a->negative != b->negative;
	return true;
}

/* -1, 0 or 1 as a is less than, equal to or greater than b. */
static inline int compare(const struct eval_value *a, const struct eval_value *b)
{
	int order;

	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	order = (a->number > b->number) - (a->number < b->number);
	return a->negative ? -order : order;
}

static inline bool check_range(const struct eval_value *value, uint8_t scalar)
{
	uint64_t mask = mask_of(scalars[scalar].bytes);

	if (!scalars[scalar].is_signed)
		return !value->negative && value->number <= mask;
	return value->number <= mask / 2 + (value->negative ? 1 : 0);
}

#endif
