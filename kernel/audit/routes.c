/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "routes.h"

bool routes_count(struct routes *routes, const struct event *event,
		  const char *endpoint, const char *method)
{
	uint32_t hash = ((uint32_t)event->kind * 31u + event->src_class) *
			2654435761u;

	hash = (hash ^ event->dst_class) * 2654435761u;
	hash = (hash ^ event->slot) * 2654435761u;
	for (uint32_t i = 0; i < LIMIT_ROUTES; i++) {
		uint32_t place = ((hash >> 16) + i) % LIMIT_ROUTES;
		struct route_count *at = &routes->table[place];

		if (at->n == 0) {
			routes->order[routes->n++] = (uint16_t)place;
			*at = (struct route_count){
				event->kind, event->src_class,
				event->dst_class, event->slot,
				endpoint, method, 1 };
			return true;
		}
		if (at->kind == (uint32_t)event->kind &&
		    at->src_class == event->src_class &&
		    at->dst_class == event->dst_class &&
		    at->slot == event->slot) {
			at->n++;
			return false;
		}
	}
	routes->others++;
	return false;
}

static const char *class_name(const struct image *image, uint32_t index)
{
	return image_string(image, image->classes[index].name);
}

void routes_print(const struct routes *routes, const struct image *image,
		  struct log *log)
{
	if (routes->n > 0)
		log_say(log, "granted, by route:");
	for (uint32_t i = 0; i < routes->n; i++) {
		const struct route_count *at =
			&routes->table[routes->order[i]];

		log_say(log, "%10llu  %-8s %s -> %s%s%s%s%s",
			(unsigned long long)at->n, event_kind_name(at->kind),
			class_name(image, at->src_class),
			class_name(image, at->dst_class),
			at->endpoint ? " " : "",
			at->endpoint ? at->endpoint : "",
			at->method ? "." : "", at->method ? at->method : "");
	}
	if (routes->others)
		log_say(log, "%10llu  of other routes",
			(unsigned long long)routes->others);
}
