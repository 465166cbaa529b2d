/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Every quota, asked for until it is refused, with nothing pretended; then given
   back, until all is as it was before. The same in tests of the other suites:
   kernel/README.md says which. */
#include <string.h>
#include <sys/capability.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../kernel/ipc/call.h"
#include "../../kernel/ipc/frame.h"
#include "support/suite.h"
#include "support/world.h"

#define FOREVER CM_FOREVER

static struct world *w;
static struct task *client, *server;
/* Charges before: static channels and listeners. */
static uint32_t n_channels, n_listeners, client_channels, server_listeners;
/* What the client and the server were given, besides their static ends. */
static int kept[2 * LIMIT_CHANNELS];
static uint32_t n_kept;

static void set_up(void)
{
	w = world_new(0);
	for (uint32_t task = SERVER; task <= SHY; task++)
		if (w->programs[task].running)
			world_expect(w, task, WIRE_KERNEL_FD, WIRE_HELLO);
	world_skip(w, SERVER, SERVER_MAIN, WIRE_OPENED);
	world_skip(w, CLIENT2, CLIENT2_RING, WIRE_OPENED);
	client = &w->m->tasks[CLIENT];
	server = &w->m->tasks[SERVER];
	n_channels = w->m->n_channels;
	n_listeners = w->m->n_listeners;
	client_channels = client->n_channels;
	server_listeners = server->n_listeners;
	n_kept = 0;
}

static void all_is_as_before(void)
{
	ck_assert_uint_eq(w->m->n_calls, 0);
	ck_assert_uint_eq(w->m->n_waiters, 0);
	ck_assert_uint_eq(w->m->n_channels, n_channels);
	ck_assert_uint_eq(w->m->n_listeners, n_listeners);
	ck_assert_uint_eq(client->n_calls, 0);
	ck_assert_uint_eq(client->n_connects, 0);
	ck_assert_uint_eq(client->n_listens, 0);
	ck_assert_uint_eq(client->n_channels, client_channels);
	ck_assert_uint_eq(server->n_listeners, server_listeners);
}

static void tear_down(void)
{
	world_end(w);
}

static void keep(void)
{
	ck_assert_uint_eq(w->frame.n_fds, 1);
	kept[n_kept++] = w->frame.fds[0];
	w->frame.n_fds = 0;
}

static void let_go(uint32_t n)
{
	for (; n > 0; n--)
		fd_close(&kept[--n_kept]);
	world_turn(w);
	world_skip(w, SERVER, SERVER_MAIN, WIRE_OPENED);
	world_skip(w, SERVER, SERVER_MAIN, WIRE_CLOSED);
}

/* One more channel from Client to Server, on LISTENER or, if that is -1, on a
   new one. */
static void connect_one(uint32_t call, int listener)
{
	world_connect(w, CLIENT, call, "Server", "srv.main", FOREVER);
	world_accept(w, SERVER, call, "Client", "srv.main", 0, listener);
	world_expect_cm(w, SERVER, call, CM_ACCEPT, DK_OK);
	if (listener < 0)
		keep();
	world_expect_cm(w, CLIENT, call, CM_CONNECT, DK_OK);
	keep();
	world_skip(w, SERVER, SERVER_MAIN, WIRE_OPENED);
}

static void cancel(uint32_t call)
{
	struct wire_header header = { .version = 1, .kind = WIRE_CANCEL,
				      .call = call };

	world_send(w, CLIENT, WIRE_KERNEL_FD, &header, NULL, 0, NULL, 0);
	world_turn(w);
}

static struct listener *main_listener(void)
{
	struct list *at, *after;

	list_each(at, after, &server->ports) {
		struct port *port = container_of(at, struct port, of_task);

		if (port->side == PORT_LISTENER)
			return container_of(port, struct listener, port);
	}
	ck_abort_msg("Server has no listener");
}

/* ---- channels, listeners, Connects, Listens ---- */

START_TEST(last_channel_is_given_and_the_next_refused)
{
	int fd = w->programs[SERVER].fds[SERVER_MAIN];
	uint32_t call = 0;

	while (client->n_channels < LIMIT_CHANNELS)
		connect_one(call++, fd);
	world_connect(w, CLIENT, call, "Server", "srv.main", FOREVER);
	world_expect_cm(w, CLIENT, call, CM_CONNECT, DK_QUOTA);
	world_connect(w, CLIENT2, 1, "Server", "srv.main", FOREVER);
	world_expect_nothing(w, CLIENT2, WIRE_KERNEL_FD);
	world_drop(w, SERVER, ++call, "Client2", "srv.main");
	world_expect_cm(w, SERVER, call, CM_DROP, DK_OK);
	let_go(1);
	connect_one(++call, fd);
	ck_assert_uint_eq(client->n_channels, LIMIT_CHANNELS);
	let_go(n_kept);
	all_is_as_before();
}
END_TEST

START_TEST(last_listener_is_given_and_the_next_refused)
{
	uint32_t call = 0;

	while (server->n_listeners < LIMIT_LISTENERS)
		connect_one(call++, -1);
	world_connect(w, CLIENT, call, "Server", "srv.main", FOREVER);
	world_accept(w, SERVER, call, "Client", "srv.main", 0, -1);
	world_expect_cm(w, SERVER, call, CM_ACCEPT, DK_QUOTA);
	world_expect_cm(w, CLIENT, call, CM_CONNECT, DK_QUOTA);
	let_go(2);
	connect_one(++call, -1);
	ck_assert_uint_eq(server->n_listeners, LIMIT_LISTENERS);
	let_go(n_kept);
	all_is_as_before();
}
END_TEST

START_TEST(cancelled_waiters_give_their_places_back)
{
	for (uint32_t round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < LIMIT_CONNECTS; i++)
			world_connect(w, CLIENT, i, "Server", "srv.main",
				      FOREVER);
		for (uint32_t i = 0; i < LIMIT_LISTENS; i++)
			world_listen(w, CLIENT, 100 + i, "", FOREVER);
		world_connect(w, CLIENT, 98, "Server", "srv.main", FOREVER);
		world_expect_cm(w, CLIENT, 98, CM_CONNECT, DK_QUOTA);
		world_listen(w, CLIENT, 99, "", FOREVER);
		world_expect_cm(w, CLIENT, 99, CM_LISTEN, DK_QUOTA);
		for (uint32_t i = 0; i < LIMIT_CONNECTS; i++)
			cancel(i);
		for (uint32_t i = 0; i < LIMIT_LISTENS; i++)
			cancel(100 + i);
		all_is_as_before();
	}
}
END_TEST

/* ---- calls, frames to a listener ---- */

START_TEST(answered_calls_give_their_places_back)
{
	for (uint32_t round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < LIMIT_CALLS; i++)
			world_echo(w, CLIENT, CLIENT_MAIN, i,
				   WIRE_DEADLINE_CAP);
		world_echo(w, CLIENT, CLIENT_RING, 999, WIRE_DEADLINE_CAP);
		world_expect_status(w, CLIENT, CLIENT_RING, 999, DK_QUOTA);
		ck_assert_uint_gt(main_listener()->bytes, 0);
		while (world_receive(w, SERVER, SERVER_MAIN))
			world_answer_echo(w, SERVER, SERVER_MAIN,
					  w->frame.header.call, 1);
		world_skip(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
		ck_assert_uint_eq(main_listener()->n_calls, 0);
		ck_assert_uint_eq(main_listener()->bytes, 0);
		all_is_as_before();
	}
}
END_TEST

START_TEST(calls_of_a_dead_server_are_given_back)
{
	for (uint32_t i = 0; i < LIMIT_CALLS; i++)
		world_echo(w, CLIENT, CLIENT_MAIN, i, WIRE_DEADLINE_CAP);
	world_exit(w, SERVER, 0);
	ck_assert_uint_eq(client->n_calls, 0);
	ck_assert_uint_eq(w->m->n_calls, 0);
}
END_TEST

START_TEST(task_that_dies_with_all_it_may_have_owes_nothing)
{
	int fd = w->programs[SERVER].fds[SERVER_MAIN];
	uint32_t call = 0;

	for (uint32_t i = 0; i < LIMIT_LISTENS; i++)
		world_listen(w, CLIENT, 5000 + i, "", FOREVER);
	while (client->n_channels < LIMIT_CHANNELS - LIMIT_CONNECTS)
		connect_one(call++, fd);
	for (uint32_t i = 0; i < LIMIT_CONNECTS; i++)
		world_connect(w, CLIENT, 4000 + i, "Server", "srv.main",
			      FOREVER);
	for (uint32_t i = 0; i < LIMIT_CALLS; i++)
		world_echo(w, CLIENT, CLIENT_MAIN, i, WIRE_DEADLINE_CAP);
	ck_assert_uint_eq(client->n_connects, LIMIT_CONNECTS);
	ck_assert_uint_eq(client->n_listens, LIMIT_LISTENS);
	ck_assert_uint_eq(client->n_calls, LIMIT_CALLS);
	world_exit(w, CLIENT, 0);
	let_go(n_kept);
	ck_assert_uint_eq(client->n_channels, 0);
	ck_assert_uint_eq(client->n_listeners, 0);
	ck_assert_uint_eq(client->n_calls + client->n_connects +
			  client->n_listens, 0);
	ck_assert_uint_eq(w->m->n_waiters, 0);
}
END_TEST

/* What lies behind the table looks like a call of the number asked for. */
START_TEST(call_index_one_past_the_table_is_no_call)
{
	static struct {
		struct listener listener;
		struct call beyond;
	} at;

	static_assert(sizeof(struct listener) ==
		      offsetof(struct listener, calls) + sizeof(at.listener.calls),
		      "beyond is one past the table");
	call_init_all(&at.listener);
	at.beyond = (struct call){ .state = CALL_OPEN, .generation = 1,
				   .index = LIMIT_LISTENER_CALLS };
	at.listener.calls[LIMIT_LISTENER_CALLS - 1].state = CALL_OPEN;
	ck_assert_ptr_nonnull(call_find(&at.listener, 1u << 16 |
					(LIMIT_LISTENER_CALLS - 1)));
	ck_assert_ptr_null(call_find(&at.listener,
				     call_number(&at.beyond)));
	ck_assert_ptr_null(call_find(&at.listener, 1u << 16 | 0xffff));
}
END_TEST

START_TEST(answer_with_an_index_past_the_table_is_refused)
{
	struct wire_header *asked;
	struct wire_header header = { .version = 1, .kind = WIRE_RESPONSE,
				      .fixed_size = 8 };
	uint64_t body = 0;

	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	asked = world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
	header.call = (asked->call & 0xffff0000) | LIMIT_LISTENER_CALLS;
	world_send(w, SERVER, SERVER_MAIN, &header, &body, 8, NULL, 0);
	world_turn(w);
	world_expect_status(w, SERVER, SERVER_MAIN, header.call,
			    DK_INVALID_ARGUMENT);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	ck_assert_uint_eq(client->n_calls, 1);
}
END_TEST

/* ---- descriptors in flight ---- */

enum { FLIGHT_FRAMES = 5, FLIGHT_FDS = 253 };	/* Linux: at most so many */

struct flight {
	int ends[2];
	struct rlimit limit;
	cap_t caps;
};

static void fly(int to)
{
	union {
		char bytes[CMSG_SPACE(FLIGHT_FDS * sizeof(int))];
		struct cmsghdr align;
	} control = { .bytes = { 0 } };
	struct iovec iov = { .iov_base = "", .iov_len = 1 };
	struct msghdr packet = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&packet);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(FLIGHT_FDS * sizeof(int));
	for (int i = 0; i < FLIGHT_FDS; i++)
		memcpy(CMSG_DATA(c) + i * sizeof(int), &to, sizeof(to));
	ck_assert_int_eq(sendmsg(to, &packet, MSG_DONTWAIT), 1);
}

/* Until the end of flight, whoever sends a descriptor in this process is told
   ETOOMANYREFS: more are in flight than it may have open, and it lacks the two
   capabilities that excuse it, as the mediator does. */
static void flight_begin(struct flight *flight)
{
	const cap_value_t excuses[] = { CAP_SYS_ADMIN, CAP_SYS_RESOURCE };
	struct rlimit low;
	cap_t without;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, flight->ends),
			 0);
	for (int i = 0; i < FLIGHT_FRAMES; i++)
		fly(flight->ends[0]);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &flight->limit), 0);
	low = flight->limit;
	low.rlim_cur = FLIGHT_FRAMES * FLIGHT_FDS / 2;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
	flight->caps = cap_get_proc();
	without = cap_dup(flight->caps);
	ck_assert_int_eq(cap_set_flag(without, CAP_EFFECTIVE, 2, excuses,
				      CAP_CLEAR), 0);
	ck_assert_int_eq(cap_set_proc(without), 0);
	cap_free(without);
}

static void flight_end(struct flight *flight)
{
	ck_assert_int_eq(cap_set_proc(flight->caps), 0);
	cap_free(flight->caps);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &flight->limit), 0);
	close(flight->ends[0]);
	close(flight->ends[1]);
}

static void send_handle(uint32_t task, int fd, enum wire_kind kind,
			uint32_t call, int handle)
{
	struct wire_header header = {
		.version = 1, .kind = (uint8_t)kind, .call = call,
		.mid = GIVE, .fixed_size = 16, .n_handles = 1,
		.deadline_ms = kind == WIRE_REQUEST ? WIRE_DEADLINE_CAP : 0 };
	struct wire_handle body = { 0, 0, 0 };

	world_send(w, task, fd, &header, &body, 16, &handle, 1);
}

START_TEST(too_many_descriptors_in_flight_are_the_givers_quota)
{
	struct flight flight;

	send_handle(CLIENT, CLIENT_MAIN, WIRE_REQUEST, 7,
		    w->programs[CLIENT].fds[CLIENT_RING]);
	flight_begin(&flight);
	world_turn(w);
	flight_end(&flight);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 7, DK_QUOTA);
	world_expect_nothing(w, SERVER, SERVER_MAIN);
	all_is_as_before();
	/* a request without one was never in the way */
	world_echo(w, CLIENT, CLIENT_MAIN, 8, WIRE_DEADLINE_CAP);
	world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
}
END_TEST

START_TEST(answer_with_too_many_in_flight_ends_the_call_by_quota)
{
	struct flight flight;
	uint32_t call;

	/* Server gets a handle, and is to give it back */
	send_handle(CLIENT, CLIENT_MAIN, WIRE_REQUEST, 7,
		    w->programs[CLIENT].fds[CLIENT_RING]);
	world_turn(w);
	call = world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST)->call;
	keep();
	send_handle(SERVER, SERVER_MAIN, WIRE_RESPONSE, call, kept[0]);
	flight_begin(&flight);
	world_turn(w);
	flight_end(&flight);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 7, DK_QUOTA);
	let_go(1);
	all_is_as_before();
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("quota");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, last_channel_is_given_and_the_next_refused);
	tcase_add_test(tests, last_listener_is_given_and_the_next_refused);
	tcase_add_test(tests, cancelled_waiters_give_their_places_back);
	tcase_add_test(tests, answered_calls_give_their_places_back);
	tcase_add_test(tests, calls_of_a_dead_server_are_given_back);
	tcase_add_test(tests,
		       task_that_dies_with_all_it_may_have_owes_nothing);
	tcase_add_test(tests, call_index_one_past_the_table_is_no_call);
	tcase_add_test(tests, answer_with_an_index_past_the_table_is_refused);
	tcase_add_test(tests,
		       too_many_descriptors_in_flight_are_the_givers_quota);
	tcase_add_test(tests,
		       answer_with_too_many_in_flight_ends_the_call_by_quota);
	return suite_run("quota", tests);
}
