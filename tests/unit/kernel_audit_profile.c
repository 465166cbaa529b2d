/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What a profile records, level by level, of what the rules answer. */
#include <string.h>

#include "audited.h"

static void load(bool json)
{
	struct image_fault fault;

	file = maker_file(&maker, &file_size);
	ck_assert_msg(image_load(&image, file, file_size, &fault), "%s",
		      fault.what);
	audit_init(&audit, &image, &ring, json);
}

static const char *record(uint32_t slot)
{
	enum verdict verdict = ask(slot);
	struct audit_record record = {
		.what = verdict == VERDICT_GRANT ? AUDIT_GRANTED : AUDIT_DENIED,
		.kind = EVENT_REQUEST, .trace = &trace,
		.src = { "Client", SAMPLE_CLIENT, 5 },
		.dst = { "Server", SAMPLE_SERVER, 4 },
	};

	return written(&record);
}

/*
 * Slots of the sample: 0 calls 2, 3 and 4, of which 2 cannot be computed without
 * a message; 1 calls 0, which grants; 2 calls 0, 1 and 2: grant, denial, fault; 3
 * calls none. Calls 0 to 2 have the profile `trace`: "denied" at 0, both at 1,
 * "granted" at 7; calls 3 and 4 `empty`.
 */
static const struct {
	uint32_t level, slot;
	bool wanted;
	const char *rules;	/* in the line */
} rows[] = {
	{ 0, 1, false, NULL },
	{ 0, 2, true, ": denied by base.deny at security.psl:2, what cannot be "
		"computed in base.assert at security.psl:3 [" },
	{ 0, 0, true, ": denied by what cannot be computed in base.assert at "
		"security.psl:3 [" },
	{ 0, 3, true, ": no rule grants it [" },
	{ 1, 1, true, ": granted by base.grant at security.psl:1 [" },
	{ 1, 2, true, ": denied by base.deny at security.psl:2, what cannot be "
		"computed in base.assert at security.psl:3; granted by "
		"base.grant at security.psl:1 [" },
	{ 1, 3, true, ": no rule grants it [" },
	{ 7, 1, true, ": granted by base.grant at security.psl:1 [" },
	{ 7, 2, true, ": denied; granted by base.grant at security.psl:1 [" },
	{ 7, 0, false, NULL },	/* nothing of `trace` granted */
	{ 7, 3, true, ": no rule grants it [" },
	/* a level that no profile names */
	{ 2, 1, false, NULL },
	{ 2, 2, false, NULL },
	{ 2, 0, false, NULL },
	{ 2, 3, true, ": no rule grants it [" },
	{ UINT32_MAX, 2, false, NULL },
	{ UINT32_MAX, 3, true, ": no rule grants it [" },
};

START_TEST(a_profile_records_what_it_says)
{
	enum verdict verdict;

	maker_audit(&maker);
	load(false);
	audit_set_level(&audit, rows[_i].level);
	ck_assert_uint_eq(audit.level, rows[_i].level);
	verdict = ask(rows[_i].slot);
	ck_assert_int_eq(audit_wants(&audit, verdict, &trace),
			 rows[_i].wanted);
	if (rows[_i].wanted)
		ck_assert_msg(strstr(record(rows[_i].slot), rows[_i].rules),
			      "%s", taken);
}
END_TEST

START_TEST(the_level_begins_where_the_policy_says)
{
	maker_audit(&maker);
	*(uint32_t *)maker_at(&maker, SECTION_LEVELS, 0) = 7;
	load(false);
	ck_assert_uint_eq(audit.level, 7);
	ck_assert(audit_wants(&audit, ask(1), &trace));
	audit_set_level(&audit, 0);
	ck_assert(!audit_wants(&audit, ask(1), &trace));
	audit_set_level(&audit, 7);
	ck_assert(audit_wants(&audit, ask(1), &trace));
}
END_TEST

START_TEST(the_profile_empty_records_what_no_rule_decided)
{
	maker_audit(&maker);
	for (uint32_t i = 0; i < SAMPLE_CALLS; i++)
		((struct image_rule *)maker_at(&maker, SECTION_RULES,
					       i))->audit = 1;
	for (uint32_t i = 0; i < maker.sections[SECTION_ACTIONS].count; i++)
		((struct image_action *)maker_at(&maker, SECTION_ACTIONS,
						 i))->granted = 0;
	load(false);
	for (uint32_t level = 0; level < 8; level++) {
		audit_set_level(&audit, level);
		ck_assert(!audit_wants(&audit, ask(0), &trace));
		ck_assert(!audit_wants(&audit, ask(1), &trace));
		ck_assert(!audit_wants(&audit, ask(2), &trace));
		ck_assert(audit_wants(&audit, ask(3), &trace));
	}
}
END_TEST

START_TEST(a_policy_without_audit_has_its_denials_recorded)
{
	load(false);
	for (uint32_t level = 0; level < 8; level++) {
		audit_set_level(&audit, level);
		ck_assert(!audit_wants(&audit, ask(1), &trace));
		for (uint32_t slot = 0; slot < 4; slot++)
			if (slot != 1)
				ck_assert(audit_wants(&audit, ask(slot),
						      &trace));
	}
}
END_TEST

START_TEST(a_denial_that_is_not_recorded_counts)
{
	maker_audit(&maker);
	load(false);
	audit_skip_denial(&audit);
	record(2);
	ck_assert_uint_eq(audit.n_denied, 2);
	ck_assert_uint_eq(audit.event, 1);
}
END_TEST

/* A record as JSON has the rules that are recorded, and how many there were. */
START_TEST(json_has_the_recorded_rules)
{
	maker_audit(&maker);
	load(true);
	ck_assert_ptr_nonnull(strstr(record(2), "\"n_rules\":3,\"rules\":["
				     "{\"object\":\"base\",\"method\":\"deny\","
				     "\"result\":\"denied\","));
	ck_assert_ptr_null(strstr(taken, "\"granted\""));
	audit_set_level(&audit, 7);
	ck_assert_ptr_nonnull(strstr(record(2), "\"n_rules\":3,\"rules\":["
				     "{\"object\":\"base\",\"method\":\"grant\""
				     ",\"result\":\"granted\",\"file\":"
				     "\"security.psl\",\"line\":1}]}\n"));
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("audit_profile");

	tcase_add_checked_fixture(tests, audited_begin, audited_end);
	tcase_add_loop_test(tests, a_profile_records_what_it_says, 0,
			    SUITE_LENGTH(rows));
	tcase_add_test(tests, the_level_begins_where_the_policy_says);
	tcase_add_test(tests, the_profile_empty_records_what_no_rule_decided);
	tcase_add_test(tests, a_policy_without_audit_has_its_denials_recorded);
	tcase_add_test(tests, a_denial_that_is_not_recorded_counts);
	tcase_add_test(tests, json_has_the_recorded_rules);
	return suite_run("audit_profile", tests);
}
