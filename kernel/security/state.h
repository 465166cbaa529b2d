/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The state of the policy's objects: one flat block of words, laid out by the
 * image, that holds no address. So who wants to go back copies it: memcpy saves
 * and restores it, memcmp compares it. Its end is the journal of the event that
 * is being decided, all zero between events.
 */
#ifndef DK_SECURITY_STATE_H
#define DK_SECURITY_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image.h"

/* Words that one event may change; one that needs more cannot be computed. */
#define STATE_JOURNAL_MAX 16384u

struct security_state {
	uint64_t *words;	/* the caller's; NULL if the image needs none */
};

/* Bytes of the block; at most IMAGE_STATE_MAX, and 0 if there is no object. */
size_t security_state_size(const struct image *image);
/* The initial state in MEMORY: 8-aligned, as large as security_state_size says,
   the caller's, and to be kept as long as STATE. */
void security_state_init(const struct image *image,
			 struct security_state *state, void *memory);

/* ---- for the engine ---- */

/* The state while an event is decided: every change can be undone. */
struct state_view {
	uint64_t *words;	/* NULL: there is none, and objects fault */
	uint64_t *journal;	/* pairs: which word, what it was */
	uint32_t n, max;	/* pairs */
	bool full;		/* a change was not made */
	uint8_t saw;		/* 1 + the state that a Flow's rule found, or 0 */
};

void state_keep(struct state_view *view);
void state_undo(struct state_view *view);

static inline void state_begin(struct state_view *view,
			       const struct image *image,
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

static inline void state_put(struct state_view *view, size_t at, uint64_t word)
{
	if (view->n == view->max) {
		view->full = true;
		return;
	}
	view->journal[2 * view->n] = at;
	view->journal[2 * view->n + 1] = view->words[at];
	view->n++;
	view->words[at] = word;
}

#endif
