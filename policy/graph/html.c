/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The page is page.html; its line @DATA@ stands for what is written here. */
#include "graph.h"

#include <string.h>

#include "../front/json.h"
#include "../image/memo.h"
#include "../image/walk.h"
#include "lines.h"

#include "graph_page.h"		/* made from page.html: const char *const page[] */

struct html {
	struct arena *arena;
	const struct image *image;
	const struct graph_never *nevers;
	size_t n_nevers;
	FILE *to;
	struct memo blocks;	/* {first cell, slots} that were written */
	const char *between;	/* what stands before the next element */
};

/* BEFORE the first element of a list, and a comma before each other. */
static void next(struct html *html)
{
	fputs(html->between, html->to);
	html->between = ",";
}

static void begin(struct html *html, const char *name)
{
	fprintf(html->to, ",\n\"%s\":", name);
	html->between = "";
}

static void put_tasks(struct html *html, uint32_t class)
{
	const struct image *image = html->image;
	const char *before = "";

	fputs(",\"tasks\":[", html->to);
	for (uint32_t i = 0; i < image->n_tasks; i++)
		if (image->tasks[i].class_index == class) {
			json_string(html->to, before,
				    image_string(image, image->tasks[i].name));
			before = ",";
		}
	fputc(']', html->to);
}

/* Endpoint and method of each slot. */
static void put_slots(struct html *html, uint32_t class)
{
	const char *endpoint, *method;
	uint32_t n = html->image->classes[class].n_slots;

	fputs(",\"slots\":[", html->to);
	for (uint32_t slot = 0; slot < n; slot++) {
		if (!walk_slot(html->image, class, slot, &endpoint, &method))
			continue;	/* the only one of a class without any */
		json_string(html->to, slot ? ",[" : "[", endpoint);
		json_string(html->to, ",", method);
		fputc(']', html->to);
	}
	fputc(']', html->to);
}

static void put_classes(struct html *html)
{
	const struct image *image = html->image;

	begin(html, "classes");
	fputc('[', html->to);
	for (uint32_t i = 0; i < image->n_classes; i++) {
		next(html);
		json_string(html->to, "\n{\"name\":",
			    image_string(image, image->classes[i].name));
		put_tasks(html, i);
		put_slots(html, i);
		fputc('}', html->to);
	}
	fputc(']', html->to);
}

/* ---- pairs of classes, and the blocks of routes that they share ---- */

static void put_block(void *context, const struct walk_pair *pair)
{
	struct html *html = context;
	const char *before = "[";
	uint32_t key[2] = { pair->first, pair->n_slots }, index;

	if (memo_find(&html->blocks, key, sizeof(key), &index))
		return;
	memo_add(&html->blocks, html->arena, key, sizeof(key), 0);
	next(html);
	fprintf(html->to, "\n\"%u.%u\":", key[0], key[1]);
	for (uint32_t slot = 0; slot < pair->n_slots; slot++) {
		uint32_t route = html->image->cells[pair->first + slot];

		if (route == ROUTE_NONE)
			continue;
		fprintf(html->to, "%s[%u,%u,%u]", before, slot, route >> 30,
			route & ROUTE_ACTION);
		before = ",";
	}
	fputc(']', html->to);
}

static void put_pair(void *context, const struct walk_pair *pair)
{
	struct html *html = context;

	next(html);
	fprintf(html->to, "\n[%u,%u,%u,\"%u.%u\"]", (unsigned)pair->kind,
		pair->src, pair->dst, pair->first, pair->n_slots);
}

/* ---- rules ---- */

static void put_actions(struct html *html)
{
	const struct image *image = html->image;

	begin(html, "actions");
	fputc('[', html->to);
	for (uint32_t i = 0; i < image->n_actions; i++) {
		const struct image_action *action = &image->actions[i];

		next(html);
		for (uint32_t k = 0; k < action->n_calls; k++)
			fprintf(html->to, "%s%u", k ? "," : "\n[",
				image->action_calls[action->calls + k]);
		fputc(']', html->to);
	}
	fputc(']', html->to);
}

static void put_calls(struct html *html)
{
	const struct image *image = html->image;
	struct lines lines = { .arena = html->arena };

	begin(html, "calls");
	fputc('[', html->to);
	for (uint32_t i = 0; i < image->n_calls; i++) {
		const struct image_call *call = &image->calls[i];
		const char *file = image_call_file(image, call);

		next(html);
		json_string(html->to, "\n{\"object\":",
			    image_call_object(image, call));
		json_string(html->to, ",\"method\":",
			    image_call_method(image, call));
		json_string(html->to, ",\"file\":", file);
		json_string(html->to, ",\"text\":",
			    lines_find(&lines, file, call->line));
		fprintf(html->to, ",\"line\":%u}", call->line);
	}
	fputc(']', html->to);
}

/* ---- what may never be ---- */

static void put_chain(struct html *html, const struct proof *proof)
{
	fputs(",\"chain\":[", html->to);
	for (size_t i = 0; i < proof->n; i++)
		fprintf(html->to, "%s[%u,%u,%u,%u]", i ? "," : "",
			(unsigned)proof->chain[i].kind, proof->chain[i].src,
			proof->chain[i].dst, proof->chain[i].slot);
	fputs("]}", html->to);
}

static void put_nevers(struct html *html)
{
	begin(html, "nevers");
	fputc('[', html->to);
	for (size_t i = 0; i < html->n_nevers; i++) {
		const struct graph_never *never = &html->nevers[i];
		struct pos pos = source_origin(never->never->pos);

		next(html);
		json_string(html->to, "\n{\"text\":", never->never->text);
		json_string(html->to, ",\"file\":", pos.source->path);
		fprintf(html->to, ",\"line\":%u", pos.line);
		json_string(html->to, ",\"is\":", !never->proof.counter
			    ? "holds" : never->proof.undecided ? "undecided"
			    : "fails");
		json_string(html->to, ",\"why\":", never->proof.counter);
		put_chain(html, &never->proof);
	}
	fputc(']', html->to);
}

static void put_data(struct html *html, const char *title)
{
	json_string(html->to, "{\"title\":", title);
	put_classes(html);
	begin(html, "blocks");
	fputc('{', html->to);
	walk_pairs(html->image, put_block, html);
	fputc('}', html->to);
	begin(html, "pairs");
	fputc('[', html->to);
	walk_pairs(html->image, put_pair, html);
	fputc(']', html->to);
	put_actions(html);
	put_calls(html);
	put_nevers(html);
	fputs("}\n", html->to);
}

void graph_html(struct arena *arena, const struct image *image,
		const struct graph_never *nevers, size_t n_nevers,
		const char *title, FILE *to)
{
	struct html html = { .arena = arena, .image = image, .to = to,
			     .nevers = nevers, .n_nevers = n_nevers };

	for (size_t i = 0; i < sizeof(page) / sizeof(*page); i++)
		if (!strcmp(page[i], "@DATA@\n"))
			put_data(&html, title);
		else
			fputs(page[i], to);
}
