/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Random objects declared; random expressions and choices that read them. A
 * header, as oracle.c is one program of one file.
 */
#ifndef TESTS_ORACLE_OBJECTS_H
#define TESTS_ORACLE_OBJECTS_H

#include "oracle_rules.h"

/* ---- expressions ---- */

/* contains, get, get_uncommitted, query, has_role of an object's sid. */
struct question {
	int object, which;
	bool uncommitted;
	struct expr *sid;
	struct content *content;
};

static struct value compute_state(const struct expr *expr,
				  const struct reading *from)
{
	static const char *const states[] = { "s0", "s1", "s2", "s3" };
	const struct question *question = expr->question;
	const struct memory *memory = &memories[question->object];
	struct value value = { .state = VALUE };
	int sid;

	if (!from)
		return (struct value){ .state = UNKNOWN };
	sid = which_sid(question->sid, from);
	if (!sid || !memory->of[sid].there)
		return fault;
	switch (objects[question->object].model) {
	case HASH_SET:
		value.number = find_entry(memory, sid, content_value(
			question->content, objects[question->object].holds,
			from)) >= 0;
		break;
	case STATIC_MAP:
		value.number = question->uncommitted
			? memory->of[sid].working[question->which]
			: memory->of[sid].committed[question->which];
		if (objects[question->object].holds == TEXTS)
			value.text = words[(int)value.number];
		break;
	case FLOW:
		value.text = states[memory->of[sid].state];
		break;
	case MIC:
		value.text = states[memory->of[sid].level >> MANY];
		break;
	default:
		value.number = memory->of[sid].roles[question->which];
		break;
	}
	return value;
}

static void print_state(FILE *to, const struct expr *expr)
{
	const struct question *question = expr->question;

	switch (objects[question->object].model) {
	case HASH_SET:
		fprintf(to, "o%d.contains {entry: ", question->object);
		print_content(to, question->content,
			      objects[question->object].holds);
		fputs(", ", to);
		break;
	case STATIC_MAP:
		fprintf(to, "o%d.get%s {key: \"k%d\", ", question->object,
			!question->uncommitted ? "" : question->which % 2
			? "_uncommited" : "_uncommitted", question->which);
		break;
	case FLOW:
		fprintf(to, "o%d.query {", question->object);
		break;
	case MIC:
		fprintf(to, "o%d.query_level {", question->object);
		break;
	default:
		fprintf(to, "o%d.has_role {role: \"r%d\", ",
			question->object, question->which);
		break;
	}
	fputs(objects[question->object].model == MIC ? "source: " : "sid: ", to);
	print_expr(to, question->sid, 0);
	fprintf(to, "%s}", chance(3) ? "" : ",");
}

/* A question whose answer is a Boolean. */
static struct expr *make_question(const struct sight *sight)
{
	struct question *question = calloc(1, sizeof(*question));
	struct expr *state, *other;
	const struct object *object;

	if (!question)
		abort();
	question->object = (int)chance((uint32_t)n_objects);
	object = &objects[question->object];
	question->which = (int)chance((uint32_t)object->n);
	question->uncommitted = chance(2);
	question->sid = sid_expr(sight);
	question->content = make_content(sight);
	state = make(STATE, object->model == FLOW || object->model == MIC ||
		     (object->model == STATIC_MAP && object->holds == TEXTS)
		     ? TEXT : object->model == STATIC_MAP ? U32 : BOOLEAN, 0,
		     NULL, NULL, NULL);
	state->question = question;
	if (state->type == BOOLEAN)
		return state;
	if (state->type == U32)
		return make((enum op)(EQ + chance(6)), BOOLEAN, 2, state,
			    value_expr(sight), NULL);
	if (object->model == STATIC_MAP)
		return make(chance(2) ? EQ : NE, BOOLEAN, 2, state,
			    question->content->text, NULL);
	other = make(STRING, QUOTED, 0, NULL, NULL, NULL);
	other->text = ((const char *[]){ "s0", "s1", "s2", "s3" })[
		question->which];
	return make(chance(2) ? EQ : NE, BOOLEAN, 2, state, other, NULL);
}

/* What a choice may look at. */
static struct expr *make_choosable(const struct sight *sight)
{
	struct expr *expr = value_expr(sight);

	if (expr->op == READ)
		return expr;
	expr = make_question(sight);
	/* Half of them as they are, half without the comparison. */
	if (expr->op != STATE && chance(2) &&
	    !(expr->kids[0]->type == TEXT &&
	      objects[expr->kids[0]->question->object].model == STATIC_MAP))
		return expr->kids[0];
	return expr;
}

/* How many different ones there are for OPERAND. */
static int patterns_of(const struct expr *operand)
{
	return operand->type == BOOLEAN ? 2 : operand->question &&
	       operand->type == TEXT
	       ? objects[operand->question->object].n : MANY;
}

static void print_pattern(FILE *to, const struct expr *pattern)
{
	if (pattern->op == STRING)
		print_quoted(to, pattern->text);
	else if (pattern->op == TRUTH)
		fputs(pattern->number ? "true" : "false", to);
	else
		print_number(to, pattern->number);
}

/* A text of the message, or NULL. */
static struct expr *make_selectable(const struct sight *sight)
{
	struct expr *expr = make_read(sight, chance(2) ? TEXT : BYTES, 0);

	return expr && !places[(int)expr->number].elements ? expr : NULL;
}

/* The Nth pattern of a re.select; all of them differ. */
static struct expr *make_regex(int n)
{
	static const char *const patterns[][2] = {
		{ "^b", "^$" }, { "e{2}|lu", "[A-Z]" }, { "\\x20$", "^.{2}$" },
		{ "o", "t$" },
	};
	struct expr *expr = make(STRING, QUOTED, 0, NULL, NULL, NULL);

	expr->text = patterns[n % MANY][chance(2)];
	return expr;
}

/* The Nth pattern for OPERAND; all of them differ. */
static struct expr *make_pattern(const struct expr *operand, int n)
{
	static const char *const states[] = { "s0", "s1", "s2", "s3" };
	const struct question *question = operand->question;
	struct expr *expr = make(NUMBER, LITERAL, 0, NULL, NULL, NULL);

	expr->number = n;
	if (operand->type == BOOLEAN) {
		expr->op = TRUTH;
		expr->type = BOOLEAN;
		expr->number = n % 2;
	} else if (operand->type == TEXT) {
		expr->op = STRING;
		expr->type = QUOTED;
		expr->text = states[n % objects[question->object].n];
	}
	return expr;
}

/* ---- declarations ---- */

static void print_names(FILE *to, char letter, int n)
{
	putc('[', to);
	for (int i = 0; i < n; i++)
		fprintf(to, "%s\"%c%d\"", i ? ", " : "", letter, i);
	putc(']', to);
}

/* "s0": ["s1", "s2"], for each that there is a way from. */
static void print_ways(FILE *to, const struct object *object, char from,
		       char letter, int n)
{
	putc('{', to);
	for (int i = 0; i < object->n; i++) {
		int way = 0;

		fprintf(to, "%s\"%c%d\": [", i ? ", " : "", from, i);
		for (int j = 0; j < n; j++)
			if (object->ways[i][j])
				fprintf(to, "%s\"%c%d\"", way++ ? ", " : "",
					letter, j);
		putc(']', to);
	}
	putc('}', to);
}

static void print_flow(FILE *to, const struct object *object)
{
	fputs("Flow {\n\ttype State = ", to);
	for (int i = 0; i < object->n; i++)
		fprintf(to, "%s\"s%d\"", i ? " | " : "", i);
	fputs("\n\tconfig = {states: ", to);
	print_names(to, 's', object->n);
	fprintf(to, ", initial: \"s%d\", transitions: ", object->first);
	print_ways(to, object, 's', 's', object->n);
	fprintf(to, ", pool_size: %d}\n}\n", object->pool);
}

static void print_rbac(FILE *to, const struct object *object)
{
	int n = 0;

	fputs("Rbac {\n\tconfig = {roles: ", to);
	print_ways(to, object, 'r', 'p', MANY);
	fputs(", exclusive: [", to);
	for (int i = 0; i < object->n; i++)
		for (int j = 0; j < i; j++)
			if (object->exclusive[i][j])
				fprintf(to, "%s[\"r%d\", \"r%d\"]",
					n++ ? ", " : "", i, j);
	fprintf(to, "], pool_size: %d}\n}\n", object->pool);
}

static void print_map(FILE *to, const struct object *object)
{
	fprintf(to, "StaticMap {\n\ttype Value = %s\n\tconfig = {keys: {",
		object->holds == TEXTS ? "Text" : "UInt32");
	for (int i = 0; i < object->n; i++) {
		fprintf(to, "%s\"k%d\": ", i ? ", " : "", i);
		if (object->holds == TEXTS)
			print_quoted(to, words[(int)object->initial[i]]);
		else
			fprintf(to, "%d", (int)object->initial[i]);
	}
	fprintf(to, "}, pool_size: %d}\n}\n", object->pool);
}

static void print_mic(FILE *to, const struct object *object)
{
	fputs("Mic {\n\tconfig = ", to);
	if (object->categories)
		fputs("{degrees: ", to);
	print_names(to, 's', object->n);
	if (object->categories) {
		fputs(", categories: ", to);
		print_names(to, 'c', object->categories);
		fputs("}", to);
	}
	fputs("\n}\n", to);
}

static void print_objects(FILE *to)
{
	static const char *const entries[] = {
		[NUMBERS] = "UInt32", [TEXTS] = "Text",
		[RECORDS] = "{number: UInt32, text: Text, truth: Boolean}",
	};

	for (int i = 0; i < n_objects; i++) {
		fprintf(to, "policy object o%d : ", i);
		switch (objects[i].model) {
		case HASH_SET:
			fprintf(to, "HashSet {\n\ttype Entry = %s\n\t"
				"config = {set_size: %d, pool_size: %d}\n}\n",
				entries[objects[i].holds], objects[i].set_size,
				objects[i].pool);
			break;
		case STATIC_MAP:
			print_map(to, &objects[i]);
			break;
		case FLOW:
			print_flow(to, &objects[i]);
			break;
		case MIC:
			print_mic(to, &objects[i]);
			break;
		default:
			print_rbac(to, &objects[i]);
			break;
		}
	}
}

static void make_object(struct object *object)
{
	memset(object, 0, sizeof(*object));
	object->model = (enum model)chance(N_MODELS);
	/* Half of them have room for all. */
	object->pool = object->model == MIC || chance(2) ? SIDS :
		       1 + (int)chance(POOL_MAX);
	object->set_size = 1 + (int)chance(MANY - 1);
	object->n = 1 + (int)chance(MANY);
	object->first = (int)chance((uint32_t)object->n);
	object->holds = (enum holds)chance(object->model == HASH_SET ? 3 : 2);
	object->categories = (int)chance(MANY);
	for (int i = 0; i < object->n; i++) {
		if (object->model == STATIC_MAP)
			object->initial[i] = object->holds == TEXTS
				? word_number(any_text()) : (int)chance(5);
		for (int j = 0; j < MANY; j++)
			object->ways[i][j] = chance(2);
		for (int j = 0; j < i; j++)
			object->exclusive[i][j] = object->exclusive[j][i] =
				!chance(3);
	}
	for (int j = 0; object->model == RBAC && j < MANY; j++)
		object->ways[chance((uint32_t)object->n)][j] = true;
}

#endif
