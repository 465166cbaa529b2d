/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Requests and answers between programs: what arrives, and what never does. */
#include <unistd.h>

#include "../../kernel/ipc/frame.h"
#include "support/suite.h"
#include "support/world.h"

static struct world *w;

static void set_up(void)
{
	w = world_new(0);
	world_skip(w, SERVER, SERVER_MAIN, WIRE_OPENED);
	world_skip(w, CLIENT, CLIENT_RING2, WIRE_OPENED);
	world_skip(w, CLIENT2, CLIENT2_RING, WIRE_OPENED);
}

static void tear_down(void)
{
	world_end(w);
}

/* The call's number as the server sees it. */
static uint32_t served(void)
{
	return world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST)->call;
}

START_TEST(granted_request_and_answer_arrive)
{
	struct wire_header *header;
	uint32_t call;

	world_echo(w, CLIENT, CLIENT_MAIN, 77, WIRE_DEADLINE_CAP);
	header = world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
	ck_assert_uint_eq(header->sid, w->programs[CLIENT].sid);
	ck_assert_uint_ne(header->call, 77);
	ck_assert_uint_ne(header->trace, 0);
	ck_assert_uint_eq(w->frame.length, 48 + 24);
	call = header->call;
	world_answer_echo(w, SERVER, SERVER_MAIN, call, 9);
	header = world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
	ck_assert_uint_eq(header->call, 77);
	ck_assert_uint_eq(header->sid, w->programs[SERVER].sid);
	ck_assert_uint_eq(frame_fixed(&w->frame)[0], 9);
	ck_assert_uint_eq(w->m->n_calls, 0);
	ck_assert_uint_eq(w->text_used ? world_count(w, "DENIED") : 0, 1);
}
END_TEST

START_TEST(error_answer_arrives)
{
	struct wire_header header = { .version = 1, .kind = WIRE_ERROR,
				      .fixed_size = 8 };
	uint64_t body = 3;

	world_echo(w, CLIENT, CLIENT_MAIN, 5, WIRE_DEADLINE_CAP);
	header.call = served();
	world_send(w, SERVER, SERVER_MAIN, &header, &body, 8, NULL, 0);
	world_turn(w);
	ck_assert_uint_eq(world_expect(w, CLIENT, CLIENT_MAIN,
				       WIRE_ERROR)->call, 5);
}
END_TEST

START_TEST(trace_is_carried)
{
	struct wire_header header = {
		.version = 1, .kind = WIRE_REQUEST, .mid = BIG,
		.fixed_size = 8, .deadline_ms = 1000, .trace = 4711 };
	uint64_t body = 0;

	world_send(w, CLIENT, CLIENT_MAIN, &header, &body, 8, NULL, 0);
	world_turn(w);
	ck_assert_uint_eq(world_expect(w, SERVER, SERVER_MAIN,
				       WIRE_REQUEST)->trace, 4711);
}
END_TEST

START_TEST(denied_request_never_reaches_the_server)
{
	world_call(w, CLIENT, CLIENT_MAIN, 1, SECRET);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_SECURITY_DISALLOW);
	world_echo(w, PLAIN, PLAIN_MAIN, 2, WIRE_DEADLINE_CAP);
	world_expect_status(w, PLAIN, PLAIN_MAIN, 2, DK_SECURITY_DISALLOW);
	world_expect_nothing(w, SERVER, SERVER_MAIN);
	ck_assert(world_printed(w, "dkd: DENIED request  Client (t.Client, "
				"sid 4) -> Server (t.Server, sid 3) "
				"srv.main.Secret: no rule grants it"));
	ck_assert(world_printed(w, "srv.main.Echo: no rule grants it"));
}
END_TEST

START_TEST(denied_response_never_reaches_the_client)
{
	struct wire_header header = { .version = 1, .kind = WIRE_RESPONSE,
				     .mid = MUTE };

	world_call(w, CLIENT, CLIENT_MAIN, 1, MUTE);
	header.call = served();
	world_send(w, SERVER, SERVER_MAIN, &header, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_SECURITY_DISALLOW);
	world_expect_status(w, SERVER, SERVER_MAIN, header.call,
			    DK_SECURITY_DISALLOW);
	ck_assert(world_printed(w, "DENIED response  Server (t.Server, sid 3) "
				"-> Client (t.Client, sid 4) srv.main.Mute"));
	ck_assert_uint_eq(w->m->n_calls, 0);
}
END_TEST

START_TEST(unknown_endpoint_and_method_are_not_found)
{
	struct wire_header header = { .version = 1, .kind = WIRE_REQUEST,
				      .call = 3, .riid = 1,
				      .deadline_ms = 100 };

	world_send(w, CLIENT, CLIENT_MAIN, &header, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 3, DK_NOT_FOUND);
	world_call(w, CLIENT, CLIENT_MAIN, 4, N_WORLD_METHODS);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 4, DK_NOT_FOUND);
	world_call(w, CLIENT, CLIENT_MAIN, 5, 65535);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 5, DK_NOT_FOUND);
	world_expect_nothing(w, SERVER, SERVER_MAIN);
}
END_TEST

START_TEST(second_answer_to_a_call_is_refused)
{
	uint32_t call;

	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	call = served();
	world_answer_echo(w, SERVER, SERVER_MAIN, call, 1);
	world_answer_echo(w, SERVER, SERVER_MAIN, call, 2);
	world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	world_expect_status(w, SERVER, SERVER_MAIN, call, DK_INVALID_ARGUMENT);
	ck_assert(world_printed(w, "answers no call"));
}
END_TEST

START_TEST(forged_answers_are_refused)
{
	static const uint32_t forged[] = { 0, 1, 63, 64, 0xffff, 0x10001, 0x20000,
					   0x7fffffff, 0xffffffff };

	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	served();
	for (int i = 0; i < SUITE_LENGTH(forged); i++) {
		world_answer_echo(w, SERVER, SERVER_MAIN, forged[i], 1);
		world_expect_status(w, SERVER, SERVER_MAIN, forged[i],
				    DK_INVALID_ARGUMENT);
	}
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	ck_assert_uint_eq(w->m->n_calls, 1);
}
END_TEST

START_TEST(one_servers_call_is_not_answered_by_another)
{
	uint32_t call;

	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	call = served();
	world_answer_echo(w, CLIENT2, CLIENT2_RING, call, 1);
	world_expect_status(w, CLIENT2, CLIENT2_RING, call,
			    DK_INVALID_ARGUMENT);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	world_answer_echo(w, SERVER, SERVER_MAIN, call, 1);
	world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
}
END_TEST

START_TEST(malformed_answer_ends_the_call)
{
	struct wire_header header = { .version = 1, .kind = WIRE_RESPONSE,
				      .fixed_size = 16 };
	uint8_t body[16] = { 0 };

	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	header.call = served();
	world_send(w, SERVER, SERVER_MAIN, &header, body, 16, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_INVALID_ARGUMENT);
	world_expect_status(w, SERVER, SERVER_MAIN, header.call,
			    DK_INVALID_ARGUMENT);
	ck_assert(world_printed(w, "built from another version of t.I.idl"));
	world_echo(w, CLIENT, CLIENT_MAIN, 2, WIRE_DEADLINE_CAP);
	header = (struct wire_header){ .version = 1, .kind = WIRE_RESPONSE,
				       .fixed_size = 8, .flags = 1,
				       .call = served() };
	world_send(w, SERVER, SERVER_MAIN, &header, body, 8, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 2, DK_INVALID_ARGUMENT);
	world_expect_status(w, SERVER, SERVER_MAIN, header.call,
			    DK_INVALID_ARGUMENT);
	ck_assert_uint_eq(w->m->n_calls, 0);
}
END_TEST

START_TEST(answer_of_another_method_is_malformed)
{
	struct wire_header header = { .version = 1, .kind = WIRE_RESPONSE };

	for (int i = 0; i < 2; i++) {
		world_call(w, CLIENT, CLIENT_MAIN, 1, MUTE);
		header.call = served();
		header.riid = (uint16_t)i;
		header.mid = i ? MUTE : SECRET;
		world_send(w, SERVER, SERVER_MAIN, &header, NULL, 0, NULL, 0);
		world_turn(w);
		world_expect_status(w, CLIENT, CLIENT_MAIN, 1,
				    DK_INVALID_ARGUMENT);
		world_expect_status(w, SERVER, SERVER_MAIN, header.call,
				    DK_INVALID_ARGUMENT);
	}
}
END_TEST

START_TEST(error_answer_of_a_method_without_errors_is_refused)
{
	struct wire_header header = { .version = 1, .kind = WIRE_ERROR,
				     .mid = MUTE };

	world_call(w, CLIENT, CLIENT_MAIN, 1, MUTE);
	header.call = served();
	world_send(w, SERVER, SERVER_MAIN, &header, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_INVALID_ARGUMENT);
	world_expect_status(w, SERVER, SERVER_MAIN, header.call,
			    DK_INVALID_ARGUMENT);
	ck_assert(world_printed(w, "and the method has none"));
}
END_TEST

START_TEST(answer_says_only_what_it_may)
{
	struct wire_header *header, answer = {
		.version = 1, .kind = WIRE_RESPONSE, .fixed_size = 8,
		.deadline_ms = 77, .trace = 4711 };
	uint64_t body = 0, trace;

	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	answer.call = served();
	trace = w->frame.header.trace;
	world_send(w, SERVER, SERVER_MAIN, &answer, &body, 8, NULL, 0);
	world_turn(w);
	header = world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
	ck_assert_uint_eq(header->deadline_ms, 0);
	ck_assert_uint_eq(header->trace, trace);
}
END_TEST

START_TEST(deadline_passes_and_the_late_answer_is_dropped)
{
	uint32_t call;

	world_echo(w, CLIENT, CLIENT_MAIN, 1, 20);
	call = served();
	world_wait(w, 5);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	world_wait(w, 40);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_TIMEOUT);
	ck_assert_uint_eq(w->m->tasks[CLIENT].n_calls, 0);
	ck_assert_uint_eq(w->m->n_calls, 1);
	world_answer_echo(w, SERVER, SERVER_MAIN, call, 1);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	world_expect_nothing(w, SERVER, SERVER_MAIN);
	ck_assert_uint_eq(w->m->n_calls, 0);
	ck_assert_uint_eq(w->m->n_late, 1);
	ck_assert(world_printed(w, "DROPPED response"));
	world_answer_echo(w, SERVER, SERVER_MAIN, call, 1);
	world_expect_status(w, SERVER, SERVER_MAIN, call, DK_INVALID_ARGUMENT);
}
END_TEST

/* Nothing but the alarm ends these waits. */
START_TEST(deadline_wakes_a_loop_that_waits_for_ever)
{
	world_echo(w, CLIENT, CLIENT_MAIN, 1, 40);
	served();
	world_echo(w, CLIENT, CLIENT_MAIN, 2, 10);	/* earlier: set again */
	served();
	while (w->m->tasks[CLIENT].n_calls == 2)
		loop_step(w->m, -1);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 2, DK_TIMEOUT);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	while (w->m->tasks[CLIENT].n_calls == 1)
		loop_step(w->m, -1);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_TIMEOUT);
}
END_TEST

START_TEST(late_answer_is_still_decided)
{
	struct wire_header header = { .version = 1, .kind = WIRE_RESPONSE,
				      .mid = MUTE };
	struct wire_header mute = { .version = 1, .kind = WIRE_REQUEST,
				    .call = 1, .mid = MUTE, .deadline_ms = 5 };

	world_send(w, CLIENT, CLIENT_MAIN, &mute, NULL, 0, NULL, 0);
	world_wait(w, 20);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_TIMEOUT);
	header.call = served();
	world_send(w, SERVER, SERVER_MAIN, &header, NULL, 0, NULL, 0);
	world_turn(w);
	ck_assert(world_printed(w, "DENIED response"));
	world_expect_status(w, SERVER, SERVER_MAIN, header.call,
			    DK_SECURITY_DISALLOW);
	ck_assert_uint_eq(w->m->n_calls, 0);
}
END_TEST

START_TEST(deadline_zero_is_a_timeout_at_once)
{
	world_echo(w, CLIENT, CLIENT_MAIN, 1, 0);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_TIMEOUT);
	world_expect_nothing(w, SERVER, SERVER_MAIN);
	world_echo(w, PLAIN, PLAIN_MAIN, 1, 0);
	world_expect_status(w, PLAIN, PLAIN_MAIN, 1, DK_SECURITY_DISALLOW);
}
END_TEST

START_TEST(cancelled_call_gets_no_answer)
{
	struct wire_header cancel = { .version = 1, .kind = WIRE_CANCEL,
				      .call = 8 };
	uint32_t call;

	world_echo(w, CLIENT, CLIENT_MAIN, 8, WIRE_DEADLINE_CAP);
	call = served();
	world_send(w, CLIENT, CLIENT_MAIN, &cancel, NULL, 0, NULL, 0);
	world_turn(w);
	ck_assert_uint_eq(w->m->tasks[CLIENT].n_calls, 0);
	world_answer_echo(w, SERVER, SERVER_MAIN, call, 1);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	world_expect_nothing(w, SERVER, SERVER_MAIN);
	/* a cancel of nothing is no fault: the answer may have crossed it */
	world_send(w, CLIENT, CLIENT_MAIN, &cancel, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
}
END_TEST

START_TEST(server_cancels_a_call)
{
	struct wire_header cancel = { .version = 1, .kind = WIRE_CANCEL };

	world_echo(w, CLIENT, CLIENT_MAIN, 8, WIRE_DEADLINE_CAP);
	cancel.call = served();
	world_send(w, SERVER, SERVER_MAIN, &cancel, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 8, DK_CANCELED);
	world_expect_nothing(w, SERVER, SERVER_MAIN);
	world_send(w, SERVER, SERVER_MAIN, &cancel, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_status(w, SERVER, SERVER_MAIN, cancel.call,
			    DK_INVALID_ARGUMENT);
}
END_TEST

START_TEST(dead_server_is_told_at_once)
{
	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	world_echo(w, CLIENT2, CLIENT2_MAIN, 2, WIRE_DEADLINE_CAP);
	world_exit(w, SERVER, 256);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_NOT_CONNECTED);
	world_expect_closed(w, CLIENT, CLIENT_MAIN);
	world_expect_status(w, CLIENT2, CLIENT2_MAIN, 2, DK_NOT_CONNECTED);
	ck_assert_uint_eq(w->m->n_calls, 0);
	ck_assert_uint_eq(w->m->tasks[SERVER].n_listeners, 0);
}
END_TEST

START_TEST(answer_sent_before_death_arrives)
{
	struct wire_header header = { .version = 1, .kind = WIRE_RESPONSE,
				      .fixed_size = 8 };
	uint64_t body = 1;

	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	world_echo(w, CLIENT, CLIENT_MAIN, 2, WIRE_DEADLINE_CAP);
	header.call = served();
	world_send(w, SERVER, SERVER_MAIN, &header, &body, 8, NULL, 0);
	world_exit(w, SERVER, 0);
	world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 2, DK_NOT_CONNECTED);
}
END_TEST

START_TEST(all_answers_sent_before_death_arrive)
{
	struct wire_header header = { .version = 1, .kind = WIRE_RESPONSE,
				      .fixed_size = 8 };
	uint64_t body = 1;

	/* more than a wake-up takes from a listener that was quiet */
	world_echo(w, SERVER, SERVER_MAIN, 1, 0);
	world_expect_status(w, SERVER, SERVER_MAIN, 1, DK_INVALID_ARGUMENT);
	for (uint32_t i = 0; i < 5; i++)
		world_echo(w, CLIENT, CLIENT_MAIN, i, WIRE_DEADLINE_CAP);
	for (uint32_t i = 0; i < 5; i++) {
		header.call = served();
		world_send(w, SERVER, SERVER_MAIN, &header, &body, 8, NULL, 0);
	}
	world_exit(w, SERVER, 0);
	for (uint32_t i = 0; i < 5; i++)
		world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
}
END_TEST

START_TEST(C16_dead_client_leaves_nothing)
{
	struct wire_header *header;
	uint32_t call, sid = w->programs[CLIENT].sid;

	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	call = served();
	world_exit(w, CLIENT, 0);
	header = world_expect(w, SERVER, SERVER_MAIN, WIRE_CLOSED);
	ck_assert_uint_eq(header->sid, sid);
	ck_assert_uint_eq(w->m->tasks[CLIENT].n_channels, 0);
	world_answer_echo(w, SERVER, SERVER_MAIN, call, 1);
	world_expect_nothing(w, SERVER, SERVER_MAIN);
	ck_assert_uint_eq(w->m->n_late, 1);
}
END_TEST

START_TEST(closed_client_end_closes_the_channel)
{
	fd_close(&w->programs[CLIENT].fds[CLIENT_MAIN]);
	world_turn(w);
	world_expect(w, SERVER, SERVER_MAIN, WIRE_CLOSED);
	world_echo(w, CLIENT2, CLIENT2_MAIN, 1, WIRE_DEADLINE_CAP);
	served();
}
END_TEST

START_TEST(closed_listener_closes_all_its_channels)
{
	fd_close(&w->programs[SERVER].fds[SERVER_MAIN]);
	world_turn(w);
	world_expect_closed(w, CLIENT, CLIENT_MAIN);
	world_expect_closed(w, CLIENT2, CLIENT2_MAIN);
	world_expect_closed(w, PLAIN, PLAIN_MAIN);
	ck_assert(w->programs[SERVER].running);
}
END_TEST

START_TEST(refused_server_is_not_connected)
{
	/* Client was started before the refusal, Shy after */
	world_expect_closed(w, CLIENT, CLIENT_GONE);
	world_expect_closed(w, SHY, SHY_LATE);
}
END_TEST

START_TEST(too_many_calls_are_a_quota)
{
	uint32_t call;

	/* Server's listener holds 64: two listeners, so that neither is full */
	for (uint32_t i = 0; i < LIMIT_CALLS; i++)
		world_echo(w, CLIENT, i % 2 ? CLIENT_MAIN : CLIENT_RING, i,
			   WIRE_DEADLINE_CAP);
	ck_assert_uint_eq(w->m->tasks[CLIENT].n_calls, LIMIT_CALLS);
	world_echo(w, CLIENT, CLIENT_MAIN, 999, WIRE_DEADLINE_CAP);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 999, DK_QUOTA);
	call = served();
	world_answer_echo(w, SERVER, SERVER_MAIN, call, 1);
	world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
	world_echo(w, CLIENT, CLIENT_MAIN, 1000, WIRE_DEADLINE_CAP);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	/* others are not touched by one's quota */
	world_echo(w, CLIENT2, CLIENT2_MAIN, 1, WIRE_DEADLINE_CAP);
	world_expect_nothing(w, CLIENT2, CLIENT2_MAIN);
}
END_TEST

START_TEST(full_listener_parks_its_senders)
{
	uint32_t call, n = 0;

	for (uint32_t i = 0; i < LIMIT_LISTENER_CALLS; i++)
		world_echo(w, CLIENT, CLIENT_MAIN, i, WIRE_DEADLINE_CAP);
	world_echo(w, CLIENT2, CLIENT2_MAIN, 1, WIRE_DEADLINE_CAP);
	world_echo(w, CLIENT2, CLIENT2_MAIN, 2, 30);
	ck_assert_uint_eq(w->m->tasks[CLIENT2].n_calls, 0);
	world_expect_nothing(w, CLIENT2, CLIENT2_MAIN);
	call = served();
	world_answer_echo(w, SERVER, SERVER_MAIN, call, 1);
	ck_assert_uint_eq(w->m->tasks[CLIENT2].n_calls, 1);
	/* the second waits in the socket: its own deadline ends that */
	world_wait(w, 60);
	world_expect_status(w, CLIENT2, CLIENT2_MAIN, 2, DK_TIMEOUT);
	while (world_receive(w, SERVER, SERVER_MAIN)) {
		world_answer_echo(w, SERVER, SERVER_MAIN,
				  w->frame.header.call, 1);
		n++;
	}
	ck_assert_uint_eq(n, LIMIT_LISTENER_CALLS);
	ck_assert_uint_eq(w->m->n_calls, 0);
	world_expect(w, CLIENT2, CLIENT2_MAIN, WIRE_RESPONSE);
}
END_TEST

START_TEST(parked_sender_that_dies_is_forgotten)
{
	for (uint32_t i = 0; i < LIMIT_LISTENER_CALLS; i++)
		world_echo(w, CLIENT, CLIENT_MAIN, i, WIRE_DEADLINE_CAP);
	world_echo(w, CLIENT2, CLIENT2_MAIN, 1, WIRE_DEADLINE_CAP);
	world_exit(w, CLIENT2, 0);
	world_exit(w, CLIENT, 0);
	ck_assert_uint_eq(w->m->n_calls, LIMIT_LISTENER_CALLS);
	world_exit(w, SERVER, 0);
	ck_assert_uint_eq(w->m->n_calls, 0);
}
END_TEST

static void send_big(uint32_t task, int fd, uint32_t call)
{
	static struct { struct wire_chunk chunk; uint8_t bytes[64000]; } body;
	struct wire_header header = {
		.version = 1, .kind = WIRE_REQUEST, .call = call, .mid = BIG,
		.fixed_size = 8, .arena_size = sizeof(body.bytes),
		.deadline_ms = WIRE_DEADLINE_CAP };

	body.chunk = (struct wire_chunk){ 0, sizeof(body.bytes) };
	world_send(w, task, fd, &header, &body, sizeof(body), NULL, 0);
	world_turn(w);
}

START_TEST(large_requests_park_by_bytes)
{
	struct wire_header answer = { .version = 1, .kind = WIRE_RESPONSE,
				      .mid = BIG };

	for (uint32_t i = 0; i < 6; i++)
		send_big(CLIENT, CLIENT_MAIN, i);
	ck_assert_uint_lt(w->m->tasks[CLIENT].n_calls, 6);
	ck_assert_uint_ge(w->m->tasks[CLIENT].n_calls, 3);
	for (int i = 0; i < 6; i++) {
		answer.call = served();
		world_send(w, SERVER, SERVER_MAIN, &answer, NULL, 0, NULL, 0);
		world_turn(w);
		world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
	}
	ck_assert_uint_eq(w->m->n_calls, 0);
}
END_TEST

START_TEST(client_that_does_not_read_loses_its_channel)
{
	/* refusals pile up in a socket that nobody reads */
	for (uint32_t i = 0; i < 40000; i++) {
		struct wire_header header = { .version = 1, .call = i,
					      .kind = WIRE_REQUEST,
					      .mid = SECRET };
		if (world_send_raw(w, CLIENT, CLIENT_MAIN, &header,
				   sizeof(header)) < 0)
			break;
		if (i % 64 == 0)
			world_turn(w);
	}
	world_turn(w);
	ck_assert(world_printed(w, "does not read what it is sent"));
	world_skip(w, CLIENT, CLIENT_MAIN, WIRE_STATUS);
	world_expect_closed(w, CLIENT, CLIENT_MAIN);
	world_echo(w, CLIENT2, CLIENT2_MAIN, 1, WIRE_DEADLINE_CAP);
	world_receive(w, SERVER, SERVER_MAIN);
}
END_TEST

START_TEST(cycle_of_waiters_is_a_deadlock)
{
	world_echo(w, CLIENT, CLIENT_RING, 1, WIRE_DEADLINE_CAP);
	world_expect(w, CLIENT2, CLIENT2_RING, WIRE_REQUEST);
	world_echo(w, CLIENT2, CLIENT2_RING2, 2, WIRE_DEADLINE_CAP);
	world_expect_status(w, CLIENT2, CLIENT2_RING2, 2, DK_DEADLOCK);
	world_expect_nothing(w, CLIENT, CLIENT_RING2);
	ck_assert(world_printed(w, "closes a cycle"));
	/* Server has threads: calling it is no cycle */
	world_echo(w, CLIENT2, CLIENT2_MAIN, 3, WIRE_DEADLINE_CAP);
	served();
}
END_TEST

START_TEST(requests_wait_for_a_server_that_has_not_started)
{
	world_echo(w, CLIENT, CLIENT_LAZY, 1, 20);
	world_expect_nothing(w, CLIENT, CLIENT_LAZY);
	world_wait(w, 40);
	world_expect_status(w, CLIENT, CLIENT_LAZY, 1, DK_TIMEOUT);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("call");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, granted_request_and_answer_arrive);
	tcase_add_test(tests, error_answer_arrives);
	tcase_add_test(tests, trace_is_carried);
	tcase_add_test(tests, denied_request_never_reaches_the_server);
	tcase_add_test(tests, denied_response_never_reaches_the_client);
	tcase_add_test(tests, unknown_endpoint_and_method_are_not_found);
	tcase_add_test(tests, second_answer_to_a_call_is_refused);
	tcase_add_test(tests, forged_answers_are_refused);
	tcase_add_test(tests, one_servers_call_is_not_answered_by_another);
	tcase_add_test(tests, malformed_answer_ends_the_call);
	tcase_add_test(tests, answer_of_another_method_is_malformed);
	tcase_add_test(tests,
		       error_answer_of_a_method_without_errors_is_refused);
	tcase_add_test(tests, answer_says_only_what_it_may);
	tcase_add_test(tests, deadline_passes_and_the_late_answer_is_dropped);
	tcase_add_test(tests, deadline_wakes_a_loop_that_waits_for_ever);
	tcase_add_test(tests, late_answer_is_still_decided);
	tcase_add_test(tests, deadline_zero_is_a_timeout_at_once);
	tcase_add_test(tests, cancelled_call_gets_no_answer);
	tcase_add_test(tests, server_cancels_a_call);
	tcase_add_test(tests, dead_server_is_told_at_once);
	tcase_add_test(tests, answer_sent_before_death_arrives);
	tcase_add_test(tests, all_answers_sent_before_death_arrive);
	tcase_add_test(tests, C16_dead_client_leaves_nothing);
	tcase_add_test(tests, closed_client_end_closes_the_channel);
	tcase_add_test(tests, closed_listener_closes_all_its_channels);
	tcase_add_test(tests, refused_server_is_not_connected);
	tcase_add_test(tests, too_many_calls_are_a_quota);
	tcase_add_test(tests, full_listener_parks_its_senders);
	tcase_add_test(tests, parked_sender_that_dies_is_forgotten);
	tcase_add_test(tests, large_requests_park_by_bytes);
	tcase_add_test(tests, client_that_does_not_read_loses_its_channel);
	tcase_add_test(tests, cycle_of_waiters_is_a_deadlock);
	tcase_add_test(tests, requests_wait_for_a_server_that_has_not_started);
	return suite_run("call", tests);
}
