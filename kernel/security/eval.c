/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The loader has proved what a program does to its stack, its jumps and its
 * operands, so none of that is checked here. What a program reads from the
 * message is checked here, at each read: a rule may be called for more than one
 * message, and the proof does not know which.
 */
#include "eval.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "../abi/wire.h"
#include "dfa.h"
#include "number.h"
#include "object.h"

struct machine {
	const struct image *image;
	const struct event *event;
	struct eval_scope *scope;
	struct eval_value *top;	/* one past the last value */
	struct eval_value stack[1 + IMAGE_STACK_MAX];	/* the first is never
				   read: it lies below an empty stack */
};

/* Zero is never negative: the loader has proved it of constants, and what
   computes a number sees to it. */
static void push_number(struct machine *m, uint64_t magnitude, bool negative)
{
	struct eval_value *value = m->top++;

	value->number = magnitude;
	value->negative = negative;
	value->at = NULL;
	value->size = 0;
}

static void push_text(struct machine *m, const uint8_t *at, uint32_t size)
{
	struct eval_value *value = m->top++;

	value->number = 0;
	value->negative = false;
	value->at = at;
	value->size = size;
}

/* ---- the message: false = a fault ---- */

static bool read_place(const struct eval_value *place, void *to, uint32_t size)
{
	if (place->number > place->size || size > place->size - place->number)
		return false;
	memcpy(to, place->at + place->number, size);
	return true;
}

static bool load_scalar(struct eval_value *value, uint8_t scalar)
{
	uint32_t size = scalars[scalar].bytes;
	uint64_t bits = 0, sign = UINT64_C(1) << (8 * size - 1);

	if (!read_place(value, &bits, size))	/* little-endian, as the wire */
		return false;
	value->negative = scalars[scalar].is_signed && (bits & sign) != 0;
	if (value->negative)
		bits = (~bits & mask_of(size)) + 1;
	value->number = bits;
	return true;
}

/* Replaces the place of a chunk's descriptor by the chunk itself, as text. */
static bool load_chunk(struct machine *m, struct eval_value *value)
{
	const struct event_message *message = &m->event->message;
	struct wire_chunk chunk;

	if (!read_place(value, &chunk, sizeof(chunk)))
		return false;
	value->number = 0;
	value->negative = false;
	value->size = chunk.size;
	value->at = NULL;
	if (chunk.size == 0)
		return true;
	if (chunk.offset > message->arena_size ||
	    chunk.size > message->arena_size - chunk.offset)
		return false;
	value->at = message->arena + chunk.offset;
	return true;
}

/* As load_chunk, less the terminator that a string that is not empty has. */
static bool load_string(struct machine *m, struct eval_value *value)
{
	if (!load_chunk(m, value))
		return false;
	if (value->size > 0)
		value->size--;
	return true;
}

static bool load_handle(struct machine *m, struct eval_value *value)
{
	const struct event_message *message = &m->event->message;
	struct wire_handle handle;

	if (!read_place(value, &handle, sizeof(handle)) ||
	    handle.handle >= message->n_handles || !message->handle_sids ||
	    message->handle_sids[handle.handle] == 0)
		return false;
	value->number = message->handle_sids[handle.handle];
	value->negative = false;
	return true;
}

/* L N -> L, in a region that the program may only read as far as it goes. */
static bool index_inline(struct eval_value *place, const struct eval_value *index,
			 const struct image_insn *insn)
{
	if (index->negative || index->number >= insn->n)
		return false;
	place->number += index->number * insn->arg;
	return true;
}

static bool index_chunk(struct machine *m, struct eval_value *place,
			const struct eval_value *index, uint32_t size)
{
	uint64_t n = index->number;

	/* From here on the region is the chunk. */
	if (!load_chunk(m, place) || index->negative || n >= place->size / size)
		return false;
	place->number = n * size;
	return true;
}

/* ---- the rest ---- */

static bool push_sid(struct machine *m, uint32_t which)
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

	if (!object_step(&object, insn, args))
		return false;
	m->top = args + 1;
	return true;
}

/* Every instruction that neither ends nor jumps. */
static bool step(struct machine *m, const struct image_insn *insn)
{
	const struct event_message *message = &m->event->message;
	struct eval_value *top = m->top - 1;	/* only read where there is one */
	const char *text;

	switch (insn->op) {
	case OP_SMALL:
	case OP_BOOL:
		push_number(m, insn->arg, false);
		return true;
	case OP_NUMBER:
		push_number(m, m->image->numbers[insn->arg].magnitude,
			    m->image->numbers[insn->arg].negative);
		return true;
	case OP_TEXT:
		text = m->image->strings + insn->arg;
		push_text(m, (const uint8_t *)text, (uint32_t)strlen(text));
		return true;
	case OP_SID:
		return push_sid(m, insn->arg);
	case OP_PLACE:
		push_text(m, message->fixed, message->fixed_size);
		m->top[-1].number = insn->arg;
		return true;
	case OP_FIELD:
		top->number += insn->arg;
		return true;
	case OP_INDEX:
		m->top--;
		return index_inline(top - 1, top, insn);
	case OP_ELEMENT:
		m->top--;
		return index_chunk(m, top - 1, top, insn->arg);
	case OP_LOAD:
		return load_scalar(top, insn->type);
	case OP_LOAD_STRING:
		return load_string(m, top);
	case OP_LOAD_BYTES:
		return load_chunk(m, top);
	case OP_LOAD_HANDLE:
		return load_handle(m, top);
	case OP_COUNT:
		if (!load_chunk(m, top))
			return false;
		top->number = top->size / insn->arg;
		return true;
	case OP_SIZE:
		top->number = top->size;
		top->negative = false;
		return true;
	case OP_DUP:
		*m->top++ = *top;
		return true;
	case OP_MATCH:
		match(m, top, insn);
		return true;
	case OP_EQ:
	case OP_NE:
	case OP_LT:
	case OP_LE:
	case OP_GT:
	case OP_GE:
		compare_top(m, insn);
		return true;
	case OP_NOT:
		top->number = !top->number;
		return true;
	case OP_ALL:
	case OP_ANY:
		fold_booleans(m, insn->n, insn->op == OP_ALL);
		return true;
	case OP_ADD:
	case OP_SUB:
	case OP_MUL:
	case OP_BIT_AND:
	case OP_BIT_OR:
		return arithmetic(m, insn->op);
	case OP_SUM:
	case OP_PRODUCT:
		return fold_numbers(m, insn->n, insn->op == OP_PRODUCT);
	case OP_BIT_NOT:
		return bit_not(top, insn->type);
	case OP_NEG:
		top->negative = !top->negative && top->number != 0;
		return true;
	case OP_ABS:
		top->negative = false;
		return true;
	case OP_RANGE:
		return check_range(top, insn->type);
	}
	return about_object(m, insn);
}

static enum eval_result result_of(bool granted)
{
	return granted ? EVAL_GRANTS : EVAL_DENIES;
}

/* Says what INSN has done. */
static void tell(const struct eval_watch *watch, const struct machine *m,
		 const struct image_call *call, const struct image_insn *insn,
		 bool jumped, bool faulted)
{
	struct eval_step step = {
		.call = call, .insn = insn, .jumped = jumped,
		.faulted = faulted, .saw = m->scope->state.saw,
		.top = !faulted && m->top > m->stack + 1 ? m->top - 1 : NULL,
	};

	watch->step(watch->data, &step);
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

/* One body for both, so that who looks on sees what decides; nobody who decides
   pays for it. */
static inline __attribute__((always_inline)) enum eval_result
run(struct eval_scope *scope, const struct image_call *call,
    const struct eval_watch *watch)
{
	const struct image_rule *rule = image_rule(scope->image, call);
	const struct image_insn *insn = &scope->image->code[rule->code];
	const struct image_insn *end = insn + rule->n_insns;
	struct machine m;

	m.image = scope->image;
	m.event = scope->event;
	m.scope = scope;
	m.top = m.stack + 1;
	for (; insn < end; insn++) {
		const struct image_insn *this = insn;

		assert(m.top > m.stack &&
		       m.top <= m.stack + 1 + IMAGE_STACK_MAX);
		switch (insn->op) {
		case OP_GRANT:
			return EVAL_GRANTS;
		case OP_DENY:
			return EVAL_DENIES;
		case OP_ASSERT:
			return result_of(m.top[-1].number != 0);
		case OP_REFUSE:
			return result_of(m.top[-1].number == 0);
		case OP_CASE:
			if (is_left_out(scope, insn))
				return EVAL_SKIPS;
			break;
		case OP_CHOOSE:
			return choose(scope, insn);
		case OP_JUMP:
			insn += insn->arg;
			break;
		case OP_UNLESS:
			if ((--m.top)->number == 0)
				insn += insn->arg;
			break;
		case OP_AND:
		case OP_OR:	/* the jump keeps the value that decided it */
			if (m.top[-1].number == (insn->op == OP_OR))
				insn += insn->arg;
			else
				m.top--;
			break;
		default:
			if (!step(&m, insn)) {
				if (watch)
					tell(watch, &m, call, this, false, true);
				return EVAL_FAULTS;
			}
			break;
		}
		if (watch)
			tell(watch, &m, call, this, insn != this, false);
	}
	return EVAL_FAULTS;
}

void eval_begin(struct eval_scope *scope, const struct image *image,
		const struct security_state *state, const struct event *event)
{
	scope->image = image;
	scope->event = event;
	state_begin(&scope->state, image, state);
	memset(scope->chosen, 0, sizeof(scope->chosen));
	scope->trace = NULL;
	scope->call = 0;
}

enum eval_result eval_call(struct eval_scope *scope,
			   const struct image_call *call)
{
	return run(scope, call, NULL);
}

enum eval_result eval_call_watched(struct eval_scope *scope,
				   const struct image_call *call,
				   const struct eval_watch *watch)
{
	return run(scope, call, watch);
}
