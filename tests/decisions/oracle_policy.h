/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Random policies, as they are read and as they are printed. A header, as oracle.c
   is one program of one file. */
#ifndef TESTS_ORACLE_POLICY_H
#define TESTS_ORACLE_POLICY_H

#include "oracle_objects.h"
#include "oracle_solution.h"

/* ---- policies ---- */

struct rule {
	enum { GRANT, DENY, DENY_IF, ASSERT, BOOL_ASSERT, CALL } what;
	struct expr *expr;
	struct call_of *call;
	int line;
};

struct choice;

struct body {
	struct selectors selectors;
	struct item {
		struct rule *rule;
		struct body *match;
		struct choice *choice;
	} items[6];
	int n;
};

#define CASES 4

struct choice {
	struct expr *operand;
	struct { struct expr *pattern; struct body *body; } cases[CASES];
	int n, line;		/* a pattern of NULL is '_' */
	bool select;		/* re.select of the text .operand */
};

struct file {
	struct { struct body *body; int use; } decls[80];
	int n;
	bool seen;
};

#define N_FILES 4
static struct file files[N_FILES];

static struct sight sight_of(const struct selectors *s)
{
	return (struct sight){
		.method = pinned(s),
		.part = s->kind == RESPONSE ? OUT : s->kind == KIND_ERROR ? ERROR
								       : IN,
		.has_dst = s->kind != SECURITY,
		.has_callable = s->kind != SECURITY && s->kind != EXECUTE,
	};
}

static struct rule *make_rule(const struct selectors *s)
{
	struct rule *rule = calloc(1, sizeof(*rule));
	struct sight sight = sight_of(s);

	if (!rule)
		abort();
	rule->what = chance(4) == 0 ? GRANT : chance(12) == 0 ? DENY :
		     (int)(DENY_IF + chance(3));
	/* Rules of objects want to be granted, to change anything. */
	if (n_objects && (chance(3) || !is_all_dealt())) {
		rule->what = CALL;
		rule->call = make_call(&sight);
		return rule;
	}
	if (n_objects && chance(2)) {
		rule->what = chance(2) ? ASSERT : DENY_IF;
		rule->expr = make_question(&sight);
		return rule;
	}
	if (rule->what >= DENY_IF)
		rule->expr = make_boolean(&sight, 1 + (int)chance(4));
	return rule;
}

/*
 * Where objects are, most bindings fit one point and most events are at one of
 * those: else hardly anything would be granted, and nothing would change. In a
 * focused policy all do, and a rule that is dealt is there alone.
 */
static bool focused, exact;
static struct point hits[128];
static int n_hits;

static bool wanted(uint32_t n)
{
	return exact || !chance(n);
}

/* Adds some of what POINT has to S, and prints it. */
static void print_selectors(FILE *to, struct selectors *s,
			    const struct point *point)
{
	static const char *const between[] = { " ", ", ", "\n\t", "," };
	const char *comma = between[chance(4)];
	const struct endpoint *at = point->endpoint < 0 ? NULL :
				    &endpoints[point->endpoint];
	bool component = at && !at->security && *at->component && !chance(3);

	if (wanted(3)) {
		s->src = point->src;
		fprintf(to, " src%s=%s%s%s", blank(), blank(),
			classes[s->src], comma);
	}
	if (point->dst >= 0 && wanted(3)) {
		s->dst = point->dst;
		fprintf(to, " dst = %s%s", classes[s->dst], comma);
	}
	if (!at)
		return;
	if (!chance(5)) {
		s->interface = (int)at->interface;
		fprintf(to, " interface=%s%s", interfaces[s->interface], comma);
	}
	if (component) {
		s->component = at->component;
		fprintf(to, " component=%s%s", s->component, comma);
	}
	if (!at->security && wanted(3)) {
		s->endpoint = strdup(path_of(point->endpoint));
		fprintf(to, " endpoint=%s%s", s->component && chance(2)
			? at->name : s->endpoint, comma);
	}
	if (wanted(3)) {
		s->method = point->method;
		fprintf(to, " method=%s%s", methods[s->method].name, comma);
	}
}

/* ---- printing; a rule's line is where its first word stands ---- */

static int line;
static char *printed;
static size_t printed_size;

/* Prints through a buffer, to count the lines. */
static void flush(FILE *buffer, FILE *to)
{
	fflush(buffer);
	for (size_t i = 0; i < printed_size; i++)
		line += printed[i] == '\n';
	fwrite(printed, 1, printed_size, to);
	rewind(buffer);
	fflush(buffer);
}

static void print_rule(FILE *buffer, FILE *to, struct rule *rule)
{
	static const char *const names[] = { "grant", "deny", "deny", "assert",
					     "bool.assert" };

	flush(buffer, to);
	rule->line = line;
	if (rule->what == CALL) {
		print_call_of(buffer, rule->call);
		return;
	}
	fprintf(buffer, "%s%s", rule->what != BOOL_ASSERT && !chance(3) ?
		"base." : "", names[rule->what]);
	if (!rule->expr) {
		fprintf(buffer, "%s(%s)\n", blank(), blank());
		return;
	}
	fprintf(buffer, "%s(", blank());
	print_expr(buffer, rule->expr, 0);
	fprintf(buffer, ")\n");
}

/*
 * A choice among what can be computed only with an event. A case is a rule, a
 * body of some, or another choice.
 */
static struct choice *make_choice(FILE *buffer, FILE *to,
				  const struct selectors *s, int depth)
{
	struct choice *choice = calloc(1, sizeof(*choice));
	struct sight sight = sight_of(s);
	int first = (int)chance(3);

	if (!choice)
		abort();
	flush(buffer, to);
	choice->line = line;
	choice->operand = make_selectable(&sight);
	choice->select = choice->operand && chance(3);
	if (!choice->select)
		choice->operand = make_choosable(&sight);
	choice->n = 1 + (int)chance((uint32_t)patterns_of(choice->operand));
	fprintf(buffer, "choice%s(%s", blank(),
		choice->select ? "re.select {text: " : "");
	print_expr(buffer, choice->operand, 0);
	fprintf(buffer, "%s) {\n", choice->select ? "}" : "");
	for (int i = 0; i < choice->n; i++) {
		struct body *body = calloc(1, sizeof(*body));

		if (!body)
			abort();
		if (i + 1 < choice->n || chance(3))
			choice->cases[i].pattern = choice->select
				? make_regex(i)
				: make_pattern(choice->operand, first + i);
		choice->cases[i].body = body;
		body->selectors = *s;
		if (choice->cases[i].pattern)
			print_pattern(buffer, choice->cases[i].pattern);
		fprintf(buffer, "%s:%s", choice->cases[i].pattern ? "" : "_",
			blank());
		body->n = (int)chance(3);
		if (body->n != 1)
			fputs("{\n", buffer);
		for (int k = 0; k < body->n; k++)
			if (depth > 0 && body->n != 1 && !chance(4)) {
				body->items[k].choice = make_choice(
					buffer, to, s, depth - 1);
			} else {
				body->items[k].rule = make_rule(s);
				print_rule(buffer, to, body->items[k].rule);
			}
		if (body->n != 1)
			fputs("}\n", buffer);
	}
	fputs("}\n", buffer);
	return choice;
}

static struct body *make_body(FILE *buffer, FILE *to,
			      const struct selectors *outer,
			      const struct point *point, int depth)
{
	struct body *body = calloc(1, sizeof(*body));
	bool alone = exact && !is_all_dealt();
	struct point inner;

	if (!body)
		abort();
	body->selectors = *outer;
	print_selectors(buffer, &body->selectors, point);
	fputs(" {\n", buffer);
	body->n = alone ? 1 : exact ? 1 + (chance(3) == 0)
			: (int)chance(4) + (depth > 0 && chance(2));
	for (int i = 0; i < body->n; i++) {
		if (n_objects && !alone && chance(4) == 0) {
			body->items[i].choice = make_choice(buffer, to,
							    &body->selectors, 2);
			continue;
		}
		if (depth == 0 || chance(2)) {
			body->items[i].rule = make_rule(&body->selectors);
			print_rule(buffer, to, body->items[i].rule);
			continue;
		}
		do
			inner = any_point(point->kind);
		while (!selects(&body->selectors, &inner));
		fputs("match ", buffer);
		body->items[i].match = make_body(buffer, to, &body->selectors,
						 &inner, depth - 1);
	}
	fputs("}\n", buffer);
	return body;
}

static void print_file(const char *folder, int index)
{
	struct file *file = &files[index];
	struct selectors any = { .src = -1, .dst = -1, .interface = -1,
				 .method = -1 };
	char path[4096];
	FILE *to, *buffer = open_memstream(&printed, &printed_size);
	struct point point;

	snprintf(path, sizeof(path), index ? "%s/part%d.psl" : "%s/main.psl",
		 folder, index);
	to = fopen(path, "w");
	if (!to || !buffer) {
		perror(path);
		exit(2);
	}
	line = 1;
	if (index == 0 || chance(2))
		fputs("use nk.base._\n", buffer);
	if (index == 0)
		fputs("use nk.basic._ use nk.regex._ use nk.flow._\n"
		      "use nk.hashmap._ use nk.staticmap._ use nk.rbac._\n"
		      "use nk.mic._ use EDL t.Server use EDL t.Client\n"
		      "use EDL t.Other task class t.Mixed : t.Mixed\n", buffer);
	if (index == 0 && n_objects)
		print_objects(buffer);
	file->n = index ? (int)chance(5) : 4 + (int)chance(8) + 8 * n_objects;
	for (int i = 0; i < file->n; i++) {
		if (chance(4) == 0) {
			file->decls[i].use = (int)chance(N_FILES);
			fprintf(buffer, file->decls[i].use ? "use part%d._\n" :
				"use main._\n", file->decls[i].use);
			continue;
		}
		point = any_point((enum kind)(chance(4) ? REQUEST :
					      chance(N_KINDS)));
		any.kind = point.kind;
		exact = n_objects && (focused || chance(12));
		if (exact && n_hits < 128)
			hits[n_hits++] = point;
		fputs(kinds[point.kind], buffer);
		file->decls[i].body = make_body(buffer, to, &any, &point,
						 exact && chance(4) ? 0 : 3);
	}
	flush(buffer, to);
	fclose(buffer);
	free(printed);
	fclose(to);
}

#endif
