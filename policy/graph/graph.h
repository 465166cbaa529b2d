/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A policy as a picture, from the very table that the daemon uses: classes are
 * nodes, what may be granted are edges. A proved image in, text out.
 */
#ifndef DK_GRAPH_H
#define DK_GRAPH_H

#include <stdio.h>

#include "../../kernel/security/image.h"
#include "../prove/prove.h"

/* DOT, Graphviz's language: requests, and who starts whom. */
void graph_dot(const struct image *image, const char *title, FILE *to);

/* What a policy says may never be, and what was found. */
struct graph_never {
	const struct pal_never *never;
	struct proof proof;
};

/*
 * One page that needs no network: graph, matrix, and the rules behind each. The
 * lines of the policy are read from the files that the image names, as far as
 * they are there and are policies; else a rule is its name and place.
 */
void graph_html(struct arena *arena, const struct image *image,
		const struct graph_never *nevers, size_t n_nevers,
		const char *title, FILE *to);

#endif
