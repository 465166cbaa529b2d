/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Which call an answer or a cancel means, and who waits for whom. */
#include "../../kernel/ipc/call.h"
#include "../../kernel/ipc/channel.h"
#include "../../kernel/ipc/frame.h"
#include "support/suite.h"
#include "support/world.h"

static struct world *w;

static void set_up(void)
{
	w = world_new(0);
	for (uint32_t task = SERVER; task <= SHY; task++)
		if (w->programs[task].running)
			world_expect(w, task, WIRE_KERNEL_FD, WIRE_HELLO);
	world_skip(w, SERVER, SERVER_MAIN, WIRE_OPENED);
	world_skip(w, CLIENT, CLIENT_RING2, WIRE_OPENED);
	world_skip(w, CLIENT2, CLIENT2_RING, WIRE_OPENED);
}

static void tear_down(void)
{
	world_end(w);
}

/* The first listener that TASK has. */
static struct listener *listener_of(uint32_t task)
{
	struct list *at, *after;

	list_each(at, after, &w->m->tasks[task].ports) {
		struct port *port = container_of(at, struct port, of_task);

		if (port->side == PORT_LISTENER)
			return port_listener(port);
	}
	ck_abort_msg("no listener");
}

static uint32_t served(void)
{
	return world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST)->call;
}

static void cancel(uint32_t task, int fd, uint32_t call)
{
	struct wire_header header = { .version = 1, .kind = WIRE_CANCEL,
				      .call = call };

	world_send(w, task, fd, &header, NULL, 0, NULL, 0);
	world_turn(w);
}

START_TEST(number_of_an_answered_call_is_not_its_successors)
{
	uint32_t first, last = 0;

	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	first = served();
	world_answer_echo(w, SERVER, SERVER_MAIN, first, 1);
	/* until the slot is used again */
	for (uint32_t i = 0; i < LIMIT_LISTENER_CALLS; i++) {
		world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
		world_echo(w, CLIENT, CLIENT_MAIN, 2 + i, WIRE_DEADLINE_CAP);
		last = served();
		if ((last & 0xffff) == (first & 0xffff))
			break;
		world_answer_echo(w, SERVER, SERVER_MAIN, last, 1);
	}
	ck_assert_uint_eq(last & 0xffff, first & 0xffff);
	ck_assert_uint_ne(last, first);
	world_answer_echo(w, SERVER, SERVER_MAIN, first, 1);
	world_expect_status(w, SERVER, SERVER_MAIN, first,
			    DK_INVALID_ARGUMENT);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	world_answer_echo(w, SERVER, SERVER_MAIN, last, 1);
	world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
}
END_TEST

START_TEST(generation_never_is_zero)
{
	struct listener *listener = listener_of(SERVER);

	for (uint32_t i = 0; i < LIMIT_LISTENER_CALLS; i++)
		listener->calls[i].generation = UINT16_MAX;
	for (uint32_t i = 0; i <= LIMIT_LISTENER_CALLS; i++) {
		uint32_t call;

		world_echo(w, CLIENT, CLIENT_MAIN, i, WIRE_DEADLINE_CAP);
		call = served();
		ck_assert_uint_ne(call >> 16, 0);
		world_answer_echo(w, SERVER, SERVER_MAIN, call, 1);
		world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
	}
}
END_TEST

START_TEST(cancel_means_the_call_of_that_number)
{
	uint32_t calls[2];

	for (uint32_t i = 0; i < 2; i++) {
		world_echo(w, CLIENT, CLIENT_MAIN, 8 + i, WIRE_DEADLINE_CAP);
		calls[i] = served();
	}
	cancel(CLIENT, CLIENT_MAIN, 7);
	ck_assert_uint_eq(w->m->tasks[CLIENT].n_calls, 2);
	cancel(CLIENT, CLIENT_MAIN, 8);
	for (uint32_t i = 0; i < 2; i++)
		world_answer_echo(w, SERVER, SERVER_MAIN, calls[i], 1);
	ck_assert_uint_eq(world_expect(w, CLIENT, CLIENT_MAIN,
				       WIRE_RESPONSE)->call, 9);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	ck_assert_uint_eq(w->m->n_late, 1);
}
END_TEST

START_TEST(of_two_calls_of_one_number_the_newest_is_cancelled)
{
	uint32_t older, newer;

	world_echo(w, CLIENT, CLIENT_MAIN, 8, WIRE_DEADLINE_CAP);
	older = served();
	world_echo(w, CLIENT, CLIENT_MAIN, 8, WIRE_DEADLINE_CAP);
	newer = served();
	cancel(CLIENT, CLIENT_MAIN, 8);
	world_answer_echo(w, SERVER, SERVER_MAIN, newer, 1);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	world_answer_echo(w, SERVER, SERVER_MAIN, older, 1);
	world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
}
END_TEST

START_TEST(denied_late_answer_is_no_second_end_of_the_call)
{
	struct wire_header header = { .version = 1, .kind = WIRE_REQUEST,
				      .call = 1, .mid = MUTE,
				      .deadline_ms = 5 };

	world_send(w, CLIENT, CLIENT_MAIN, &header, NULL, 0, NULL, 0);
	world_wait(w, 20);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_TIMEOUT);
	header.kind = WIRE_RESPONSE;
	header.call = served();
	header.deadline_ms = 0;
	world_send(w, SERVER, SERVER_MAIN, &header, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_status(w, SERVER, SERVER_MAIN, header.call,
			    DK_SECURITY_DISALLOW);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
}
END_TEST

START_TEST(denied_error_never_reaches_the_client)
{
	struct wire_header header = { .version = 1, .kind = WIRE_ERROR,
				      .fixed_size = 8 };
	uint64_t body = 1;

	/* Client2's responses to Echo are granted, its errors are not */
	world_echo(w, CLIENT, CLIENT_RING, 1, WIRE_DEADLINE_CAP);
	header.call = world_expect(w, CLIENT2, CLIENT2_RING,
				   WIRE_REQUEST)->call;
	world_send(w, CLIENT2, CLIENT2_RING, &header, &body, 8, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, CLIENT_RING, 1, DK_SECURITY_DISALLOW);
	world_expect_status(w, CLIENT2, CLIENT2_RING, header.call,
			    DK_SECURITY_DISALLOW);
	ck_assert(world_printed(w, "DENIED error  Client2"));
}
END_TEST

START_TEST(requests_without_a_trace_get_one_each)
{
	uint64_t first;

	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	world_echo(w, CLIENT, CLIENT_MAIN, 2, WIRE_DEADLINE_CAP);
	first = world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST)->trace;
	ck_assert_uint_ne(world_expect(w, SERVER, SERVER_MAIN,
				       WIRE_REQUEST)->trace, first);
}
END_TEST

/* ---- deadlines ---- */

START_TEST(class_caps_its_deadlines)
{
	struct image_class class = { .deadline_cap_ms = 300 };
	struct task task = { .class = &class };

	ck_assert_uint_eq(call_deadline(&task, 299), 299);
	ck_assert_uint_eq(call_deadline(&task, 301), 300);
	ck_assert_uint_eq(call_deadline(&task, WIRE_DEADLINE_CAP), 300);
	ck_assert_uint_eq(call_deadline(&task, 0), 0);
	class.deadline_cap_ms = 0;
	ck_assert_uint_eq(call_deadline(&task, WIRE_DEADLINE_CAP),
			  LIMIT_DEADLINE_MS);
	class.deadline_cap_ms = WIRE_DEADLINE_CAP;
	ck_assert_uint_eq(call_deadline(&task, WIRE_DEADLINE_CAP),
			  WIRE_DEADLINE_CAP);
	ck_assert_uint_eq(call_deadline(&task, 70000), 70000);
}
END_TEST

START_TEST(capped_call_times_out)
{
	struct task *client = &w->m->tasks[CLIENT];
	struct image_class class = *client->class;

	class.deadline_cap_ms = 20;
	client->class = &class;
	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	world_wait(w, 40);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_TIMEOUT);
	client->class = &w->image.classes[client->class_index];
}
END_TEST

/* ---- who waits for whom ---- */

START_TEST(answered_task_waits_for_nobody)
{
	world_echo(w, CLIENT, CLIENT_RING, 1, WIRE_DEADLINE_CAP);
	world_answer_echo(w, CLIENT2, CLIENT2_RING,
			  world_expect(w, CLIENT2, CLIENT2_RING,
				       WIRE_REQUEST)->call, 1);
	world_expect(w, CLIENT, CLIENT_RING, WIRE_RESPONSE);
	ck_assert(list_empty(&w->m->tasks[CLIENT].calls));
	world_echo(w, CLIENT2, CLIENT2_RING2, 2, WIRE_DEADLINE_CAP);
	world_expect(w, CLIENT, CLIENT_RING2, WIRE_REQUEST);
}
END_TEST

START_TEST(cycle_of_three_is_a_deadlock)
{
	w->m->tasks[SHY].single = true;
	world_connect(w, SHY, 1, "Client", "cli.own", CM_FOREVER);
	world_connect(w, CLIENT2, 2, "Shy", "srv.main", CM_FOREVER);
	world_echo(w, CLIENT, CLIENT_RING, 3, WIRE_DEADLINE_CAP);
	world_expect_status(w, CLIENT, CLIENT_RING, 3, DK_DEADLOCK);
	world_expect_nothing(w, CLIENT2, CLIENT2_RING);
}
END_TEST

START_TEST(task_with_threads_closes_no_cycle)
{
	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	world_connect(w, SERVER, 2, "Client", "cli.own", CM_FOREVER);
	world_expect_nothing(w, SERVER, WIRE_KERNEL_FD);
}
END_TEST

/* A task may have sent a second request before the first was answered: it waits
   for whom it asked last, and what then closes is nobody's endless loop. */
START_TEST(cycle_of_others_does_not_stop_the_mediator)
{
	uint32_t call;

	world_echo(w, CLIENT, CLIENT_RING, 1, WIRE_DEADLINE_CAP);
	world_echo(w, CLIENT, CLIENT_MAIN, 2, WIRE_DEADLINE_CAP);
	call = served();
	world_echo(w, CLIENT2, CLIENT2_RING2, 3, WIRE_DEADLINE_CAP);
	world_expect(w, CLIENT, CLIENT_RING2, WIRE_REQUEST);
	world_answer_echo(w, SERVER, SERVER_MAIN, call, 1);
	/* now Client and Client2 wait for each other; Shy asks one of them */
	w->m->tasks[SHY].single = true;
	world_connect(w, SHY, 4, "Client", "cli.own", CM_FOREVER);
	world_expect_nothing(w, SHY, WIRE_KERNEL_FD);
	ck_assert_uint_eq(w->m->tasks[SHY].n_connects, 1);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("call_numbers");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests,
		       number_of_an_answered_call_is_not_its_successors);
	tcase_add_test(tests, generation_never_is_zero);
	tcase_add_test(tests, cancel_means_the_call_of_that_number);
	tcase_add_test(tests,
		       of_two_calls_of_one_number_the_newest_is_cancelled);
	tcase_add_test(tests, denied_late_answer_is_no_second_end_of_the_call);
	tcase_add_test(tests, denied_error_never_reaches_the_client);
	tcase_add_test(tests, requests_without_a_trace_get_one_each);
	tcase_add_test(tests, class_caps_its_deadlines);
	tcase_add_test(tests, capped_call_times_out);
	tcase_add_test(tests, answered_task_waits_for_nobody);
	tcase_add_test(tests, cycle_of_three_is_a_deadlock);
	tcase_add_test(tests, task_with_threads_closes_no_cycle);
	tcase_add_test(tests, cycle_of_others_does_not_stop_the_mediator);
	return suite_run("call_numbers", tests);
}
