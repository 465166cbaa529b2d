/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Where no binding fits: those that miss least. */
#include <string.h>

#include "explain.h"

static bool is_class(uint16_t selected, uint32_t class)
{
	return selected == IMAGE_CLASS_ANY || selected == class;
}

static bool is_text(const struct image *image, uint32_t selected,
		    const char *text)
{
	return !selected ||
	       (text && !strcmp(image_string(image, selected), text));
}

static bool is_inside(const struct image *image, uint32_t component,
		      const char *path)
{
	const char *name = image_string(image, component);
	size_t size = strlen(name);

	return !component ||
	       (path && !strncmp(path, name, size) && path[size] == '.');
}

static uint32_t interface_of(const struct image *image, const struct ask *ask)
{
	if (ask->endpoint)
		return ask->endpoint->interface;
	return ask->event.kind == EVENT_SECURITY
	       ? image->classes[ask->event.src_class].security : IMAGE_NONE;
}

static unsigned count(unsigned bits)
{
	return (unsigned)__builtin_popcount(bits);
}

static unsigned find_missed(const struct image *image, const struct ask *ask,
			    const struct image_binding *binding)
{
	const struct image_selectors *selectors =
		image_selectors(image, binding);
	const char *path = ask->endpoint
			   ? image_string(image, ask->endpoint->path) : NULL;
	const char *method = ask->method
			     ? image_string(image, ask->method->name) : NULL;
	uint32_t interface = interface_of(image, ask);
	const char *name = interface == IMAGE_NONE ? NULL :
		image_string(image, image->interfaces[interface].name);
	const bool fits[SELECT_N] = {
		[SELECT_SRC] = is_class(binding->src, ask->event.src_class),
		[SELECT_DST] = is_class(binding->dst, ask->event.dst_class),
		[SELECT_INTERFACE] = is_text(image, selectors->interface, name),
		[SELECT_COMPONENT] = is_inside(image, selectors->component,
						path),
		[SELECT_ENDPOINT] = is_text(image, selectors->endpoint, path),
		[SELECT_METHOD] = is_text(image, selectors->method, method),
	};
	unsigned missed = 0;

	for (int i = 0; i < SELECT_N; i++)
		missed |= fits[i] ? 0 : 1u << i;
	return missed;
}

/* NEAREST holds N, the ones that miss least first. */
static size_t keep(struct explain_miss nearest[EXPLAIN_NEAREST], size_t n,
		   struct explain_miss miss)
{
	size_t at = n;

	while (at && count(nearest[at - 1].missed) > count(miss.missed))
		at--;
	if (at == EXPLAIN_NEAREST)
		return n;
	if (n == EXPLAIN_NEAREST)
		n--;
	memmove(&nearest[at + 1], &nearest[at], (n - at) * sizeof(*nearest));
	nearest[at] = miss;
	return n + 1;
}

size_t explain_nearest(const struct image *image, const struct ask *ask,
		       struct explain_miss nearest[EXPLAIN_NEAREST])
{
	size_t n = 0, near = 0;

	for (uint32_t i = 0; i < image->n_bindings; i++) {
		const struct image_binding *binding = &image->bindings[i];
		struct explain_miss miss = { .binding = i };

		if (image_selectors(image, binding)->kind != ask->event.kind)
			continue;
		miss.missed = find_missed(image, ask, binding);
		n = keep(nearest, n, miss);
	}
	while (near < n &&
	       count(nearest[near].missed) == count(nearest[0].missed))
		near++;
	return near;
}
