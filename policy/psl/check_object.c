/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What a policy may ask of the objects that it declares. */
#include "check.h"

#include <string.h>

#define ERROR(scope, where, ...) \
	(diag_error((scope)->policy->diags, (where), __VA_ARGS__), NULL)

#define KEYS_MAX 5
#define ALLOW_MAX 24	/* states of one rule: they wait on the stack */

/* What stands under a key. */
enum want {
	WANT_NOTHING = 0,
	WANT_SID,
	WANT_SID_OR_NONE,	/* may be left out, or () */
	WANT_ENTRY,		/* an entry or a value */
	WANT_NAME,		/* a key, a state, a role */
	WANT_NAMES,		/* a list of states */
	WANT_MORE,		/* a permission */
	WANT_LEVEL,		/* likewise; one that is there sets a bit of n */
};

enum result { RESULT_RULE, RESULT_BOOL, RESULT_NAME, RESULT_VALUE };

static const struct method {
	enum image_model model;
	const char *name;
	enum image_op op;
	enum result result;
	struct {
		const char *name;
		enum want want;
	} keys[KEYS_MAX];
} methods[] = {
#define SID { "sid", WANT_SID }
	{ MODEL_FLOW, "init", OP_INIT, RESULT_RULE, { SID } },
	{ MODEL_FLOW, "fini", OP_FINI, RESULT_RULE, { SID } },
	{ MODEL_FLOW, "enter", OP_ENTER, RESULT_RULE,
	  { SID, { "state", WANT_NAME } } },
	{ MODEL_FLOW, "allow", OP_ALLOW, RESULT_RULE,
	  { SID, { "states", WANT_NAMES } } },
	{ MODEL_FLOW, "query", OP_QUERY, RESULT_NAME, { SID } },
	{ MODEL_SET, "init", OP_INIT, RESULT_RULE, { SID } },
	{ MODEL_SET, "fini", OP_FINI, RESULT_RULE, { SID } },
	{ MODEL_SET, "add", OP_ADD_ENTRY, RESULT_RULE,
	  { SID, { "entry", WANT_ENTRY } } },
	{ MODEL_SET, "remove", OP_REMOVE_ENTRY, RESULT_RULE,
	  { SID, { "entry", WANT_ENTRY } } },
	{ MODEL_SET, "contains", OP_CONTAINS, RESULT_BOOL,
	  { SID, { "entry", WANT_ENTRY } } },
	{ MODEL_MAP, "init", OP_INIT, RESULT_RULE, { SID } },
	{ MODEL_MAP, "fini", OP_FINI, RESULT_RULE, { SID } },
	{ MODEL_MAP, "set", OP_SET_KEY, RESULT_RULE,
	  { SID, { "key", WANT_NAME }, { "value", WANT_ENTRY } } },
	{ MODEL_MAP, "commit", OP_COMMIT, RESULT_RULE, { SID } },
	{ MODEL_MAP, "rollback", OP_ROLLBACK, RESULT_RULE, { SID } },
	{ MODEL_MAP, "get", OP_GET, RESULT_VALUE,
	  { SID, { "key", WANT_NAME } } },
	{ MODEL_MAP, "get_uncommitted", OP_GET_WORKING, RESULT_VALUE,
	  { SID, { "key", WANT_NAME } } },
	{ MODEL_MAP, "get_uncommited", OP_GET_WORKING, RESULT_VALUE,
	  { SID, { "key", WANT_NAME } } },
	{ MODEL_RBAC, "init", OP_INIT, RESULT_RULE, { SID } },
	{ MODEL_RBAC, "fini", OP_FINI, RESULT_RULE, { SID } },
	{ MODEL_RBAC, "assign", OP_ASSIGN, RESULT_RULE,
	  { SID, { "role", WANT_NAME } } },
	{ MODEL_RBAC, "drop", OP_DROP, RESULT_RULE,
	  { SID, { "role", WANT_NAME } } },
	{ MODEL_RBAC, "permit", OP_PERMIT, RESULT_RULE,
	  { SID, { "perm", WANT_MORE } } },
	{ MODEL_RBAC, "has_role", OP_HAS_ROLE, RESULT_BOOL,
	  { SID, { "role", WANT_NAME } } },
#undef SID
#define PARTIES { "source", WANT_SID }, { "target", WANT_SID }
#define AROUND { "container", WANT_SID_OR_NONE }, { "driver", WANT_SID_OR_NONE }
	{ MODEL_MIC, "create", OP_CREATE, RESULT_RULE,
	  { PARTIES, AROUND, { "level", WANT_LEVEL } } },
	{ MODEL_MIC, "upgrade", OP_UPGRADE, RESULT_RULE,
	  { PARTIES, AROUND, { "level", WANT_LEVEL } } },
	{ MODEL_MIC, "delete", OP_DELETE, RESULT_RULE, { PARTIES, AROUND } },
	{ MODEL_MIC, "execute", OP_EXECUTE, RESULT_RULE,
	  { { "image", WANT_SID_OR_NONE }, { "target", WANT_SID },
	    { "level", WANT_LEVEL }, { "levelR", WANT_LEVEL } } },
	{ MODEL_MIC, "call", OP_CALL, RESULT_RULE, { PARTIES } },
	{ MODEL_MIC, "read", OP_CALL, RESULT_RULE, { PARTIES } },
	{ MODEL_MIC, "invoke", OP_INVOKE, RESULT_RULE, { PARTIES } },
	{ MODEL_MIC, "write", OP_INVOKE, RESULT_RULE, { PARTIES } },
	{ MODEL_MIC, "query_level", OP_QUERY_LEVEL, RESULT_NAME,
	  { { "source", WANT_SID } } },
#undef PARTIES
#undef AROUND
};

#define N_METHODS (sizeof(methods) / sizeof(*methods))

/* A call that is being checked. */
struct object_call {
	const struct scope *scope;
	const struct psl_object *object;
	const struct method *method;
	const char *who;		/* "session.enter" */
	struct node **kids;
	size_t n, capacity;
	unsigned n_levels;		/* that were looked at */
	uint16_t flags;			/* which were there, or how many names */
};

const struct psl_object *check_find_object(const struct policy *policy,
					   const char *name)
{
	for (size_t i = 0; name && i < policy->n_objects; i++)
		if (!strcmp(policy->objects[i].name, name))
			return &policy->objects[i];
	return NULL;
}

static struct arena *arena_of(const struct scope *scope)
{
	return scope->policy->arena;
}

static bool take(struct object_call *call, struct node *node)
{
	if (node)
		*ARENA_PUSH(arena_of(call->scope), call->kids, call->n,
			    call->capacity) = node;
	return node;
}

static struct node *zero(const struct scope *scope)
{
	return node_number(arena_of(scope), SCALAR_NONE, 0, false);
}

/* ---- values ---- */

struct node *check_fits(const struct scope *scope, const struct expr *expr,
			struct value_type type, const char *who)
{
	struct node *node = check_value(scope, expr);

	if (!node)
		return NULL;
	if (node->type.kind == VALUE_NUMBER && type.kind == VALUE_NUMBER &&
	    node->type.scalar == SCALAR_NONE) {
		if (node->kind == NODE_NUMBER &&
		    !number_fits(node->number, type.scalar))
			return ERROR(scope, expr->pos, "%s does not fit %s",
				     number_text(arena_of(scope),
						 node->number),
				     scalar_name(type.scalar));
		return node_op(arena_of(scope), type, (struct image_insn){
			.op = OP_RANGE, .type = (uint8_t)type.scalar }, &node,
			1);
	}
	if (node->type.kind != type.kind ||
	    (type.kind == VALUE_NUMBER && node->type.scalar != type.scalar))
		return ERROR(scope, expr->pos, "%s wants %s, found %s", who,
			     value_type_name(type),
			     value_type_name(node->type));
	if (node->kind == NODE_TEXT && strlen(node->text) > OBJECT_TEXT_MAX)
		return ERROR(scope, expr->pos, "a text that is remembered has at "
			     "most %u bytes", OBJECT_TEXT_MAX);
	return check_variant(scope, expr, node, type) ? node : NULL;
}

static bool take_sid(struct object_call *call, const struct expr *expr)
{
	struct value_type sid = { .kind = VALUE_SID, .scalar = SCALAR_UINT32 };

	return take(call, check_fits(call->scope, expr, sid, call->who));
}

static bool take_entry(struct object_call *call, const struct expr *expr)
{
	const struct psl_object *object = call->object;
	bool is_tuple = object->form == ENTRY_TUPLE;

	if (object->form == ENTRY_ONE)
		return take(call, check_fits(call->scope, expr,
					     object->fields[0], call->who));
	if (expr->kind != (is_tuple ? EXPR_LIST : EXPR_DICTIONARY) ||
	    expr->n_kids != object->n_fields)
		return ERROR(call->scope, expr->pos, "%s wants an entry of %u "
			     "fields in %s", call->who, object->n_fields,
			     is_tuple ? "[ ]" : "{ }");
	for (uint32_t i = 0; i < object->n_fields; i++) {
		size_t at = is_tuple ? i : 0;

		while (!is_tuple && at < expr->n_keys &&
		       strcmp(expr->keys[at], object->field_names[i]))
			at++;
		if (at == expr->n_kids)
			return ERROR(call->scope, expr->pos, "the entry lacks the "
				     "field '%s'", object->field_names[i]);
		if (!take(call, check_fits(call->scope, expr->kids[at],
					   object->fields[i], call->who)))
			return false;
	}
	return true;
}

/* One of the object's names: a literal is looked up now. */
static bool take_name(struct object_call *call, const struct expr *expr,
		      const struct variant *names)
{
	struct value_type text = { .kind = VALUE_TEXT, .variant = names };

	return take(call, check_fits(call->scope, expr, text, call->who));
}

static bool take_names(struct object_call *call, const struct expr *expr)
{
	if (expr->kind != EXPR_LIST || expr->n_kids == 0 ||
	    expr->n_kids > ALLOW_MAX)
		return ERROR(call->scope, expr->pos, "%s wants a list of 1 to %d "
			     "states in [ ]", call->who, ALLOW_MAX);
	for (size_t i = 0; i < expr->n_kids; i++)
		if (!take_name(call, expr->kids[i], &call->object->names))
			return false;
	call->flags = (uint16_t)expr->n_kids;
	return true;
}

/* ---- Mic's levels ---- */

static bool which_name(struct object_call *call, const struct expr *expr,
		       const struct variant *names, const char *what,
		       uint32_t *which)
{
	if (expr->kind != EXPR_TEXT)
		return ERROR(call->scope, expr->pos, "a %s is a literal text",
			     what);
	for (*which = 0; *which < names->n; (*which)++)
		if (!strcmp(names->texts[*which], expr->text))
			return true;
	return ERROR(call->scope, expr->pos, "\"%s\" is no %s of '%s'%s",
		     expr->text, what, call->object->name,
		     scope_near(arena_of(call->scope), expr->text,
				names->texts, names->n));
}

/* { degree : "HIGH", categories : ["a", "b"] } */
static bool full_level(struct object_call *call, const struct expr *expr,
		       uint32_t *degree, uint64_t *categories)
{
	bool has_degree = false;
	uint32_t which;

	for (size_t i = 0; i < expr->n_keys; i++) {
		const struct expr *value = expr->kids[i];

		if (!strcmp(expr->keys[i], "degree")) {
			has_degree = true;
			if (!which_name(call, value, &call->object->names,
					"degree", degree))
				return false;
			continue;
		}
		if (strcmp(expr->keys[i], "categories") != 0 ||
		    value->kind != EXPR_LIST)
			return ERROR(call->scope, expr->key_pos[i], "a level is "
				     "{degree: \"..\", categories: [..]}");
		for (size_t k = 0; k < value->n_kids; k++) {
			if (!which_name(call, value->kids[k],
					&call->object->more, "category",
					&which))
				return false;
			*categories |= UINT64_C(1) << which;
		}
	}
	return has_degree || ERROR(call->scope, expr->pos, "the level lacks the "
				   "key 'degree'");
}

static bool take_level(struct object_call *call, const struct expr *expr)
{
	uint64_t categories = 0;
	uint32_t degree = 0;
	bool fine;

	fine = expr->kind == EXPR_DICTIONARY
	       ? full_level(call, expr, &degree, &categories)
	       : which_name(call, expr, &call->object->names, "degree",
			    &degree);
	return fine && take(call, node_number(arena_of(call->scope),
		SCALAR_NONE, (uint64_t)degree << OBJECT_DEGREE_SHIFT |
		categories, false));
}

/* ---- a call ---- */

/* EXPR is NULL if the key is not there, and need not be. */
static bool take_key(struct object_call *call, enum want want,
		     const struct expr *expr)
{
	bool optional = want == WANT_SID_OR_NONE || want == WANT_LEVEL;
	unsigned level = want == WANT_LEVEL ? call->n_levels++ : 0;

	if (optional && (!expr || expr->kind == EXPR_UNIT))
		return take(call, zero(call->scope));
	switch (want) {
	case WANT_SID:
	case WANT_SID_OR_NONE:
		return take_sid(call, expr);
	case WANT_ENTRY:
		return take_entry(call, expr);
	case WANT_NAME:
		return take_name(call, expr, &call->object->names);
	case WANT_NAMES:
		return take_names(call, expr);
	case WANT_MORE:
		return take_name(call, expr, &call->object->more);
	case WANT_LEVEL:
		call->flags |= (uint16_t)(1u << level);
		return take_level(call, expr);
	case WANT_NOTHING:
		break;
	}
	return false;
}

static bool known_keys(const struct object_call *call,
		       const struct expr *argument)
{
	const char *names[KEYS_MAX];
	size_t n = 0;
	bool fine = true;

	while (n < KEYS_MAX && call->method->keys[n].name) {
		names[n] = call->method->keys[n].name;
		n++;
	}
	for (size_t i = 0; i < argument->n_keys; i++) {
		size_t k = 0;

		while (k < n && strcmp(names[k], argument->keys[i]))
			k++;
		if (k == n)
			fine = ERROR(call->scope, argument->key_pos[i], "%s "
				     "takes no key '%s'%s", call->who,
				     argument->keys[i],
				     scope_near(arena_of(call->scope),
						argument->keys[i], names, n));
	}
	return fine;
}

static bool take_keys(struct object_call *call, struct pos pos,
		      const struct expr *argument)
{
	bool fine;

	if (argument->kind != EXPR_DICTIONARY)
		return ERROR(call->scope, argument->pos, "%s wants a dictionary "
			     "in { }", call->who);
	fine = known_keys(call, argument);
	for (size_t i = 0; i < KEYS_MAX && call->method->keys[i].name; i++) {
		const struct expr *value = NULL;
		enum want want = call->method->keys[i].want;

		for (size_t k = 0; k < argument->n_keys; k++)
			if (!strcmp(argument->keys[k],
				    call->method->keys[i].name))
				value = argument->kids[k];
		if (!value && want != WANT_SID_OR_NONE && want != WANT_LEVEL)
			fine = ERROR(call->scope, pos, "%s lacks the key '%s'",
				     call->who, call->method->keys[i].name);
		else
			fine = take_key(call, want, value) && fine;
	}
	return fine;
}

static struct value_type result_type(const struct psl_object *object,
				     enum result result)
{
	switch (result) {
	case RESULT_VALUE:
		return object->fields[0];
	case RESULT_NAME:
		return (struct value_type){ .kind = VALUE_TEXT,
					    .variant = &object->names };
	case RESULT_RULE:
	case RESULT_BOOL:
		break;
	}
	return (struct value_type){ .kind = VALUE_BOOL };
}

static const struct method *find_method(const struct scope *scope,
					const struct psl_object *object,
					const char *name, const char *who,
					struct pos pos, bool is_rule)
{
	const char *names[N_METHODS];
	size_t n = 0;

	for (size_t i = 0; i < N_METHODS; i++) {
		bool rule = methods[i].result == RESULT_RULE;

		if (methods[i].model != object->model)
			continue;
		if (!strcmp(methods[i].name, name)) {
			if (rule == is_rule)
				return &methods[i];
			return ERROR(scope, pos, rule ? "'%s' is a rule, and no "
				     "expression" : "'%s' is an expression, and "
				     "no rule", who);
		}
		if (rule == is_rule)
			names[n++] = methods[i].name;
	}
	return ERROR(scope, pos, "unknown %s '%s'%s", is_rule ? "rule" :
		     "expression", who, scope_near(arena_of(scope), name,
						   names, n));
}

struct node *check_object_call(const struct scope *scope,
			       const struct psl_object *object,
			       const char *method, struct pos pos,
			       const struct expr *argument, bool is_rule)
{
	struct object_call call = {
		.scope = scope, .object = object,
		.who = arena_printf(arena_of(scope), "%s.%s", object->name,
				    method),
	};

	if (object->model == MODEL_NONE)	/* an error was given */
		return NULL;
	call.method = find_method(scope, object, method, call.who, pos,
				  is_rule);
	if (!call.method || !take_keys(&call, pos, argument))
		return NULL;
	return node_op(arena_of(scope),
		       result_type(object, call.method->result),
		       (struct image_insn){ .op = (uint8_t)call.method->op,
			.n = call.flags,
			.arg = (uint32_t)(object - scope->policy->objects) },
		       call.kids, (uint32_t)call.n);
}
