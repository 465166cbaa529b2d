/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * With --trace: how often each route was granted. The first grant of a route is
 * a record, the others a count in the table at the end. Of fixed size; what does
 * not fit is counted together.
 */
#ifndef DK_AUDIT_ROUTES_H
#define DK_AUDIT_ROUTES_H

#include <assert.h>

#include "audit.h"

struct route_count {
	uint32_t kind, src_class, dst_class, slot;
	const char *endpoint, *method;
	uint64_t n;		/* 0: free */
};

static_assert(LIMIT_ROUTES <= UINT16_MAX, "routes.order");

struct routes {
	struct route_count table[LIMIT_ROUTES];
	uint16_t order[LIMIT_ROUTES];	/* places of the table, first seen first */
	uint32_t n;
	uint64_t others;
};

/* Counts one grant. Returns whether it was the route's first. */
bool routes_count(struct routes *routes, const struct event *event,
		  const char *endpoint, const char *method);
void routes_print(const struct routes *routes, const struct image *image,
		  struct log *log);

#endif
