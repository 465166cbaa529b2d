/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What is asked of the control socket, and by whom: packets that are none, the
 * limits, rows, records, clients that do not read.
 */
#include "kernel_control.h"

#define OTHER_UID 65534u

/* ---- packets ---- */

static const struct { size_t n; uint8_t bytes[12]; } hostile[] = {
	{ 1, { CONTROL_VERSION } },
	{ 7, { CONTROL_VERSION, CONTROL_PS } },
	{ 8, { CONTROL_VERSION + 1, CONTROL_PS } },
	{ 8, { 0, CONTROL_PS } },
	{ 8, { CONTROL_VERSION, CONTROL_N } },
	{ 8, { CONTROL_VERSION, 0xff } },
	{ 8, { CONTROL_VERSION, CONTROL_PS, 1 } },		/* a text */
	{ 9, { CONTROL_VERSION, CONTROL_PS, 1, 0, 0, 0, 0, 0, 'x' } },
	{ 9, { CONTROL_VERSION, CONTROL_PS } },
	{ 8, { CONTROL_VERSION, CONTROL_PS, 0, 0, 2 } },	/* argument */
	{ 8, { CONTROL_VERSION, CONTROL_AUDIT, 0, 0, 2 } },
	{ 8, { CONTROL_VERSION, CONTROL_SPAWN } },		/* no text */
	{ 9, { CONTROL_VERSION, CONTROL_SPAWN, 2, 0, 0, 0, 0, 0, 'x' } },
	{ 9, { CONTROL_VERSION, CONTROL_SPAWN, 0xff, 0xff, 0, 0, 0, 0, 'x' } },
	{ 10, { CONTROL_VERSION, CONTROL_SPAWN, 2, 0, 0, 0, 0, 0, 'x', 0 } },
	{ 8, { CONTROL_VERSION, CONTROL_END } },		/* of nothing */
	{ 8, { CONTROL_VERSION, CONTROL_END, 0, 0, 1 } },
	{ 8, { CONTROL_VERSION, CONTROL_STOP, 0, 0, 0, 0, 0, 1 } },
};

START_TEST(what_is_no_request_is_answered_and_hung_up_on)
{
	int other = come(), fd = come();

	put(fd, hostile[_i].bytes, hostile[_i].n);
	expect_done(fd, CONTROL_MALFORMED);
	expect_end(fd);
	leave(fd);
	ask(other, CONTROL_NAMES, 0, "");
	expect_done(other, CONTROL_OK);
	leave(other);
	ck_assert(!w->m->stopping);
}
END_TEST

START_TEST(random_packets_do_no_harm)
{
	uint64_t seed = (uint64_t)_i + 1;

	for (int i = 0; i < 300; i++) {
		uint8_t bytes[600];
		size_t n = 1 + suite_below(&seed, sizeof(bytes));
		int fd = come();
		bool end;

		for (size_t j = 0; j < n; j++)
			bytes[j] = (uint8_t)suite_random(&seed);
		if (suite_below(&seed, 2) == 0)
			bytes[0] = CONTROL_VERSION;
		put(fd, bytes, n);
		while (next(fd, &end))
			;
		leave(fd);
	}
	ck_assert(!w->m->over);
}
END_TEST

START_TEST(descriptors_that_ride_along_are_not_taken)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} rights = { .bytes = { 0 } };
	struct control_request request = { CONTROL_VERSION, CONTROL_NAMES, 0, 0 };
	struct iovec part = { &request, sizeof(request) };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1,
				 .msg_control = rights.bytes,
				 .msg_controllen = sizeof(rights.bytes) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&packet);
	int fd = come(), before = (int)world_count_fds();

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	ck_assert_int_eq(sendmsg(fd, &packet, 0), sizeof(request));
	world_turn(w);
	expect_done(fd, CONTROL_OK);
	ck_assert_int_eq((int)world_count_fds(), before);
	leave(fd);
}
END_TEST

START_TEST(an_empty_packet_is_a_hang_up)
{
	int fd = come();

	send(fd, "", 0, MSG_NOSIGNAL);
	world_turn(w);
	expect_end(fd);
	leave(fd);
}
END_TEST

/* ---- who ---- */

START_TEST(a_user_without_a_class_may_nothing)
{
	static const char *const texts[CONTROL_N_METHODS] = {
		[CONTROL_SPAWN] = "Lazy" };
	int fd = come_as(OTHER_UID);

	for (int op = 0; op < CONTROL_N_METHODS; op++) {
		ask(fd, (enum control_op)op, 0, texts[op] ? texts[op] : "");
		expect_done(fd, CONTROL_UNKNOWN);
	}
	ck_assert_uint_eq(world_count(w, "REFUSED"), CONTROL_N_METHODS);
	ck_assert(world_printed(w, "user 65534 at the control socket has no "
				"class"));
	ck_assert(!w->m->stopping && !w->programs[LAZY].running);
	leave(fd);
}
END_TEST

/* Linux knows who connected, however long he is gone when it is asked. */
START_TEST(C16_who_leaves_before_he_is_judged_is_not_another)
{
	static const char *const texts[CONTROL_N_METHODS] = {
		[CONTROL_SPAWN] = "Lazy" };

	for (int op = 0; op < CONTROL_N_METHODS; op++)
		for (int seen = 0; seen < 2; seen++) {
			int fd = seen ? come_as(OTHER_UID)
				: knock_as(OTHER_UID);

			post(fd, (enum control_op)op, 0,
			     texts[op] ? texts[op] : "");
			leave(fd);
			ck_assert(!w->m->stopping && !w->m->over);
			ck_assert(!w->programs[LAZY].running);
		}
	ck_assert_uint_le(world_count(w, "REFUSED"), 2 * CONTROL_N_METHODS);
	ck_assert(!world_printed(w, "user 0 "));
}
END_TEST

START_TEST(records_of_users_are_metered)
{
	int fd = come_as(OTHER_UID);

	for (unsigned i = 0; i < 4 * LIMIT_AUDIT_BURST; i++) {
		ask(fd, CONTROL_PS, 0, "");
		expect_done(fd, CONTROL_UNKNOWN);
	}
	ck_assert_uint_lt(world_count(w, "REFUSED"), 2 * LIMIT_AUDIT_BURST);
	leave(fd);
	world_wait(w, LIMIT_SUMMARY_MS + 100);
	ck_assert(world_printed(w, "the control socket: "));
}
END_TEST

START_TEST(connections_of_one_user_are_limited)
{
	int fds[LIMIT_CONTROL_USER + 1], root;

	for (unsigned i = 0; i <= LIMIT_CONTROL_USER; i++)
		fds[i] = come_as(OTHER_UID);
	expect_done(fds[LIMIT_CONTROL_USER], CONTROL_QUOTA);
	expect_end(fds[LIMIT_CONTROL_USER]);
	expect_nothing(fds[0]);
	root = come();
	ask(root, CONTROL_NAMES, 0, "");
	expect_done(root, CONTROL_OK);
	leave(root);
	leave(fds[0]);			/* its place is free again */
	fds[0] = come_as(OTHER_UID);
	expect_nothing(fds[0]);
	for (unsigned i = 0; i <= LIMIT_CONTROL_USER; i++)
		leave(fds[i]);
}
END_TEST

START_TEST(some_connections_are_kept_for_root)
{
	static int fds[LIMIT_CONTROL];
	unsigned others = LIMIT_CONTROL - LIMIT_CONTROL_KEPT;
	int more;

	for (unsigned i = 0; i < others; i++)
		fds[i] = come_as(OTHER_UID + 1 + i / LIMIT_CONTROL_USER);
	expect_nothing(fds[others - 1]);
	more = come_as(OTHER_UID);
	expect_done(more, CONTROL_QUOTA);
	leave(more);
	for (unsigned i = others; i < LIMIT_CONTROL; i++)
		fds[i] = come();
	expect_nothing(fds[LIMIT_CONTROL - 1]);
	more = come();
	expect_done(more, CONTROL_QUOTA);
	leave(more);
	for (unsigned i = 0; i < LIMIT_CONTROL; i++)
		leave(fds[i]);
}
END_TEST

START_TEST(whom_somebody_may_ask_for_is_waited_for_in_silence)
{
	int fd = come();

	world_exit(w, CLIENT, 0);
	world_exit(w, CLIENT2, 0);
	world_exit(w, PLAIN, 0);
	world_exit(w, SHY, 0);
	ck_assert(!w->m->stopping && !world_printed(w, "waiting for the end"));
	leave(fd);
}
END_TEST

/* ---- rows ---- */

START_TEST(each_task_is_a_row)
{
	int fd = come();

	ask(fd, CONTROL_PS, 0, "");
	for (uint32_t i = 0; i < N_WORLD_TASKS; i++) {
		struct control_task row;

		expect(fd, CONTROL_ROW);
		memcpy(&row, got.body, sizeof(row));
		ck_assert_str_eq((char *)got.body + sizeof(row),
				 w->m->tasks[i].name);
		ck_assert_uint_eq(row.demand, i == LAZY);
		ck_assert_uint_eq(row.state, i == LAZY ? CONTROL_WAITING :
				  i == REFUSED ? CONTROL_ENDED :
				  CONTROL_RUNNING);
		ck_assert_uint_eq(row.pid, row.state == CONTROL_RUNNING ?
				  1000 + i : 0);
	}
	expect_done(fd, CONTROL_OK);
	leave(fd);
}
END_TEST

START_TEST(calls_under_way_are_told)
{
	struct control_channel row = { 0 };
	int fd = come();

	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	ask(fd, CONTROL_CHANNELS, 0, "");
	for (expect(fd, CONTROL_ROW); got.head.kind == CONTROL_ROW;) {
		const char *client = (char *)got.body + sizeof(row);
		const char *server = client + strlen(client) + 1;
		const char *name = server + strlen(server) + 1;
		bool end;

		memcpy(&row, got.body, sizeof(row));
		ck_assert_uint_eq(row.is_static, 1);
		ck_assert_uint_eq(row.calls, !strcmp(client, "Client") &&
				  !strcmp(server, "Server") &&
				  !strcmp(name, "main"));
		ck_assert(next(fd, &end));
	}
	ck_assert_uint_eq(got.head.kind, CONTROL_DONE);
	leave(fd);
}
END_TEST

/* A client that asks and does not read is not waited for. */
START_TEST(who_does_not_read_is_not_served_more)
{
	int fd = come(), other = come();
	unsigned n = 0;
	bool end;

	for (unsigned i = 0; i < 3000; i++) {
		struct control_request request = { CONTROL_VERSION, CONTROL_PS,
						   0, 0 };

		if (send(fd, &request, sizeof(request),
			 MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			break;
		n++;
		world_turn(w);
	}
	ck_assert_uint_lt(n, 3000);
	ask(other, CONTROL_NAMES, 0, "");
	expect_done(other, CONTROL_OK);
	leave(other);
	/* and now everything, in order */
	for (unsigned i = 0; i < n;) {
		if (next(fd, &end))
			i += got.head.kind == CONTROL_DONE;
		else
			world_turn(w);
	}
	expect_nothing(fd);
	leave(fd);
}
END_TEST

/* ---- records ---- */

static void make_records(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct audit_record record = { .what = AUDIT_DENIED,
					       .why = "the test says so" };

		audit_write(&w->m->audit, NULL, w->m->now_ms, &record);
		world_turn(w);
	}
}

START_TEST(the_last_records_are_told)
{
	int fd = come();

	make_records(LIMIT_RING_RECORDS + 5);
	ask(fd, CONTROL_AUDIT, CONTROL_LAST, "");
	for (unsigned i = 0; i < LIMIT_RING_RECORDS; i++) {
		struct control_record row;
		const char *text = (char *)got.body + sizeof(row);

		world_turn(w);
		expect(fd, CONTROL_RECORD);
		memcpy(&row, got.body, sizeof(row));
		ck_assert_uint_eq(row.n_text + row.n_json + sizeof(row),
				  got.head.size);
		ck_assert(memmem(text, row.n_text, "DENIED", 6));
		ck_assert_int_eq(text[row.n_text], '{');
		ck_assert_int_eq(text[row.n_text + row.n_json - 1], '}');
	}
	world_turn(w);
	expect_done(fd, CONTROL_OK);
	leave(fd);
}
END_TEST

START_TEST(records_to_come_are_told_when_they_come)
{
	int fd = come();
	bool end;

	ask(fd, CONTROL_AUDIT, CONTROL_FOLLOW, "");
	while (next(fd, &end))		/* those of the start */
		ck_assert_uint_eq(got.head.kind, CONTROL_RECORD);
	make_records(1);
	expect(fd, CONTROL_RECORD);
	expect_nothing(fd);
	ask(fd, CONTROL_PS, 0, "");	/* one thing at a time */
	expect_done(fd, CONTROL_MALFORMED);
	expect_end(fd);
	leave(fd);
}
END_TEST

START_TEST(a_follower_that_is_too_slow_is_told_what_it_missed)
{
	uint64_t before, n = 0, lost = 0;
	int fd = come();
	bool end;

	ask(fd, CONTROL_AUDIT, CONTROL_FOLLOW, "");
	while (next(fd, &end))
		;
	before = container_of(guest, struct control, guest)->ring.next;
	make_records(4000);
	do {
		while (next(fd, &end)) {
			n += got.head.kind == CONTROL_RECORD;
			lost += got.head.kind == CONTROL_LOST ?
				got.head.value : 0;
		}
		world_turn(w);
	} while (n + lost < 4000);
	ck_assert_uint_gt(lost, 0);
	ck_assert_uint_eq(n + lost, container_of(guest, struct control,
						 guest)->ring.next - before);
	leave(fd);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("control");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, what_is_no_request_is_answered_and_hung_up_on,
			    0, SUITE_LENGTH(hostile));
	tcase_add_loop_test(tests, random_packets_do_no_harm, 0, 4);
	tcase_add_test(tests, descriptors_that_ride_along_are_not_taken);
	tcase_add_test(tests, an_empty_packet_is_a_hang_up);
	tcase_add_test(tests,
		       whom_somebody_may_ask_for_is_waited_for_in_silence);
	tcase_add_test(tests, each_task_is_a_row);
	tcase_add_test(tests, calls_under_way_are_told);
	tcase_add_test(tests, who_does_not_read_is_not_served_more);
	tcase_add_test(tests, the_last_records_are_told);
	tcase_add_test(tests, records_to_come_are_told_when_they_come);
	tcase_add_test(tests, a_follower_that_is_too_slow_is_told_what_it_missed);
	if (getuid() == 0) {	/* only root can come as somebody else */
		tcase_add_test(tests, a_user_without_a_class_may_nothing);
		tcase_add_test(tests,
			C16_who_leaves_before_he_is_judged_is_not_another);
		tcase_add_test(tests, records_of_users_are_metered);
		tcase_add_test(tests, connections_of_one_user_are_limited);
		tcase_add_test(tests, some_connections_are_kept_for_root);
	}
	return suite_run("kernel_control", tests);
}
