/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "dump.h"

static void dump_slot(const struct image *image, uint32_t owner, uint32_t slot,
		      FILE *to)
{
	const struct image_class *class = &image->classes[owner];
	const struct image_endpoint *endpoint =
		image_slot_endpoint(image, owner, slot);
	const struct image_interface *interface;
	uint32_t mid;

	if (endpoint) {
		interface = &image->interfaces[endpoint->interface];
		mid = slot - endpoint->slot;
		dump_name(to, image, " ", endpoint->path, "");
	} else if (class->security != IMAGE_NONE) {
		interface = &image->interfaces[class->security];
		mid = slot - class->security_slot;
		fputs(" security", to);
	} else {
		return;
	}
	/* The one slot of a class without a method is nobody's. */
	if (mid >= interface->n_methods)
		return;
	dump_name(to, image, ".",
		  image->methods[interface->methods + mid].name, "");
}

static void dump_route(const struct image *image, uint32_t route, FILE *to)
{
	const struct image_action *action =
		&image->actions[route & ROUTE_ACTION];
	const char *how = (route & ROUTE_HOW) == ROUTE_GRANT ? "grant"
			  : (route & ROUTE_HOW) == ROUTE_DENY ? "deny" : "eval";

	fprintf(to, ": %s, rule%s", how, action->n_calls == 1 ? "" : "s");
	for (uint32_t i = 0; i < action->n_calls; i++)
		fprintf(to, " %u", image->action_calls[action->calls + i]);
	fputc('\n', to);
}

static void dump_pair(const struct image *image, enum event_kind kind,
		      uint32_t src, uint32_t dst, FILE *to)
{
	size_t n = image->n_classes;
	uint32_t first = image->pairs[((kind - 1) * n + src) * n + dst];
	bool owns_dst = kind == EVENT_EXECUTE || kind == EVENT_REQUEST;
	uint32_t owner = owns_dst ? dst : src;
	uint32_t end = kind == EVENT_EXECUTE ? 1
		       : image->classes[owner].n_slots;

	for (uint32_t slot = 0; slot < end; slot++) {
		uint32_t route = image->cells[first + slot];

		if (route == ROUTE_NONE)
			continue;
		fprintf(to, "  %s", event_kind_name(kind));
		dump_name(to, image, " ", image->classes[src].name, "");
		if (kind != EVENT_SECURITY)
			dump_name(to, image, " -> ", image->classes[dst].name,
				  "");
		if (kind != EVENT_EXECUTE)
			dump_slot(image, owner, slot, to);
		dump_route(image, route, to);
	}
}

void dump_routes(const struct image *image, FILE *to)
{
	fputs("\nroutes (all others are denied)\n", to);
	for (int kind = EVENT_EXECUTE; kind < EVENT_N; kind++)
		for (uint32_t src = 0; src < image->n_classes; src++)
			for (uint32_t dst = 0; dst < image->n_classes; dst++)
				dump_pair(image, (enum event_kind)kind, src,
					  dst, to);
}
