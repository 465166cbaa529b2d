/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <string.h>

#include "../image/walk.h"
#include "test.h"

static bool is_jump(uint8_t op)
{
	return op == OP_AND || op == OP_OR || op == OP_UNLESS;
}

/* What a rule's program may do: which way at each jump, and its result. */
static void add_branches(struct coverage *coverage, uint32_t index)
{
	const struct image *image = coverage->image;
	const struct image_rule *is = image_rule(image, &image->calls[index]);
	struct coverage_rule *rule = &coverage->rules[index];

	if (is->fixed != CALL_EVAL)
		return;
	for (uint32_t i = 0; i < is->n_insns; i++)
		if (is_jump(image->code[is->code + i].op))
			*ARENA_PUSH(coverage->arena, rule->branches, rule->n,
				    rule->capacity) =
				(struct coverage_branch){ .insn = i };
	*ARENA_PUSH(coverage->arena, rule->branches, rule->n, rule->capacity) =
		(struct coverage_branch){ .insn = IMAGE_NONE };
}

/* ---- which method a rule is for ---- */

struct finder {
	struct coverage *coverage;
	bool *seen;			/* by action */
};

static const struct image_method *slot_method(const struct image *image,
					      uint32_t owner, uint32_t slot)
{
	const struct image_class *class = &image->classes[owner];
	const struct image_endpoint *endpoint =
		image_slot_endpoint(image, owner, slot);
	const struct image_interface *interface;

	if (endpoint)
		return image_method(image, endpoint, slot - endpoint->slot);
	if (class->security == IMAGE_NONE || slot < class->security_slot)
		return NULL;
	interface = &image->interfaces[class->security];
	slot -= class->security_slot;
	return slot < interface->n_methods
	       ? &image->methods[interface->methods + slot] : NULL;
}

static void find_methods(void *context, const struct walk_pair *pair)
{
	struct finder *finder = context;
	struct coverage *coverage = finder->coverage;
	const struct image *image = coverage->image;

	for (uint32_t slot = 0; slot < pair->n_slots; slot++) {
		uint32_t route = image->cells[pair->first + slot];
		uint32_t index = route & ROUTE_ACTION;
		const struct image_action *action = &image->actions[index];

		if (route == ROUTE_NONE || finder->seen[index])
			continue;
		finder->seen[index] = true;
		for (uint32_t i = 0; i < action->n_calls; i++) {
			struct coverage_rule *rule = &coverage->rules[
				image->action_calls[action->calls + i]];

			rule->method = pair->kind == EVENT_EXECUTE ? NULL :
				       slot_method(image, pair->owner, slot);
			rule->part = pair->kind == EVENT_RESPONSE
				     ? METHOD_RESPONSE
				     : pair->kind == EVENT_ERROR ? METHOD_ERROR
								 : METHOD_REQUEST;
		}
	}
}

struct coverage *coverage_new(struct arena *arena, const struct image *image)
{
	struct coverage *coverage = arena_alloc(arena, sizeof(*coverage));
	struct finder finder = {
		.coverage = coverage,
		.seen = arena_alloc(arena, image->n_actions + 1u),
	};

	coverage->arena = arena;
	coverage->image = image;
	coverage->rules = arena_alloc(arena, image->n_calls *
				      sizeof(*coverage->rules) + 1);
	coverage->bindings = arena_alloc(arena, image->n_bindings *
					 sizeof(*coverage->bindings) + 1);
	for (uint32_t i = 0; i < image->n_calls; i++)
		add_branches(coverage, i);
	walk_pairs(image, find_methods, &finder);
	return coverage;
}

/* ---- taking note ---- */

static struct coverage_branch *find_branch(struct coverage_rule *rule,
					   uint32_t insn)
{
	for (size_t i = 0; i < rule->n; i++)
		if (rule->branches[i].insn == insn)
			return &rule->branches[i];
	return NULL;
}

/* OR jumps when what it looks at is true, AND and UNLESS when it is false. */
static void look(void *data, const struct eval_step *step)
{
	struct coverage *coverage = data;
	const struct image *image = coverage->image;
	struct coverage_branch *branch;

	if (!is_jump(step->insn->op))
		return;
	branch = find_branch(&coverage->rules[step->call - image->calls],
			     eval_step_index(image, step));
	if (step->jumped == (step->insn->op == OP_OR))
		branch->yes++;
	else
		branch->no++;
}

static void note_call(struct coverage *coverage, uint32_t call, bool granted)
{
	struct coverage_rule *rule = &coverage->rules[call];
	struct coverage_branch *result = find_branch(rule, IMAGE_NONE);

	rule->called++;
	coverage->bindings[coverage->image->calls[call].binding]++;
	if (result && granted)
		result->yes++;
	else if (result)
		result->no++;
}

enum verdict coverage_note(struct coverage *coverage,
			   struct security_state *state,
			   const struct event *event)
{
	const struct eval_watch watch = { look, coverage };
	const struct image *image = coverage->image;
	const struct image_action *action;
	struct trace trace = { 0 };
	enum verdict verdict = decide_watched(image, state, event, &trace,
					      &watch);

	action = &image->actions[trace.action];
	for (uint32_t i = 0; i < trace.n_calls; i++)
		if (trace_result(&trace, i) != TRACE_SKIPPED)
			note_call(coverage, image->action_calls[action->calls + i],
				  trace_result(&trace, i) == TRACE_GRANTED);
	return verdict;
}

/* ---- the sum ---- */

uint32_t coverage_count(const struct coverage *coverage,
			struct coverage_sum *all, struct coverage_sum *reached)
{
	uint64_t total, part;

	*all = (struct coverage_sum){ .bindings = coverage->image->n_bindings,
				      .rules = coverage->image->n_calls };
	*reached = (struct coverage_sum){ 0 };
	for (uint32_t i = 0; i < all->bindings; i++)
		reached->bindings += coverage->bindings[i] > 0;
	for (uint32_t i = 0; i < all->rules; i++) {
		const struct coverage_rule *rule = &coverage->rules[i];

		reached->rules += rule->called > 0;
		all->branches += 2 * (uint32_t)rule->n;
		for (size_t j = 0; j < rule->n; j++)
			reached->branches += (rule->branches[j].yes > 0) +
					     (rule->branches[j].no > 0);
	}
	total = (uint64_t)all->bindings + all->rules + all->branches;
	part = (uint64_t)reached->bindings + reached->rules + reached->branches;
	return total ? (uint32_t)(part * 10000 / total) : 10000;
}
