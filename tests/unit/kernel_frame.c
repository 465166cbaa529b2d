/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Frames that are none: every field, every length, and ten thousand at random. */
#include <string.h>

#include "../../kernel/ipc/frame.h"
#include "support/suite.h"
#include "support/world.h"

static struct world *w;

static void set_up(void)
{
	w = world_new(0);
	world_skip(w, SERVER, SERVER_MAIN, WIRE_OPENED);
}

static void tear_down(void)
{
	world_end(w);
}

struct packet {
	struct wire_header header;
	struct { uint32_t n; struct wire_chunk s; uint32_t pad; } fixed;
	char arena[8];
};

static struct packet good(void)
{
	return (struct packet){
		.header = { .version = 1, .kind = WIRE_REQUEST, .call = 42,
			    .mid = ECHO, .fixed_size = 16, .arena_size = 8,
			    .deadline_ms = WIRE_DEADLINE_CAP },
		.fixed = { 1, { 0, 6 }, 0 }, .arena = "hello" };
}

static void refused(const struct packet *packet, size_t size, uint32_t call,
		    const char *why)
{
	world_send_raw(w, CLIENT, CLIENT_MAIN, packet, size);
	world_turn(w);
	world_expect_status(w, CLIENT, CLIENT_MAIN, call, DK_INVALID_ARGUMENT);
	world_expect_nothing(w, SERVER, SERVER_MAIN);
	ck_assert_msg(world_printed(w, why), "no \"%s\" in:\n%s", why,
		      w->text);
	ck_assert_uint_eq(w->m->n_calls, 0);
}

static const struct field {
	size_t offset, size;
	uint64_t value;
	const char *why;
} fields[] = {
	{ 1, 1, 0, "of a kind that does not exist" },
	{ 1, 1, WIRE_N_KINDS, "of a kind that does not exist" },
	{ 1, 1, 255, "of a kind that does not exist" },
	{ 1, 1, WIRE_RESPONSE, "does not come from a client" },
	{ 1, 1, WIRE_ERROR, "does not come from a client" },
	{ 1, 1, WIRE_STATUS, "does not come from a client" },
	{ 1, 1, WIRE_HELLO, "does not come from a client" },
	{ 1, 1, WIRE_OPENED, "does not come from a client" },
	{ 1, 1, WIRE_CLOSED, "does not come from a client" },
	{ 1, 1, WIRE_CANCEL, "cancels, and has a body" },
	{ 2, 2, 1, "flags that do not exist" },
	{ 2, 2, 0x8000, "flags that do not exist" },
	{ 8, 4, 3, "names a sender" },
	{ 8, 4, 1, "names a sender" },
	{ 16, 4, 8, "sizes that do not add up" },
	{ 16, 4, 12, "no multiple of 8" },
	{ 16, 4, 24, "sizes that do not add up" },
	{ 16, 4, 0xfffffff8, "sizes that do not add up" },
	{ 20, 4, 0, "sizes that do not add up" },
	{ 20, 4, 7, "sizes that do not add up" },
	{ 20, 4, 0xffffffff, "sizes that do not add up" },
	{ 24, 2, 1, "descriptors that it announces" },
	{ 24, 2, 65, "too many handles" },
	{ 24, 2, 0xffff, "too many handles" },
	{ 26, 2, 1, "has a status" },
	{ 40, 8, 1, "not zero where it must be" },
	{ 40, 8, 1ull << 63, "not zero where it must be" },
	/* the body */
	{ 52, 4, 8, "chunk" },			/* offset beyond the arena */
	{ 52, 4, 0xfffffff8, "chunk" },
	{ 56, 4, 9, "chunk" },			/* size beyond it */
	{ 56, 4, 0xffffffff, "chunk" },
	{ 56, 4, 5, "MALFORMED" },		/* no terminator */
	{ 64, 1, 0, "MALFORMED" },		/* NUL inside */
	{ 64, 1, 0xff, "MALFORMED" },		/* no UTF-8 */
};

START_TEST(each_field_is_checked)
{
	const struct field *field = &fields[_i];
	struct packet packet = good();

	memcpy((char *)&packet + field->offset, &field->value, field->size);
	refused(&packet, sizeof(packet), 42, field->why);
	/* the sender goes on as if nothing had been */
	packet = good();
	world_send_raw(w, CLIENT, CLIENT_MAIN, &packet, sizeof(packet));
	world_turn(w);
	world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
}
END_TEST

START_TEST(sizes_that_overflow_are_refused)
{
	struct packet packet = good();

	/* the sum is right in 32 bits */
	packet.header.fixed_size = 0xfffffff8;
	packet.header.arena_size = 32;
	refused(&packet, sizeof(packet), 42, "sizes that do not add up");
}
END_TEST

START_TEST(status_of_half_a_header_repeats_nothing)
{
	struct packet packet = good();

	packet.header.trace = 4711;
	packet.header.flags = 1;
	world_send_raw(w, CLIENT, CLIENT_MAIN, &packet, sizeof(packet));
	world_turn(w);
	ck_assert_uint_eq(world_expect(w, CLIENT, CLIENT_MAIN,
				       WIRE_STATUS)->trace, 4711);
	ck_assert(world_printed(w, "MALFORMED  Client (t.Client, sid 4): "));
	world_send_raw(w, CLIENT, CLIENT_MAIN, &packet, 20);
	world_turn(w);
	world_expect_status(w, CLIENT, CLIENT_MAIN, 0, DK_INVALID_ARGUMENT);
	ck_assert_uint_eq(w->frame.header.trace, 0);
}
END_TEST

START_TEST(each_length_is_checked)
{
	struct bucket *bucket = &w->m->tasks[CLIENT].audit.bucket;
	struct packet packet = good();

	bucket->burst = 1000;		/* all of them on record */
	bucket->milli = 1000000;
	for (size_t size = 1; size < sizeof(packet); size++) {
		bool header = size >= sizeof(packet.header);

		refused(&packet, size, header ? 42 : 0, header ?
			"sizes that do not add up" : "shorter than a header");
	}
}
END_TEST

START_TEST(empty_packet_is_no_farewell)
{
	struct packet packet = good();

	refused(&packet, 0, 0, "shorter than a header");
	world_send_raw(w, CLIENT, CLIENT_MAIN, &packet, sizeof(packet));
	world_turn(w);
	world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
}
END_TEST

START_TEST(frame_that_is_too_long_is_refused)
{
	static union {
		struct packet packet;
		uint8_t bytes[WIRE_FRAME_MAX + 4096];
	} big;
	size_t sizes[] = { WIRE_FRAME_MAX + 1, WIRE_FRAME_MAX + 8,
			   WIRE_FRAME_MAX + 4096 };

	big.packet = good();
	for (int i = 0; i < SUITE_LENGTH(sizes); i++) {
		big.packet.header.arena_size = (uint32_t)sizes[i] - 48 - 16;
		refused(&big.packet, sizes[i], 42, "longer than a frame");
	}
}
END_TEST

START_TEST(largest_frame_is_only_too_much_for_the_method)
{
	static union {
		struct packet packet;
		uint8_t bytes[WIRE_FRAME_MAX];
	} big;

	big.packet = good();
	big.packet.header.arena_size = WIRE_BODY_MAX - 16;
	refused(&big.packet, WIRE_FRAME_MAX, 42, "MALFORMED");
}
END_TEST

START_TEST(other_version_ends_the_task)
{
	struct packet packet = good();

	packet.header.version = _i ? 2 : 0;
	world_send_raw(w, CLIENT, CLIENT_MAIN, &packet, sizeof(packet));
	world_turn(w);
	ck_assert(w->programs[CLIENT].killed);
	ck_assert(!w->programs[CLIENT].running);
	ck_assert(world_printed(w, "KILLED  Client (t.Client, sid 4): speaks "
				"another version of the wire"));
	world_skip(w, SERVER, SERVER_MAIN, WIRE_CLOSED);
	packet = good();
	world_send_raw(w, CLIENT2, CLIENT2_MAIN, &packet, sizeof(packet));
	world_turn(w);
	world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
}
END_TEST

START_TEST(servers_frames_are_checked_too)
{
	static const struct { uint8_t kind; const char *why; } kinds[] = {
		{ WIRE_REQUEST, "does not come from a server" },
		{ WIRE_STATUS, "does not come from a server" },
		{ WIRE_HELLO, "does not come from a server" },
		{ WIRE_OPENED, "does not come from a server" },
		{ WIRE_CLOSED, "does not come from a server" },
		{ WIRE_RESPONSE, "answers no call" },
		{ WIRE_ERROR, "answers no call" },
		{ WIRE_CANCEL, "cancels no call" },
		{ 99, "of a kind that does not exist" },
	};

	for (int i = 0; i < SUITE_LENGTH(kinds); i++) {
		struct wire_header header = { .version = 1, .call = 7,
					      .kind = kinds[i].kind };

		world_send(w, SERVER, SERVER_MAIN, &header, NULL, 0, NULL, 0);
		world_turn(w);
		world_expect_status(w, SERVER, SERVER_MAIN, 7,
				    DK_INVALID_ARGUMENT);
		ck_assert_msg(world_printed(w, kinds[i].why), "%s", w->text);
	}
}
END_TEST

START_TEST(kernels_own_handle_takes_requests_only)
{
	struct wire_header header = { .version = 1, .kind = WIRE_RESPONSE,
				      .call = 7 };

	world_expect(w, CLIENT, WIRE_KERNEL_FD, WIRE_HELLO);
	world_send(w, CLIENT, WIRE_KERNEL_FD, &header, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 7, DK_INVALID_ARGUMENT);
	header.kind = WIRE_REQUEST;
	header.riid = 1;
	world_send(w, CLIENT, WIRE_KERNEL_FD, &header, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 7, DK_NOT_FOUND);
	header.riid = 0;
	header.mid = 4;
	world_send(w, CLIENT, WIRE_KERNEL_FD, &header, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 7, DK_NOT_FOUND);
	header.mid = 0;
	world_send(w, CLIENT, WIRE_KERNEL_FD, &header, NULL, 0, NULL, 0);
	world_turn(w);
	world_expect_status(w, CLIENT, WIRE_KERNEL_FD, 7, DK_INVALID_ARGUMENT);
	ck_assert(world_printed(w, "another version of kl.core.CM.idl"));
}
END_TEST

/* A good packet with some bytes changed, mostly in the header, or cut. */
static size_t spoil(struct packet *packet, uint64_t *seed)
{
	uint8_t *bytes = (uint8_t *)packet;
	uint32_t n = 1 + suite_below(seed, 4);
	size_t size = sizeof(*packet);

	while (n--) {
		size_t at = 1 + suite_below(seed, sizeof(*packet) - 1);

		bytes[at] = (uint8_t)suite_random(seed);
	}
	if (suite_below(seed, 4) == 0)
		size = 1 + suite_below(seed, sizeof(*packet) - 1);
	return size;
}

static void ten_thousand(uint32_t task, int fd, uint8_t kind)
{
	uint64_t seed = 20260101 + (uint64_t)task;
	unsigned sent = 0, answered = 0;

	for (int i = 0; i < 10000; i++) {
		struct packet packet = good();
		size_t size;

		packet.header.kind = kind;
		packet.header.call = (uint32_t)i;
		size = spoil(&packet, &seed);
		ck_assert_int_eq(world_send_raw(w, task, fd, &packet, size),
				 (int)size);
		sent++;
		world_turn(w);
		while (world_receive(w, task, fd)) {
			ck_assert_uint_eq(w->frame.header.kind, WIRE_STATUS);
			answered++;
		}
		/* what was still a request is in the server's hands */
		while (task == CLIENT && world_receive(w, SERVER, SERVER_MAIN)) {
			world_answer_echo(w, SERVER, SERVER_MAIN,
					  w->frame.header.call, 1);
			while (world_receive(w, task, fd))
				answered++;
		}
	}
	ck_assert(w->programs[task].running);
	/* only a well-formed cancel is answered with nothing */
	ck_assert_uint_le(answered, sent);
	ck_assert_uint_ge(answered + 200, sent);
	world_wait(w, 1100);
	ck_assert(world_printed(w, "more like this (MALFORMED) were not "
				"shown"));
	ck_assert_uint_lt(world_count(w, "dkd: MALFORMED"), 1000);
	world_skip(w, SERVER, SERVER_MAIN, WIRE_STATUS);
	world_echo(w, CLIENT2, CLIENT2_MAIN, 1, WIRE_DEADLINE_CAP);
	world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
}

START_TEST(ten_thousand_malformed_requests)
{
	ten_thousand(CLIENT, CLIENT_MAIN, WIRE_REQUEST);
}
END_TEST

START_TEST(ten_thousand_malformed_answers)
{
	ten_thousand(SERVER, SERVER_MAIN, WIRE_RESPONSE);
}
END_TEST

START_TEST(ten_thousand_random_packets)
{
	uint64_t seed = 7;

	for (int i = 0; i < 10000 && w->programs[CLIENT].running; i++) {
		uint64_t bytes[32];
		size_t size = suite_below(&seed, sizeof(bytes));

		for (int j = 0; j < 32; j++)
			bytes[j] = suite_random(&seed);
		*(uint8_t *)bytes = 1;
		if (world_send_raw(w, CLIENT, CLIENT_MAIN, bytes, size) < 0)
			break;
		world_turn(w);
		world_expect(w, CLIENT, CLIENT_MAIN, WIRE_STATUS);
	}
	ck_assert(w->programs[CLIENT].running);
	world_expect_nothing(w, SERVER, SERVER_MAIN);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("frame");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, each_field_is_checked, 0,
			    SUITE_LENGTH(fields));
	tcase_add_test(tests, sizes_that_overflow_are_refused);
	tcase_add_test(tests, status_of_half_a_header_repeats_nothing);
	tcase_add_test(tests, each_length_is_checked);
	tcase_add_test(tests, empty_packet_is_no_farewell);
	tcase_add_test(tests, frame_that_is_too_long_is_refused);
	tcase_add_test(tests, largest_frame_is_only_too_much_for_the_method);
	tcase_add_loop_test(tests, other_version_ends_the_task, 0, 2);
	tcase_add_test(tests, servers_frames_are_checked_too);
	tcase_add_test(tests, kernels_own_handle_takes_requests_only);
	tcase_add_test(tests, ten_thousand_malformed_requests);
	tcase_add_test(tests, ten_thousand_malformed_answers);
	tcase_add_test(tests, ten_thousand_random_packets);
	return suite_run("frame", tests);
}
