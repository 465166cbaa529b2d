/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What libdk believes of the kernel's end of a socket: packets are queued there,
 * then a client calls, or a server receives and answers, as generated code does.
 * Whatever comes, no wait without end, no wild read, no descriptor left.
 *
 * Input: a byte (odd: a server; the next bit: which method), then packets: their
 * length (two bytes), number of descriptors, bytes.
 */
#include <fcntl.h>

#include "../unit/lib_fake.h"
#include "../../apps/lib/part.h"
#include "../../kernel/security/body.h"
#include "../unit/support/suite.h"
#include "support/fuzz.h"

enum { PACKETS_MAX = 4, ROOM = 64 };

static int null;
static size_t sizes[PACKETS_MAX];	/* of the packets that were queued */
static int n_packets;

/* A hello that lets this class have handles, as most code paths need. */
static void say_hello(void)
{
	struct {
		struct wire_header header;
		struct wire_hello hello;
		char strings[8];
	} said = {
		.header = { .version = WIRE_VERSION, .kind = WIRE_HELLO,
			    .fixed_size = sizeof(said.hello) + 8 },
		.hello = { .abi = WIRE_VERSION, .sid = 7, .task = 1,
			   .class_name = 3, .strings = 8,
			   .flags = WIRE_HELLO_HANDLES },
		.strings = "\0t\0c",
	};
	int pair[2];

	FUZZ_CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0);
	FUZZ_CHECK(send(pair[1], &said, sizeof(said), 0) == sizeof(said));
	hello_kernel_fd = pair[0];
	FUZZ_CHECK(hello_get() && hello_has_handles());
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	FUZZ_CHECK(null >= 0);
	say_hello();
	return 0;
}

/* ---- the kernel's end ---- */

static void send_packet(int fd, struct input *input)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(80 * sizeof(int))];
	} control;
	uint8_t low = input_byte(input), high = input_byte(input);
	uint32_t n_fds = input_byte(input) % 80;
	struct input bytes = input_part(input, low | (size_t)high << 8);
	struct iovec iov = { (void *)(uintptr_t)bytes.data, bytes.size };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	int fds[80];

	if (n_fds > 0) {
		struct cmsghdr *c;

		memset(&control, 0, sizeof(control));
		for (uint32_t i = 0; i < n_fds; i++)
			fds[i] = null;
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		c = CMSG_FIRSTHDR(&message);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	FUZZ_CHECK(sendmsg(fd, &message, MSG_NOSIGNAL) ==
		   (ssize_t)bytes.size);
	sizes[n_packets++] = bytes.size;
}

/* Its end of a new channel, with packets and then nothing more to come. */
static int play_kernel(struct input *input, uint32_t side, Handle *handle)
{
	int pair[2];
	struct end *end;

	FUZZ_CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
			      pair) == 0);
	n_packets = 0;
	while (n_packets < PACKETS_MAX && input->size > 0)
		send_packet(pair[1], input);
	FUZZ_CHECK(shutdown(pair[1], SHUT_WR) == 0);
	end = end_new(pair[0], side);
	FUZZ_CHECK(end);
	*handle = end_handle(end);
	end_put(end);
	return pair[1];
}

/* ---- the program ---- */

/* Good parameters of PART at FIXED: what the check says, with real handles. */
static void check_part(const struct nk_part *part, const uint8_t *fixed,
		       const struct nk_arena *arena)
{
	uint8_t copy[ROOM];
	uint32_t n = 0;

	FUZZ_CHECK(part->size <= sizeof(copy));
	memcpy(copy, fixed, part->size);
	for (uint32_t i = 0; i < part->n_handles; i++) {
		struct wire_handle *h = (void *)(copy + part->handles[i]);

		if (h->handle == INVALID_HANDLE)
			continue;
		struct end *end = end_get(h->handle);

		FUZZ_CHECK(end);
		end_put(end);
		h->handle = n++;
	}
	FUZZ_CHECK(body_check(part->layout, part->type, copy, part->size,
			      (const uint8_t *)arena->start,
			      (uint32_t)(arena->current - arena->start),
			      part->arena_max, n) == BODY_OK);
	/* All of it has come, and in one packet. */
	for (int i = 0; i < n_packets; i++)
		if (sizes[i] == sizeof(struct wire_header) + part->size +
				(size_t)(arena->current - arena->start))
			return;
	FUZZ_CHECK(!"of the size of a packet");
}

static void close_handles(const struct nk_part *part, const uint8_t *fixed)
{
	for (uint32_t i = 0; part && i < part->n_handles; i++) {
		struct wire_handle h;

		memcpy(&h, fixed + part->handles[i], sizeof(h));
		if (h.handle != INVALID_HANDLE)
			KnHandleClose(h.handle);
	}
}

struct room {
	struct nk_message base_;
	uint8_t fixed[ROOM];
};

static void run_client(struct input *input, const struct nk_method *method)
{
	struct room req = { 0 }, res;
	_Alignas(8) char bytes[64];
	struct nk_arena arena = NK_ARENA_AUTO(bytes);
	NkKosTransport transport;
	struct nk_proxy proxy = { &transport.base, 2 };
	Handle handle;
	int kernel = play_kernel(input, WIRE_RIGHT_CALL, &handle);
	nk_err_t err;

	for (uint32_t i = 0; i < method->req.n_handles; i++)
		memset(req.fixed + method->req.handles[i], 0xff, 4);
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	memset(&res, 0xee, sizeof(res));
	err = nk_proxy_call(&proxy, method, &req.base_, NULL, &res.base_,
			    sizeof(res), &arena);
	if (err == NK_EOK) {
		FUZZ_CHECK(res.base_.part == &method->res ||
			   (res.base_.part == &method->err &&
			    nk_msg_check_err(&res.base_)));
		check_part(res.base_.part, res.fixed, &arena);
		close_handles(res.base_.part, res.fixed);
	}
	KnHandleClose(handle);
	close(kernel);
}

static void run_server(struct input *input, const struct nk_method *method)
{
	struct room req, res;
	_Alignas(8) char bytes[64], res_bytes[64];
	struct nk_arena arena = NK_ARENA_AUTO(bytes);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_bytes);
	Handle handle;
	int kernel = play_kernel(input, WIRE_RIGHT_LISTEN, &handle);
	struct end *end = end_get(handle);
	nk_err_t err;

	FUZZ_CHECK(end);
	for (int i = 0; i <= PACKETS_MAX; i++) {
		nk_req_reset(&req);
		nk_arena_reset(&arena);
		nk_arena_reset(&res_arena);
		err = serve_receive(end, &req.base_, sizeof(req), &arena);
		if (err != NK_EOK)
			break;
		FUZZ_CHECK(req.base_.call != 0);
		err = nk_dispatch_begin(method, &req.base_, &arena, &res.base_,
					sizeof(res));
		if (err == NK_EOK) {
			check_part(&method->req, req.fixed, &arena);
			close_handles(&method->req, req.fixed);
			for (uint32_t k = 0; k < method->res.n_handles; k++)
				memset(res.fixed + method->res.handles[k],
				       0xff, 4);
			nk_dispatch_end(method, NK_EOK, &res.base_, &res_arena);
		}
		serve_reply(end, &res.base_, &res_arena);
		FUZZ_CHECK(serve_find(&res.base_) == NULL);
	}
	FUZZ_CHECK(err != NK_EOK);
	end_put(end);
	KnHandleClose(handle);
	close(kernel);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	uint8_t how = input_byte(&input);
	const struct nk_method *method = how & 2 ? &give_method : &ask_method;
	int next = fuzz_next_fd();

	if (how & 1)
		run_server(&input, method);
	else
		run_client(&input, method);
	FUZZ_CHECK(fuzz_next_fd() == next);
	return 0;
}

/* ---- the mutator ---- */

/* A packet that is good for METHOD, or nearly; its size. */
static size_t make_packet(uint8_t *data, bool server, bool give, uint64_t *seed)
{
	struct wire_header h = {
		.version = WIRE_VERSION, .call = 1 + (suite_below(seed, 8) == 0),
		.riid = 2, .mid = give,
	};
	uint32_t words[20] = { 7, 0, 3, 0 };
	uint32_t fixed = server ? give ? 40 : 16 : give ? 24 : 16, arena = 0;

	h.kind = server ? WIRE_REQUEST : WIRE_RESPONSE;
	switch (suite_below(seed, 8)) {
	case 0:
		h.kind = server ? WIRE_OPENED : WIRE_STATUS;
		h.status = server ? 0 : (uint16_t)suite_below(seed, 16);
		fixed = server ? 40 : 0;
		memcpy(words, (const uint32_t[]){ 1, 9, 0, 0, 0, 0, 8, 0 }, 32);
		break;
	case 1:
		h.kind = server ? WIRE_CLOSED : WIRE_ERROR;
		h.sid = 9;
		fixed = server ? 0 : 8;
		break;
	default:
		if (give) {
			uint32_t at = server ? 0 : 2;

			h.n_handles = server ? 2 : 1;
			memset(words, 0, sizeof(words));
			words[at + 1] = WIRE_RIGHT_CALL;
			words[6] = server ? 1 : words[6];
			words[7] = server ? WIRE_RIGHT_LISTEN : words[7];
		} else {
			arena = 3;
		}
	}
	if (suite_below(seed, 8) == 0)		/* does not fit, or hardly */
		fixed = suite_below(seed, 10) * 8;
	if (suite_below(seed, 8) == 0)
		arena = suite_below(seed, 80);
	h.fixed_size = fixed;
	h.arena_size = arena;
	if (suite_below(seed, 8) == 0)		/* says less or more than it is */
		h.arena_size += suite_below(seed, 9) - 4;
	data[0] = (uint8_t)(sizeof(h) + fixed + arena);
	data[1] = 0;
	data[2] = (uint8_t)h.n_handles;
	memcpy(data + 3, &h, sizeof(h));
	memcpy(data + 3 + sizeof(h), words, fixed);
	memset(data + 3 + sizeof(h) + fixed, 0, arena);
	if (suite_below(seed, 3) == 0)		/* a word of it */
		LLVMFuzzerMutate(data + 3 + suite_below(seed,
				 (uint32_t)sizeof(h) + fixed - 3), 4, 4);
	return 3 + sizeof(h) + fixed + arena;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int number)
{
	uint64_t seed = number;
	size_t at = 1;

	if (suite_below(&seed, 3) && size > 0)
		return LLVMFuzzerMutate(data, size, max_size);
	if (max_size < 1 + PACKETS_MAX * 256)
		return size;
	data[0] = (uint8_t)suite_below(&seed, 4);
	for (uint32_t n = 1 + suite_below(&seed, PACKETS_MAX); n > 0; n--)
		at += make_packet(data + at, data[0] & 1, data[0] & 2, &seed);
	return at;
}
