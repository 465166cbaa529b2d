/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <assert.h>

#include "dump.h"

enum operands {
	SHOW_NOTHING, SHOW_ARG, SHOW_NUMBER, SHOW_BOOL, SHOW_TEXT, SHOW_SID,
	SHOW_JUMP, SHOW_TYPE, SHOW_LETTER, SHOW_N, SHOW_INDEX,
	SHOW_DFA,
};

static const struct {
	const char *name;
	enum operands operands;
} ops[] = {
	[OP_NONE] = { "none", SHOW_NOTHING },
	[OP_GRANT] = { "grant", SHOW_NOTHING },
	[OP_DENY] = { "deny", SHOW_NOTHING },
	[OP_ASSERT] = { "assert", SHOW_NOTHING },
	[OP_REFUSE] = { "refuse", SHOW_NOTHING },
	[OP_SMALL] = { "small", SHOW_ARG },
	[OP_NUMBER] = { "number", SHOW_NUMBER },
	[OP_BOOL] = { "bool", SHOW_BOOL },
	[OP_TEXT] = { "text", SHOW_TEXT },
	[OP_SID] = { "sid", SHOW_SID },
	[OP_PLACE] = { "place", SHOW_ARG },
	[OP_FIELD] = { "field", SHOW_ARG },
	[OP_INDEX] = { "index", SHOW_INDEX },
	[OP_ELEMENT] = { "element", SHOW_ARG },
	[OP_LOAD] = { "load", SHOW_TYPE },
	[OP_LOAD_STRING] = { "load_string", SHOW_NOTHING },
	[OP_LOAD_BYTES] = { "load_bytes", SHOW_NOTHING },
	[OP_LOAD_HANDLE] = { "load_handle", SHOW_NOTHING },
	[OP_COUNT] = { "count", SHOW_ARG },
	[OP_SIZE] = { "size", SHOW_NOTHING },
	[OP_MATCH] = { "match", SHOW_DFA },
	[OP_EQ] = { "eq", SHOW_LETTER },
	[OP_NE] = { "ne", SHOW_LETTER },
	[OP_LT] = { "lt", SHOW_LETTER },
	[OP_LE] = { "le", SHOW_LETTER },
	[OP_GT] = { "gt", SHOW_LETTER },
	[OP_GE] = { "ge", SHOW_LETTER },
	[OP_NOT] = { "not", SHOW_NOTHING },
	[OP_ALL] = { "all", SHOW_N },
	[OP_ANY] = { "any", SHOW_N },
	[OP_AND] = { "and", SHOW_JUMP },
	[OP_OR] = { "or", SHOW_JUMP },
	[OP_UNLESS] = { "unless", SHOW_JUMP },
	[OP_JUMP] = { "jump", SHOW_JUMP },
	[OP_ADD] = { "add", SHOW_NOTHING },
	[OP_SUB] = { "sub", SHOW_NOTHING },
	[OP_MUL] = { "mul", SHOW_NOTHING },
	[OP_SUM] = { "sum", SHOW_N },
	[OP_PRODUCT] = { "product", SHOW_N },
	[OP_BIT_AND] = { "bit_and", SHOW_NOTHING },
	[OP_BIT_OR] = { "bit_or", SHOW_NOTHING },
	[OP_BIT_NOT] = { "bit_not", SHOW_TYPE },
	[OP_NEG] = { "neg", SHOW_NOTHING },
	[OP_ABS] = { "abs", SHOW_NOTHING },
	[OP_RANGE] = { "range", SHOW_TYPE },
};

static_assert(sizeof(ops) / sizeof(*ops) == OP_N, "a name for each op");

static void dump_operands(const struct image *image,
			  const struct image_insn *insn, uint32_t at, FILE *to)
{
	static const char *const sids[SID_N] = { "src", "dst", "callable" };

	switch (ops[insn->op].operands) {
	case SHOW_NOTHING:
		return;
	case SHOW_ARG:
		fprintf(to, " %u", insn->arg);
		return;
	case SHOW_NUMBER:
		fprintf(to, " %s%llu",
			image->numbers[insn->arg].negative ? "-" : "",
			(unsigned long long)image->numbers[insn->arg].magnitude);
		return;
	case SHOW_BOOL:
		fprintf(to, " %s", insn->arg ? "true" : "false");
		return;
	case SHOW_TEXT:
		fputc(' ', to);
		dump_text(to, image_string(image, insn->arg));
		return;
	case SHOW_SID:
		fprintf(to, " %s", sids[insn->arg]);
		return;
	case SHOW_JUMP:
		fprintf(to, " -> %u", at + 1 + insn->arg);
		return;
	case SHOW_TYPE:
		fprintf(to, " %s", dump_scalar(insn->type));
		return;
	case SHOW_LETTER:
		fprintf(to, " %c", insn->type);
		return;
	case SHOW_N:
		fprintf(to, " %u", insn->n);
		return;
	case SHOW_INDEX:
		fprintf(to, " %u of %u", insn->arg, insn->n);
		return;
	case SHOW_DFA:
		fputc(' ', to);
		dump_text(to, image_string(image,
					   image->dfas[insn->arg].pattern));
		return;
	}
}

void dump_program(const struct image *image, const struct image_call *call,
		  FILE *to)
{
	for (uint32_t i = 0; i < call->n_insns; i++) {
		const struct image_insn *insn = &image->code[call->code + i];

		fprintf(to, "    %4u %s", i, ops[insn->op].name);
		dump_operands(image, insn, i, to);
		fputc('\n', to);
	}
}
