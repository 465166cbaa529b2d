/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A checked rule as a program of kernel/abi/image.h. */
#ifndef DK_PSL_EMIT_H
#define DK_PSL_EMIT_H

#include "node.h"
#include "psl.h"

/* The choices around a rule: how many, and which case of the innermost. */
struct emit_guard {
	unsigned depth;
	uint32_t number;	/* from 1 */
};

/*
 * Fills CALL's program for a rule that ends in END (OP_GRANT, OP_DENY without a
 * CONDITION; OP_ASSERT, OP_REFUSE with one). False, after an error at call->pos,
 * if it is too long or too deep for the evaluator.
 */
bool emit_call(struct arena *arena, struct diags *diags,
	       struct emit_guard guard, enum image_op end,
	       const struct node *condition, struct psl_call *call);

/* A case of a choice: none of both is `_`. */
struct emit_case {
	const struct node *pattern;	/* equal to the operand */
	const struct regex *regex;	/* found in it */
};

/* Likewise for a choice inside GUARD: case I + 1 is the first that fits. */
bool emit_choice(struct arena *arena, struct diags *diags,
		 struct emit_guard guard, const struct node *operand,
		 const struct emit_case *cases, size_t n,
		 struct psl_call *call);

#endif
