/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "../image/dump.h"
#include "diff.h"

static const char *const titles[DIFF_N] = {
	[DIFF_GRANTED] = "newly granted",
	[DIFF_MAY_GRANT] = "newly granted, by their rules",
	[DIFF_RULES] = "granted by other rules",
	[DIFF_MAY_DENY] = "newly denied, by their rules",
	[DIFF_DENIED] = "newly denied",
};

static void put(FILE *to, const char *before, const char *text)
{
	fputs(before, to);
	dump_plain(to, text);
}

static void print_rule(const struct diff *diff, const struct diff_event *event,
		       const struct diff_side *side, char sign,
		       const struct image_call *call, FILE *to)
{
	const struct image *image = side->image;
	uint8_t fixed = image_rule(image, call)->fixed;

	fprintf(to, "    %c ", sign);
	put(to, "", image_call_file(image, call));
	fprintf(to, ":%u: ", call->line);
	put(to, "", image_call_object(image, call));
	put(to, ".", image_call_method(image, call));
	if (fixed == CALL_EVAL) {
		put(to, " (", diff_argument(diff->arena, event->kind, side,
					    call));
		fputs(")\n", to);
	} else {
		fputs(fixed == CALL_GRANTS ? ": always grants\n"
						 : ": always denies\n", to);
	}
}

static void print_side(const struct diff *diff, const struct diff_event *event,
		       const struct diff_side *side, char sign, FILE *to)
{
	const struct image *image = side->image;
	const struct image_action *action;

	if (side->route == ROUTE_NONE) {
		fprintf(to, "    %c no rule\n", sign);
		return;
	}
	action = &image->actions[side->route & ROUTE_ACTION];
	for (uint32_t i = 0; i < action->n_calls; i++)
		print_rule(diff, event, side, sign, &image->calls[
			   image->action_calls[action->calls + i]], to);
}

static void print_event(const struct diff_event *event, FILE *to)
{
	fprintf(to, "  %s", event_kind_name(event->kind));
	put(to, " src=", event->src);
	if (event->kind != EVENT_SECURITY)
		put(to, " dst=", event->dst);
	if (event->endpoint && *event->endpoint)
		put(to, " endpoint=", event->endpoint);
	if (event->method)
		put(to, " method=", event->method);
	fputc('\n', to);
}

static bool same_side(const struct diff_side *left, const struct diff_side *right)
{
	return left->route == right->route &&
	       ((left->route & ROUTE_HOW) != ROUTE_EVAL ||
		left->method == right->method);
}

/* Whether the rules of both read alike: then they are printed once. */
static bool is_alike(const struct diff_event *left,
		     const struct diff_event *right)
{
	return left->change == right->change && left->kind == right->kind &&
	       same_side(&left->old, &right->old) &&
	       same_side(&left->new, &right->new);
}

static void print_calls(const char *title, const struct diff_calls *calls,
			size_t n, FILE *to)
{
	if (n)
		fprintf(to, "\n%s\n", title);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < calls[i].n; j++) {
			put(to, "  class=", calls[i].class);
			put(to, " call=", calls[i].texts[j]);
			fputc('\n', to);
		}
}

void diff_print(const struct diff *diff, FILE *to)
{
	enum diff_change last = DIFF_N;

	for (size_t i = 0; i < diff->n; i++) {
		const struct diff_event *event = &diff->events[i];

		if (event->change != last)
			fprintf(to, "%s%s (%zu)\n", i ? "\n" : "",
				titles[event->change],
				diff->counts[event->change]);
		last = event->change;
		print_event(event, to);
		if (i + 1 < diff->n && is_alike(event, event + 1))
			continue;
		print_side(diff, event, &event->old, '-', to);
		print_side(diff, event, &event->new, '+', to);
	}
	if (!diff->n)
		fputs("no verdict can change\n", to);
	print_calls("now also permits", diff->gained, diff->n_gained, to);
	print_calls("no longer permits", diff->lost, diff->n_lost, to);
}
