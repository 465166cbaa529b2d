/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "situation.h"

#include <string.h>

/* ---- ways ---- */

uint32_t situation_choose(struct situation *s, uint32_t n)
{
	if (n == 1)
		return 0;
	if (s->at == WAYS_MAX) {
		s->beyond = true;
		return 0;
	}
	if (s->at == s->n_ways)
		s->ways[s->n_ways++] = (struct way){ 0, n };
	return s->ways[s->at++].taken;
}

/* Whether there is a situation that was not tried. */
static bool next(struct situation *s)
{
	s->n_ways = s->at;	/* what was not reached again is stale */
	while (s->n_ways > 0) {
		struct way *last = &s->ways[s->n_ways - 1];

		if (++last->taken < last->n)
			return true;
		s->n_ways--;
	}
	return false;
}

/* ---- processes ---- */

static uint32_t add_party(struct situation *s, uint32_t class)
{
	if (s->n_parties == PARTIES_MAX) {
		s->beyond = true;
		return 0;
	}
	s->classes[s->n_parties] = class;
	return s->n_parties++;
}

static bool is_start(const struct situation *s)
{
	return s->event->kind == EVENT_EXECUTE &&
	       s->event->dst != IMAGE_CLASS_CORE &&
	       s->event->dst != IMAGE_CLASS_EINIT;
}

static void begin_parties(struct situation *s)
{
	s->n_parties = 0;
	s->src = add_party(s, s->event->src);
	s->dst = s->src;
	if (s->event->kind == EVENT_SECURITY)
		return;
	if (s->event->src == s->event->dst && !is_start(s) &&
	    situation_choose(s, 2))
		return;		/* a process asks itself */
	s->dst = add_party(s, s->event->dst);
}

uint32_t situation_any_party(struct situation *s)
{
	uint32_t which = situation_choose(s, s->n_parties + 1);

	return which < s->n_parties ? which : add_party(s, STATES_CLASS_ANY);
}

struct object situation_object(struct situation *s, uint32_t object)
{
	return (struct object){
		.image = s->states->image, .view = &s->view,
		.is = &s->states->image->objects[object],
	};
}

/* One of the states that the party can be in. */
static uint32_t choose_state(struct situation *s, uint32_t object,
			     uint32_t party)
{
	const struct known *known = &s->states->objects[object];
	uint32_t class = s->classes[party];
	const struct numbers *of;

	if (party == s->dst && is_start(s))
		return 0;
	if (class == STATES_CLASS_ANY)
		return situation_choose(s, known->settled);
	of = &known->by_class[class];
	return of->at[situation_choose(s, (uint32_t)of->n)];
}

static void put_state(struct situation *s, uint32_t object, uint32_t party,
		      const struct local_state *state)
{
	struct object is = situation_object(s, object);
	size_t at;

	if (!state->present)
		return;
	at = object_add(&is, party + 1);
	if (!at) {
		s->impossible = true;	/* so many have no place in it */
		return;
	}
	memcpy(object_word(&is, at), state->words,
	       is.is->place_words * sizeof(uint64_t));
	state_keep(&s->view);
}

static void get_state(struct situation *s, uint32_t object, uint32_t party,
		      struct local_state *state)
{
	struct object is = situation_object(s, object);
	size_t at = object_find(&is, party + 1);

	memset(state, 0, sizeof(*state));
	state->present = at != 0;
	if (at)
		memcpy(state->words, object_word(&is, at),
		       is.is->place_words * sizeof(uint64_t));
}

void situation_touch(struct situation *s, uint32_t object, uint32_t party)
{
	uint32_t state;

	for (uint32_t i = 0; i < s->n_touched; i++)
		if (s->needs[i].object == object && s->touched[i] == party)
			return;
	if (s->n_touched == TOUCHED_MAX) {
		s->beyond = true;
		return;
	}
	state = choose_state(s, object, party);
	if (s->impossible)
		return;
	s->touched[s->n_touched] = party;
	s->needs[s->n_touched++] = (struct need){ object, s->classes[party],
						  state };
	put_state(s, object, party,
		  &s->states->objects[object].states[state].is);
}

/* The memory is as it was. */
static void forget(struct situation *s)
{
	for (uint32_t i = 0; i < s->n_touched; i++) {
		struct object is = situation_object(s, s->needs[i].object);

		object_remove(&is, s->touched[i] + 1);
		state_keep(&s->view);
	}
	s->n_touched = 0;
}

/* ---- all situations ---- */

static bool tell(struct situation *s,
		 bool (*see)(void *data, const struct outcome *outcome),
		 void *data)
{
	struct outcome outcome = {
		.needs = s->needs, .then = s->then, .n = s->n_touched,
		.same = s->src == s->dst && s->event->kind != EVENT_SECURITY,
	};

	for (uint32_t i = 0; i < s->n_touched; i++)
		get_state(s, s->needs[i].object, s->touched[i], &s->then[i]);
	return see(data, &outcome);
}

enum tried situations_try(struct states *states,
			  const struct prove_event *event, uint32_t action,
			  uint64_t *left,
			  bool (*see)(void *data, const struct outcome *outcome),
			  void *data)
{
	struct situation s;
	bool go_on = true;

	s.states = states;
	s.event = event;
	s.n_ways = s.n_touched = 0;
	s.beyond = false;
	state_begin(&s.view, states->image, &states->memory);
	do {
		bool granted;

		if (*left == 0)
			return TRIED_TOO_MANY;
		--*left;
		s.at = 0;
		s.impossible = false;
		memset(s.chosen, 0, sizeof(s.chosen));
		begin_parties(&s);
		granted = situation_grants(&s, action);
		if (granted)
			go_on = tell(&s, see, data);
		forget(&s);
		if (s.beyond)
			return TRIED_TOO_MANY;
	} while (go_on && next(&s));
	return go_on ? TRIED_ALL : TRIED_ENOUGH;
}
