/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The decision engine: image, state, event -> verdict and trace. Linked alike
 * into dkd, dkc, fuzzers and proofs. It makes no system call, allocates nothing
 * and reads no clock. An event that names no class, slot or kind of the image is
 * denied; so is anything that cannot be computed.
 */
#ifndef DK_SECURITY_DECIDE_H
#define DK_SECURITY_DECIDE_H

#include "event.h"
#include "image.h"
#include "state.h"

struct eval_watch;

/*
 * Decides EVENT. TRACE may be NULL; else it says which rules were called and
 * what each answered, also when the verdict is a look-up. STATE is changed only
 * if the verdict is VERDICT_GRANT: a denial leaves its block as it was, byte by
 * byte.
 */
enum verdict decide(const struct image *image, struct security_state *state,
		    const struct event *event, struct trace *trace);

/* As decide; WATCH (of eval.h) sees the rules that are not fixed run. */
enum verdict decide_watched(const struct image *image,
			    struct security_state *state,
			    const struct event *event, struct trace *trace,
			    const struct eval_watch *watch);

/* Process SID has ended, or its start failed: every object forgets it. */
void decide_forget(const struct image *image, struct security_state *state,
		   uint32_t sid);

#endif
