/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Coverage as geninfo(1) describes tracefiles: a record a file, its lines in
 * order. A line is as often reached as what stands on it is at most.
 */
#include <stdlib.h>

#include "test.h"

struct point {
	uint32_t file, line, count;
	uint32_t call;			/* IMAGE_NONE: a binding */
};

struct tracefile {
	const struct coverage *coverage;
	struct point *points;
	size_t n;
	FILE *to;
};

static int compare(const void *left, const void *right)
{
	const struct point *a = left, *b = right;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->call > b->call) - (a->call < b->call);
}

static uint32_t file_of(const struct image *image, uint32_t binding)
{
	return image_selectors(image, &image->bindings[binding])->file;
}

static void collect(struct tracefile *trace)
{
	const struct coverage *coverage = trace->coverage;
	const struct image *image = coverage->image;

	trace->points = arena_alloc(coverage->arena, ((size_t)image->n_bindings +
				    image->n_calls) * sizeof(*trace->points) + 1);
	for (uint32_t i = 0; i < image->n_bindings; i++)
		trace->points[trace->n++] = (struct point){
			.file = file_of(image, i),
			.line = image->bindings[i].line,
			.count = coverage->bindings[i], .call = IMAGE_NONE,
		};
	for (uint32_t i = 0; i < image->n_calls; i++)
		trace->points[trace->n++] = (struct point){
			.file = file_of(image, image->calls[i].binding),
			.line = image->calls[i].line,
			.count = coverage->rules[i].called, .call = i,
		};
	qsort(trace->points, trace->n, sizeof(*trace->points), compare);
}

/* The points of one file, from FIRST to END: its lines. */
static void put_lines(const struct tracefile *trace, size_t first, size_t end)
{
	size_t lines = 0, hit = 0;

	for (size_t i = first, next; i < end; i = next) {
		uint32_t count = 0;

		for (next = i; next < end &&
		     trace->points[next].line == trace->points[i].line; next++)
			if (trace->points[next].count > count)
				count = trace->points[next].count;
		fprintf(trace->to, "DA:%u,%u\n", trace->points[i].line, count);
		lines++;
		hit += count > 0;
	}
	fprintf(trace->to, "LF:%zu\nLH:%zu\n", lines, hit);
}

static void put_count(const struct tracefile *trace, bool reached,
		      uint32_t count)
{
	if (reached)
		fprintf(trace->to, "%u\n", count);
	else
		fputs("-\n", trace->to);
}

static void put_branches(const struct tracefile *trace, size_t first, size_t end)
{
	size_t branches = 0, hit = 0;

	for (size_t i = first; i < end; i++) {
		const struct point *point = &trace->points[i];
		const struct coverage_rule *rule;

		if (point->call == IMAGE_NONE)
			continue;
		rule = &trace->coverage->rules[point->call];
		for (size_t j = 0; j < rule->n; j++) {
			const struct coverage_branch *at = &rule->branches[j];

			fprintf(trace->to, "BRDA:%u,%u,%zu,", point->line,
				point->call, 2 * j);
			put_count(trace, rule->called, at->yes);
			fprintf(trace->to, "BRDA:%u,%u,%zu,", point->line,
				point->call, 2 * j + 1);
			put_count(trace, rule->called, at->no);
			branches += 2;
			hit += (at->yes > 0) + (at->no > 0);
		}
	}
	fprintf(trace->to, "BRF:%zu\nBRH:%zu\n", branches, hit);
}

void coverage_print_lcov(const struct coverage *coverage, FILE *to)
{
	struct tracefile trace = { .coverage = coverage, .to = to };

	collect(&trace);
	for (size_t first = 0, end; first < trace.n; first = end) {
		for (end = first; end < trace.n &&
		     trace.points[end].file == trace.points[first].file; end++)
			;
		fprintf(to, "TN:\nSF:%s\n", image_string(coverage->image,
			trace.points[first].file));
		put_branches(&trace, first, end);
		put_lines(&trace, first, end);
		fputs("end_of_record\n", to);
	}
}
