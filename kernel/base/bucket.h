/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A token bucket: so many at once, then so many a second. */
#ifndef DK_BASE_BUCKET_H
#define DK_BASE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

struct bucket {
	uint64_t milli;		/* thousandths of a token there are */
	uint64_t at_ms;		/* when that was so */
	uint32_t burst, rate;
	uint64_t refused;	/* since the last bucket_refused */
};

static inline void bucket_init(struct bucket *bucket, uint32_t burst,
			       uint32_t rate, uint64_t now_ms)
{
	*bucket = (struct bucket){ .milli = (uint64_t)burst * 1000,
				   .at_ms = now_ms, .burst = burst,
				   .rate = rate };
}

static inline void bucket_fill(struct bucket *bucket, uint64_t now_ms)
{
	uint64_t most = (uint64_t)bucket->burst * 1000;
	uint64_t passed = now_ms - bucket->at_ms;

	if (passed > most)
		passed = most;
	bucket->at_ms = now_ms;
	bucket->milli += passed * bucket->rate;
	if (bucket->milli > most)
		bucket->milli = most;
}

static inline bool bucket_take(struct bucket *bucket, uint64_t now_ms)
{
	bucket_fill(bucket, now_ms);
	if (bucket->milli < 1000) {
		bucket->refused++;
		return false;
	}
	bucket->milli -= 1000;
	return true;
}

#endif
