/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * One event, in every combination of what is not known: the states of the
 * processes that its rules ask about, and what the message says. A situation is
 * run from its beginning; where something is not known it takes the next way that
 * was not taken yet. Policy objects are the engine's own, in a memory that holds
 * only the processes of the situation; rules end a situation when they deny.
 */
#ifndef DK_PROVE_SITUATION_H
#define DK_PROVE_SITUATION_H

#include "states.h"

#define PARTIES_MAX 8u		/* processes of one event */
#define TOUCHED_MAX 64u		/* (object, process) of one event */
#define WAYS_MAX 256u		/* of two at least: more are never all tried */

/* A value: one that is known, the SID of a party, or anything. */
struct value {
	enum { ANYTHING, KNOWN, PARTY } kind;
	struct eval_value is;	/* KNOWN */
	uint32_t party;
};

struct way {			/* taken at one place where there are N */
	uint32_t taken, n;
};

struct situation {
	struct states *states;
	const struct prove_event *event;
	struct state_view view;
	struct way ways[WAYS_MAX];
	uint32_t n_ways, at;
	uint32_t classes[PARTIES_MAX], n_parties;
	uint32_t src, dst;	/* parties */
	struct need needs[TOUCHED_MAX];
	struct local_state then[TOUCHED_MAX];
	uint32_t touched[TOUCHED_MAX], n_touched;	/* the party's */
	uint32_t chosen[CHOICE_DEPTH_MAX];
	struct value stack[1 + IMAGE_STACK_MAX], *top;
	bool plain;		/* the rule has nothing of ours to ask */
	bool impossible;	/* there is no such situation */
	bool beyond;		/* more than is followed */
};

/* ---- situation.c: ways, and processes ---- */

/* One of N; which, changes from run to run until all were taken. */
uint32_t situation_choose(struct situation *s, uint32_t n);
/* Whom a message names: one that is here, or any other process. */
uint32_t situation_any_party(struct situation *s);
struct object situation_object(struct situation *s, uint32_t object);
/* From here on the object remembers the party as it did before the event. */
void situation_touch(struct situation *s, uint32_t object, uint32_t party);

/* ---- situation_rules.c ---- */

/* Whether all rules grant, and one was asked. */
bool situation_grants(struct situation *s, uint32_t action);

#endif
