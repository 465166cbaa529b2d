/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The connection manager when something refuses at the last moment: the policy
   at either answer, a limit, a socket that is full. Nothing may be left. */
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "../../kernel/ipc/channel.h"
#include "../../kernel/ipc/frame.h"
#include "support/suite.h"
#include "support/world.h"

#define FOREVER CM_FOREVER

static struct world *w;
static uint32_t n_channels, n_listeners;	/* before */

static void set_up(void)
{
	w = world_new(0);
	for (uint32_t task = SERVER; task <= SHY; task++)
		if (w->programs[task].running)
			world_expect(w, task, WIRE_KERNEL_FD, WIRE_HELLO);
	world_skip(w, SERVER, SERVER_MAIN, WIRE_OPENED);
	n_channels = w->m->n_channels;
	n_listeners = w->m->n_listeners;
}

static void tear_down(void)
{
	world_end(w);
}

/* But for LOST channels that were closed meanwhile. */
static void nothing_is_left(uint32_t lost)
{
	ck_assert_uint_eq(w->m->n_channels, n_channels - lost);
	ck_assert_uint_eq(w->m->n_listeners, n_listeners);
	ck_assert_uint_eq(w->m->n_waiters, 0);
}

static void cancel(uint32_t task, uint32_t call)
{
	struct wire_header header = { .version = 1, .kind = WIRE_CANCEL,
				      .call = call };

	world_send(w, task, WIRE_KERNEL_FD, &header, NULL, 0, NULL, 0);
	world_turn(w);
}

/* One more frame to TASK's descriptor 3 finds no room. */
static void fill(uint32_t task)
{
	int fd = w->m->tasks[task].kernel->port.source.fd;
	int queued = 0, room = 1;
	socklen_t size = sizeof(room);

	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, size),
			 0);
	ck_assert_int_eq(getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, &size),
			 0);
	for (uint32_t i = 0; i < 1000 && queued < room; i++) {
		struct wire_header header = { .version = 1, .call = i,
					      .kind = WIRE_REQUEST,
					      .riid = 99 };

		world_send(w, task, WIRE_KERNEL_FD, &header, NULL, 0, NULL, 0);
		world_turn(w);
		ck_assert_int_eq(ioctl(fd, SIOCOUTQ, &queued), 0);
	}
	ck_assert_int_ge(queued, room);
}

/* ---- the policy ---- */

START_TEST(denied_answer_to_connect_undoes_both)
{
	/* Shy may be connected to Server, not to Client: the rule reads whose
	   the handle is */
	world_connect(w, SHY, 1, "Client", "cli.own", FOREVER);
	world_accept(w, CLIENT, 2, "Shy", "cli.own", 0, -1);
	world_expect_status(w, SHY, WIRE_KERNEL_FD, 1, DK_SECURITY_DISALLOW);
	ck_assert_uint_eq(w->frame.n_fds, 0);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 2,
			    DK_SECURITY_DISALLOW);
	ck_assert_uint_eq(w->frame.n_fds, 0);
	ck_assert(world_printed(w, "DENIED response  kernel (kl.core.Core, "
				"sid 1) -> Shy (t.Shy, sid 8) cm.CM.Connect"));
	nothing_is_left(0);
}
END_TEST

START_TEST(rules_see_whose_the_new_handles_are)
{
	world_connect(w, SHY, 1, "Server", "srv.main", FOREVER);
	world_accept(w, SERVER, 2, "Shy", "srv.main", 0, -1);
	world_expect_cm(w, SHY, 1, CM_CONNECT, DK_OK);
	world_expect_cm(w, SERVER, 2, CM_ACCEPT, DK_OK);
	frame_release(&w->frame);
}
END_TEST

START_TEST(refused_answers_carry_no_handle)
{
	const struct cm_connect_out *connect;
	const struct cm_accept_out *accept;

	world_connect(w, CLIENT, 1, "Nobody", "x", 0);
	connect = world_expect_cm(w, CLIENT, 1, CM_CONNECT, DK_NOT_FOUND);
	ck_assert_uint_eq(connect->handle.handle, WIRE_NO_HANDLE);
	world_accept(w, SERVER, 2, "Client", "srv.main", 0, -1);
	accept = world_expect_cm(w, SERVER, 2, CM_ACCEPT, DK_NOT_FOUND);
	ck_assert_uint_eq(accept->handle.handle, WIRE_NO_HANDLE);
}
END_TEST

/* ---- what is meant ---- */

START_TEST(empty_service_means_none)
{
	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	world_drop(w, SERVER, 2, "Client", "");
	world_expect_cm(w, SERVER, 2, CM_DROP, DK_NOT_FOUND);
	world_accept(w, SERVER, 3, "Client", "", 0, -1);
	world_expect_cm(w, SERVER, 3, CM_ACCEPT, DK_NOT_FOUND);
	world_expect_nothing(w, CLIENT, WIRE_KERNEL_FD);
	ck_assert_uint_eq(w->m->n_waiters, 1);
}
END_TEST

START_TEST(answered_listen_waits_no_more)
{
	world_listen(w, SERVER, 1, "", FOREVER);
	world_connect(w, CLIENT, 2, "Server", "srv.main", FOREVER);
	world_expect_cm(w, SERVER, 1, CM_LISTEN, DK_OK);
	ck_assert_uint_eq(w->m->tasks[SERVER].n_listens, 0);
	world_connect(w, CLIENT2, 3, "Server", "srv.main", FOREVER);
	world_expect_nothing(w, SERVER, WIRE_KERNEL_FD);
}
END_TEST

START_TEST(cancel_means_the_request_of_that_number)
{
	world_connect(w, CLIENT, 5, "Server", "srv.main", FOREVER);
	cancel(CLIENT, 6);
	ck_assert_uint_eq(w->m->n_waiters, 1);
	world_drop(w, SERVER, 7, "Client", "srv.main");
	world_expect_cm(w, CLIENT, 5, CM_CONNECT, DK_NOT_CONNECTED);
	/* it has been answered: its place is free already */
	cancel(CLIENT, 5);
	nothing_is_left(0);
	ck_assert_uint_eq(w->m->tasks[CLIENT].n_connects, 0);
}
END_TEST

START_TEST(header_may_set_a_shorter_time)
{
	struct cm_listen_in body = { .msecs = FOREVER };
	struct wire_header header = {
		.version = 1, .kind = WIRE_REQUEST, .call = 1,
		.mid = CM_LISTEN, .fixed_size = sizeof(body),
		.deadline_ms = 20 };
	size_t armed = w->m->timers.n;

	world_send(w, SERVER, WIRE_KERNEL_FD, &header, &body, sizeof(body),
		   NULL, 0);
	world_turn(w);
	world_expect_nothing(w, SERVER, WIRE_KERNEL_FD);
	ck_assert_uint_eq(w->m->timers.n, armed + 1);
	world_wait(w, 40);
	world_expect_cm(w, SERVER, 1, CM_LISTEN, DK_TIMEOUT);
	/* one that is answered leaves no timer */
	world_listen(w, SERVER, 2, "", 60000);
	world_connect(w, CLIENT, 3, "Server", "srv.main", 60000);
	world_expect_cm(w, SERVER, 2, CM_LISTEN, DK_OK);
	cancel(CLIENT, 3);
	ck_assert_uint_eq(w->m->timers.n, armed);
}
END_TEST

START_TEST(class_without_handles_is_not_connected)
{
	w->m->tasks[CLIENT].kernel->port.handles = false;
	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 1, DK_UNSUPPORTED);
	world_listen(w, CLIENT, 2, "", 0);
	world_expect_cm(w, CLIENT, 2, CM_LISTEN, DK_TIMEOUT);
	nothing_is_left(0);
}
END_TEST

/* ---- limits ---- */

START_TEST(waiting_connects_count_as_channels)
{
	struct task *client = &w->m->tasks[CLIENT];
	uint32_t had = client->n_channels;

	client->n_channels = LIMIT_CHANNELS - 1;
	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	world_expect_nothing(w, CLIENT, WIRE_KERNEL_FD);
	world_connect(w, CLIENT, 2, "Server", "srv.main", FOREVER);
	world_expect_cm(w, CLIENT, 2, CM_CONNECT, DK_QUOTA);
	client->n_channels = had;
}
END_TEST

START_TEST(too_many_channels_undo_the_accept)
{
	struct task *client = &w->m->tasks[CLIENT];
	uint32_t had = client->n_channels;

	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	client->n_channels = LIMIT_CHANNELS;
	world_accept(w, SERVER, 2, "Client", "srv.main", 0, -1);
	client->n_channels = had;
	world_expect_cm(w, SERVER, 2, CM_ACCEPT, DK_QUOTA);
	world_expect_cm(w, CLIENT, 1, CM_CONNECT, DK_QUOTA);
	nothing_is_left(0);
	ck_assert_uint_eq(w->m->tasks[SERVER].n_listeners, 1);
}
END_TEST

START_TEST(too_many_listeners_undo_the_accept)
{
	struct task *server = &w->m->tasks[SERVER];

	server->n_listeners = LIMIT_LISTENERS;
	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	world_accept(w, SERVER, 2, "Client", "srv.main", 0, -1);
	world_expect_cm(w, SERVER, 2, CM_ACCEPT, DK_QUOTA);
	world_expect_cm(w, CLIENT, 1, CM_CONNECT, DK_QUOTA);
	nothing_is_left(0);
	server->n_listeners--;
	world_connect(w, CLIENT, 3, "Server", "srv.main", FOREVER);
	world_accept(w, SERVER, 4, "Client", "srv.main", 0, -1);
	world_expect_cm(w, SERVER, 4, CM_ACCEPT, DK_OK);
	server->n_listeners = 2;
}
END_TEST

START_TEST(unread_listeners_are_a_quota)
{
	for (uint32_t i = 0; i <= LIMIT_FD_FRAMES; i++) {
		world_connect(w, CLIENT, i, "Server", "srv.main", FOREVER);
		world_accept(w, SERVER, i, "Client", "srv.main", 0, -1);
		world_expect_cm(w, CLIENT, i, CM_CONNECT, i < LIMIT_FD_FRAMES ?
				DK_OK : DK_QUOTA);
		frame_release(&w->frame);
	}
	for (uint32_t i = 0; i <= LIMIT_FD_FRAMES; i++)
		world_expect_cm(w, SERVER, i, CM_ACCEPT, i < LIMIT_FD_FRAMES ?
				DK_OK : DK_QUOTA);
	frame_release(&w->frame);
}
END_TEST

/* ---- full sockets ---- */

START_TEST(client_that_does_not_read_undoes_the_accept)
{
	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	fill(CLIENT);
	world_accept(w, SERVER, 2, "Client", "srv.main", 0, -1);
	world_expect_cm(w, SERVER, 2, CM_ACCEPT, DK_NOT_CONNECTED);
	ck_assert_uint_eq(w->frame.n_fds, 0);
	nothing_is_left(1);			/* its descriptor 3 */
	ck_assert(world_printed(w, "does not read what it is sent"));
}
END_TEST

START_TEST(server_that_does_not_read_undoes_the_accept)
{
	const struct cm_connect_out *out;

	world_connect(w, CLIENT, 1, "Server", "srv.main", FOREVER);
	fill(SERVER);
	world_accept(w, SERVER, 2, "Client", "srv.main", 0, -1);
	out = world_expect_cm(w, CLIENT, 1, CM_CONNECT, DK_OK);
	ck_assert_uint_eq(out->handle.handle, 0);
	ck_assert_uint_eq(w->frame.n_fds, 1);
	nothing_is_left(1);
	frame_release(&w->frame);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("connect_undone");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, denied_answer_to_connect_undoes_both);
	tcase_add_test(tests, rules_see_whose_the_new_handles_are);
	tcase_add_test(tests, refused_answers_carry_no_handle);
	tcase_add_test(tests, empty_service_means_none);
	tcase_add_test(tests, answered_listen_waits_no_more);
	tcase_add_test(tests, cancel_means_the_request_of_that_number);
	tcase_add_test(tests, header_may_set_a_shorter_time);
	tcase_add_test(tests, class_without_handles_is_not_connected);
	tcase_add_test(tests, waiting_connects_count_as_channels);
	tcase_add_test(tests, too_many_channels_undo_the_accept);
	tcase_add_test(tests, too_many_listeners_undo_the_accept);
	tcase_add_test(tests, unread_listeners_are_a_quota);
	tcase_add_test(tests, client_that_does_not_read_undoes_the_accept);
	tcase_add_test(tests, server_that_does_not_read_undoes_the_accept);
	return suite_run("connect_undone", tests);
}
