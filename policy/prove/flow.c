/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * `never flow A ~> B`: no chain of grants carries data from A to B. A request
 * carries its in-parameters to the server, a response or an error what it has
 * to the client, who has asked, and so may ask; a method without such parameters
 * carries nothing. A program may pass on whatever it was told, and so may the
 * kernel and the name server, of which summary.c says what they are told.
 * Neither time nor the verdict itself counts as data.
 */
#include <string.h>

#include "../image/walk.h"
#include "prove.h"

struct step {
	struct prove_event event;
	bool reached;
};

struct flow {
	const struct prover *prover;
	bool leave_names;
	enum prove_answer least;	/* that counts as a grant */
	struct step *steps;		/* by class: how it was reached first */
	uint32_t *queue;
	uint32_t n;
};

static const struct image_method *method_of(const struct image *image,
					    const struct prove_event *event)
{
	const struct image_endpoint *endpoint =
		image_slot_endpoint(image, prove_owner(event), event->slot);

	return endpoint ? image_method(image, endpoint, event->slot -
				       endpoint->slot) : NULL;
}

static bool carries(const struct flow *flow, const struct prove_event *event)
{
	const struct image *image = flow->prover->image;
	const struct image_method *method = method_of(image, event);
	bool asks = event->kind == EVENT_REQUEST;
	const struct summary *summary;
	enum carried carried;
	uint32_t type;

	if (!method)
		return false;
	type = method->type[asks ? METHOD_REQUEST :
			    event->kind == EVENT_RESPONSE ? METHOD_RESPONSE :
			    METHOD_ERROR];
	if (type == IMAGE_NONE)
		return false;
	summary = summary_find(image, prove_owner(event), event->slot);
	if (!summary)
		return image->layout.types[type].size > 0;
	carried = asks ? summary->question : summary->answer;
	return carried == CARRIES_DATA ||
	       (carried == CARRIES_NAMES && !flow->leave_names);
}

/* What ANSWER is the answer to. */
static struct prove_event question_of(const struct prove_event *answer)
{
	return (struct prove_event){
		.kind = EVENT_REQUEST, .src = answer->dst, .dst = answer->src,
		.slot = answer->slot,
	};
}

/* Whether what answers is an event that the policy is asked about. */
static bool is_decided(const struct image *image,
		       const struct prove_event *event)
{
	const struct summary *summary = summary_find(image, prove_owner(event),
						     event->slot);

	return event->kind == EVENT_REQUEST || !summary || summary->decided;
}

static bool may_happen(const struct flow *flow, const struct prove_event *event)
{
	struct prove_event question = question_of(event);

	if (is_decided(flow->prover->image, event) &&
	    prove_event(flow->prover, event) < flow->least)
		return false;
	return event->kind == EVENT_REQUEST ||
	       prove_event(flow->prover, &question) >= flow->least;
}

/* A grant of KIND that carries data from SRC to DST, into STEP. */
static bool find_grant(const struct flow *flow, enum event_kind kind,
		       uint32_t src, uint32_t dst, struct step *step)
{
	const struct image *image = flow->prover->image;
	struct prove_event event = { kind, src, dst, 0 };
	uint32_t n = image->classes[prove_owner(&event)].n_slots;

	for (; event.slot < n; event.slot++)
		if (carries(flow, &event) && may_happen(flow, &event)) {
			*step = (struct step){ event, true };
			return true;
		}
	return false;
}

static void look_from(struct flow *flow, uint32_t src)
{
	for (uint32_t dst = 0; dst < flow->prover->image->n_classes; dst++) {
		struct step step;

		if (flow->steps[dst].reached ||
		    (!find_grant(flow, EVENT_REQUEST, src, dst, &step) &&
		     !find_grant(flow, EVENT_RESPONSE, src, dst, &step) &&
		     !find_grant(flow, EVENT_ERROR, src, dst, &step)))
			continue;
		flow->steps[dst] = step;
		flow->queue[flow->n++] = dst;
	}
}

/* ---- in words ---- */

/* The summary's line about a method of the kernel's. */
static const char *summary_text(const struct prover *prover,
				const struct prove_event *event)
{
	const struct summary *summary = summary_find(
		prover->image, prove_owner(event), event->slot);
	bool asks = event->kind == EVENT_REQUEST;
	const char *path, *method;

	if (!summary)
		return "";
	walk_slot(prover->image, prove_owner(event), event->slot, &path,
		  &method);
	return arena_printf(prover->arena, "  %s.%s: its %s carries %s%s\n",
		summary->interface ? summary->interface : path, method,
		asks ? "question" : "answer",
		asks ? summary->question_is : summary->answer_is,
		asks || summary->decided || !summary->interface ? ""
		: ", and is not decided again");
}

static const char *answer_text(const struct prover *prover,
			       const struct prove_event *event)
{
	static const char *const texts[] = {
		[PROVE_DENIED] = "is denied",
		[PROVE_UNDECIDED] = "is not decided",
		[PROVE_MAYBE] = "may be granted",
		[PROVE_GRANTED] = "is granted",
	};

	return texts[prove_event(prover, event)];
}

static const char *question_text(const struct prover *prover,
				 const struct prove_event *event)
{
	struct prove_event question = question_of(event);

	return arena_printf(prover->arena, "  it answers a request that %s\n%s",
		answer_text(prover, &question), prove_why(prover, &question));
}

static const char *step_text(const struct flow *flow, uint32_t to)
{
	const struct prover *prover = flow->prover;
	const struct image *image = prover->image;
	const struct prove_event *event = &flow->steps[to].event;
	bool decided = is_decided(image, event);
	bool sure = !decided || prove_event(prover, event) == PROVE_GRANTED;
	const char *path, *method;

	walk_slot(image, prove_owner(event), event->slot, &path, &method);
	return arena_printf(prover->arena,
		"%s ~> %s by the %s %s.%s%s%s\n%s%s%s",
		image_string(image, image->classes[event->src].name),
		image_string(image, image->classes[to].name),
		event_kind_name(event->kind), path, method,
		sure ? "" : ", which ", sure ? "" : answer_text(prover, event),
		decided ? prove_why(prover, event) : "",
		summary_text(prover, event),
		event->kind == EVENT_REQUEST ? ""
		: question_text(prover, event));
}

/* The chain that ends at LAST; no longer than there are classes. */
static void tell_chain(const struct flow *flow, uint32_t first, uint32_t last,
		       struct proof *proof)
{
	struct arena *arena = flow->prover->arena;
	uint32_t n = flow->prover->image->n_classes;
	struct prove_event *chain = arena_alloc(arena, n * sizeof(*chain));

	proof->counter = "";
	do {
		proof->counter = arena_printf(arena, "%s%s",
			step_text(flow, last), proof->counter);
		proof->chain = &chain[n - ++proof->n];
		chain[n - proof->n] = flow->steps[last].event;
		last = flow->steps[last].event.src;
	} while (last != first);
}

/* Whether DST is reached by grants of that sort. */
static bool find_chain(struct flow *flow, enum prove_answer least,
		       uint32_t src, uint32_t dst)
{
	uint32_t n = flow->prover->image->n_classes;

	flow->least = least;
	flow->n = 0;
	memset(flow->steps, 0, n * sizeof(*flow->steps));
	look_from(flow, src);
	for (uint32_t i = 0; i < flow->n && !flow->steps[dst].reached; i++)
		look_from(flow, flow->queue[i]);
	return flow->steps[dst].reached;
}

bool prove_flow(const struct prover *prover, const struct pal_never *never,
		struct proof *proof)
{
	uint32_t n = prover->image->n_classes, src, dst;
	struct flow flow = {
		.prover = prover, .leave_names = never->through_names,
		.steps = arena_alloc(prover->arena, n * sizeof(*flow.steps)),
		.queue = arena_alloc(prover->arena, n * sizeof(*flow.queue)),
	};

	if (!prove_class(prover, never, SELECT_SRC, &src) ||
	    !prove_class(prover, never, SELECT_DST, &dst))
		return false;
	if (!find_chain(&flow, PROVE_MAYBE, src, dst))
		proof->undecided = find_chain(&flow, PROVE_UNDECIDED, src, dst);
	if (flow.steps[dst].reached)
		tell_chain(&flow, src, dst, proof);
	return true;
}
