/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Descriptors that programs send: handles of theirs, and attacks. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../kernel/ipc/frame.h"
#include "support/suite.h"
#include "support/world.h"

static struct world *w;

static void set_up(void)
{
	w = world_new(0);
	world_skip(w, SERVER, SERVER_MAIN, WIRE_OPENED);
	world_skip(w, CLIENT2, CLIENT2_RING, WIRE_OPENED);
}

static void tear_down(void)
{
	world_end(w);
}

static void give(uint32_t call, uint16_t n, const int *fds, uint32_t n_fds,
		 uint32_t rights)
{
	struct wire_header header = {
		.version = 1, .kind = WIRE_REQUEST, .call = call, .mid = GIVE,
		.fixed_size = 16, .n_handles = n,
		.deadline_ms = WIRE_DEADLINE_CAP };
	struct wire_handle handle = { n ? 0 : WIRE_NO_HANDLE, rights, 0 };

	world_send(w, CLIENT, CLIENT_MAIN, &header, &handle, 16, fds, n_fds);
	world_turn(w);
}

static int adopt(uint32_t task)
{
	struct world_program *program = &w->programs[task];

	ck_assert_uint_eq(w->frame.n_fds, 1);
	program->fds[program->n_fds] = w->frame.fds[0];
	w->frame.n_fds = 0;
	return (int)program->n_fds++;
}

START_TEST(client_end_is_given_as_a_channel_of_its_own)
{
	struct wire_header *header, answer = { .version = 1,
					       .kind = WIRE_RESPONSE,
					       .mid = GIVE,
					       .fixed_size = 16 };
	struct wire_handle handle = { WIRE_NO_HANDLE, 0, 0 };
	uint32_t before = w->m->tasks[SERVER].n_channels;
	int fd;

	/* Client gives Server its way to Client2 */
	give(1, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, 0);
	header = world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
	ck_assert_uint_eq(header->n_handles, 1);
	answer.call = header->call;
	memcpy(&handle, frame_fixed(&w->frame), sizeof(handle));
	ck_assert_uint_eq(handle.rights, WIRE_RIGHT_CALL |
			  WIRE_RIGHT_TRANSFER);
	fd = adopt(SERVER);
	ck_assert_uint_eq(w->m->tasks[SERVER].n_channels, before + 1);
	ck_assert_uint_eq(world_expect(w, CLIENT2, CLIENT2_RING,
				       WIRE_OPENED)->sid,
			  w->programs[SERVER].sid);
	/* decided as Server's own requests: no rule */
	world_echo(w, SERVER, fd, 5, WIRE_DEADLINE_CAP);
	world_expect_status(w, SERVER, fd, 5, DK_SECURITY_DISALLOW);
	/* the sender's end is what it was */
	handle.handle = WIRE_NO_HANDLE;
	world_send(w, SERVER, SERVER_MAIN, &answer, &handle, 16, NULL, 0);
	world_turn(w);
	world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
	world_echo(w, CLIENT, CLIENT_RING, 6, WIRE_DEADLINE_CAP);
	world_expect(w, CLIENT2, CLIENT2_RING, WIRE_REQUEST);
}
END_TEST

START_TEST(handle_without_the_right_goes_no_further)
{
	int fd;

	give(1, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, WIRE_RIGHT_CALL);
	world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
	fd = adopt(SERVER);
	world_connect(w, SERVER, 1, "Client", "cli.own", CM_FOREVER);
	/* Server answers another call with it */
	give(2, 0, NULL, 0, 0);
	{
		struct wire_header answer = { .version = 1, .fixed_size = 16,
					      .kind = WIRE_RESPONSE,
					      .mid = GIVE, .n_handles = 1 };
		struct wire_handle handle = { 0, 0, 0 };

		answer.call = world_expect(w, SERVER, SERVER_MAIN,
					   WIRE_REQUEST)->call;
		world_send(w, SERVER, SERVER_MAIN, &answer, &handle, 16,
			   &w->programs[SERVER].fds[fd], 1);
		world_turn(w);
		world_expect_status(w, SERVER, SERVER_MAIN, answer.call,
				    DK_INVALID_ARGUMENT);
	}
	world_expect_status(w, CLIENT, CLIENT_MAIN, 2, DK_INVALID_ARGUMENT);
	ck_assert(world_printed(w, "without the right to be sent"));
}
END_TEST

START_TEST(denied_message_gives_nothing)
{
	struct wire_header header = {
		.version = 1, .kind = WIRE_REQUEST, .call = 1, .mid = GIVE,
		.fixed_size = 16, .n_handles = 1,
		.deadline_ms = WIRE_DEADLINE_CAP };
	struct wire_handle handle = { 0, 0, 0 };
	uint32_t before = w->m->n_channels;

	world_skip(w, SERVER, WIRE_KERNEL_FD, WIRE_HELLO);
	world_connect(w, SERVER, 1, "Client", "cli.own", CM_FOREVER);
	world_skip(w, CLIENT, WIRE_KERNEL_FD, WIRE_HELLO);
	world_accept(w, CLIENT, 1, "Server", "cli.own", 0,
		     w->programs[CLIENT].fds[CLIENT_RING2]);
	world_expect(w, SERVER, WIRE_KERNEL_FD, WIRE_RESPONSE);
	before = w->m->n_channels;
	/* Server may not ask Client for anything */
	{
		int fd = adopt(SERVER);

		world_send(w, SERVER, fd, &header, &handle, 16,
			   &w->programs[SERVER].fds[fd], 1);
		world_turn(w);
		world_expect_status(w, SERVER, fd, 1, DK_SECURITY_DISALLOW);
	}
	ck_assert_uint_eq(w->m->n_channels, before);
}
END_TEST

START_TEST(strange_descriptors_are_malformed)
{
	int pair[2], pipe_fds[2], bad[7];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	ck_assert_int_eq(pipe(pipe_fds), 0);
	bad[0] = pair[0];
	bad[1] = pipe_fds[1];
	bad[2] = open("/dev/null", O_RDONLY);
	bad[3] = open("/", O_PATH);
	bad[4] = w->programs[CLIENT].fds[WIRE_KERNEL_FD];
	bad[5] = w->programs[CLIENT].fds[CLIENT_RING2];	/* a listener */
	bad[6] = w->programs[CLIENT2].fds[CLIENT2_MAIN];/* another's */
	for (int i = 0; i < SUITE_LENGTH(bad); i++) {
		unsigned before = world_count_fds();

		give(1, 1, &bad[i], 1, 0);
		world_expect_status(w, CLIENT, CLIENT_MAIN, 1,
				    DK_INVALID_ARGUMENT);
		ck_assert_uint_eq(world_count_fds(), before);
	}
	ck_assert(world_printed(w, "brings the handle to the kernel"));
	world_expect_nothing(w, SERVER, SERVER_MAIN);
	fd_close_all(pair, 2);
	fd_close_all(pipe_fds, 2);
	fd_close_all(bad + 2, 2);
}
END_TEST

START_TEST(descriptors_and_header_must_agree)
{
	int fds[3] = { w->programs[CLIENT].fds[CLIENT_RING],
		       w->programs[CLIENT].fds[CLIENT_RING],
		       w->programs[CLIENT].fds[CLIENT_RING] };
	unsigned before = world_count_fds();
	static const struct { uint16_t said; uint32_t sent; } cases[] = {
		{ 0, 1 }, { 1, 0 }, { 1, 2 }, { 2, 1 }, { 2, 2 }, { 3, 3 },
	};

	for (int i = 0; i < SUITE_LENGTH(cases); i++) {
		give(1, cases[i].said, fds, cases[i].sent, 0);
		world_expect_status(w, CLIENT, CLIENT_MAIN, 1,
				    DK_INVALID_ARGUMENT);
	}
	ck_assert_uint_eq(world_count_fds(), before);
	world_expect_nothing(w, SERVER, SERVER_MAIN);
}
END_TEST

START_TEST(as_many_descriptors_as_linux_takes)
{
	int fds[254];
	unsigned before = world_count_fds();
	struct frame frame;

	for (int i = 0; i < 254; i++)
		fds[i] = w->programs[CLIENT].fds[CLIENT_RING];
	give(1, 0, fds, 253, 0);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_INVALID_ARGUMENT);
	give(2, 64, fds, 64, 0);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 2, DK_INVALID_ARGUMENT);
	frame_begin(&frame, WIRE_REQUEST, 3, 0);
	ck_assert_int_eq(frame_send(w->programs[CLIENT].fds[CLIENT_MAIN],
				    &frame, fds, 254), -EINVAL);
	ck_assert_uint_eq(world_count_fds(), before);
}
END_TEST

START_TEST(class_without_handles_cannot_send_descriptors)
{
	struct wire_header header = {
		.version = 1, .kind = WIRE_REQUEST, .call = 1, .mid = GIVE,
		.fixed_size = 16, .n_handles = 1, .deadline_ms = 100 };
	struct wire_handle handle = { 0, 0, 0 };
	struct frame frame = { .header = header, .length = 64 };
	unsigned before = world_count_fds();
	int err;

	memcpy(frame.bytes + 48, &handle, 16);
	err = frame_send(w->programs[PLAIN].fds[PLAIN_MAIN], &frame,
			 &w->programs[PLAIN].fds[PLAIN_MAIN], 1);
	world_turn(w);
	/* Linux refuses it to the sender, or the kernel of dk does */
	if (err == 0)
		world_expect_status(w, PLAIN, PLAIN_MAIN, 1,
				    DK_INVALID_ARGUMENT);
	else
		ck_assert_int_eq(err, -EPERM);
	ck_assert_uint_eq(world_count_fds(), before);
}
END_TEST

START_TEST(unread_handles_stop_the_giver)
{
	for (uint32_t i = 0; i < LIMIT_FD_FRAMES; i++)
		give(i, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, 0);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	give(50, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, 0);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 50, DK_QUOTA);
	while (world_receive(w, SERVER, SERVER_MAIN))
		;
	give(51, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, 0);
	world_expect_nothing(w, CLIENT, CLIENT_MAIN);
	/* the server dropped what it was given: those channels are gone */
	while (world_receive(w, SERVER, SERVER_MAIN))
		;
	frame_release(&w->frame);
	world_turn(w);
	ck_assert_uint_eq(w->m->tasks[SERVER].n_channels, 1);
}
END_TEST

START_TEST(low_descriptor_limit_hurts_the_sender_only)
{
	struct rlimit old, low;
	int free_fd = dup(w->programs[CLIENT].fds[CLIENT_RING]);

	close(free_fd);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &old), 0);
	low = old;
	low.rlim_cur = (rlim_t)free_fd;		/* not one more */
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
	give(1, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, 0);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_INVALID_ARGUMENT);
	ck_assert(world_printed(w, "descriptors were cut off"));
	/* one place: what came is there, the gift cannot be made */
	low.rlim_cur++;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &low), 0);
	give(2, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, 0);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &old), 0);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 2, DK_NO_MEMORY);
	world_echo(w, CLIENT2, CLIENT2_MAIN, 1, WIRE_DEADLINE_CAP);
	world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
}
END_TEST

/* Two handles, one of them inside a struct. */
static void give_two(uint32_t call, const uint32_t rights[2])
{
	struct wire_header header = {
		.version = 1, .kind = WIRE_REQUEST, .call = call, .mid = TWO,
		.fixed_size = 48, .n_handles = 2,
		.deadline_ms = WIRE_DEADLINE_CAP };
	const int fds[2] = { w->programs[CLIENT].fds[CLIENT_RING],
			     w->programs[CLIENT].fds[CLIENT_MAIN] };
	struct {
		uint64_t a, b;
		struct wire_handle h, d;
	} body = { 1, 2, { 0, rights[0], 0xdead }, { 1, rights[1], 0xdead } };

	world_send(w, CLIENT, CLIENT_MAIN, &header, &body, 48, fds, 2);
	world_turn(w);
}

START_TEST(rights_are_only_ever_taken_away)
{
	struct wire_handle h, d;

	give_two(1, (const uint32_t[]){ 0xffffffff, WIRE_RIGHT_CALL });
	world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
	ck_assert_uint_eq(w->frame.n_fds, 2);
	memcpy(&h, frame_fixed(&w->frame) + 16, sizeof(h));
	memcpy(&d, frame_fixed(&w->frame) + 32, sizeof(d));
	ck_assert_uint_eq(h.handle, 0);
	ck_assert_uint_eq(h.rights, WIRE_RIGHT_CALL | WIRE_RIGHT_TRANSFER);
	ck_assert_uint_eq(h.zero, 0);
	ck_assert_uint_eq(d.handle, 1);
	ck_assert_uint_eq(d.rights, WIRE_RIGHT_CALL);
	ck_assert_uint_eq(d.zero, 0);
	frame_release(&w->frame);
}
END_TEST

START_TEST(handle_without_the_right_to_call_is_no_way_to_the_server)
{
	int fd;

	give(1, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1,
	     WIRE_RIGHT_TRANSFER);
	world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
	fd = adopt(SERVER);
	world_skip(w, CLIENT2, CLIENT2_RING, WIRE_OPENED);
	world_echo(w, SERVER, fd, 5, WIRE_DEADLINE_CAP);
	world_expect_status(w, SERVER, fd, 5, DK_INVALID_ARGUMENT);
	ck_assert(world_printed(w, "without the right to call"));
}
END_TEST

START_TEST(rules_see_whose_the_handle_is)
{
	/* to anybody but the giver itself; as if Client2 were that */
	give(2, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, 0);
	world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
	frame_release(&w->frame);
	w->m->tasks[CLIENT2].sid = w->m->tasks[CLIENT].sid;
	give(3, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, 0);
	w->m->tasks[CLIENT2].sid = w->programs[CLIENT2].sid;
	world_expect_status(w, CLIENT, CLIENT_MAIN, 3, DK_SECURITY_DISALLOW);
}
END_TEST

START_TEST(gift_that_cannot_be_made_whole_is_not_made)
{
	struct task *server = &w->m->tasks[SERVER];
	uint32_t had = server->n_channels, all = w->m->n_channels;

	server->n_channels = LIMIT_CHANNELS - 1;	/* room for one */
	give_two(1, (const uint32_t[]){ 0, 0 });
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_QUOTA);
	ck_assert_uint_eq(server->n_channels, LIMIT_CHANNELS - 1);
	ck_assert_uint_eq(w->m->n_channels, all);
	give(2, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, 0);
	ck_assert_uint_eq(server->n_channels, LIMIT_CHANNELS);
	server->n_channels = had + 1;
	world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
	frame_release(&w->frame);
}
END_TEST

START_TEST(receiver_without_handles_gets_none)
{
	struct task *server = &w->m->tasks[SERVER];
	struct image_class class = *server->class;

	class.flags = 0;
	server->class = &class;
	give(1, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, 0);
	server->class = &w->image.classes[server->class_index];
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_UNSUPPORTED);
	world_expect_nothing(w, SERVER, SERVER_MAIN);
}
END_TEST

START_TEST(gift_that_finds_no_room_is_taken_back)
{
	uint32_t before = w->m->n_channels, calls = w->m->n_calls, n = 0;
	struct list *at, *after;
	int little = 1;

	list_each(at, after, &w->m->tasks[SERVER].ports) {
		struct port *port = container_of(at, struct port, of_task);

		if (port->side == PORT_LISTENER)
			setsockopt(port->source.fd, SOL_SOCKET, SO_SNDBUF,
				   &little, sizeof(little));
	}
	do {
		world_echo(w, CLIENT, CLIENT_MAIN, n++, WIRE_DEADLINE_CAP);
	} while (n < LIMIT_LISTENER_CALLS &&
		 !world_receive(w, CLIENT, CLIENT_MAIN));
	ck_assert_uint_eq(w->frame.header.status, DK_BUSY);
	calls = w->m->n_calls;
	ck_assert_uint_eq(calls, n - 1);
	give(100, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, 0);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 100, DK_BUSY);
	ck_assert_uint_eq(w->m->n_channels, before);
	ck_assert_uint_eq(w->m->n_calls, calls);
	world_expect_nothing(w, CLIENT2, CLIENT2_RING);	/* nobody was there */
}
END_TEST

/* Server answers Give with a handle of its own, which Client gave it before. */
static void answer_give(uint32_t call, int fd)
{
	struct wire_header header = { .version = 1, .kind = WIRE_RESPONSE,
				      .mid = GIVE, .fixed_size = 16,
				      .n_handles = 1, .call = call };
	struct wire_handle handle = { 0, 0, 0 };

	world_send(w, SERVER, SERVER_MAIN, &header, &handle, 16,
		   &w->programs[SERVER].fds[fd], 1);
	world_turn(w);
}

START_TEST(answer_whose_handles_cannot_be_given_ends_the_call)
{
	struct task *client = &w->m->tasks[CLIENT];
	uint32_t had, all, call;
	int fd;

	give(1, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, 0);
	call = world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST)->call;
	fd = adopt(SERVER);
	had = client->n_channels;
	all = w->m->n_channels;
	client->n_channels = LIMIT_CHANNELS;
	answer_give(call, fd);
	client->n_channels = had;
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_QUOTA);
	ck_assert_uint_eq(w->m->n_calls, 0);
	ck_assert_uint_eq(w->m->n_channels, all);
	/* and one that can be */
	give(2, 0, NULL, 0, 0);
	answer_give(world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST)->call,
		    fd);
	world_expect(w, CLIENT, CLIENT_MAIN, WIRE_RESPONSE);
	ck_assert_uint_eq(w->frame.n_fds, 1);
	ck_assert_uint_eq(client->n_channels, had + 1);
	frame_release(&w->frame);
}
END_TEST

START_TEST(answer_that_finds_no_room_gives_nothing)
{
	struct port *port = NULL;
	struct list *at, *after;
	uint32_t call;
	int fd, little = 1;

	give(1, 1, &w->programs[CLIENT].fds[CLIENT_RING], 1, 0);
	call = world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST)->call;
	fd = adopt(SERVER);
	world_expect(w, CLIENT2, CLIENT2_RING, WIRE_OPENED);
	list_each(at, after, &w->m->tasks[CLIENT].ports) {
		struct port *this = container_of(at, struct port, of_task);

		if (this->static_end == CLIENT_MAIN - WIRE_FIRST_STATIC_FD)
			port = this;
	}
	ck_assert_ptr_nonnull(port);
	setsockopt(port->source.fd, SOL_SOCKET, SO_SNDBUF, &little,
		   sizeof(little));
	/* refusals, up to the last that has room */
	for (int i = 0, queued = 0, room = 4608; queued < room; i++) {
		ck_assert_int_lt(i, 100);
		world_call(w, CLIENT, CLIENT_MAIN, 2, SECRET);
		ck_assert_int_eq(ioctl(port->source.fd, SIOCOUTQ, &queued),
				 0);
	}
	answer_give(call, fd);
	ck_assert(world_printed(w, "does not read what it is sent"));
	ck_assert_uint_eq(w->m->n_calls, 0);
	world_expect_nothing(w, CLIENT2, CLIENT2_RING);
}
END_TEST

/* The table of sockets is a hash: another's may lie where one of ours does. */
START_TEST(stranger_in_the_same_bucket_is_a_stranger)
{
	uint64_t own, cookie;
	int pair[2];

	ck_assert_int_eq(fd_cookie(w->programs[CLIENT].fds[CLIENT_RING], &own),
			 0);
	for (uint32_t i = 0; i < 100 * COOKIE_BUCKETS; i++) {
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair),
				 0);
		ck_assert_int_eq(fd_cookie(pair[0], &cookie), 0);
		if ((cookie - own) % COOKIE_BUCKETS == 0)
			break;
		fd_close_all(pair, 2);
	}
	ck_assert_int_ge(pair[0], 0);
	give(1, 1, &pair[0], 1, 0);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 1, DK_INVALID_ARGUMENT);
	fd_close_all(pair, 2);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("handles");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, client_end_is_given_as_a_channel_of_its_own);
	tcase_add_test(tests, handle_without_the_right_goes_no_further);
	tcase_add_test(tests, denied_message_gives_nothing);
	tcase_add_test(tests, strange_descriptors_are_malformed);
	tcase_add_test(tests, descriptors_and_header_must_agree);
	tcase_add_test(tests, as_many_descriptors_as_linux_takes);
	tcase_add_test(tests, class_without_handles_cannot_send_descriptors);
	tcase_add_test(tests, unread_handles_stop_the_giver);
	tcase_add_test(tests, low_descriptor_limit_hurts_the_sender_only);
	tcase_add_test(tests, rights_are_only_ever_taken_away);
	tcase_add_test(tests,
		       handle_without_the_right_to_call_is_no_way_to_the_server);
	tcase_add_test(tests, rules_see_whose_the_handle_is);
	tcase_add_test(tests, gift_that_cannot_be_made_whole_is_not_made);
	tcase_add_test(tests, receiver_without_handles_gets_none);
	tcase_add_test(tests, gift_that_finds_no_room_is_taken_back);
	tcase_add_test(tests, answer_whose_handles_cannot_be_given_ends_the_call);
	tcase_add_test(tests, answer_that_finds_no_room_gives_nothing);
	tcase_add_test(tests, stranger_in_the_same_bucket_is_a_stranger);
	return suite_run("handles", tests);
}
