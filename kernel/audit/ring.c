/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "ring.h"

#include <assert.h>
#include <string.h>

static_assert(LIMIT_RING_BYTES >= 4 * LIMIT_RECORD, "a record fits twice");

static struct ring_record *oldest(struct ring *ring)
{
	return &ring->records[ring->first % LIMIT_RING_RECORDS];
}

/* Drops the oldest ones while they lie in [FROM, TO). */
static void make_room(struct ring *ring, uint32_t from, uint32_t to)
{
	while (ring->first < ring->next) {
		struct ring_record *record = oldest(ring);
		uint32_t size = record->n_text + record->n_json;

		if (record->at >= to || record->at + size <= from)
			return;
		ring->first++;
	}
}

void ring_put(struct ring *ring, const char *text, size_t n_text,
	      const char *json, size_t n_json)
{
	uint32_t size = (uint32_t)(n_text + n_json);
	struct ring_record *record;

	assert(n_text <= LIMIT_RECORD && n_json <= LIMIT_RECORD);
	if (ring->next - ring->first == LIMIT_RING_RECORDS)
		ring->first++;
	if (size > LIMIT_RING_BYTES - ring->end) {
		make_room(ring, ring->end, LIMIT_RING_BYTES);
		ring->end = 0;
	}
	make_room(ring, ring->end, ring->end + size);
	record = &ring->records[ring->next++ % LIMIT_RING_RECORDS];
	*record = (struct ring_record){ ring->end, (uint32_t)n_text,
					(uint32_t)n_json };
	memcpy(ring->bytes + ring->end, text, n_text);
	memcpy(ring->bytes + ring->end + n_text, json, n_json);
	ring->end += size;
}

const struct ring_record *ring_get(const struct ring *ring, uint64_t number)
{
	if (number < ring->first || number >= ring->next)
		return NULL;
	return &ring->records[number % LIMIT_RING_RECORDS];
}
