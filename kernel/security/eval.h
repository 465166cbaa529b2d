/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Runs one rule program of a proved image. For decide.c and tests; nobody else
 * asks about a single rule.
 */
#ifndef DK_SECURITY_EVAL_H
#define DK_SECURITY_EVAL_H

#include <stdbool.h>
#include <string.h>

#include "event.h"
#include "image.h"
#include "state.h"

enum eval_result {
	EVAL_DENIES = 0,
	EVAL_GRANTS = 1,
	EVAL_FAULTS = 2,	/* could not be computed: denies */
	EVAL_SKIPS = 3,		/* in a case that was not chosen, or the choice
				   itself: not called */
};

/*
 * One value. N: number and negative. B: number is 0 or 1. T: size bytes at at.
 * L: number is an offset into the region of size bytes at at.
 */
struct eval_value {
	uint64_t number;
	const uint8_t *at;
	uint32_t size;
	bool negative;
};

/* An instruction that has run. A program's last one ends it without a step. */
struct eval_step {
	const struct image_call *call;
	const struct image_insn *insn;
	const struct eval_value *top;	/* of the stack after it, or NULL */
	uint8_t saw;			/* of a Flow's rule, as in a trace */
	bool jumped;
	bool faulted;
};

/* Which instruction of its program that is. */
static inline uint32_t eval_step_index(const struct image *image,
				       const struct eval_step *step)
{
	return (uint32_t)(step->insn - image->code) -
	       image_rule(image, step->call)->code;
}

/* Looks on while rules run: for who explains, never for who decides. */
struct eval_watch {
	void (*step)(void *data, const struct eval_step *step);
	void *data;
};

/* An event on its way through its rules. */
struct eval_scope {
	const struct image *image;
	const struct event *event;
	struct state_view state;	/* kept or undone by who began */
	uint32_t chosen[CHOICE_DEPTH_MAX];	/* case of each choice; 0: none */
	const struct eval_watch *watch;	/* NULL, or set by who began */
	struct trace *trace;	/* whose matches are filled; may be NULL */
	uint32_t call;		/* that runs, as the trace counts */
};

static inline void eval_begin(struct eval_scope *scope,
			      const struct image *image,
			      const struct security_state *state,
			      const struct event *event)
{
	scope->image = image;
	scope->event = event;
	state_begin(&scope->state, image, state);
	memset(scope->chosen, 0, sizeof(scope->chosen));
	scope->watch = NULL;
	scope->trace = NULL;
	scope->call = 0;
}

/* Runs RULE, which is CALL's. */
enum eval_result eval_program(struct eval_scope *scope,
			      const struct image_call *call,
			      const struct image_rule *rule);

/* The rule's answer, which may be in the image. */
static inline enum eval_result eval_call(struct eval_scope *scope,
					 const struct image_call *call)
{
	const struct image_rule *rule = image_rule(scope->image, call);

	if (rule->fixed == CALL_EVAL)
		return eval_program(scope, call, rule);
	return rule->fixed == CALL_GRANTS ? EVAL_GRANTS : EVAL_DENIES;
}

#endif
