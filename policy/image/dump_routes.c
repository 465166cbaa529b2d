/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "dump.h"
#include "walk.h"

struct dump {
	const struct image *image;
	FILE *to;
};

static void dump_slot(const struct dump *dump, uint32_t owner, uint32_t slot)
{
	const char *endpoint, *method;

	if (!walk_slot(dump->image, owner, slot, &endpoint, &method))
		return;
	fputc(' ', dump->to);
	dump_escaped(dump->to, *endpoint ? endpoint : "security", "\\");
	fputc('.', dump->to);
	dump_escaped(dump->to, method, "\\");
}

static void dump_rules(const struct dump *dump, uint32_t route)
{
	const struct image *image = dump->image;
	const struct image_action *action =
		&image->actions[route & ROUTE_ACTION];
	const char *how = (route & ROUTE_HOW) == ROUTE_GRANT ? "grant"
			  : (route & ROUTE_HOW) == ROUTE_DENY ? "deny" : "eval";

	fprintf(dump->to, ": %s, rule%s", how, action->n_calls == 1 ? "" : "s");
	for (uint32_t i = 0; i < action->n_calls; i++)
		fprintf(dump->to, " %u",
			image->action_calls[action->calls + i]);
	dump_audited(image, action->granted, dump->to);
	fputc('\n', dump->to);
}

static void dump_pair(void *context, const struct walk_pair *pair)
{
	const struct dump *dump = context;
	const struct image *image = dump->image;

	for (uint32_t slot = 0; slot < pair->n_slots; slot++) {
		uint32_t route = image->cells[pair->first + slot];

		if (route == ROUTE_NONE)
			continue;
		fprintf(dump->to, "  %s", event_kind_name(pair->kind));
		dump_name(dump->to, image, " ",
			  image->classes[pair->src].name, "");
		if (pair->kind != EVENT_SECURITY)
			dump_name(dump->to, image, " -> ",
				  image->classes[pair->dst].name, "");
		if (pair->kind != EVENT_EXECUTE)
			dump_slot(dump, pair->owner, slot);
		dump_rules(dump, route);
	}
}

void dump_routes(const struct image *image, FILE *to)
{
	struct dump dump = { image, to };

	fputs("\nroutes (all others are denied)\n", to);
	walk_pairs(image, dump_pair, &dump);
}
