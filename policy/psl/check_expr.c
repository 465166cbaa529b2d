/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "check.h"

#include <string.h>

#include "../../kernel/security/utf8.h"

static const struct value_type boolean = { .kind = VALUE_BOOL };

#define ERROR(scope, where, ...) \
	(diag_error((scope)->policy->diags, (where), __VA_ARGS__), NULL)

static struct arena *arena_of(const struct scope *scope)
{
	return scope->policy->arena;
}

bool check_basic(const struct scope *scope, struct pos where, const char *who)
{
	struct policy *policy = scope->policy;

	if (ast_uses(policy->ast, "nk.basic"))
		return true;
	if (!policy->basic_asked)
		diag_error(policy->diags, where, "%s needs the declaration "
			   "'use nk.basic._'", who);
	policy->basic_asked = true;
	return false;
}

/* ---- places in the message ---- */

static struct node *message(const struct scope *scope, const struct expr *expr)
{
	static const char *const what[] = { "in", "out", "error" };
	struct node *node;
	struct value_type type = { .kind = VALUE_PLACE };
	int part = scope->kind == EVENT_RESPONSE ? METHOD_RESPONSE
		   : scope->kind == EVENT_ERROR ? METHOD_ERROR : METHOD_REQUEST;

	if (scope->kind == EVENT_EXECUTE)
		return ERROR(scope, expr->pos,
			     "an execute event has no message");
	if (!scope->method)
		return ERROR(scope, expr->pos, "'message' needs selectors that "
			     "leave one method of one interface");
	type.place = scope->method->part[part];
	if (!type.place)
		return ERROR(scope, expr->pos, "method '%s' has no %s "
			     "parameters", scope->method->name, what[part]);
	node = node_op(arena_of(scope), type,
		       (struct image_insn){ .op = OP_PLACE }, NULL, 0);
	return node;
}

/* Scalars and handles are read at once; the rest stays a place. */
static struct node *read_scalar(const struct scope *scope, struct node *place)
{
	const struct xdl_type *type = place->type.place;
	struct value_type value = { .kind = VALUE_NUMBER };
	struct image_insn insn = { .op = OP_LOAD };

	if (type->kind == LAYOUT_HANDLE) {
		value.kind = VALUE_SID;
		value.scalar = SCALAR_UINT32;
		insn.op = OP_LOAD_HANDLE;
	} else if (type->kind == LAYOUT_SCALAR) {
		value.scalar = type->scalar;
		insn.type = (uint8_t)type->scalar;
	} else {
		return place;
	}
	return node_op(arena_of(scope), value, insn, &place, 1);
}

/* The place OFFSET bytes after BASE. */
static struct node *further(const struct scope *scope, struct node *base,
			    uint64_t offset, const struct xdl_type *type)
{
	struct value_type place = { .kind = VALUE_PLACE, .place = type };
	struct node *node;

	if (base->kind == NODE_FAULT)
		return node_fault(arena_of(scope), place);
	if (base->insn.op != OP_PLACE && base->insn.op != OP_FIELD)
		return node_op(arena_of(scope), place, (struct image_insn){
			.op = OP_FIELD, .arg = (uint32_t)offset }, &base, 1);
	node = arena_alloc(arena_of(scope), sizeof(*node));
	*node = *base;
	node->type = place;
	node->insn.arg += (uint32_t)offset;
	return node;
}

struct node *check_field(const struct scope *scope, const struct expr *at,
			 struct node *base, const char *name)
{
	const struct xdl_type *type = base->type.place;
	const char **names;

	if (!check_basic(scope, at->pos, "access to a field"))
		return NULL;
	if (base->type.kind != VALUE_PLACE ||
	    (type->kind != LAYOUT_STRUCT && type->kind != LAYOUT_UNION))
		return ERROR(scope, at->mark, "%s has no fields, found '.%s'",
			     value_type_name(base->type), name);
	if (type->kind == LAYOUT_UNION)
		return ERROR(scope, at->mark, "members of a union (%s) cannot "
			     "be read in a policy", value_type_name(base->type));
	names = arena_alloc(arena_of(scope), type->count * sizeof(*names) + 1);
	for (uint32_t i = 0; i < type->count; i++) {
		const struct xdl_field *field = &type->fields[i];

		names[i] = field->name;
		if (!strcmp(field->name, name))
			return read_scalar(scope, further(scope, base,
							  field->offset,
							  field->type));
	}
	if (base->kind == NODE_OP && base->insn.op == OP_PLACE &&
	    at->kind == EXPR_FIELD && at->kids[0]->kind == EXPR_NAME)
		return ERROR(scope, at->mark, "the %s of method '%s' has no "
			     "parameter '%s'%s",
			     scope->kind == EVENT_ERROR ? "error response" :
			     scope->kind == EVENT_RESPONSE ? "response" :
			     "request", scope->method->name, name,
			     scope_near(arena_of(scope), name, names,
					type->count));
	return ERROR(scope, at->mark, "%s has no field '%s'%s",
		     value_type_name(base->type), name,
		     scope_near(arena_of(scope), name, names, type->count));
}

/* Element of an array, at a constant place if the index is one. */
static struct node *array_element(const struct scope *scope,
				  const struct expr *at, struct node *base,
				  struct node *index)
{
	const struct xdl_type *type = base->type.place;
	struct value_type place = { .kind = VALUE_PLACE,
				    .place = type->element };
	struct node *kids[] = { base, index };

	if (index->kind == NODE_NUMBER) {
		if (index->number.negative ||
		    index->number.magnitude >= type->count) {
			diag_warning(scope->policy->diags, at->mark, "%s has no "
				     "element %s: this cannot be computed, and "
				     "denies", value_type_name(base->type),
				     number_text(arena_of(scope),
						 index->number));
			return node_fault(arena_of(scope), place);
		}
		return further(scope, base, index->number.magnitude *
			       type->element->size, type->element);
	}
	if (type->count > UINT16_MAX)
		return ERROR(scope, at->mark, "an array of more than %u "
			     "elements cannot be read by a computed index",
			     UINT16_MAX);
	return node_op(arena_of(scope), place, (struct image_insn){
		.op = OP_INDEX, .n = (uint16_t)type->count,
		.arg = type->element->size }, kids, 2);
}

struct node *check_element(const struct scope *scope, const struct expr *at,
			   struct node *base, const struct expr *index_expr)
{
	static const struct xdl_type byte = {
		.kind = LAYOUT_SCALAR, .scalar = SCALAR_UINT8, .name = "UInt8",
		.size = 1, .align = 1,
	};
	const struct xdl_type *type = base->type.place, *element;
	struct node *index, *kids[2];

	if (!check_basic(scope, at->pos, "access to an element"))
		return NULL;
	if (base->type.kind != VALUE_PLACE ||
	    (type->kind != LAYOUT_ARRAY && type->kind != LAYOUT_SEQUENCE &&
	     type->kind != LAYOUT_BYTES))
		return ERROR(scope, at->mark, "%s has no elements",
			     value_type_name(base->type));
	index = check_value(scope, index_expr);
	if (!index)
		return NULL;
	if (index->type.kind != VALUE_NUMBER)
		return ERROR(scope, index_expr->pos, "an index is a number, "
			     "found %s", value_type_name(index->type));
	if (type->kind == LAYOUT_ARRAY) {
		base = array_element(scope, at, base, index);
		return base ? read_scalar(scope, base) : NULL;
	}
	element = type->kind == LAYOUT_BYTES ? &byte : type->element;
	kids[0] = base;
	kids[1] = index;
	return read_scalar(scope, node_op(arena_of(scope),
		(struct value_type){ .kind = VALUE_PLACE, .place = element },
		(struct image_insn){ .op = OP_ELEMENT, .arg = element->size },
		kids, 2));
}

/* ---- values ---- */

struct node *check_value(const struct scope *scope, const struct expr *expr)
{
	struct node *node = check_expr(scope, expr);
	struct value_type type = { .kind = VALUE_TEXT };
	struct image_insn insn = { .op = OP_LOAD_STRING };

	if (!node)
		return NULL;
	if (node->type.kind == VALUE_UNIT)
		return ERROR(scope, expr->pos, "expected a value, found ()");
	if (node->type.kind != VALUE_PLACE)
		return node;
	if (node->type.place->kind == LAYOUT_BYTES) {
		type.kind = VALUE_BYTES;
		insn.op = OP_LOAD_BYTES;
	} else if (node->type.place->kind != LAYOUT_STRING) {
		return ERROR(scope, expr->pos, "%s is no value: only its %s "
			     "can be read", value_type_name(node->type),
			     node->type.place->kind == LAYOUT_STRUCT ? "fields"
			     : "elements");
	}
	return node_op(arena_of(scope), type, insn, &node, 1);
}

struct node *check_boolean(const struct scope *scope, const struct expr *expr,
			   const char *who)
{
	struct node *node = check_value(scope, expr);

	if (node && node->type.kind != VALUE_BOOL)
		return ERROR(scope, expr->pos, "%s wants a Boolean, found %s",
			     who, value_type_name(node->type));
	return node;
}

static struct node *in_range(const struct scope *scope, struct node *node,
			     enum layout_scalar scalar)
{
	struct value_type type = { .kind = VALUE_NUMBER, .scalar = scalar };

	return node_op(arena_of(scope), type, (struct image_insn){
		.op = OP_RANGE, .type = (uint8_t)scalar }, &node, 1);
}

struct node *check_ranged(const struct scope *scope, enum layout_scalar scalar,
			  enum image_op op, struct node *const *kids,
			  uint32_t n)
{
	struct value_type type = { .kind = VALUE_NUMBER, .scalar = scalar };
	struct node *node = node_op(arena_of(scope), type, (struct image_insn){
		.op = (uint8_t)op }, kids, n);

	return scalar == SCALAR_NONE ? node : in_range(scope, node, scalar);
}

/* A literal takes the type of what stands on the other side. */
static struct node *adopt(const struct scope *scope, const struct expr *expr,
			  struct node *node, enum layout_scalar scalar)
{
	if (node->type.scalar != SCALAR_NONE || scalar == SCALAR_NONE)
		return node;
	if (node->kind == NODE_NUMBER && !number_fits(node->number, scalar))
		return ERROR(scope, expr->pos, "%s does not fit %s",
			     number_text(arena_of(scope), node->number),
			     scalar_name(scalar));
	return in_range(scope, node, scalar);
}

bool check_one_type(const struct scope *scope, const struct expr *const *exprs,
		    struct node **kids, uint32_t n, const char *who,
		    enum layout_scalar *scalar)
{
	*scalar = SCALAR_NONE;
	for (uint32_t i = 0; i < n; i++) {
		if (kids[i]->type.kind != VALUE_NUMBER)
			return ERROR(scope, exprs[i]->pos, "%s wants numbers, "
				     "found %s", who,
				     value_type_name(kids[i]->type));
		if (kids[i]->type.scalar == SCALAR_NONE)
			continue;
		if (*scalar != SCALAR_NONE && *scalar != kids[i]->type.scalar)
			return ERROR(scope, exprs[i]->pos, "%s wants one type, "
				     "found %s and %s: convert one with "
				     "math.uint64 or the like", who,
				     scalar_name(*scalar),
				     scalar_name(kids[i]->type.scalar));
		*scalar = kids[i]->type.scalar;
	}
	for (uint32_t i = 0; i < n; i++) {
		kids[i] = adopt(scope, exprs[i], kids[i], *scalar);
		if (!kids[i])
			return false;
	}
	return true;
}

/* ---- operators ---- */

static struct node *arithmetic(const struct scope *scope,
			       const struct expr *expr, enum image_op op,
			       struct node **kids)
{
	const char *who = arena_printf(arena_of(scope), "'%s'", expr->text);
	enum layout_scalar scalar;
	struct value_type type = { .kind = VALUE_NUMBER };

	if (!check_one_type(scope, (const struct expr *const *)expr->kids, kids,
			    2, who, &scalar))
		return NULL;
	if (op != OP_BIT_AND && op != OP_BIT_OR)
		return check_ranged(scope, scalar, op, kids, 2);
	for (int i = 0; i < 2; i++)
		if (scalar == SCALAR_NONE
		    ? kids[i]->kind == NODE_NUMBER && kids[i]->number.negative
		    : scalar_is_signed(scalar))
			return ERROR(scope, expr->kids[i]->pos, "%s wants "
				     "unsigned numbers, found %s", who,
				     scalar == SCALAR_NONE ?
				     number_text(arena_of(scope),
						 kids[i]->number) :
				     scalar_name(scalar));
	type.scalar = scalar;
	return node_op(arena_of(scope), type, (struct image_insn){
		.op = (uint8_t)op }, kids, 2);
}

static bool is_text(const struct node *node)
{
	return node->type.kind == VALUE_TEXT || node->type.kind == VALUE_BYTES;
}

static bool is_number(const struct node *node)
{
	return node->type.kind == VALUE_NUMBER || node->type.kind == VALUE_SID;
}

bool check_variant(const struct scope *scope, const struct expr *expr,
		   const struct node *node, struct value_type type)
{
	const struct variant *variant = type.variant;

	if (!variant || node->kind != NODE_TEXT)
		return true;
	for (size_t i = 0; i < variant->n; i++)
		if (!strcmp(variant->texts[i], node->text))
			return true;
	return ERROR(scope, expr->pos, "\"%s\" is none of what this can be%s",
		     node->text, scope_near(arena_of(scope), node->text,
					    variant->texts, variant->n));
}

static struct node *compare(const struct scope *scope, const struct expr *expr,
			    enum image_op op, struct node **kids)
{
	struct image_insn insn = { .op = (uint8_t)op };
	bool equality = op == OP_EQ || op == OP_NE;
	const struct node *a = kids[0], *b = kids[1];

	if (is_number(a) && is_number(b))
		insn.type = 'N';
	else if (is_text(a) && is_text(b) &&
		 (a->type.kind == b->type.kind || a->kind == NODE_TEXT ||
		  b->kind == NODE_TEXT))
		insn.type = 'T';
	else if (a->type.kind == b->type.kind)
		insn.type = 'B';
	else
		return ERROR(scope, expr->mark, "'%s' cannot compare %s with "
			     "%s", expr->text, value_type_name(a->type),
			     value_type_name(b->type));
	if (!equality && (insn.type != 'N' || a->type.kind == VALUE_SID ||
			  b->type.kind == VALUE_SID))
		return ERROR(scope, expr->mark, "'%s' wants numbers, found %s",
			     expr->text, value_type_name(
				a->type.kind == VALUE_NUMBER ? b->type
							     : a->type));
	if (!check_variant(scope, expr->kids[1], b, a->type) ||
	    !check_variant(scope, expr->kids[0], a, b->type))
		return NULL;
	return node_op(arena_of(scope), boolean, insn, kids, 2);
}

static struct node *logic(const struct scope *scope, const struct expr *expr)
{
	const char *who = arena_printf(arena_of(scope), "'%s'", expr->text);
	struct node *kids[2];

	/* both, for the errors of both */
	kids[0] = check_boolean(scope, expr->kids[0], who);
	kids[1] = check_boolean(scope, expr->kids[1], who);
	if (!kids[0] || !kids[1])
		return NULL;
	if (!strcmp(expr->text, "==>"))
		kids[0] = node_op(arena_of(scope), boolean,
				  (struct image_insn){ .op = OP_NOT }, kids, 1);
	return node_lazy(arena_of(scope), strcmp(expr->text, "&&") ? NODE_OR
			 : NODE_AND, boolean, kids, 2);
}

static struct node *binary(const struct scope *scope, const struct expr *expr)
{
	static const struct {
		const char *text;
		enum image_op op;
	} operators[] = {
		{ "==", OP_EQ }, { "!=", OP_NE }, { "<", OP_LT },
		{ "<=", OP_LE }, { ">", OP_GT }, { ">=", OP_GE },
		{ "+", OP_ADD }, { "-", OP_SUB }, { "*", OP_MUL },
		{ "&", OP_BIT_AND }, { "|", OP_BIT_OR },
	};
	struct node *kids[2];

	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		if (strcmp(operators[i].text, expr->text) != 0)
			continue;
		kids[0] = check_value(scope, expr->kids[0]);
		kids[1] = check_value(scope, expr->kids[1]);
		if (!kids[0] || !kids[1])
			return NULL;
		return operators[i].op <= OP_GE
		       ? compare(scope, expr, operators[i].op, kids)
		       : arithmetic(scope, expr, operators[i].op, kids);
	}
	return logic(scope, expr);
}

static struct node *unary(const struct scope *scope, const struct expr *expr)
{
	struct node *kid;
	enum layout_scalar scalar;
	struct value_type type;

	if (*expr->text == '!') {
		kid = check_boolean(scope, expr->kids[0], "'!'");
		return kid ? node_op(arena_of(scope), boolean,
				     (struct image_insn){ .op = OP_NOT }, &kid,
				     1) : NULL;
	}
	kid = check_value(scope, expr->kids[0]);
	if (!kid)
		return NULL;
	scalar = kid->type.scalar;
	type = kid->type;
	if (*expr->text == '-') {
		if (type.kind == VALUE_NUMBER && scalar_is_signed(scalar))
			return check_ranged(scope, scalar, OP_NEG, &kid, 1);
		return ERROR(scope, expr->kids[0]->pos, "unary '-' wants a "
			     "signed number, found %s", value_type_name(type));
	}
	if (type.kind != VALUE_NUMBER || scalar_is_signed(scalar))
		return ERROR(scope, expr->kids[0]->pos, "'~' wants an unsigned "
			     "number, found %s%s", value_type_name(type),
			     scalar == SCALAR_NONE && type.kind == VALUE_NUMBER
			     ? ": give it a type, as math.uint32 does" : "");
	return node_op(arena_of(scope), type, (struct image_insn){
		.op = OP_BIT_NOT, .type = (uint8_t)scalar }, &kid, 1);
}

static struct node *name(const struct scope *scope, const struct expr *expr)
{
	static const char *const names[] = {
		"src_sid", "dst_sid", "callable_sid", "message",
	};
	struct value_type sid = { .kind = VALUE_SID, .scalar = SCALAR_UINT32 };

	if (!expr->object && !strcmp(expr->text, "message"))
		return message(scope, expr);
	for (uint32_t i = SID_SRC; !expr->object && i < SID_N; i++) {
		if (strcmp(expr->text, names[i]) != 0)
			continue;
		if (scope->kind == EVENT_SECURITY && i != SID_SRC)
			return ERROR(scope, expr->pos, "a security event has no "
				     "'%s'", names[i]);
		if (scope->kind == EVENT_EXECUTE && i == SID_CALLABLE)
			return ERROR(scope, expr->pos, "an execute event has no "
				     "'%s'", names[i]);
		return node_op(arena_of(scope), sid, (struct image_insn){
			.op = OP_SID, .arg = i }, NULL, 0);
	}
	if (expr->object)
		return ERROR(scope, expr->pos, "unknown name '%s.%s'",
			     expr->object, expr->text);
	return ERROR(scope, expr->pos, "unknown name '%s'%s", expr->text,
		     scope_near(arena_of(scope), expr->text, names, 4));
}

static struct node *text(const struct scope *scope, const struct expr *expr)
{
	if (!utf8_valid_text((const uint8_t *)expr->text, strlen(expr->text)))
		return ERROR(scope, expr->pos, "a text must be UTF-8 here");
	return node_text(arena_of(scope), expr->text);
}

struct node *check_expr(const struct scope *scope, const struct expr *expr)
{
	struct node *base;

	switch (expr->kind) {
	case EXPR_NUMBER:
		return node_number(arena_of(scope), SCALAR_NONE, expr->number,
				   false);
	case EXPR_TEXT:
		return text(scope, expr);
	case EXPR_TRUTH:
		return node_bool(arena_of(scope), expr->number);
	case EXPR_UNIT:
		return node_unit(arena_of(scope));
	case EXPR_NAME:
		return name(scope, expr);
	case EXPR_FIELD:
		base = check_expr(scope, expr->kids[0]);
		return base ? check_field(scope, expr, base, expr->text) : NULL;
	case EXPR_ELEMENT:
		base = check_expr(scope, expr->kids[0]);
		return base ? check_element(scope, expr, base, expr->kids[1])
			    : NULL;
	case EXPR_CALL:
		return check_call(scope, expr);
	case EXPR_LIST:
		return ERROR(scope, expr->pos, "a list is no value here");
	case EXPR_DICTIONARY:
		return ERROR(scope, expr->pos, "a dictionary is no value here");
	case EXPR_UNARY:
	case EXPR_BINARY:
		if (!check_basic(scope, expr->mark, "an operator"))
			return NULL;
		return expr->kind == EXPR_UNARY ? unary(scope, expr)
						: binary(scope, expr);
	}
	return NULL;
}
