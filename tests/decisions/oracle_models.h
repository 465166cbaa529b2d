/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Policy objects, what they remember of each process, and what their rules come
 * to, as LANGUAGES 3 says. Nothing here is the compiler's or the engine's. A
 * header, as oracle.c is one program of one file.
 */
#ifndef TESTS_ORACLE_MODELS_H
#define TESTS_ORACLE_MODELS_H

#include "oracle_make.h"

enum model { HASH_SET, STATIC_MAP, FLOW, RBAC, MIC, N_MODELS };

enum { N_OBJECTS = 5, SIDS = 16, MANY = 4, POOL_MAX = 4 };

/* What a set or a map holds. */
enum holds { NUMBERS, TEXTS, RECORDS };

/* As it is configured. Names are letters and numbers: k0, k1, r0, s0, p0, c0. */
static struct object {
	enum model model;
	enum holds holds;
	int categories;			/* of Mic, beside n degrees */
	int pool, set_size, n;		/* n keys, states or roles */
	wide initial[MANY];		/* values of the keys */
	bool ways[MANY][MANY];		/* transitions; role has permission */
	bool exclusive[MANY][MANY];
	int first;			/* the initial state */
} objects[N_OBJECTS];

static int n_objects;

/* A text as a number, equal for equal texts, and back. */
static const char *words[4096];

static int word_number(const char *text)
{
	int i = 0;

	while (words[i] && strcmp(words[i], text))
		i++;
	if (i == 4095)
		abort();
	words[i] = text;
	return i;
}

/* What it remembers: all of it is copied to go back. */
static struct memory {
	struct {
		bool there;
		int n, state;
		int level, level_r;
		wide entries[MANY], committed[MANY], working[MANY];
		bool roles[MANY];
	} of[SIDS];
} memories[N_OBJECTS];

enum outcome_of { REFUSED, DONE, FAULTED };

/* The parts of a rule's dictionary. */
struct part_values {
	int sid;
	wide value;
	int which;			/* key, state or role; permission */
	int image, source, container, driver;	/* of Mic; 0: not given */
	int level, level_r;		/* as LEVEL makes; -1: not given */
	unsigned states;		/* a bit each */
};

static int count_there(const struct memory *memory)
{
	int n = 0;

	for (int i = 0; i < SIDS; i++)
		n += memory->of[i].there;
	return n;
}

static enum outcome_of do_init(const struct object *object,
			       struct memory *memory,
			       const struct part_values *with)
{
	if (memory->of[with->sid].there || count_there(memory) >= object->pool)
		return REFUSED;
	memset(&memory->of[with->sid], 0, sizeof(memory->of[0]));
	memory->of[with->sid].there = true;
	memory->of[with->sid].state = object->first;
	for (int i = 0; i < object->n; i++)
		memory->of[with->sid].committed[i] =
			memory->of[with->sid].working[i] = object->initial[i];
	return DONE;
}

static enum outcome_of do_fini(const struct object *object,
			       struct memory *memory,
			       const struct part_values *with)
{
	(void)object;
	if (!memory->of[with->sid].there)
		return REFUSED;
	memset(&memory->of[with->sid], 0, sizeof(memory->of[0]));
	return DONE;
}

/* ---- HashSet ---- */

static int find_entry(const struct memory *memory, int sid, wide entry)
{
	for (int i = 0; i < memory->of[sid].n; i++)
		if (memory->of[sid].entries[i] == entry)
			return i;
	return -1;
}

static enum outcome_of do_add(const struct object *object,
			      struct memory *memory,
			      const struct part_values *with)
{
	if (!memory->of[with->sid].there)
		return REFUSED;
	if (find_entry(memory, with->sid, with->value) >= 0)
		return DONE;
	if (memory->of[with->sid].n == object->set_size)
		return REFUSED;
	memory->of[with->sid].entries[memory->of[with->sid].n++] = with->value;
	return DONE;
}

static enum outcome_of do_remove(const struct object *object,
				 struct memory *memory,
				 const struct part_values *with)
{
	int at = find_entry(memory, with->sid, with->value);

	(void)object;
	if (!memory->of[with->sid].there)
		return REFUSED;
	if (at >= 0)
		memory->of[with->sid].entries[at] =
			memory->of[with->sid].entries[
				--memory->of[with->sid].n];
	return DONE;
}

/* ---- StaticMap ---- */

static enum outcome_of do_set(const struct object *object,
			      struct memory *memory,
			      const struct part_values *with)
{
	(void)object;
	if (!memory->of[with->sid].there)
		return REFUSED;
	memory->of[with->sid].working[with->which] = with->value;
	return DONE;
}

static enum outcome_of copy_values(struct memory *memory, int sid, bool back)
{
	wide *to = back ? memory->of[sid].working : memory->of[sid].committed;
	wide *from = back ? memory->of[sid].committed : memory->of[sid].working;

	if (!memory->of[sid].there)
		return REFUSED;
	memcpy(to, from, sizeof(memory->of[sid].working));
	return DONE;
}

static enum outcome_of do_commit(const struct object *object,
				 struct memory *memory,
				 const struct part_values *with)
{
	(void)object;
	return copy_values(memory, with->sid, false);
}

static enum outcome_of do_rollback(const struct object *object,
				   struct memory *memory,
				   const struct part_values *with)
{
	(void)object;
	return copy_values(memory, with->sid, true);
}

/* ---- Flow ---- */

static enum outcome_of do_enter(const struct object *object,
				struct memory *memory,
				const struct part_values *with)
{
	int *state = &memory->of[with->sid].state;

	if (!memory->of[with->sid].there || !object->ways[*state][with->which])
		return REFUSED;
	*state = with->which;
	return DONE;
}

static enum outcome_of do_allow(const struct object *object,
				struct memory *memory,
				const struct part_values *with)
{
	(void)object;
	return memory->of[with->sid].there &&
	       with->states >> memory->of[with->sid].state & 1 ? DONE : REFUSED;
}

/* ---- Rbac ---- */

static enum outcome_of do_assign(const struct object *object,
				 struct memory *memory,
				 const struct part_values *with)
{
	if (!memory->of[with->sid].there)
		return REFUSED;
	for (int i = 0; i < object->n; i++)
		if (memory->of[with->sid].roles[i] &&
		    object->exclusive[i][with->which])
			return REFUSED;
	memory->of[with->sid].roles[with->which] = true;
	return DONE;
}

static enum outcome_of do_drop(const struct object *object,
			       struct memory *memory,
			       const struct part_values *with)
{
	(void)object;
	if (!memory->of[with->sid].there)
		return REFUSED;
	memory->of[with->sid].roles[with->which] = false;
	return DONE;
}

static enum outcome_of do_permit(const struct object *object,
				 struct memory *memory,
				 const struct part_values *with)
{
	for (int i = 0; memory->of[with->sid].there && i < object->n; i++)
		if (memory->of[with->sid].roles[i] &&
		    object->ways[i][with->which])
			return DONE;
	return REFUSED;
}

/* ---- Mic ---- */

/* A degree and a set of categories, a bit each. */
#define LEVEL(degree, categories) ((degree) << MANY | (int)(categories))

static bool at_most(int a, int b)
{
	for (int i = 0; i < MANY; i++)
		if (a >> i & 1 && !(b >> i & 1))
			return false;
	return a >> MANY <= b >> MANY;
}

/* Whether a party that is given has a level of at least LEVEL. */
static bool covers(const struct memory *memory, int sid, int level)
{
	return !sid || (memory->of[sid].there &&
			at_most(level, memory->of[sid].level));
}

static enum outcome_of give(const struct object *object, struct memory *memory,
			    int sid, int level, int level_r)
{
	if (count_there(memory) >= object->pool)
		return REFUSED;
	memset(&memory->of[sid], 0, sizeof(memory->of[0]));
	memory->of[sid].there = true;
	memory->of[sid].level = level;
	memory->of[sid].level_r = level_r;
	return DONE;
}

static enum outcome_of do_execute(const struct object *object,
				  struct memory *memory,
				  const struct part_values *with)
{
	int level = with->level, level_r = with->level_r;

	if (level < 0) {
		if (!with->image || !memory->of[with->image].there)
			return REFUSED;
		level = memory->of[with->image].level;
	}
	if (level_r < 0)
		level_r = level;
	if (memory->of[with->sid].there || !at_most(level_r, level) ||
	    !covers(memory, with->image, level))
		return REFUSED;
	return give(object, memory, with->sid, level, level_r);
}

/* create, upgrade, delete: what the level is, or -1 if somebody is below it. */
static int level_around(const struct memory *memory,
			const struct part_values *with, int level)
{
	int above = with->container ? with->container : with->source;

	if (!memory->of[above].there)
		return -1;
	if (level < 0)
		level = memory->of[above].level;
	return covers(memory, with->source, level) &&
	       covers(memory, with->container, level) &&
	       covers(memory, with->driver, level) ? level : -1;
}

static enum outcome_of do_create(const struct object *object,
				 struct memory *memory,
				 const struct part_values *with)
{
	int level = level_around(memory, with, with->level);

	if (level < 0 || memory->of[with->sid].there)
		return REFUSED;
	return give(object, memory, with->sid, level, level);
}

static enum outcome_of do_upgrade(const struct object *object,
				  struct memory *memory,
				  const struct part_values *with)
{
	int level = level_around(memory, with, with->level);

	(void)object;
	if (level < 0 || !memory->of[with->sid].there ||
	    !at_most(memory->of[with->sid].level, level))
		return REFUSED;
	memory->of[with->sid].level = level;
	return DONE;
}

static enum outcome_of do_delete(const struct object *object,
				 struct memory *memory,
				 const struct part_values *with)
{
	if (!memory->of[with->sid].there ||
	    level_around(memory, with, memory->of[with->sid].level) < 0)
		return REFUSED;
	return do_fini(object, memory, with);
}

/* Data go from target to source. */
static enum outcome_of do_receive(const struct object *object,
				  struct memory *memory,
				  const struct part_values *with)
{
	(void)object;
	if (!memory->of[with->source].there || !memory->of[with->sid].there)
		return REFUSED;
	return at_most(memory->of[with->source].level,
		       memory->of[with->sid].level) ||
	       at_most(memory->of[with->source].level_r,
		       memory->of[with->sid].level) ? DONE : REFUSED;
}

/* Data go from source to target. */
static enum outcome_of do_send(const struct object *object,
			       struct memory *memory,
			       const struct part_values *with)
{
	(void)object;
	if (!memory->of[with->source].there || !memory->of[with->sid].there)
		return REFUSED;
	return at_most(memory->of[with->sid].level,
		       memory->of[with->source].level) ? DONE : REFUSED;
}

#endif
