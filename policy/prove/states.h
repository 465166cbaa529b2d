/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The finite states of Flow, Rbac and Mic. Of each object and class it is found
 * in which states a process of that class can be, beginning with no place at all,
 * by events that may be granted, in any order and number: more than what can
 * happen, never less, for each process and each object is looked at alone. A rule
 * counts as denying only if it denies in all of these. What a message says, and
 * what a HashSet or a StaticMap holds, may be anything.
 *
 * One process keeps its class; the SID of a start is new.
 */
#ifndef DK_PROVE_STATES_H
#define DK_PROVE_STATES_H

#include "../../kernel/security/object.h"
#include "../image/memo.h"
#include "prove.h"

#define STATES_CLASS_ANY IMAGE_NONE	/* of a process that a message names */

/* What one object remembers of one process. */
struct local_state {
	uint64_t words[2];		/* of its place */
	bool present;			/* it has one */
};

/* A process has to be in a state for an event to be granted. */
struct need {
	uint32_t object, class, state;
};

/* How a class came to a state first, or what an event can be granted by. */
struct origin {
	struct prove_event event;
	struct need *needs;
	uint32_t n;
	bool same;			/* src and dst are one process */
};

/* A state of an object, and the classes that it is known of. One more class is
   that of a number that no process has. */
struct known_state {
	struct local_state is;
	uint64_t *classes;		/* a bit each */
	uint64_t *found;		/* those of this round: not used yet */
	struct found_by *found_by;	/* first; none for how all begin */
	size_t n, capacity;
};

struct found_by {
	uint32_t class;
	const struct origin *origin;
};

struct numbers {
	uint32_t *at;
	size_t n, capacity;
};

struct known {				/* of one object; state 0 is no place */
	struct known_state *states;
	size_t n, capacity;
	struct numbers *by_class;	/* the states of .classes */
	uint32_t settled;		/* those before this round */
	uint64_t changed;		/* the last round that found something */
};

struct change {				/* an event that may change states */
	struct prove_event event;
	uint32_t action;
};

struct states {
	struct arena *arena;
	const struct image *image;
	uint64_t limit;
	struct known *objects;
	struct memo numbers;		/* {object, state} -> its number */
	struct change *changes;
	size_t n_changes, changes_capacity;
	struct memo seen;		/* {kind, src, dst, action} of those */
	uint64_t round;			/* 0: nothing was tried yet */
	bool too_many;
	struct memo asked;		/* {kind, src, dst, action} -> answers */
	struct states_answer *answers;
	size_t n_answers, answers_capacity;
	struct security_state memory;	/* where situations are tried */
};

/*
 * At most LIMIT situations are tried to find the states, and as many for each
 * event that is asked about: an event in one combination of states.
 */
struct states *states_new(struct arena *arena, const struct image *image,
			  uint64_t limit);
/* Whether EVENT, whose route is ROUTE_EVAL and ACTION, may be granted. NEEDED,
   if it may and depends on states, is what for; else NULL. */
enum prove_answer states_answer(struct states *states,
				const struct prove_event *event,
				uint32_t action, const struct origin **needed);


/* ---- between states.c and situation.c ---- */

static inline bool states_has(const uint64_t *classes, uint32_t class)
{
	return classes[class / 64] >> class % 64 & 1;
}

bool states_follows(const struct image_object *object);

/* A way for an event to be granted: what was needed, and what then is. */
struct outcome {
	struct need *needs;		/* .class: or STATES_CLASS_ANY */
	struct local_state *then;
	uint32_t n;
	bool same;
};

enum tried { TRIED_ALL, TRIED_ENOUGH, TRIED_TOO_MANY };

/*
 * Tries EVENT in every combination of states. SEE is given each way to a grant,
 * until it returns false. At most *LEFT situations, which is counted down.
 */
enum tried situations_try(struct states *states,
			  const struct prove_event *event, uint32_t action,
			  uint64_t *left,
			  bool (*see)(void *data, const struct outcome *outcome),
			  void *data);

#endif
