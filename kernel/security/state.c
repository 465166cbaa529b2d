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

void state_begin(struct state_view *view, const struct image *image,
		 const struct security_state *state)
{
	view->words = state && image->n_state_words > 0 ? state->words : NULL;
	view->journal = view->words ? view->words + image->n_state_words -
				      2 * (size_t)image->n_journal : NULL;
	view->n = 0;
	view->max = image->n_journal;
	view->full = false;
	view->saw = 0;
}

/* The journal is zero again, so that equal states are equal blocks. */
void state_keep(struct state_view *view)
{
	if (view->n > 0)
		memset(view->journal, 0, view->n * 2 * sizeof(uint64_t));
	view->n = 0;
}

void state_undo(struct state_view *view)
{
	for (uint32_t i = view->n; i-- > 0;)
		view->words[view->journal[2 * i]] = view->journal[2 * i + 1];
	state_keep(view);
}
