/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Threads on one handle, and the threads, mutexes and clocks that sources use. */
#include "lib_fake.h"

#include <coresrv/thread/thread_api.h>
#include <kos/mutex.h>
#include <kos/thread.h>
#include <poll.h>
#include <stdatomic.h>
#include <time.h>

/* ---- many callers, one end ---- */

struct caller {
	struct fake_client *shared;
	struct fake_client mine;	/* buffers only */
	uint32_t timeout_ms;
	nk_err_t err;
	pthread_t id;
};

static void *call(void *argument)
{
	struct caller *c = argument;

	c->mine = *c->shared;
	c->mine.proxy.transport = &c->mine.transport.base;
	c->mine.arena = (struct nk_arena)NK_ARENA_AUTO(c->mine.bytes);
	c->mine.res_arena = (struct nk_arena)NK_ARENA_AUTO(c->mine.res_bytes);
	NkKosTransport_SetTimeout(&c->mine.transport, c->timeout_ms);
	c->err = fake_ask(&c->mine);
	return NULL;
}

static void start(struct caller *c, struct fake_client *shared, uint32_t ms)
{
	c->shared = shared;
	c->timeout_ms = ms;
	ck_assert_int_eq(pthread_create(&c->id, NULL, call, c), 0);
}

/* The number of the next request that arrives. */
static uint32_t next_call(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct frame *frame;
	uint32_t number;

	ck_assert_int_eq(poll(&p, 1, 5000), 1);
	frame = fake_read(fd);
	ck_assert_uint_eq(frame->header.kind, WIRE_REQUEST);
	number = frame->header.call;
	frame_free(frame);
	return number;
}

START_TEST(each_thread_gets_its_own_answer)
{
	enum { N = 8 };
	struct fake_client c;
	struct caller callers[N];
	uint32_t numbers[N];

	fake_client(&c);
	for (int i = 0; i < N; i++) {
		start(&callers[i], &c, WIRE_DEADLINE_CAP);
		numbers[i] = next_call(c.kernel);
	}
	/* Last asked, first answered; odd ones refused. */
	for (int i = N - 1; i >= 0; i--) {
		if (i % 2)
			fake_status(c.kernel, numbers[i], DK_BUSY);
		else
			fake_send(c.kernel, fake_ask_res(numbers[i]));
	}
	for (int i = 0; i < N; i++) {
		pthread_join(callers[i].id, NULL);
		ck_assert_int_eq(callers[i].err, i % 2 ? NK_EBUSY : NK_EOK);
	}
	fake_expect_nothing(c.kernel);
}
END_TEST

START_TEST(a_follower_has_its_answer_while_the_leader_waits)
{
	struct fake_client c;
	struct caller a, b;
	uint32_t first, second;

	fake_client(&c);
	start(&a, &c, WIRE_DEADLINE_CAP);
	first = next_call(c.kernel);
	usleep(20000);
	start(&b, &c, WIRE_DEADLINE_CAP);
	second = next_call(c.kernel);
	usleep(20000);
	fake_send(c.kernel, fake_ask_res(second));
	pthread_join(b.id, NULL);
	ck_assert_int_eq(b.err, NK_EOK);
	fake_send(c.kernel, fake_ask_res(first));
	pthread_join(a.id, NULL);
	ck_assert_int_eq(a.err, NK_EOK);
}
END_TEST

START_TEST(a_leader_that_is_done_passes_the_reading_on)
{
	struct fake_client c;
	struct caller a, b;
	uint32_t first, second;

	fake_client(&c);
	start(&a, &c, WIRE_DEADLINE_CAP);
	first = next_call(c.kernel);
	usleep(20000);
	start(&b, &c, WIRE_DEADLINE_CAP);
	second = next_call(c.kernel);
	usleep(20000);
	fake_send(c.kernel, fake_ask_res(first));
	pthread_join(a.id, NULL);
	fake_send(c.kernel, fake_ask_res(second));
	pthread_join(b.id, NULL);
	ck_assert_int_eq(a.err, NK_EOK);
	ck_assert_int_eq(b.err, NK_EOK);
}
END_TEST

START_TEST(a_leader_that_is_late_passes_the_reading_on)
{
	struct fake_client c;
	struct caller a, b;
	uint32_t second;

	fake_client(&c);
	start(&a, &c, 10);
	next_call(c.kernel);
	usleep(20000);
	start(&b, &c, WIRE_DEADLINE_CAP);
	second = next_call(c.kernel);
	pthread_join(a.id, NULL);
	ck_assert_int_eq(a.err, NK_ETIMEDOUT);
	fake_expect(c.kernel, WIRE_CANCEL, 1);
	fake_send(c.kernel, fake_ask_res(second));
	pthread_join(b.id, NULL);
	ck_assert_int_eq(b.err, NK_EOK);
}
END_TEST

START_TEST(a_follower_that_is_late_leaves_the_leader_alone)
{
	struct fake_client c;
	struct caller a, b;
	uint32_t first, second;

	fake_client(&c);
	start(&a, &c, WIRE_DEADLINE_CAP);
	first = next_call(c.kernel);
	usleep(20000);
	start(&b, &c, 10);
	second = next_call(c.kernel);
	pthread_join(b.id, NULL);
	ck_assert_int_eq(b.err, NK_ETIMEDOUT);
	fake_expect(c.kernel, WIRE_CANCEL, second);
	fake_send(c.kernel, fake_ask_res(second));
	fake_send(c.kernel, fake_ask_res(first));
	pthread_join(a.id, NULL);
	ck_assert_int_eq(a.err, NK_EOK);
}
END_TEST

START_TEST(the_end_of_a_channel_wakes_everybody)
{
	enum { N = 6 };
	struct fake_client c;
	struct caller callers[N];

	fake_client(&c);
	for (int i = 0; i < N; i++) {
		start(&callers[i], &c, i % 2 ? 60000 : WIRE_DEADLINE_CAP);
		next_call(c.kernel);
	}
	usleep(20000);
	close(c.kernel);
	for (int i = 0; i < N; i++) {
		pthread_join(callers[i].id, NULL);
		ck_assert_int_eq(callers[i].err, NK_ENOTCONN);
	}
}
END_TEST

START_TEST(another_wire_wakes_everybody)
{
	enum { N = 4 };
	struct fake_client c;
	struct caller callers[N];
	struct fake_frame *f = fake_ask_res(1);

	fake_client(&c);
	for (int i = 0; i < N; i++) {
		start(&callers[i], &c, WIRE_DEADLINE_CAP);
		next_call(c.kernel);
	}
	usleep(20000);
	f->header.version = 7;
	fake_send(c.kernel, f);
	for (int i = 0; i < N; i++) {
		pthread_join(callers[i].id, NULL);
		ck_assert_int_eq(callers[i].err, NK_EBADMSG);
	}
}
END_TEST

START_TEST(a_handle_closed_under_a_call_is_closed_after_it)
{
	struct fake_client c;
	struct caller a;
	uint32_t number;
	int fd;

	fake_client(&c);
	fd = (int)(c.handle & 0xffff);
	start(&a, &c, WIRE_DEADLINE_CAP);
	number = next_call(c.kernel);
	usleep(20000);
	ck_assert_int_eq(KnHandleClose(c.handle), rcOk);
	ck_assert_int_ne(fcntl(fd, F_GETFD), -1);
	ck_assert_int_eq(fake_ask(&c), NK_EINVAL);
	fake_send(c.kernel, fake_ask_res(number));
	pthread_join(a.id, NULL);
	ck_assert_int_eq(a.err, NK_EOK);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
}
END_TEST

static atomic_bool echo_stop;

/* A kernel that answers everything, some of it twice and late. */
static void *echo(void *argument)
{
	int fd = *(int *)argument;
	uint32_t last = 0;

	while (!echo_stop) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		uint32_t number;

		if (poll(&p, 1, 10) <= 0)
			continue;
		number = next_call(fd);
		fake_send(fd, fake_ask_res(number));
		if (last)
			fake_status(fd, last, DK_FAIL);
		last = number;
	}
	return NULL;
}

static void *call_often(void *argument)
{
	struct caller *c = argument;

	for (int i = 0; i < 2000; i++) {
		call(c);
		if (c->err != NK_EOK || c->mine.res.m != 7)
			break;
	}
	return NULL;
}

START_TEST(many_threads_many_calls)
{
	enum { N = 4 };
	struct fake_client c;
	struct caller callers[N];
	pthread_t kernel;

	fake_client(&c);
	ck_assert_int_eq(pthread_create(&kernel, NULL, echo, &c.kernel), 0);
	for (int i = 0; i < N; i++) {
		callers[i].shared = &c;
		callers[i].timeout_ms = i % 2 ? 60000 : WIRE_DEADLINE_CAP;
		ck_assert_int_eq(pthread_create(&callers[i].id, NULL,
						call_often, &callers[i]), 0);
	}
	for (int i = 0; i < N; i++) {
		pthread_join(callers[i].id, NULL);
		ck_assert_int_eq(callers[i].err, NK_EOK);
	}
	echo_stop = true;
	pthread_join(kernel, NULL);
}
END_TEST

/* ---- many servers, one listener ---- */

static Handle listener;
static atomic_uint n_served;

static void *serve(void *argument)
{
	NkKosTransport t;
	struct ask_req req;
	struct ask_res res;
	char bytes[32];
	struct nk_arena arena = NK_ARENA_AUTO(bytes);

	(void)argument;
	NkKosTransport_Init(&t, listener, NK_NULL, 0);
	nk_req_reset(&req);
	while (nk_transport_recv(&t.base, &req.base_, &arena) == NK_EOK) {
		if (nk_dispatch_begin(&ask_method, &req.base_, &arena,
				      &res.base_, sizeof(res)) == NK_EOK)
			nk_dispatch_end(&ask_method, NK_EOK, &res.base_, NULL);
		if (nk_transport_reply(&t.base, &res.base_, NULL) == NK_EOK)
			n_served++;
		nk_arena_reset(&arena);
	}
	return NULL;
}

START_TEST(each_request_is_served_by_one_thread)
{
	enum { N = 4, REQUESTS = 500 };
	bool seen[REQUESTS + 1] = { false };
	pthread_t ids[N];
	int kernel = fake_end(WIRE_RIGHT_LISTEN, &listener);

	for (int i = 0; i < N; i++)
		pthread_create(&ids[i], NULL, serve, NULL);
	for (uint32_t i = 1; i <= REQUESTS; i++) {
		struct pollfd p = { .fd = kernel, .events = POLLIN };
		struct frame *frame;

		fake_send(kernel, fake_ask_req(i));
		if (i % 8)
			continue;
		while (poll(&p, 1, i == REQUESTS ? 200 : 0) == 1) {
			frame = fake_read(kernel);
			ck_assert_uint_eq(frame->header.kind, WIRE_RESPONSE);
			ck_assert(!seen[frame->header.call]);
			seen[frame->header.call] = true;
			frame_free(frame);
		}
	}
	shutdown(kernel, SHUT_WR);
	for (int i = 0; i < N; i++)
		pthread_join(ids[i], NULL);
	ck_assert_uint_eq(n_served, REQUESTS);
}
END_TEST

/* ---- kos/thread.h, kos/mutex.h, time ---- */

static KosMutex mutex = KOS_MUTEX_INITIALIZER;
static unsigned counter;

static int count(void *context)
{
	for (int i = 0; i < 10000; i++) {
		KosMutexLock(&mutex);
		counter++;
		KosMutexUnlock(&mutex);
	}
	return *(int *)context;
}

START_TEST(threads_run_and_are_waited_for)
{
	int codes[4] = { 11, 22, 33, 44 }, code;
	Tid tids[4];

	ck_assert_uint_eq(KosThreadCurrentId(), INVALID_TID);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(KosThreadCreate(&tids[i], ThreadPriorityNormal,
						 0, count, &codes[i], 0), rcOk);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(KosThreadWait(tids[i], INFINITE_TIMEOUT,
					       &code), rcOk);
		ck_assert_int_eq(code, codes[i]);
		ck_assert_int_eq(KosThreadWait(tids[i], 0, &code),
				 rcResourceNotFound);
	}
	ck_assert_uint_eq(counter, 40000);
}
END_TEST

static atomic_bool ran;

static int run(void *context)
{
	(void)context;
	ran = true;
	return (int)KosThreadCurrentId();
}

START_TEST(suspended_threads_wait_to_be_resumed)
{
	Tid tid;
	int code;

	ck_assert_int_eq(KosThreadCreate(&tid, 0, 1, run, NULL, 1), rcOk);
	ck_assert_int_eq(KosThreadWait(tid, 30, &code), rcTimeout);
	ck_assert(!ran);
	ck_assert_int_eq(KosThreadResume(tid), rcOk);
	ck_assert_int_eq(KosThreadResume(tid), rcResourceNotFound);
	ck_assert_int_eq(KosThreadWait(tid, 5000, &code), rcOk);
	ck_assert(ran);
	ck_assert_uint_eq((Tid)code, tid);
}
END_TEST

START_TEST(threads_there_are_not)
{
	ck_assert_int_eq(KosThreadCreate(NULL, 0, 0, NULL, NULL, 0),
			 rcInvalidArgument);
	ck_assert_int_eq(KosThreadCreate(NULL, 0, 0xffffffff, run, NULL, 0) ==
			 rcInvalidArgument, 0);
	ck_assert_int_eq(KosThreadWait(INVALID_TID, 0, NULL),
			 rcResourceNotFound);
	ck_assert_int_eq(KosThreadWait(77, 0, NULL), rcResourceNotFound);
	ck_assert_int_eq(KosThreadResume(77), rcResourceNotFound);
}
END_TEST

START_TEST(what_many_ended_threads_returned_is_forgotten)
{
	Tid first = 0, tid = 0;

	for (int i = 0; i < 200; i++) {
		ck_assert_int_eq(KosThreadCreate(&tid, 0, 0, run, NULL, 0),
				 rcOk);
		if (i == 0)
			first = tid;
		KosThreadYield();
	}
	ck_assert_int_eq(KosThreadWait(tid, 5000, NULL), rcOk);
	KosThreadSleep(50);
	ck_assert_int_eq(KosThreadWait(first, 0, NULL), rcResourceNotFound);
}
END_TEST

START_TEST(mutex_is_held_by_one)
{
	KosMutex m;

	KosMutexInit(&m);
	KosMutexLock(&m);
	ck_assert_int_eq(KosMutexTryLock(&m), rcBusy);
	KosMutexUnlock(&m);
	ck_assert_int_eq(KosMutexTryLock(&m), rcOk);
	KosMutexUnlock(&m);
	KosMutexDeinit(&m);
}
END_TEST

START_TEST(sleep_is_not_shorter_than_asked)
{
	rtl_size_t before = KnGetMSecSinceStart();

	KnSleep(0);
	KnSleep(60);
	KosThreadSleep(20);
	ck_assert_uint_ge(KnGetMSecSinceStart() - before, 79);
	ck_assert_uint_gt(before, 0);
}
END_TEST

FAKE_MAIN("lib_threads", each_thread_gets_its_own_answer,
	  a_follower_has_its_answer_while_the_leader_waits,
	  a_leader_that_is_done_passes_the_reading_on,
	  a_leader_that_is_late_passes_the_reading_on,
	  a_follower_that_is_late_leaves_the_leader_alone,
	  the_end_of_a_channel_wakes_everybody, another_wire_wakes_everybody,
	  a_handle_closed_under_a_call_is_closed_after_it,
	  many_threads_many_calls, each_request_is_served_by_one_thread,
	  threads_run_and_are_waited_for, suspended_threads_wait_to_be_resumed,
	  threads_there_are_not, what_many_ended_threads_returned_is_forgotten,
	  mutex_is_held_by_one, sleep_is_not_shorter_than_asked)
