/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Handles: numbers that die, and descriptors that ride along or are closed. */
#include "lib_fake.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include "../../apps/lib/part.h"

static nk_err_t give(struct fake_client *c, Handle a, Handle b,
		     struct give_res *res)
{
	struct give_req req;

	nk_req_reset(&req);
	req.a = nk_handle_desc(a, 0);
	req.x = 5;
	req.b = nk_handle_desc(b, 0);
	return nk_proxy_call(&c->proxy, &give_method, &req.base_, NULL,
			     &res->base_, sizeof(*res), NULL);
}

/* An answer to Give whose handle place holds INDEX. */
static struct fake_frame *give_res(uint32_t call, uint32_t index,
				   unsigned n_handles)
{
	const uint32_t fixed[6] = { 5, 0, index, WIRE_RIGHT_CALL, 0, 0 };
	struct fake_frame *f = fake_new(WIRE_RESPONSE, call, fixed, 24, NULL, 0);

	f->header.n_handles = (uint16_t)n_handles;
	return f;
}

static void send_fds(int fd, struct fake_frame *f, unsigned n_fds)
{
	int fds[100];

	for (unsigned i = 0; i < n_fds; i++)
		fds[i] = open("/dev/null", O_RDONLY);
	fake_send_size(fd, f, sizeof(f->header) + f->header.fixed_size +
		       f->header.arena_size, fds, n_fds);
	end_drop(fds, n_fds);
}

static bool same_file(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_ino == y.st_ino &&
	       x.st_dev == y.st_dev;
}

START_TEST(closed_handle_never_finds_the_next_channel)
{
	Handle first, second;
	int kernel = fake_end(WIRE_RIGHT_CALL, &first), other;
	struct fake_client c;

	ck_assert_int_eq(KnHandleClose(first), rcOk);
	close(kernel);
	other = fake_end(WIRE_RIGHT_CALL, &second);
	ck_assert_uint_eq(first & 0xffff, second & 0xffff);
	ck_assert_uint_ne(first, second);
	ck_assert_int_eq(KnHandleClose(first), rcInvalidArgument);
	fake_client(&c);
	NkKosTransport_Init(&c.transport, first, NK_NULL, 0);
	ck_assert_int_eq(fake_ask(&c), NK_EINVAL);
	fake_expect_nothing(other);
	ck_assert_int_eq(KnHandleClose(second), rcOk);
}
END_TEST

START_TEST(numbers_that_are_no_handles_are_refused)
{
	static const Handle bad[] = {
		0, 1, 2, 3, 4, INVALID_HANDLE, 0x0001ffff, 0xffff0000, 0x7fff0004,
		0x00010fff, 0x00011000,
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(KnHandleClose(bad[i]), rcInvalidArgument);
}
END_TEST

START_TEST(generations_never_make_invalid_handle)
{
	Handle handle;

	for (unsigned i = 0; i < 70000; i++) {
		int fd = dup(2);
		struct end *end = end_new(fd, WIRE_RIGHT_CALL);

		handle = end_handle(end);
		ck_assert_uint_ne(handle >> 16, 0);
		ck_assert_uint_ne(handle >> 16, 0xffff);
		end_close(end);
		end_put(end);
	}
}
END_TEST

START_TEST(descriptor_closed_behind_our_back_is_not_closed_twice)
{
	Handle first, second;
	int kernel = fake_end(WIRE_RIGHT_CALL, &first);

	close((int)(first & 0xffff));
	close(kernel);
	kernel = fake_end(WIRE_RIGHT_CALL, &second);
	ck_assert_int_eq(KnHandleClose(first), rcInvalidArgument);
	ck_assert_int_ne(fcntl((int)(second & 0xffff), F_GETFD), -1);
	close(kernel);
}
END_TEST

START_TEST(descriptors_beyond_the_table_are_closed)
{
	int fd = fcntl(2, F_DUPFD, END_FD_MAX);

	if (fd < 0)
		return;		/* a lower limit than the table's */
	ck_assert_ptr_null(end_new(fd, WIRE_RIGHT_CALL));
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
}
END_TEST

START_TEST(own_handles_travel_as_descriptors_in_order)
{
	struct fake_client c;
	struct give_res res;
	struct wire_handle *a, *b;
	struct frame *sent;
	Handle x, y;
	int kx = fake_end(WIRE_RIGHT_CALL, &x);
	int ky = fake_end(WIRE_RIGHT_LISTEN, &y);

	fake_client(&c);
	fake_send(c.kernel, give_res(1, WIRE_NO_HANDLE, 0));
	ck_assert_int_eq(give(&c, x, y, &res), NK_EOK);
	ck_assert_uint_eq(nk_get_handle(&res.c), INVALID_HANDLE);
	sent = fake_read(c.kernel);
	ck_assert_uint_eq(sent->header.n_handles, 2);
	ck_assert_uint_eq(sent->n_fds, 2);
	a = (struct wire_handle *)(void *)frame_fixed(sent);
	b = (struct wire_handle *)(void *)(frame_fixed(sent) + 24);
	ck_assert_uint_eq(a->handle, 0);
	ck_assert_uint_eq(b->handle, 1);
	ck_assert(same_file(sent->fds[0], (int)(x & 0xffff)));
	ck_assert(same_file(sent->fds[1], (int)(y & 0xffff)));
	frame_free(sent);
	/* They stay the sender's. */
	ck_assert_int_eq(KnHandleClose(x), rcOk);
	ck_assert_int_eq(KnHandleClose(y), rcOk);
	close(kx);
	close(ky);
}
END_TEST

START_TEST(a_place_without_a_handle_takes_no_descriptor)
{
	struct fake_client c;
	struct give_res res;
	struct wire_handle *a, *b;
	struct frame *sent;
	Handle y;

	fake_end(WIRE_RIGHT_CALL, &y);
	fake_client(&c);
	fake_status(c.kernel, 1, DK_SECURITY_DISALLOW);
	ck_assert_int_eq(give(&c, INVALID_HANDLE, y, &res), NK_EPERM);
	sent = fake_read(c.kernel);
	ck_assert_uint_eq(sent->header.n_handles, 1);
	ck_assert_uint_eq(sent->n_fds, 1);
	a = (struct wire_handle *)(void *)frame_fixed(sent);
	b = (struct wire_handle *)(void *)(frame_fixed(sent) + 24);
	ck_assert_uint_eq(a->handle, WIRE_NO_HANDLE);
	ck_assert_uint_eq(b->handle, 0);
	frame_free(sent);
}
END_TEST

START_TEST(handles_there_are_not_are_not_sent)
{
	struct fake_client c;
	struct give_res res;
	Handle x;

	fake_client(&c);
	fake_end(WIRE_RIGHT_CALL, &x);
	ck_assert_int_eq(give(&c, x, x + 0x10000, &res), NK_EINVAL);
	ck_assert_int_eq(give(&c, 3, INVALID_HANDLE, &res), NK_EINVAL);
	ck_assert_int_eq(give(&c, 0, 0, &res), NK_EINVAL);
	fake_expect_nothing(c.kernel);
	/* And nothing is held. */
	ck_assert_int_eq(KnHandleClose(x), rcOk);
	ck_assert_int_eq(fcntl((int)(x & 0xffff), F_GETFD), -1);
}
END_TEST

START_TEST(descriptor_in_an_answer_becomes_a_handle)
{
	struct fake_client c;
	struct give_res res;
	unsigned before;
	Handle first;

	fake_client(&c);
	before = fake_count_fds();
	send_fds(c.kernel, give_res(1, 0, 1), 1);
	ck_assert_int_eq(give(&c, INVALID_HANDLE, INVALID_HANDLE, &res), NK_EOK);
	first = nk_get_handle(&res.c);
	ck_assert_uint_ne(first, INVALID_HANDLE);
	ck_assert_uint_eq(fake_count_fds(), before + 1);
	ck_assert_int_eq(KnHandleClose(first), rcOk);
	ck_assert_uint_eq(fake_count_fds(), before);
	/* The same descriptor again, and another number. */
	send_fds(c.kernel, give_res(2, 0, 1), 1);
	ck_assert_int_eq(give(&c, INVALID_HANDLE, INVALID_HANDLE, &res), NK_EOK);
	ck_assert_uint_eq(first & 0xffff, nk_get_handle(&res.c) & 0xffff);
	ck_assert_uint_ne(first, nk_get_handle(&res.c));
}
END_TEST

START_TEST(surprise_descriptors_are_closed)
{
	static const struct {
		uint32_t index;
		unsigned n_handles, n_fds;
	} bad[] = {
		{ WIRE_NO_HANDLE, 0, 1 },	/* not announced */
		{ WIRE_NO_HANDLE, 1, 1 },	/* in no place */
		{ 0, 1, 2 },			/* one more than said */
		{ 0, 2, 2 },			/* one more than places */
		{ 0, 2, 1 }, { 0, 1, 0 }, { 0, 0, 0 },	/* too few */
		{ 1, 1, 1 }, { 7, 1, 1 }, { 0xfffffffe, 1, 1 },	/* no index */
		{ 0, 64, 64 }, { 0, 1, 70 }, { 0, 70, 70 },
	};
	struct fake_client c;
	struct give_res res;
	unsigned before;

	fake_client(&c);
	before = fake_count_fds();
	for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		nk_err_t err;

		send_fds(c.kernel, give_res(i + 1, bad[i].index,
					    bad[i].n_handles), bad[i].n_fds);
		err = give(&c, INVALID_HANDLE, INVALID_HANDLE, &res);
		/* Not announced and in no place: as if it had not been sent. */
		ck_assert_msg(err == (i == 0 ? NK_EOK : NK_EBADMSG),
			      "row %u: %d", i, err);
		ck_assert_msg(fake_count_fds() == before, "row %u leaks", i);
	}
}
END_TEST

START_TEST(descriptors_where_none_belong_are_closed)
{
	struct fake_client c;
	struct fake_frame *f;
	unsigned before;

	fake_client(&c);
	before = fake_count_fds();
	send_fds(c.kernel, fake_ask_res(1), 3);
	ck_assert_int_eq(fake_ask(&c), NK_EOK);
	f = fake_ask_res(2);
	f->header.n_handles = 3;
	send_fds(c.kernel, f, 3);
	ck_assert_int_eq(fake_ask(&c), NK_EBADMSG);
	ck_assert_uint_eq(fake_count_fds(), before);
}
END_TEST

START_TEST(late_answers_leave_no_descriptors)
{
	struct fake_client c;
	struct give_res res;
	unsigned before;

	fake_client(&c);
	before = fake_count_fds();
	send_fds(c.kernel, give_res(99, 0, 1), 1);
	send_fds(c.kernel, give_res(98, 0, 64), 64);
	fake_status(c.kernel, 1, DK_TIMEOUT);
	ck_assert_int_eq(give(&c, INVALID_HANDLE, INVALID_HANDLE, &res),
			 NK_ETIMEDOUT);
	ck_assert_uint_eq(fake_count_fds(), before);
}
END_TEST

START_TEST(descriptors_cut_off_by_our_own_limit_close_the_rest)
{
	struct rlimit limit = { 0, 0 };
	struct fake_client c;
	struct give_res res;
	unsigned before;
	int next;

	fake_client(&c);
	send_fds(c.kernel, give_res(1, 0, 1), 3);
	before = fake_count_fds();
	next = dup(2);
	close(next);
	limit.rlim_cur = (rlim_t)next + 1;
	limit.rlim_max = 1024;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	/* One of three arrives, and one was announced: still a cut packet. */
	ck_assert_int_eq(give(&c, INVALID_HANDLE, INVALID_HANDLE, &res),
			 NK_EBADMSG);
	limit.rlim_cur = 1024;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_uint_eq(fake_count_fds(), before);
}
END_TEST

/* The body's check says so too; the one that makes numbers trusts nobody. */
START_TEST(indices_out_of_order_make_no_handles)
{
	static const struct { uint32_t a, b; unsigned n; } bad[] = {
		{ 1, 0, 2 }, { 0, 0, 2 }, { 0, 0, 1 }, { 0, 2, 2 }, { 1, 1, 1 },
		{ 0, WIRE_NO_HANDLE, 2 }, { WIRE_NO_HANDLE, WIRE_NO_HANDLE, 1 },
		{ 0, 1, 1 }, { 0, 1, 3 }, { UINT32_MAX - 1, 0, 2 },
	};
	unsigned before = fake_count_fds();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct give_req req;
		int fds[3];

		nk_req_reset(&req);
		req.a.handle = bad[i].a;
		req.b.handle = bad[i].b;
		for (unsigned j = 0; j < bad[i].n; j++)
			fds[j] = dup(2);
		ck_assert_int_eq(part_take_handles(&give_method.req,
						   &req.base_ + 1, fds,
						   bad[i].n), NK_EBADMSG);
		ck_assert_uint_eq(nk_get_handle(&req.a), INVALID_HANDLE);
		ck_assert_uint_eq(nk_get_handle(&req.b), INVALID_HANDLE);
		ck_assert_msg(fake_count_fds() == before, "row %zu leaks", i);
	}
}
END_TEST

/* ---- a server's ---- */

struct server {
	Handle listener;
	int kernel;
	NkKosTransport transport;
	struct give_req req;
	struct give_res res;
};

static void open_server(struct server *s)
{
	struct end *end;

	memset(s, 0, sizeof(*s));
	s->kernel = fake_end(WIRE_RIGHT_LISTEN, &s->listener);
	NkKosTransport_Init(&s->transport, s->listener, NK_NULL, 0);
	/* As after a hello that says so. */
	end = end_get(s->listener);
	end->descriptors = true;
	end_put(end);
	nk_req_reset(&s->req);
}

static struct fake_frame *give_request(uint32_t call, uint32_t a, uint32_t b,
				       unsigned n_handles)
{
	const uint32_t fixed[10] = { a, 1, 0, 0, 5, 0, b, 1, 0, 0 };
	struct fake_frame *f = fake_new(WIRE_REQUEST, call, fixed, 40, NULL, 0);

	f->header.n_handles = (uint16_t)n_handles;
	f->header.mid = 1;
	return f;
}

START_TEST(request_brings_handles_and_its_answer_takes_one)
{
	struct server s;
	struct frame *sent;
	unsigned before;

	open_server(&s);
	before = fake_count_fds();
	send_fds(s.kernel, give_request(9, 0, 1, 2), 2);
	ck_assert_int_eq(nk_transport_recv(&s.transport.base, &s.req.base_,
					   NULL), NK_EOK);
	ck_assert_int_eq(nk_dispatch_begin(&give_method, &s.req.base_, NULL,
					   &s.res.base_, sizeof(s.res)),
			 NK_EOK);
	ck_assert_uint_eq(fake_count_fds(), before + 2);
	ck_assert_uint_ne(nk_get_handle(&s.req.a), nk_get_handle(&s.req.b));
	s.res.c = s.req.b;
	ck_assert_int_eq(nk_dispatch_end(&give_method, NK_EOK, &s.res.base_,
					 NULL), NK_EOK);
	ck_assert_int_eq(nk_transport_reply(&s.transport.base, &s.res.base_,
					    NULL), NK_EOK);
	sent = fake_read(s.kernel);
	ck_assert_uint_eq(sent->header.kind, WIRE_RESPONSE);
	ck_assert_uint_eq(sent->n_fds, 1);
	frame_free(sent);
	ck_assert_int_eq(KnHandleClose(nk_get_handle(&s.req.a)), rcOk);
	ck_assert_int_eq(KnHandleClose(nk_get_handle(&s.req.b)), rcOk);
	ck_assert_uint_eq(fake_count_fds(), before);
}
END_TEST

START_TEST(answer_with_a_dead_handle_is_cancelled)
{
	struct server s;

	open_server(&s);
	fake_send(s.kernel, give_request(9, WIRE_NO_HANDLE, WIRE_NO_HANDLE, 0));
	ck_assert_int_eq(nk_transport_recv(&s.transport.base, &s.req.base_,
					   NULL), NK_EOK);
	ck_assert_int_eq(nk_dispatch_begin(&give_method, &s.req.base_, NULL,
					   &s.res.base_, sizeof(s.res)),
			 NK_EOK);
	s.res.c.handle = 0x00010003;
	ck_assert_int_eq(nk_dispatch_end(&give_method, NK_EOK, &s.res.base_,
					 NULL), NK_EINVAL);
	ck_assert_int_eq(nk_transport_reply(&s.transport.base, &s.res.base_,
					    NULL), NK_EOK);
	fake_expect(s.kernel, WIRE_CANCEL, 9);
}
END_TEST

START_TEST(undispatched_descriptors_are_closed_by_the_next_receive)
{
	struct server s;
	unsigned before;

	open_server(&s);
	before = fake_count_fds();
	send_fds(s.kernel, give_request(9, 0, 1, 2), 2);
	send_fds(s.kernel, give_request(10, 0, 1, 2), 2);
	ck_assert_int_eq(nk_transport_recv(&s.transport.base, &s.req.base_,
					   NULL), NK_EOK);
	ck_assert_uint_eq(fake_count_fds(), before + 2);
	ck_assert_int_eq(nk_transport_recv(&s.transport.base, &s.req.base_,
					   NULL), NK_EOK);
	ck_assert_uint_eq(fake_count_fds(), before + 2);
	/* The wrong method: nothing becomes a handle. */
	ck_assert_int_eq(nk_dispatch_begin(&ask_method, &s.req.base_, NULL,
					   &s.res.base_, sizeof(struct ask_res)),
			 NK_EBADMSG);
	ck_assert_int_eq(nk_transport_reply(&s.transport.base, &s.res.base_,
					    NULL), NK_EOK);
	ck_assert_uint_eq(fake_count_fds(), before);
}
END_TEST

START_TEST(bad_indices_in_a_request_close_all)
{
	static const uint32_t bad[][3] = {
		{ 1, 0, 2 }, { 0, 0, 2 }, { 0, 2, 2 }, { 0, WIRE_NO_HANDLE, 2 },
		{ WIRE_NO_HANDLE, 1, 1 }, { 0, 1, 1 }, { 64, 65, 2 },
	};
	struct server s;
	unsigned before;

	open_server(&s);
	before = fake_count_fds();
	for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		send_fds(s.kernel, give_request(i + 1, bad[i][0], bad[i][1],
						bad[i][2]), bad[i][2]);
		ck_assert_int_eq(nk_transport_recv(&s.transport.base,
						   &s.req.base_, NULL), NK_EOK);
		ck_assert_int_eq(nk_dispatch_begin(&give_method, &s.req.base_,
						   NULL, &s.res.base_,
						   sizeof(s.res)), NK_EBADMSG);
		ck_assert_int_eq(nk_transport_reply(&s.transport.base,
						    &s.res.base_, NULL), NK_EOK);
		fake_expect(s.kernel, WIRE_CANCEL, i + 1);
		ck_assert_uint_eq(fake_count_fds(), before);
	}
}
END_TEST

START_TEST(descriptors_nobody_announced_are_asked_for_next_time)
{
	struct server s;
	struct end *end;

	open_server(&s);
	end = end_get(s.listener);
	end->descriptors = false;
	end_put(end);
	send_fds(s.kernel, give_request(9, 0, 1, 2), 2);
	send_fds(s.kernel, give_request(10, 0, 1, 2), 2);
	ck_assert_int_eq(nk_transport_recv(&s.transport.base, &s.req.base_,
					   NULL), NK_EOK);
	ck_assert_uint_eq(s.req.base_.call, 10);
	fake_expect(s.kernel, WIRE_CANCEL, 9);
}
END_TEST

FAKE_MAIN("lib_handles", closed_handle_never_finds_the_next_channel,
	  numbers_that_are_no_handles_are_refused,
	  generations_never_make_invalid_handle,
	  descriptor_closed_behind_our_back_is_not_closed_twice,
	  descriptors_beyond_the_table_are_closed,
	  own_handles_travel_as_descriptors_in_order,
	  a_place_without_a_handle_takes_no_descriptor,
	  handles_there_are_not_are_not_sent,
	  descriptor_in_an_answer_becomes_a_handle,
	  surprise_descriptors_are_closed,
	  descriptors_where_none_belong_are_closed,
	  late_answers_leave_no_descriptors,
	  descriptors_cut_off_by_our_own_limit_close_the_rest,
	  indices_out_of_order_make_no_handles,
	  request_brings_handles_and_its_answer_takes_one,
	  answer_with_a_dead_handle_is_cancelled,
	  undispatched_descriptors_are_closed_by_the_next_receive,
	  bad_indices_in_a_request_close_all,
	  descriptors_nobody_announced_are_asked_for_next_time)
