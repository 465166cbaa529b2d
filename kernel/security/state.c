/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "state.h"

#include <string.h>

size_t security_state_size(const struct image *image)
{
	return image->n_state_words * sizeof(uint64_t);
}

void security_state_init(const struct image *image,
			 struct security_state *state, void *memory)
{
	size_t size = security_state_size(image);

	state->words = memory;
	if (size > 0)
		memset(memory, 0, size);
}
