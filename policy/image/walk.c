/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "walk.h"

#include <stdbool.h>
#include <stddef.h>

static struct walk_pair find_pair(const struct image *image,
				  enum event_kind kind, uint32_t src,
				  uint32_t dst)
{
	bool owns_dst = kind == EVENT_EXECUTE || kind == EVENT_REQUEST;
	struct walk_pair pair = {
		.kind = kind, .src = src, .dst = dst,
		.owner = owns_dst ? dst : src, .n_slots = 1,
	};
	size_t n = image->n_classes;

	pair.first = image->pairs[((kind - 1) * n + src) * n + dst];
	if (kind != EVENT_EXECUTE)
		pair.n_slots = image->classes[pair.owner].n_slots;
	return pair;
}

static bool has_route(const struct image *image, const struct walk_pair *pair)
{
	for (uint32_t slot = 0; slot < pair->n_slots; slot++)
		if (image->cells[pair->first + slot] != ROUTE_NONE)
			return true;
	return false;
}

void walk_pairs(const struct image *image,
		void (*visit)(void *context, const struct walk_pair *pair),
		void *context)
{
	for (int kind = EVENT_EXECUTE; kind < EVENT_N; kind++)
		for (uint32_t src = 0; src < image->n_classes; src++)
			for (uint32_t dst = 0; dst < image->n_classes; dst++) {
				struct walk_pair pair =
					find_pair(image, (enum event_kind)kind,
						  src, dst);

				if (has_route(image, &pair))
					visit(context, &pair);
			}
}

int walk_slot(const struct image *image, uint32_t owner, uint32_t slot,
	      const char **endpoint, const char **method)
{
	const struct image_class *class = &image->classes[owner];
	const struct image_endpoint *at =
		image_slot_endpoint(image, owner, slot);
	const struct image_interface *interface;
	uint32_t mid;

	*endpoint = "";
	if (at) {
		interface = &image->interfaces[at->interface];
		mid = slot - at->slot;
		*endpoint = image_string(image, at->path);
	} else if (class->security != IMAGE_NONE) {
		interface = &image->interfaces[class->security];
		mid = slot - class->security_slot;
	} else {
		return 0;
	}
	/* The one slot of a class without a method is nobody's. */
	if (mid >= interface->n_methods)
		return 0;
	*method = image_string(image,
			       image->methods[interface->methods + mid].name);
	return 1;
}
