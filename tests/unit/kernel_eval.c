/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Rule programs: what they compute, and which of them the loader refuses. */
#include <string.h>

#include "../../kernel/abi/wire.h"
#include "../../kernel/security/eval.h"
#include "support/guarded.h"
#include "support/image_maker.h"
#include "support/suite.h"

enum outcome { DENIES = EVAL_DENIES, GRANTS = EVAL_GRANTS,
	       FAULTS = EVAL_FAULTS, REFUSED };

enum number { N_512, N_MAX, N_MIN, N_2_63, N_MINUS_2_63, N_MINUS_1, N_2_32,
	      N_MINUS_129, N_MINUS_5, N_UINT32_MAX };

static const struct image_number numbers[] = {	/* after the sample's 512 */
	{ UINT64_MAX, 0 }, { UINT64_MAX, 1 }, { UINT64_C(1) << 63, 0 },
	{ UINT64_C(1) << 63, 1 }, { 1, 1 }, { UINT64_C(1) << 32, 0 },
	{ 129, 1 }, { 5, 1 }, { UINT32_MAX, 0 },
};

static void count_step(void *data, const struct eval_step *step)
{
	uint32_t *n = data;

	ck_assert_ptr_nonnull(step->call);
	ck_assert(step->insn->op < OP_N && step->insn->op > OP_REFUSE);
	ck_assert(!step->faulted || !step->top);
	++*n;
}

/* Who looks on sees the same come out, and no step that is not there. */
static enum eval_result evaluate(const struct image *image,
				 const struct image_call *call,
				 const struct event *event)
{
	uint32_t n = 0;
	const struct eval_watch watch = { count_step, &n };
	struct eval_scope scope;
	enum eval_result result;

	eval_begin(&scope, image, NULL, event);
	result = eval_call(&scope, call);
	scope.watch = &watch;
	ck_assert_int_eq((int)eval_call(&scope, call), (int)result);
	ck_assert_uint_lt(n, image_rule(image, call)->n_insns);
	return result;
}

/* Strings of the sample by their use here. */
#define TEXT_ABC 0xabc0
#define TEXT_EMPTY 0xabc1
#define TEXT_P1 0xabc2
#define TEXT_AB 0xabc3

#define GRANT { OP_GRANT, 0, 0, 0 }
#define DENY { OP_DENY, 0, 0, 0 }
#define ASSERT { OP_ASSERT, 0, 0, 0 }
#define REFUSE { OP_REFUSE, 0, 0, 0 }
#define SMALL(v) { OP_SMALL, 0, 0, v }
#define NUM(i) { OP_NUMBER, 0, 0, i }
#define BOOL(b) { OP_BOOL, 0, 0, b }
#define TEXT(t) { OP_TEXT, 0, 0, t }
#define SID(s) { OP_SID, 0, 0, s }
#define PLACE(at) { OP_PLACE, 0, 0, at }
#define FIELD(at) { OP_FIELD, 0, 0, at }
#define INDEX(n, size) { OP_INDEX, 0, n, size }
#define ELEMENT(size) { OP_ELEMENT, 0, 0, size }
#define LOAD(type) { OP_LOAD, SCALAR_##type, 0, 0 }
#define STRING { OP_LOAD_STRING, 0, 0, 0 }
#define BYTES { OP_LOAD_BYTES, 0, 0, 0 }
#define HANDLE { OP_LOAD_HANDLE, 0, 0, 0 }
#define COUNT(size) { OP_COUNT, 0, 0, size }
#define SIZE { OP_SIZE, 0, 0, 0 }
#define MATCH(i) { OP_MATCH, 0, 0, i }
#define DUP(type) { OP_DUP, type, 0, 0 }
#define EQ(type) { OP_EQ, type, 0, 0 }
#define NE(type) { OP_NE, type, 0, 0 }
#define LT { OP_LT, 'N', 0, 0 }
#define LE { OP_LE, 'N', 0, 0 }
#define GT { OP_GT, 'N', 0, 0 }
#define GE { OP_GE, 'N', 0, 0 }
#define NOT { OP_NOT, 0, 0, 0 }
#define ALL(n) { OP_ALL, 0, n, 0 }
#define ANY(n) { OP_ANY, 0, n, 0 }
#define AND(n) { OP_AND, 0, 0, n }
#define OR(n) { OP_OR, 0, 0, n }
#define UNLESS(n) { OP_UNLESS, 0, 0, n }
#define JUMP(n) { OP_JUMP, 0, 0, n }
#define ADD { OP_ADD, 0, 0, 0 }
#define SUB { OP_SUB, 0, 0, 0 }
#define MUL { OP_MUL, 0, 0, 0 }
#define SUM(n) { OP_SUM, 0, n, 0 }
#define PRODUCT(n) { OP_PRODUCT, 0, n, 0 }
#define BIT_AND { OP_BIT_AND, 0, 0, 0 }
#define BIT_OR { OP_BIT_OR, 0, 0, 0 }
#define BIT_NOT(type) { OP_BIT_NOT, SCALAR_##type, 0, 0 }
#define NEG { OP_NEG, 0, 0, 0 }
#define ABS { OP_ABS, 0, 0, 0 }
#define RANGE(type) { OP_RANGE, SCALAR_##type, 0, 0 }
#define IS(value) SMALL(value), EQ('N'), ASSERT
#define IS_NUM(i) NUM(i), EQ('N'), ASSERT

static const struct {
	enum outcome outcome;
	struct image_insn insns[16];
} programs[] = {
	/* ends */
	{ GRANTS, { GRANT } },
	{ DENIES, { DENY } },
	{ GRANTS, { BOOL(1), ASSERT } },
	{ DENIES, { BOOL(0), ASSERT } },
	{ DENIES, { BOOL(1), REFUSE } },
	{ GRANTS, { BOOL(0), REFUSE } },
	/* constants, comparisons by value and sign */
	{ GRANTS, { SMALL(UINT32_MAX), IS_NUM(N_UINT32_MAX) } },
	{ DENIES, { SMALL(5), IS_NUM(N_MINUS_5) } },
	{ GRANTS, { NUM(N_MIN), NUM(N_MAX), LT, ASSERT } },
	{ GRANTS, { NUM(N_MIN), NUM(N_MINUS_1), LT, ASSERT } },
	{ DENIES, { NUM(N_MINUS_1), NUM(N_MINUS_5), LT, ASSERT } },
	{ GRANTS, { NUM(N_MINUS_1), SMALL(0), LT, ASSERT } },
	{ DENIES, { SMALL(0), NUM(N_MINUS_1), LE, ASSERT } },
	{ DENIES, { SMALL(3), SMALL(3), LT, ASSERT } },
	{ GRANTS, { SMALL(3), SMALL(3), LE, ASSERT } },
	{ DENIES, { SMALL(3), SMALL(3), GT, ASSERT } },
	{ GRANTS, { SMALL(3), SMALL(3), GE, ASSERT } },
	{ DENIES, { SMALL(3), SMALL(3), NE('N'), ASSERT } },
	{ GRANTS, { BOOL(1), BOOL(1), EQ('B'), ASSERT } },
	{ DENIES, { BOOL(1), BOOL(0), EQ('B'), ASSERT } },
	{ GRANTS, { BOOL(1), BOOL(0), NE('B'), ASSERT } },
	{ GRANTS, { TEXT(TEXT_ABC), TEXT(TEXT_ABC), EQ('T'), ASSERT } },
	{ DENIES, { TEXT(TEXT_ABC), TEXT(TEXT_EMPTY), EQ('T'), ASSERT } },
	{ GRANTS, { TEXT(TEXT_EMPTY), TEXT(TEXT_EMPTY), EQ('T'), ASSERT } },
	{ GRANTS, { TEXT(TEXT_ABC), TEXT(TEXT_P1), NE('T'), ASSERT } },
	{ GRANTS, { TEXT(TEXT_ABC), SIZE, IS(3) } },
	{ GRANTS, { TEXT(TEXT_EMPTY), SIZE, IS(0) } },
	{ GRANTS, { TEXT(TEXT_AB), MATCH(0), ASSERT } },
	{ DENIES, { TEXT(TEXT_ABC), MATCH(0), ASSERT } },
	{ DENIES, { TEXT(TEXT_EMPTY), MATCH(0), ASSERT } },
	{ DENIES, { PLACE(SAMPLE_NAME), STRING, MATCH(0), ASSERT } },
	{ FAULTS, { PLACE(SAMPLE_GRID), STRING, MATCH(0), REFUSE } },
	/* who asks */
	{ GRANTS, { SID(SID_SRC), IS(11) } },
	{ GRANTS, { SID(SID_DST), IS(12) } },
	{ GRANTS, { SID(SID_CALLABLE), IS(12) } },
	/* the message */
	{ GRANTS, { PLACE(SAMPLE_N), LOAD(UINT32), IS(300) } },
	{ GRANTS, { PLACE(SAMPLE_N), LOAD(UINT8), IS(44) } },
	{ GRANTS, { PLACE(SAMPLE_SIGNED), LOAD(SINT32), IS_NUM(N_MINUS_5) } },
	{ GRANTS, { PLACE(SAMPLE_SIGNED), LOAD(SINT8), IS_NUM(N_MINUS_5) } },
	{ GRANTS, { PLACE(SAMPLE_SIGNED), LOAD(UINT8), IS(251) } },
	{ GRANTS, { PLACE(SAMPLE_SHADE), FIELD(8), LOAD(SINT64),
		    IS_NUM(N_MINUS_2_63) } },
	{ GRANTS, { PLACE(SAMPLE_SHADE), FIELD(8), LOAD(UINT64),
		    IS_NUM(N_2_63) } },
	{ GRANTS, { PLACE(SAMPLE_GRID), SMALL(3), INDEX(4, 2), LOAD(UINT16),
		    IS(65535) } },
	{ GRANTS, { PLACE(SAMPLE_GRID), SMALL(3), INDEX(4, 2), LOAD(SINT16),
		    IS_NUM(N_MINUS_1) } },
	{ FAULTS, { PLACE(SAMPLE_GRID), SMALL(4), INDEX(4, 2), LOAD(UINT16),
		    IS(0) } },
	{ FAULTS, { PLACE(SAMPLE_GRID), NUM(N_MINUS_1), INDEX(4, 2),
		    LOAD(UINT16), IS(0) } },
	{ FAULTS, { PLACE(SAMPLE_GRID), NUM(N_MAX), INDEX(4, 2), LOAD(UINT16),
		    IS(0) } },
	{ GRANTS, { PLACE(SAMPLE_NAME), STRING, TEXT(TEXT_ABC), EQ('T'),
		    ASSERT } },
	{ GRANTS, { PLACE(SAMPLE_NAME), STRING, SIZE, IS(3) } },
	{ GRANTS, { PLACE(SAMPLE_NAME), BYTES, SIZE, IS(4) } },
	{ DENIES, { PLACE(SAMPLE_NAME), BYTES, TEXT(TEXT_ABC), EQ('T'),
		    ASSERT } },
	{ GRANTS, { PLACE(SAMPLE_DATA), BYTES, SIZE, IS(3) } },
	{ GRANTS, { PLACE(SAMPLE_DATA), COUNT(1), IS(3) } },
	{ GRANTS, { PLACE(SAMPLE_POINTS), COUNT(16), IS(2) } },
	{ GRANTS, { PLACE(SAMPLE_POINTS), SMALL(1), ELEMENT(16), FIELD(4),
		    LOAD(UINT32), IS(40) } },
	{ FAULTS, { PLACE(SAMPLE_POINTS), SMALL(2), ELEMENT(16), FIELD(4),
		    LOAD(UINT32), IS(0) } },
	{ FAULTS, { PLACE(SAMPLE_POINTS), NUM(N_MINUS_1), ELEMENT(16),
		    LOAD(UINT32), IS(0) } },
	{ FAULTS, { PLACE(SAMPLE_POINTS), NUM(N_2_63), ELEMENT(16),
		    LOAD(UINT32), IS(0) } },
	{ GRANTS, { PLACE(SAMPLE_POINTS), SMALL(0), ELEMENT(16), FIELD(8),
		    STRING, TEXT(TEXT_P1), EQ('T'), ASSERT } },
	{ GRANTS, { PLACE(SAMPLE_POINTS), SMALL(1), ELEMENT(16), FIELD(8),
		    STRING, TEXT(TEXT_EMPTY), EQ('T'), ASSERT } },
	{ GRANTS, { PLACE(SAMPLE_HANDLE), HANDLE, IS(9) } },
	/* places beyond the message are faults, not reads */
	{ FAULTS, { PLACE(77), LOAD(UINT32), IS(0) } },
	{ FAULTS, { PLACE(80), LOAD(UINT8), IS(0) } },
	{ FAULTS, { PLACE(UINT32_MAX), LOAD(UINT64), IS(0) } },
	{ FAULTS, { PLACE(UINT32_MAX), FIELD(UINT32_MAX), LOAD(UINT8),
		    IS(0) } },
	{ FAULTS, { PLACE(72), FIELD(8), STRING, SIZE, IS(0) } },
	{ FAULTS, { PLACE(SAMPLE_POINTS), SMALL(1), ELEMENT(16), FIELD(14),
		    LOAD(UINT32), IS(0) } },
	{ FAULTS, { PLACE(SAMPLE_GRID), STRING, SIZE, IS(0) } },
	{ FAULTS, { PLACE(SAMPLE_N), HANDLE, IS(0) } },
	/* numbers: exact, or a fault */
	{ GRANTS, { SMALL(2), SMALL(3), ADD, IS(5) } },
	{ FAULTS, { NUM(N_MAX), SMALL(1), ADD, IS(0) } },
	{ FAULTS, { NUM(N_MIN), NUM(N_MINUS_1), ADD, IS(0) } },
	{ GRANTS, { NUM(N_MAX), NUM(N_MIN), ADD, IS(0) } },
	{ GRANTS, { NUM(N_MAX), NUM(N_MINUS_1), ADD, SMALL(1), ADD,
		    IS_NUM(N_MAX) } },
	{ GRANTS, { SMALL(2), SMALL(3), SUB, IS_NUM(N_MINUS_1) } },
	{ GRANTS, { SMALL(3), SMALL(3), SUB, NEG, IS(0) } },
	{ GRANTS, { NUM(N_MINUS_5), SMALL(5), ADD, IS(0) } },
	{ GRANTS, { NUM(N_MINUS_5), SMALL(0), SUB, IS_NUM(N_MINUS_5) } },
	{ GRANTS, { SMALL(0), SMALL(0), SUB, IS(0) } },
	{ GRANTS, { SMALL(0), NUM(N_MAX), SUB, IS_NUM(N_MIN) } },
	{ FAULTS, { NUM(N_MINUS_1), NUM(N_MAX), SUB, IS(0) } },
	{ FAULTS, { NUM(N_MAX), NUM(N_MINUS_1), SUB, IS(0) } },
	{ GRANTS, { NUM(N_MINUS_5), NUM(N_MINUS_5), MUL, IS(25) } },
	{ GRANTS, { NUM(N_MINUS_5), SMALL(0), MUL, IS(0) } },
	{ GRANTS, { NUM(N_MAX), NUM(N_MINUS_1), MUL, IS_NUM(N_MIN) } },
	{ FAULTS, { NUM(N_MAX), SMALL(2), MUL, IS(0) } },
	{ FAULTS, { NUM(N_2_32), NUM(N_2_32), MUL, IS(0) } },
	{ GRANTS, { NUM(N_2_32), SMALL(0x80000000), MUL, IS_NUM(N_2_63) } },
	{ GRANTS, { SUM(0), IS(0) } },
	{ GRANTS, { PRODUCT(0), IS(1) } },
	{ GRANTS, { SMALL(1), NUM(N_MINUS_5), SMALL(4), SUM(3), IS(0) } },
	{ GRANTS, { SMALL(2), SMALL(3), SMALL(4), PRODUCT(3), IS(24) } },
	{ FAULTS, { NUM(N_MAX), SMALL(1), NUM(N_MINUS_1), SUM(3), IS(0) } },
	{ FAULTS, { NUM(N_MAX), SMALL(2), SMALL(0), PRODUCT(3), IS(0) } },
	{ GRANTS, { SMALL(12), SMALL(10), BIT_AND, IS(8) } },
	{ GRANTS, { SMALL(12), SMALL(10), BIT_OR, IS(14) } },
	{ FAULTS, { NUM(N_MINUS_1), SMALL(1), BIT_AND, IS(1) } },
	{ FAULTS, { SMALL(1), NUM(N_MINUS_1), BIT_OR, IS(1) } },
	{ GRANTS, { SMALL(0), BIT_NOT(UINT32), IS(UINT32_MAX) } },
	{ GRANTS, { SMALL(0), BIT_NOT(UINT64), IS_NUM(N_MAX) } },
	{ GRANTS, { SMALL(255), BIT_NOT(UINT8), IS(0) } },
	{ FAULTS, { SMALL(256), BIT_NOT(UINT8), IS(0) } },
	{ FAULTS, { NUM(N_MINUS_1), BIT_NOT(UINT8), IS(0) } },
	{ GRANTS, { SMALL(5), NEG, IS_NUM(N_MINUS_5) } },
	{ GRANTS, { NUM(N_MINUS_5), NEG, IS(5) } },
	{ GRANTS, { SMALL(0), NEG, SMALL(0), GE, ASSERT } },
	{ GRANTS, { NUM(N_MINUS_5), ABS, IS(5) } },
	{ GRANTS, { NUM(N_MIN), ABS, IS_NUM(N_MAX) } },
	{ GRANTS, { SMALL(255), RANGE(UINT8), IS(255) } },
	{ FAULTS, { SMALL(256), RANGE(UINT8), IS(256) } },
	{ FAULTS, { NUM(N_MINUS_1), RANGE(UINT64), IS_NUM(N_MINUS_1) } },
	{ GRANTS, { NUM(N_MINUS_129), SMALL(1), ADD, RANGE(SINT8), ABS,
		    IS(128) } },
	{ FAULTS, { NUM(N_MINUS_129), RANGE(SINT8), IS_NUM(N_MINUS_129) } },
	{ FAULTS, { SMALL(128), RANGE(SINT8), IS(128) } },
	{ GRANTS, { NUM(N_MINUS_2_63), RANGE(SINT64), IS_NUM(N_MINUS_2_63) } },
	{ FAULTS, { NUM(N_2_63), RANGE(SINT64), IS_NUM(N_2_63) } },
	{ FAULTS, { NUM(N_2_32), RANGE(UINT32), IS_NUM(N_2_32) } },
	{ GRANTS, { NUM(N_UINT32_MAX), RANGE(UINT32), IS(UINT32_MAX) } },
	/* a fault denies where a denial would be a grant */
	{ FAULTS, { NUM(N_MAX), SMALL(1), ADD, SMALL(0), EQ('N'), REFUSE } },
	/* booleans, with and without stopping early */
	{ GRANTS, { ALL(0), ASSERT } },
	{ DENIES, { ANY(0), ASSERT } },
	{ DENIES, { BOOL(1), BOOL(0), BOOL(1), ALL(3), ASSERT } },
	{ GRANTS, { BOOL(1), BOOL(1), ALL(2), ASSERT } },
	{ GRANTS, { BOOL(0), BOOL(1), BOOL(0), ANY(3), ASSERT } },
	{ DENIES, { BOOL(0), BOOL(0), ANY(2), ASSERT } },
	{ DENIES, { BOOL(1), NOT, ASSERT } },
	{ GRANTS, { BOOL(0), NOT, ASSERT } },
	{ DENIES, { BOOL(0), AND(1), BOOL(1), ASSERT } },
	{ GRANTS, { BOOL(1), AND(1), BOOL(1), ASSERT } },
	{ DENIES, { BOOL(1), AND(1), BOOL(0), ASSERT } },
	{ GRANTS, { BOOL(1), OR(1), BOOL(0), ASSERT } },
	{ GRANTS, { BOOL(0), OR(1), BOOL(1), ASSERT } },
	{ DENIES, { BOOL(0), OR(1), BOOL(0), ASSERT } },
	/* what is jumped over cannot fault */
	{ DENIES, { BOOL(0), AND(4), PLACE(80), LOAD(UINT8), SMALL(0),
		    EQ('N'), ASSERT } },
	{ FAULTS, { BOOL(1), AND(4), PLACE(80), LOAD(UINT8), SMALL(0),
		    EQ('N'), ASSERT } },
	{ GRANTS, { BOOL(0), NOT, OR(4), PLACE(80), LOAD(UINT8), SMALL(0),
		    EQ('N'), ASSERT } },
	{ GRANTS, { BOOL(1), UNLESS(2), SMALL(1), JUMP(1), SMALL(2),
		    IS(1) } },
	{ GRANTS, { BOOL(0), UNLESS(2), SMALL(1), JUMP(1), SMALL(2),
		    IS(2) } },
	{ DENIES, { BOOL(0), UNLESS(1), GRANT, DENY } },
	{ GRANTS, { JUMP(0), GRANT } },
	{ GRANTS, { SMALL(1), DUP('N'), EQ('N'), ASSERT } },
	{ DENIES, { TEXT(TEXT_AB), DUP('T'), NE('T'), ASSERT } },
	/* the loader refuses: stack */
	{ REFUSED, { ASSERT } },
	{ REFUSED, { SMALL(1), ASSERT } },
	{ REFUSED, { NEG, GRANT } },		/* what it takes it gives */
	{ REFUSED, { SUM(1), BOOL(1), ASSERT } },
	{ REFUSED, { SMALL(1), GRANT } },
	{ REFUSED, { BOOL(1), BOOL(1), ASSERT } },
	{ REFUSED, { SMALL(1), ADD, IS(0) } },
	{ REFUSED, { SMALL(1), BOOL(1), ADD, IS(0) } },
	{ REFUSED, { BOOL(1), SMALL(1), ADD, IS(0) } },
	{ REFUSED, { SMALL(1), TEXT(TEXT_ABC), EQ('N'), ASSERT } },
	{ REFUSED, { SMALL(1), SMALL(1), EQ('T'), ASSERT } },
	{ REFUSED, { TEXT(TEXT_ABC), TEXT(TEXT_ABC), EQ('N'), ASSERT } },
	{ REFUSED, { PLACE(0), PLACE(0), EQ('L'), ASSERT } },
	{ REFUSED, { SMALL(1), SMALL(1), EQ(0), ASSERT } },
	{ REFUSED, { SMALL(0), LOAD(UINT8), IS(0) } },
	{ REFUSED, { TEXT(TEXT_ABC), LOAD(UINT8), IS(0) } },
	{ REFUSED, { SMALL(0), PLACE(0), INDEX(4, 2), LOAD(UINT8), IS(0) } },
	{ REFUSED, { SMALL(0), ELEMENT(2), LOAD(UINT8), IS(0) } },
	{ REFUSED, { PLACE(0), SIZE, IS(0) } },
	{ REFUSED, { BOOL(1), ALL(2), ASSERT } },
	{ REFUSED, { BOOL(1), SMALL(1), ANY(2), ASSERT } },
	{ REFUSED, { SMALL(1), SMALL(2), SUM(3), IS(0) } },
	{ REFUSED, { SMALL(1), SUM(65535), IS(0) } },
	{ REFUSED, { SMALL(1), NOT, ASSERT } },
	{ REFUSED, { SMALL(1), AND(1), BOOL(1), ASSERT } },
	{ REFUSED, { SMALL(1), UNLESS(0), GRANT } },
	/* jumps and ends */
	{ REFUSED, { BOOL(1) } },
	{ REFUSED, { BOOL(1), NOT } },
	{ REFUSED, { JUMP(0) } },
	{ REFUSED, { JUMP(1), GRANT } },
	{ REFUSED, { JUMP(UINT32_MAX), GRANT } },
	{ REFUSED, { JUMP(1), DENY, GRANT } },		/* never reached */
	{ REFUSED, { GRANT, GRANT } },
	{ REFUSED, { BOOL(1), AND(0), ASSERT } },	/* two shapes */
	{ REFUSED, { BOOL(1), UNLESS(1), SMALL(1), GRANT } },
	{ REFUSED, { BOOL(1), UNLESS(2), SMALL(1), JUMP(1), BOOL(1),
		     ASSERT } },
	{ REFUSED, { BOOL(1), OR(2), BOOL(1), ASSERT } },
	/* operands */
	{ REFUSED, { BOOL(2), ASSERT } },
	{ REFUSED, { NUM(10), IS(0) } },
	{ REFUSED, { SID(3), IS(0) } },
	{ REFUSED, { TEXT(0xfffffff), SIZE, IS(0) } },
	{ REFUSED, { TEXT(TEXT_AB), MATCH(1), ASSERT } },
	{ REFUSED, { TEXT(TEXT_AB), MATCH(0xffffffff), ASSERT } },
	{ REFUSED, { SMALL(1), MATCH(0), ASSERT } },
	{ REFUSED, { PLACE(0), MATCH(0), ASSERT } },
	{ REFUSED, { MATCH(0), ASSERT } },
	{ REFUSED, { TEXT(TEXT_AB), MATCH(0), IS(1) } },
	{ REFUSED, { PLACE(0), { OP_LOAD, SCALAR_NONE, 0, 0 }, IS(0) } },
	{ REFUSED, { PLACE(0), { OP_LOAD, SCALAR_N, 0, 0 }, IS(0) } },
	{ REFUSED, { PLACE(0), COUNT(0), IS(0) } },
	{ REFUSED, { PLACE(0), SMALL(0), ELEMENT(0), LOAD(UINT8), IS(0) } },
	{ REFUSED, { PLACE(0), SMALL(0), INDEX(4, 0), LOAD(UINT8), IS(0) } },
	{ REFUSED, { SMALL(0), BIT_NOT(SINT8), IS(0) } },
	{ REFUSED, { SMALL(0), { OP_RANGE, 0, 0, 0 }, IS(0) } },
	{ REFUSED, { SMALL(1), SMALL(1), { OP_LT, 'B', 0, 0 }, ASSERT } },
	{ REFUSED, { { OP_GRANT, 1, 0, 0 } } },
	{ REFUSED, { { OP_GRANT, 0, 1, 0 } } },
	{ REFUSED, { { OP_GRANT, 0, 0, 1 } } },
	{ REFUSED, { { OP_N, 0, 0, 0 }, GRANT } },
	{ REFUSED, { { 255, 0, 0, 0 }, GRANT } },
};

static struct maker maker;
static uint8_t *file;
static size_t size;
static struct image image;
static struct image_fault fault;
static struct guarded head, rest;
static uint32_t handle_sids[] = { 9 };
static struct event event;

static void put(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

static void fill_message(void)
{
	static const uint16_t grid[] = { 1, 2, 3, 65535 };
	enum { ARENA = 43 };
	uint8_t *fixed = guarded_last(&head, SAMPLE_FIXED);
	uint8_t *arena = guarded_last(&rest, ARENA);
	const uint64_t shade = UINT64_C(1) << 63;

	put(fixed + SAMPLE_N, 300);
	put(fixed + SAMPLE_NAME + 4, 4);
	memcpy(arena, "abc", 4);
	put(fixed + SAMPLE_DATA, 4);
	put(fixed + SAMPLE_DATA + 4, 3);
	put(fixed + SAMPLE_POINTS, 8);
	put(fixed + SAMPLE_POINTS + 4, 32);
	put(arena + 8, 10);
	put(arena + 12, 20);
	put(arena + 16, 40);
	put(arena + 20, 3);
	put(arena + 24, 30);
	put(arena + 28, 40);
	memcpy(arena + 40, "p1", 3);
	memcpy(fixed + SAMPLE_GRID, grid, sizeof(grid));
	put(fixed + SAMPLE_SHADE, 1);
	memcpy(fixed + SAMPLE_SHADE + 8, &shade, sizeof(shade));
	put(fixed + SAMPLE_SIGNED, (uint32_t)-5);
	event = (struct event){
		.kind = EVENT_REQUEST, .src_class = SAMPLE_CLIENT,
		.dst_class = SAMPLE_SERVER, .src_sid = 11, .dst_sid = 12,
		.message = { fixed, arena, SAMPLE_FIXED, ARENA, handle_sids, 1 },
	};
}

static void setup(void)
{
	guarded_init(&head, SAMPLE_FIXED);
	guarded_init(&rest, 4096);
	fill_message();
	maker_sample(&maker);
	maker_add(&maker, SECTION_NUMBERS, numbers,
		  sizeof(numbers) / sizeof(numbers[0]));
}

static void teardown(void)
{
	if (file)
		maker_free_file(file, size);
	file = NULL;
	maker_deinit(&maker);
	guarded_deinit(&head);
	guarded_deinit(&rest);
}

static int load_program(const struct image_insn *insns, uint32_t n)
{
	maker_call(&maker, CALL_EVAL, "assert", insns, n);
	file = maker_file(&maker, &size);
	return image_load(&image, file, size, &fault);
}

static int load_row(int row)
{
	struct image_insn insns[16];
	uint32_t n = 0;

	for (; n < 16 && programs[row].insns[n].op != OP_NONE; n++) {
		insns[n] = programs[row].insns[n];
		if (insns[n].op != OP_TEXT)
			continue;
		if (insns[n].arg == TEXT_ABC)
			insns[n].arg = maker_string(&maker, "abc");
		else if (insns[n].arg == TEXT_EMPTY)
			insns[n].arg = 0;
		else if (insns[n].arg == TEXT_AB)
			insns[n].arg = maker_string(&maker, "ab");
		else if (insns[n].arg == TEXT_P1)
			insns[n].arg = maker_string(&maker, "p1");
	}
	return load_program(insns, n);
}

START_TEST(a_program_does_what_the_table_says)
{
	const struct image_call *call;
	int loaded = load_row(_i);

	if (programs[_i].outcome == REFUSED) {
		ck_assert_msg(!loaded, "program %d was loaded", _i);
		ck_assert_uint_eq(fault.section, SECTION_CODE);
		return;
	}
	ck_assert_msg(loaded, "program %d: %s (%u)", _i, fault.what,
		      fault.index);
	call = &image.calls[image.n_calls - 1];
	ck_assert_msg((int)evaluate(&image, call, &event) ==
		      (int)programs[_i].outcome, "program %d: %d", _i,
		      evaluate(&image, call, &event));
}
END_TEST

/* With no message at all, what reads one faults and the others do as before. */
START_TEST(without_a_message_nothing_is_read)
{
	const struct image_call *call;
	int result;

	memset(&event.message, 0, sizeof(event.message));
	if (programs[_i].outcome == REFUSED || !load_row(_i))
		return;
	call = &image.calls[image.n_calls - 1];
	result = (int)evaluate(&image, call, &event);
	ck_assert_msg(result == (int)programs[_i].outcome || result == FAULTS,
		      "program %d: %d", _i, result);
}
END_TEST

START_TEST(a_sid_that_is_not_there_is_a_fault)
{
	const struct image_insn insns[][4] = {
		{ SID(SID_DST), SMALL(0), EQ('N'), ASSERT },
		{ SID(SID_CALLABLE), SMALL(0), EQ('N'), ASSERT },
	};

	ck_assert(load_program(insns[_i], 4));
	event.kind = EVENT_SECURITY;
	event.dst_sid = 0;
	ck_assert_int_eq((int)evaluate(&image,
					&image.calls[image.n_calls - 1],
					&event), FAULTS);
}
END_TEST

START_TEST(callable_is_the_process_that_has_the_endpoint)
{
	static const struct {
		enum event_kind kind;
		uint32_t sid;
		int outcome;
	} rows[] = {
		{ EVENT_REQUEST, 12, GRANTS }, { EVENT_REQUEST, 11, DENIES },
		{ EVENT_RESPONSE, 11, GRANTS }, { EVENT_RESPONSE, 12, DENIES },
		{ EVENT_ERROR, 11, GRANTS }, { EVENT_ERROR, 12, DENIES },
		{ EVENT_EXECUTE, 12, FAULTS }, { EVENT_EXECUTE, 11, FAULTS },
	};
	const struct image_insn insns[] = { SID(SID_CALLABLE),
					    IS(rows[_i].sid) };

	ck_assert(load_program(insns, 4));
	event.kind = rows[_i].kind;
	ck_assert_int_eq((int)evaluate(&image,
					&image.calls[image.n_calls - 1],
					&event), rows[_i].outcome);
}
END_TEST

START_TEST(a_handle_that_refers_to_nothing_is_a_fault)
{
	const struct image_insn insns[] = { PLACE(SAMPLE_HANDLE), HANDLE,
					    IS(9) };
	uint8_t *place = guarded_last(&head, SAMPLE_FIXED) + SAMPLE_HANDLE;
	const struct image_call *call;

	ck_assert(load_program(insns, 5));
	call = &image.calls[image.n_calls - 1];
	ck_assert_int_eq((int)evaluate(&image, call, &event), GRANTS);
	put(place, WIRE_NO_HANDLE);
	ck_assert_int_eq((int)evaluate(&image, call, &event), FAULTS);
	put(place, 1);
	ck_assert_int_eq((int)evaluate(&image, call, &event), FAULTS);
	put(place, 0);
	handle_sids[0] = 0;
	ck_assert_int_eq((int)evaluate(&image, call, &event), FAULTS);
	event.message.handle_sids = NULL;
	ck_assert_int_eq((int)evaluate(&image, call, &event), FAULTS);
}
END_TEST

/* A chunk whose check the caller forgot: a fault all the same. */
START_TEST(a_chunk_beyond_the_arena_is_a_fault)
{
	static const uint32_t chunks[][2] = {
		{ 0, 44 }, { 43, 1 }, { 44, 1 }, { UINT32_MAX, 2 },
		{ 8, UINT32_MAX - 7 }, { UINT32_MAX, UINT32_MAX },
	};
	const struct image_insn insns[] = { PLACE(SAMPLE_NAME), STRING,
					    TEXT(0), NE('T'), ASSERT };
	uint8_t *place = guarded_last(&head, SAMPLE_FIXED) + SAMPLE_NAME;

	put(place, chunks[_i][0]);
	put(place + 4, chunks[_i][1]);
	ck_assert(load_program(insns, 5));
	ck_assert_int_eq((int)evaluate(&image,
					&image.calls[image.n_calls - 1],
					&event), FAULTS);
}
END_TEST

/* Of either type: what the proof loses of a stack that is too high is a zero. */
START_TEST(the_stack_holds_32_values_and_no_more)
{
	uint16_t n = (uint16_t)(_i / 2);
	bool truths = _i % 2;
	const struct image_insn one[] = { SMALL(1), BOOL(1) };
	const struct image_insn all[] = { ALL(n), ASSERT };
	const struct image_insn sum[] = { SUM(n), IS(n) };
	struct image_insn insns[64];

	for (uint32_t i = 0; i < n; i++)
		insns[i] = one[truths];
	memcpy(&insns[n], truths ? all : sum, truths ? sizeof(all) : sizeof(sum));
	ck_assert_int_eq(load_program(insns, truths ? n + 2u : n + 4u),
			 n <= IMAGE_STACK_MAX);
	if (n <= IMAGE_STACK_MAX)
		ck_assert_int_eq((int)evaluate(&image,
						&image.calls[image.n_calls - 1],
						&event), GRANTS);
}
END_TEST

START_TEST(a_program_of_4096_instructions_is_the_longest)
{
	static struct image_insn insns[IMAGE_INSNS_MAX + 1];
	uint32_t n = IMAGE_INSNS_MAX + (uint32_t)_i;

	insns[0] = (struct image_insn)BOOL(1);
	for (uint32_t i = 1; i < n - 1; i++)
		insns[i] = (struct image_insn)NOT;
	insns[n - 1] = (struct image_insn)ASSERT;
	ck_assert_int_eq(load_program(insns, n), _i == 0);
	if (_i == 0)
		ck_assert_int_eq((int)evaluate(&image,
						&image.calls[image.n_calls - 1],
						&event), GRANTS);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("eval");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, a_program_does_what_the_table_says, 0,
			    SUITE_LENGTH(programs));
	tcase_add_loop_test(tests, without_a_message_nothing_is_read, 0,
			    SUITE_LENGTH(programs));
	tcase_add_loop_test(tests, a_sid_that_is_not_there_is_a_fault, 0, 2);
	tcase_add_loop_test(tests,
			    callable_is_the_process_that_has_the_endpoint, 0,
			    8);
	tcase_add_test(tests, a_handle_that_refers_to_nothing_is_a_fault);
	tcase_add_loop_test(tests, a_chunk_beyond_the_arena_is_a_fault, 0, 6);
	tcase_add_loop_test(tests, the_stack_holds_32_values_and_no_more, 60,
			    70);
	tcase_add_loop_test(tests, a_program_of_4096_instructions_is_the_longest,
			    0, 2);
	return suite_run("kernel_eval", tests);
}
