/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The routing table of a proved image, route by route, with names. */
#ifndef DK_IMAGE_WALK_H
#define DK_IMAGE_WALK_H

#include "../../kernel/security/image.h"

/* An event's kind between two classes, and the block of its routes. */
struct walk_pair {
	enum event_kind kind;
	uint32_t src, dst;	/* classes */
	uint32_t owner;		/* that of the two which has the slots */
	uint32_t first;		/* cell of slot 0 */
	uint32_t n_slots;	/* that such an event may have */
};

/* Calls VISIT for each pair that has a route: by kind, src, dst. */
void walk_pairs(const struct image *image,
		void (*visit)(void *context, const struct walk_pair *pair),
		void *context);

/*
 * What is at SLOT of class OWNER: 1 and the endpoint's path ("" for the
 * security interface) and the method's name, or 0 when nothing is.
 */
int walk_slot(const struct image *image, uint32_t owner, uint32_t slot,
	      const char **endpoint, const char **method);

#endif
