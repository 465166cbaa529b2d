/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "diff.h"

#include <stdlib.h>
#include <string.h>

#include "../image/memo.h"
#include "../image/walk.h"

/* One image as seen from the other: where its classes and slots are there. */
struct side {
	const struct image *image, *other;
	uint32_t *classes;		/* IMAGE_NONE: not there */
	uint32_t **slots;		/* by class, when they were asked for */
};

struct walker {
	struct diff *diff;
	struct side side;		/* of the image that is walked */
	bool backwards;			/* the old one is */
	struct memo *same;		/* actions that were compared */
};

/* ---- from one image to the other ---- */

static struct side look_from(struct arena *arena, const struct image *image,
			     const struct image *other)
{
	struct side side = {
		.image = image, .other = other,
		.classes = arena_alloc(arena, image->n_classes *
				       sizeof(*side.classes)),
		.slots = arena_alloc(arena, image->n_classes *
				     sizeof(*side.slots)),
	};

	for (uint32_t i = 0; i < image->n_classes; i++)
		side.classes[i] = image_find_class(other, image_string(image,
						   image->classes[i].name));
	return side;
}

static uint32_t find_slot(const struct image *image, uint32_t owner,
			  const char *endpoint, const char *method)
{
	for (uint32_t slot = 0; slot < image->classes[owner].n_slots; slot++) {
		const char *path, *name;

		if (walk_slot(image, owner, slot, &path, &name) &&
		    !strcmp(path, endpoint) && !strcmp(name, method))
			return slot;
	}
	return IMAGE_NONE;
}

/* The other image's slot for SLOT of class OWNER. */
static uint32_t other_slot(struct arena *arena, struct side *side,
			   uint32_t owner, uint32_t slot)
{
	uint32_t n = side->image->classes[owner].n_slots;
	uint32_t other = side->classes[owner];

	if (other == IMAGE_NONE)
		return IMAGE_NONE;
	if (!side->slots[owner]) {
		uint32_t *slots = arena_alloc(arena, n * sizeof(*slots));

		for (uint32_t i = 0; i < n; i++) {
			const char *path, *name;

			slots[i] = walk_slot(side->image, owner, i, &path,
					     &name)
				   ? find_slot(side->other, other, path, name)
				   : IMAGE_NONE;
		}
		side->slots[owner] = slots;
	}
	return side->slots[owner][slot];
}

static const struct image_method *slot_method(const struct image *image,
					      uint32_t owner, uint32_t slot)
{
	const struct image_class *class = &image->classes[owner];
	const struct image_endpoint *endpoint =
		image_slot_endpoint(image, owner, slot);
	uint32_t first;

	if (endpoint)
		return image_method(image, endpoint, slot - endpoint->slot);
	first = image->interfaces[class->security].methods;
	return &image->methods[first + slot - class->security_slot];
}

/* The route of the same event in the other image. */
static struct diff_side find_other(struct arena *arena, struct side *side,
				   const struct walk_pair *pair, uint32_t slot)
{
	const struct image *other = side->other;
	uint32_t src = side->classes[pair->src], dst = side->classes[pair->dst];
	struct diff_side found = { .image = other, .route = ROUTE_NONE };
	size_t n = other->n_classes, at;

	if (pair->kind != EVENT_EXECUTE)
		slot = other_slot(arena, side, pair->owner, slot);
	if (src == IMAGE_NONE || dst == IMAGE_NONE || slot == IMAGE_NONE)
		return found;
	at = (((size_t)pair->kind - 1) * n + src) * n + dst;
	found.route = other->cells[other->pairs[at] + slot];
	if (pair->kind != EVENT_EXECUTE)
		found.method = slot_method(other, side->classes[pair->owner],
					   slot);
	return found;
}

/* ---- what has changed ---- */

enum answer { NEVER, BY_RULES, ALWAYS };

static enum answer answer_of(uint32_t route)
{
	uint32_t how = route & ROUTE_HOW;

	return how == ROUTE_GRANT ? ALWAYS : how == ROUTE_EVAL ? BY_RULES
							       : NEVER;
}

/* Rules of two actions are compared once for each pair of methods. */
static bool same_rules(struct walker *walker, enum event_kind kind,
		       const struct diff_side *old, const struct diff_side *new)
{
	const uint64_t key[] = {
		kind, old->route, new->route,
		old->method ? (uint64_t)(old->method - old->image->methods) : 0,
		new->method ? (uint64_t)(new->method - new->image->methods) : 0,
	};
	uint32_t same;

	if (memo_find(walker->same, key, sizeof(key), &same))
		return same;
	same = diff_same_rules(walker->diff->arena, kind, old, new);
	memo_add(walker->same, walker->diff->arena, key, sizeof(key), same);
	return same;
}

/* DIFF_N: nothing. */
static enum diff_change compare(struct walker *walker, enum event_kind kind,
				const struct diff_side *old,
				const struct diff_side *new)
{
	static const enum diff_change changes[3][3] = {
		[NEVER] = { DIFF_N, DIFF_MAY_GRANT, DIFF_GRANTED },
		[BY_RULES] = { DIFF_MAY_DENY, DIFF_RULES, DIFF_MAY_GRANT },
		[ALWAYS] = { DIFF_DENIED, DIFF_MAY_DENY, DIFF_N },
	};
	enum answer before = answer_of(old->route), now = answer_of(new->route);

	if (before == BY_RULES && now == BY_RULES &&
	    same_rules(walker, kind, old, new))
		return DIFF_N;
	return changes[before][now];
}

static void visit(void *context, const struct walk_pair *pair)
{
	struct walker *walker = context;
	struct diff *diff = walker->diff;
	const struct image *image = walker->side.image;

	for (uint32_t slot = 0; slot < pair->n_slots; slot++) {
		struct diff_event event = { .kind = pair->kind };
		struct diff_side here = {
			.image = image,
			.route = image->cells[pair->first + slot],
		};
		struct diff_side there;

		if (here.route == ROUTE_NONE)
			continue;
		if (pair->kind != EVENT_EXECUTE) {
			if (!walk_slot(image, pair->owner, slot,
				       &event.endpoint, &event.method))
				continue;
			here.method = slot_method(image, pair->owner, slot);
		}
		there = find_other(diff->arena, &walker->side, pair, slot);
		/* The second walk is for what the first has not met. */
		if (walker->backwards && there.route != ROUTE_NONE)
			continue;
		event.old = walker->backwards ? here : there;
		event.new = walker->backwards ? there : here;
		event.change = compare(walker, pair->kind, &event.old,
				       &event.new);
		if (event.change == DIFF_N)
			continue;
		event.src = image_string(image, image->classes[pair->src].name);
		event.dst = image_string(image, image->classes[pair->dst].name);
		diff->counts[event.change]++;
		*ARENA_PUSH(diff->arena, diff->events, diff->n,
			    diff->capacity) = event;
	}
}

/* Stable: the images' order stays inside of a change. */
static void sort_by_change(struct diff *diff)
{
	struct diff_event *sorted = arena_alloc(diff->arena,
						diff->n * sizeof(*sorted) + 1);
	size_t n = 0;

	for (int change = 0; change < DIFF_N; change++)
		for (size_t i = 0; i < diff->n; i++)
			if (diff->events[i].change == (enum diff_change)change)
				sorted[n++] = diff->events[i];
	diff->events = sorted;
}

void diff_images(struct diff *diff)
{
	struct memo same = { 0 };
	struct walker walker = { .diff = diff, .same = &same };

	walker.side = look_from(diff->arena, diff->new, diff->old);
	walk_pairs(diff->new, visit, &walker);
	walker.backwards = true;
	walker.side = look_from(diff->arena, diff->old, diff->new);
	walk_pairs(diff->old, visit, &walker);
	sort_by_change(diff);
	diff_system_calls(diff);
}

bool diff_grants(const struct diff *diff)
{
	return diff->counts[DIFF_GRANTED] || diff->counts[DIFF_MAY_GRANT] ||
	       diff->counts[DIFF_RULES] || diff->n_gained;
}
