/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What `dk selftest` has a hostile program try, and what came of it. It is judged
 * by the end of the process and by the call that its filter asked about: nothing
 * that the program wrote is read.
 */
#ifndef DK_TASK_ACT_H
#define DK_TASK_ACT_H

#include <stdbool.h>
#include <stddef.h>

#include "../security/image.h"

#define ACT_FOREIGN	(-80L)		/* no number of this architecture's */
#define ACT_HOW_SIZE	96

struct act {
	const char *name;
	long number;		/* of the call that is to be refused */
};

enum act_end {
	ACT_UNKNOWN = 0,	/* it is not known that it was tried */
	ACT_SUCCEEDED,
	ACT_LET_THROUGH,	/* it failed, but no layer was what refused it */
	ACT_REFUSED,
	ACT_ENDS
};

/* Whether TASK's list has call NUMBER, which Linux then answers, or the filter. */
bool act_is_listed(const struct image *image, const struct image_task *task,
		   long number);

/*
 * CALL, the number that the filter asked about, or -1; STATUS, as wait gives it.
 * An exit is with an errno, or with ACT_EXIT_DONE if nothing refused it. HOW (of
 * ACT_HOW_SIZE bytes) is what the reader is told.
 */
enum act_end act_judge(const struct act *act, bool listed, int call, int status,
		       char *how);

#define ACT_EXIT_DONE	200

#endif
