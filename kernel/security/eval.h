/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Runs one rule program of a proved image. For decide.c and tests; nobody else
 * asks about a single rule.
 */
#ifndef DK_SECURITY_EVAL_H
#define DK_SECURITY_EVAL_H

#include "event.h"
#include "image.h"

enum eval_result {
	EVAL_DENIES = 0,
	EVAL_GRANTS = 1,
	EVAL_FAULTS = 2,	/* could not be computed: denies */
};

enum eval_result eval_call(const struct image *image,
			   const struct image_call *call,
			   const struct event *event);

#endif
