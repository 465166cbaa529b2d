/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Two images, and every event whose verdict the second may change. They are
 * compared by names: of classes, endpoints, methods, parameters. What one of
 * them does not have is denied there.
 */
#ifndef DK_DIFF_H
#define DK_DIFF_H

#include <stdbool.h>
#include <stdio.h>

#include "../../kernel/security/image.h"
#include "../front/arena.h"

/* What may become of an event, the most dangerous first. */
enum diff_change {
	DIFF_GRANTED,		/* denied -> granted */
	DIFF_MAY_GRANT,		/* denied -> by rules, by rules -> granted */
	DIFF_RULES,		/* by rules -> by other rules */
	DIFF_MAY_DENY,		/* granted -> by rules, by rules -> denied */
	DIFF_DENIED,		/* granted -> denied */
	DIFF_N
};

/* One side of an event: .route is ROUTE_NONE where there is no such event. */
struct diff_side {
	const struct image *image;
	uint32_t route;
	const struct image_method *method;	/* or NULL */
};

struct diff_event {
	enum diff_change change;
	enum event_kind kind;
	const char *src, *dst;			/* classes */
	const char *endpoint, *method;		/* NULL: execute; "": security */
	struct diff_side old, new;
};

/* System calls of a class, as text: a program that it has may make them. */
struct diff_calls {
	const char *class;
	const char **texts;
	size_t n, capacity;
};

struct diff {
	struct arena *arena;
	const struct image *old, *new;
	struct diff_event *events;	/* by change, then as the images have
					   them */
	size_t n, capacity;
	size_t counts[DIFF_N];
	struct diff_calls *gained, *lost;	/* of classes that did */
	size_t n_gained, gained_capacity, n_lost, lost_capacity;
};

void diff_images(struct diff *diff);
/* Whether something may be granted, or done, that was not. */
bool diff_grants(const struct diff *diff);

/* calls.c: fills .gained and .lost. */
void diff_system_calls(struct diff *diff);

/* rules.c: whether the rules of two routes say the same. */
bool diff_same_rules(struct arena *arena, enum event_kind kind,
		     const struct diff_side *old, const struct diff_side *new);
/* The argument of a rule in words, "..." if there are none. */
const char *diff_argument(struct arena *arena, enum event_kind kind,
			  const struct diff_side *side,
			  const struct image_call *call);

/* print.c, json.c */
void diff_print(const struct diff *diff, FILE *to);
void diff_print_json(const struct diff *diff, FILE *to);

#endif
