/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The Regex model: its object `re`, and patterns where a policy has them. */
#include "check.h"

#include <string.h>

#include "../../kernel/security/dfa.h"
#include "regex.h"

#define ERROR(scope, where, ...) \
	(diag_error((scope)->policy->diags, (where), __VA_ARGS__), NULL)

bool check_uses_regex(const struct scope *scope, struct pos where,
		      const char *who)
{
	struct policy *policy = scope->policy;

	if (ast_uses(policy->ast, "nk.regex"))
		return true;
	if (!policy->regex_asked)
		diag_error(policy->diags, where, "%s needs the declaration "
			   "'use nk.regex._'", who);
	policy->regex_asked = true;
	return false;
}

/*
 * Byte AT of a text of the source, which stands at TEXT with its quotes: a byte
 * may be written as an escape.
 */
static struct pos place_in_text(struct pos text, size_t at)
{
	const char *source = text.source->text + text.offset;
	uint32_t raw = 1;

	for (; at && raw + 1 < text.length; at--)
		raw += source[raw] != '\\' ? 1 : source[raw + 1] == 'x' ? 4 : 2;
	text.offset += raw;
	text.column += raw;
	text.length = 1;
	return text;
}

const struct regex *check_pattern(const struct scope *scope,
				  const struct expr *expr)
{
	const struct regex *regex;
	struct regex_error error;
	struct node *text;

	if (expr->kind != EXPR_TEXT)
		return ERROR(scope, expr->pos, "a pattern is a literal text: it "
			     "is compiled with the policy");
	text = check_expr(scope, expr);
	if (!text)
		return NULL;
	regex = regex_compile(scope->policy->arena, text->text,
			      strlen(text->text), &error);
	if (!regex)
		return ERROR(scope, place_in_text(expr->pos, error.at),
			     "in the pattern, column %zu: %s", error.at + 1,
			     error.what);
	return regex;
}

struct node *check_matches(const struct scope *scope, struct node *text,
			   const struct regex *regex)
{
	struct value_type boolean = { .kind = VALUE_BOOL };
	struct node *node;

	if (text->kind == NODE_TEXT)
		return node_bool(scope->policy->arena,
				 dfa_match(&regex->dfa, regex->next,
					   (const uint8_t *)text->text,
					   (uint32_t)strlen(text->text)));
	node = node_op(scope->policy->arena, boolean, (struct image_insn){
		.op = OP_MATCH }, &text, 1);
	node->regex = regex;
	return node;
}

struct node *check_matched_text(const struct scope *scope,
				const struct expr *expr, const char *who)
{
	struct node *text = check_value(scope, expr);

	if (text && text->type.kind != VALUE_TEXT &&
	    text->type.kind != VALUE_BYTES)
		return ERROR(scope, expr->pos, "%s wants a text or bytes, found "
			     "%s", who, value_type_name(text->type));
	return text;
}
