/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The files that a run writes: all, or none. Each is written beside its place
 * first and takes it when all are there; what has the right bytes already is
 * left alone, so that nothing is built again because of it.
 */
#ifndef DK_XDL_OUTPUT_H
#define DK_XDL_OUTPUT_H

#include <stdbool.h>

#include "../front/diag.h"

struct output {
	const char *path;		/* below the folder */
	const char *text;
};

bool output_write(struct arena *arena, const char *folder,
		  const struct output *outputs, size_t n);

#endif
