/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "decide.h"

#include <stdbool.h>
#include <stddef.h>

#include "eval.h"
#include "object.h"

/* Who owns the slots of an event's kind: the side that has the endpoint. */
static bool find_owner(const struct image *image, const struct event *event,
		       const struct image_class **owner)
{
	if (event->src_class >= image->n_classes ||
	    event->dst_class >= image->n_classes)
		return false;
	switch (event->kind) {
	case EVENT_EXECUTE:
	case EVENT_REQUEST:
		*owner = &image->classes[event->dst_class];
		return true;
	case EVENT_RESPONSE:
	case EVENT_ERROR:
	case EVENT_SECURITY:
		*owner = &image->classes[event->src_class];
		return true;
	case EVENT_NONE:
	case EVENT_N:
		break;
	}
	return false;
}

/* Whether the event names processes and a slot as its kind must. */
static inline __attribute__((always_inline)) bool
check_event(const struct event *event, const struct image_class *owner)
{
	bool has_security = owner->security != IMAGE_NONE;

	if (event->slot >= owner->n_slots || event->src_sid == 0)
		return false;
	if (event->kind == EVENT_SECURITY)
		return event->src_class == event->dst_class &&
		       event->dst_sid == 0 && has_security &&
		       event->slot >= owner->security_slot;
	if (event->dst_sid == 0)
		return false;
	if (event->kind == EVENT_EXECUTE)
		return event->slot == 0;
	return !has_security || event->slot < owner->security_slot;
}

/* The route of an event; ROUTE_NONE for one that the image cannot name. */
static inline __attribute__((always_inline)) uint32_t
find_route(const struct image *image, const struct event *event)
{
	const struct image_class *owner;
	size_t pair;

	if (!image || !event || !find_owner(image, event, &owner) ||
	    !check_event(event, owner))
		return ROUTE_NONE;
	pair = ((size_t)event->kind - 1) * image->n_classes + event->src_class;
	pair = pair * image->n_classes + event->dst_class;
	return image->cells[image->pairs[pair] + event->slot];
}

static inline void set_bit(uint64_t *bits, uint32_t i, bool value)
{
	uint64_t *word = &bits[i / 64];

	*word = (*word & ~(UINT64_C(1) << i % 64)) | (uint64_t)value << i % 64;
}

/*
 * Asks every rule of the action, also after one has denied: the audit wants
 * them all. A rule sees what those before it have changed; it is all undone
 * unless all of them grant.
 */
static enum verdict
ask_all(const struct image *image, const struct security_state *state,
	uint32_t index, const struct event *event, struct trace *trace,
	const struct eval_watch *watch)
{
	const struct image_action *action = &image->actions[index];
	const uint32_t *calls = &image->action_calls[action->calls];
	uint32_t answers = 0;	/* a bit each */
	struct eval_scope scope;

	eval_begin(&scope, image, state, event);
	scope.watch = watch;
	scope.trace = trace;
	for (uint32_t i = 0; i < action->n_calls; i++) {
		enum eval_result result;

		scope.call = i;
		scope.state.saw = 0;
		result = eval_call(&scope, &image->calls[calls[i]]);
		answers |= 1u << result;
		if (trace) {
			set_bit(trace->granted, i, result & EVAL_GRANTS);
			set_bit(trace->faulted, i, result & EVAL_FAULTS);
			trace->saw[i] = scope.state.saw;
		}
	}
	if (trace) {
		trace->action = index;
		trace->n_calls = action->n_calls;
	}
	/* Some rule grants, and none of those that are called does not. */
	if ((answers & ~(1u << EVAL_SKIPS)) != 1u << EVAL_GRANTS) {
		state_undo(&scope.state);
		return VERDICT_DENY;
	}
	state_keep(&scope.state);
	return VERDICT_GRANT;
}

/* What ask_all would say of an action all of whose rules grant, always: that was
   proved when the image was loaded, so that no rule has to be looked at. */
static void note_grants(const struct image *image, uint32_t index,
			struct trace *trace)
{
	uint32_t n = image->actions[index].n_calls;

	trace->action = index;
	trace->n_calls = n;
	for (uint32_t i = 0; i * 64 < n; i++) {
		uint32_t left = n - i * 64;
		uint64_t mask = left >= 64 ? UINT64_MAX :
				(UINT64_C(1) << left) - 1;

		trace->granted[i] |= mask;
		trace->faulted[i] &= ~mask;
	}
}

/* The verdict of a route of one fixed rule, which is not read. */
static inline void note_one(uint32_t route, enum verdict verdict,
			    struct trace *trace)
{
	trace->action = route & ROUTE_ACTION;
	trace->n_calls = 1;
	trace->n_matches = 0;
	trace->granted[0] = (trace->granted[0] & ~UINT64_C(1)) | verdict;
	trace->faulted[0] &= ~UINT64_C(1);
}

/* Apart, so that a look-up does not save registers for it. */
static __attribute__((noinline)) enum verdict
judge(const struct image *image, const struct security_state *state,
      uint32_t route, const struct event *event, struct trace *trace,
      const struct eval_watch *watch)
{
	if (trace) {
		trace->action = 0;
		trace->n_calls = 0;
		trace->n_matches = 0;
	}
	switch (route & ROUTE_HOW) {
	case ROUTE_GRANT:
		if (trace)
			note_grants(image, route & ROUTE_ACTION, trace);
		return VERDICT_GRANT;
	case ROUTE_DENY:
		if (trace)
			ask_all(image, state, route & ROUTE_ACTION, event,
				trace, watch);
		return VERDICT_DENY;
	case ROUTE_EVAL:
		return ask_all(image, state, route & ROUTE_ACTION, event, trace,
			       watch);
	default:		/* ROUTE_NONE: no rule */
		return VERDICT_DENY;
	}
}

enum verdict decide(const struct image *image, struct security_state *state,
		    const struct event *event, struct trace *trace)
{
	uint32_t route = find_route(image, event);

	switch (route & (ROUTE_HOW | ROUTE_ONE)) {
	case ROUTE_GRANT | ROUTE_ONE:
		if (trace)
			note_one(route, VERDICT_GRANT, trace);
		return VERDICT_GRANT;
	case ROUTE_DENY | ROUTE_ONE:
		if (trace)
			note_one(route, VERDICT_DENY, trace);
		return VERDICT_DENY;
	default:
		return judge(image, state, route, event, trace, NULL);
	}
}

enum verdict decide_watched(const struct image *image,
			    struct security_state *state,
			    const struct event *event, struct trace *trace,
			    const struct eval_watch *watch)
{
	return judge(image, state, find_route(image, event), event, trace,
		     watch);
}

void decide_forget(const struct image *image, struct security_state *state,
		   uint32_t sid)
{
	struct state_view view;

	state_begin(&view, image, state);
	for (uint32_t i = 0; view.words && i < image->n_objects; i++) {
		struct object object = {
			.image = image, .is = &image->objects[i], .view = &view,
		};

		object_remove(&object, sid);
		state_keep(&view);
	}
}
