/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The connection manager: connect, listen, accept, drop, in every order. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../kernel/ipc/frame.h"
#include "support/suite.h"
#include "support/world.h"

#define FOREVER CM_FOREVER

static struct world *w;

static void set_up(void)
{
	w = world_new(0);
	for (uint32_t task = SERVER; task <= SHY; task++)
		if (w->programs[task].running)
			world_expect(w, task, WIRE_KERNEL_FD, WIRE_HELLO);
	world_skip(w, SERVER, SERVER_MAIN, WIRE_OPENED);
}

static void tear_down(void)
{
	world_end(w);
}

/* Takes the descriptor of the last frame as a new one of TASK. Its number. */
static int adopt(uint32_t task)
{
	struct world_program *program = &w->programs[task];

	ck_assert_uint_eq(w->frame.n_fds, 1);
	ck_assert_uint_lt(program->n_fds, MONITOR_FDS_MAX);
	program->fds[program->n_fds] = w->frame.fds[0];
	w->frame.n_fds = 0;
	return (int)program->n_fds++;
}

static uint32_t serve(int fd)
{
	return world_expect(w, SERVER, fd, WIRE_REQUEST)->call;
}

static void nothing_waits(void)
{
	ck_assert_uint_eq(w->m->n_waiters, 0);
	for (int i = 0; i < N_WORLD_TASKS; i++) {
		ck_assert_uint_eq(w->m->tasks[i].n_connects, 0);
		ck_assert_uint_eq(w->m->tasks[i].n_listens, 0);
	}
}

START_TEST(accept_on_a_new_listener)
{
	const struct cm_listen_out *listen;
	const struct cm_connect_out *connect;
	int client, server;

	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	world_expect_nothing(w, CLIENT, WIRE_KERNEL_FD);
	world_listen(w, SERVER, 2, "", FOREVER);
	listen = world_expect_cm(w, SERVER, 2, CM_LISTEN, DK_OK);
	ck_assert_str_eq(world_string(w, listen->client), "Client");
	ck_assert_str_eq(world_string(w, listen->service), "srv.main");
	world_accept(w, SERVER, 3, "Client", "srv.main", 0, -1);
	world_expect_cm(w, SERVER, 3, CM_ACCEPT, DK_OK);
	server = adopt(SERVER);
	connect = world_expect_cm(w, CLIENT, 1, CM_CONNECT, DK_OK);
	ck_assert_uint_eq(connect->rsid, 0);
	ck_assert_uint_eq(connect->handle.handle, 0);
	client = adopt(CLIENT);
	ck_assert_uint_eq(world_expect(w, SERVER, server, WIRE_OPENED)->sid,
			  w->programs[CLIENT].sid);
	world_echo(w, CLIENT, client, 9, WIRE_DEADLINE_CAP);
	world_answer_echo(w, SERVER, server, serve(server), 4);
	world_expect(w, CLIENT, client, WIRE_RESPONSE);
	/* decided like any other */
	world_call(w, CLIENT, client, 10, SECRET);
	world_expect_status(w, CLIENT, client, 10, DK_SECURITY_DISALLOW);
	nothing_waits();
}
END_TEST

START_TEST(accept_on_a_listener_there_is)
{
	int client, fd = w->programs[SERVER].fds[SERVER_MAIN];
	const struct cm_accept_out *accept;

	world_listen(w, SERVER, 2, "srv.main", FOREVER);
	world_expect_nothing(w, SERVER, WIRE_KERNEL_FD);
	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	world_expect_cm(w, SERVER, 2, CM_LISTEN, DK_OK);
	world_accept(w, SERVER, 3, "Client", "srv.main", 0, fd);
	accept = world_expect_cm(w, SERVER, 3, CM_ACCEPT, DK_OK);
	ck_assert_uint_eq(accept->handle.handle, WIRE_NO_HANDLE);
	ck_assert_uint_eq(w->frame.n_fds, 0);
	world_expect_cm(w, CLIENT, 1, CM_CONNECT, DK_OK);
	client = adopt(CLIENT);
	world_expect(w, SERVER, SERVER_MAIN, WIRE_OPENED);
	world_echo(w, CLIENT, client, 9, WIRE_DEADLINE_CAP);
	world_answer_echo(w, SERVER, SERVER_MAIN, serve(SERVER_MAIN), 4);
	world_expect(w, CLIENT, client, WIRE_RESPONSE);
	ck_assert_uint_eq(w->m->tasks[SERVER].n_listeners, 1);
}
END_TEST

START_TEST(listen_shows_the_same_until_it_is_served)
{
	const struct cm_listen_out *listen;

	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	world_connect(w, CLIENT2, 1, "Server", "srv.main", FOREVER);
	for (uint32_t call = 10; call < 13; call++) {
		world_listen(w, SERVER, call, "", FOREVER);
		listen = world_expect_cm(w, SERVER, call, CM_LISTEN, DK_OK);
		ck_assert_str_eq(world_string(w, listen->client), "Client");
	}
	world_drop(w, SERVER, 20, "Client", "srv.main");
	world_expect_cm(w, SERVER, 20, CM_DROP, DK_OK);
	world_expect_cm(w, CLIENT, 1, CM_CONNECT, DK_NOT_CONNECTED);
	world_listen(w, SERVER, 21, "", FOREVER);
	listen = world_expect_cm(w, SERVER, 21, CM_LISTEN, DK_OK);
	ck_assert_str_eq(world_string(w, listen->client), "Client2");
}
END_TEST

START_TEST(connects_of_one_client_are_served_in_turn)
{
	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	world_connect(w, CLIENT, 2, "Server", "srv.main", FOREVER);
	for (uint32_t call = 1; call <= 2; call++) {
		world_accept(w, SERVER, 10, "Client", "srv.main", 0, -1);
		world_expect_cm(w, SERVER, 10, CM_ACCEPT, DK_OK);
		world_expect_cm(w, CLIENT, call, CM_CONNECT, DK_OK);
	}
	world_accept(w, SERVER, 11, "Client", "srv.main", 0, -1);
	world_expect_cm(w, SERVER, 11, CM_ACCEPT, DK_NOT_FOUND);
}
END_TEST

START_TEST(filter_selects)
{
	world_listen(w, SERVER, 1, "other.endpoint", FOREVER);
	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	world_expect_nothing(w, SERVER, WIRE_KERNEL_FD);
	world_listen(w, SERVER, 2, "other.endpoint", 0);
	world_expect_cm(w, SERVER, 2, CM_LISTEN, DK_TIMEOUT);
	world_listen(w, SERVER, 3, "srv.main", 0);
	world_expect_cm(w, SERVER, 3, CM_LISTEN, DK_OK);
}
END_TEST

START_TEST(connect_to_nobody_is_not_found)
{
	static const char *const names[][2] = {
		{ "Nobody", "srv.main" }, { "Server", "srv.other" },
		{ "Server", "" }, { "", "" }, { "t.Server", "srv.main" },
		{ "Client2", "srv.main" }, { "server", "srv.main" },
		{ "kernel", "cm.CM" },
	};

	for (int i = 0; i < SUITE_LENGTH(names); i++) {
		world_connect(w, CLIENT, 1, names[i][0], names[i][1], FOREVER);
		world_expect_cm(w, CLIENT, 1, CM_CONNECT, DK_NOT_FOUND);
		ck_assert_uint_eq(w->frame.n_fds, 0);
	}
	nothing_waits();
}
END_TEST

START_TEST(connect_to_a_server_that_ended_is_not_connected)
{
	world_connect(w, CLIENT, 1, "Refused", "nix", FOREVER);
	world_expect_cm(w, CLIENT, 1, CM_CONNECT, DK_NOT_CONNECTED);
	world_connect(w, CLIENT, 2, "Server", "srv.main", FOREVER);
	world_exit(w, SERVER, 0);
	world_expect_cm(w, CLIENT, 2, CM_CONNECT, DK_NOT_CONNECTED);
	world_connect(w, CLIENT, 3, "Server", "srv.main", FOREVER);
	world_expect_cm(w, CLIENT, 3, CM_CONNECT, DK_NOT_CONNECTED);
	nothing_waits();
}
END_TEST

START_TEST(connect_and_listen_time_out)
{
	world_connect(w, CLIENT, 1, "Server", "srv.main", 0);
	world_expect_cm(w, CLIENT, 1, CM_CONNECT, DK_TIMEOUT);
	world_connect(w, CLIENT, 2, "Server", "srv.main", 20);
	world_listen(w, SHY, 3, "", 20);
	world_expect_nothing(w, CLIENT, WIRE_KERNEL_FD);
	world_wait(w, 40);
	world_expect_cm(w, CLIENT, 2, CM_CONNECT, DK_TIMEOUT);
	world_expect_cm(w, SHY, 3, CM_LISTEN, DK_TIMEOUT);
	nothing_waits();
	world_accept(w, SERVER, 4, "Client", "srv.main", 0, -1);
	world_expect_cm(w, SERVER, 4, CM_ACCEPT, DK_NOT_FOUND);
}
END_TEST

START_TEST(accept_of_what_does_not_wait_is_not_found)
{
	world_accept(w, SERVER, 1, "Client", "srv.main", 0, -1);
	world_expect_cm(w, SERVER, 1, CM_ACCEPT, DK_NOT_FOUND);
	world_drop(w, SERVER, 2, "Client", "srv.main");
	world_expect_cm(w, SERVER, 2, CM_DROP, DK_NOT_FOUND);
	world_connect(w, CLIENT, 3, "Server", "srv.main", FOREVER);
	world_accept(w, SERVER, 4, "Client2", "srv.main", 0, -1);
	world_expect_cm(w, SERVER, 4, CM_ACCEPT, DK_NOT_FOUND);
	world_accept(w, SERVER, 5, "Client", "srv.other", 0, -1);
	world_expect_cm(w, SERVER, 5, CM_ACCEPT, DK_NOT_FOUND);
	/* another's caller is not there for you */
	world_accept(w, SHY, 6, "Client", "srv.main", 0, -1);
	world_expect_status(w, SHY, WIRE_KERNEL_FD, 6, DK_SECURITY_DISALLOW);
	world_drop(w, SHY, 7, "Client", "srv.main");
	world_expect_cm(w, SHY, 7, CM_DROP, DK_NOT_FOUND);
	world_expect_nothing(w, CLIENT, WIRE_KERNEL_FD);
}
END_TEST

START_TEST(accept_with_a_wrong_number_is_invalid)
{
	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	world_accept(w, SERVER, 2, "Client", "srv.main", 1, -1);
	world_expect_cm(w, SERVER, 2, CM_ACCEPT, DK_INVALID_ARGUMENT);
	world_expect_nothing(w, CLIENT, WIRE_KERNEL_FD);
	world_accept(w, SERVER, 3, "Client", "srv.main", 0, -1);
	world_expect_cm(w, SERVER, 3, CM_ACCEPT, DK_OK);
}
END_TEST

START_TEST(one_denied_answer_undoes_both)
{
	world_connect(w, CLIENT, 1, "Shy", "srv.main", FOREVER);
	world_accept(w, SHY, 2, "Client", "srv.main", 0, -1);
	world_expect_status(w, SHY, WIRE_KERNEL_FD, 2, DK_SECURITY_DISALLOW);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 1,
			    DK_SECURITY_DISALLOW);
	ck_assert_uint_eq(w->frame.n_fds, 0);
	ck_assert_uint_eq(w->m->tasks[SHY].n_listeners, 0);
	ck_assert(world_printed(w, "DENIED response  kernel (kl.core.Core, "
				"sid 1) -> Shy (t.Shy, sid 8) cm.CM.Accept"));
	nothing_waits();
}
END_TEST

START_TEST(denied_asker_gets_nothing)
{
	world_connect(w, PLAIN, 1, "Server", "srv.main", FOREVER);
	world_expect_status(w, PLAIN, WIRE_KERNEL_FD, 1, DK_SECURITY_DISALLOW);
	/* Listen is granted, its answer is not */
	world_listen(w, PLAIN, 2, "", 0);
	world_expect_status(w, PLAIN, WIRE_KERNEL_FD, 2, DK_SECURITY_DISALLOW);
	nothing_waits();
}
END_TEST

START_TEST(cancelled_connect_is_gone)
{
	struct wire_header cancel = { .version = 1, .kind = WIRE_CANCEL,
				      .call = 5 };

	world_connect(w, CLIENT, 5, "Server", "srv.main", FOREVER);
	world_send(w, CLIENT, WIRE_KERNEL_FD, &cancel, NULL, 0, NULL, 0);
	world_turn(w);
	nothing_waits();
	world_listen(w, SERVER, 6, "", 0);
	world_expect_cm(w, SERVER, 6, CM_LISTEN, DK_TIMEOUT);
}
END_TEST

START_TEST(dead_client_waits_no_more)
{
	world_connect(w, CLIENT, 5, "Server", "srv.main", FOREVER);
	world_listen(w, CLIENT2, 5, "", FOREVER);
	world_exit(w, CLIENT, 0);
	world_exit(w, CLIENT2, 0);
	nothing_waits();
	world_listen(w, SERVER, 6, "", 0);
	world_expect_cm(w, SERVER, 6, CM_LISTEN, DK_TIMEOUT);
}
END_TEST

START_TEST(closed_three_waits_no_more)
{
	world_connect(w, CLIENT, 5, "Server", "srv.main", FOREVER);
	fd_close(&w->programs[CLIENT].fds[WIRE_KERNEL_FD]);
	world_turn(w);
	nothing_waits();
	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	serve(SERVER_MAIN);
}
END_TEST

START_TEST(connects_are_a_quota)
{
	for (uint32_t i = 0; i < LIMIT_CONNECTS; i++)
		world_connect(w, CLIENT, i, "Server", "srv.main", FOREVER);
	world_connect(w, CLIENT, 100, "Server", "srv.main", FOREVER);
	world_expect_cm(w, CLIENT, 100, CM_CONNECT, DK_QUOTA);
	world_connect(w, CLIENT2, 1, "Server", "srv.main", FOREVER);
	world_expect_nothing(w, CLIENT2, WIRE_KERNEL_FD);
	for (uint32_t i = 0; i < LIMIT_LISTENS; i++)
		world_listen(w, SHY, i, "", FOREVER);
	world_listen(w, SHY, 100, "", FOREVER);
	world_expect_cm(w, SHY, 100, CM_LISTEN, DK_QUOTA);
	world_exit(w, SERVER, 0);
	world_exit(w, SHY, 0);
	nothing_waits();
}
END_TEST

START_TEST(channels_and_listeners_are_a_quota)
{
	struct task *client = &w->m->tasks[CLIENT];
	struct task *server = &w->m->tasks[SERVER];
	uint32_t n = 0;

	while (n < 300) {
		uint32_t status;

		world_connect(w, CLIENT, n, "Server", "srv.main", FOREVER);
		world_accept(w, SERVER, n, "Client", "srv.main", 0, -1);
		if (!world_receive(w, SERVER, WIRE_KERNEL_FD))
			break;
		memcpy(&status, frame_fixed(&w->frame), 4);
		if (status != DK_OK)
			break;
		if (n % 2)	/* half of them the client does not keep */
			world_receive(w, CLIENT, WIRE_KERNEL_FD);
		else
			adopt(SERVER), world_receive(w, CLIENT, WIRE_KERNEL_FD);
		if (w->frame.n_fds && w->programs[CLIENT].n_fds < 130)
			adopt(CLIENT);
		if (w->programs[SERVER].n_fds > 120)
			break;
		n++;
	}
	ck_assert_uint_gt(n, 60);
	ck_assert_uint_le(client->n_channels, LIMIT_CHANNELS);
	ck_assert_uint_le(server->n_listeners, LIMIT_LISTENERS);
	/* as if the client had as many as it may */
	n = client->n_channels;
	client->n_channels = LIMIT_CHANNELS;
	world_connect(w, CLIENT, 999, "Server", "srv.main", FOREVER);
	world_expect_cm(w, CLIENT, 999, CM_CONNECT, DK_QUOTA);
	client->n_channels = n;
	world_exit(w, CLIENT, 0);
	ck_assert_uint_eq(client->n_channels, 0);
}
END_TEST

START_TEST(unread_handles_are_a_quota)
{
	for (uint32_t i = 0; i < LIMIT_FD_FRAMES; i++) {
		world_connect(w, CLIENT, i, "Server", "srv.main", FOREVER);
		world_accept(w, SERVER, i, "Client", "srv.main", 0,
			     w->programs[SERVER].fds[SERVER_MAIN]);
		world_expect_cm(w, SERVER, i, CM_ACCEPT, DK_OK);
	}
	/* the client has read none of them */
	world_connect(w, CLIENT, 50, "Server", "srv.main", FOREVER);
	world_accept(w, SERVER, 50, "Client", "srv.main", 0,
		     w->programs[SERVER].fds[SERVER_MAIN]);
	world_expect_cm(w, SERVER, 50, CM_ACCEPT, DK_QUOTA);
	for (uint32_t i = 0; i < LIMIT_FD_FRAMES; i++)
		world_expect_cm(w, CLIENT, i, CM_CONNECT, DK_OK);
	world_expect_cm(w, CLIENT, 50, CM_CONNECT, DK_QUOTA);
	world_connect(w, CLIENT, 51, "Server", "srv.main", FOREVER);
	world_accept(w, SERVER, 51, "Client", "srv.main", 0,
		     w->programs[SERVER].fds[SERVER_MAIN]);
	world_expect_cm(w, CLIENT, 51, CM_CONNECT, DK_OK);
}
END_TEST

START_TEST(connect_in_a_cycle_is_a_deadlock)
{
	world_connect(w, CLIENT2, 1, "Client", "cli.own", FOREVER);
	world_connect(w, CLIENT, 2, "Client2", "cli.own", FOREVER);
	world_expect_cm(w, CLIENT, 2, CM_CONNECT, DK_DEADLOCK);
	world_connect(w, CLIENT, 3, "Client", "cli.own", FOREVER);
	world_expect_cm(w, CLIENT, 3, CM_CONNECT, DK_DEADLOCK);
}
END_TEST

START_TEST(accept_takes_listeners_of_the_asker_only)
{
	int pair[2], pipe_fds[2];
	int bad[5];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	ck_assert_int_eq(pipe(pipe_fds), 0);
	bad[0] = pair[0];				/* a stranger */
	bad[1] = pipe_fds[0];				/* no socket */
	bad[2] = w->programs[SERVER].fds[WIRE_KERNEL_FD];
	bad[3] = w->programs[CLIENT2].fds[CLIENT2_RING];/* another's */
	bad[4] = w->programs[CLIENT].fds[CLIENT_MAIN];
	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	for (int i = 0; i < SUITE_LENGTH(bad); i++) {
		unsigned before = world_count_fds();

		world_accept(w, SERVER, 10, "Client", "srv.main", 0, bad[i]);
		world_expect_status(w, SERVER, WIRE_KERNEL_FD, 10,
				    DK_INVALID_ARGUMENT);
		ck_assert_uint_eq(world_count_fds(), before);
	}
	world_expect_nothing(w, CLIENT, WIRE_KERNEL_FD);
	/* a client's own end is no listener either */
	world_connect(w, CLIENT2, 1, "Client", "cli.own", FOREVER);
	world_accept(w, CLIENT, 11, "Client2", "cli.own", 0,
		     w->programs[CLIENT].fds[CLIENT_MAIN]);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 11,
			    DK_INVALID_ARGUMENT);
	close(pair[0]);
	close(pair[1]);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
}
END_TEST

START_TEST(closing_either_dynamic_end_ends_the_channel)
{
	for (int which = 0; which < 2; which++) {
		int client, server;

		world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
		world_accept(w, SERVER, 3, "Client", "srv.main", 0, -1);
		world_expect_cm(w, SERVER, 3, CM_ACCEPT, DK_OK);
		server = adopt(SERVER);
		world_expect_cm(w, CLIENT, 1, CM_CONNECT, DK_OK);
		client = adopt(CLIENT);
		world_expect(w, SERVER, server, WIRE_OPENED);
		if (which == 0) {
			fd_close(&w->programs[CLIENT].fds[client]);
			world_turn(w);
			ck_assert_uint_eq(world_expect(w, SERVER, server,
						       WIRE_CLOSED)->sid,
					  w->programs[CLIENT].sid);
		} else {
			fd_close(&w->programs[SERVER].fds[server]);
			world_turn(w);
			world_expect_closed(w, CLIENT, client);
		}
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("connect");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, accept_on_a_new_listener);
	tcase_add_test(tests, accept_on_a_listener_there_is);
	tcase_add_test(tests, listen_shows_the_same_until_it_is_served);
	tcase_add_test(tests, connects_of_one_client_are_served_in_turn);
	tcase_add_test(tests, filter_selects);
	tcase_add_test(tests, connect_to_nobody_is_not_found);
	tcase_add_test(tests, connect_to_a_server_that_ended_is_not_connected);
	tcase_add_test(tests, connect_and_listen_time_out);
	tcase_add_test(tests, accept_of_what_does_not_wait_is_not_found);
	tcase_add_test(tests, accept_with_a_wrong_number_is_invalid);
	tcase_add_test(tests, one_denied_answer_undoes_both);
	tcase_add_test(tests, denied_asker_gets_nothing);
	tcase_add_test(tests, cancelled_connect_is_gone);
	tcase_add_test(tests, dead_client_waits_no_more);
	tcase_add_test(tests, closed_three_waits_no_more);
	tcase_add_test(tests, connects_are_a_quota);
	tcase_add_test(tests, channels_and_listeners_are_a_quota);
	tcase_add_test(tests, unread_handles_are_a_quota);
	tcase_add_test(tests, connect_in_a_cycle_is_a_deadlock);
	tcase_add_test(tests, accept_takes_listeners_of_the_asker_only);
	tcase_add_test(tests, closing_either_dynamic_end_ends_the_channel);
	return suite_run("connect", tests);
}
