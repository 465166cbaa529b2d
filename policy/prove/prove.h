/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * `never`: proved over all classes, endpoints and methods, from the table that
 * the daemon uses, and over the states that Flow, Rbac and Mic can be in. What
 * depends on the message, a HashSet or a StaticMap counts as granted: so a proof
 * is sure, and a refusal may be too careful.
 */
#ifndef DK_PROVE_H
#define DK_PROVE_H

#include "../../kernel/security/image.h"
#include "../psl/pal.h"

#define PROVE_STATES 1000000u	/* where nobody says how many */

struct states;

struct prover {
	struct arena *arena;
	struct diags *diags;
	const struct image *image;
	struct states *states;
};

/* An event between any processes of two classes, whatever its message. */
struct prove_event {
	enum event_kind kind;
	uint32_t src, dst, slot;
};

struct proof {
	const char *counter;	/* what contradicts it, in lines that end each;
				   NULL: it holds */
	bool undecided;		/* nothing does within the prover's states */
	const struct prove_event *chain;	/* grants that it is about, the
						   one or those of a flow */
	size_t n;
};

/* N_STATES situations at most are tried to find something out: see states.h. */
struct prover prove_begin(struct arena *arena, struct diags *diags,
			  const struct image *image, uint64_t n_states);
/* Whether NEVER holds. False after an error. */
bool prove_never(const struct prover *prover, const struct pal_never *never,
		 struct proof *proof);

/* ---- between the files of this folder ---- */

enum prove_answer {
	PROVE_DENIED,
	PROVE_UNDECIDED,	/* not within the prover's states */
	PROVE_MAYBE,
	PROVE_GRANTED,
};

struct origin;

/* flow.c: `never flow`. */
bool prove_flow(const struct prover *prover, const struct pal_never *never,
		struct proof *proof);

/* A class by its selector, IMAGE_NONE for any. False after an error. */
bool prove_class(const struct prover *prover, const struct pal_never *never,
		 enum selector which, uint32_t *class);
/* The class whose endpoint, or security interface, it is about. */
uint32_t prove_owner(const struct prove_event *event);
uint32_t prove_route(const struct image *image, const struct prove_event *event);
enum prove_answer prove_event(const struct prover *prover,
			      const struct prove_event *event);
/* The states that it needs; NULL if it does not depend on them. */
const struct origin *prove_needed(const struct prover *prover,
				  const struct prove_event *event);

/* words.c: "request src=A dst=B endpoint=e method=M" */
const char *prove_event_text(const struct prover *prover,
			     const struct prove_event *event);
/* Its rules, the states that they need, and how those come about, in lines that
   end each. */
const char *prove_why(const struct prover *prover,
		      const struct prove_event *event);

/* ---- summary.c: what the kernel's own methods carry ---- */

enum carried {
	CARRIES_NOTHING,
	CARRIES_NAMES,		/* and what stands for them: handles, statuses */
	CARRIES_DATA,
};

struct summary {
	const char *interface, *method;		/* NULL: of what has no row */
	enum carried question, answer;
	const char *question_is, *answer_is;
	bool decided;		/* the answer is an event, too */
};

/*
 * The row of the method at SLOT of class OWNER; NULL if that is no class of the
 * kernel's. A method of the kernel's that has no row carries everything.
 */
const struct summary *summary_find(const struct image *image, uint32_t owner,
				   uint32_t slot);

#endif
