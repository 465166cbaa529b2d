/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Questions to the security module: what is sent, and what the verdict is. */
#include "lib_fake.h"

#include <dk/security.h>

struct may_req { struct nk_message base_; nk_uint32_t n; nk_uint32_t pad; };
struct may_res { struct nk_message base_; };

static const struct layout_field may_fields[] = { { 0, 0, 0 } };
static const struct layout_type may_types[] = {
	{ LAYOUT_SCALAR, SCALAR_UINT32, 4, 0, 4, 0, 0 },
	{ LAYOUT_STRUCT, 0, 4, 0, 8, 0, 1 },
	{ LAYOUT_STRUCT, 0, 1, 0, 0, 0, 0 },
};
static const struct layout may_layout = { may_types, may_fields, 3, 1 };
static const struct nk_method may_method = {
	3, { &may_layout, 1, 8, 0, 0, NULL }, { &may_layout, 2, 0, 0, 0, NULL },
	{ 0 },
};

static NkKosTransport transport;
static int kernel;

static void set_up(void)
{
	struct { struct wire_hello hello; char strings[8]; } said = {
		.hello = { .abi = 1, .sid = 7, .task = 1, .class_name = 1,
			   .strings = 8 },
		.strings = "\0task",
	};
	int pair[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	hello_kernel_fd = pair[0];
	kernel = pair[1];
	fake_send(kernel, fake_new(WIRE_HELLO, 0, &said, sizeof(said), NULL, 0));
	ck_assert_int_eq(dk_security_init(&transport), rcOk);
}

static nk_err_t ask(nk_iid_t riid)
{
	struct nk_proxy proxy = { &transport.base, riid };
	struct may_req req = { .n = 9 };
	struct may_res res;

	return nk_proxy_call(&proxy, &may_method, &req.base_, NULL, &res.base_,
			     sizeof(res), NULL);
}

static void expect_question(uint32_t call)
{
	struct frame *sent = fake_read(kernel);

	ck_assert_uint_eq(sent->header.kind, WIRE_REQUEST);
	ck_assert_uint_eq(sent->header.call, call);
	ck_assert_uint_eq(sent->header.riid, WIRE_SECURITY_RIID);
	ck_assert_uint_eq(sent->header.mid, 3);
	ck_assert_uint_eq(sent->header.fixed_size, 8);
	ck_assert_uint_eq(*(uint32_t *)frame_fixed(sent), 9);
	frame_free(sent);
}

START_TEST(empty_answer_is_a_grant)
{
	set_up();
	fake_send(kernel, fake_new(WIRE_RESPONSE, 1, NULL, 0, NULL, 0));
	ck_assert_int_eq(ask(DK_SECURITY_RIID), NK_EOK);
	expect_question(1);
	fake_expect_nothing(kernel);
}
END_TEST

START_TEST(refusals_are_told_apart)
{
	set_up();
	fake_status(kernel, 1, DK_SECURITY_DISALLOW);
	ck_assert_int_eq(ask(DK_SECURITY_RIID), NK_EPERM);
	fake_status(kernel, 2, DK_INVALID_ARGUMENT);
	ck_assert_int_eq(ask(DK_SECURITY_RIID), NK_EINVAL);
	fake_status(kernel, 3, DK_NOT_FOUND);
	ck_assert_int_eq(ask(DK_SECURITY_RIID), NK_ENOENT);
}
END_TEST

START_TEST(answer_with_a_body_is_no_grant)
{
	uint64_t word = 0;

	set_up();
	fake_send(kernel, fake_new(WIRE_RESPONSE, 1, &word, 8, NULL, 0));
	ck_assert_int_eq(ask(DK_SECURITY_RIID), NK_EBADMSG);
	fake_send(kernel, fake_new(WIRE_ERROR, 2, NULL, 0, NULL, 0));
	ck_assert_int_eq(ask(DK_SECURITY_RIID), NK_EBADMSG);
}
END_TEST

START_TEST(question_goes_to_no_endpoint_whatever_the_riid)
{
	set_up();
	fake_send(kernel, fake_new(WIRE_RESPONSE, 1, NULL, 0, NULL, 0));
	ck_assert_int_eq(ask(5), NK_EOK);
	expect_question(1);
}
END_TEST

START_TEST(transport_for_questions_cannot_serve)
{
	struct may_req req;
	struct may_res res = { { 0 } };

	set_up();
	nk_req_reset(&req);
	ck_assert_int_eq(nk_transport_recv(&transport.base, &req.base_, NULL),
			 NK_EINVAL);
	ck_assert_int_eq(nk_transport_reply(&transport.base, &res.base_, NULL),
			 NK_EINVAL);
	fake_expect_nothing(kernel);
}
END_TEST

START_TEST(without_a_hello_nothing_is_granted)
{
	hello_kernel_fd = fcntl(2, F_DUPFD, 500);
	close(hello_kernel_fd);
	ck_assert_int_eq(dk_security_init(&transport), rcNotConnected);
	ck_assert_int_eq(ask(DK_SECURITY_RIID), NK_EINVAL);
}
END_TEST

FAKE_MAIN("lib_security", empty_answer_is_a_grant, refusals_are_told_apart,
	  answer_with_a_body_is_no_grant,
	  question_goes_to_no_endpoint_whatever_the_riid,
	  transport_for_questions_cannot_serve,
	  without_a_hello_nothing_is_granted)
