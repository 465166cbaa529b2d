/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Memory that ends where a page begins that must not be touched, so that a read
   too far is seen without a sanitizer too. */
#ifndef TESTS_GUARDED_H
#define TESTS_GUARDED_H

#include <stddef.h>
#include <stdint.h>

struct guarded {
	uint8_t *map;
	size_t size;		/* mapped, without the page */
};

void guarded_init(struct guarded *guarded, size_t size_max);
void guarded_deinit(struct guarded *guarded);
/* The last SIZE bytes; their content is what it was. */
uint8_t *guarded_last(const struct guarded *guarded, size_t size);

#endif
