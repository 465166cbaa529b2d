/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What a profile leaves out in some states of a Flow, and what it asks for of
 * patterns: what the trace says of a rule, and what is recorded of it.
 */
#include <stdio.h>
#include <string.h>

#include "audited.h"
#include "unsound.h"

enum { CLOSED, OPEN, N_STATES };
/* Calls behind the sample's, each alone in the action of a slot of the client's
   requests, but for what is on slot 3. */
enum { INIT = SAMPLE_CALLS, ENTER, ALLOW, MATCHES };
enum { SLOT_INIT, SLOT_ENTER, SLOT_ALLOW, SLOT_MATCHES };
enum { AUDIT_SESSION = 2, AUDIT_PATTERNS };

static struct image_fault fault;
static uint64_t words[1 << 14];

#define AT(type, section, i) ((struct type *)maker_at(&maker, section, i))

/* Each call of the maker has a rule of its own. */
#define RULE(call) AT(image_rule, SECTION_RULES, \
		      AT(image_call, SECTION_CALLS, call)->rule)

/* From "closed" to "open" and back. */
static void add_session(void)
{
	struct image_object session = {
		.name = maker_string(&maker, "session"), .model = MODEL_FLOW,
		.pool_size = 2, .n_buckets = 2, .n_items = N_STATES,
		.n_more = CLOSED, .n_words = 3 * N_STATES, .place_words = 1,
	};
	const uint32_t config[] = {
		maker_string(&maker, "closed"), maker_string(&maker, "open"),
		1u << OPEN, 0, 1u << CLOSED, 0,
	};

	maker_add(&maker, SECTION_OBJECTS, &session, 1);
	maker_add(&maker, SECTION_OBJECT_WORDS, config, SUITE_LENGTH(config));
}

static void add_call(const char *object, uint32_t profile, uint32_t slot,
		     const struct image_insn *insns, uint32_t n)
{
	uint32_t call = maker_call(&maker, CALL_EVAL, "rule", insns, n);

	RULE(call)->object = maker_string(&maker, object);
	RULE(call)->audit = profile;
	maker_route(&maker, EVENT_REQUEST, SAMPLE_CLIENT, SAMPLE_SERVER, slot,
		    ROUTE_EVAL | maker_action(&maker, &call, 1));
}

static void add_calls(void)
{
	const uint32_t open = maker_string(&maker, "open");
	const struct image_insn init[] = {
		{ .op = OP_SID, .arg = SID_SRC }, { .op = OP_INIT },
		{ .op = OP_ASSERT },
	};
	const struct image_insn enter[] = {
		{ .op = OP_SID, .arg = SID_SRC }, { .op = OP_TEXT, .arg = open },
		{ .op = OP_ENTER }, { .op = OP_ASSERT },
	};
	const struct image_insn allow[] = {
		{ .op = OP_SID, .arg = SID_SRC }, { .op = OP_TEXT, .arg = open },
		{ .op = OP_ALLOW, .n = 1 }, { .op = OP_ASSERT },
	};
	const struct image_insn matches[] = {
		{ .op = OP_TEXT, .arg = open },
		{ .op = OP_MATCH, .type = REGEX_SELECT },
		{ .op = OP_UNLESS, .arg = 1 },
		{ .op = OP_DENY },
		{ .op = OP_TEXT, .arg = maker_string(&maker, "ab") },
		{ .op = OP_MATCH, .type = REGEX_MATCH },
		{ .op = OP_ASSERT },
	};

	add_call("session", AUDIT_SESSION, SLOT_INIT, init, 3);
	add_call("session", AUDIT_SESSION, SLOT_ENTER, enter, 4);
	add_call("session", AUDIT_SESSION, SLOT_ALLOW, allow, 4);
	add_call("base", AUDIT_PATTERNS, SLOT_MATCHES, matches, 7);
}

/* Levels 0, 1, 7 are bits 1, 2, 4. Everything of the session is recorded, but at
   0 nothing of a closed one, and at 7 of none; patterns at 1 and 7. */
static void setup(void)
{
	const uint32_t omits[N_STATES] = { 1 | 4, 4 };
	struct image_audit audits[2];

	audited_begin();
	maker_audit(&maker);
	memset(audits, 0, sizeof(audits));
	audits[0] = (struct image_audit){
		.profile = maker_string(&maker, "trace"),
		.object = maker_string(&maker, "session"),
		.granted = 7, .denied = 7, .n_omits = N_STATES };
	audits[1] = (struct image_audit){
		.profile = maker_string(&maker, "trace"),
		.object = maker_string(&maker, "base"),
		.emitted = { [REGEX_MATCH] = 2, [REGEX_SELECT] = 6 } };
	maker_add(&maker, SECTION_AUDITS, audits, 2);
	maker_add(&maker, SECTION_OMITS, omits, N_STATES);
	add_session();
	add_calls();
	for (uint32_t i = maker.sections[SECTION_ACTIONS].count - 4, k = 0;
	     k < 4; k++)
		AT(image_action, SECTION_ACTIONS, i + k)->granted =
			k < 3 ? 7 : 6;
}

static void load(void)
{
	file = maker_file(&maker, &file_size);
	ck_assert_msg(image_load(&image, file, file_size, &fault), "%u %s",
		      fault.section, fault.what);
	ck_assert_uint_le(security_state_size(&image), sizeof(words));
	memset(words, 0, sizeof(words));
	security_state_init(&image, &state, words);
	audit_init(&audit, &image, &ring, false);
}

static bool wants(uint32_t level, enum verdict verdict)
{
	audit_set_level(&audit, level);
	return audit_wants(&audit, verdict, &trace);
}

static const char *record(bool json)
{
	struct audit_record record = { .what = AUDIT_GRANTED,
		.kind = EVENT_REQUEST, .trace = &trace,
		.src = { "Client", SAMPLE_CLIENT, 5 } };

	audit.json = json;
	return written(&record);
}

/* ---- states ---- */

START_TEST(the_trace_says_the_state_before_the_rule)
{
	load();
	ck_assert_int_eq(ask(SLOT_ALLOW), VERDICT_DENY);
	ck_assert_uint_eq(trace.saw[0], 0);	/* in none */
	ck_assert_int_eq(ask(SLOT_INIT), VERDICT_GRANT);
	ck_assert_uint_eq(trace.saw[0], 0);
	ck_assert_int_eq(ask(SLOT_INIT), VERDICT_DENY);
	ck_assert_uint_eq(trace.saw[0], 1 + CLOSED);
	ck_assert_int_eq(ask(SLOT_ENTER), VERDICT_GRANT);
	ck_assert_uint_eq(trace.saw[0], 1 + CLOSED);
	ck_assert_int_eq(ask(SLOT_ENTER), VERDICT_DENY);
	ck_assert_uint_eq(trace.saw[0], 1 + OPEN);
	ck_assert_int_eq(ask(SLOT_ALLOW), VERDICT_GRANT);
	ck_assert_uint_eq(trace.saw[0], 1 + OPEN);
	ck_assert_int_eq(ask(SLOT_MATCHES), VERDICT_GRANT);
	ck_assert_uint_eq(trace.saw[0], 0);
}
END_TEST

/* The rule behind the Flow's is of no state, and the pattern is its own. */
START_TEST(each_rule_of_an_event_has_its_own_part_of_the_trace)
{
	const uint32_t both[] = { ALLOW, MATCHES };
	const uint32_t action = maker_action(&maker, both, 2);

	AT(image_action, SECTION_ACTIONS, action)->granted = 7;
	maker_route(&maker, EVENT_REQUEST, SAMPLE_CLIENT, SAMPLE_SERVER,
		    SLOT_MATCHES, ROUTE_EVAL | action);
	load();
	ask(SLOT_INIT);
	ck_assert_int_eq(ask(SLOT_MATCHES), VERDICT_DENY);
	ck_assert_uint_eq(trace.saw[0], 1 + CLOSED);
	ck_assert_uint_eq(trace.saw[1], 0);
	ck_assert_uint_eq(trace.matches[0].call, 1);
}
END_TEST

START_TEST(a_result_in_an_omitted_state_is_not_recorded)
{
	load();
	ck_assert(wants(0, ask(SLOT_ALLOW)));	/* in none: nothing is left out */
	ck_assert(wants(7, ask(SLOT_ALLOW)));
	ck_assert(wants(0, ask(SLOT_INIT)));
	ck_assert(!wants(0, ask(SLOT_ALLOW)));
	ck_assert(wants(1, ask(SLOT_ALLOW)));
	ck_assert(!wants(7, ask(SLOT_ALLOW)));
	ck_assert(!wants(0, ask(SLOT_ENTER)));	/* granted, from "closed" */
	ck_assert(wants(0, ask(SLOT_ALLOW)));
	ck_assert(wants(1, ask(SLOT_ALLOW)));
	ck_assert(!wants(7, ask(SLOT_ALLOW)));
}
END_TEST

START_TEST(an_omitted_rule_is_not_named_either)
{
	load();
	ask(SLOT_INIT);
	ask(SLOT_ENTER);
	wants(0, VERDICT_GRANT);
	ck_assert_ptr_null(strstr(record(false), "session.rule"));
	wants(1, VERDICT_GRANT);
	ck_assert_ptr_nonnull(strstr(record(false), "session.rule"));
}
END_TEST

/* An image may say less than its object has: those are not left out. */
START_TEST(a_state_beyond_the_profiles_is_recorded)
{
	AT(image_audit, SECTION_AUDITS, AUDIT_SESSION)->n_omits = 1;
	load();
	ask(SLOT_INIT);
	ck_assert(!wants(7, ask(SLOT_ENTER)));
	ck_assert(wants(7, ask(SLOT_ALLOW)));
}
END_TEST

/* ---- patterns ---- */

START_TEST(the_trace_says_which_patterns_were_found)
{
	load();
	ask(SLOT_MATCHES);
	ck_assert_uint_eq(trace.n_matches, 2);
	ck_assert_uint_eq(trace.matches[0].expression, REGEX_SELECT);
	ck_assert_uint_eq(trace.matches[0].found, false);
	ck_assert_uint_eq(trace.matches[1].expression, REGEX_MATCH);
	ck_assert_uint_eq(trace.matches[1].found, true);
	ask(SLOT_ALLOW);
	ck_assert_uint_eq(trace.n_matches, 0);
}
END_TEST

START_TEST(what_is_asked_for_of_patterns_is_recorded)
{
	static const char *const match =
		"; re.match \"^ab$\" is true at security.psl:9";
	static const char *const select =
		"; re.select \"^ab$\" is false at security.psl:9";

	load();
	ck_assert(!wants(0, ask(SLOT_MATCHES)));
	ck_assert(wants(1, ask(SLOT_MATCHES)));
	ck_assert_ptr_nonnull(strstr(record(false), match));
	ck_assert_ptr_nonnull(strstr(taken, select));
	ck_assert(wants(7, ask(SLOT_MATCHES)));
	ck_assert_ptr_null(strstr(record(false), match));
	ck_assert_ptr_nonnull(strstr(taken, select));
	ck_assert_ptr_nonnull(strstr(record(true),
		"\"rules\":[],\"expressions\":[{\"expression\":\"re.select\","
		"\"pattern\":\"^ab$\",\"result\":false,"
		"\"file\":\"security.psl\",\"line\":9}]}\n"));
	ck_assert(!wants(2, ask(SLOT_MATCHES)));
	ck_assert_ptr_null(strstr(record(true), "expressions"));
}
END_TEST

/* Patterns without number are no reason to write beyond the trace. */
START_TEST(more_patterns_than_fit_are_counted)
{
	struct image_insn insns[3 * 100 + 1];
	uint32_t n = 0;
	char more[32];

	for (int i = 0; i < 100; i++) {
		insns[n++] = (struct image_insn){ .op = OP_TEXT };
		insns[n++] = (struct image_insn){ .op = OP_MATCH };
		insns[n++] = (struct image_insn){ .op = OP_UNLESS };
	}
	insns[n++] = (struct image_insn){ .op = OP_GRANT };
	add_call("base", AUDIT_PATTERNS, SLOT_MATCHES, insns, n);
	AT(image_action, SECTION_ACTIONS,
	   maker.sections[SECTION_ACTIONS].count - 1)->granted = 6;
	load();
	ck_assert_int_eq(ask(SLOT_MATCHES), VERDICT_GRANT);
	ck_assert_uint_eq(trace.n_matches, 100);
	ck_assert_uint_eq(audit_n_matches(&trace), TRACE_MATCHES_MAX);
	ck_assert(wants(1, VERDICT_GRANT));
	snprintf(more, sizeof(more), " and %u more [",
		 100 - LIMIT_RECORD_RULES);
	ck_assert_ptr_nonnull(strstr(record(false), more));
}
END_TEST

/* ---- images that say it wrongly ---- */

#define AUDIT(i) AT(image_audit, SECTION_AUDITS, i)

/* X(name, what is changed, section of the fault) */
#define UNSOUND(X) \
X(states_beyond_the_section, AUDIT(2)->omits = 1, SECTION_AUDITS) \
X(states_from_nowhere, AUDIT(2)->omits = UINT32_MAX, SECTION_AUDITS) \
X(more_states_than_a_flow_has, (maker_add(&maker, SECTION_OMITS, NULL, 64), \
  AUDIT(2)->n_omits = OBJECT_STATES_MAX + 1), SECTION_AUDITS) \
X(a_state_at_no_level, *(uint32_t *)maker_at(&maker, SECTION_OMITS, 1) = 8, \
  SECTION_OMITS) \
X(a_pattern_at_no_level, AUDIT(3)->emitted[REGEX_SELECT] = 8, SECTION_AUDITS) \
X(patterns_that_an_action_hides, AUDIT(3)->emitted[REGEX_MATCH] = 1, \
  SECTION_ACTIONS) \
X(an_expression_of_no_kind, AT(image_insn, SECTION_CODE, \
  RULE(MATCHES)->code + 1)->type = REGEX_N, \
  SECTION_CODE)

UNSOUND_TABLE

START_TEST(an_unsound_one_is_refused)
{
	unsound[_i].change();
	file = maker_file(&maker, &file_size);
	unsound_expect(&unsound[_i], file, file_size, &image);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("audit_states");

	tcase_add_checked_fixture(tests, setup, audited_end);
	tcase_add_test(tests, the_trace_says_the_state_before_the_rule);
	tcase_add_test(tests,
		       each_rule_of_an_event_has_its_own_part_of_the_trace);
	tcase_add_test(tests, a_result_in_an_omitted_state_is_not_recorded);
	tcase_add_test(tests, an_omitted_rule_is_not_named_either);
	tcase_add_test(tests, a_state_beyond_the_profiles_is_recorded);
	tcase_add_test(tests, the_trace_says_which_patterns_were_found);
	tcase_add_test(tests, what_is_asked_for_of_patterns_is_recorded);
	tcase_add_test(tests, more_patterns_than_fit_are_counted);
	tcase_add_loop_test(tests, an_unsound_one_is_refused, 0,
			    SUITE_LENGTH(unsound));
	return suite_run("audit_states", tests);
}
