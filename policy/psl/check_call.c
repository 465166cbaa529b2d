/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The objects that are always there: base, pred, bool, math, struct, re. */
#include "check.h"

#include <string.h>

#define ERROR(scope, where, ...) \
	(diag_error((scope)->policy->diags, (where), __VA_ARGS__), NULL)

static const struct value_type boolean = { .kind = VALUE_BOOL };

static struct arena *arena_of(const struct scope *scope)
{
	return scope->policy->arena;
}

/* "bool.cond" */
static const char *full_name(const struct scope *scope, const struct expr *call)
{
	return call->object ? arena_printf(arena_of(scope), "%s.%s",
					   call->object, call->text)
			    : call->text;
}

/* ---- arguments ---- */

static const struct expr *list_of(const struct scope *scope,
				  const struct expr *call)
{
	const struct expr *list = call->kids[0];

	if (list->kind == EXPR_LIST && list->n_kids <= UINT16_MAX)
		return list;
	return ERROR(scope, list->pos, "%s wants a list in [ ]",
		     full_name(scope, call));
}

/*
 * The values of the N keys of a call with a dictionary, in their order. False
 * after an error for each key that is missing or unknown.
 */
static bool take_keys(const struct scope *scope, const struct expr *call,
		      const char *const *keys, const struct expr **values,
		      size_t n)
{
	const struct expr *dictionary = call->kids[0];
	bool fine = true;

	memset(values, 0, n * sizeof(*values));
	if (dictionary->kind != EXPR_DICTIONARY)
		return ERROR(scope, dictionary->pos, "%s wants a dictionary in "
			     "{ }", full_name(scope, call));
	for (size_t i = 0; i < dictionary->n_keys; i++) {
		size_t which = 0;

		while (which < n && strcmp(keys[which], dictionary->keys[i]))
			which++;
		if (which < n) {
			values[which] = dictionary->kids[i];
			continue;
		}
		fine = ERROR(scope, dictionary->key_pos[i], "%s takes no key "
			     "'%s'%s", full_name(scope, call),
			     dictionary->keys[i],
			     scope_near(arena_of(scope), dictionary->keys[i],
					keys, n));
	}
	for (size_t i = 0; i < n; i++)
		if (!values[i])
			fine = ERROR(scope, call->mark, "%s lacks the key '%s'",
				     full_name(scope, call), keys[i]);
	return fine;
}

/* ---- pred ---- */

static struct node *is_zero(const struct scope *scope, struct node *number)
{
	struct node *kids[] = {
		number, node_number(arena_of(scope), SCALAR_NONE, 0, false),
	};

	return node_op(arena_of(scope), boolean, (struct image_insn){
		.op = OP_EQ, .type = 'N' }, kids, 2);
}

static struct node *pred_empty(const struct scope *scope,
			       const struct expr *call, int variant)
{
	const struct expr *what = call->kids[0];
	struct value_type number = { .kind = VALUE_NUMBER,
				     .scalar = SCALAR_UINT32 };
	struct node *node;

	(void)variant;
	if (what->kind == EXPR_LIST)
		return node_bool(arena_of(scope), !what->n_kids);
	node = check_expr(scope, what);
	if (!node)
		return NULL;
	if (node->type.kind == VALUE_PLACE &&
	    node->type.place->kind == LAYOUT_ARRAY)
		return node->kind == NODE_FAULT
		       ? node_fault(arena_of(scope), boolean)
		       : node_bool(arena_of(scope), !node->type.place->count);
	if (node->type.kind == VALUE_PLACE &&
	    node->type.place->kind == LAYOUT_SEQUENCE)
		return is_zero(scope, node_op(arena_of(scope), number,
			(struct image_insn){ .op = OP_COUNT,
				.arg = node->type.place->element->size },
			&node, 1));
	if (node->type.kind == VALUE_PLACE)
		node = check_value(scope, what);
	if (!node)
		return NULL;
	if (node->type.kind != VALUE_TEXT && node->type.kind != VALUE_BYTES)
		return ERROR(scope, what->pos, "pred.empty wants a text, bytes "
			     "or a list, found %s", value_type_name(node->type));
	return is_zero(scope, node_op(arena_of(scope), number,
		(struct image_insn){ .op = OP_SIZE }, &node, 1));
}

/* ---- bool ---- */

static struct node *bool_list(const struct scope *scope,
			      const struct expr *call, int op)
{
	const struct expr *list = list_of(scope, call);
	struct node **kids;
	bool fine = true;

	if (!list)
		return NULL;
	kids = arena_alloc(arena_of(scope), list->n_kids * sizeof(*kids) + 1);
	for (size_t i = 0; i < list->n_kids; i++) {
		kids[i] = check_boolean(scope, list->kids[i],
					full_name(scope, call));
		fine = fine && kids[i];
	}
	return fine ? node_op(arena_of(scope), boolean, (struct image_insn){
		.op = (uint8_t)op }, kids, (uint32_t)list->n_kids) : NULL;
}

static struct node *bool_cond(const struct scope *scope,
			      const struct expr *call, int variant)
{
	static const char *const keys[] = { "if", "then", "else" };
	const struct expr *values[3];
	struct value_type type;
	struct node *kids[3];

	(void)variant;
	if (!take_keys(scope, call, keys, values, 3))
		return NULL;
	kids[0] = check_boolean(scope, values[0], "'if' of bool.cond");
	kids[1] = check_value(scope, values[1]);
	kids[2] = check_value(scope, values[2]);
	if (!kids[0] || !kids[1] || !kids[2])
		return NULL;
	if (kids[1]->type.kind != kids[2]->type.kind)
		return ERROR(scope, values[2]->pos, "'then' and 'else' want one "
			     "type, found %s and %s",
			     value_type_name(kids[1]->type),
			     value_type_name(kids[2]->type));
	type = kids[1]->type;
	if (type.kind == VALUE_NUMBER &&
	    !check_one_type(scope, values + 1, kids + 1, 2,
			    "bool.cond", &type.scalar))
		return NULL;
	return node_lazy(arena_of(scope), NODE_COND, type, kids, 3);
}

/* ---- math ---- */

static struct node *number_of(const struct scope *scope,
			      const struct expr *call)
{
	struct node *node = check_value(scope, call->kids[0]);

	if (node && node->type.kind != VALUE_NUMBER)
		return ERROR(scope, call->kids[0]->pos, "%s wants a number, "
			     "found %s", full_name(scope, call),
			     value_type_name(node->type));
	return node;
}

static struct node *math_sign(const struct scope *scope,
			      const struct expr *call, int op)
{
	struct node *kid = number_of(scope, call);

	if (kid && !scalar_is_signed(kid->type.scalar))
		return ERROR(scope, call->kids[0]->pos, "%s wants a signed "
			     "number, found %s", full_name(scope, call),
			     value_type_name(kid->type));
	return kid ? check_ranged(scope, kid->type.scalar, (enum image_op)op,
				  &kid, 1) : NULL;
}

static struct node *math_list(const struct scope *scope,
			      const struct expr *call, int op)
{
	const struct expr *list = list_of(scope, call);
	enum layout_scalar scalar;
	struct node **kids;
	bool fine = true;

	if (!list)
		return NULL;
	kids = arena_alloc(arena_of(scope), list->n_kids * sizeof(*kids) + 1);
	for (size_t i = 0; i < list->n_kids; i++) {
		kids[i] = check_value(scope, list->kids[i]);
		fine = fine && kids[i];
	}
	if (!fine || !check_one_type(scope,
				     (const struct expr *const *)list->kids,
				     kids, (uint32_t)list->n_kids,
				     full_name(scope, call), &scalar))
		return NULL;
	return check_ranged(scope, scalar, (enum image_op)op, kids,
			    (uint32_t)list->n_kids);
}

static struct node *math_convert(const struct scope *scope,
				 const struct expr *call, int scalar)
{
	struct node *kid = number_of(scope, call);
	struct value_type type = { .kind = VALUE_NUMBER,
				   .scalar = (enum layout_scalar)scalar };

	return kid ? node_op(arena_of(scope), type, (struct image_insn){
		.op = OP_RANGE, .type = (uint8_t)scalar }, &kid, 1) : NULL;
}

/* ---- struct ---- */

static struct node *struct_fetch(const struct scope *scope,
				 const struct expr *call, int variant)
{
	static const char *const keys[] = { "source", "field" };
	const struct expr *values[2];
	struct node *base;

	(void)variant;
	if (!take_keys(scope, call, keys, values, 2))
		return NULL;
	if ((values[1]->kind != EXPR_NAME && values[1]->kind != EXPR_TEXT) ||
	    values[1]->object)
		return ERROR(scope, values[1]->pos, "struct.fetch wants a "
			     "field's name");
	base = check_expr(scope, values[0]);
	return base ? check_field(scope, values[1], base, values[1]->text)
		    : NULL;
}

static struct node *struct_pick(const struct scope *scope,
				const struct expr *call, int variant)
{
	static const char *const keys[] = { "source", "index" };
	const struct expr *values[2];
	struct node *base;

	(void)variant;
	if (!take_keys(scope, call, keys, values, 2))
		return NULL;
	base = check_expr(scope, values[0]);
	return base ? check_element(scope, call, base, values[1]) : NULL;
}

/* ---- re ---- */

static struct node *re_match(const struct scope *scope,
			     const struct expr *call, int variant)
{
	static const char *const keys[] = { "text", "pattern" };
	const struct expr *values[2];
	const struct regex *regex;
	struct node *text;

	(void)variant;
	if (!take_keys(scope, call, keys, values, 2))
		return NULL;
	text = check_matched_text(scope, values[0], "re.match");
	regex = check_pattern(scope, values[1]);
	return text && regex ? check_matches(scope, text, regex) : NULL;
}

static struct node *re_select(const struct scope *scope,
			      const struct expr *call, int variant)
{
	(void)variant;
	return ERROR(scope, call->pos, "re.select stands behind 'choice' only; "
		     "re.match asks for one pattern");
}

static const struct {
	const char *name;
	struct node *(*check)(const struct scope *, const struct expr *, int);
	int variant;
} functions[] = {
	{ "pred.empty", pred_empty, 0 },
	{ "bool.all", bool_list, OP_ALL },
	{ "bool.any", bool_list, OP_ANY },
	{ "bool.cond", bool_cond, 0 },
	{ "math.neg", math_sign, OP_NEG },
	{ "math.abs", math_sign, OP_ABS },
	{ "math.sum", math_list, OP_SUM },
	{ "math.product", math_list, OP_PRODUCT },
	{ "math.uint8", math_convert, SCALAR_UINT8 },
	{ "math.uint16", math_convert, SCALAR_UINT16 },
	{ "math.uint32", math_convert, SCALAR_UINT32 },
	{ "math.uint64", math_convert, SCALAR_UINT64 },
	{ "math.sint8", math_convert, SCALAR_SINT8 },
	{ "math.sint16", math_convert, SCALAR_SINT16 },
	{ "math.sint32", math_convert, SCALAR_SINT32 },
	{ "math.sint64", math_convert, SCALAR_SINT64 },
	{ "struct.fetch", struct_fetch, 0 },
	{ "struct.pick", struct_pick, 0 },
	{ "re.match", re_match, 0 },
	{ "re.select", re_select, 0 },
};

#define N_FUNCTIONS (sizeof(functions) / sizeof(*functions))

struct node *check_call(const struct scope *scope, const struct expr *call)
{
	const char *name = full_name(scope, call);
	const char *names[N_FUNCTIONS];
	const struct psl_object *object;

	object = check_find_object(scope->policy, call->object);
	if (object)
		return check_object_call(scope, object, call->text, call->pos,
					 call->kids[0], false);
	for (size_t i = 0; i < N_FUNCTIONS; i++) {
		names[i] = functions[i].name;
		if (strcmp(names[i], name) != 0)
			continue;
		if (!strncmp(name, "re.", 3)
		    ? !check_uses_regex(scope, call->pos, name)
		    : !check_basic(scope, call->pos, name))
			return NULL;
		return functions[i].check(scope, call, functions[i].variant);
	}
	return ERROR(scope, call->pos, "unknown expression '%s'%s", name,
		     scope_near(arena_of(scope), name, names, N_FUNCTIONS));
}

/* ---- rules ---- */

static bool check_used(const struct scope *scope, const struct ast_item *item,
		       bool base)
{
	struct policy *policy = scope->policy;

	if (!base)
		return check_basic(scope, item->pos, "'bool.assert'");
	if (ast_uses(policy->ast, "nk.base"))
		return true;
	if (!policy->base_asked)
		diag_error(policy->diags, item->pos, "'%s' needs the "
			   "declaration 'use nk.base._'", item->method);
	policy->base_asked = true;
	return false;
}

static bool unknown_object(const struct scope *scope,
			   const struct ast_item *item)
{
	const struct policy *policy = scope->policy;
	const char **names = arena_alloc(policy->arena, policy->n_objects *
					 sizeof(*names) + 1);

	for (size_t i = 0; i < policy->n_objects; i++)
		names[i] = policy->objects[i].name;
	return ERROR(scope, item->pos, "unknown policy object '%s'%s",
		     item->object, scope_near(policy->arena, item->object,
					      names, policy->n_objects));
}

static bool unknown_rule(const struct scope *scope, const struct ast_item *item)
{
	static const char *const rules[] = {
		"grant", "assert", "deny", "base.grant", "base.assert",
		"base.deny", "bool.assert",
	};
	const char *name = item->object
			   ? arena_printf(arena_of(scope), "%s.%s",
					  item->object, item->method)
			   : item->method;

	if (item->object && strcmp(item->object, "base") != 0 &&
	    strcmp(item->object, "bool") != 0)
		return unknown_object(scope, item);
	return ERROR(scope, item->pos, "unknown rule '%s'%s", name,
		     scope_near(arena_of(scope), name, rules,
				sizeof(rules) / sizeof(*rules)));
}

struct emit_guard check_guard(const struct scope *scope)
{
	return (struct emit_guard){ .depth = scope->depth,
				    .number = scope->case_number };
}

static bool object_rule(const struct scope *scope,
			const struct psl_object *object,
			const struct ast_item *item, struct psl_call *call)
{
	struct node *condition = check_object_call(scope, object, item->method,
						   item->pos, item->argument,
						   true);

	call->pos = item->pos;
	call->object = item->object;
	call->method = item->method;
	return condition && emit_call(arena_of(scope), scope->policy->diags,
				      check_guard(scope), OP_ASSERT, condition,
				      call);
}

bool check_rule(const struct scope *scope, const struct ast_item *item,
		struct psl_call *call)
{
	const struct expr *argument = item->argument;
	bool unit = argument->kind == EXPR_UNIT;
	bool base = !item->object || !strcmp(item->object, "base");
	bool is_grant = !strcmp(item->method, "grant");
	bool is_assert = !strcmp(item->method, "assert");
	const struct psl_object *object = check_find_object(scope->policy,
							    item->object);
	struct node *condition = NULL;
	enum image_op end;

	if (object)
		return object_rule(scope, object, item, call);
	if (!base && (strcmp(item->object, "bool") || !is_assert))
		return unknown_rule(scope, item);
	if (!is_grant && !is_assert && strcmp(item->method, "deny") != 0)
		return unknown_rule(scope, item);
	if (!check_used(scope, item, base))
		return false;
	call->pos = item->pos;
	call->object = base ? "base" : "bool";
	call->method = item->method;
	if (is_grant && !unit)
		return ERROR(scope, argument->pos, "'grant' takes no argument");
	if (!unit) {
		condition = check_boolean(scope, argument, is_assert ?
					  "'assert'" : "'deny'");
		if (!condition)
			return false;
	} else if (is_assert) {
		return ERROR(scope, argument->pos, "'assert' wants a Boolean, "
			     "found ()");
	}
	end = is_grant ? OP_GRANT : is_assert ? OP_ASSERT
	      : condition ? OP_REFUSE : OP_DENY;
	return emit_call(arena_of(scope), scope->policy->diags,
			 check_guard(scope), end, condition, call);
}
