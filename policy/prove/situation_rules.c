/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The rules of an event, run over what is known and what may be anything. */
#include "situation.h"

#include <string.h>

#include "../../kernel/security/models.h"

/* ---- values ---- */

static void push(struct situation *s, struct value value)
{
	*s->top++ = value;
}

static void push_number(struct situation *s, uint64_t number)
{
	push(s, (struct value){ .kind = KNOWN, .is = { .number = number } });
}

/* N values go, one that may be anything comes. */
static void lose(struct situation *s, uint32_t n)
{
	s->top -= n;
	push(s, (struct value){ .kind = ANYTHING });
}

static bool push_sid(struct situation *s, uint32_t which)
{
	enum event_kind kind = s->event->kind;
	bool is_src = which == SID_SRC || (which == SID_CALLABLE &&
					   kind != EVENT_REQUEST);

	if ((which == SID_DST && kind == EVENT_SECURITY) ||
	    (which == SID_CALLABLE && kind != EVENT_REQUEST &&
	     kind != EVENT_RESPONSE && kind != EVENT_ERROR))
		return false;
	push(s, (struct value){ .kind = PARTY,
				.party = is_src ? s->src : s->dst });
	return true;
}

static void compare(struct situation *s, const struct image_insn *insn)
{
	const struct value *a = s->top - 2, *b = s->top - 1;
	bool same;

	if (a->kind == PARTY && b->kind == PARTY)
		same = a->party == b->party;
	else if (a->kind != KNOWN || b->kind != KNOWN) {
		lose(s, 2);
		return;
	} else if (insn->type == 'T')
		same = a->is.size == b->is.size && (!a->is.size ||
		       !memcmp(a->is.at, b->is.at, a->is.size));
	else
		same = a->is.number == b->is.number &&
		       a->is.negative == b->is.negative;
	s->top -= 2;
	push_number(s, same == (insn->op == OP_EQ));
}

static void fold(struct situation *s, uint32_t n, bool all)
{
	bool known = true;

	for (uint32_t i = 1; i <= n; i++) {
		const struct value *value = s->top - i;

		if (value->kind == KNOWN && !value->is.number == all) {
			s->top -= n;
			push_number(s, !all);
			return;
		}
		known = known && value->kind == KNOWN;
	}
	if (known) {
		s->top -= n;
		push_number(s, all);
	} else {
		lose(s, n);
	}
}

/* ---- objects ---- */

/* How many of an instruction's first values are processes. */
static uint32_t count_sids(const struct image_insn *insn)
{
	switch (insn->op) {
	case OP_CREATE:
	case OP_UPGRADE:
	case OP_DELETE:
		return 4;
	case OP_EXECUTE:
	case OP_CALL:
	case OP_INVOKE:
		return 2;
	}
	return 1;
}

static bool give_sid(struct situation *s, const struct image_insn *insn,
		     struct value *value)
{
	bool none = value->kind == KNOWN && !value->is.number;

	if (none && insn->op >= OP_CREATE)
		return true;		/* Mic: it was left out */
	if (none)
		return false;
	if (value->kind != PARTY)
		value->party = situation_any_party(s);
	situation_touch(s, insn->arg, value->party);
	value->is = (struct eval_value){ .number = value->party + 1 };
	return true;
}

/* A text of the message: each of the object's names, or another one, which
   begins with a byte that no name has. */
static void give_text(struct situation *s, const struct image_object *object,
		      bool is_perm, struct value *value)
{
	const struct image *image = s->states->image;
	const uint32_t *words = image->object_words + object->words;
	uint32_t n = is_perm ? object->n_more : object->n_items;
	uint32_t which = situation_choose(s, n + 1);
	const char *text = "\xff";

	if (which < n)
		text = image_string(image, words[is_perm ? object->n_items +
						 which : which]);
	value->is = (struct eval_value){ .at = (const uint8_t *)text,
					 .size = (uint32_t)strlen(text) };
}

static bool step_object(struct situation *s, const struct image_insn *insn)
{
	struct object object = situation_object(s, insn->arg);
	uint32_t n = object_args(object.is, insn), sids = count_sids(insn);
	struct value *values = s->top - n;
	struct eval_value args[1 + IMAGE_STACK_MAX];

	if (!states_follows(object.is)) {
		lose(s, n);
		return true;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (i < sids) {
			if (!give_sid(s, insn, &values[i]))
				return false;
		} else if (values[i].kind != KNOWN && insn->op < OP_CREATE) {
			give_text(s, object.is, insn->op == OP_PERMIT,
				  &values[i]);
		} else if (values[i].kind != KNOWN) {
			s->beyond = true;	/* a level is a literal */
		}
		args[i] = values[i].is;
	}
	if (s->impossible || s->beyond || !model_step(&object, insn, args))
		return false;
	state_keep(&s->view);
	s->top = values;
	push(s, (struct value){ .kind = KNOWN, .is = args[0] });
	return true;
}

/* ---- rules ---- */

/* Every instruction that neither ends nor jumps. What may be a fault in the
   engine and is none here only makes more situations. */
static bool step(struct situation *s, const struct image_insn *insn)
{
	const struct image *image = s->states->image;
	const char *text;

	switch (insn->op) {
	case OP_SMALL:
	case OP_BOOL:
		push_number(s, insn->arg);
		return true;
	case OP_NUMBER:
		push(s, (struct value){ .kind = KNOWN, .is = {
			.number = image->numbers[insn->arg].magnitude,
			.negative = image->numbers[insn->arg].negative } });
		return true;
	case OP_TEXT:
		text = image->strings + insn->arg;
		push(s, (struct value){ .kind = KNOWN, .is = {
			.at = (const uint8_t *)text,
			.size = (uint32_t)strlen(text) } });
		return true;
	case OP_SID:
		return push_sid(s, insn->arg);
	case OP_PLACE:
		lose(s, 0);
		return true;
	case OP_DUP:
		push(s, s->top[-1]);
		return true;
	case OP_EQ:
	case OP_NE:
		compare(s, insn);
		return true;
	case OP_NOT:
		s->top[-1].is.number = !s->top[-1].is.number;
		return true;
	case OP_ALL:
	case OP_ANY:
		fold(s, insn->n, insn->op == OP_ALL);
		return true;
	case OP_SUM:
	case OP_PRODUCT:
		lose(s, insn->n);
		return true;
	case OP_INDEX:
	case OP_ELEMENT:
	case OP_LT:
	case OP_LE:
	case OP_GT:
	case OP_GE:
	case OP_ADD:
	case OP_SUB:
	case OP_MUL:
	case OP_BIT_AND:
	case OP_BIT_OR:
		lose(s, 2);
		return true;
	}
	if (insn->op >= OP_INIT)
		return step_object(s, insn);
	lose(s, 1);
	return true;
}

/* The Boolean on top: where it is not known, both. */
static bool truth(struct situation *s)
{
	const struct value *top = s->top - 1;

	return top->kind == KNOWN ? top->is.number != 0 : situation_choose(s, 2);
}

static bool is_left_out(struct situation *s, const struct image_insn *insn)
{
	if (insn->n > 0)
		s->chosen[insn->n - 1] = 0;
	return insn->type > 0 && s->chosen[insn->type - 1] != insn->arg;
}

/* As truth, of a rule's end: only a grant goes on. */
static enum eval_result result(const struct situation *s, bool wanted)
{
	const struct value *top = s->top - 1;

	return top->kind == KNOWN && (top->is.number != 0) != wanted
	       ? EVAL_DENIES : EVAL_GRANTS;
}

/* An AND or OR: the jump keeps the value that decided it. */
static bool jumps(struct situation *s, const struct image_insn *insn)
{
	bool is = truth(s);

	if (insn->op == OP_UNLESS || is != (insn->op == OP_OR)) {
		s->top--;
		return insn->op == OP_UNLESS && !is;
	}
	s->top--;
	push_number(s, is);
	return true;
}

static enum eval_result run_rule(struct situation *s,
				 const struct image_call *call)
{
	const struct image_rule *rule = image_rule(s->states->image, call);
	const struct image_insn *insn = &s->states->image->code[rule->code];
	const struct image_insn *end = insn + rule->n_insns;

	s->top = s->stack + 1;
	for (; insn < end && !s->beyond && !s->impossible; insn++) {
		switch (insn->op) {
		case OP_GRANT:
			return EVAL_GRANTS;
		case OP_DENY:
			return EVAL_DENIES;
		case OP_ASSERT:
		case OP_REFUSE:
			return result(s, insn->op == OP_ASSERT);
		case OP_CASE:
			if (is_left_out(s, insn))
				return EVAL_SKIPS;
			continue;
		case OP_CHOOSE:
			s->chosen[insn->n] = insn->arg;
			return insn->arg ? EVAL_SKIPS : EVAL_DENIES;
		case OP_JUMP:
			insn += insn->arg;
			continue;
		case OP_AND:
		case OP_OR:
		case OP_UNLESS:
			if (s->plain && s->top[-1].kind != KNOWN)
				return EVAL_GRANTS;
			if (jumps(s, insn))
				insn += insn->arg;
			continue;
		}
		if (!step(s, insn))
			return EVAL_FAULTS;
	}
	return EVAL_FAULTS;
}

/* Whether a rule only reads what may be anything: it may grant, and that it may
   deny as well is no matter. Then it is not tried both ways. */
static bool is_plain(const struct image *image, const struct image_call *call)
{
	const struct image_rule *rule = image_rule(image, call);

	for (uint32_t i = 0; i < rule->n_insns; i++) {
		const struct image_insn *insn = &image->code[rule->code + i];

		if (insn->op == OP_CHOOSE || (insn->op >= OP_INIT &&
		    states_follows(&image->objects[insn->arg])))
			return false;
	}
	return true;
}

bool situation_grants(struct situation *s, uint32_t index)
{
	const struct image *image = s->states->image;
	const struct image_action *action = &image->actions[index];
	bool called = false;

	for (uint32_t i = 0; i < action->n_calls; i++) {
		const struct image_call *call = &image->calls[
			image->action_calls[action->calls + i]];
		uint8_t fixed = image_rule(image, call)->fixed;
		enum eval_result result = EVAL_GRANTS;

		s->plain = is_plain(image, call);
		if (fixed == CALL_EVAL)
			result = run_rule(s, call);
		else if (fixed == CALL_DENIES)
			result = EVAL_DENIES;
		if (s->beyond || s->impossible || result == EVAL_DENIES ||
		    result == EVAL_FAULTS)
			return false;
		called = called || result == EVAL_GRANTS;
	}
	return called;
}
