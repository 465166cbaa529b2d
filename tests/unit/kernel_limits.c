/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Who has to wait, for how long, and who is woken: full listeners, full sockets,
   turns. */
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "../../kernel/ipc/channel.h"
#include "../../kernel/ipc/frame.h"
#include "../../kernel/ipc/program.h"
#include "support/suite.h"
#include "support/world.h"

static struct world *w;
static uint32_t first;		/* number of the first call of fill */
static size_t armed;		/* timers, before */

static void set_up(void)
{
	w = world_new(0);
	for (uint32_t task = SERVER; task <= SHY; task++)
		if (w->programs[task].running)
			world_expect(w, task, WIRE_KERNEL_FD, WIRE_HELLO);
	world_skip(w, SERVER, SERVER_MAIN, WIRE_OPENED);
	armed = w->m->timers.n;
}

static void tear_down(void)
{
	world_end(w);
}

static uint32_t served(void)
{
	return world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST)->call;
}

/* Server's listener is full: 32 calls of Client and of Client2. */
static void fill(void)
{
	for (uint32_t i = 0; i < LIMIT_LISTENER_CALLS; i++) {
		uint32_t task = i % 2 ? CLIENT2 : CLIENT;

		world_echo(w, task, CLIENT_MAIN, i, WIRE_DEADLINE_CAP);
	}
	first = served();
	ck_assert_uint_eq(w->m->n_calls, LIMIT_LISTENER_CALLS);
}

static void answer_unturned(uint32_t call)
{
	struct wire_header header = { .version = 1, .kind = WIRE_RESPONSE,
				      .call = call, .fixed_size = 8 };
	uint64_t body = 0;

	world_send(w, SERVER, SERVER_MAIN, &header, &body, 8, NULL, 0);
}

static uint32_t calls_of(uint32_t task)
{
	return w->m->tasks[task].n_calls;
}

START_TEST(each_call_costs_its_frame_and_more)
{
	struct list *at = w->m->tasks[SERVER].ports.next;
	struct port *port = container_of(at, struct port, of_task);

	while (port->side != PORT_LISTENER) {
		at = at->next;
		port = container_of(at, struct port, of_task);
	}
	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	ck_assert_uint_eq(port_listener(port)->bytes,
			  48 + 24 + LIMIT_FRAME_COST);
	world_answer_echo(w, SERVER, SERVER_MAIN, served(), 1);
	ck_assert_uint_eq(port_listener(port)->bytes, 0);
}
END_TEST

START_TEST(parked_sender_times_out_and_goes_on)
{
	fill();
	world_echo(w, CLIENT2, CLIENT2_MAIN, 100, 20);
	world_expect_nothing(w, CLIENT2, CLIENT2_MAIN);
	world_wait(w, 40);
	world_expect_status(w, CLIENT2, CLIENT2_MAIN, 100, DK_TIMEOUT);
	/* the next one waits again, and is delivered when there is room */
	world_echo(w, CLIENT2, CLIENT2_MAIN, 101, WIRE_DEADLINE_CAP);
	world_expect_nothing(w, CLIENT2, CLIENT2_MAIN);
	world_answer_echo(w, SERVER, SERVER_MAIN, first, 1);
	ck_assert_uint_eq(calls_of(CLIENT2), 33);
}
END_TEST

START_TEST(class_caps_the_time_of_a_parked_sender)
{
	struct task *client = &w->m->tasks[CLIENT2];
	struct image_class class = *client->class;

	fill();
	class.deadline_cap_ms = 20;
	client->class = &class;
	world_echo(w, CLIENT2, CLIENT2_MAIN, 100, WIRE_DEADLINE_CAP);
	world_wait(w, 40);
	world_expect_status(w, CLIENT2, CLIENT2_MAIN, 100, DK_TIMEOUT);
	client->class = &w->image.classes[client->class_index];
}
END_TEST

START_TEST(expired_sender_takes_nobodys_room)
{
	fill();
	world_echo(w, CLIENT, CLIENT_MAIN, 100, WIRE_DEADLINE_CAP);
	world_echo(w, CLIENT2, CLIENT2_MAIN, 101, 30);
	answer_unturned(first);
	loop_step(w->m, 0);		/* Client is woken, and not yet served */
	poll(NULL, 0, 40);
	world_turn(w);			/* Client2's time is over first */
	world_expect_status(w, CLIENT2, CLIENT2_MAIN, 101, DK_TIMEOUT);
	ck_assert_uint_eq(calls_of(CLIENT2), 32);
	ck_assert_uint_eq(calls_of(CLIENT), 32);
}
END_TEST

START_TEST(parked_senders_are_served_in_turn)
{
	fill();
	world_echo(w, CLIENT2, CLIENT2_MAIN, 100, WIRE_DEADLINE_CAP);
	world_echo(w, PLAIN, PLAIN_MAIN, 101, WIRE_DEADLINE_CAP);
	/* one that leaves makes no room: nobody loses its place */
	fd_close(&w->programs[CLIENT].fds[CLIENT_MAIN]);
	world_turn(w);
	world_answer_echo(w, SERVER, SERVER_MAIN, first, 1);
	ck_assert_uint_eq(calls_of(CLIENT2), 33);
	world_expect_nothing(w, PLAIN, PLAIN_MAIN);
}
END_TEST

START_TEST(denied_request_gives_its_turn_to_the_next)
{
	fill();
	world_echo(w, PLAIN, PLAIN_MAIN, 101, WIRE_DEADLINE_CAP);
	world_echo(w, CLIENT2, CLIENT2_MAIN, 100, WIRE_DEADLINE_CAP);
	world_answer_echo(w, SERVER, SERVER_MAIN, first, 1);
	world_expect_status(w, PLAIN, PLAIN_MAIN, 101, DK_SECURITY_DISALLOW);
	ck_assert_uint_eq(calls_of(CLIENT2), 33);
}
END_TEST

START_TEST(woken_sender_that_dies_gives_its_turn_to_the_next)
{
	struct monitor_message ended = {
		.code = MONITOR_EXITED, .task = CLIENT2, .syscall = -1,
		.sid = w->programs[CLIENT2].sid };

	fill();
	world_echo(w, CLIENT2, CLIENT2_MAIN, 100, WIRE_DEADLINE_CAP);
	world_echo(w, PLAIN, PLAIN_MAIN, 101, WIRE_DEADLINE_CAP);
	/* both in one wake-up: Client2 is woken and then gone */
	answer_unturned(first);
	world_say(w, &ended);
	world_turn(w);
	w->programs[CLIENT2].running = false;
	world_expect_status(w, PLAIN, PLAIN_MAIN, 101, DK_SECURITY_DISALLOW);
}
END_TEST

START_TEST(woken_or_gone_sender_leaves_no_timer)
{
	fill();
	ck_assert_uint_eq(w->m->timers.n, armed + LIMIT_LISTENER_CALLS);
	world_echo(w, PLAIN, PLAIN_MAIN, 100, 50000);
	ck_assert_uint_eq(w->m->timers.n, armed + LIMIT_LISTENER_CALLS + 1);
	world_answer_echo(w, SERVER, SERVER_MAIN, first, 1);
	ck_assert_uint_eq(w->m->timers.n, armed + LIMIT_LISTENER_CALLS - 1);
	world_echo(w, CLIENT, CLIENT_MAIN, 101, WIRE_DEADLINE_CAP);
	world_echo(w, PLAIN, PLAIN_MAIN, 102, 50000);
	world_exit(w, PLAIN, 0);
	ck_assert_uint_eq(w->m->timers.n, armed + LIMIT_LISTENER_CALLS);
}
END_TEST

START_TEST(parked_sender_that_closes_its_end_is_forgotten)
{
	uint32_t before = w->m->n_channels;

	fill();
	world_echo(w, PLAIN, PLAIN_MAIN, 100, WIRE_DEADLINE_CAP);
	fd_close(&w->programs[PLAIN].fds[PLAIN_MAIN]);
	world_turn(w);
	ck_assert_uint_eq(w->m->n_channels, before - 1);
}
END_TEST

/* Its socket first says that the peer went with something unread, so that the
   mediator cannot look at the request before it takes it. */
START_TEST(request_of_one_who_left_finds_no_room_either)
{
	world_call(w, CLIENT2, CLIENT2_MAIN, 1, SECRET);	/* unread */
	fill();
	{
		struct wire_header header = {
			.version = 1, .kind = WIRE_REQUEST, .call = 2,
			.mid = MUTE, .deadline_ms = WIRE_DEADLINE_CAP };

		world_send(w, CLIENT2, CLIENT2_MAIN, &header, NULL, 0, NULL,
			   0);
		fd_close(&w->programs[CLIENT2].fds[CLIENT2_MAIN]);
	}
	world_turn(w);
	ck_assert_uint_eq(w->m->n_calls, LIMIT_LISTENER_CALLS);
}
END_TEST

START_TEST(cancel_passes_a_full_listener)
{
	struct wire_header cancel = { .version = 1, .kind = WIRE_CANCEL,
				      .call = 2 };

	fill();
	world_send(w, CLIENT, CLIENT_MAIN, &cancel, NULL, 0, NULL, 0);
	world_turn(w);
	ck_assert_uint_eq(calls_of(CLIENT), 31);
}
END_TEST

START_TEST(requests_wait_for_their_servers_start)
{
	world_echo(w, CLIENT, CLIENT_LAZY, 1, WIRE_DEADLINE_CAP);
	world_expect_nothing(w, CLIENT, CLIENT_LAZY);
	program_start(w->m, &w->m->tasks[LAZY]);
	world_turn(w);
	world_skip(w, LAZY, SERVER_MAIN, WIRE_OPENED);
	world_expect(w, LAZY, SERVER_MAIN, WIRE_REQUEST);
}
END_TEST

/* ---- turns ---- */

START_TEST(one_wake_up_serves_so_many_frames_of_a_task)
{
	struct wire_header header = { .version = 1, .kind = WIRE_REQUEST,
				      .mid = SECRET };

	for (uint32_t i = 0; i < 4 * LIMIT_TURN_FRAMES; i++)
		world_send(w, CLIENT, CLIENT_MAIN, &header, NULL, 0, NULL, 0);
	for (uint32_t i = 0; i < 4; i++) {
		loop_step(w->m, 0);
		ck_assert_uint_le(w->m->tasks[CLIENT].turn_frames,
				  LIMIT_TURN_FRAMES);
	}
	ck_assert_uint_eq(w->m->tasks[CLIENT].turn_frames, LIMIT_TURN_FRAMES);
}
END_TEST

START_TEST(one_wake_up_serves_so_many_bytes_of_a_task)
{
	static uint8_t body[60000];
	struct wire_header header = { .version = 1, .kind = WIRE_REQUEST,
				      .flags = 1, .fixed_size = sizeof(body) };
	uint32_t most = 0;

	for (uint32_t i = 0; i < 12; i++) {
		struct frame *frame = &w->m->in;

		frame->header = header;
		memcpy(frame->bytes + sizeof(header), body, sizeof(body));
		frame->length = sizeof(header) + sizeof(body);
		if (frame_send(w->programs[CLIENT].fds[CLIENT_MAIN], frame,
			       NULL, 0) < 0)
			break;
	}
	for (uint32_t i = 0; i < 4; i++) {
		loop_step(w->m, 0);
		if (w->m->tasks[CLIENT].turn_bytes > most)
			most = w->m->tasks[CLIENT].turn_bytes;
	}
	ck_assert_uint_ge(most, LIMIT_TURN_BYTES);
	ck_assert_uint_lt(most, LIMIT_TURN_BYTES + sizeof(body) + 48);
}
END_TEST

/* ---- notes ---- */

START_TEST(notes_wait_until_the_server_reads)
{
	enum { N = 40 };
	int fd = w->programs[SERVER].fds[SERVER_MAIN], little = 1;
	int kept[N], n_kept = 0;
	uint32_t n_opened = 0, n_closed = 0;
	struct list *at, *after;

	list_each(at, after, &w->m->tasks[SERVER].ports) {
		struct port *port = container_of(at, struct port, of_task);

		if (port->side == PORT_LISTENER)
			setsockopt(port->source.fd, SOL_SOCKET, SO_SNDBUF,
				   &little, sizeof(little));
	}
	for (uint32_t i = 0; i < N; i++) {
		world_connect(w, CLIENT, i, "Server", "srv.main", CM_FOREVER);
		world_accept(w, SERVER, i, "Client", "srv.main", 0, fd);
		world_expect_cm(w, SERVER, i, CM_ACCEPT, DK_OK);
		world_expect_cm(w, CLIENT, i, CM_CONNECT, DK_OK);
		if (i < N / 2)		/* the others stay until the end */
			frame_release(&w->frame);
		else
			kept[n_kept++] = w->frame.fds[--w->frame.n_fds];
		world_turn(w);
	}
	while (world_receive(w, SERVER, SERVER_MAIN)) {
		n_opened += w->frame.header.kind == WIRE_OPENED;
		n_closed += w->frame.header.kind == WIRE_CLOSED;
		world_turn(w);
	}
	/* who left before the server could be told is not told of at all */
	ck_assert_uint_ge(n_opened, N / 2);
	ck_assert_uint_eq(n_opened - n_closed, N / 2);
	while (n_kept > 0)
		fd_close(&kept[--n_kept]);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("limits");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, each_call_costs_its_frame_and_more);
	tcase_add_test(tests, parked_sender_times_out_and_goes_on);
	tcase_add_test(tests, class_caps_the_time_of_a_parked_sender);
	tcase_add_test(tests, expired_sender_takes_nobodys_room);
	tcase_add_test(tests, parked_senders_are_served_in_turn);
	tcase_add_test(tests, denied_request_gives_its_turn_to_the_next);
	tcase_add_test(tests, woken_sender_that_dies_gives_its_turn_to_the_next);
	tcase_add_test(tests, woken_or_gone_sender_leaves_no_timer);
	tcase_add_test(tests, parked_sender_that_closes_its_end_is_forgotten);
	tcase_add_test(tests, request_of_one_who_left_finds_no_room_either);
	tcase_add_test(tests, cancel_passes_a_full_listener);
	tcase_add_test(tests, requests_wait_for_their_servers_start);
	tcase_add_test(tests, one_wake_up_serves_so_many_frames_of_a_task);
	tcase_add_test(tests, one_wake_up_serves_so_many_bytes_of_a_task);
	tcase_add_test(tests, notes_wait_until_the_server_reads);
	return suite_run("limits", tests);
}
