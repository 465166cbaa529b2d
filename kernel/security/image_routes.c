/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Proves the routing table: for every event that an image can name, the look-up
 * stays inside, and a verdict that a route holds is that of its rules.
 */
#include <string.h>

#include "image_check.h"

/* What the rules of an action say without being run. */
enum summary { SUMMARY_GRANTS, SUMMARY_DENIES, SUMMARY_OPEN };

/*
 * Actions that were summed up lately: many cells share one. Slices of calls may
 * overlap, so what is not found here is counted, and an image that needs too
 * much is refused.
 */
#define RECENT_MAX 4096u
#define CALLS_LOOKED_AT_MAX (UINT64_C(1) << 28)

struct recent {
	uint32_t action[RECENT_MAX];	/* + 1; 0 = empty */
	uint8_t summary[RECENT_MAX];
	uint64_t looked;
};

static const struct image_rule *rule_of(const struct image *image,
					const struct image_action *action,
					uint32_t i)
{
	uint32_t call = image->action_calls[action->calls + i];

	return image_rule(image, &image->calls[call]);
}

static enum summary sum_up(const struct image *image,
			   const struct image_action *action)
{
	enum summary summary = SUMMARY_GRANTS;

	for (uint32_t i = 0; i < action->n_calls; i++) {
		uint8_t fixed = rule_of(image, action, i)->fixed;

		if (fixed == CALL_DENIES)
			return SUMMARY_DENIES;
		if (fixed == CALL_EVAL)
			summary = SUMMARY_OPEN;
	}
	return summary;
}

/* At which levels the action's rules may have something to record of a grant. */
static uint32_t granted_levels(const struct image *image,
			       const struct image_action *action)
{
	uint32_t levels = 0;

	for (uint32_t i = 0; i < action->n_calls && image->n_levels; i++)
		levels |= image_audit_granted(&image->audits[
				rule_of(image, action, i)->audit]);
	return levels;
}

static bool check_actions(const struct image_check *check)
{
	const struct image *image = check->image;

	for (uint32_t i = 0; i < check->count[SECTION_ACTION_CALLS]; i++)
		if (image->action_calls[i] >= image->n_calls)
			return image_refuse(check, SECTION_ACTION_CALLS, i,
					    "a rule is out of range");
	for (uint32_t i = 0; i < image->n_actions; i++)
		if (image->actions[i].n_calls == 0 ||
		    image->actions[i].n_calls > IMAGE_CALLS_MAX ||
		    !image_has(check, SECTION_ACTION_CALLS,
			       image->actions[i].calls,
			       image->actions[i].n_calls))
			return image_refuse(check, SECTION_ACTIONS, i,
					    "the rules are out of range");
	return true;
}

static bool check_cell(const struct image_check *check, uint32_t index,
		       struct recent *recent)
{
	const struct image *image = check->image;
	uint32_t route = image->cells[index];
	uint32_t action = route & ROUTE_ACTION;
	uint32_t at = action % RECENT_MAX;
	enum summary summary;
	bool good = false;

	if (route == ROUTE_NONE)
		return true;
	if ((route & ROUTE_HOW) == ROUTE_NONE || action >= image->n_actions)
		return image_refuse(check, SECTION_CELLS, index,
				    "a route's action is out of range");
	if (recent->action[at] != action + 1) {
		recent->looked += image->actions[action].n_calls;
		if (recent->looked > CALLS_LOOKED_AT_MAX)
			return image_refuse(check, SECTION_CELLS, index,
					    "the routes are too many to prove");
		if (image->actions[action].granted !=
		    granted_levels(image, &image->actions[action]))
			return image_refuse(check, SECTION_ACTIONS, action,
					    "an action's audit is not that of its "
					    "rules");
		recent->action[at] = action + 1;
		recent->summary[at] = (uint8_t)sum_up(image,
						&image->actions[action]);
	}
	summary = recent->summary[at];
	if (route & ROUTE_ONE &&
	    (summary == SUMMARY_OPEN || image->actions[action].n_calls != 1))
		return image_refuse(check, SECTION_CELLS, index,
				    "a route of one rule is none");
	switch (route & ROUTE_HOW) {
	case ROUTE_GRANT:
		good = summary == SUMMARY_GRANTS;
		break;
	case ROUTE_DENY:
		good = summary == SUMMARY_DENIES;
		break;
	case ROUTE_EVAL:
		good = summary == SUMMARY_OPEN;
		break;
	}
	return good || image_refuse(check, SECTION_CELLS, index,
				    "a route's verdict is not that of its rules");
}

static bool check_cells(const struct image_check *check)
{
	const struct image *image = check->image;
	struct recent recent;
	uint32_t most = 0;

	for (uint32_t i = 0; i < image->n_classes; i++)
		if (image->classes[i].n_slots > most)
			most = image->classes[i].n_slots;
	if (most > image->n_cells)
		return image_refuse(check, SECTION_CELLS, image->n_cells,
				    "there are fewer routes than slots");
	for (uint32_t i = 0; i < most; i++)
		if (image->cells[i] != ROUTE_NONE)
			return image_refuse(check, SECTION_CELLS, i,
					    "a route for pairs without rules is not "
					    "zero");
	memset(&recent, 0, sizeof(recent));
	for (uint32_t i = 0; i < image->n_cells; i++)
		if (!check_cell(check, i, &recent))
			return false;
	return true;
}

/* The slots that the block of a pair must have. */
static uint32_t block_size(const struct image *image, uint32_t kind,
			   uint32_t src, uint32_t dst)
{
	switch ((enum event_kind)kind) {
	case EVENT_REQUEST:
		return image->classes[dst].n_slots;
	case EVENT_RESPONSE:
	case EVENT_ERROR:
	case EVENT_SECURITY:
		return image->classes[src].n_slots;
	case EVENT_EXECUTE:
	case EVENT_NONE:
	case EVENT_N:
		break;
	}
	return 1;
}

bool image_check_routes(const struct image_check *check)
{
	const struct image *image = check->image;
	uint32_t n = image->n_classes;

	if (!check_actions(check) || !check_cells(check))
		return false;
	if ((uint64_t)n * n * (EVENT_N - 1) != check->count[SECTION_PAIRS])
		return image_refuse(check, SECTION_PAIRS, 0,
				    "there is not one block for each kind and pair");
	for (uint32_t i = 0; i < check->count[SECTION_PAIRS]; i++) {
		uint32_t dst = i % n, src = i / n % n, kind = i / n / n + 1;

		if (!image_has(check, SECTION_CELLS, image->pairs[i],
			       block_size(image, kind, src, dst)))
			return image_refuse(check, SECTION_PAIRS, i,
					    "a block is out of range");
	}
	return true;
}
