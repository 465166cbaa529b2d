/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A checked rule as a program of kernel/abi/image.h. */
#ifndef DK_PSL_EMIT_H
#define DK_PSL_EMIT_H

#include "node.h"
#include "psl.h"

/*
 * Fills CALL's program for a rule that ends in END (OP_GRANT, OP_DENY without a
 * CONDITION; OP_ASSERT, OP_REFUSE with one). False, after an error at call->pos,
 * if it is too long or too deep for the evaluator.
 */
bool emit_call(struct arena *arena, struct diags *diags, enum image_op end,
	       const struct node *condition, struct psl_call *call);

#endif
