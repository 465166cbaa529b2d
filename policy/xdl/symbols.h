/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A table from names to what they stand for; it grows in the arena. */
#ifndef DK_XDL_SYMBOLS_H
#define DK_XDL_SYMBOLS_H

#include "../front/arena.h"

struct symbols;

struct symbols *symbols_new(struct arena *arena);
void *symbols_find(const struct symbols *symbols, const char *name);	/* or NULL */
/*
 * Makes NAME stand for VALUE (not NULL). Returns what it stood for already,
 * which stays, or NULL. NAME is borrowed.
 */
void *symbols_add(struct symbols *symbols, const char *name, void *value);
size_t symbols_count(const struct symbols *symbols);
const char *const *symbols_list(const struct symbols *symbols); /* order of adding */

#endif
