/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The last records, each as text and as JSON, to be read by who asks later. A
 * reader has the number of the record it wants next, and nothing is kept for it:
 * one that is too slow misses records, and sees how many.
 */
#ifndef DK_AUDIT_RING_H
#define DK_AUDIT_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/limits.h"

struct ring_record {
	uint32_t at;			/* in .bytes: text, then JSON */
	uint32_t n_text, n_json;
};

struct ring {
	uint64_t first, next;		/* numbers of the oldest, of the one to come */
	uint32_t end;			/* of the newest, in .bytes */
	struct ring_record records[LIMIT_RING_RECORDS];	/* by number */
	char bytes[LIMIT_RING_BYTES];
};

/* An empty one is all zero. */
void ring_put(struct ring *ring, const char *text, size_t n_text,
	      const char *json, size_t n_json);
/* The record NUMBER; NULL: it is gone, or not there yet. */
const struct ring_record *ring_get(const struct ring *ring, uint64_t number);

#endif
