/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "frame.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include "end.h"

#define SPARE_MAX 8	/* frames kept for the next user */

static pthread_mutex_t spare_lock = PTHREAD_MUTEX_INITIALIZER;
static struct frame *spare;
static unsigned n_spare;

struct frame *frame_new(void)
{
	struct frame *frame;

	pthread_mutex_lock(&spare_lock);
	frame = spare;
	if (frame) {
		spare = frame->next;
		n_spare--;
	}
	pthread_mutex_unlock(&spare_lock);
	if (!frame)
		frame = malloc(sizeof(*frame));
	if (frame) {
		frame->next = NULL;
		frame->size = 0;
		frame->n_fds = 0;
		frame->spoilt = false;
		frame->arena = NULL;
	}
	return frame;
}

void frame_free(struct frame *frame)
{
	if (!frame)
		return;
	end_drop(frame->fds, frame->n_fds);
	frame->n_fds = 0;
	pthread_mutex_lock(&spare_lock);
	if (n_spare < SPARE_MAX) {
		frame->next = spare;
		spare = frame;
		n_spare++;
		frame = NULL;
	}
	pthread_mutex_unlock(&spare_lock);
	free(frame);
}

static nk_err_t error_of(int error)
{
	switch (error) {
	case ECONNRESET:
	case ECONNREFUSED:
	case EPIPE:
	case ENOTCONN:
		return NK_ENOTCONN;
	case EBADF:
	case ENOTSOCK:
		return NK_EINVAL;
	case EMSGSIZE:
	case ENOBUFS:
	case ENOMEM:
		return NK_ENOMEM;
	case ETOOMANYREFS:
	case EMFILE:
		return NK_EQUOTA;
	default:
		return NK_EFAIL;
	}
}

int64_t frame_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static nk_err_t wait_for(int fd, short events, int64_t until_ms)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = until_ms - frame_now_ms();
		int n;

		if (left < 0)
			left = 0;
		/* A packet that is there already counts as in time. */
		n = poll(&p, 1, left > INT32_MAX ? INT32_MAX : (int)left);
		if (n > 0)
			return NK_EOK;
		if (n < 0 && errno != EINTR)
			return error_of(errno);
		if (n == 0 && left < INT32_MAX)
			return NK_ETIMEDOUT;
	}
}

nk_err_t frame_wait(int fd, int64_t until_ms)
{
	return wait_for(fd, POLLIN, until_ms);
}

/* ---- receive ---- */

/* Room for one descriptor more than there may be: it must be seen to be refused. */
#define CONTROL_SIZE CMSG_SPACE((WIRE_HANDLES_MAX + 1) * sizeof(int))

static void take_descriptors(struct frame *frame, struct msghdr *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		size_t n;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
		    c->cmsg_len < CMSG_LEN(0))
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (frame->n_fds < WIRE_HANDLES_MAX) {
				frame->fds[frame->n_fds++] = fd;
			} else {
				end_drop(&fd, 1);
				frame->spoilt = true;
			}
		}
	}
	if (msg->msg_flags & (MSG_CTRUNC | MSG_TRUNC))
		frame->spoilt = true;
	if (frame->spoilt) {
		end_drop(frame->fds, frame->n_fds);
		frame->n_fds = 0;
	}
}

static ssize_t receive_full(int fd, struct frame *frame)
{
	union {
		struct cmsghdr align;
		char bytes[CONTROL_SIZE];
	} control;
	struct iovec part = { frame->bytes, sizeof(frame->bytes) };
	struct msghdr msg = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);

	if (n >= 0)
		take_descriptors(frame, &msg);
	return n;
}

/* MSG_TRUNC: the packet's own size, so that a longer one is seen. */
static ssize_t receive_plain(int fd, struct frame *frame)
{
	return recv(fd, frame->bytes, sizeof(frame->bytes), MSG_TRUNC);
}

static ssize_t receive_peek(int fd, struct frame *frame)
{
	ssize_t n = recv(fd, frame->bytes, sizeof(frame->header), MSG_PEEK);

	if (n <= 0)
		return n;
	if ((size_t)n == sizeof(frame->header) && frame->header.n_handles > 0)
		return receive_full(fd, frame);
	return receive_plain(fd, frame);
}

nk_err_t frame_receive(int fd, struct frame *frame, enum frame_read how)
{
	ssize_t n;

	end_drop(frame->fds, frame->n_fds);
	frame->n_fds = 0;
	frame->spoilt = false;
	do {
		n = how == FRAME_PLAIN ? receive_plain(fd, frame) :
		    how == FRAME_PEEK ? receive_peek(fd, frame) :
					receive_full(fd, frame);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return error_of(errno);
	if (n == 0) {
		end_drop(frame->fds, frame->n_fds);
		frame->n_fds = 0;
		return NK_ENOTCONN;
	}
	frame->size = (size_t)n;
	if (frame->size > sizeof(frame->bytes)) {
		frame->size = sizeof(frame->bytes);
		frame->spoilt = true;
	}
	return NK_EOK;
}

enum frame_status frame_decode(const struct frame *frame)
{
	const struct wire_header *h = &frame->header;

	if (frame->size < sizeof(*h) || h->version != WIRE_VERSION)
		return FRAME_BROKEN;
	if (frame->spoilt || h->kind == 0 || h->kind >= WIRE_N_KINDS ||
	    h->flags != 0 || h->zero != 0)
		return FRAME_BAD;
	if (h->fixed_size > WIRE_BODY_MAX || h->arena_size > WIRE_BODY_MAX ||
	    h->fixed_size + h->arena_size > WIRE_BODY_MAX ||
	    sizeof(*h) + h->fixed_size + h->arena_size != frame->size ||
	    (h->arena_size > 0 && h->fixed_size % 8 != 0))
		return FRAME_BAD;
	if (h->kind != WIRE_STATUS && h->status != 0)
		return FRAME_BAD;
	return FRAME_OK;
}

/* ---- send ---- */

static ssize_t send_full(int fd, struct frame *frame, const int *fds,
			 unsigned n_fds, int flags)
{
	union {
		struct cmsghdr align;
		char bytes[CONTROL_SIZE];
	} control;
	struct iovec part = { frame->bytes, frame->size };
	struct msghdr msg = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_SPACE(n_fds * sizeof(int)),
	};
	struct cmsghdr *c;

	memset(&control, 0, sizeof(control));
	c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
	memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	return sendmsg(fd, &msg, flags);
}

/* Of a SEQPACKET socket no signal comes; and it cannot be told not to wait. */
static ssize_t send_in_two(int fd, const struct frame *frame)
{
	const struct wire_header *h = &frame->header;
	struct iovec parts[] = {
		{ (void *)(uintptr_t)frame->bytes, sizeof(*h) + h->fixed_size },
		{ (void *)(uintptr_t)frame->arena, h->arena_size },
	};

	return writev(fd, parts, 2);
}

nk_err_t frame_send(int fd, struct frame *frame, const int *fds, unsigned n_fds,
		    int64_t until_ms)
{
	int flags = MSG_NOSIGNAL | (until_ms == FRAME_FOREVER ? 0 : MSG_DONTWAIT);

	if (n_fds > WIRE_HANDLES_MAX)
		return NK_EINVAL;
	frame->size = sizeof(frame->header) + frame->header.fixed_size +
		      frame->header.arena_size;
	if (frame->arena && (n_fds > 0 || until_ms != FRAME_FOREVER)) {
		memcpy(frame_arena(frame), frame->arena,
		       frame->header.arena_size);
		frame->arena = NULL;
	}
	for (;;) {
		ssize_t n = n_fds > 0 ?
			send_full(fd, frame, fds, n_fds, flags) :
			frame->arena ? send_in_two(fd, frame) :
			send(fd, frame->bytes, frame->size, flags);
		nk_err_t err;

		if (n >= 0)
			return NK_EOK;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN || until_ms == FRAME_FOREVER)
			return error_of(errno);
		err = wait_for(fd, POLLOUT, until_ms);
		if (err != NK_EOK)
			return err;
	}
}

nk_err_t frame_send_header(int fd, const struct wire_header *header)
{
	ssize_t n;

	do {
		n = send(fd, header, sizeof(*header), MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? error_of(errno) : NK_EOK;
}
