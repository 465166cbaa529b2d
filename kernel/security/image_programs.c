/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Proves rule programs by running them on types instead of values. Jumps only go
 * forward, so one pass in order of text sees every way to an instruction before
 * the instruction itself: all must bring a stack of the same shape.
 */
#include <assert.h>
#include <string.h>

#include "image_check.h"

/* The stack's shape: the types, two bits each, the top lowest. */
struct shape {
	uint64_t types;
	uint32_t depth;
};

enum { N = 0, B = 1, T = 2, L = 3, TYPE_MASK = 3 };

static_assert(IMAGE_STACK_MAX <= 64 / 2, "a shape is one word");

/* What .arg, .n and .type of an instruction may be; unused ones are zero. */
enum operand {
	ARG_NONE = 0, ARG_ANY, ARG_JUMP, ARG_NUMBER, ARG_BOOL, ARG_TEXT,
	ARG_SID, ARG_SIZE, ARG_DFA, ARG_OBJECT,
};
enum type_operand {
	TYPE_NONE = 0, TYPE_SCALAR, TYPE_UNSIGNED, TYPE_NUMBER, TYPE_VALUE,
	TYPE_REGISTER, TYPE_REGEX,
};

struct effect {
	const char *pops;	/* right-most is the top; "x" is .type; '*' = .n
				   of the type that follows; "e" = the fields of
				   the object */
	const char *pushes;
	uint8_t arg;		/* enum operand */
	uint8_t type;		/* enum type_operand */
	bool uses_n;
	bool ends;
	uint8_t models;		/* of ARG_OBJECT: a bit each */
};

#define FLOW (1u << MODEL_FLOW)
#define SET (1u << MODEL_SET)
#define MAP (1u << MODEL_MAP)
#define RBAC (1u << MODEL_RBAC)
#define MIC (1u << MODEL_MIC)

/* image.h's table once more, for the proof. */
static const struct effect effects[OP_N] = {
	[OP_NONE] = { NULL, NULL, 0, 0, false, false },
	[OP_GRANT] = { "", "", ARG_NONE, TYPE_NONE, false, true },
	[OP_DENY] = { "", "", ARG_NONE, TYPE_NONE, false, true },
	[OP_ASSERT] = { "B", "", ARG_NONE, TYPE_NONE, false, true },
	[OP_REFUSE] = { "B", "", ARG_NONE, TYPE_NONE, false, true },
	[OP_SMALL] = { "", "N", ARG_ANY, TYPE_NONE, false, false },
	[OP_NUMBER] = { "", "N", ARG_NUMBER, TYPE_NONE, false, false },
	[OP_BOOL] = { "", "B", ARG_BOOL, TYPE_NONE, false, false },
	[OP_TEXT] = { "", "T", ARG_TEXT, TYPE_NONE, false, false },
	[OP_SID] = { "", "N", ARG_SID, TYPE_NONE, false, false },
	[OP_PLACE] = { "", "L", ARG_ANY, TYPE_NONE, false, false },
	[OP_FIELD] = { "L", "L", ARG_ANY, TYPE_NONE, false, false },
	[OP_INDEX] = { "LN", "L", ARG_SIZE, TYPE_NONE, true, false },
	[OP_ELEMENT] = { "LN", "L", ARG_SIZE, TYPE_NONE, false, false },
	[OP_LOAD] = { "L", "N", ARG_NONE, TYPE_SCALAR, false, false },
	[OP_LOAD_STRING] = { "L", "T", ARG_NONE, TYPE_NONE, false, false },
	[OP_LOAD_BYTES] = { "L", "T", ARG_NONE, TYPE_NONE, false, false },
	[OP_LOAD_HANDLE] = { "L", "N", ARG_NONE, TYPE_NONE, false, false },
	[OP_COUNT] = { "L", "N", ARG_SIZE, TYPE_NONE, false, false },
	[OP_SIZE] = { "T", "N", ARG_NONE, TYPE_NONE, false, false },
	[OP_MATCH] = { "T", "B", ARG_DFA, TYPE_REGEX, false, false },
	[OP_EQ] = { "xx", "B", ARG_NONE, TYPE_VALUE, false, false },
	[OP_NE] = { "xx", "B", ARG_NONE, TYPE_VALUE, false, false },
	[OP_LT] = { "NN", "B", ARG_NONE, TYPE_NUMBER, false, false },
	[OP_LE] = { "NN", "B", ARG_NONE, TYPE_NUMBER, false, false },
	[OP_GT] = { "NN", "B", ARG_NONE, TYPE_NUMBER, false, false },
	[OP_GE] = { "NN", "B", ARG_NONE, TYPE_NUMBER, false, false },
	[OP_NOT] = { "B", "B", ARG_NONE, TYPE_NONE, false, false },
	[OP_ALL] = { "*B", "B", ARG_NONE, TYPE_NONE, true, false },
	[OP_ANY] = { "*B", "B", ARG_NONE, TYPE_NONE, true, false },
	[OP_AND] = { "B", "", ARG_JUMP, TYPE_NONE, false, false },
	[OP_OR] = { "B", "", ARG_JUMP, TYPE_NONE, false, false },
	[OP_UNLESS] = { "B", "", ARG_JUMP, TYPE_NONE, false, false },
	[OP_JUMP] = { "", "", ARG_JUMP, TYPE_NONE, false, false },
	[OP_ADD] = { "NN", "N", ARG_NONE, TYPE_NONE, false, false },
	[OP_SUB] = { "NN", "N", ARG_NONE, TYPE_NONE, false, false },
	[OP_MUL] = { "NN", "N", ARG_NONE, TYPE_NONE, false, false },
	[OP_SUM] = { "*N", "N", ARG_NONE, TYPE_NONE, true, false },
	[OP_PRODUCT] = { "*N", "N", ARG_NONE, TYPE_NONE, true, false },
	[OP_BIT_AND] = { "NN", "N", ARG_NONE, TYPE_NONE, false, false },
	[OP_BIT_OR] = { "NN", "N", ARG_NONE, TYPE_NONE, false, false },
	[OP_BIT_NOT] = { "N", "N", ARG_NONE, TYPE_UNSIGNED, false, false },
	[OP_NEG] = { "N", "N", ARG_NONE, TYPE_NONE, false, false },
	[OP_ABS] = { "N", "N", ARG_NONE, TYPE_NONE, false, false },
	[OP_RANGE] = { "N", "N", ARG_NONE, TYPE_SCALAR, false, false },
	[OP_DUP] = { "x", "xx", ARG_NONE, TYPE_VALUE, false, false },
	[OP_CASE] = { "", "", ARG_ANY, TYPE_REGISTER, true, false },
	[OP_CHOOSE] = { "x", "", ARG_ANY, TYPE_VALUE, true, true },
	[OP_INIT] = { "N", "B", ARG_OBJECT, TYPE_NONE, false, false,
		      FLOW | SET | MAP | RBAC },
	[OP_FINI] = { "N", "B", ARG_OBJECT, TYPE_NONE, false, false,
		      FLOW | SET | MAP | RBAC },
	[OP_ENTER] = { "NT", "B", ARG_OBJECT, TYPE_NONE, false, false, FLOW },
	[OP_ALLOW] = { "N*T", "B", ARG_OBJECT, TYPE_NONE, true, false, FLOW },
	[OP_QUERY] = { "N", "T", ARG_OBJECT, TYPE_NONE, false, false, FLOW },
	[OP_ADD_ENTRY] = { "Ne", "B", ARG_OBJECT, TYPE_NONE, false, false, SET },
	[OP_REMOVE_ENTRY] = { "Ne", "B", ARG_OBJECT, TYPE_NONE, false, false, SET },
	[OP_CONTAINS] = { "Ne", "B", ARG_OBJECT, TYPE_NONE, false, false, SET },
	[OP_SET_KEY] = { "NTe", "B", ARG_OBJECT, TYPE_NONE, false, false, MAP },
	[OP_COMMIT] = { "N", "B", ARG_OBJECT, TYPE_NONE, false, false, MAP },
	[OP_ROLLBACK] = { "N", "B", ARG_OBJECT, TYPE_NONE, false, false, MAP },
	[OP_GET] = { "NT", "e", ARG_OBJECT, TYPE_NONE, false, false, MAP },
	[OP_GET_WORKING] = { "NT", "e", ARG_OBJECT, TYPE_NONE, false, false, MAP },
	[OP_ASSIGN] = { "NT", "B", ARG_OBJECT, TYPE_NONE, false, false, RBAC },
	[OP_DROP] = { "NT", "B", ARG_OBJECT, TYPE_NONE, false, false, RBAC },
	[OP_PERMIT] = { "NT", "B", ARG_OBJECT, TYPE_NONE, false, false, RBAC },
	[OP_HAS_ROLE] = { "NT", "B", ARG_OBJECT, TYPE_NONE, false, false, RBAC },
	[OP_CREATE] = { "NNNNN", "B", ARG_OBJECT, TYPE_NONE, true, false, MIC },
	[OP_UPGRADE] = { "NNNNN", "B", ARG_OBJECT, TYPE_NONE, true, false, MIC },
	[OP_DELETE] = { "NNNN", "B", ARG_OBJECT, TYPE_NONE, false, false, MIC },
	[OP_EXECUTE] = { "NNNN", "B", ARG_OBJECT, TYPE_NONE, true, false, MIC },
	[OP_CALL] = { "NN", "B", ARG_OBJECT, TYPE_NONE, false, false, MIC },
	[OP_INVOKE] = { "NN", "B", ARG_OBJECT, TYPE_NONE, false, false, MIC },
	[OP_QUERY_LEVEL] = { "N", "T", ARG_OBJECT, TYPE_NONE, false, false, MIC },
};

/* Instructions that all proofs together may look at: programs may share code,
   and sharing must not make a small file a long proof. */
#define PROOF_MAX (UINT64_C(1) << 27)

static uint64_t type_code(char letter, const struct image_insn *insn)
{
	if (letter == 'x')
		letter = (char)insn->type;
	return letter == 'N' ? N : letter == 'B' ? B : letter == 'T' ? T : L;
}

static uint64_t field_code(uint8_t field)
{
	return field == FIELD_TEXT ? T : field == FIELD_BOOL ? B : N;
}

static bool pop(struct shape *shape, uint64_t type)
{
	if (shape->depth == 0 || (shape->types & TYPE_MASK) != type)
		return false;
	shape->types >>= 2;
	shape->depth--;
	return true;
}

static bool push(struct shape *shape, uint64_t type)
{
	if (shape->depth == IMAGE_STACK_MAX)
		return false;
	shape->types = shape->types << 2 | type;
	shape->depth++;
	return true;
}

/* One letter of a table's, N times. An object's fields are those of its entry. */
static bool pop_letter(const struct image_check *check, struct shape *shape,
		       char letter, uint32_t n, const struct image_insn *insn)
{
	const struct image_object *object;

	if (letter == 'e') {
		object = &check->image->objects[insn->arg];
		for (uint32_t i = object->n_fields; i-- > 0;)
			if (!pop(shape, field_code(object->fields[i])))
				return false;
		return true;
	}
	for (uint32_t i = 0; i < n; i++)
		if (!pop(shape, type_code(letter, insn)))
			return false;
	return true;
}

static bool pop_all(const struct image_check *check, struct shape *shape,
		    const char *pops, const struct image_insn *insn)
{
	for (size_t i = strlen(pops); i-- > 0;) {
		bool many = i > 0 && pops[i - 1] == '*';

		if (!pop_letter(check, shape, pops[i], many ? insn->n : 1,
				insn))
			return false;
		if (many)
			i--;
	}
	return true;
}

/* A map's value is one field. */
static bool push_all(const struct image_check *check, struct shape *shape,
		     const char *pushes, const struct image_insn *insn)
{
	const struct image_object *objects = check->image->objects;

	for (const char *p = pushes; *p; p++)
		if (!push(shape, *p == 'e' ?
			  field_code(objects[insn->arg].fields[0]) :
			  type_code(*p, insn)))
			return false;
	return true;
}

static bool check_arg(const struct image_check *check, enum operand operand,
		      uint8_t models, uint32_t arg)
{
	switch (operand) {
	case ARG_NONE:
		return arg == 0;
	case ARG_ANY:
	case ARG_JUMP:		/* once it is known where the program ends */
		return true;
	case ARG_NUMBER:
		return arg < check->count[SECTION_NUMBERS];
	case ARG_BOOL:
		return arg <= 1;
	case ARG_TEXT:
		return image_is_string(check, arg);
	case ARG_SID:
		return arg < SID_N;
	case ARG_SIZE:
		return arg > 0;
	case ARG_DFA:
		return arg < check->image->n_dfas;
	case ARG_OBJECT:	/* of a model that has the instruction */
		return arg < check->image->n_objects &&
		       models >> check->image->objects[arg].model & 1;
	}
	return false;
}

static bool check_type(enum type_operand operand, uint8_t type)
{
	switch (operand) {
	case TYPE_NONE:
		return type == 0;
	case TYPE_SCALAR:
		return type > SCALAR_NONE && type < SCALAR_N;
	case TYPE_UNSIGNED:
		return type >= SCALAR_UINT8 && type <= SCALAR_UINT64;
	case TYPE_NUMBER:
		return type == 'N';
	case TYPE_VALUE:
		return type == 'N' || type == 'B' || type == 'T';
	case TYPE_REGISTER:	/* 1 + it, or none */
		return type <= CHOICE_DEPTH_MAX;
	case TYPE_REGEX:
		return type < REGEX_N;
	}
	return false;
}

static bool check_insn(const struct image_check *check, uint32_t at)
{
	const struct image_insn *insn = &check->image->code[at];
	const struct effect *effect;

	if (insn->op == OP_NONE || insn->op >= OP_N)
		return image_refuse(check, SECTION_CODE, at,
				    "there is no such instruction");
	effect = &effects[insn->op];
	if (!check_arg(check, effect->arg, effect->models, insn->arg) ||
	    !check_type(effect->type, insn->type) ||
	    (!effect->uses_n && insn->n != 0) ||
	    (insn->op == OP_CASE && insn->n > CHOICE_DEPTH_MAX) ||
	    (insn->op == OP_CHOOSE && insn->n >= CHOICE_DEPTH_MAX))
		return image_refuse(check, SECTION_CODE, at,
				    "an operand is out of range, or not used and "
				    "not zero");
	return true;
}

/* The ways to the instructions of the program that is being proved. */
struct proof {
	struct shape shapes[IMAGE_INSNS_MAX];
	bool reached[IMAGE_INSNS_MAX];
};

/* A way to instruction TO with a stack of SHAPE. */
static bool reach(struct proof *proof, uint32_t to, const struct shape *shape)
{
	if (!proof->reached[to]) {
		proof->reached[to] = true;
		proof->shapes[to] = *shape;
		return true;
	}
	return proof->shapes[to].depth == shape->depth &&
	       proof->shapes[to].types == shape->types;
}

/* Where the jump at I goes, with what: AND and OR keep the boolean. */
static bool follow_jump(struct proof *proof, uint32_t i, uint32_t n,
			const struct image_insn *insn,
			const struct shape *before, const struct shape *after)
{
	bool keeps = insn->op == OP_AND || insn->op == OP_OR;

	return insn->arg < n - i - 1 &&
	       reach(proof, i + 1 + insn->arg, keeps ? before : after);
}

static bool check_step(const struct image_check *check, struct proof *proof,
		       const struct image_rule *rule, uint32_t i)
{
	uint32_t at = rule->code + i;
	const struct image_insn *insn = &check->image->code[at];
	const struct effect *effect = &effects[insn->op];
	struct shape shape;

	if (!proof->reached[i])
		return image_refuse(check, SECTION_CODE, at,
				    "an instruction is never reached");
	shape = proof->shapes[i];
	if (!pop_all(check, &shape, effect->pops, insn))
		return image_refuse(check, SECTION_CODE, at,
				    "the stack does not hold what is popped");
	if (!push_all(check, &shape, effect->pushes, insn))
		return image_refuse(check, SECTION_CODE, at,
				    "the stack is full");
	if (effect->ends)
		return shape.depth == 0 ||
		       image_refuse(check, SECTION_CODE, at,
				    "the program ends with values on its stack");
	if (effect->arg == ARG_JUMP &&
	    !follow_jump(proof, i, rule->n_insns, insn, &proof->shapes[i],
			 &shape))
		return image_refuse(check, SECTION_CODE, at,
				    "a jump leaves its program or brings another "
				    "stack");
	if (insn->op == OP_JUMP)
		return true;
	if (i + 1 == rule->n_insns)
		return image_refuse(check, SECTION_CODE, at,
				    "the program does not end");
	return reach(proof, i + 1, &shape) ||
	       image_refuse(check, SECTION_CODE, at,
			    "two ways to an instruction bring different stacks");
}

static bool check_program(const struct image_check *check,
			  const struct image_rule *rule)
{
	struct proof proof;

	memset(proof.reached, 0, rule->n_insns * sizeof(proof.reached[0]));
	proof.reached[0] = true;
	proof.shapes[0] = (struct shape){ 0, 0 };
	for (uint32_t i = 0; i < rule->n_insns; i++)
		if (!check_step(check, &proof, rule, i))
			return false;
	return true;
}

static bool check_rule(const struct image_check *check, uint32_t index)
{
	const struct image_rule *rule = &check->image->rules[index];

	if (rule->fixed > CALL_DENIES || rule->zero != 0)
		return image_refuse(check, SECTION_RULES, index,
				    "a rule's kind is out of range");
	if (!image_is_string(check, rule->object) ||
	    !image_is_string(check, rule->method))
		return image_refuse(check, SECTION_RULES, index,
				    "a rule's name is out of range");
	if (rule->n_insns > IMAGE_INSNS_MAX ||
	    !image_has(check, SECTION_CODE, rule->code, rule->n_insns))
		return image_refuse(check, SECTION_RULES, index,
				    "a rule's program is out of range");
	if (rule->n_insns == 0)
		return rule->fixed != CALL_EVAL ||
		       image_refuse(check, SECTION_RULES, index,
				    "a rule has neither a program nor an answer");
	return check_program(check, rule);
}

static bool check_call(const struct image_check *check, uint32_t index)
{
	const struct image_call *call = &check->image->calls[index];

	return (call->rule < check->count[SECTION_RULES] &&
		call->binding < check->count[SECTION_BINDINGS] &&
		call->line != 0 && call->column != 0) ||
	       image_refuse(check, SECTION_CALLS, index,
			    "a call's rule or place is out of range");
}

bool image_check_programs(const struct image_check *check)
{
	const struct image *image = check->image;
	uint64_t looked = 0;

	for (uint32_t i = 0; i < check->count[SECTION_NUMBERS]; i++)
		if (image->numbers[i].negative > 1 ||
		    (image->numbers[i].negative == 1 &&
		     image->numbers[i].magnitude == 0))
			return image_refuse(check, SECTION_NUMBERS, i,
					    "a number's sign is neither 0 nor 1");
	for (uint32_t i = 0; i < check->count[SECTION_CODE]; i++)
		if (!check_insn(check, i))
			return false;
	for (uint32_t i = 0; i < image->n_rules; i++) {
		looked += image->rules[i].n_insns;
		if (looked > PROOF_MAX)
			return image_refuse(check, SECTION_RULES, i,
					    "the programs are too long to prove");
		if (!check_rule(check, i))
			return false;
	}
	for (uint32_t i = 0; i < image->n_calls; i++)
		if (!check_call(check, i))
			return false;
	return true;
}
