/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What a binding and its rules say by themselves. */
#include "check.h"

#include <string.h>

static bool is_refusal(const struct psl_call *call)
{
	return !strcmp(call->object, "base") && !strcmp(call->method, "deny");
}

static bool selects(const struct psl_binding *binding)
{
	return binding->src != IMAGE_NONE || binding->dst != IMAGE_NONE ||
	       binding->endpoint || binding->component ||
	       binding->interface || binding->method;
}

/* Whether it grants anything by itself: one rule is no deny. */
static bool grants(const struct psl_binding *binding)
{
	bool some = false;

	for (uint32_t i = 0; i < binding->n_calls; i++) {
		if (binding->calls[i].fixed == CALL_DENIES)
			return false;
		some = some || !is_refusal(&binding->calls[i]);
	}
	return some;
}

static void check_binding(struct check *check,
			  const struct psl_binding *binding)
{
	if (!selects(binding) && grants(binding))
		check_say(check, CHECK_ANYONE, binding->pos,
			  "no selector stands here: this grants every event of "
			  "the kind '%s', whoever is in it",
			  event_kind_name(binding->kind));
	for (uint32_t i = 0; i < binding->n_calls; i++)
		if (binding->calls[i].fixed == CALL_DENIES)
			check_say(check, CHECK_DENIES, binding->calls[i].pos,
				  "this rule denies always, and with it every "
				  "event that it is called for");
}

void check_rules(struct check *check)
{
	for (uint32_t i = 0; i < check->psl->n_bindings; i++)
		check_binding(check, &check->psl->bindings[i]);
}
