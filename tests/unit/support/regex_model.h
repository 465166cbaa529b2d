/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A second opinion on patterns: no automaton, the pattern's own text is walked
 * again for every repetition, with the set of places where a match may stand.
 * Patterns must be good ones. And random patterns and texts to ask both about.
 */
#ifndef TESTS_REGEX_MODEL_H
#define TESTS_REGEX_MODEL_H

#include <stddef.h>
#include <stdint.h>

#define REGEX_MODEL_TEXT_MAX 63		/* places are the bits of a word */

/* 1 found, 0 not found, -1 it would take too long to say. */
int regex_model_search(const char *pattern, size_t pattern_size,
		       const char *text, size_t text_size);

/* What a random pattern may hold. */
enum regex_model_dialect { REGEX_MODEL_OURS, REGEX_MODEL_POSIX };

/* A good pattern, zero-terminated, at most SIZE - 1 bytes. */
void regex_model_pattern(uint64_t *seed, enum regex_model_dialect dialect,
			 char *pattern, size_t size);
/* A text of at most MAX bytes, of the letters that patterns like. Its size. */
size_t regex_model_text(uint64_t *seed, char *text, size_t max);

#endif
