/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <assert.h>

#include "dump.h"

enum operands {
	SHOW_NOTHING, SHOW_ARG, SHOW_NUMBER, SHOW_BOOL, SHOW_TEXT, SHOW_SID,
	SHOW_JUMP, SHOW_TYPE, SHOW_LETTER, SHOW_N, SHOW_INDEX, SHOW_CASE,
	SHOW_CHOOSE, SHOW_OBJECT, SHOW_OBJECT_N,
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
	[OP_DUP] = { "dup", SHOW_LETTER },
	[OP_CASE] = { "case", SHOW_CASE },
	[OP_CHOOSE] = { "choose", SHOW_CHOOSE },
	[OP_INIT] = { "init", SHOW_OBJECT },
	[OP_FINI] = { "fini", SHOW_OBJECT },
	[OP_ENTER] = { "enter", SHOW_OBJECT },
	[OP_ALLOW] = { "allow", SHOW_OBJECT_N },
	[OP_QUERY] = { "query", SHOW_OBJECT },
	[OP_ADD_ENTRY] = { "add_entry", SHOW_OBJECT },
	[OP_REMOVE_ENTRY] = { "remove_entry", SHOW_OBJECT },
	[OP_CONTAINS] = { "contains", SHOW_OBJECT },
	[OP_SET_KEY] = { "set_key", SHOW_OBJECT },
	[OP_COMMIT] = { "commit", SHOW_OBJECT },
	[OP_ROLLBACK] = { "rollback", SHOW_OBJECT },
	[OP_GET] = { "get", SHOW_OBJECT },
	[OP_GET_WORKING] = { "get_working", SHOW_OBJECT },
	[OP_ASSIGN] = { "assign", SHOW_OBJECT },
	[OP_DROP] = { "drop", SHOW_OBJECT },
	[OP_PERMIT] = { "permit", SHOW_OBJECT },
	[OP_HAS_ROLE] = { "has_role", SHOW_OBJECT },
	[OP_CREATE] = { "create", SHOW_OBJECT_N },
	[OP_UPGRADE] = { "upgrade", SHOW_OBJECT_N },
	[OP_DELETE] = { "delete", SHOW_OBJECT },
	[OP_EXECUTE] = { "execute", SHOW_OBJECT_N },
	[OP_CALL] = { "call", SHOW_OBJECT },
	[OP_INVOKE] = { "invoke", SHOW_OBJECT },
	[OP_QUERY_LEVEL] = { "query_level", SHOW_OBJECT },
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
	case SHOW_CASE:
		if (insn->type)
			fprintf(to, " %u of choice %u", insn->arg,
				insn->type - 1u);
		if (insn->n)
			fprintf(to, ", begins choice %u", insn->n - 1u);
		return;
	case SHOW_CHOOSE:
		fprintf(to, " %u of choice %u", insn->arg, insn->n);
		return;
	case SHOW_OBJECT:
	case SHOW_OBJECT_N:
		dump_name(to, image, " ", image->objects[insn->arg].name, "");
		if (ops[insn->op].operands == SHOW_OBJECT_N)
			fprintf(to, " %u", insn->n);
		return;
	case SHOW_INDEX:
		fprintf(to, " %u of %u", insn->arg, insn->n);
		return;
	case SHOW_DFA:
		fputs(insn->type == REGEX_SELECT ? " select " : " ", to);
		dump_text(to, image_string(image,
					   image->dfas[insn->arg].pattern));
		return;
	}
}

void dump_program(const struct image *image, const struct image_rule *rule,
		  FILE *to)
{
	for (uint32_t i = 0; i < rule->n_insns; i++) {
		const struct image_insn *insn = &image->code[rule->code + i];

		fprintf(to, "    %4u %s", i, ops[insn->op].name);
		dump_operands(image, insn, i, to);
		fputc('\n', to);
	}
}
