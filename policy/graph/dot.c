/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "graph.h"

#include <stdbool.h>

#include "../image/walk.h"

#define METHODS_SHOWN 6u	/* of one arrow; the others are counted */

struct dot {
	const struct image *image;
	FILE *to;
};

/* A string of DOT: quotes and backslashes, and nothing that is no letter. */
static void put_text(FILE *to, const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c == '"' || *c == '\\')
			fputc('\\', to);
		fputc(*c < 0x20 || *c == 0x7f ? '?' : *c, to);
	}
}

static void put_class(const struct dot *dot, uint32_t class)
{
	fputc('"', dot->to);
	put_text(dot->to,
		 image_string(dot->image, dot->image->classes[class].name));
	fputc('"', dot->to);
}

/* The methods that may be granted, a line each; whether one of them always is. */
static void put_methods(const struct dot *dot, const struct walk_pair *pair,
			bool *certain)
{
	const char *endpoint, *method;
	uint32_t n = 0;

	*certain = false;
	for (uint32_t slot = 0; slot < pair->n_slots; slot++) {
		uint32_t how = dot->image->cells[pair->first + slot] & ROUTE_HOW;

		if (how != ROUTE_GRANT && how != ROUTE_EVAL)
			continue;
		*certain = *certain || how == ROUTE_GRANT;
		if (n++ >= METHODS_SHOWN || pair->kind == EVENT_EXECUTE ||
		    !walk_slot(dot->image, pair->owner, slot, &endpoint,
			       &method))
			continue;
		put_text(dot->to, endpoint);
		fputc('.', dot->to);
		put_text(dot->to, method);
		fputs("\\n", dot->to);
	}
	if (n > METHODS_SHOWN)
		fprintf(dot->to, "and %u more", n - METHODS_SHOWN);
}

static bool may_happen(const struct image *image, const struct walk_pair *pair)
{
	for (uint32_t slot = 0; slot < pair->n_slots; slot++) {
		uint32_t how = image->cells[pair->first + slot] & ROUTE_HOW;

		if (how == ROUTE_GRANT || how == ROUTE_EVAL)
			return true;
	}
	return false;
}

static void put_pair(void *context, const struct walk_pair *pair)
{
	const struct dot *dot = context;
	bool execute = pair->kind == EVENT_EXECUTE, certain;

	if ((!execute && pair->kind != EVENT_REQUEST) ||
	    !may_happen(dot->image, pair))
		return;
	fputc('\t', dot->to);
	put_class(dot, pair->src);
	fputs(" -> ", dot->to);
	put_class(dot, pair->dst);
	fputs(" [label=\"", dot->to);
	put_methods(dot, pair, &certain);
	fprintf(dot->to, "\"%s%s];\n", execute ? ", color=gray60" : "",
		!certain ? ", style=dashed" : execute ? ", style=dotted" : "");
}

void graph_dot(const struct image *image, const char *title, FILE *to)
{
	struct dot dot = { .image = image, .to = to };

	fputs("digraph \"", to);
	put_text(to, title);
	fputs("\" {\n\trankdir=LR;\n"
	      "\tnode [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
	      "\tedge [fontname=\"sans-serif\", fontsize=10];\n", to);
	for (uint32_t i = 0; i < image->n_classes; i++) {
		fputc('\t', to);
		put_class(&dot, i);
		fputs(";\n", to);
	}
	walk_pairs(image, put_pair, &dot);
	fputs("}\n", to);
}
