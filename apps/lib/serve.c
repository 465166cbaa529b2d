/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "serve.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../kernel/abi/status.h"
#include "end.h"
#include "frame.h"
#include "hello.h"
#include "part.h"
#include "peer.h"

static _Thread_local struct served served;

static void serve_nothing(void)
{
	end_drop(served.fds, served.n_fds);
	served.n_fds = 0;
	served.call = 0;
}

struct served *serve_find(const struct nk_message *message)
{
	return message->call != 0 && message->call == served.call ? &served :
								    NULL;
}

uint64_t serve_trace(void)
{
	return served.call ? served.trace : 0;
}

void serve_forget(struct end *end)
{
	peer_free_all(end);
}

/* ---- receive ---- */

static void cancel(struct end *end, uint32_t call, uint64_t trace)
{
	struct wire_header header = {
		.version = WIRE_VERSION,
		.kind = WIRE_CANCEL,
		.call = call,
		.trace = trace,
	};

	/* If this fails the end is gone, and the next receive says so. */
	(void)frame_send_header(end->fd, &header);
}

/*
 * A program whose buffers are too small for its own interface must hear of it,
 * but no client may end its loop: the call is cancelled, and one line is said.
 */
static void complain(const struct frame *frame, nk_size_t size,
		     const struct nk_arena *arena)
{
	static atomic_flag said = ATOMIC_FLAG_INIT;

	if (atomic_flag_test_and_set(&said))
		return;
	fprintf(stderr, "libdk: a request with %u bytes of parameters and %u of "
		"arena does not fit (%zu and %zu): cancelled\n",
		frame->header.fixed_size, frame->header.arena_size,
		size - sizeof(struct nk_message),
		arena ? (size_t)(arena->end - arena->start) : 0);
}

/* Whether REQ has become the request in FRAME. */
static bool take_request(struct end *end, struct frame *frame,
			 struct nk_message *req, nk_size_t size,
			 struct nk_arena *arena)
{
	const struct wire_header *h = &frame->header;

	if (h->n_handles != frame->n_fds) {
		/* They were lost: nobody had said that some may come. */
		if (frame->n_fds == 0)
			end->descriptors = true;
		cancel(end, h->call, h->trace);
		return false;
	}
	if (part_decode(frame, req, size, arena) != NK_EOK) {
		complain(frame, size, arena);
		cancel(end, h->call, h->trace);
		return false;
	}
	req->call = h->call;
	req->riid = h->riid;
	req->mid = h->mid;
	req->size = size > UINT32_MAX ? UINT32_MAX : (nk_uint32_t)size;
	req->flags = 0;
	req->part = NULL;
	served.call = h->call;
	served.sid = h->sid;
	served.trace = h->trace;
	served.fixed_size = h->fixed_size;
	served.listener = end_handle(end);
	served.n_fds = frame->n_fds;
	memcpy(served.fds, frame->fds, frame->n_fds * sizeof(frame->fds[0]));
	frame->n_fds = 0;
	return true;
}

static void note_refusal(struct end *end, const struct wire_header *h)
{
	pthread_mutex_lock(&end->lock);
	end->refusal.call = h->call;
	end->refusal.status = h->status == DK_OK || h->status >= DK_N_STATUS ?
			      NK_EFAIL : (nk_err_t)h->status;
	end->refusal.count++;
	pthread_mutex_unlock(&end->lock);
}

static enum frame_read how_to_read(const struct end *end)
{
	if (hello_has_handles())
		return FRAME_FULL;
	return end->descriptors ? FRAME_PEEK : FRAME_PLAIN;
}

/*
 * The listener is gone. If the kernel's own endpoints are gone too, the program
 * has been asked to end; one that only serves would never learn of it.
 */
static void leave_if_asked(void)
{
	struct pollfd kernel = { .fd = hello_kernel_fd };

	if (poll(&kernel, 1, 0) == 1 && kernel.revents & (POLLHUP | POLLERR))
		exit(EXIT_SUCCESS);
}

nk_err_t serve_receive(struct end *end, struct nk_message *req, nk_size_t size,
		       struct nk_arena *req_arena)
{
	struct frame *frame;
	nk_err_t err = NK_EOK;
	bool taken = false;

	serve_nothing();
	req->call = 0;
	frame = frame_new();
	if (!frame)
		return NK_ENOMEM;
	while (err == NK_EOK && !taken) {
		const struct wire_header *h = &frame->header;
		enum frame_status status;

		err = frame_receive(end->fd, frame, how_to_read(end));
		if (err != NK_EOK)
			break;
		status = frame_decode(frame);
		if (status == FRAME_BROKEN) {
			err = NK_EBADMSG;
			break;
		}
		if (status == FRAME_BAD) {
			if (h->kind == WIRE_REQUEST && h->call != 0)
				cancel(end, h->call, 0);
			continue;
		}
		switch (h->kind) {
		case WIRE_REQUEST:
			taken = h->call != 0 && take_request(end, frame, req,
							     size, req_arena);
			break;
		case WIRE_OPENED:
			peer_opened(end, frame_fixed(frame), h->fixed_size);
			break;
		case WIRE_CLOSED:
			peer_closed(end, h->sid);
			break;
		case WIRE_STATUS:
			note_refusal(end, h);
			break;
		}
	}
	frame_free(frame);
	if (err == NK_ENOTCONN)
		leave_if_asked();
	return err;
}

/* ---- reply ---- */

static nk_err_t send_answer(struct end *end, struct nk_message *res,
			    const struct nk_arena *arena, uint64_t trace)
{
	nk_size_t fixed_size = res->part ? res->part->size :
			       res->size - sizeof(*res);
	struct part_handles handles;
	struct frame *frame;
	nk_err_t err;

	if (!res->part && res->size < sizeof(*res))
		return NK_EINVAL;
	frame = frame_new();
	if (!frame)
		return NK_ENOMEM;
	frame->header = (struct wire_header) {
		.version = WIRE_VERSION,
		.kind = res->flags & NK_MESSAGE_ERROR ? WIRE_ERROR :
							WIRE_RESPONSE,
		.call = res->call,
		.riid = res->riid,
		.mid = res->mid,
		.trace = trace,
	};
	err = part_encode(res->part, res + 1, fixed_size, arena, frame,
			  &handles);
	if (err == NK_EOK) {
		err = frame_send(end->fd, frame, handles.fds, handles.n,
				 FRAME_FOREVER);
		part_release(&handles);
	}
	frame_free(frame);
	return err;
}

nk_err_t serve_reply(struct end *end, struct nk_message *res,
		     const struct nk_arena *res_arena)
{
	struct served *mine = serve_find(res);
	uint64_t trace;
	nk_err_t err = NK_EOK;

	if (mine && mine->listener != end_handle(end))
		mine = NULL;
	trace = mine ? mine->trace : 0;
	if (res->call == 0)
		return NK_EINVAL;
	if (!(res->flags & NK_MESSAGE_FAILED))
		err = send_answer(end, res, res_arena, trace);
	/* The client must not wait for an answer that could not be sent. */
	if (err != NK_EOK || res->flags & NK_MESSAGE_FAILED)
		cancel(end, res->call, trace);
	/* Good for one answer. */
	res->call = 0;
	if (mine)
		serve_nothing();
	return err;
}
