/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "../front/json.h"

#include "diff.h"

static const char *const names[DIFF_N] = {
	[DIFF_GRANTED] = "granted", [DIFF_MAY_GRANT] = "may-grant",
	[DIFF_RULES] = "rules", [DIFF_MAY_DENY] = "may-deny",
	[DIFF_DENIED] = "denied",
};

static const char *answer(uint32_t route)
{
	uint32_t how = route & ROUTE_HOW;

	return how == ROUTE_GRANT ? "grant" : how == ROUTE_EVAL ? "rules"
								: "deny";
}

static void put_side(const struct diff *diff, const struct diff_event *event,
		     const struct diff_side *side, const char *name, FILE *to)
{
	const struct image *image = side->image;
	const struct image_action *action =
		&image->actions[side->route & ROUTE_ACTION];
	uint32_t n = side->route == ROUTE_NONE ? 0 : action->n_calls;

	fprintf(to, ",\n  \"%s\":{\"verdict\":\"%s\",\"rules\":[", name,
		answer(side->route));
	for (uint32_t i = 0; i < n; i++) {
		const struct image_call *call = &image->calls[
			image->action_calls[action->calls + i]];

		json_string(to, i ? ",\n   {\"file\":" : "\n   {\"file\":",
			    image_call_file(image, call));
		fprintf(to, ",\"line\":%u", call->line);
		json_string(to, ",\"object\":",
			    image_call_object(image, call));
		json_string(to, ",\"method\":",
			    image_call_method(image, call));
		json_string(to, ",\"argument\":",
			    image_rule(image, call)->fixed != CALL_EVAL
			    ? NULL : diff_argument(diff->arena, event->kind,
						   side, call));
		fputc('}', to);
	}
	fputs("]}", to);
}

static void put_event(const struct diff *diff, const struct diff_event *event,
		      FILE *to)
{
	bool security = event->kind == EVENT_SECURITY;

	json_string(to, "{\"change\":", names[event->change]);
	json_string(to, ",\"kind\":", event_kind_name(event->kind));
	json_string(to, ",\"src\":", event->src);
	json_string(to, ",\"dst\":", security ? NULL : event->dst);
	json_string(to, ",\"endpoint\":", security ? NULL : event->endpoint);
	json_string(to, ",\"method\":", event->method);
	put_side(diff, event, &event->old, "old", to);
	put_side(diff, event, &event->new, "new", to);
	fputc('}', to);
}

static void put_calls(FILE *to, const char *name, const struct diff_calls *calls,
		      size_t n)
{
	fprintf(to, "\"%s\":[", name);
	for (size_t i = 0; i < n; i++) {
		json_string(to, i ? ",\n {\"class\":" : "\n {\"class\":",
			    calls[i].class);
		for (size_t j = 0; j < calls[i].n; j++)
			json_string(to, j ? "," : ",\"calls\":[",
				    calls[i].texts[j]);
		fputs("]}", to);
	}
	fputc(']', to);
}

void diff_print_json(const struct diff *diff, FILE *to)
{
	fputs("{\"counts\":{", to);
	for (int i = 0; i < DIFF_N; i++)
		fprintf(to, "%s\"%s\":%zu", i ? "," : "", names[i],
			diff->counts[i]);
	fputs("},\n\"changes\":[", to);
	for (size_t i = 0; i < diff->n; i++) {
		fputs(i ? ",\n" : "\n", to);
		put_event(diff, &diff->events[i], to);
	}
	fputs("],\n\"calls\":{", to);
	put_calls(to, "gained", diff->gained, diff->n_gained);
	fputs(",\n", to);
	put_calls(to, "lost", diff->lost, diff->n_lost);
	fputs("}}\n", to);
}
