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

/* The journal is zero again, so that equal states are equal blocks. */
void state_keep(struct state_view *view)
{
	for (uint32_t i = 0; i < 2 * view->n; i++)
		view->journal[i] = 0;
	view->n = 0;
}

void state_undo(struct state_view *view)
{
	for (uint32_t i = view->n; i-- > 0;)
		view->words[view->journal[2 * i]] = view->journal[2 * i + 1];
	state_keep(view);
}
