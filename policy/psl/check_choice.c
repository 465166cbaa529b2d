/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Choices: what they look at, and the patterns of their cases. */
#include "check.h"

#include <string.h>

#define ERROR(scope, where, ...) \
	(diag_error((scope)->policy->diags, (where), __VA_ARGS__), false)

static bool is_text(const struct node *node)
{
	return node->type.kind == VALUE_TEXT || node->type.kind == VALUE_BYTES;
}

static bool is_number(const struct node *node)
{
	return node->type.kind == VALUE_NUMBER || node->type.kind == VALUE_SID;
}

static bool equal(const struct node *a, const struct node *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == NODE_TEXT)
		return strcmp(a->text, b->text) == 0;
	if (a->kind == NODE_NUMBER)
		return memcmp(&a->number, &b->number, sizeof(a->number)) == 0;
	return a->truth == b->truth;
}

static bool check_pattern_of(const struct scope *scope, const struct ast_case *to,
			     const struct node *operand, struct emit_case *cases,
			     size_t i)
{
	const struct node *pattern = check_value(scope, to->pattern);

	if (!pattern)
		return false;
	if (!(is_number(operand) && is_number(pattern)) &&
	    !(is_text(operand) && is_text(pattern)) &&
	    operand->type.kind != pattern->type.kind)
		return ERROR(scope, to->pos, "the choice is of %s, and the "
			     "pattern is %s", value_type_name(operand->type),
			     value_type_name(pattern->type));
	if (!check_variant(scope, to->pattern, pattern, operand->type))
		return false;
	for (size_t k = 0; k < i; k++)
		if (cases[k].pattern && equal(cases[k].pattern, pattern))
			return ERROR(scope, to->pos, "this pattern is there "
				     "already: its case is never chosen");
	cases[i].pattern = pattern;
	return true;
}

/* ---- re.select ---- */

static bool is_select(const struct expr *operand)
{
	return operand->kind == EXPR_CALL && operand->object &&
	       !strcmp(operand->object, "re") &&
	       !strcmp(operand->text, "select");
}

/* The text that it looks at; NULL after an error. */
static const struct node *selected_text(const struct scope *scope,
					const struct expr *call)
{
	const struct expr *argument = call->kids[0];

	if (!check_uses_regex(scope, call->pos, "re.select"))
		return NULL;
	if (argument->kind == EXPR_DICTIONARY && argument->n_keys == 1 &&
	    !strcmp(argument->keys[0], "text"))
		return check_matched_text(scope, argument->kids[0],
					  "re.select");
	diag_error(scope->policy->diags, argument->pos, "re.select wants "
		   "{text: ..}");
	return NULL;
}

static bool check_regex_of(const struct scope *scope, const struct ast_case *to,
			   struct emit_case *cases, size_t i)
{
	cases[i].regex = check_pattern(scope, to->pattern);
	for (size_t k = 0; cases[i].regex && k < i; k++)
		if (cases[k].regex && !strcmp(cases[k].regex->pattern,
					      cases[i].regex->pattern))
			return ERROR(scope, to->pos, "this pattern is there "
				     "already: its case is never chosen");
	return cases[i].regex;
}

bool check_choice(const struct scope *scope, const struct ast_item *item,
		  struct psl_call *call)
{
	const struct ast_choice *choice = item->choice;
	struct arena *arena = scope->policy->arena;
	struct emit_case *cases = arena_alloc(arena, choice->n *
					      sizeof(*cases) + 1);
	bool select = is_select(choice->operand), all = false;
	const struct node *operand = select
		? selected_text(scope, choice->operand)
		: check_value(scope, choice->operand);
	bool fine = operand != NULL;

	if (scope->depth == CHOICE_DEPTH_MAX)
		return ERROR(scope, item->pos, "'choice' is nested deeper than "
			     "%u levels", CHOICE_DEPTH_MAX);
	for (size_t i = 0; operand && i < choice->n; i++) {
		if (all)
			fine = ERROR(scope, choice->cases[i].pos, "a case after "
				     "'_' is never chosen");
		all = all || !choice->cases[i].pattern;
		if (!choice->cases[i].pattern)
			continue;
		fine = (select ? check_regex_of(scope, &choice->cases[i],
						cases, i)
			: check_pattern_of(scope, &choice->cases[i], operand,
					   cases, i)) && fine;
	}
	call->pos = item->pos;
	call->object = "choice";
	call->method = "fits";
	return fine && emit_choice(arena, scope->policy->diags,
				   check_guard(scope), operand, cases,
				   choice->n, call);
}
