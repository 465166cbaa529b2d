/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A client's calls, one thread: what comes back, and what never hurts. */
#include "lib_fake.h"

START_TEST(answer_comes_back)
{
	struct fake_client c;
	struct frame *sent;
	nk_size_t n;

	fake_client(&c);
	fake_send(c.kernel, fake_ask_res(1));
	ck_assert_int_eq(fake_ask(&c), NK_EOK);
	ck_assert_uint_eq(c.res.m, 7);
	ck_assert_str_eq(nk_arena_get(char, &c.res_arena, &c.res.bytes, &n),
			 "abc");
	ck_assert_uint_eq(n, 3);
	ck_assert_ptr_eq(c.res.base_.part, &ask_method.res);
	ck_assert(!nk_msg_check_err(&c.res.base_));

	sent = fake_read(c.kernel);
	ck_assert_uint_eq(sent->header.version, WIRE_VERSION);
	ck_assert_uint_eq(sent->header.kind, WIRE_REQUEST);
	ck_assert_uint_eq(sent->header.call, 1);
	ck_assert_uint_eq(sent->header.sid, 0);
	ck_assert_uint_eq(sent->header.riid, 2);
	ck_assert_uint_eq(sent->header.mid, 0);
	ck_assert_uint_eq(sent->header.fixed_size, 16);
	ck_assert_uint_eq(sent->header.arena_size, 3);
	ck_assert_uint_eq(sent->header.n_handles, 0);
	ck_assert_uint_eq(sent->header.deadline_ms, WIRE_DEADLINE_CAP);
	ck_assert_uint_eq(sent->header.trace, 0);
	ck_assert_str_eq((char *)frame_arena(sent), "hi");
	frame_free(sent);
	fake_expect_nothing(c.kernel);
}
END_TEST

START_TEST(constant_request_is_not_written)
{
	static const struct ask_req req = { .base_ = { .call = 0 }, .n = 3 };
	struct fake_client c;

	fake_client(&c);
	fake_send(c.kernel, fake_ask_res(1));
	ck_assert_int_eq(nk_proxy_call(&c.proxy, &ask_method, &req.base_, NULL,
				       &c.res.base_, sizeof(c.res),
				       &c.res_arena), NK_EOK);
}
END_TEST

START_TEST(error_response_is_told_apart)
{
	const uint32_t code[2] = { 99, 0 };
	struct fake_client c;

	fake_client(&c);
	fake_send(c.kernel, fake_new(WIRE_ERROR, 1, code, 8, NULL, 0));
	ck_assert_int_eq(fake_ask(&c), NK_EOK);
	ck_assert(nk_msg_check_err(&c.res.base_));
	ck_assert_uint_eq(c.res.err_.code, 99);
	ck_assert_ptr_eq(c.res.base_.part, &ask_method.err);
}
END_TEST

START_TEST(each_status_is_its_own_result)
{
	struct fake_client c;

	fake_client(&c);
	for (unsigned status = 1; status < DK_N_STATUS; status++) {
		fake_status(c.kernel, status, status);
		ck_assert_int_eq((int)fake_ask(&c), (int)status);
		fake_expect(c.kernel, WIRE_REQUEST, status);
	}
}
END_TEST

START_TEST(status_that_is_none_is_a_failure)
{
	struct fake_client c;

	fake_client(&c);
	fake_status(c.kernel, 1, DK_OK);
	ck_assert_int_eq(fake_ask(&c), NK_EFAIL);
	fake_status(c.kernel, 2, DK_N_STATUS);
	ck_assert_int_eq(fake_ask(&c), NK_EFAIL);
	fake_status(c.kernel, 3, 0xffff);
	ck_assert_int_eq(fake_ask(&c), NK_EFAIL);
}
END_TEST

START_TEST(late_answers_are_dropped)
{
	struct fake_client c;

	fake_client(&c);
	fake_send(c.kernel, fake_ask_res(17));
	fake_status(c.kernel, 0, DK_TIMEOUT);
	fake_status(c.kernel, 0xffffffff, DK_TIMEOUT);
	fake_send(c.kernel, fake_ask_res(1));
	ck_assert_int_eq(fake_ask(&c), NK_EOK);
	/* Once answered, a call's number is as dead as any other. */
	fake_status(c.kernel, 1, DK_FAIL);
	fake_send(c.kernel, fake_ask_res(2));
	ck_assert_int_eq(fake_ask(&c), NK_EOK);
}
END_TEST

START_TEST(silence_ends_with_the_deadline_and_is_cancelled)
{
	struct fake_client c;
	int64_t before = frame_now_ms();
	struct frame *sent;

	fake_client(&c);
	NkKosTransport_SetTimeout(&c.transport, 30);
	ck_assert_int_eq(fake_ask(&c), NK_ETIMEDOUT);
	ck_assert_int_ge(frame_now_ms() - before, 30 + CALL_GRACE_MS);
	sent = fake_read(c.kernel);
	ck_assert_uint_eq(sent->header.deadline_ms, 30);
	frame_free(sent);
	fake_expect(c.kernel, WIRE_CANCEL, 1);
	/* Its late answer is nobody's. */
	fake_send(c.kernel, fake_ask_res(1));
	fake_status(c.kernel, 2, DK_BUSY);
	ck_assert_int_eq(fake_ask(&c), NK_EBUSY);
}
END_TEST

START_TEST(answer_within_the_deadline_is_no_timeout)
{
	struct fake_client c;

	fake_client(&c);
	NkKosTransport_SetTimeout(&c.transport, 0);
	fake_send(c.kernel, fake_ask_res(1));
	ck_assert_int_eq(fake_ask(&c), NK_EOK);
	fake_expect(c.kernel, WIRE_REQUEST, 1);
	fake_expect_nothing(c.kernel);
}
END_TEST

START_TEST(full_queue_ends_with_the_deadline)
{
	struct fake_client c;
	struct end *end;

	fake_client(&c);
	end = end_get(c.handle);
	while (send(end->fd, c.bytes, sizeof(c.bytes), MSG_DONTWAIT) > 0)
		;
	end_put(end);
	NkKosTransport_SetTimeout(&c.transport, 0);
	ck_assert_int_eq(fake_ask(&c), NK_ETIMEDOUT);
}
END_TEST

START_TEST(closed_channel_is_not_connected_now_and_later)
{
	struct fake_client c;

	fake_client(&c);
	close(c.kernel);
	ck_assert_int_eq(fake_ask(&c), NK_ENOTCONN);
	ck_assert_int_eq(fake_ask(&c), NK_ENOTCONN);
	NkKosTransport_SetTimeout(&c.transport, 5);
	ck_assert_int_eq(fake_ask(&c), NK_ENOTCONN);
	ck_assert_int_eq(KnHandleClose(c.handle), rcOk);
	ck_assert_int_eq(fake_ask(&c), NK_EINVAL);
}
END_TEST

START_TEST(answers_queued_before_the_end_still_count)
{
	struct fake_client c;

	fake_client(&c);
	fake_send(c.kernel, fake_ask_res(1));
	shutdown(c.kernel, SHUT_WR);
	ck_assert_int_eq(fake_ask(&c), NK_EOK);
	ck_assert_int_eq(fake_ask(&c), NK_ENOTCONN);
}
END_TEST

/* What the kernel would never send: the call fails, the channel goes on. */
enum spoil {
	FLAGS, ZERO, STATUS, KIND_REQUEST, KIND_HELLO, KIND_CANCEL, KIND_WILD,
	KIND_NONE, FIXED_LONG, FIXED_SHORT, ARENA_LONG, ARENA_HUGE, FIXED_HUGE,
	BOTH_HUGE, HANDLES, SIZE_LESS, SIZE_MORE, FIXED_OTHER, NO_BODY,
	CHUNK_OUTSIDE, CHUNK_LONG, SPOIL_N
};

static void spoil(struct fake_frame *f, size_t *size, enum spoil how)
{
	struct wire_header *h = &f->header;
	uint32_t *fixed = (uint32_t *)(void *)f->body;

	switch (how) {
	case FLAGS: h->flags = 0x8000; break;
	case ZERO: h->zero = 1; break;
	case STATUS: h->status = 1; break;
	case KIND_REQUEST: h->kind = WIRE_REQUEST; break;
	case KIND_HELLO: h->kind = WIRE_HELLO; break;
	case KIND_CANCEL: h->kind = WIRE_CANCEL; break;
	case KIND_WILD: h->kind = 0xff; break;
	case KIND_NONE: h->kind = 0; break;
	case FIXED_LONG: h->fixed_size++; break;
	case FIXED_SHORT: h->fixed_size--; break;
	case ARENA_LONG: h->arena_size++; break;
	case ARENA_HUGE: h->arena_size = UINT32_MAX; break;
	case FIXED_HUGE: h->fixed_size = UINT32_MAX - 47; break;
	case BOTH_HUGE: h->fixed_size = h->arena_size = 0x80000008; break;
	case HANDLES: h->n_handles = 1; break;
	case SIZE_LESS: (*size)--; break;
	case SIZE_MORE: (*size)++; break;
	case FIXED_OTHER:
		h->fixed_size = 8;
		h->arena_size += 8;
		break;
	case NO_BODY:
		h->fixed_size = h->arena_size = 0;
		*size = sizeof(*h);
		break;
	case CHUNK_OUTSIDE: fixed[1] = 1; break;
	case CHUNK_LONG: fixed[2] = UINT32_MAX; break;
	case SPOIL_N: break;
	}
}

START_TEST(malformed_answers_fail_their_call_only)
{
	struct fake_client c;
	uint32_t call = 0;

	fake_client(&c);
	for (int how = 0; how < SPOIL_N; how++) {
		struct fake_frame *f = fake_ask_res(++call);
		size_t size = sizeof(f->header) + 16 + 3;

		spoil(f, &size, (enum spoil)how);
		fake_send_size(c.kernel, f, size, NULL, 0);
		ck_assert_msg(fake_ask(&c) == NK_EBADMSG, "spoilt by %d", how);
		fake_send(c.kernel, fake_ask_res(++call));
		ck_assert_int_eq(fake_ask(&c), NK_EOK);
	}
}
END_TEST

START_TEST(longest_packet_is_read_and_one_longer_is_not)
{
	struct fake_client c;
	struct fake_frame *f = malloc(sizeof(*f) + 1);

	fake_client(&c);
	memset(f, 0, sizeof(*f) + 1);
	f->header = (struct wire_header) {
		.version = 1, .kind = WIRE_RESPONSE, .call = 1,
		.fixed_size = 16, .arena_size = WIRE_BODY_MAX - 16,
	};
	fake_send_size(c.kernel, f, sizeof(*f) + 1, NULL, 0);
	ck_assert_int_eq(fake_ask(&c), NK_EBADMSG);
	f = fake_new(WIRE_RESPONSE, 2, NULL, 0, NULL, 0);
	f->header.fixed_size = 16;
	f->header.arena_size = WIRE_BODY_MAX - 16;
	fake_send(c.kernel, f);
	/* More than the method's 64 bytes, so refused, but whole. */
	ck_assert_int_eq(fake_ask(&c), NK_EBADMSG);
	fake_send(c.kernel, fake_ask_res(3));
	ck_assert_int_eq(fake_ask(&c), NK_EOK);
}
END_TEST

START_TEST(another_wire_breaks_the_channel)
{
	for (int i = 0; i < 3; i++) {
		struct fake_client c;
		struct fake_frame *f;
		size_t size = sizeof(struct wire_header) + 19;

		fake_client(&c);
		f = fake_ask_res(1);
		if (i == 0)
			f->header.version = 2;
		else
			size = i == 1 ? 47 : 1;
		fake_send_size(c.kernel, f, size, NULL, 0);
		ck_assert_int_eq(fake_ask(&c), NK_EBADMSG);
		fake_send(c.kernel, fake_ask_res(2));
		ck_assert_int_eq(fake_ask(&c), NK_EBADMSG);
	}
}
END_TEST

START_TEST(error_response_of_a_method_without_one_is_malformed)
{
	struct fake_client c;
	struct give_req req;
	struct give_res res;

	fake_client(&c);
	nk_req_reset(&req);
	req.a.handle = req.b.handle = INVALID_HANDLE;
	fake_send(c.kernel, fake_new(WIRE_ERROR, 1, NULL, 0, NULL, 0));
	ck_assert_int_eq(nk_proxy_call(&c.proxy, &give_method, &req.base_, NULL,
				       &res.base_, sizeof(res), NULL),
			 NK_EBADMSG);
}
END_TEST

START_TEST(answer_larger_than_its_room_is_no_memory)
{
	struct fake_client c;
	struct nk_arena none = { c.res_bytes, c.res_bytes, c.res_bytes + 2 };
	struct { struct ask_res res; char guard[8]; } small;
	nk_err_t err;

	fake_client(&c);
	nk_req_reset(&c.req);
	fake_send(c.kernel, fake_ask_res(1));
	err = nk_proxy_call(&c.proxy, &ask_method, &c.req.base_, NULL,
			    &c.res.base_, sizeof(c.res), &none);
	ck_assert_int_eq(err, NK_ENOMEM);
	fake_send(c.kernel, fake_ask_res(2));
	err = nk_proxy_call(&c.proxy, &ask_method, &c.req.base_, NULL,
			    &c.res.base_, sizeof(c.res), NULL);
	ck_assert_int_eq(err, NK_ENOMEM);
	memset(&small, 'g', sizeof(small));
	fake_send(c.kernel, fake_ask_res(3));
	err = nk_proxy_call(&c.proxy, &ask_method, &c.req.base_, NULL,
			    &small.res.base_, sizeof(struct nk_message) + 8,
			    &c.res_arena);
	ck_assert_int_eq(err, NK_ENOMEM);
	ck_assert_mem_eq((char *)&small + 32, "gggggggg", 8);
}
END_TEST

START_TEST(request_longer_than_a_frame_is_not_sent)
{
	static _Alignas(8) char big[WIRE_BODY_MAX + 8];
	struct fake_client c;
	struct nk_arena arena = { big, big + WIRE_BODY_MAX, big + sizeof(big) };

	fake_client(&c);
	nk_req_reset(&c.req);
	ck_assert_int_eq(nk_proxy_call(&c.proxy, &ask_method, &c.req.base_,
				       &arena, &c.res.base_, sizeof(c.res),
				       &c.res_arena), NK_ENOMEM);
	arena.start++;
	arena.current = arena.start + 8;
	ck_assert_int_eq(nk_proxy_call(&c.proxy, &ask_method, &c.req.base_,
				       &arena, &c.res.base_, sizeof(c.res),
				       &c.res_arena), NK_EINVAL);
	fake_expect_nothing(c.kernel);
}
END_TEST

/* Whether it is copied into the frame or not, and with a deadline or without. */
START_TEST(request_of_any_size_arrives_whole)
{
	static _Alignas(8) char big[60000];
	const uint32_t sizes[] = { 8, 4095, 4096, 4097, sizeof(big) };
	struct fake_client c;
	uint32_t call = 0;

	fake_client(&c);
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 7 + i / 251);
	for (size_t i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint32_t size = sizes[i / 2];
		struct nk_arena arena = { big, big + size, big + sizeof(big) };
		struct frame *sent;

		NkKosTransport_SetTimeout(&c.transport, i % 2 ? 5000 :
					  WIRE_DEADLINE_CAP);
		nk_req_reset(&c.req);
		c.req.n = i;
		fake_send(c.kernel, fake_ask_res(++call));
		ck_assert_int_eq(nk_proxy_call(&c.proxy, &ask_method,
					       &c.req.base_, &arena,
					       &c.res.base_, sizeof(c.res),
					       &c.res_arena), NK_EOK);
		sent = fake_read(c.kernel);
		ck_assert_uint_eq(sent->header.arena_size, size);
		ck_assert_uint_eq(sent->size, sizeof(sent->header) + 16 + size);
		ck_assert_mem_eq(frame_fixed(sent), &c.req.n, 4);
		ck_assert_mem_eq(frame_arena(sent), big, size);
		frame_free(sent);
	}
}
END_TEST

START_TEST(large_request_into_a_closed_channel_is_not_connected)
{
	static _Alignas(8) char big[8192];
	struct nk_arena arena = { big, big + sizeof(big), big + sizeof(big) };
	struct fake_client c;

	fake_client(&c);
	close(c.kernel);
	nk_req_reset(&c.req);
	ck_assert_int_eq(nk_proxy_call(&c.proxy, &ask_method, &c.req.base_,
				       &arena, &c.res.base_, sizeof(c.res),
				       &c.res_arena), NK_ENOTCONN);
	c.kernel = -1;
}
END_TEST

START_TEST(unknown_endpoint_is_not_asked)
{
	struct fake_client c;

	fake_client(&c);
	c.proxy.riid = INVALID_RIID;
	ck_assert_int_eq(fake_ask(&c), NK_ENOENT);
	fake_expect_nothing(c.kernel);
}
END_TEST

START_TEST(listener_cannot_call_and_client_cannot_serve)
{
	struct fake_client c;

	fake_client(&c);
	nk_req_reset(&c.req);
	ck_assert_int_eq(nk_transport_recv(&c.transport.base, &c.req.base_,
					   NULL), NK_EINVAL);
	c.req.base_.call = 1;
	ck_assert_int_eq(nk_transport_reply(&c.transport.base, &c.req.base_,
					    NULL), NK_EINVAL);
	close(c.kernel);
	c.kernel = fake_end(WIRE_RIGHT_LISTEN, &c.handle);
	NkKosTransport_Init(&c.transport, c.handle, NK_NULL, 0);
	ck_assert_int_eq(fake_ask(&c), NK_EINVAL);
	fake_expect_nothing(c.kernel);
}
END_TEST

START_TEST(calls_without_generated_code_go_by_size)
{
	struct fake_client c;

	fake_client(&c);
	nk_req_reset(&c.req);
	nk_req_reset(&c.res);
	c.req.base_.riid = 9;
	c.req.base_.mid = 8;
	fake_send(c.kernel, fake_ask_res(1));
	ck_assert_int_eq(nk_transport_call(&c.transport.base, &c.req.base_,
					   NULL, &c.res.base_, &c.res_arena),
			 NK_EOK);
	ck_assert_uint_eq(c.res.m, 7);
	fake_expect(c.kernel, WIRE_REQUEST, 1);
	c.req.base_.size = 23;
	ck_assert_int_eq(nk_transport_call(&c.transport.base, &c.req.base_,
					   NULL, &c.res.base_, &c.res_arena),
			 NK_EINVAL);
	fake_expect_nothing(c.kernel);
}
END_TEST

FAKE_MAIN("lib_call", answer_comes_back, constant_request_is_not_written,
	  error_response_is_told_apart, each_status_is_its_own_result,
	  status_that_is_none_is_a_failure, late_answers_are_dropped,
	  silence_ends_with_the_deadline_and_is_cancelled,
	  answer_within_the_deadline_is_no_timeout,
	  full_queue_ends_with_the_deadline,
	  closed_channel_is_not_connected_now_and_later,
	  answers_queued_before_the_end_still_count,
	  malformed_answers_fail_their_call_only,
	  longest_packet_is_read_and_one_longer_is_not,
	  another_wire_breaks_the_channel,
	  error_response_of_a_method_without_one_is_malformed,
	  answer_larger_than_its_room_is_no_memory,
	  request_longer_than_a_frame_is_not_sent,
	  request_of_any_size_arrives_whole,
	  large_request_into_a_closed_channel_is_not_connected, unknown_endpoint_is_not_asked,
	  listener_cannot_call_and_client_cannot_serve,
	  calls_without_generated_code_go_by_size)
