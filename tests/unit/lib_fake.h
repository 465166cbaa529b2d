/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The kernel's end of a channel, played by the test itself: answers are queued
 * before they are asked for (a program's first call has number 1), and what the
 * program sent is read afterwards. One interface with two methods, by hand.
 */
#ifndef LIB_FAKE_H
#define LIB_FAKE_H

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>

#include "../../apps/lib/call.h"
#include "../../apps/lib/end.h"
#include "../../apps/lib/frame.h"
#include "../../apps/lib/hello.h"
#include "../../apps/lib/serve.h"
#include "../../kernel/abi/status.h"

#define FAKE __attribute__((unused)) static

/* ---- the interface: Ask(n, text; m, bytes; code) and Give(a, x, b; x, c) ---- */

struct ask_req { struct nk_message base_; nk_uint32_t n; nk_ptr_t text; };
struct ask_res {
	struct nk_message base_;
	union {
		struct { nk_uint32_t m; nk_ptr_t bytes; };
		struct { nk_uint32_t code; } err_;
	};
};
struct give_req {
	struct nk_message base_;
	nk_handle_desc_t a;
	nk_uint32_t x;
	nk_handle_desc_t b;
};
struct give_res {
	struct nk_message base_;
	nk_uint32_t x;
	nk_handle_desc_t c;
};

static const struct layout_field fake_fields[] = {
	{ 0, 0, 0 }, { 4, 1, 0 },			/* ask in */
	{ 0, 0, 0 }, { 4, 2, 0 },			/* ask out */
	{ 0, 0, 0 },					/* ask error */
	{ 0, 3, 0 }, { 16, 0, 0 }, { 24, 3, 0 },	/* give in */
	{ 0, 0, 0 }, { 8, 3, 0 },			/* give out */
};
static const struct layout_type fake_types[] = {
	{ LAYOUT_SCALAR, SCALAR_UINT32, 4, 0, 4, 0, 0 },
	{ LAYOUT_STRING, 0, 4, 0, 8, 0, 16 },
	{ LAYOUT_BYTES, 0, 4, 0, 8, 0, 64 },
	{ LAYOUT_HANDLE, 0, 8, 0, 16, 0, 0 },
	{ LAYOUT_STRUCT, 0, 8, 0, 16, 0, 2 },
	{ LAYOUT_STRUCT, 0, 8, 0, 16, 2, 2 },
	{ LAYOUT_STRUCT, 0, 8, 0, 8, 4, 1 },
	{ LAYOUT_STRUCT, 0, 8, 0, 40, 5, 3 },
	{ LAYOUT_STRUCT, 0, 8, 0, 24, 8, 2 },
};
static const struct layout fake_layout = {
	fake_types, fake_fields, sizeof(fake_types) / sizeof(fake_types[0]),
	sizeof(fake_fields) / sizeof(fake_fields[0]),
};
static const nk_uint32_t give_in_handles[] = { 0, 24 };
static const nk_uint32_t give_out_handles[] = { 8 };

static const struct nk_method ask_method = {
	0, { &fake_layout, 4, 16, 24, 0, NULL }, { &fake_layout, 5, 16, 64, 0, NULL },
	{ &fake_layout, 6, 8, 0, 0, NULL },
};
static const struct nk_method give_method = {
	1, { &fake_layout, 7, 40, 0, 2, give_in_handles },
	{ &fake_layout, 8, 24, 0, 1, give_out_handles }, { 0 },
};

/* ---- frames ---- */

struct fake_frame {
	struct wire_header header;
	uint8_t body[WIRE_BODY_MAX];
};

/* A frame of KIND; the answer to CALL, or a request of that number. */
FAKE struct fake_frame *fake_new(unsigned kind, uint32_t call,
				 const void *fixed, uint32_t fixed_size,
				 const void *arena, uint32_t arena_size)
{
	struct fake_frame *f = calloc(1, sizeof(*f));

	f->header.version = WIRE_VERSION;
	f->header.kind = (uint8_t)kind;
	f->header.call = call;
	f->header.fixed_size = fixed_size;
	f->header.arena_size = arena_size;
	if (fixed_size)
		memcpy(f->body, fixed, fixed_size);
	if (arena_size)
		memcpy(f->body + fixed_size, arena, arena_size);
	return f;
}

/* Sends SIZE bytes of F and descriptors with them; frees F. */
FAKE void fake_send_size(int fd, struct fake_frame *f, size_t size,
			 const int *fds, unsigned n_fds)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(100 * sizeof(int))];
	} control;
	struct iovec part = { f, size };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };

	memset(&control, 0, sizeof(control));
	if (n_fds > 0) {
		struct cmsghdr *c;

		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	ck_assert_int_eq(sendmsg(fd, &msg, MSG_NOSIGNAL), (ssize_t)size);
	free(f);
}

FAKE void fake_send(int fd, struct fake_frame *f)
{
	fake_send_size(fd, f, sizeof(f->header) + f->header.fixed_size +
		       f->header.arena_size, NULL, 0);
}

FAKE void fake_status(int fd, uint32_t call, unsigned status)
{
	struct fake_frame *f = fake_new(WIRE_STATUS, call, NULL, 0, NULL, 0);

	f->header.status = (uint16_t)status;
	fake_send(fd, f);
}

/* The good answer to Ask: m = 7, bytes = "abc". */
FAKE struct fake_frame *fake_ask_res(uint32_t call)
{
	const uint32_t fixed[4] = { 7, 0, 3, 0 };

	return fake_new(WIRE_RESPONSE, call, fixed, 16, "abc", 3);
}

FAKE struct fake_frame *fake_ask_req(uint32_t call)
{
	const uint32_t fixed[4] = { 5, 0, 3, 0 };
	struct fake_frame *f = fake_new(WIRE_REQUEST, call, fixed, 16, "hi", 3);

	f->header.sid = 42;
	f->header.riid = 2;
	f->header.trace = 0xabcdef;
	return f;
}

/* Reads what the program has sent; NULL: nothing. The caller frees it. */
FAKE struct frame *fake_read(int fd)
{
	struct frame *frame = frame_new();
	char byte;

	if (recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0) {
		frame_free(frame);
		return NULL;
	}
	ck_assert_int_eq(frame_receive(fd, frame, FRAME_FULL), NK_EOK);
	ck_assert_int_eq(frame_decode(frame), FRAME_OK);
	return frame;
}

/* The next frame is of KIND for CALL. */
FAKE void fake_expect(int fd, unsigned kind, uint32_t call)
{
	struct frame *frame = fake_read(fd);

	ck_assert_ptr_nonnull(frame);
	ck_assert_uint_eq(frame->header.kind, kind);
	ck_assert_uint_eq(frame->header.call, call);
	ck_assert_uint_eq(frame->header.sid, 0);
	frame_free(frame);
}

FAKE void fake_expect_nothing(int fd)
{
	ck_assert_ptr_null(fake_read(fd));
}

/* A socket pair: the program's end becomes a handle, the other is returned. */
FAKE int fake_end(uint32_t side, Handle *handle)
{
	int pair[2];
	struct end *end;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	end = end_new(pair[0], side);
	ck_assert_ptr_nonnull(end);
	*handle = end_handle(end);
	end_put(end);
	return pair[1];
}

FAKE unsigned fake_count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* ---- the client's side ---- */

struct fake_client {
	Handle handle;
	int kernel;
	NkKosTransport transport;
	struct nk_proxy proxy;
	char bytes[64], res_bytes[72];
	struct nk_arena arena, res_arena;
	struct ask_req req;
	struct ask_res res;
};

FAKE void fake_client(struct fake_client *c)
{
	memset(c, 0, sizeof(*c));
	c->kernel = fake_end(WIRE_RIGHT_CALL, &c->handle);
	NkKosTransport_Init(&c->transport, c->handle, NK_NULL, 0);
	c->proxy.transport = &c->transport.base;
	c->proxy.riid = 2;
	c->arena = (struct nk_arena)NK_ARENA_AUTO(c->bytes);
	c->res_arena = (struct nk_arena)NK_ARENA_AUTO(c->res_bytes);
}

FAKE nk_err_t fake_ask(struct fake_client *c)
{
	nk_req_reset(&c->req);
	nk_arena_reset(&c->arena);
	c->req.n = 5;
	ck_assert_int_eq(nk_arena_store(char, &c->arena, &c->req.text, "hi", 3),
			 NK_EOK);
	return nk_proxy_call(&c->proxy, &ask_method, &c->req.base_, &c->arena,
			     &c->res.base_, sizeof(c->res), &c->res_arena);
}

/* ---- running suites ---- */

FAKE int fake_run(const char *name, const TTest *const *tests, size_t n)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);
	SRunner *runner;
	int failed;

	for (size_t i = 0; i < n; i++)
		tcase_add_test(tcase, tests[i]);
	tcase_set_timeout(tcase, 20);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define FAKE_MAIN(name, ...) \
	int main(void) \
	{ \
		const TTest *tests[] = { __VA_ARGS__ }; \
		return fake_run(name, tests, \
				sizeof(tests) / sizeof(tests[0])); \
	}

#endif
