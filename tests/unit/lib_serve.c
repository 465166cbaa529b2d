/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A server's listener: requests, answers, who comes and goes. */
#include "lib_fake.h"

#include <stdio.h>

#include <dk/server.h>

struct server {
	Handle listener;
	int kernel;
	NkKosTransport transport;
	struct ask_req req;
	struct ask_res res;
	char bytes[32], res_bytes[80];
	struct nk_arena arena, res_arena;
};

static void open_server(struct server *s)
{
	memset(s, 0, sizeof(*s));
	s->kernel = fake_end(WIRE_RIGHT_LISTEN, &s->listener);
	NkKosTransport_Init(&s->transport, s->listener, NK_NULL, 0);
	s->arena = (struct nk_arena)NK_ARENA_AUTO(s->bytes);
	s->res_arena = (struct nk_arena)NK_ARENA_AUTO(s->res_bytes);
	nk_req_reset(&s->req);
}

static nk_err_t receive(struct server *s)
{
	nk_arena_reset(&s->arena);
	nk_arena_reset(&s->res_arena);
	return nk_transport_recv(&s->transport.base, &s->req.base_, &s->arena);
}

static nk_err_t begin(struct server *s)
{
	return nk_dispatch_begin(&ask_method, &s->req.base_, &s->arena,
				 &s->res.base_, sizeof(s->res));
}

static nk_err_t end_with(struct server *s, nk_err_t result)
{
	return nk_dispatch_end(&ask_method, result, &s->res.base_,
			       &s->res_arena);
}

static nk_err_t reply(struct server *s)
{
	return nk_transport_reply(&s->transport.base, &s->res.base_,
				  &s->res_arena);
}

START_TEST(request_is_received_and_answered)
{
	struct server s;
	struct frame *sent;
	nk_size_t n;

	open_server(&s);
	fake_send(s.kernel, fake_ask_req(77));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_uint_eq(s.req.base_.call, 77);
	ck_assert_uint_eq(s.req.base_.riid, 2);
	ck_assert_uint_eq(s.req.base_.mid, 0);
	ck_assert_uint_eq(dk_sender_sid(&s.req.base_), 42);
	ck_assert_uint_eq(dk_sender_listener(&s.req.base_), s.listener);
	ck_assert_int_eq(begin(&s), NK_EOK);
	ck_assert_uint_eq(s.req.n, 5);
	ck_assert_str_eq(nk_arena_get(char, &s.arena, &s.req.text, &n), "hi");
	s.res.m = 6;
	ck_assert_int_eq(nk_arena_store(char, &s.res_arena, &s.res.bytes, "abc",
					3), NK_EOK);
	ck_assert_int_eq(end_with(&s, NK_EOK), NK_EOK);
	ck_assert_int_eq(reply(&s), NK_EOK);
	ck_assert_uint_eq(dk_sender_sid(&s.req.base_), 0);

	sent = fake_read(s.kernel);
	ck_assert_uint_eq(sent->header.kind, WIRE_RESPONSE);
	ck_assert_uint_eq(sent->header.call, 77);
	ck_assert_uint_eq(sent->header.riid, 2);
	ck_assert_uint_eq(sent->header.sid, 0);
	ck_assert_uint_eq(sent->header.trace, 0xabcdef);
	ck_assert_uint_eq(sent->header.fixed_size, 16);
	ck_assert_uint_eq(sent->header.arena_size, 3);
	frame_free(sent);
}
END_TEST

START_TEST(trace_goes_into_requests_made_while_serving)
{
	struct server s;
	struct fake_client c;
	struct frame *sent;

	open_server(&s);
	fake_client(&c);
	fake_send(s.kernel, fake_ask_req(1));
	ck_assert_int_eq(receive(&s), NK_EOK);
	fake_send(c.kernel, fake_ask_res(1));
	ck_assert_int_eq(fake_ask(&c), NK_EOK);
	sent = fake_read(c.kernel);
	ck_assert_uint_eq(sent->header.trace, 0xabcdef);
	frame_free(sent);
	ck_assert_int_eq(begin(&s), NK_EOK);
	ck_assert_int_eq(end_with(&s, NK_EOK), NK_EOK);
	ck_assert_int_eq(reply(&s), NK_EOK);
	/* Served: what is asked now is nobody's doing. */
	fake_send(c.kernel, fake_ask_res(2));
	ck_assert_int_eq(fake_ask(&c), NK_EOK);
	sent = fake_read(c.kernel);
	ck_assert_uint_eq(sent->header.trace, 0);
	frame_free(sent);
}
END_TEST

START_TEST(error_response_carries_the_error_parameters)
{
	struct server s;
	struct frame *sent;

	open_server(&s);
	fake_send(s.kernel, fake_ask_req(3));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_int_eq(begin(&s), NK_EOK);
	nk_err_reset(&s.res);
	s.res.err_.code = 11;
	ck_assert_int_eq(end_with(&s, NK_EOK), NK_EOK);
	ck_assert_int_eq(reply(&s), NK_EOK);
	sent = fake_read(s.kernel);
	ck_assert_uint_eq(sent->header.kind, WIRE_ERROR);
	ck_assert_uint_eq(sent->header.call, 3);
	ck_assert_uint_eq(sent->header.fixed_size, 8);
	ck_assert_uint_eq(frame_fixed(sent)[0], 11);
	frame_free(sent);
}
END_TEST

START_TEST(error_response_of_a_method_without_one_is_cancelled)
{
	struct server s;
	struct give_res res;

	open_server(&s);
	nk_req_reset(&res);
	res.base_.call = 4;
	nk_err_reset(&res);
	ck_assert_int_eq(nk_dispatch_end(&give_method, NK_EOK, &res.base_,
					 NULL), NK_EINVAL);
	ck_assert_int_eq(nk_transport_reply(&s.transport.base, &res.base_,
					    NULL), NK_EOK);
	fake_expect(s.kernel, WIRE_CANCEL, 4);
}
END_TEST

START_TEST(failed_method_cancels_its_call)
{
	struct server s;
	struct frame *sent;

	open_server(&s);
	fake_send(s.kernel, fake_ask_req(5));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_int_eq(begin(&s), NK_EOK);
	ck_assert_int_eq(end_with(&s, NK_EBUSY), NK_EBUSY);
	ck_assert_int_eq(reply(&s), NK_EOK);
	sent = fake_read(s.kernel);
	ck_assert_uint_eq(sent->header.kind, WIRE_CANCEL);
	ck_assert_uint_eq(sent->header.call, 5);
	ck_assert_uint_eq(sent->header.trace, 0xabcdef);
	ck_assert_uint_eq(sent->size, sizeof(struct wire_header));
	frame_free(sent);
}
END_TEST

START_TEST(unknown_method_cancels_its_call)
{
	struct server s;

	open_server(&s);
	fake_send(s.kernel, fake_ask_req(6));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_int_eq(nk_dispatch_unknown(&s.req.base_, &s.res.base_),
			 NK_ENOENT);
	ck_assert_int_eq(reply(&s), NK_EOK);
	fake_expect(s.kernel, WIRE_CANCEL, 6);
}
END_TEST

START_TEST(what_the_method_wrote_is_checked)
{
	struct server s;

	open_server(&s);
	for (int i = 0; i < 4; i++) {
		fake_send(s.kernel, fake_ask_req(7));
		ck_assert_int_eq(receive(&s), NK_EOK);
		ck_assert_int_eq(begin(&s), NK_EOK);
		if (i == 0)
			s.res.bytes = (nk_ptr_t){ 0, 1 };
		if (i == 1)
			s.res.bytes = (nk_ptr_t){ UINT32_MAX, 8 };
		if (i == 2)
			ck_assert_ptr_nonnull(nk_arena_alloc(
				char, &s.res_arena, &s.res.bytes, 65));
		if (i == 3) {
			nk_err_reset(&s.res);
			ck_assert_ptr_nonnull(nk_arena_alloc(
				char, &s.res_arena, &s.res.bytes, 4));
		}
		ck_assert_msg(end_with(&s, NK_EOK) == NK_EINVAL, "row %d", i);
		ck_assert_int_eq(reply(&s), NK_EOK);
		fake_expect(s.kernel, WIRE_CANCEL, 7);
	}
}
END_TEST

START_TEST(request_that_does_not_decode_is_cancelled)
{
	struct server s;

	open_server(&s);
	for (int i = 0; i < 7; i++) {
		struct fake_frame *f = fake_ask_req(8);
		uint32_t *fixed = (uint32_t *)(void *)f->body;

		if (i == 0)
			fixed[1] = 4;
		if (i == 1)
			fixed[2] = 4;
		if (i == 2)
			f->body[16] = '\0';
		if (i == 3)
			f->body[18] = 'x';
		if (i == 4)
			f->body[16] = 0xff;
		if (i == 5)
			f->header.arena_size = 32;
		if (i == 6) {		/* only the arena: not the one before's */
			f->header.fixed_size = 0;
			memcpy(f->body, "hi", 3);
		}
		fake_send(s.kernel, f);
		ck_assert_int_eq(receive(&s), NK_EOK);
		ck_assert_msg(begin(&s) == NK_EBADMSG, "row %d", i);
		ck_assert_int_eq(reply(&s), NK_EOK);
		fake_expect(s.kernel, WIRE_CANCEL, 8);
	}
}
END_TEST

START_TEST(request_too_large_for_the_buffer_is_cancelled_and_passed_over)
{
	struct server s;
	struct { struct nk_message base_; char guard[8]; } small;

	open_server(&s);
	if (!freopen("/dev/null", "w", stderr))
		ck_abort();
	s.arena.end = s.arena.start + 2;
	fake_send(s.kernel, fake_ask_req(9));
	fake_status(s.kernel, 1, DK_FAIL);
	close(dup(s.kernel));
	shutdown(s.kernel, SHUT_WR);
	ck_assert_int_eq(receive(&s), NK_ENOTCONN);
	ck_assert_uint_eq(s.req.base_.call, 0);
	fake_expect(s.kernel, WIRE_CANCEL, 9);

	open_server(&s);
	memset(&small, 'g', sizeof(small));
	small.base_.size = sizeof(small.base_);
	fake_send(s.kernel, fake_ask_req(10));
	shutdown(s.kernel, SHUT_WR);
	ck_assert_int_eq(nk_transport_recv(&s.transport.base, &small.base_,
					   &s.arena), NK_ENOTCONN);
	ck_assert_mem_eq(small.guard, "gggggggg", 8);
	fake_expect(s.kernel, WIRE_CANCEL, 10);
}
END_TEST

START_TEST(malformed_frames_are_passed_over)
{
	struct server s;
	struct fake_frame *f;

	open_server(&s);
	for (int i = 0; i < 8; i++) {
		f = fake_ask_req(100 + (uint32_t)i);
		if (i == 0)
			f->header.flags = 1;
		if (i == 1)
			f->header.status = 1;
		if (i == 2)
			f->header.zero = 1;
		if (i == 3)
			f->header.n_handles = 2;
		if (i == 4)
			f->header.kind = 0;
		if (i == 5)
			f->header.kind = 200;
		if (i == 6)
			f->header.kind = WIRE_RESPONSE;
		if (i == 7)
			f->header.call = 0;
		fake_send(s.kernel, f);
	}
	f = fake_ask_req(120);
	fake_send_size(s.kernel, f, sizeof(f->header) + 10, NULL, 0);
	fake_send(s.kernel, fake_ask_req(121));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_uint_eq(s.req.base_.call, 121);
	/* Those whose number could be read are not left waiting. */
	fake_expect(s.kernel, WIRE_CANCEL, 100);
	fake_expect(s.kernel, WIRE_CANCEL, 101);
	fake_expect(s.kernel, WIRE_CANCEL, 102);
	fake_expect(s.kernel, WIRE_CANCEL, 103);
	fake_expect(s.kernel, WIRE_CANCEL, 120);
	fake_expect_nothing(s.kernel);
}
END_TEST

START_TEST(another_wire_ends_the_receive)
{
	struct server s;
	struct fake_frame *f = fake_ask_req(1);

	open_server(&s);
	f->header.version = 9;
	fake_send(s.kernel, f);
	ck_assert_int_eq(receive(&s), NK_EBADMSG);
	ck_assert_uint_eq(s.req.base_.call, 0);
}
END_TEST

START_TEST(nothing_received_is_nothing_answered)
{
	struct server s;

	open_server(&s);
	shutdown(s.kernel, SHUT_WR);
	ck_assert_int_eq(receive(&s), NK_ENOTCONN);
	ck_assert_int_eq(begin(&s), NK_EBADMSG);
	ck_assert_int_eq(reply(&s), NK_EINVAL);
	fake_expect_nothing(s.kernel);
	nk_req_reset(&s.req);
	KnHandleClose(s.listener);
	ck_assert_int_eq(receive(&s), NK_EINVAL);
}
END_TEST

START_TEST(an_answer_is_good_once)
{
	struct server s;

	open_server(&s);
	fake_send(s.kernel, fake_ask_req(1));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_int_eq(begin(&s), NK_EOK);
	ck_assert_int_eq(end_with(&s, NK_EOK), NK_EOK);
	ck_assert_int_eq(reply(&s), NK_EOK);
	ck_assert_int_eq(reply(&s), NK_EINVAL);
	fake_expect(s.kernel, WIRE_RESPONSE, 1);
	fake_expect_nothing(s.kernel);
}
END_TEST

START_TEST(answer_into_a_closed_channel_is_not_connected)
{
	struct server s;

	open_server(&s);
	fake_send(s.kernel, fake_ask_req(1));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_int_eq(begin(&s), NK_EOK);
	ck_assert_int_eq(end_with(&s, NK_EOK), NK_EOK);
	close(s.kernel);
	ck_assert_int_eq(reply(&s), NK_ENOTCONN);
}
END_TEST

START_TEST(refused_answers_are_remembered_not_returned)
{
	struct server s;
	struct dk_refusal refusal;

	open_server(&s);
	ck_assert_int_eq(dk_server_refused(s.listener, &refusal), rcOk);
	ck_assert_uint_eq(refusal.count, 0);
	ck_assert_int_eq(refusal.status, NK_EOK);
	fake_status(s.kernel, 5, DK_SECURITY_DISALLOW);
	fake_status(s.kernel, 6, DK_INVALID_ARGUMENT);
	fake_send(s.kernel, fake_ask_req(7));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_uint_eq(s.req.base_.call, 7);
	ck_assert_int_eq(dk_server_refused(s.listener, &refusal), rcOk);
	ck_assert_uint_eq(refusal.count, 2);
	ck_assert_uint_eq(refusal.call, 6);
	ck_assert_int_eq(refusal.status, NK_EINVAL);
	ck_assert_int_eq(dk_server_refused(s.listener + 0x10000, &refusal),
			 rcInvalidArgument);
}
END_TEST

/* ---- clients ---- */

struct told {
	struct wire_hello hello;
	struct wire_endpoint endpoint;
	char strings[32];
};

/* Process SID, "task" of "Class", with endpoint "c.e" of "x.I", RIID 3. */
static void send_opened(int fd, uint32_t sid)
{
	struct told t = {
		.hello = { .abi = 1, .sid = sid, .task = 1, .class_name = 6,
			   .n_endpoints = 1, .strings = 32 },
		.endpoint = { 12, 16, 3, WIRE_NONE },
		.strings = "\0task\0Class\0c.e\0x.I",
	};

	fake_send(fd, fake_new(WIRE_OPENED, 0, &t, sizeof(t), NULL, 0));
}

static void send_closed(int fd, uint32_t sid)
{
	struct fake_frame *f = fake_new(WIRE_CLOSED, 0, NULL, 0, NULL, 0);

	f->header.sid = sid;
	fake_send(fd, f);
}

static unsigned n_opened, n_closed;
static nk_sid_t last_sid;

static void opened(void *context, const struct dk_peer *peer)
{
	ck_assert_ptr_eq(context, &n_opened);
	ck_assert_str_eq(dk_peer_task(peer), "task");
	ck_assert_str_eq(dk_peer_class(peer), "Class");
	last_sid = dk_peer_sid(peer);
	n_opened++;
}

static void closed(void *context, nk_sid_t sid)
{
	ck_assert_ptr_eq(context, &n_opened);
	last_sid = sid;
	n_closed++;
}

static const struct dk_server_events events = { &n_opened, opened, closed };

START_TEST(clients_come_and_go)
{
	struct server s;
	const struct dk_peer *peer;
	nk_iid_t riid = 99;

	open_server(&s);
	ck_assert_int_eq(dk_server_watch(s.listener, &events), rcOk);
	send_opened(s.kernel, 42);
	send_opened(s.kernel, 42);
	fake_send(s.kernel, fake_ask_req(1));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_uint_eq(n_opened, 1);
	peer = dk_server_peer(s.listener, dk_sender_sid(&s.req.base_));
	ck_assert_ptr_nonnull(peer);
	ck_assert(dk_peer_has_endpoint(peer, "c.e", "x.I", &riid));
	ck_assert_uint_eq(riid, 3);
	ck_assert(!dk_peer_has_endpoint(peer, "c.e", "x.J", NULL));
	ck_assert(!dk_peer_has_endpoint(peer, "c.f", "x.I", NULL));
	ck_assert(!dk_peer_has_endpoint(peer, NULL, "x.I", NULL));
	ck_assert(!dk_peer_has_endpoint(peer, "c.e", NULL, NULL));
	ck_assert_ptr_null(dk_server_peer(s.listener, 43));
	/* One of its two ends is gone, then the other. */
	send_closed(s.kernel, 43);
	send_closed(s.kernel, 42);
	fake_send(s.kernel, fake_ask_req(2));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_uint_eq(n_closed, 0);
	ck_assert_ptr_eq(dk_server_peer(s.listener, 42), peer);
	send_closed(s.kernel, 42);
	send_closed(s.kernel, 42);
	fake_send(s.kernel, fake_ask_req(2));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_uint_eq(n_closed, 1);
	ck_assert_uint_eq(last_sid, 42);
	ck_assert_ptr_null(dk_server_peer(s.listener, 42));
}
END_TEST

START_TEST(who_watches_late_is_told_of_those_there)
{
	struct server s;

	open_server(&s);
	send_opened(s.kernel, 5);
	send_opened(s.kernel, 6);
	fake_send(s.kernel, fake_ask_req(1));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_int_eq(dk_server_watch(s.listener, &events), rcOk);
	ck_assert_uint_eq(n_opened, 2);
	ck_assert_int_eq(dk_server_watch(s.listener, NULL), rcOk);
	send_closed(s.kernel, 5);
	fake_send(s.kernel, fake_ask_req(2));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_uint_eq(n_closed, 0);
	ck_assert_int_eq(KnHandleClose(s.listener), rcOk);
	ck_assert_int_eq(dk_server_watch(s.listener, &events),
			 rcInvalidArgument);
	ck_assert_ptr_null(dk_server_peer(s.listener, 6));
}
END_TEST

START_TEST(nobody_else_is_the_sender)
{
	struct server s;
	struct nk_message other = { .call = 8 };

	open_server(&s);
	ck_assert_uint_eq(dk_sender_sid(&other), 0);
	fake_send(s.kernel, fake_ask_req(7));
	ck_assert_int_eq(receive(&s), NK_EOK);
	ck_assert_uint_eq(dk_sender_sid(&other), 0);
	ck_assert_uint_eq(dk_sender_listener(&other), INVALID_HANDLE);
	other.call = 0;
	ck_assert_uint_eq(dk_sender_sid(&other), 0);
}
END_TEST

FAKE_MAIN("lib_serve", request_is_received_and_answered,
	  trace_goes_into_requests_made_while_serving,
	  error_response_carries_the_error_parameters,
	  error_response_of_a_method_without_one_is_cancelled,
	  failed_method_cancels_its_call, unknown_method_cancels_its_call,
	  what_the_method_wrote_is_checked,
	  request_that_does_not_decode_is_cancelled,
	  request_too_large_for_the_buffer_is_cancelled_and_passed_over,
	  malformed_frames_are_passed_over, another_wire_ends_the_receive,
	  nothing_received_is_nothing_answered, an_answer_is_good_once,
	  answer_into_a_closed_channel_is_not_connected,
	  refused_answers_are_remembered_not_returned, clients_come_and_go,
	  who_watches_late_is_told_of_those_there, nobody_else_is_the_sender)
