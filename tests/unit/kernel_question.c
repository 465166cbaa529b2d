/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Questions to the security module: a verdict comes back, and nothing else. */
#include <string.h>

#include "../../kernel/ipc/frame.h"
#include "support/suite.h"
#include "support/world.h"

static struct world *w;

static void set_up(void)
{
	w = world_new(0);
	world_skip(w, CLIENT, WIRE_KERNEL_FD, WIRE_HELLO);
	world_skip(w, SERVER, WIRE_KERNEL_FD, WIRE_HELLO);
	world_skip(w, SERVER, SERVER_MAIN, WIRE_OPENED);
	world_skip(w, CLIENT2, CLIENT2_RING, WIRE_OPENED);
}

static void tear_down(void)
{
	world_end(w);
}

static struct wire_header question(uint32_t call, uint16_t mid, uint32_t fixed,
				   uint32_t arena)
{
	return (struct wire_header){
		.version = 1, .kind = WIRE_REQUEST, .call = call,
		.riid = WIRE_SECURITY_RIID, .mid = mid, .fixed_size = fixed,
		.arena_size = arena, .deadline_ms = WIRE_DEADLINE_CAP };
}

struct may { uint32_t n; struct wire_chunk s; uint32_t pad; char text[8]; };

static void ask_may(uint32_t task, int fd, uint32_t call, uint32_t n)
{
	struct wire_header header = question(call, MAY, 16, 8);
	struct may body = { n, { 0, 6 }, 0, "hello" };

	world_send(w, task, fd, &header, &body, sizeof(body), NULL, 0);
	world_turn(w);
}

static void expect_granted(uint32_t call, uint16_t mid)
{
	const struct wire_header *h = world_expect(w, CLIENT, WIRE_KERNEL_FD,
						   WIRE_RESPONSE);

	ck_assert_uint_eq(h->call, call);
	ck_assert_uint_eq(h->sid, 1);
	ck_assert_uint_eq(h->riid, WIRE_SECURITY_RIID);
	ck_assert_uint_eq(h->mid, mid);
	ck_assert_uint_eq(h->fixed_size, 0);
	ck_assert_uint_eq(h->arena_size, 0);
	ck_assert_uint_eq(h->n_handles, 0);
	ck_assert_uint_eq(w->frame.length, sizeof(*h));
	world_expect_nothing(w, CLIENT, WIRE_KERNEL_FD);
}

START_TEST(granted_question_has_an_empty_answer)
{
	ask_may(CLIENT, WIRE_KERNEL_FD, 7, 5);
	expect_granted(7, MAY);
	ck_assert_uint_eq(world_count(w, "DENIED security"), 0);
}
END_TEST

START_TEST(denied_question_is_a_status_and_a_record)
{
	ask_may(CLIENT, WIRE_KERNEL_FD, 8, 6);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 8,
			    DK_SECURITY_DISALLOW);
	world_expect_nothing(w, CLIENT, WIRE_KERNEL_FD);
	ck_assert(world_printed(w, "DENIED security  Client (t.Client, sid 4) "
				"t.Question.May: denied by"));
}
END_TEST

START_TEST(question_without_a_rule_is_denied)
{
	struct wire_header header = question(9, NEVER, 0, 0);

	world_send(w, CLIENT, WIRE_KERNEL_FD, &header, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 9,
			    DK_SECURITY_DISALLOW);
	ck_assert(world_printed(w, "t.Question.Never: no rule grants it"));
}
END_TEST

START_TEST(malformed_question_never_reaches_a_rule)
{
	struct wire_header header = question(1, MAY, 16, 8);
	struct may body = { 5, { 0, 6 }, 0, "hello" };

	header.fixed_size = 24;		/* not the method's size */
	header.arena_size = 0;
	world_send(w, CLIENT, WIRE_KERNEL_FD, &header, &body, 24, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 1, DK_INVALID_ARGUMENT);
	ck_assert(world_printed(w, "another version of t.Question.idl"));
	header = question(2, MAY, 16, 8);
	body.s.size = 5;		/* no terminator */
	world_send(w, CLIENT, WIRE_KERNEL_FD, &header, &body, sizeof(body),
		   NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 2, DK_INVALID_ARGUMENT);
	header = question(3, MAY, 16, 0);
	body.s = (struct wire_chunk){ 8, 6 };	/* beyond the arena */
	world_send(w, CLIENT, WIRE_KERNEL_FD, &header, &body, 16, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 3, DK_INVALID_ARGUMENT);
	header = question(4, SHOW, 0, 0);
	world_send(w, CLIENT, WIRE_KERNEL_FD, &header, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 4, DK_INVALID_ARGUMENT);
	ck_assert_uint_eq(world_count(w, "MALFORMED security"), 4);
	ck_assert_uint_eq(world_count(w, "DENIED security"), 0);
}
END_TEST

START_TEST(method_that_is_none_is_not_found)
{
	struct wire_header header = question(5, N_WORLD_QUESTIONS, 0, 0);

	world_send(w, CLIENT, WIRE_KERNEL_FD, &header, NULL, 0, NULL, 0);
	header.mid = 0xffff;
	world_send(w, CLIENT, WIRE_KERNEL_FD, &header, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 5, DK_NOT_FOUND);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 5, DK_NOT_FOUND);
	ck_assert(world_printed(w, "t.Question: no such method"));
}
END_TEST

START_TEST(class_without_a_security_interface_asks_nothing)
{
	ask_may(SERVER, WIRE_KERNEL_FD, 6, 5);
	world_expect_status(w, SERVER, WIRE_KERNEL_FD, 6, DK_NOT_FOUND);
	ck_assert(world_printed(w, "has no security interface"));
}
END_TEST

/* To a server the number is an endpoint's like any other. */
START_TEST(question_on_a_channel_is_a_request)
{
	ask_may(CLIENT, CLIENT_MAIN, 3, 5);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 3, DK_NOT_FOUND);
	ck_assert(world_printed(w, "no such endpoint"));
	world_expect_nothing(w, SERVER, SERVER_MAIN);
}
END_TEST

static void show(uint32_t call, int end)
{
	struct wire_header header = question(call, SHOW, 16, 0);
	struct wire_handle handle = { 0, 0, 0 };
	int fd = w->programs[CLIENT].fds[end];

	header.n_handles = 1;
	world_send(w, CLIENT, WIRE_KERNEL_FD, &header, &handle, 16, &fd, 1);
	world_turn(w);
}

START_TEST(handle_in_a_question_is_read_and_given_to_nobody)
{
	unsigned channels = w->m->n_channels, fds = world_count_fds();

	show(1, CLIENT_MAIN);
	expect_granted(1, SHOW);
	show(2, CLIENT_RING2);		/* a listener of its own */
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 2, DK_INVALID_ARGUMENT);
	show(3, WIRE_KERNEL_FD);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 3, DK_INVALID_ARGUMENT);
	ck_assert_uint_eq(w->m->n_channels, channels);
	ck_assert_uint_eq(world_count_fds(), fds);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("question");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, granted_question_has_an_empty_answer);
	tcase_add_test(tests, denied_question_is_a_status_and_a_record);
	tcase_add_test(tests, question_without_a_rule_is_denied);
	tcase_add_test(tests, malformed_question_never_reaches_a_rule);
	tcase_add_test(tests, method_that_is_none_is_not_found);
	tcase_add_test(tests, class_without_a_security_interface_asks_nothing);
	tcase_add_test(tests, question_on_a_channel_is_a_request);
	tcase_add_test(tests, handle_in_a_question_is_read_and_given_to_nobody);
	return suite_run("question", tests);
}
