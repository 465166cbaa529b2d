/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Proves what is recorded of the rules: levels, profiles, and that each rule has
 * the part of a profile that is about its object. Which states an object has is
 * seen when a record is made.
 */
#include "image_check.h"

static bool check_levels(const struct image_check *check)
{
	const uint32_t *levels = check->image->levels;
	uint32_t n = check->count[SECTION_LEVELS];

	if (n > 1 + IMAGE_LEVELS_MAX)
		return image_refuse(check, SECTION_LEVELS, n,
				    "there are too many audit levels");
	for (uint32_t i = 2; i < n; i++)
		if (levels[i] <= levels[i - 1])
			return image_refuse(check, SECTION_LEVELS, i,
					    "the audit levels do not grow");
	return true;
}

/* Bits of the levels that there are. */
static uint32_t known_levels(const struct image_check *check)
{
	uint32_t n = check->count[SECTION_LEVELS];

	return n ? (uint32_t)((UINT64_C(1) << (n - 1)) - 1) : 0;
}

static bool check_omits(const struct image_check *check)
{
	for (uint32_t i = 0; i < check->count[SECTION_OMITS]; i++)
		if (check->image->omits[i] & ~known_levels(check))
			return image_refuse(check, SECTION_OMITS, i, "a state "
					    "has no record at a level that is "
					    "not there");
	return true;
}

static bool check_audit(const struct image_check *check, uint32_t index)
{
	const struct image_audit *audit = &check->image->audits[index];
	uint32_t all = audit->granted | audit->denied;

	for (int i = 0; i < REGEX_N; i++)
		all |= audit->emitted[i];
	if (!image_is_name(check, audit->profile) ||
	    !image_is_string(check, audit->object))
		return image_refuse(check, SECTION_AUDITS, index,
				    "the name of a profile or object is out of "
				    "range");
	if (audit->n_omits > OBJECT_STATES_MAX ||
	    !image_has(check, SECTION_OMITS, audit->omits, audit->n_omits))
		return image_refuse(check, SECTION_AUDITS, index, "the states "
				    "without a record are out of range");
	return (all & ~known_levels(check)) == 0 ||
	       image_refuse(check, SECTION_AUDITS, index,
			    "a profile records at a level that is not there");
}

/* An image without levels names no profile at all. */
static bool check_rule(const struct image_check *check, uint32_t index)
{
	const struct image_rule *rule = &check->image->rules[index];

	if (check->count[SECTION_LEVELS] == 0)
		return rule->audit == IMAGE_NONE ||
		       image_refuse(check, SECTION_RULES, index,
				    "a rule has a profile, and there are no "
				    "audit levels");
	return (rule->audit < check->count[SECTION_AUDITS] &&
		check->image->audits[rule->audit].object == rule->object) ||
	       image_refuse(check, SECTION_RULES, index,
			    "what is recorded of a rule is about another object");
}

bool image_check_audit(const struct image_check *check)
{
	if (!check_levels(check) || !check_omits(check))
		return false;
	for (uint32_t i = 0; i < check->count[SECTION_AUDITS]; i++)
		if (!check_audit(check, i))
			return false;
	for (uint32_t i = 0; i < check->count[SECTION_RULES]; i++)
		if (!check_rule(check, i))
			return false;
	return true;
}
