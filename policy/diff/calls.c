/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What the programs of a class may ask of Linux in one image and not in another. */
#include "../image/permits.h"
#include "diff.h"

/* The calls of CLASS in IMAGE that it does not have in OTHER. */
static struct diff_calls only_in(struct arena *arena, const struct image *image,
				 uint32_t class, const struct image *other)
{
	struct diff_calls calls = {
		.class = image_string(image, image->classes[class].name) };
	uint32_t there = image_find_class(other, calls.class);
	struct permits all = permits_of_class(arena, image, class);
	struct permits theirs = { 0 };

	if (there != IMAGE_NONE)
		theirs = permits_of_class(arena, other, there);
	for (size_t i = 0; i < all.n; i++)
		if (!permits_has(&theirs, &all.rules[i]))
			*ARENA_PUSH(arena, calls.texts, calls.n,
				    calls.capacity) =
				permits_text(arena, &all.rules[i]);
	return calls;
}

void diff_system_calls(struct diff *diff)
{
	for (uint32_t i = 0; i < diff->new->n_classes; i++) {
		struct diff_calls calls = only_in(diff->arena, diff->new, i,
						  diff->old);

		if (calls.n)
			*ARENA_PUSH(diff->arena, diff->gained, diff->n_gained,
				    diff->gained_capacity) = calls;
	}
	for (uint32_t i = 0; i < diff->old->n_classes; i++) {
		struct diff_calls calls = only_in(diff->arena, diff->old, i,
						  diff->new);

		if (calls.n)
			*ARENA_PUSH(diff->arena, diff->lost, diff->n_lost,
				    diff->lost_capacity) = calls;
	}
}
