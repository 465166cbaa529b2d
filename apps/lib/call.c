/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "call.h"

#include <errno.h>
#include <string.h>
#include <sys/single_threaded.h>

#include "../../kernel/abi/status.h"
#include "end.h"
#include "frame.h"
#include "hello.h"
#include "part.h"
#include "serve.h"

static_assert((int)NK_EUNSUPPORTED == (int)DK_UNSUPPORTED &&
	      (int)NK_EBADMSG == (int)DK_BAD_MESSAGE, "one table of outcomes");

/* A call under way, on the stack of the thread that makes it. */
struct waiter {
	struct waiter *next;
	uint32_t call;
	bool descriptors;	/* the answer may bring some */
	bool asleep;
	bool done;
	nk_err_t err;		/* when done; NK_EOK: .frame is the answer */
	struct frame *frame;
	pthread_cond_t wake;
};

/* ---- under the end's lock ---- */

static struct waiter *find(const struct end *end, uint32_t call)
{
	struct waiter *w = end->waiters;

	while (w && w->call != call)
		w = w->next;
	return w;
}

static void join(struct end *end, struct waiter *w)
{
	do {
		end->last_call++;
	} while (end->last_call == 0 || find(end, end->last_call));
	w->call = end->last_call;
	w->next = end->waiters;
	end->waiters = w;
	end->n_waiters++;
}

/* W is gone; if nobody reads, one of those who sleep must. */
static void leave(struct end *end, struct waiter *w)
{
	struct waiter **p = &end->waiters;

	while (*p != w)
		p = &(*p)->next;
	*p = w->next;
	end->n_waiters--;
	if (end->reading)
		return;
	for (w = end->waiters; w; w = w->next) {
		if (!w->asleep)
			continue;
		pthread_cond_signal(&w->wake);
		if (end->broken == NK_EOK && !w->done)
			return;
	}
}

/*
 * Descriptors must not be read into nothing; yet recvmsg is allowed only to
 * classes with handles. A thread that joins while another reads may expect some.
 */
static enum frame_read how_to_read(const struct end *end)
{
	bool joined = !__libc_single_threaded, expected = false;

	for (const struct waiter *w = end->waiters; w; w = w->next)
		expected |= w->descriptors;
	if (hello_has_handles())
		return expected || joined ? FRAME_FULL : FRAME_PLAIN;
	if (expected || (joined && end->fd == hello_kernel_fd))
		return FRAME_PEEK;
	return FRAME_PLAIN;
}

/* Gives FRAME, which is taken, to the call it answers; unknown ones are late. */
static void hand_out(struct end *end, struct frame *frame)
{
	enum frame_status status = frame_decode(frame);
	struct waiter *w;

	if (status == FRAME_BROKEN) {
		end->broken = NK_EBADMSG;
		frame_free(frame);
		return;
	}
	w = find(end, frame->header.call);
	if (!w || w->done) {
		frame_free(frame);
		return;
	}
	w->done = true;
	switch (frame->header.kind) {
	case WIRE_RESPONSE:
	case WIRE_ERROR:
	case WIRE_STATUS:
		if (status == FRAME_OK) {
			w->frame = frame;
			break;
		}
		/* fallthrough */
	default:
		w->err = NK_EBADMSG;
		frame_free(frame);
	}
	if (w->asleep)
		pthread_cond_signal(&w->wake);
}

/* Reads one frame for all; the lock is dropped meanwhile. */
static nk_err_t lead(struct end *end, int64_t until_ms)
{
	enum frame_read how = how_to_read(end);
	struct frame *frame;
	nk_err_t err = NK_EOK;
	bool gone = false;

	end->reading = true;
	pthread_mutex_unlock(&end->lock);
	frame = frame_new();
	if (!frame)
		err = NK_ENOMEM;
	if (err == NK_EOK && until_ms != FRAME_FOREVER)
		err = frame_wait(end->fd, until_ms);
	if (err == NK_EOK) {
		err = frame_receive(end->fd, frame, how);
		gone = err != NK_EOK;
	}
	pthread_mutex_lock(&end->lock);
	end->reading = false;
	if (gone)
		end->broken = err;
	if (err == NK_EOK)
		hand_out(end, frame);
	else
		frame_free(frame);
	return err;
}

/* Sleeps until something has changed. NK_ETIMEDOUT: it is too late. */
static nk_err_t follow(struct end *end, struct waiter *w, int64_t until_ms)
{
	int error;

	w->asleep = true;
	if (until_ms == FRAME_FOREVER) {
		error = pthread_cond_wait(&w->wake, &end->lock);
	} else {
		struct timespec t = {
			.tv_sec = until_ms / 1000,
			.tv_nsec = until_ms % 1000 * 1000000,
		};

		error = pthread_cond_clockwait(&w->wake, &end->lock,
					       CLOCK_MONOTONIC, &t);
	}
	w->asleep = false;
	return error == ETIMEDOUT ? NK_ETIMEDOUT : NK_EOK;
}

static nk_err_t wait_answer(struct end *end, struct waiter *w, int64_t until_ms)
{
	nk_err_t err;

	for (;;) {
		if (w->done)
			return w->err;
		if (end->broken != NK_EOK)
			return end->broken;
		if (end->reading)
			err = follow(end, w, until_ms);
		else
			err = lead(end, until_ms);
		if (err != NK_EOK && !w->done)
			return err;
	}
}

/* ---- around it ---- */

/* What the answer in FRAME comes to; fills RES and RES_ARENA. */
static nk_err_t finish(struct frame *frame, const struct nk_answer *answer,
		       struct nk_message *res, struct nk_arena *res_arena)
{
	const struct wire_header *h = &frame->header;
	const struct nk_part *part = answer->res;
	unsigned n_fds = frame->n_fds;
	nk_err_t err;

	if (h->kind == WIRE_STATUS)
		return h->status == DK_OK || h->status >= DK_N_STATUS ?
		       NK_EFAIL : (nk_err_t)h->status;
	if (h->kind == WIRE_ERROR) {
		part = answer->err;
		if (!part)
			return NK_EBADMSG;
	}
	/* Before numbers replace indices, and before anything is copied. */
	if (h->n_handles != n_fds || (!part && n_fds > 0))
		return NK_EBADMSG;
	err = part ? part_check(part, frame_fixed(frame), h->fixed_size,
				(const char *)frame_arena(frame),
				h->arena_size, n_fds) : NK_EOK;
	if (err == NK_EOK)
		err = part_decode(frame, res, answer->size, res_arena);
	if (err == NK_EOK && part && part->n_handles > 0) {
		frame->n_fds = 0;
		err = part_take_handles(part, res + 1, frame->fds, n_fds);
	}
	if (err != NK_EOK)
		return err;
	res->riid = h->riid;
	res->mid = h->mid;
	res->flags = h->kind == WIRE_ERROR ? NK_MESSAGE_ERROR : 0;
	res->part = part;
	return NK_EOK;
}

static void give_up(struct end *end, uint32_t call)
{
	struct wire_header cancel = {
		.version = WIRE_VERSION,
		.kind = WIRE_CANCEL,
		.call = call,
	};

	/* Nothing more can be done if that fails too. */
	(void)frame_send_header(end->fd, &cancel);
}

/*
 * Sends the request in FRAME, which is taken, and waits; on NK_EOK W has the
 * answer. The buffer is given back before the wait: the answer then comes into
 * what the processor's cache still holds.
 */
static nk_err_t exchange(struct end *end, struct waiter *w, struct frame *frame,
			 const struct part_handles *handles, int64_t until_ms)
{
	nk_err_t err;
	bool sent = false;

	pthread_mutex_lock(&end->lock);
	err = end->broken;
	if (err != NK_EOK) {
		pthread_mutex_unlock(&end->lock);
		frame_free(frame);
		return err;
	}
	join(end, w);
	pthread_mutex_unlock(&end->lock);

	frame->header.call = w->call;
	err = frame_send(end->fd, frame, handles->fds, handles->n, until_ms);
	sent = err == NK_EOK;
	frame_free(frame);

	pthread_mutex_lock(&end->lock);
	if (sent)
		err = wait_answer(end, w, until_ms);
	leave(end, w);
	pthread_mutex_unlock(&end->lock);

	if (sent && (err == NK_ETIMEDOUT || err == NK_ENOMEM) && !w->done)
		give_up(end, w->call);
	return err;
}

nk_err_t call_run(struct end *end, uint32_t timeout_ms,
		  const struct nk_message *head, const void *fixed,
		  const struct nk_arena *req_arena,
		  const struct nk_answer *answer, struct nk_message *res,
		  struct nk_arena *res_arena)
{
	struct waiter w = {
		.descriptors = (answer->res && answer->res->n_handles > 0) ||
			       (answer->err && answer->err->n_handles > 0),
		.wake = PTHREAD_COND_INITIALIZER,
	};
	nk_size_t fixed_size = head->part ? head->part->size :
			       head->size - sizeof(*head);
	int64_t until_ms = timeout_ms == WIRE_DEADLINE_CAP ? FRAME_FOREVER :
			   frame_now_ms() + timeout_ms + CALL_GRACE_MS;
	struct part_handles handles;
	struct frame *frame;
	nk_err_t err;

	if ((!head->part && head->size < sizeof(*head)) ||
	    answer->size < sizeof(*res))
		return NK_EINVAL;
	frame = frame_new();
	if (!frame)
		return NK_ENOMEM;
	frame->header = (struct wire_header) {
		.version = WIRE_VERSION,
		.kind = WIRE_REQUEST,
		.riid = head->riid,
		.mid = head->mid,
		.deadline_ms = timeout_ms,
		.trace = serve_trace(),
	};
	err = part_encode(head->part, fixed, fixed_size, req_arena, frame,
			  &handles);
	if (err == NK_EOK) {
		err = exchange(end, &w, frame, &handles, until_ms);
		part_release(&handles);
	} else {
		frame_free(frame);
	}
	if (err == NK_EOK)
		err = finish(w.frame, answer, res, res_arena);
	frame_free(w.frame);
	return err;
}
