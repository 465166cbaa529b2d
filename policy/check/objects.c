/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What the rules can do with the policy's objects: which states of a Flow a
 * process comes to, and whether a pool has room for all who ask for a place.
 * Only the rules of events that may be granted do anything.
 */
#include "check.h"

#include <string.h>

#include "../image/walk.h"
#include "../psl/ast.h"

#define NAMES_MAX 8u		/* tasks that one warning names */

struct objects {
	struct check *check;
	const struct image *image;
	uint64_t *entered;	/* [object]: a Flow's states, a bit each */
	bool *needed;		/* [object][class]: it asks for a place */
};

/* ---- what the rules do ---- */

static uint32_t class_of(const struct walk_pair *pair, uint32_t sid)
{
	return sid == SID_SRC ? pair->src :
	       sid == SID_DST ? pair->dst : pair->owner;
}

static const uint32_t *words_of(const struct image *image,
				const struct image_object *object)
{
	return image->object_words + object->words;
}

/* The states that `enter` at INSN may name. A literal stands right before it;
   of any other text it is not known. */
static uint64_t find_entered(const struct image *image,
			     const struct image_rule *rule,
			     const struct image_insn *insn)
{
	const struct image_object *flow = &image->objects[insn->arg];
	const struct image_insn *first = &image->code[rule->code];

	for (const struct image_insn *at = first; at < insn; at++)
		if (at->op == OP_JUMP)	/* a condition chooses the text */
			return UINT64_MAX;
	for (uint32_t i = 0; insn > first && insn[-1].op == OP_TEXT &&
	     i < flow->n_items; i++)
		if (words_of(image, flow)[i] == insn[-1].arg)
			return UINT64_C(1) << i;
	return UINT64_MAX;
}

static void note_rule(struct objects *objects, const struct walk_pair *pair,
		      const struct image_rule *rule)
{
	const struct image *image = objects->image;

	for (uint32_t i = 0; i < rule->n_insns; i++) {
		const struct image_insn *insn = &image->code[rule->code + i];

		if (insn->op == OP_ENTER)
			objects->entered[insn->arg] |=
				find_entered(image, rule, insn);
		else if (insn->op == OP_INIT && i > 0 && insn[-1].op == OP_SID)
			objects->needed[(size_t)insn->arg * image->n_classes +
					class_of(pair, insn[-1].arg)] = true;
	}
}

static void visit(void *context, const struct walk_pair *pair)
{
	struct objects *objects = context;
	const struct image *image = objects->image;

	for (uint32_t slot = 0; slot < pair->n_slots; slot++) {
		uint32_t route = image->cells[pair->first + slot];
		const struct image_action *action =
			&image->actions[route & ROUTE_ACTION];

		if ((route & ROUTE_HOW) != ROUTE_EVAL)
			continue;	/* no rule about an object is fixed */
		for (uint32_t i = 0; i < action->n_calls; i++)
			note_rule(objects, pair, image_rule(image,
				  &image->calls[image->action_calls[
						action->calls + i]]));
	}
}

/* ---- places in the text ---- */

static const struct expr *find_value(const struct expr *dictionary,
				     const char *key)
{
	for (size_t i = 0; i < dictionary->n_keys; i++)
		if (!strcmp(dictionary->keys[i], key))
			return dictionary->kids[i];
	return NULL;
}

/* ---- Flow ---- */

/* The states that those in FROM lead to, and they themselves: by transitions
   to the states in TO alone. */
static uint64_t follow(const struct psl_object *flow, uint64_t from,
		       uint64_t to)
{
	uint64_t before;

	do {
		before = from;
		for (uint32_t i = 0; i < flow->n_items; i++)
			if (from >> i & 1)
				from |= flow->masks[i] & to;
	} while (from != before);
	return from;
}

static uint32_t find_state(const struct psl_object *flow, const char *name)
{
	uint32_t i = 0;

	while (strcmp(flow->names.texts[i], name) != 0)
		i++;
	return i;
}

/* A way that begins where a process can be, and that no rule goes. */
static void check_transitions(struct check *check,
			      const struct psl_object *flow, uint64_t reached,
			      uint64_t entered)
{
	const struct expr *from = find_value(flow->config, "transitions");

	for (size_t i = 0; i < from->n_keys; i++) {
		if (!(reached >> find_state(flow, from->keys[i]) & 1))
			continue;
		for (size_t k = 0; k < from->kids[i]->n_kids; k++) {
			const struct expr *to = from->kids[i]->kids[k];

			if (entered >> find_state(flow, to->text) & 1)
				continue;
			check_say(check, CHECK_UNENTERED, to->pos, "the "
				  "transition from \"%s\" to \"%s\" is never "
				  "made: no event that may be granted has "
				  "%s.enter of that state", from->keys[i],
				  to->text, flow->name);
		}
	}
}

static void check_flow(struct check *check, const struct psl_object *flow,
		       uint64_t entered)
{
	const struct expr *states = find_value(flow->config, "states");
	uint64_t initial = UINT64_C(1) << flow->n_more;
	uint64_t reachable = follow(flow, initial, UINT64_MAX);

	for (size_t i = 0; i < states->n_kids; i++)
		if (!(reachable >> find_state(flow, states->kids[i]->text) & 1))
			check_say(check, CHECK_UNREACHABLE,
				  states->kids[i]->pos, "the state \"%s\" cannot "
				  "be reached: no transitions lead to it from "
				  "the initial state \"%s\"",
				  states->kids[i]->text,
				  flow->names.texts[flow->n_more]);
	check_transitions(check, flow, follow(flow, initial, entered), entered);
}

/* ---- pools ---- */

struct crowd {
	struct arena *arena;
	const char *names;
	uint32_t n;
};

static void add_process(struct crowd *crowd, const char *name)
{
	if (crowd->n++ < NAMES_MAX)
		crowd->names = arena_printf(crowd->arena, "%s%s%s",
					    crowd->names,
					    crowd->n > 1 ? ", " : "", name);
}

/* All that may have a place at a time: the start list's, and the two that are
   there without it. */
static void check_pool(struct objects *objects, uint32_t index)
{
	const struct image *image = objects->image;
	const struct psl_object *object = &objects->check->psl->objects[index];
	const bool *needed = &objects->needed[(size_t)index * image->n_classes];
	const struct expr *size = find_value(object->config, "pool_size");
	struct crowd crowd = { objects->check->arena, "", 0 };

	if (needed[IMAGE_CLASS_CORE])
		add_process(&crowd, "the kernel");
	if (needed[IMAGE_CLASS_EINIT])
		add_process(&crowd, "the starter");
	for (uint32_t i = 0; i < image->n_tasks; i++)
		if (needed[image->tasks[i].class_index])
			add_process(&crowd, image_string(image,
							 image->tasks[i].name));
	if (crowd.n <= object->pool_size)
		return;
	check_say(objects->check, CHECK_POOL, size ? size->pos : object->pos,
		  "the pool of %s has %u place%s, and %u processes of the start "
		  "list may each want one: %s%s", object->name,
		  object->pool_size, object->pool_size == 1 ? "" : "s",
		  crowd.n, crowd.names, crowd.n > NAMES_MAX ? ", ..." : "");
}

void check_models(struct check *check)
{
	const struct image *image = check->image;
	size_t n = image->n_objects;
	struct objects objects = {
		.check = check, .image = image,
		.entered = arena_alloc(check->arena, n * sizeof(uint64_t) + 1),
		.needed = arena_alloc(check->arena, n * image->n_classes + 1),
	};

	walk_pairs(image, visit, &objects);
	for (uint32_t i = 0; i < n; i++) {
		const struct psl_object *object = &check->psl->objects[i];

		if (object->model == MODEL_FLOW)
			check_flow(check, object, objects.entered[i]);
		if (image->n_tasks > 0 && object->model != MODEL_MIC)
			check_pool(&objects, i);
	}
}
