/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "emit.h"

#include <assert.h>

#include "../../kernel/abi/layout.h"

#define FOLD_WIDTH 8	/* values of a list that wait on the stack at most */

struct program {
	struct arena *arena;
	struct image_insn *insns;
	size_t n, capacity;
	const char **texts;
	size_t n_texts, texts_capacity;
	struct image_number *numbers;
	size_t n_numbers, numbers_capacity;
	const struct regex **regexes;
	size_t n_regexes, regexes_capacity;
	unsigned depth, depth_max;
};

static void emit_node(struct program *program, const struct node *node);

/* POPPED values give way to PUSHED ones. Returns the instruction's index. */
static size_t emit(struct program *program, struct image_insn insn,
		   unsigned popped, unsigned pushed)
{
	assert(program->depth >= popped);
	program->depth += pushed - popped;
	if (program->depth > program->depth_max)
		program->depth_max = program->depth;
	*ARENA_PUSH(program->arena, program->insns, program->n,
		    program->capacity) = insn;
	return program->n - 1;
}

/* The jump at AT goes to what is emitted next. */
static void land(struct program *program, size_t at)
{
	program->insns[at].arg = (uint32_t)(program->n - at - 1);
}

static void emit_number(struct program *program, struct image_number number)
{
	struct image_insn insn = { .op = OP_SMALL };

	if (!number.negative && number.magnitude <= UINT32_MAX) {
		insn.arg = (uint32_t)number.magnitude;
	} else {
		insn.op = OP_NUMBER;
		insn.arg = (uint32_t)program->n_numbers;
		*ARENA_PUSH(program->arena, program->numbers,
			    program->n_numbers, program->numbers_capacity) =
			number;
	}
	emit(program, insn, 0, 1);
}

static void emit_text(struct program *program, const char *text)
{
	struct image_insn insn = {
		.op = OP_TEXT, .arg = (uint32_t)program->n_texts,
	};

	*ARENA_PUSH(program->arena, program->texts, program->n_texts,
		    program->texts_capacity) = text;
	emit(program, insn, 0, 1);
}

/* Faults, and leaves a value of TYPE for the proof of the program. */
static void emit_fault(struct program *program, struct value_type type)
{
	struct image_insn range = { .op = OP_RANGE, .type = SCALAR_UINT8 };
	struct image_insn equal = { .op = OP_EQ, .type = 'N' };
	struct image_insn unless = { .op = OP_UNLESS };

	emit_number(program, (struct image_number){ .magnitude = 256 });
	emit(program, range, 1, 1);
	if (type.kind == VALUE_NUMBER || type.kind == VALUE_SID)
		return;
	emit_number(program, (struct image_number){ .magnitude = 0 });
	emit(program, equal, 2, 1);
	if (type.kind == VALUE_BOOL)
		return;
	emit(program, unless, 1, 0);
	emit_text(program, "");
}

/*
 * ALL, ANY, SUM and PRODUCT of a list: a few at a time, so that the stack is
 * enough for a list of any length. The order stays; what is computed too.
 */
static void emit_list(struct program *program, const struct node *node)
{
	struct image_insn insn = node->insn;
	unsigned waiting = 0;

	for (uint32_t i = 0; i < node->n_kids; i++) {
		emit_node(program, node->kids[i]);
		if (++waiting == FOLD_WIDTH && i + 1 < node->n_kids) {
			insn.n = FOLD_WIDTH;
			emit(program, insn, FOLD_WIDTH, 1);
			waiting = 1;
		}
	}
	insn.n = (uint16_t)waiting;
	emit(program, insn, waiting, 1);
}

/* The text is on the stack. */
static void emit_regex(struct program *program, const struct regex *regex,
		       enum regex_expression expression)
{
	struct image_insn insn = { .op = OP_MATCH,
				   .type = (uint8_t)expression };

	insn.arg = (uint32_t)program->n_regexes;
	*ARENA_PUSH(program->arena, program->regexes, program->n_regexes,
		    program->regexes_capacity) = regex;
	emit(program, insn, 1, 1);
}

static void emit_op(struct program *program, const struct node *node)
{
	switch (node->insn.op) {
	case OP_ALL:
	case OP_ANY:
	case OP_SUM:
	case OP_PRODUCT:
		emit_list(program, node);
		return;
	case OP_MATCH:
		emit_node(program, node->kids[0]);
		emit_regex(program, node->regex, REGEX_MATCH);
		return;
	default:
		for (uint32_t i = 0; i < node->n_kids; i++)
			emit_node(program, node->kids[i]);
		emit(program, node->insn, node->n_kids, 1);
	}
}

static void emit_cond(struct program *program, const struct node *node)
{
	size_t unless, jump;

	emit_node(program, node->kids[0]);
	unless = emit(program, (struct image_insn){ .op = OP_UNLESS }, 1, 0);
	emit_node(program, node->kids[1]);
	jump = emit(program, (struct image_insn){ .op = OP_JUMP }, 0, 0);
	land(program, unless);
	program->depth--;	/* the value of the other branch */
	emit_node(program, node->kids[2]);
	land(program, jump);
}

static void emit_node(struct program *program, const struct node *node)
{
	struct image_insn insn = { 0 };
	size_t at;

	switch (node->kind) {
	case NODE_FAULT:
		emit_fault(program, node->type);
		return;
	case NODE_NUMBER:
		emit_number(program, node->number);
		return;
	case NODE_TEXT:
		emit_text(program, node->text);
		return;
	case NODE_BOOL:
		insn.op = OP_BOOL;
		insn.arg = node->truth;
		emit(program, insn, 0, 1);
		return;
	case NODE_AND:
	case NODE_OR:
		emit_node(program, node->kids[0]);
		insn.op = node->kind == NODE_AND ? OP_AND : OP_OR;
		at = emit(program, insn, 1, 0);
		emit_node(program, node->kids[1]);
		land(program, at);
		return;
	case NODE_COND:
		emit_cond(program, node);
		return;
	case NODE_OP:
		emit_op(program, node);
		return;
	case NODE_UNIT:
		break;
	}
	assert(!"a unit is no value");
}

/* First of all: whether the rule's case was chosen. OWN is 1 + the register of
   the choice that the program is of, or 0. */
static void emit_guard(struct program *program, struct emit_guard guard,
		       unsigned own)
{
	struct image_insn insn = {
		.op = OP_CASE, .type = (uint8_t)guard.depth,
		.n = (uint16_t)own, .arg = guard.depth ? guard.number : 0,
	};

	if (guard.depth || own)
		emit(program, insn, 0, 0);
}

static bool finish(struct program *program, struct diags *diags,
		   struct psl_call *call)
{
	bool is_long = program->n > IMAGE_INSNS_MAX;

	if (is_long || program->depth_max > IMAGE_STACK_MAX) {
		diag_error(diags, call->pos, "this rule is too %s: the "
			   "evaluator takes %u %s", is_long ? "long" : "deep",
			   is_long ? IMAGE_INSNS_MAX : IMAGE_STACK_MAX,
			   is_long ? "instructions" : "values at a time");
		return false;
	}
	call->insns = program->insns;
	call->n_insns = (uint32_t)program->n;
	call->texts = program->texts;
	call->numbers = program->numbers;
	call->regexes = program->regexes;
	return true;
}

bool emit_call(struct arena *arena, struct diags *diags,
	       struct emit_guard guard, enum image_op end,
	       const struct node *condition, struct psl_call *call)
{
	struct program program = { .arena = arena };

	if (condition && condition->kind == NODE_FAULT) {
		end = OP_DENY;
		condition = NULL;
	} else if (condition && condition->kind == NODE_BOOL) {
		end = condition->truth == (end == OP_ASSERT) ? OP_GRANT
							     : OP_DENY;
		condition = NULL;
	}
	emit_guard(&program, guard, 0);
	if (condition)
		emit_node(&program, condition);
	emit(&program, (struct image_insn){ .op = (uint8_t)end },
	     condition ? 1 : 0, 0);
	call->fixed = guard.depth ? CALL_EVAL
		      : end == OP_GRANT ? CALL_GRANTS
		      : end == OP_DENY ? CALL_DENIES : CALL_EVAL;
	return finish(&program, diags, call);
}

static uint8_t letter_of(const struct node *node)
{
	switch (node->type.kind) {
	case VALUE_BOOL:
		return 'B';
	case VALUE_TEXT:
	case VALUE_BYTES:
		return 'T';
	default:
		return 'N';
	}
}

bool emit_choice(struct arena *arena, struct diags *diags,
		 struct emit_guard guard, const struct node *operand,
		 const struct emit_case *cases, size_t n,
		 struct psl_call *call)
{
	struct program program = { .arena = arena };
	uint8_t letter = letter_of(operand);
	struct image_insn choose = { .op = OP_CHOOSE, .type = letter,
				     .n = (uint16_t)guard.depth };
	bool open = true;

	emit_guard(&program, guard, guard.depth + 1);
	emit_node(&program, operand);
	for (size_t i = 0; i < n && open; i++) {
		size_t unless = 0;

		open = cases[i].pattern || cases[i].regex;
		if (open) {
			emit(&program, (struct image_insn){ .op = OP_DUP,
			     .type = letter }, 1, 2);
			if (cases[i].regex)
				emit_regex(&program, cases[i].regex,
					   REGEX_SELECT);
			else
				emit_node(&program, cases[i].pattern);
			if (cases[i].pattern)
				emit(&program, (struct image_insn){
				     .op = OP_EQ, .type = letter }, 2, 1);
			unless = emit(&program, (struct image_insn){
				      .op = OP_UNLESS }, 1, 0);
		}
		choose.arg = (uint32_t)i + 1;
		emit(&program, choose, 1, 0);
		program.depth++;	/* the operand of the next case */
		if (open)
			land(&program, unless);
	}
	choose.arg = 0;
	if (open)
		emit(&program, choose, 1, 0);
	call->fixed = CALL_EVAL;
	return finish(&program, diags, call);
}
