/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What a rule says, without the places of an image: its argument in words, and
 * the instructions with their types, since a number's type decides what
 * overflows, and the whole of each object that they are about. A rule that always
 * grants says nothing. Rules about objects, and those of a choice, are compared
 * in their order; of all others the order does not matter.
 */
#include <stdlib.h>
#include <string.h>

#include "../explain/explain.h"
#include "../image/dump.h"
#include "diff.h"

static enum method_part part_of(enum event_kind kind)
{
	return kind == EVENT_RESPONSE ? METHOD_RESPONSE :
	       kind == EVENT_ERROR ? METHOD_ERROR : METHOD_REQUEST;
}

static const char *argument_of(struct arena *arena, enum event_kind kind,
			       const struct diff_side *side,
			       const struct image_call *call)
{
	const char **what = arena_alloc(arena,
		image_rule(side->image, call)->n_insns * sizeof(*what) + 1);

	return explain_argument(arena, side->image, call, side->method,
				part_of(kind), what);
}

const char *diff_argument(struct arena *arena, enum event_kind kind,
			  const struct diff_side *side,
			  const struct image_call *call)
{
	const char *argument = argument_of(arena, kind, side, call);

	return argument ? argument : "...";
}

/* What .arg means: of a rule that is beyond words. */
static const char *operand(struct arena *arena, const struct image *image,
			   const struct image_insn *insn)
{
	const struct image_number *number;

	switch (insn->op) {
	case OP_TEXT:
		return image_string(image, insn->arg);
	case OP_MATCH:
		return image_string(image, image->dfas[insn->arg].pattern);
	case OP_NUMBER:
		number = &image->numbers[insn->arg];
		return arena_printf(arena, "%s%llu", number->negative ? "-" : "",
				    (unsigned long long)number->magnitude);
	default:
		return arena_printf(arena, "%u", insn->arg);
	}
}

static bool is_about_object(const struct image_insn *insn)
{
	return insn->op >= OP_INIT;
}

/* Whether what a rule answers may depend on the rules before it. */
static bool is_in_order(const struct image *image,
			const struct image_call *call)
{
	const struct image_rule *rule = image_rule(image, call);

	for (uint32_t i = 0; i < rule->n_insns; i++) {
		const struct image_insn *insn = &image->code[rule->code + i];

		if (is_about_object(insn) || insn->op == OP_CASE ||
		    insn->op == OP_CHOOSE)
			return true;
	}
	return false;
}

static char *signature(struct arena *arena, enum event_kind kind,
		       const struct diff_side *side,
		       const struct image_call *call)
{
	const struct image *image = side->image;
	const struct image_rule *rule = image_rule(image, call);
	const char *words = argument_of(arena, kind, side, call);
	char *text = NULL, *kept;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		abort();
	fprintf(to, "%s.%s (%s)", image_call_object(image, call),
		image_call_method(image, call), words ? words : "");
	for (uint32_t i = 0; i < rule->n_insns; i++) {
		const struct image_insn *insn = &image->code[rule->code + i];

		fprintf(to, " %u:%u:%u", insn->op, insn->type, insn->n);
		if (is_about_object(insn))
			dump_object(image, insn->arg, to);
		else if (!words || is_in_order(image, call))
			fprintf(to, ":%s", operand(arena, image, insn));
	}
	if (fclose(to))
		abort();
	kept = arena_strndup(arena, text, size);
	free(text);
	return kept;
}

static int compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* What the rules say; in order of the alphabet if theirs does not matter. */
static char **signatures(struct arena *arena, enum event_kind kind,
			 const struct diff_side *side, size_t *n)
{
	const struct image *image = side->image;
	const struct image_action *action =
		&image->actions[side->route & ROUTE_ACTION];
	char **all = arena_alloc(arena, action->n_calls * sizeof(*all) + 1);
	bool in_order = false;

	*n = 0;
	for (uint32_t i = 0; i < action->n_calls; i++)
		in_order = in_order || is_in_order(image, &image->calls[
			image->action_calls[action->calls + i]]);
	for (uint32_t i = 0; i < action->n_calls; i++) {
		const struct image_call *call = &image->calls[
			image->action_calls[action->calls + i]];

		/* Beside a choice it matters that some rule is called. */
		if (in_order || image_rule(image, call)->fixed != CALL_GRANTS)
			all[(*n)++] = signature(arena, kind, side, call);
	}
	if (!in_order)
		qsort(all, *n, sizeof(*all), compare);
	return all;
}

bool diff_same_rules(struct arena *arena, enum event_kind kind,
		     const struct diff_side *old, const struct diff_side *new)
{
	size_t n_old, n_new;
	char **before = signatures(arena, kind, old, &n_old);
	char **now = signatures(arena, kind, new, &n_new);

	if (n_old != n_new)
		return false;
	for (size_t i = 0; i < n_old; i++)
		if (strcmp(before[i], now[i]) != 0)
			return false;
	return true;
}
