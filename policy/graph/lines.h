/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Lines of the policies that an image names. An image may come from anybody and
 * name any file, so only what is called a policy is read: what ends with .psl
 * or .psl.in.
 */
#ifndef DK_GRAPH_LINES_H
#define DK_GRAPH_LINES_H

#include <stdint.h>

#include "../front/source.h"

struct lines_file;

struct lines {			/* .arena is the caller's; the rest begins zero */
	struct arena *arena;
	struct lines_file *files;
};

/* Line LINE (from 1) of PATH without the blanks around it, the arena's; NULL if
   the file cannot be read, is no policy, or has no such line. */
const char *lines_find(struct lines *lines, const char *path, uint32_t line);

#endif
