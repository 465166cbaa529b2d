/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The mediator's frame decoder, on a real pair of sockets and with descriptors:
 * what it lets pass must be what the wire says, told once more below; what came
 * along must be closed again, and no byte be looked at that did not come.
 *
 * Input: struct head, then the packet.
 */
#include <fcntl.h>
#include <sanitizer/asan_interface.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../kernel/ipc/frame.h"
#include "../unit/support/suite.h"
#include "support/fuzz.h"

struct head {
	uint8_t side;		/* enum port_side, 3 = PORT_CLIENT */
	uint8_t flags;		/* FLAG_... */
	uint8_t n_fds;
	uint8_t more;		/* KiB of zeroes after the packet */
};

enum { FLAG_HANDLES = 1, FLAG_CLOSE = 2, PACKET_MAX = 66 << 10 };

static int pair[2];
static int null;
static struct frame frame, again;
static uint8_t packet[PACKET_MAX + 1024];

static void open_pair(void)
{
	FUZZ_CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
			      pair) == 0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	FUZZ_CHECK(null >= 0);
	open_pair();
	return 0;
}

static void send_packet(size_t size, uint32_t n_fds)
{
	union {
		char bytes[CMSG_SPACE(253 * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { packet, size };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	int fds[253];

	if (n_fds > 0) {
		struct cmsghdr *c;

		memset(&control, 0, sizeof(control));
		for (uint32_t i = 0; i < n_fds; i++)
			fds[i] = null;
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		c = CMSG_FIRSTHDR(&message);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	FUZZ_CHECK(sendmsg(pair[1], &message, MSG_DONTWAIT | MSG_NOSIGNAL) ==
		   (ssize_t)size);
}

/* The rules of abi/wire.h for what a program may send. */
static bool is_good(const struct wire_header *h, size_t size, uint32_t n_fds,
		    enum port_side side)
{
	bool request = h->kind == WIRE_REQUEST && side != PORT_LISTENER;
	bool answer = (h->kind == WIRE_RESPONSE || h->kind == WIRE_ERROR) &&
		      side == PORT_LISTENER;

	if (size < sizeof(*h) || size > WIRE_FRAME_MAX)
		return false;
	if (!request && !answer && h->kind != WIRE_CANCEL)
		return false;
	if (h->kind == WIRE_CANCEL && (size != sizeof(*h) || n_fds > 0))
		return false;
	return !h->flags && !h->sid && !h->status && !h->zero &&
	       h->fixed_size % 8 == 0 && n_fds <= WIRE_HANDLES_MAX &&
	       h->n_handles == n_fds &&
	       size - sizeof(*h) >= h->fixed_size &&
	       size - sizeof(*h) - h->fixed_size == h->arena_size;
}

/* What passed, sent on: the same bytes arrive. */
static void send_on(void)
{
	FUZZ_CHECK(frame_send(pair[1], &frame, frame.fds, frame.n_fds) == 0);
	FUZZ_CHECK(frame_receive(&again, pair[0], true) == FRAME_READ);
	FUZZ_CHECK(again.length == frame.length &&
		   again.n_fds == frame.n_fds && !again.cut && !again.fds_cut);
	FUZZ_CHECK(!memcmp(again.bytes, frame.bytes, frame.length));
	frame_release(&again);
}

static void check(size_t size, uint32_t n_fds, const struct head *head)
{
	enum port_side side = head->side % 4 == 3 ? PORT_CLIENT :
			      (enum port_side)(head->side % 4);
	bool handles = head->flags & FLAG_HANDLES;
	struct wire_header header;
	const char *fault;

	memcpy(&header, packet, sizeof(header));
	FUZZ_CHECK(frame.cut == (size > WIRE_FRAME_MAX));
	FUZZ_CHECK(frame.length == (frame.cut ? WIRE_FRAME_MAX : size));
	FUZZ_CHECK(frame.n_fds == (handles ? n_fds : 0) && !frame.fds_cut);
	ASAN_POISON_MEMORY_REGION(frame.bytes + frame.length,
				  sizeof(frame.bytes) - frame.length);
	FUZZ_CHECK(frame_version_ok(&frame) ==
		   (size == 0 || header.version == WIRE_VERSION));
	fault = frame_fault(&frame, side);
	FUZZ_CHECK(!fault == is_good(&header, size, frame.n_fds, side));
	if (!fault)
		FUZZ_CHECK(frame_arena(&frame) + header.arena_size ==
			   frame.bytes + frame.length);
	ASAN_UNPOISON_MEMORY_REGION(frame.bytes, sizeof(frame.bytes));
	if (!fault)
		send_on();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	int next = fuzz_next_fd();
	enum frame_status status;
	struct wire_header seen;
	struct head head;
	size_t length;
	uint32_t n_fds;

	input_take(&input, &head, sizeof(head));
	length = input.size < PACKET_MAX ? input.size : PACKET_MAX;
	memset(packet, 0, sizeof(struct wire_header));
	input_take(&input, packet, length < sizeof(seen) ? sizeof(seen) : length);
	if (head.more) {
		size_t room = PACKET_MAX - length, more = head.more * 1024u;

		more = more < room ? more : room;
		memset(packet + length, 0, more);
		length += more;
	}
	n_fds = head.n_fds % 254;
	send_packet(length, n_fds);
	if (length >= sizeof(seen)) {
		FUZZ_CHECK(frame_peek(pair[0], &seen));
		FUZZ_CHECK(!memcmp(&seen, packet, sizeof(seen)));
	}
	if (head.flags & FLAG_CLOSE)
		shutdown(pair[1], SHUT_RDWR);

	status = frame_receive(&frame, pair[0], head.flags & FLAG_HANDLES);
	/* An empty packet before the end of a stream is that end. */
	if (head.flags & FLAG_CLOSE) {
		if (status == FRAME_READ)
			frame_release(&frame);
		FUZZ_CHECK(status == FRAME_READ || length == 0);
		FUZZ_CHECK(frame_receive(&frame, pair[0], true) == FRAME_END);
		close(pair[0]);
		close(pair[1]);
		open_pair();
	} else {
		FUZZ_CHECK(status == FRAME_READ);
		check(length, n_fds, &head);
		frame_release(&frame);
		FUZZ_CHECK(frame_receive(&frame, pair[0], true) == FRAME_NONE);
	}
	FUZZ_CHECK(frame.n_fds == 0 && fuzz_next_fd() == next);
	return 0;
}

/* Makes most of the header right, so that the last rules are reached too. */
static void mend(uint8_t *data, size_t size, uint64_t *seed)
{
	const size_t at = sizeof(struct head);
	struct wire_header h;
	struct head head;
	size_t body;

	memcpy(&head, data, at);
	memcpy(&h, data + at, sizeof(h));
	body = size - at - sizeof(h) + head.more * 1024u;
	if (suite_below(seed, 8))
		h.version = WIRE_VERSION;
	if (suite_below(seed, 4))
		h.kind = (uint8_t)suite_below(seed, WIRE_N_KINDS + 1);
	if (suite_below(seed, 16))
		h.flags = h.status = 0;
	if (suite_below(seed, 16))
		h.sid = 0;
	if (suite_below(seed, 16))
		h.zero = 0;
	if (suite_below(seed, 4))
		h.n_handles = head.flags & FLAG_HANDLES ? head.n_fds : 0;
	if (suite_below(seed, 4)) {
		h.fixed_size = suite_below(seed, (uint32_t)body + 1);
		if (suite_below(seed, 4))
			h.fixed_size &= ~7u;
		h.arena_size = (uint32_t)body - h.fixed_size;
	}
	memcpy(data + at, &h, sizeof(h));
}

/* A frame that may pass, with as many descriptors as it says. */
static size_t make(uint8_t *data, size_t max_size, uint64_t *seed)
{
	static const uint8_t some[] = { 0, 0, 0, 1, 2, 63, 64, 65, 253 };
	struct wire_header h = { .version = WIRE_VERSION,
				 .call = suite_below(seed, 3),
				 .mid = (uint16_t)suite_below(seed, 4) };
	struct head head = {
		.side = (uint8_t)suite_below(seed, 3),
		.flags = suite_below(seed, 8) ? FLAG_HANDLES : 0,
		.n_fds = some[suite_below(seed, SUITE_LENGTH(some))],
		.more = suite_below(seed, 4) ? 0 : (uint8_t)suite_below(seed, 70),
	};
	size_t body = suite_below(seed, 4) ? suite_below(seed, 9) * 8 : 0;

	if (sizeof(head) + sizeof(h) + body > max_size)
		return 0;
	memset(data, 0, sizeof(head) + sizeof(h) + body);
	h.kind = head.side == PORT_LISTENER ? WIRE_RESPONSE : WIRE_REQUEST;
	if (suite_below(seed, 6) == 0) {
		h.kind = WIRE_CANCEL;
		body = head.more = head.n_fds = 0;
	}
	h.n_handles = head.flags & FLAG_HANDLES ? head.n_fds : 0;
	h.fixed_size = (uint32_t)(body + head.more * 1024u) / 16 * 8;
	h.arena_size = (uint32_t)(body + head.more * 1024u) - h.fixed_size;
	memcpy(data, &head, sizeof(head));
	memcpy(data + sizeof(head), &h, sizeof(h));
	return sizeof(head) + sizeof(h) + body;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int number)
{
	const size_t least = sizeof(struct head) + sizeof(struct wire_header);
	uint64_t seed = number;
	size_t made;

	if (suite_below(&seed, 6) == 0) {
		made = make(data, max_size, &seed);
		if (made)
			return made;
	}
	size = LLVMFuzzerMutate(data, size, max_size);
	if (size >= least && suite_below(&seed, 2))
		mend(data, size, &seed);
	return size;
}
