/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Mic: who may move data to whom, by integrity. A level is a degree and a set of
 * categories, a bit each; L <= M if L's degree is no more than M's and M has all
 * of L's categories. A process has a level, and levelR, the least that it may
 * receive from. dk-psl(5) has the formulae, which are the definition.
 */
#include "models.h"

#define CATEGORIES ((UINT64_C(1) << OBJECT_DEGREE_SHIFT) - 1)
#define HAS_LEVEL 1u	/* of an instruction's n */
#define HAS_LEVEL_R 2u

/* A process or resource that a rule names. */
struct party {
	uint32_t sid;		/* 0: not given */
	size_t at;		/* its place: level, then levelR; 0: it has none */
};

bool object_is_level(const struct image_object *object, uint64_t number)
{
	return number >> OBJECT_DEGREE_SHIFT < object->n_items &&
	       (number & CATEGORIES) >> object->n_more == 0;
}

static bool at_most(uint64_t a, uint64_t b)
{
	return a >> OBJECT_DEGREE_SHIFT <= b >> OBJECT_DEGREE_SHIFT &&
	       (a & CATEGORIES & ~b) == 0;
}

static uint64_t level_of(const struct object *object, const struct party *of)
{
	return *object_word(object, of->at);
}

/* False: no number of a process, a fault. */
static bool find(const struct object *object, const struct eval_value *value,
		 struct party *party)
{
	party->sid = (uint32_t)value->number;
	party->at = 0;
	if (value->negative || value->number > UINT32_MAX)
		return false;
	if (party->sid != 0)
		party->at = object_find(object, party->sid);
	return true;
}

/* LEVEL is no more than PARTY's, which has one; or PARTY is not given. */
static bool covers(const struct object *object, const struct party *party,
		   uint64_t level)
{
	if (party->sid == 0)
		return true;
	return party->at && at_most(level, level_of(object, party));
}

static bool give(const struct object *object, uint32_t sid, uint64_t level,
		 uint64_t level_r)
{
	size_t at = object_add(object, sid);

	if (!at)
		return false;
	state_put(object->view, at, level);
	state_put(object->view, at + 1, level_r);
	return true;
}

enum { SOURCE, TARGET, CONTAINER, DRIVER, PARTIES };

/* create, upgrade, delete: the same three must be as high as the level. */
static bool change(const struct object *object, const struct image_insn *insn,
		   const struct party *parties, uint64_t level)
{
	const struct party *target = &parties[TARGET];
	const struct party *above = parties[CONTAINER].sid ?
				    &parties[CONTAINER] : &parties[SOURCE];

	if (target->sid == 0 || parties[SOURCE].sid == 0 || !above->at ||
	    (insn->op == OP_CREATE) == (target->at != 0))
		return false;
	if (insn->op == OP_DELETE)
		level = level_of(object, target);
	else if (!(insn->n & HAS_LEVEL))
		level = level_of(object, above);
	if (!covers(object, &parties[SOURCE], level) ||
	    !covers(object, &parties[CONTAINER], level) ||
	    !covers(object, &parties[DRIVER], level))
		return false;
	if (insn->op == OP_CREATE)
		return give(object, target->sid, level, level);
	if (insn->op == OP_DELETE)
		return object_remove(object, target->sid);
	if (!at_most(level_of(object, target), level))
		return false;
	state_put(object->view, target->at, level);
	return true;
}

static bool execute(const struct object *object, const struct image_insn *insn,
		    const struct party *image, const struct party *target,
		    uint64_t level, uint64_t level_r)
{
	if (!(insn->n & HAS_LEVEL)) {
		if (!image->at)
			return false;
		level = level_of(object, image);
	}
	if (!(insn->n & HAS_LEVEL_R))
		level_r = level;
	return target->sid != 0 && !target->at &&
	       covers(object, image, level) && at_most(level_r, level) &&
	       give(object, target->sid, level, level_r);
}

/* Whether data may go from TARGET to SOURCE, or for invoke the other way. */
static bool flows(const struct object *object, bool invoke,
		  const struct party *source, const struct party *target)
{
	uint64_t from, to;

	if (!source->at || !target->at)
		return false;
	from = level_of(object, target);
	to = level_of(object, source);
	if (invoke)
		return at_most(from, to);
	return at_most(to, from) ||
	       at_most(*object_word(object, source->at + 1), from);
}

bool model_mic(const struct object *object, const struct image_insn *insn,
	       struct eval_value *args)
{
	uint32_t n = object_args(object->is, insn), n_levels = 0;
	struct party parties[PARTIES] = { 0 };
	const struct eval_value *levels;

	if (insn->op == OP_CREATE || insn->op == OP_UPGRADE)
		n_levels = 1;
	else if (insn->op == OP_EXECUTE)
		n_levels = 2;
	levels = args + n - n_levels;
	for (uint32_t i = 0; i < n - n_levels; i++)
		if (!find(object, &args[i], &parties[i]))
			return false;
	for (uint32_t i = 0; i < n_levels; i++)
		if (levels[i].negative ||
		    !object_is_level(object->is, levels[i].number))
			return false;
	switch (insn->op) {
	case OP_EXECUTE:
		object_say(args, execute(object, insn, &parties[0],
					 &parties[1], levels[0].number,
					 levels[1].number));
		return true;
	case OP_CALL:
	case OP_INVOKE:
		object_say(args, flows(object, insn->op == OP_INVOKE,
				       &parties[0], &parties[1]));
		return true;
	case OP_QUERY_LEVEL:
		if (!parties[0].at)
			return false;
		object_name(object, object->image->object_words[
			    object->is->words + (level_of(object, &parties[0])
						 >> OBJECT_DEGREE_SHIFT)],
			    args);
		return true;
	}
	object_say(args, change(object, insn, parties,
				n_levels ? levels[0].number : 0));
	return true;
}
