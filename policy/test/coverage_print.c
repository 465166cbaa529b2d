/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What no test has reached: the outermost of it alone, in order of text. */
#include "../image/dump.h"
#include "test.h"

static void print_place(const char *file, uint32_t line, FILE *to)
{
	fputs("#   ", to);
	dump_plain(to, file);
	fprintf(to, ":%u: ", line);
}

static void print_missed(const struct coverage *coverage, uint32_t index,
			 const char *what, const char *text, const char *never,
			 FILE *to)
{
	const struct image *image = coverage->image;
	const struct image_call *call = &image->calls[index];

	print_place(image_call_file(image, call), call->line, to);
	fputs(what, to);
	dump_plain(to, text);
	fprintf(to, " was never %s\n", never);
}

static void print_branches(const struct coverage *coverage, uint32_t index,
			   FILE *to)
{
	const struct image *image = coverage->image;
	const struct image_call *call = &image->calls[index];
	const struct coverage_rule *rule = &coverage->rules[index];
	const char **what = arena_alloc(coverage->arena,
		image_rule(image, call)->n_insns * sizeof(*what) + 1);
	const char *argument = explain_argument(coverage->arena, image, call,
						rule->method, rule->part, what);
	const char *name = arena_printf(coverage->arena, "%s.%s (%s)",
		image_call_object(image, call),
		image_call_method(image, call), argument ? argument : "...");

	for (size_t i = 0; i < rule->n; i++) {
		const struct coverage_branch *branch = &rule->branches[i];
		bool result = branch->insn == IMAGE_NONE;
		const char *text = result ? name : what[branch->insn];

		if (!text)
			text = "a condition";
		if (!branch->yes)
			print_missed(coverage, index, "", text, result
				     ? "granted" : "true", to);
		if (!branch->no)
			print_missed(coverage, index, "", text, result
				     ? "denied" : "false", to);
	}
}

static void print_rule(const struct coverage *coverage, uint32_t index,
		       FILE *to)
{
	const struct image *image = coverage->image;
	const struct image_call *call = &image->calls[index];

	if (!coverage->rules[index].called)
		print_missed(coverage, index, "", arena_printf(coverage->arena,
			"%s.%s", image_call_object(image, call),
			image_call_method(image, call)), "called", to);
	else
		print_branches(coverage, index, to);
}

static void print_binding(const struct coverage *coverage, uint32_t index,
			  FILE *to)
{
	const struct image *image = coverage->image;

	print_place(image_binding_file(image, index),
		    image->bindings[index].line, to);
	dump_binding(image, index, to);
	fputs(": no event matched\n", to);
}

void coverage_print(const struct coverage *coverage, FILE *to)
{
	const struct image *image = coverage->image;
	struct coverage_sum all, reached;
	uint32_t share = coverage_count(coverage, &all, &reached);
	uint32_t said = IMAGE_NONE;

	fprintf(to, "# coverage: %u.%02u %%: %u of %u bindings, %u of %u rules, "
		"%u of %u branches\n", share / 100, share % 100,
		reached.bindings, all.bindings, reached.rules, all.rules,
		reached.branches, all.branches);
	for (uint32_t i = 0; i < image->n_calls; i++) {
		uint32_t binding = image->calls[i].binding;

		if (coverage->bindings[binding]) {
			print_rule(coverage, i, to);
		} else if (binding != said) {
			print_binding(coverage, binding, to);
			said = binding;
		}
	}
}
