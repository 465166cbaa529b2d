/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * `never flow A ~> B`: no chain of grants carries data from A to B. A request
 * carries its in-parameters to the server, a response or an error what it has
 * to the client; a method without such parameters carries nothing. A program may
 * pass on whatever it was told, and so may the kernel and the name server: what
 * they are told are names, and `through names` leaves their own endpoints out.
 * Neither time nor the verdict itself counts as data.
 */
#include <string.h>

#include "../image/walk.h"
#include "prove.h"

struct step {
	enum event_kind kind;
	uint32_t from, owner, slot, route;
	bool reached;
};

struct flow {
	const struct prover *prover;
	bool leave_names;
	struct step *steps;		/* by class: how it was reached first */
	uint32_t *queue;
	uint32_t n;
};

static bool is_of_names(const struct image *image,
			const struct image_endpoint *endpoint)
{
	const char *name = image_string(image, image->interfaces[
					endpoint->interface].name);

	return !strcmp(name, "kl.core.CM") || !strcmp(name, "kl.core.NS");
}

static bool carries(const struct image *image, enum event_kind kind,
		    const struct image_method *method)
{
	uint32_t type = method->type[kind == EVENT_REQUEST ? METHOD_REQUEST :
				     kind == EVENT_RESPONSE ? METHOD_RESPONSE :
				     METHOD_ERROR];

	return type != IMAGE_NONE && image->layout.types[type].size > 0;
}

/* A grant of KIND that carries data from SRC to DST, into STEP. */
static bool find_grant(const struct flow *flow, enum event_kind kind,
		       uint32_t src, uint32_t dst, struct step *step)
{
	const struct image *image = flow->prover->image;
	uint32_t owner = kind == EVENT_REQUEST ? dst : src;
	const struct image_class *class = &image->classes[owner];

	for (uint32_t i = 0; i < class->n_endpoints; i++) {
		const struct image_endpoint *endpoint =
			&image->endpoints[class->endpoints + i];
		const struct image_method *method;

		if (flow->leave_names && is_of_names(image, endpoint))
			continue;
		for (uint32_t mid = 0;
		     (method = image_method(image, endpoint, mid)); mid++) {
			uint32_t slot = endpoint->slot + mid;
			uint32_t route = prove_route(image, kind, src, dst,
						     slot);

			if (!prove_may_grant(route) ||
			    !carries(image, kind, method))
				continue;
			*step = (struct step){ kind, src, owner, slot, route,
					       true };
			return true;
		}
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

static const char *step_text(const struct flow *flow, uint32_t to)
{
	const struct image *image = flow->prover->image;
	const struct step *step = &flow->steps[to];
	const char *path, *method;

	walk_slot(image, step->owner, step->slot, &path, &method);
	return arena_printf(flow->prover->arena, "%s ~> %s by the %s %s.%s%s\n%s",
		image_string(image, image->classes[step->from].name),
		image_string(image, image->classes[to].name),
		event_kind_name(step->kind), path, method,
		(step->route & ROUTE_HOW) == ROUTE_EVAL
		? ", which may be granted" : "",
		prove_rules(flow->prover, step->route));
}

/* The chain that ends at LAST; no longer than there are classes. */
static const char *chain(const struct flow *flow, uint32_t first, uint32_t last)
{
	const char *text = "";

	do {
		text = arena_printf(flow->prover->arena, "%s%s",
				    step_text(flow, last), text);
		last = flow->steps[last].from;
	} while (last != first);
	return text;
}

bool prove_flow(const struct prover *prover, const struct pal_never *never,
		const char **counter)
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
	look_from(&flow, src);
	for (uint32_t i = 0; i < flow.n && !flow.steps[dst].reached; i++)
		look_from(&flow, flow.queue[i]);
	if (flow.steps[dst].reached)
		*counter = chain(&flow, src, dst);
	return true;
}
