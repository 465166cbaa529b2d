/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../../kernel/security/decide.h"
#include "support/image_maker.h"
#include "support/suite.h"

static struct maker maker;
static uint8_t *file;
static size_t size;
static struct image image;
static struct image_fault fault;
static struct security_state state;
static struct trace trace;
static _Alignas(8) uint8_t fixed[SAMPLE_FIXED];
static _Alignas(8) uint8_t arena[8];
static struct event event;

static void put(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

static uint64_t bit(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

/* The client's first request: n = 300, name = "abc". All rules grant. */
static void setup(void)
{
	maker_sample(&maker);
	file = maker_file(&maker, &size);
	ck_assert_msg(image_load(&image, file, size, &fault), "%s", fault.what);
	memset(&trace, 0xff, sizeof(trace));
	memset(fixed, 0, sizeof(fixed));
	memcpy(arena, "abc", 4);
	put(fixed + SAMPLE_N, 300);
	put(fixed + SAMPLE_NAME + 4, 4);
	event = (struct event){
		.kind = EVENT_REQUEST, .src_class = SAMPLE_CLIENT,
		.dst_class = SAMPLE_SERVER, .src_sid = 4, .dst_sid = 3,
		.message = { fixed, arena, SAMPLE_FIXED, 4, NULL, 0 },
	};
}

static void teardown(void)
{
	maker_free_file(file, size);
	maker_deinit(&maker);
}

static void assert_no_rule(const struct image *of)
{
	ck_assert_int_eq(decide(of, &state, &event, &trace), VERDICT_DENY);
	ck_assert_uint_eq(trace.n_calls, 0);
	ck_assert_int_eq(decide(of, &state, &event, NULL), VERDICT_DENY);
}

START_TEST(a_request_that_satisfies_its_rules_is_granted)
{
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_GRANT);
	ck_assert_int_eq(decide(&image, &state, &event, &trace),
			 VERDICT_GRANT);
	ck_assert_uint_eq(trace.n_calls, 3);
	for (uint32_t i = 0; i < 3; i++) {
		ck_assert_uint_eq(bit(trace.granted, i), 1);
		ck_assert_uint_eq(bit(trace.faulted, i), 0);
	}
}
END_TEST

START_TEST(one_denial_denies)
{
	put(fixed + SAMPLE_N, 513);
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_DENY);
	put(fixed + SAMPLE_N, 512);
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_GRANT);
	arena[0] = 'x';
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_DENY);
	arena[0] = 'a';
	event.src_sid = 7;
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_DENY);
}
END_TEST

START_TEST(every_rule_is_asked_even_after_a_denial)
{
	put(fixed + SAMPLE_N, 513);
	ck_assert_int_eq(decide(&image, &state, &event, &trace), VERDICT_DENY);
	ck_assert_uint_eq(trace.n_calls, 3);
	ck_assert_uint_eq(bit(trace.granted, 0), 0);
	ck_assert_uint_eq(bit(trace.faulted, 0), 0);
	ck_assert_uint_eq(bit(trace.granted, 1), 1);
	ck_assert_uint_eq(bit(trace.granted, 2), 1);
	ck_assert_uint_eq(image.actions[trace.action].n_calls, 3);
}
END_TEST

START_TEST(C16_what_cannot_be_computed_denies_and_says_so)
{
	event.message.fixed_size = 0;
	ck_assert_int_eq(decide(&image, &state, &event, &trace), VERDICT_DENY);
	ck_assert_uint_eq(trace.n_calls, 3);
	ck_assert_uint_eq(bit(trace.granted, 0), 0);
	ck_assert_uint_eq(bit(trace.faulted, 0), 1);
	ck_assert_uint_eq(bit(trace.faulted, 1), 1);
	ck_assert_uint_eq(bit(trace.granted, 2), 1);
	ck_assert_uint_eq(bit(trace.faulted, 2), 0);
}
END_TEST

START_TEST(only_the_bits_of_called_rules_are_written)
{
	ck_assert_int_eq(decide(&image, &state, &event, &trace),
			 VERDICT_GRANT);
	ck_assert_uint_eq(bit(trace.granted, 3), 1);
	ck_assert_uint_eq(bit(trace.faulted, 3), 1);
	ck_assert_uint_eq(trace.granted[1], UINT64_MAX);
}
END_TEST

START_TEST(a_fixed_grant_says_which_rules_there_were)
{
	event.slot = 1;
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_GRANT);
	ck_assert_int_eq(decide(&image, &state, &event, &trace),
			 VERDICT_GRANT);
	ck_assert_uint_eq(trace.n_calls, 1);
	ck_assert_uint_eq(bit(trace.granted, 0), 1);
}
END_TEST

START_TEST(a_fixed_denial_says_which_rule_denied)
{
	event.slot = 2;
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_DENY);
	ck_assert_int_eq(decide(&image, &state, &event, &trace), VERDICT_DENY);
	ck_assert_uint_eq(trace.n_calls, 3);
	ck_assert_uint_eq(bit(trace.granted, 0), 1);
	ck_assert_uint_eq(bit(trace.granted, 1), 0);
	ck_assert_uint_eq(bit(trace.faulted, 1), 0);
	/* The rule beside it that reads the message was asked too. */
	ck_assert_uint_eq(bit(trace.granted, 2), 1);
}
END_TEST

/* A route of one fixed rule says what its action would, and reads none. */
START_TEST(one_fixed_rule_is_in_the_route)
{
	const uint32_t ways[] = { ROUTE_GRANT, ROUTE_DENY };
	uint32_t cells[64];
	struct image_action actions[2];
	uint32_t calls[] = { 0, 1 };	/* grants; denies */
	struct trace with;

	ck_assert_uint_le(image.n_cells, SUITE_LENGTH(cells));
	image.cells = cells;
	image.action_calls = calls;
	for (uint32_t i = 0; i < 2; i++) {
		enum verdict verdict;

		actions[i] = (struct image_action){ .calls = i, .n_calls = 1 };
		image.actions = actions;
		for (int c = 0; c < SUITE_LENGTH(cells); c++)
			cells[c] = ways[i] | i;
		memset(&with, 0x5a, sizeof(with));
		verdict = decide(&image, &state, &event, &with);
		ck_assert_int_eq(verdict, i == 0 ? VERDICT_GRANT : VERDICT_DENY);
		for (int c = 0; c < SUITE_LENGTH(cells); c++)
			cells[c] |= ROUTE_ONE;
		image.actions = NULL;
		memset(&trace, 0x5a, sizeof(trace));
		ck_assert_int_eq(decide(&image, &state, &event, &trace),
				 verdict);
		ck_assert_int_eq(decide(&image, &state, &event, NULL), verdict);
		/* What is behind is of rules that are run. */
		ck_assert_mem_eq(&trace, &with, offsetof(struct trace, saw));
	}
}
END_TEST

START_TEST(C18_without_a_rule_everything_is_denied)
{
	uint32_t granted = 0;

	for (uint32_t kind = 0; kind < EVENT_N + 3; kind++)
		for (uint32_t src = 0; src < 6; src++)
			for (uint32_t dst = 0; dst < 6; dst++)
				for (uint32_t slot = 0; slot < 8; slot++) {
					event.kind = (enum event_kind)kind;
					event.src_class = src;
					event.dst_class = dst;
					event.slot = slot;
					event.dst_sid =
						kind != EVENT_SECURITY ? 3 : 0;
					granted += decide(&image, &state,
							  &event, NULL);
				}
	/* 4 starts, 2 requests, 2 responses, 1 error, 1 security. */
	ck_assert_uint_eq(granted, 10);
}
END_TEST

/* X(name, what is changed): each is an event that the image cannot name. */
#define STRANGERS(X) \
X(slot_of_the_security_interface, event.slot = 4) \
X(slot_beyond, event.slot = 5) \
X(slot_of_all_bits, event.slot = UINT32_MAX) \
X(slot_without_rule, event.slot = 3) \
X(no_kind, event.kind = EVENT_NONE) \
X(unknown_kind, event.kind = EVENT_N) \
X(kind_of_all_bits, event.kind = (enum event_kind)UINT32_MAX) \
X(unknown_source, event.src_class = 4) \
X(source_of_all_bits, event.src_class = UINT32_MAX) \
X(unknown_target, event.dst_class = 4) \
X(target_of_all_bits, event.dst_class = UINT32_MAX) \
X(no_source_sid, event.src_sid = 0) \
X(no_target_sid, event.dst_sid = 0) \
X(source_and_target_swapped, (event.src_class = SAMPLE_SERVER, \
			      event.dst_class = SAMPLE_CLIENT)) \
X(execute_with_a_slot, (event.kind = EVENT_EXECUTE, event.slot = 1, \
			event.src_class = IMAGE_CLASS_EINIT)) \
X(execute_by_another, event.kind = EVENT_EXECUTE) \
X(security_of_two_classes, (event.kind = EVENT_SECURITY, event.slot = 4, \
			    event.dst_sid = 0)) \
X(security_towards_another, (event.kind = EVENT_SECURITY, event.slot = 4, \
			     event.src_class = SAMPLE_SERVER, \
			     event.dst_class = SAMPLE_CLIENT, \
			     event.dst_sid = 0)) \
X(security_of_a_slot_beyond, (event.kind = EVENT_SECURITY, event.slot = 5, \
			      event.src_class = SAMPLE_SERVER, \
			      event.dst_sid = 0)) \
X(security_with_a_target, (event.kind = EVENT_SECURITY, event.slot = 4, \
			   event.src_class = SAMPLE_SERVER)) \
X(security_of_an_endpoints_slot, (event.kind = EVENT_SECURITY, \
				  event.src_class = SAMPLE_SERVER, \
				  event.dst_sid = 0)) \
X(security_of_a_class_without, (event.kind = EVENT_SECURITY, \
				event.dst_class = SAMPLE_CLIENT, \
				event.dst_sid = 0)) \
X(response_of_the_security_slot, (event.kind = EVENT_RESPONSE, \
				  event.src_class = SAMPLE_SERVER, \
				  event.dst_class = SAMPLE_CLIENT, \
				  event.slot = 4)) \
X(error_without_a_rule, (event.kind = EVENT_ERROR, event.slot = 1, \
			 event.src_class = SAMPLE_SERVER, \
			 event.dst_class = SAMPLE_CLIENT))

#define CHANGE(name, change) static void name(void) { (void)(change); }
STRANGERS(CHANGE)

static void (*const strangers[])(void) = {
#define ROW(name, change) name,
	STRANGERS(ROW)
};

START_TEST(an_event_that_the_image_cannot_name_is_denied)
{
	strangers[_i]();
	assert_no_rule(&image);
}
END_TEST

/* Not even where the cell beside the one that there is not holds a grant. */
START_TEST(a_strange_event_is_denied_whatever_the_cells_hold)
{
	static uint32_t cells[1024];

	if (strangers[_i] == slot_without_rule ||
	    strangers[_i] == execute_by_another ||
	    strangers[_i] == source_and_target_swapped ||
	    strangers[_i] == error_without_a_rule)
		return;		/* these have a cell */
	ck_assert_uint_lt(image.n_cells + 8, SUITE_LENGTH(cells));
	for (int i = 0; i < SUITE_LENGTH(cells); i++)
		cells[i] = ROUTE_GRANT;
	image.cells = cells;
	event.slot = 3;
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_GRANT);
	event.slot = 0;
	strangers[_i]();
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_DENY);
}
END_TEST

START_TEST(an_empty_chunk_is_empty_wherever_it_points)
{
	put(fixed + SAMPLE_NAME, UINT32_MAX);
	put(fixed + SAMPLE_NAME + 4, 0);
	ck_assert_int_eq(decide(&image, &state, &event, &trace), VERDICT_DENY);
	ck_assert_uint_eq(bit(trace.granted, 1), 0);
	ck_assert_uint_eq(bit(trace.faulted, 1), 0);
}
END_TEST

START_TEST(zero_denies)
{
	static const struct image zero;
	static const struct event nothing;

	assert_no_rule(NULL);
	assert_no_rule(&zero);
	event.src_class = event.dst_class = 0;
	assert_no_rule(&zero);
	ck_assert_int_eq(decide(&image, &state, NULL, &trace), VERDICT_DENY);
	ck_assert_uint_eq(trace.n_calls, 0);
	ck_assert_int_eq(decide(&image, &state, &nothing, &trace),
			 VERDICT_DENY);
	ck_assert_int_eq(decide(NULL, NULL, NULL, NULL), VERDICT_DENY);
}
END_TEST

START_TEST(a_refused_image_denies)
{
	maker_digest(file, size);
	file[size - 1] ^= 1;
	ck_assert(!image_load(&image, file, size, &fault));
	assert_no_rule(&image);
}
END_TEST

START_TEST(starts_are_decided_by_pair)
{
	event.kind = EVENT_EXECUTE;
	event.src_class = event.dst_class = IMAGE_CLASS_CORE;
	event.src_sid = event.dst_sid = SID_KERNEL;
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_GRANT);
	event.dst_class = IMAGE_CLASS_EINIT;
	event.dst_sid = SID_EINIT;
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_GRANT);
	event.dst_class = SAMPLE_SERVER;
	assert_no_rule(&image);
	event.src_class = IMAGE_CLASS_EINIT;
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_GRANT);
}
END_TEST

START_TEST(responses_and_errors_belong_to_the_server)
{
	event.kind = EVENT_RESPONSE;
	event.src_class = SAMPLE_SERVER;
	event.dst_class = SAMPLE_CLIENT;
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_GRANT);
	put(fixed, 513);
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_DENY);
	event.kind = EVENT_ERROR;
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_GRANT);
	event.dst_class = SAMPLE_SERVER;
	assert_no_rule(&image);
}
END_TEST

START_TEST(security_is_asked_about_the_asker)
{
	event.kind = EVENT_SECURITY;
	event.src_class = SAMPLE_SERVER;
	event.slot = 4;
	event.dst_sid = 0;
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_GRANT);
	put(fixed, 513);
	ck_assert_int_eq(decide(&image, &state, &event, NULL), VERDICT_DENY);
}
END_TEST

START_TEST(the_same_event_gets_the_same_verdict)
{
	uint32_t granted = 0;

	for (int i = 0; i < 1000; i++)
		granted += decide(&image, &state, &event, NULL);
	decide_forget(&image, &state, event.src_sid);
	granted += decide(&image, &state, &event, NULL);
	ck_assert_uint_eq(granted, 1001);
}
END_TEST

/* Not a benchmark: it only sees a look-up that has become a search. */
START_TEST(a_fixed_verdict_is_one_look_up)
{
	enum { TIMES = 1000000 };
	struct timespec from, to;
	uint32_t granted = 0;
	double ns;

	event.slot = 1;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (int i = 0; i < TIMES; i++) {
		event.src_sid = 3 + (uint32_t)i;
		granted += decide(&image, &state, &event, NULL);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	ns = ((double)(to.tv_sec - from.tv_sec) * 1e9 +
	      (double)(to.tv_nsec - from.tv_nsec)) / TIMES;
	ck_assert_uint_eq(granted, TIMES);
	ck_assert_msg(ns < 200, "%f ns", ns);
	if (getenv("DK_TIMES"))
		printf("a fixed verdict: %.1f ns\n", ns);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("decide");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, a_request_that_satisfies_its_rules_is_granted);
	tcase_add_test(tests, one_denial_denies);
	tcase_add_test(tests, every_rule_is_asked_even_after_a_denial);
	tcase_add_test(tests, C16_what_cannot_be_computed_denies_and_says_so);
	tcase_add_test(tests, only_the_bits_of_called_rules_are_written);
	tcase_add_test(tests, a_fixed_grant_says_which_rules_there_were);
	tcase_add_test(tests, a_fixed_denial_says_which_rule_denied);
	tcase_add_test(tests, one_fixed_rule_is_in_the_route);
	tcase_add_test(tests, C18_without_a_rule_everything_is_denied);
	tcase_add_loop_test(tests,
			    an_event_that_the_image_cannot_name_is_denied, 0,
			    SUITE_LENGTH(strangers));
	tcase_add_loop_test(tests,
			    a_strange_event_is_denied_whatever_the_cells_hold,
			    0, SUITE_LENGTH(strangers));
	tcase_add_test(tests, an_empty_chunk_is_empty_wherever_it_points);
	tcase_add_test(tests, zero_denies);
	tcase_add_test(tests, a_refused_image_denies);
	tcase_add_test(tests, starts_are_decided_by_pair);
	tcase_add_test(tests, responses_and_errors_belong_to_the_server);
	tcase_add_test(tests, security_is_asked_about_the_asker);
	tcase_add_test(tests, the_same_event_gets_the_same_verdict);
	tcase_add_test(tests, a_fixed_verdict_is_one_look_up);
	return suite_run("kernel_decide", tests);
}
