/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Random rules of objects: made, printed, applied. A header, as oracle.c is one
   program of one file. */
#ifndef TESTS_ORACLE_RULES_H
#define TESTS_ORACLE_RULES_H

#include "oracle_models.h"

/* ---- the rules ---- */

enum second { NOTHING, A_VALUE, A_KEY_AND_VALUE, A_STATE, SOME_STATES, A_ROLE,
	      A_PERMISSION, AN_IMAGE, PARTIES, PARTIES_AND_LEVEL, A_SOURCE };

static const struct rule_of {
	enum model model;
	const char *name;
	enum second second;	/* what its dictionary has beside the sid */
	enum outcome_of (*apply)(const struct object *, struct memory *,
				 const struct part_values *);
} rules_of[] = {
	{ HASH_SET, "init", NOTHING, do_init },
	{ HASH_SET, "init", NOTHING, do_init },
	{ HASH_SET, "fini", NOTHING, do_fini },
	{ HASH_SET, "add", A_VALUE, do_add },
	{ HASH_SET, "remove", A_VALUE, do_remove },
	{ HASH_SET, "remove", A_VALUE, do_remove },
	{ STATIC_MAP, "init", NOTHING, do_init },
	{ STATIC_MAP, "init", NOTHING, do_init },
	{ STATIC_MAP, "fini", NOTHING, do_fini },
	{ STATIC_MAP, "set", A_KEY_AND_VALUE, do_set },
	{ STATIC_MAP, "set", A_KEY_AND_VALUE, do_set },
	{ STATIC_MAP, "commit", NOTHING, do_commit },
	{ STATIC_MAP, "rollback", NOTHING, do_rollback },
	{ FLOW, "init", NOTHING, do_init },
	{ FLOW, "init", NOTHING, do_init },
	{ FLOW, "fini", NOTHING, do_fini },
	{ FLOW, "enter", A_STATE, do_enter },
	{ FLOW, "allow", SOME_STATES, do_allow },
	{ RBAC, "init", NOTHING, do_init },
	{ RBAC, "init", NOTHING, do_init },
	{ RBAC, "fini", NOTHING, do_fini },
	{ RBAC, "assign", A_ROLE, do_assign },
	{ RBAC, "drop", A_ROLE, do_drop },
	{ RBAC, "permit", A_PERMISSION, do_permit },
	{ MIC, "execute", AN_IMAGE, do_execute },
	{ MIC, "execute", AN_IMAGE, do_execute },
	{ MIC, "execute", AN_IMAGE, do_execute },
	{ MIC, "create", PARTIES_AND_LEVEL, do_create },
	{ MIC, "upgrade", PARTIES_AND_LEVEL, do_upgrade },
	{ MIC, "delete", PARTIES, do_delete },
	{ MIC, "call", A_SOURCE, do_receive },
	{ MIC, "read", A_SOURCE, do_receive },
	{ MIC, "invoke", A_SOURCE, do_send },
	{ MIC, "write", A_SOURCE, do_send },
};

#define N_RULES_OF (sizeof(rules_of) / sizeof(*rules_of))

/* A rule as it is called. */
struct call_of {
	int object;
	const struct rule_of *rule;
	struct expr *sid;
	struct content *content;
	struct expr *others[4];		/* image, source, container, driver */
	int which;
	int level, level_r;		/* -1: left out */
	unsigned states;
};

static struct expr *sid_expr(const struct sight *sight)
{
	struct expr *expr = make(READ_SID, SID, 0, NULL, NULL, NULL);

	if (sight->method == GIVE && sight->part == IN && chance(2)) {
		expr->op = READ;
		expr->number = PLACE_WHAT + chance(2);
		return expr;
	}
	expr->number = chance(1 + sight->has_dst + sight->has_callable);
	return expr;
}

/* A small number or one of the message: so that they meet again. */
static struct expr *value_expr(const struct sight *sight)
{
	struct expr *expr;

	if (sight->part == IN && sight->method == DRAW && chance(2)) {
		expr = make(READ, U32, 0, NULL, NULL, NULL);
		expr->number = chance(2);	/* width or height */
		return expr;
	}
	expr = make(NUMBER, LITERAL, 0, NULL, NULL, NULL);
	expr->number = chance(5);
	return expr;
}

/* What is put into a set or a map, or looked for. */
struct content {
	struct expr *number, *text, *truth;
};

static struct content *make_content(const struct sight *sight)
{
	struct content *content = calloc(1, sizeof(*content));
	struct expr *text = chance(2) ? make_read(sight, TEXT, 0) : NULL;

	if (!content)
		abort();
	content->number = value_expr(sight);
	content->text = text && !places[(int)text->number].elements ? text
								  : make_quoted();
	content->truth = make(EQ, BOOLEAN, 2, value_expr(sight),
			      value_expr(sight), NULL);
	return content;
}

/* It as one number, equal for what is equal. */
static wide content_value(const struct content *content, enum holds holds,
			  const struct reading *from)
{
	wide number = compute(content->number, from).number;
	const char *text = compute(content->text, from).text;
	wide truth = compute(content->truth, from).number;

	switch (holds) {
	case NUMBERS:
		return number;
	case TEXTS:
		return word_number(text);
	default:
		return (number * 4096 + word_number(text)) * 2 + truth;
	}
}

static void print_content(FILE *to, const struct content *content,
			  enum holds holds)
{
	if (holds == NUMBERS) {
		print_expr(to, content->number, 0);
	} else if (holds == TEXTS) {
		print_expr(to, content->text, 0);
	} else {
		fputs("{text: ", to);
		print_expr(to, content->text, 0);
		fputs(", truth: ", to);
		print_expr(to, content->truth, 0);
		fputs(", number: ", to);
		print_expr(to, content->number, 0);
		fputs("}", to);
	}
}

/* A level of OBJECT, or -1 = left out. */
static int any_level(const struct object *object)
{
	int degree = (int)chance((uint32_t)object->n + 1) - 1;

	return degree < 0 ? -1 :
	       LEVEL(degree, chance(1u << object->categories));
}

static void print_level(FILE *to, int level)
{
	int n = 0;

	if (level % (1 << MANY) == 0) {
		fprintf(to, "\"s%d\"", level >> MANY);
		return;
	}
	fprintf(to, "{degree: \"s%d\", categories: [", level >> MANY);
	for (int i = 0; i < MANY; i++)
		if (level >> i & 1)
			fprintf(to, "%s\"c%d\"", n++ ? ", " : "", i);
	fputs("]}", to);
}

/* Each rule of each object is dealt once, for else hardly any would meet those
   that its effect is seen by. */
static size_t dealt;

/* The next that has not been, as an object and its rule; false: all have. */
static bool find_undealt(int *object, const struct rule_of **rule)
{
	for (; dealt < (size_t)n_objects * N_RULES_OF; dealt++) {
		*object = (int)(dealt / N_RULES_OF);
		*rule = &rules_of[dealt % N_RULES_OF];
		if ((*rule)->model == objects[*object].model)
			return true;
	}
	return false;
}

static bool is_all_dealt(void)
{
	const struct rule_of *rule;
	int object;

	return !find_undealt(&object, &rule);
}

static void deal(struct call_of *call)
{
	if (find_undealt(&call->object, &call->rule)) {
		dealt++;
		return;
	}
	call->object = (int)chance((uint32_t)n_objects);
	do
		call->rule = &rules_of[chance(N_RULES_OF)];
	while (call->rule->model != objects[call->object].model ||
	       (call->rule->apply == do_fini && chance(3)) ||
	       (call->rule->apply != do_init && chance(4) == 0));
}

static struct call_of *make_call(const struct sight *sight)
{
	struct call_of *call = calloc(1, sizeof(*call));

	if (!call)
		abort();
	deal(call);
	call->sid = sid_expr(sight);
	call->content = make_content(sight);
	call->which = (int)chance((uint32_t)objects[call->object].n);
	if (call->rule->second == A_PERMISSION)
		call->which = (int)chance(MANY);
	for (int i = 0; i < 4; i++)
		if (i == 1 || chance(3) == 0)
			call->others[i] = sid_expr(sight);
	call->level = any_level(&objects[call->object]);
	while (call->level < 0 && !call->others[0] && chance(4))
		call->level = any_level(&objects[call->object]);
	call->level_r = any_level(&objects[call->object]);
	call->states = 1 + chance((1u << objects[call->object].n) - 1);
	return call;
}

/* The process that EXPR names: 0 = it cannot be known. */
static int which_sid(const struct expr *expr, const struct reading *from)
{
	struct value sid = compute(expr, from);

	return sid.state == VALUE && sid.number < SIDS ? (int)sid.number : 0;
}

/* Whether CALL has party I of those beside its target. */
static bool takes(const struct call_of *call, int i)
{
	static const unsigned parties[] = {
		[AN_IMAGE] = 1, [A_SOURCE] = 2, [PARTIES] = 14,
		[PARTIES_AND_LEVEL] = 14,
	};
	enum second second = call->rule->second;

	return second >= AN_IMAGE && parties[second] >> i & 1 &&
	       call->others[i];
}

static enum outcome_of apply(const struct call_of *call,
			     const struct reading *from)
{
	struct part_values with = { .which = call->which,
				    .level = call->level,
				    .level_r = call->level_r,
				    .states = call->states };
	int others[4] = { 0 };

	with.sid = which_sid(call->sid, from);
	if (!with.sid)
		return FAULTED;
	for (int i = 0; i < 4; i++)
		if (takes(call, i)) {
			others[i] = which_sid(call->others[i], from);
			if (!others[i])
				return FAULTED;
		}
	with.image = others[0];
	with.source = others[1];
	with.container = others[2];
	with.driver = others[3];
	with.value = content_value(call->content, objects[call->object].holds,
				   from);
	return call->rule->apply(&objects[call->object],
				 &memories[call->object], &with);
}

static void forget(int sid)
{
	for (int i = 0; i < n_objects; i++)
		memset(&memories[i].of[sid], 0, sizeof(memories[i].of[sid]));
}

/* ---- printing ---- */

static void print_call_of(FILE *to, const struct call_of *call)
{
	static const char *const others[] = { "image", "source", "container",
					      "driver" };
	const struct object *object = &objects[call->object];

	fprintf(to, "o%d.%s {%s%s: ", call->object, call->rule->name, blank(),
		object->model == MIC ? "target" : "sid");
	print_expr(to, call->sid, 0);
	for (int i = 0; i < 4; i++)
		if (takes(call, i)) {
			fprintf(to, ", %s: ", others[i]);
			print_expr(to, call->others[i], 0);
		}
	switch (call->rule->second) {
	case NOTHING:
		break;
	case A_KEY_AND_VALUE:
		fprintf(to, ", key: \"k%d\", value: ", call->which);
		print_content(to, call->content, object->holds);
		break;
	case A_VALUE:
		fputs(", entry: ", to);
		print_content(to, call->content, object->holds);
		break;
	case A_STATE:
		fprintf(to, ", state: \"s%d\"", call->which);
		break;
	case SOME_STATES:
		fputs(", states: [", to);
		for (int i = 0, n = 0; i < object->n; i++)
			if (call->states >> i & 1)
				fprintf(to, "%s\"s%d\"", n++ ? ", " : "", i);
		fputs("]", to);
		break;
	case A_ROLE:
		fprintf(to, ", role: \"r%d\"", call->which);
		break;
	case A_PERMISSION:
		fprintf(to, ", perm: \"p%d\"", call->which);
		break;
	case AN_IMAGE:
	case PARTIES_AND_LEVEL:
		if (call->level >= 0) {
			fputs(", level: ", to);
			print_level(to, call->level);
		} else if (chance(2)) {
			fputs(", level: ()", to);
		}
		if (call->rule->second == AN_IMAGE && call->level_r >= 0) {
			fputs(", levelR: ", to);
			print_level(to, call->level_r);
		}
		break;
	case PARTIES:
	case A_SOURCE:
		break;
	}
	fprintf(to, "%s}\n", chance(3) ? "" : ",");
}

#endif
