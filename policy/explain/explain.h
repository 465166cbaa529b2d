/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Why an event is granted or denied: the engine decides it while somebody looks
 * on, and what was seen is put into the words of the policy. Nothing here
 * decides. Texts are the arena's and come from an image, which may be anybody's:
 * they are escaped where they are printed.
 */
#ifndef DK_EXPLAIN_H
#define DK_EXPLAIN_H

#include <stdio.h>

#include "../../kernel/security/decide.h"
#include "../../kernel/security/eval.h"
#include "../ask/ask.h"

/* Something that a rule has read. */
struct explain_read {
	const char *what;		/* "message.n", "src_sid" */
	const char *value;		/* NULL: it could not be read */
};

struct explain_rule {
	const struct image_call *call;
	enum eval_result result;
	const char *argument;		/* as the policy could have it, "" if it is
					   fixed; NULL: beyond words */
	const char *taken;		/* case of a choice, "_" for the last; NULL:
					   none, or the rule is no choice */
	uint32_t end;			/* instruction that ended it; 0: not seen */
	struct explain_read *reads;
	size_t n_reads, capacity;
};

/* An event that was decided first. */
struct explain_before {
	const struct ask *ask;
	enum verdict verdict;
};

struct explanation {
	const struct image *image;
	const struct ask *ask;
	enum verdict verdict;
	struct explain_rule *rules;	/* none: no rule was called */
	uint32_t n_rules;
	const struct explain_before *before;
	size_t n_before;
};

/* Decides the event of ASK, whose state it changes as decide does. */
void explain_event(struct arena *arena, const struct image *image,
		   struct security_state *state, const struct ask *ask,
		   struct explanation *to);

/*
 * rule.c: the argument of a rule in words, and for each instruction that reads
 * something, or jumps by a condition, what that is: WHAT[i] of instruction i,
 * else NULL. NULL if the
 * program is beyond words. METHOD may be NULL.
 */
const char *explain_argument(struct arena *arena, const struct image *image,
			     const struct image_call *call,
			     const struct image_method *method,
			     enum method_part part, const char **what);

/* The pattern of the case that the CHOOSE at END takes; NULL: none. */
const char *explain_case(struct arena *arena, const struct image *image,
			 const struct image_rule *rule, uint32_t end);
/* object.c: the name of the state that a Flow's rule saw; NULL: in none. */
const char *explain_saw(struct arena *arena, const struct image *image,
			const struct image_insn *insn, uint8_t saw);

/* nearest.c */
struct explain_miss {
	uint32_t binding;
	unsigned missed;		/* selectors that do not fit, a bit each */
};

#define EXPLAIN_NEAREST 5u

/* The bindings of the event's kind that miss least, in order of text. */
size_t explain_nearest(const struct image *image, const struct ask *ask,
		       struct explain_miss nearest[EXPLAIN_NEAREST]);

#define EXPLAIN_REASONS 5u

/* lane.c: why the channel of the event cannot be in the kernel's lane, a
   sentence each; 0 if it can. The texts are the arena's. */
size_t explain_lane(struct arena *arena, const struct image *image,
		    const struct event *event,
		    const char *reasons[EXPLAIN_REASONS]);

/* print.c: each line begins with INDENT. */
void explain_print_event(const struct image *image, const struct ask *ask,
			 FILE *to);
void explain_print_rules(const struct explanation *explanation,
			 const char *indent, FILE *to);
void explain_print(struct arena *arena, const struct explanation *explanation,
		   FILE *to);
/* json.c: one object and an end of line. */
void explain_print_json(struct arena *arena,
			const struct explanation *explanation, FILE *to);

#endif
