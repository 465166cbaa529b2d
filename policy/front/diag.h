/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Diagnostics of a run: collected as they are found, printed once at the end,
 * ordered by file and place, without repeats. Each is printed as
 *   FILE:LINE:COLUMN: error: what was found, what was expected
 * then the source line, then a caret line. In colour on a terminal only.
 */
#ifndef DK_FRONT_DIAG_H
#define DK_FRONT_DIAG_H

#include <stdio.h>

#include "source.h"

enum diag_level { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

struct diags;

struct diags *diags_new(struct arena *arena);
/* A note belongs to the error or warning before it. */
void diag_error(struct diags *diags, struct pos where, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diag_warning(struct diags *diags, struct pos where, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diag_note(struct diags *diags, struct pos where, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
size_t diags_errors(const struct diags *diags);
/* Prints all, returns the number of errors. COLOUR: 0 or 1. */
size_t diags_print(const struct diags *diags, FILE *to, int colour);

/* The candidate nearest to NAME (edit distance <= 2 and < half), or NULL. */
const char *diag_nearest(const char *name, const char *const *candidates,
			 size_t n);

#endif
