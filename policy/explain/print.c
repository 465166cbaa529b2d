/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <string.h>

#include "../image/dump.h"
#include "explain.h"

static const char *const results[] = {
	[EVAL_DENIES] = "denied", [EVAL_GRANTS] = "granted",
	[EVAL_FAULTS] = "denied: it could not be computed",
	[EVAL_SKIPS] = "not called",
};

static void put(FILE *to, const char *before, const char *text)
{
	fputs(before, to);
	dump_plain(to, text);
}

void explain_print_event(const struct image *image, const struct ask *ask,
			 FILE *to)
{
	const struct event *event = &ask->event;

	fputs(event_kind_name(event->kind), to);
	put(to, " src=", image_string(image,
				      image->classes[event->src_class].name));
	if (event->kind != EVENT_SECURITY)
		put(to, " dst=", image_string(image,
			image->classes[event->dst_class].name));
	if (ask->endpoint)
		put(to, " endpoint=", image_string(image, ask->endpoint->path));
	if (ask->method)
		put(to, " method=", image_string(image, ask->method->name));
}

static void print_place(const char *file, uint32_t line, FILE *to)
{
	dump_plain(to, file);
	fprintf(to, ":%u: ", line);
}

static void print_binding(const struct image *image, uint32_t index, FILE *to)
{
	print_place(image_binding_file(image, index),
		    image->bindings[index].line, to);
	dump_binding(image, index, to);
}

static const char *result_text(const struct image *image,
			       const struct explain_rule *rule)
{
	bool is_choice = !strcmp(image_call_object(image, rule->call), "choice");

	return is_choice && rule->result == EVAL_DENIES
		? "denied: no case fits" : results[rule->result];
}

static void print_rule(const struct image *image,
		       const struct explain_rule *rule, const char *indent,
		       FILE *to)
{
	const struct image_call *call = rule->call;
	bool fixed = image_rule(image, call)->fixed != CALL_EVAL;

	fprintf(to, "%s  ", indent);
	print_place(image_call_file(image, call), call->line, to);
	put(to, "", image_call_object(image, call));
	put(to, ".", image_call_method(image, call));
	if (fixed)
		fputs(": always ", to);
	else
		put(to, " (", rule->argument ? rule->argument : "...");
	if (!fixed)
		fputs("): ", to);
	if (rule->taken)
		put(to, "case ", rule->taken);
	else
		fputs(result_text(image, rule), to);
	fputc('\n', to);
	for (size_t i = 0; i < rule->n_reads; i++) {
		const struct explain_read *read = &rule->reads[i];

		fprintf(to, "%s      ", indent);
		put(to, "", read->what);
		if (read->value)
			put(to, " = ", read->value);
		else
			fputs(" is not there", to);
		fputc('\n', to);
	}
}

void explain_print_rules(const struct explanation *explanation,
			 const char *indent, FILE *to)
{
	uint32_t binding = IMAGE_NONE;

	if (!explanation->n_rules)
		fprintf(to, "%sno rule was called, so it is denied\n", indent);
	for (uint32_t i = 0; i < explanation->n_rules; i++) {
		const struct explain_rule *rule = &explanation->rules[i];

		if (rule->call->binding != binding) {
			binding = rule->call->binding;
			fputs(indent, to);
			print_binding(explanation->image, binding, to);
			fputc('\n', to);
		}
		print_rule(explanation->image, rule, indent, to);
	}
}

/* ---- where nothing matched ---- */

static void print_miss(const struct image *image,
		       const struct explain_miss *miss, FILE *to)
{
	const char *before = "does not fit by ";

	fputs("  ", to);
	print_binding(image, miss->binding, to);
	fputs(": ", to);
	for (int i = 0; i < SELECT_N; i++) {
		if (!(miss->missed & 1u << i))
			continue;
		fprintf(to, "%s%s", before, selector_names[i]);
		before = ", ";
	}
	fputc('\n', to);
}

static void print_nearest(const struct explanation *explanation, FILE *to)
{
	const struct image *image = explanation->image;
	struct explain_miss nearest[EXPLAIN_NEAREST];
	const char *kind = event_kind_name(explanation->ask->event.kind);
	size_t n = explain_nearest(image, explanation->ask, nearest);

	if (!n) {
		fprintf(to, "the policy binds no %s event\n", kind);
		return;
	}
	fputs("nearest:\n", to);
	for (size_t i = 0; i < n; i++)
		print_miss(image, &nearest[i], to);
}

/* ---- the whole ---- */

static void print_lane(struct arena *arena,
		       const struct explanation *explanation, FILE *to)
{
	const struct event *event = &explanation->ask->event;
	const char *reasons[EXPLAIN_REASONS];
	size_t n;

	if (event->kind == EVENT_EXECUTE || event->kind == EVENT_SECURITY)
		return;
	n = explain_lane(arena, explanation->image, event, reasons);
	fputs(n ? "lane: mediated; the kernel's is not possible:\n"
		: "lane: the kernel's is possible: header-only verdicts, bodies "
		  "of fixed size, no cycle\n", to);
	for (size_t i = 0; i < n; i++)
		put(to, i ? "\n  " : "  ", reasons[i]);
	if (n)
		fputc('\n', to);
}

static void print_verdict(const struct image *image, const struct ask *ask,
			  enum verdict verdict, FILE *to)
{
	fputs(verdict == VERDICT_GRANT ? "granted: " : "denied: ", to);
	explain_print_event(image, ask, to);
	fputc('\n', to);
}

void explain_print(struct arena *arena, const struct explanation *explanation,
		   FILE *to)
{
	for (size_t i = 0; i < explanation->n_before; i++) {
		fputs("before: ", to);
		print_verdict(explanation->image, explanation->before[i].ask,
			      explanation->before[i].verdict, to);
	}
	print_verdict(explanation->image, explanation->ask,
		      explanation->verdict, to);
	explain_print_rules(explanation, "", to);
	if (!explanation->n_rules)
		print_nearest(explanation, to);
	print_lane(arena, explanation, to);
}
