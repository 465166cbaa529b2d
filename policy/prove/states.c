/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Which states there can be: in each round every event that may change some is
 * tried in the states that are known, and what was found is known from the next
 * round on. So what is found first has the fewest rounds behind it.
 */
#include "states.h"

#include <string.h>

#include "../image/walk.h"

struct states_answer {
	enum prove_answer is;
	const struct origin *needed;
};

bool states_follows(const struct image_object *object)
{
	return object->model == MODEL_FLOW || object->model == MODEL_RBAC ||
	       object->model == MODEL_MIC;
}

static uint32_t class_words(const struct states *states)
{
	return (states->image->n_classes + 1 + 63) / 64;
}

static void add_class(uint64_t *classes, uint32_t class)
{
	classes[class / 64] |= UINT64_C(1) << class % 64;
}

/* From here on processes of CLASS can be in state NUMBER. */
static void add_number(struct states *states, struct known *known,
		       uint32_t class, uint32_t number)
{
	struct numbers *of = &known->by_class[class];

	add_class(known->states[number].classes, class);
	*ARENA_PUSH(states->arena, of->at, of->n, of->capacity) = number;
}

/* ---- states by number ---- */

static uint32_t number_of(struct states *states, uint32_t object,
			  const struct local_state *state)
{
	uint64_t key[4] = { object, state->present, state->words[0],
			    state->words[1] };
	struct known *known = &states->objects[object];
	uint32_t number = (uint32_t)known->n;
	size_t size = class_words(states) * sizeof(uint64_t);

	if (memo_find(&states->numbers, key, sizeof(key), &number))
		return number;
	memo_add(&states->numbers, states->arena, key, sizeof(key), number);
	*ARENA_PUSH(states->arena, known->states, known->n, known->capacity) =
		(struct known_state){
			.is = *state,
			.classes = arena_alloc(states->arena, size),
			.found = arena_alloc(states->arena, size),
		};
	return number;
}

static void begin_object(struct states *states, uint32_t object)
{
	static const struct local_state none;
	struct known *known = &states->objects[object];

	if (!states_follows(&states->image->objects[object]))
		return;
	known->by_class = arena_alloc(states->arena, sizeof(struct numbers) *
				      (states->image->n_classes + (size_t)1));
	number_of(states, object, &none);
	for (uint32_t i = 0; i <= states->image->n_classes; i++)
		add_number(states, known, i, 0);
	known->settled = 1;
}

struct states *states_new(struct arena *arena, const struct image *image,
			  uint64_t limit)
{
	struct states *states = arena_alloc(arena, sizeof(*states));

	states->arena = arena;
	states->image = image;
	states->limit = limit;
	states->objects = arena_alloc(arena, sizeof(*states->objects) *
				      (image->n_objects + (size_t)1));
	security_state_init(image, &states->memory, arena_alloc(arena,
				security_state_size(image) + 1));
	return states;
}

/* ---- events that may change states ---- */

static bool changes(uint8_t op)
{
	switch (op) {
	case OP_INIT:
	case OP_FINI:
	case OP_ENTER:
	case OP_ASSIGN:
	case OP_DROP:
	case OP_CREATE:
	case OP_UPGRADE:
	case OP_DELETE:
	case OP_EXECUTE:
		return true;
	}
	return false;
}

/* Whether a rule of the action asks an object that is followed, in an
   instruction that WHICH is true of. */
static bool asks(const struct states *states, uint32_t index,
		 bool (*which)(const struct states *states,
			       const struct image_insn *insn))
{
	const struct image *image = states->image;
	const struct image_action *action = &image->actions[index];

	for (uint32_t i = 0; i < action->n_calls; i++) {
		const struct image_call *call = &image->calls[
			image->action_calls[action->calls + i]];
		const struct image_rule *rule = image_rule(image, call);
		const struct image_insn *code = &image->code[rule->code];

		for (uint32_t k = 0; k < rule->n_insns; k++)
			if (code[k].op >= OP_INIT &&
			    states_follows(&image->objects[code[k].arg]) &&
			    which(states, &code[k]))
				return true;
	}
	return false;
}

static bool is_any(const struct states *states, const struct image_insn *insn)
{
	(void)states;
	(void)insn;
	return true;
}

static bool is_change(const struct states *states,
		      const struct image_insn *insn)
{
	(void)states;
	return changes(insn->op);
}

/* Whether the last round has found states of the object. */
static bool is_news(const struct states *states, const struct image_insn *insn)
{
	return states->objects[insn->arg].changed + 1 == states->round;
}

static void add_changes(void *data, const struct walk_pair *pair)
{
	struct states *states = data;

	for (uint32_t slot = 0; slot < pair->n_slots; slot++) {
		uint32_t route = states->image->cells[pair->first + slot];
		uint32_t key[4] = { pair->kind, pair->src, pair->dst,
				    route & ROUTE_ACTION }, seen;

		if ((route & ROUTE_HOW) != ROUTE_EVAL ||
		    memo_find(&states->seen, key, sizeof(key), &seen))
			continue;
		memo_add(&states->seen, states->arena, key, sizeof(key), 0);
		if (asks(states, key[3], is_change))
			*ARENA_PUSH(states->arena, states->changes,
				    states->n_changes,
				    states->changes_capacity) =
				(struct change){ { pair->kind, pair->src,
						   pair->dst, slot }, key[3] };
	}
}

/* ---- rounds ---- */

struct finding {
	struct states *states;
	const struct prove_event *event;
};

static const struct origin *keep(struct states *states,
				 const struct prove_event *event,
				 const struct outcome *outcome)
{
	struct origin *origin = arena_alloc(states->arena, sizeof(*origin));
	size_t size = outcome->n * sizeof(*origin->needs);

	*origin = (struct origin){
		.event = *event, .n = outcome->n, .same = outcome->same,
		.needs = arena_alloc(states->arena, size + 1),
	};
	if (size > 0)
		memcpy(origin->needs, outcome->needs, size);
	return origin;
}

/* A process of CLASS can be in state NUMBER, by *ORIGIN, kept when needed. */
static void find_state(const struct finding *finding,
		       const struct outcome *outcome, uint32_t object,
		       uint32_t class, uint32_t number,
		       const struct origin **origin)
{
	struct states *states = finding->states;
	struct known *known = &states->objects[object];
	struct known_state *state = &known->states[number];

	if (states_has(state->classes, class) ||
	    states_has(state->found, class))
		return;
	if (!*origin)
		*origin = keep(states, finding->event, outcome);
	*ARENA_PUSH(states->arena, state->found_by, state->n,
		    state->capacity) = (struct found_by){ class, *origin };
	add_class(state->found, class);
	known->changed = states->round;
}

static bool note(void *data, const struct outcome *outcome)
{
	const struct finding *finding = data;
	const struct origin *origin = NULL;

	for (uint32_t i = 0; i < outcome->n; i++) {
		const struct need *need = &outcome->needs[i];
		uint32_t number = number_of(finding->states, need->object,
					    &outcome->then[i]);
		const uint64_t *before = finding->states->objects[
			need->object].states[need->state].classes;

		if (need->class != STATES_CLASS_ANY) {
			find_state(finding, outcome, need->object, need->class,
				   number, &origin);
			continue;
		}
		for (uint32_t k = 0; k <= finding->states->image->n_classes; k++)
			if (states_has(before, k))
				find_state(finding, outcome, need->object, k,
					   number, &origin);
	}
	return true;
}

static void settle_state(struct states *states, struct known *known,
			 uint32_t number)
{
	struct known_state *state = &known->states[number];

	for (uint32_t w = 0; w < class_words(states); w++) {
		for (uint32_t bit = 0; state->found[w] && bit < 64; bit++)
			if (state->found[w] >> bit & 1)
				add_number(states, known, w * 64 + bit, number);
		state->found[w] = 0;
	}
}

/* What this round has found is known. Whether there is anything. */
static bool settle(struct states *states)
{
	bool news = false;

	for (uint32_t i = 0; i < states->image->n_objects; i++) {
		struct known *known = &states->objects[i];

		if (known->changed != states->round)
			continue;
		news = true;
		known->settled = (uint32_t)known->n;
		for (uint32_t k = 0; k < known->n; k++)
			settle_state(states, known, k);
	}
	return news;
}

static void explore(struct states *states)
{
	uint64_t left = states->limit;

	for (uint32_t i = 0; i < states->image->n_objects; i++)
		begin_object(states, i);
	walk_pairs(states->image, add_changes, states);
	do {
		states->round++;
		for (size_t i = 0; i < states->n_changes; i++) {
			const struct change *change = &states->changes[i];
			struct finding finding = { states, &change->event };

			if (states->round > 1 &&
			    !asks(states, change->action, is_news))
				continue;
			if (situations_try(states, &change->event,
					   change->action, &left, note,
					   &finding) == TRIED_TOO_MANY) {
				states->too_many = true;
				settle(states);	/* these can be, too */
				return;
			}
		}
	} while (settle(states));
}

/* ---- answers ---- */

struct asking {
	struct states *states;
	const struct prove_event *event;
	const struct origin *needed;
};

static bool note_first(void *data, const struct outcome *outcome)
{
	struct asking *asking = data;

	asking->needed = keep(asking->states, asking->event, outcome);
	return false;
}

static struct states_answer find_answer(struct states *states,
					const struct prove_event *event,
					uint32_t action)
{
	struct states_answer answer = { PROVE_MAYBE, NULL };
	struct asking asking = { states, event, NULL };
	uint64_t left = states->limit;

	if (!asks(states, action, is_any))
		return answer;
	if (!states->round)
		explore(states);
	answer.is = PROVE_UNDECIDED;
	switch (situations_try(states, event, action, &left, note_first,
			       &asking)) {
	case TRIED_ALL:
		if (!states->too_many)
			answer.is = PROVE_DENIED;
		break;
	case TRIED_ENOUGH:
		answer.is = PROVE_MAYBE;
		answer.needed = asking.needed;
		break;
	case TRIED_TOO_MANY:
		break;
	}
	return answer;
}

enum prove_answer states_answer(struct states *states,
				const struct prove_event *event,
				uint32_t action, const struct origin **needed)
{
	uint32_t key[4] = { event->kind, event->src, event->dst, action };
	uint32_t number = (uint32_t)states->n_answers;

	if (!memo_find(&states->asked, key, sizeof(key), &number)) {
		memo_add(&states->asked, states->arena, key, sizeof(key),
			 number);
		*ARENA_PUSH(states->arena, states->answers, states->n_answers,
			    states->answers_capacity) =
			find_answer(states, event, action);
	}
	*needed = states->answers[number].needed;
	return states->answers[number].is;
}
