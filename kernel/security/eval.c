/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The loader has proved what a program does to its stack, its jumps and its
 * operands, so none of that is checked here: who looks on, as all tests do, has
 * the stack asserted. What is read from the message is checked in message.h.
 */
#include "eval.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "dfa.h"
#include "message.h"
#include "number.h"
#include "models.h"

struct machine {
	const struct image *image;
	const struct event *event;
	struct eval_scope *scope;
	const struct image_insn *next;
	struct eval_value *top;	/* one past the last value */
};

#define EVAL_GOES_ON ((enum eval_result)4)	/* the next instruction runs */

/* Zero is never negative: the loader has proved it of constants, and what
   computes a number sees to it. */
static inline void push_number(struct machine *m, uint64_t magnitude,
			       bool negative)
{
	struct eval_value *value = m->top++;

	value->number = magnitude;
	value->negative = negative;
	value->at = NULL;
	value->size = 0;
}

static inline void push_text(struct machine *m, const uint8_t *at,
			     uint32_t size)
{
	struct eval_value *value = m->top++;

	value->number = 0;
	value->negative = false;
	value->at = at;
	value->size = size;
}

static inline bool push_sid(struct machine *m, uint32_t which)
{
	const struct event *event = m->event;
	uint32_t sid = 0;

	switch ((enum image_sid)which) {
	case SID_SRC:
		sid = event->src_sid;
		break;
	case SID_DST:
		sid = event->dst_sid;
		break;
	case SID_CALLABLE:	/* the process that has the endpoint */
		if (event->kind == EVENT_REQUEST)
			sid = event->dst_sid;
		else if (event->kind == EVENT_RESPONSE ||
			 event->kind == EVENT_ERROR)
			sid = event->src_sid;
		break;
	case SID_N:
		break;
	}
	push_number(m, sid, false);
	return sid != 0;
}

static bool equal(const struct eval_value *a, const struct eval_value *b, uint8_t type)
{
	if (type == 'T')
		return a->size == b->size &&
		       (a->size == 0 || memcmp(a->at, b->at, a->size) == 0);
	return compare(a, b) == 0;
}

static void note_match(const struct eval_scope *scope,
		       const struct image_insn *insn, bool found)
{
	struct trace *trace = scope->trace;

	if (trace && trace->n_matches++ < TRACE_MATCHES_MAX)
		trace->matches[trace->n_matches - 1] = (struct trace_match){
			.dfa = insn->arg, .call = (uint16_t)scope->call,
			.expression = insn->type, .found = found };
}

/* T -> B */
static void match(const struct machine *m, struct eval_value *text,
		  const struct image_insn *insn)
{
	text->number = dfa_match(&m->image->dfas[insn->arg],
				 m->image->dfa_states, text->at, text->size);
	text->negative = false;
	note_match(m->scope, insn, text->number);
}

/* x x -> B */
static void compare_top(struct machine *m, const struct image_insn *insn)
{
	struct eval_value *b = --m->top, *a = --m->top;
	bool result = false;

	switch (insn->op) {
	case OP_EQ:
		result = equal(a, b, insn->type);
		break;
	case OP_NE:
		result = !equal(a, b, insn->type);
		break;
	case OP_LT:
		result = compare(a, b) < 0;
		break;
	case OP_LE:
		result = compare(a, b) <= 0;
		break;
	case OP_GT:
		result = compare(a, b) > 0;
		break;
	case OP_GE:
		result = compare(a, b) >= 0;
		break;
	}
	push_number(m, result, false);
}

/* n B's -> B: ALL and ANY look at every one. */
static void fold_booleans(struct machine *m, uint16_t n, bool all)
{
	uint64_t result = all;

	for (uint16_t i = 0; i < n; i++) {
		uint64_t b = (--m->top)->number;

		result = all ? result & b : result | b;
	}
	push_number(m, result, false);
}

/* n N's -> N, from the left; a fault as soon as the result so far is one. */
static bool fold_numbers(struct machine *m, uint16_t n, bool product)
{
	const struct eval_value *from = m->top - n;
	struct eval_value result = { .number = product };

	for (uint16_t i = 0; i < n; i++)
		if (!(product ? multiply(&result, &from[i]) :
				add(&result, &from[i], false)))
			return false;
	m->top -= n;
	push_number(m, result.number, result.negative);
	return true;
}

static bool arithmetic(struct machine *m, uint8_t op)
{
	struct eval_value *b = --m->top, *a = m->top - 1;

	switch (op) {
	case OP_ADD:
		return add(a, b, false);
	case OP_SUB:
		return add(a, b, true);
	case OP_MUL:
		return multiply(a, b);
	case OP_BIT_AND:
	case OP_BIT_OR:
		if (a->negative || b->negative)
			return false;
		a->number = op == OP_BIT_AND ? a->number & b->number :
					       a->number | b->number;
		return true;
	}
	return false;
}

static bool bit_not(struct eval_value *value, uint8_t scalar)
{
	if (!check_range(value, scalar))
		return false;
	value->number = ~value->number & mask_of(scalars[scalar].bytes);
	return true;
}

/* An instruction on a policy object; its values are on the stack. */
static bool about_object(struct machine *m, const struct image_insn *insn)
{
	struct object object = {
		.image = m->image, .is = &m->image->objects[insn->arg],
		.view = &m->scope->state,
	};
	struct eval_value *args = m->top - object_args(object.is, insn);

	m->top = args + 1;
	return model_step(&object, insn, args);
}

/* The jump keeps the value that decided it. */
static inline void jump_if(struct machine *m, const struct image_insn *insn,
			   bool value)
{
	if (m->top[-1].number == value)
		m->next += insn->arg;
	else
		m->top--;
}

/* Whether the rule is in a case that was not chosen. */
static bool is_left_out(struct eval_scope *scope, const struct image_insn *insn)
{
	if (insn->n > 0)
		scope->chosen[insn->n - 1] = 0;
	return insn->type > 0 && scope->chosen[insn->type - 1] != insn->arg;
}

static enum eval_result choose(struct eval_scope *scope,
			       const struct image_insn *insn)
{
	scope->chosen[insn->n] = insn->arg;
	return insn->arg ? EVAL_SKIPS : EVAL_DENIES;
}

static inline enum eval_result unless_fault(bool fine)
{
	return fine ? EVAL_GOES_ON : EVAL_FAULTS;
}

/* One instruction. Inline, as all that it calls: a rule is a few of them, and
   what it does with its stack stays in registers. */
static inline __attribute__((always_inline)) enum eval_result
step(struct machine *m, const struct image_insn *insn)
{
	const struct event_message *message = &m->event->message;
	struct eval_value *top = m->top - 1;	/* only read where there is one */
	const char *text;

	switch (insn->op) {
	case OP_GRANT:
		return EVAL_GRANTS;
	case OP_DENY:
		return EVAL_DENIES;
	case OP_ASSERT:
		m->top--;
		return top->number ? EVAL_GRANTS : EVAL_DENIES;
	case OP_REFUSE:
		m->top--;
		return top->number ? EVAL_DENIES : EVAL_GRANTS;
	case OP_CASE:
		return is_left_out(m->scope, insn) ? EVAL_SKIPS : EVAL_GOES_ON;
	case OP_CHOOSE:
		m->top--;
		return choose(m->scope, insn);
	case OP_SMALL:
	case OP_BOOL:
		push_number(m, insn->arg, false);
		return EVAL_GOES_ON;
	case OP_NUMBER:
		push_number(m, m->image->numbers[insn->arg].magnitude,
			    m->image->numbers[insn->arg].negative);
		return EVAL_GOES_ON;
	case OP_TEXT:
		text = m->image->strings + insn->arg;
		push_text(m, (const uint8_t *)text, (uint32_t)strlen(text));
		return EVAL_GOES_ON;
	case OP_SID:
		return unless_fault(push_sid(m, insn->arg));
	case OP_PLACE:
		push_text(m, message->fixed, message->fixed_size);
		m->top[-1].number = insn->arg;
		return EVAL_GOES_ON;
	case OP_FIELD:
		top->number += insn->arg;
		return EVAL_GOES_ON;
	case OP_INDEX:
		m->top--;
		return unless_fault(message_index(top - 1, top, insn));
	case OP_ELEMENT:
		m->top--;
		return unless_fault(message_element(message, top - 1, top, insn->arg));
	case OP_LOAD:
		return unless_fault(message_scalar(top, insn->type));
	case OP_LOAD_STRING:
		return unless_fault(message_string(message, top));
	case OP_LOAD_BYTES:
		return unless_fault(message_chunk(message, top));
	case OP_LOAD_HANDLE:
		return unless_fault(message_handle(message, top));
	case OP_COUNT:
		if (!message_chunk(message, top))
			return EVAL_FAULTS;
		top->number = top->size / insn->arg;
		return EVAL_GOES_ON;
	case OP_SIZE:
		top->number = top->size;
		top->negative = false;
		return EVAL_GOES_ON;
	case OP_AND:
	case OP_OR:
		jump_if(m, insn, insn->op == OP_OR);
		return EVAL_GOES_ON;
	case OP_UNLESS:
		m->top--;
		m->next += top->number ? 0 : insn->arg;
		return EVAL_GOES_ON;
	case OP_JUMP:
		m->next += insn->arg;
		return EVAL_GOES_ON;
	case OP_DUP:
		*m->top++ = *top;
		return EVAL_GOES_ON;
	case OP_MATCH:
		match(m, top, insn);
		return EVAL_GOES_ON;
	case OP_EQ:
	case OP_NE:
	case OP_LT:
	case OP_LE:
	case OP_GT:
	case OP_GE:
		compare_top(m, insn);
		return EVAL_GOES_ON;
	case OP_NOT:
		top->number = !top->number;
		return EVAL_GOES_ON;
	case OP_ALL:
	case OP_ANY:
		fold_booleans(m, insn->n, insn->op == OP_ALL);
		return EVAL_GOES_ON;
	case OP_ADD:
	case OP_SUB:
	case OP_MUL:
	case OP_BIT_AND:
	case OP_BIT_OR:
		return unless_fault(arithmetic(m, insn->op));
	case OP_SUM:
	case OP_PRODUCT:
		return unless_fault(fold_numbers(m, insn->n, insn->op == OP_PRODUCT));
	case OP_BIT_NOT:
		return unless_fault(bit_not(top, insn->type));
	case OP_NEG:
		top->negative = !top->negative && top->number != 0;
		return EVAL_GOES_ON;
	case OP_ABS:
		top->negative = false;
		return EVAL_GOES_ON;
	case OP_RANGE:
		return unless_fault(check_range(top, insn->type));
	}
	return unless_fault(about_object(m, insn));
}

/* Says what INSN has done; an end is no step. The stack must be what the loader
   has proved it to be. */
static __attribute__((cold)) void
tell(const struct eval_scope *scope, const struct image_call *call,
     const struct image_insn *insn, enum eval_result result, bool jumped,
     const struct eval_value *stack, const struct eval_value *top)
{
	const struct eval_watch *watch = scope->watch;
	bool faulted = result == EVAL_FAULTS, goes_on = result == EVAL_GOES_ON;
	const struct eval_step step = {
		.call = call, .insn = insn, .jumped = jumped,
		.faulted = faulted, .saw = scope->state.saw,
		.top = goes_on && top > stack + 1 ? top - 1 : NULL,
	};

	assert(!goes_on || (top > stack && top <= stack + 1 + IMAGE_STACK_MAX));
	assert(goes_on || faulted || top == stack + 1);
	if (goes_on || faulted)
		watch->step(watch->data, &step);
}

enum eval_result eval_program(struct eval_scope *scope,
			      const struct image_call *call,
			      const struct image_rule *rule)
{
	const struct image_insn *insn = &scope->image->code[rule->code];
	const struct image_insn *end = insn + rule->n_insns;
	struct eval_value stack[1 + IMAGE_STACK_MAX];	/* the first is never
				   read: it lies below an empty stack */
	struct machine m = { .image = scope->image, .event = scope->event,
			     .scope = scope, .top = stack + 1 };

	for (; insn < end; insn = m.next) {
		enum eval_result result;

		m.next = insn + 1;
		result = step(&m, insn);
		if (scope->watch)
			tell(scope, call, insn, result, m.next != insn + 1,
			     stack, m.top);
		if (result != EVAL_GOES_ON)
			return result;
	}
	return EVAL_FAULTS;
}
