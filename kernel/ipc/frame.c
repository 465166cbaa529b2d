/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "frame.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

static_assert(offsetof(struct frame, bytes) % 8 == 0, "bodies are 8-aligned");

#define FDS_MAX 253	/* SCM_MAX_FD of Linux */

union control {
	char bytes[CMSG_SPACE(FDS_MAX * sizeof(int)) + CMSG_SPACE(64)];
	struct cmsghdr align;
};

/* Every descriptor in every control message is ours now, whatever its type. */
static void take_fds(struct frame *frame, struct msghdr *message)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		size_t n;

		if (c->cmsg_level != SOL_SOCKET ||
		    c->cmsg_type != SCM_RIGHTS || c->cmsg_len < CMSG_LEN(0))
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (frame->n_fds < FDS_MAX)
				frame->fds[frame->n_fds++] = fd;
			else
				fd_close(&fd);
		}
	}
}

static ssize_t receive_with_fds(struct frame *frame, int fd)
{
	union control control;
	struct iovec iov = { frame->bytes, sizeof(frame->bytes) };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t n = recvmsg(fd, &message, MSG_DONTWAIT | MSG_TRUNC |
			    MSG_CMSG_CLOEXEC);

	if (n >= 0) {
		take_fds(frame, &message);
		frame->fds_cut = message.msg_flags & MSG_CTRUNC;
	}
	return n;
}

/* An empty packet reads like a closed socket; poll tells them apart. */
static bool hung_up(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLRDHUP };

	return poll(&poll_fd, 1, 0) == 1 &&
	       (poll_fd.revents & (POLLHUP | POLLRDHUP | POLLERR | POLLNVAL));
}

enum frame_status frame_receive(struct frame *frame, int fd, bool handles)
{
	ssize_t n;

	frame->n_fds = 0;
	frame->fds_cut = frame->cut = false;
	frame->length = 0;
	do {
		n = handles ? receive_with_fds(frame, fd) :
			      recv(fd, frame->bytes, sizeof(frame->bytes),
				   MSG_DONTWAIT | MSG_TRUNC);
		/* ECONNRESET is said once, when the other end closed without
		   reading all; what it had sent before is still there. */
	} while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	if (n < 0)
		return errno == EAGAIN || errno == ENOMEM || errno == ENOBUFS ?
		       FRAME_NONE : FRAME_END;
	if (n == 0 && frame->n_fds == 0 && hung_up(fd))
		return FRAME_END;
	frame->cut = (size_t)n > sizeof(frame->bytes);
	frame->length = frame->cut ? sizeof(frame->bytes) : (size_t)n;
	return FRAME_READ;
}

void frame_release(struct frame *frame)
{
	for (uint32_t i = 0; i < frame->n_fds; i++)
		fd_close(&frame->fds[i]);
	frame->n_fds = 0;
}

bool frame_peek(int fd, struct wire_header *header)
{
	return recv(fd, header, sizeof(*header), MSG_DONTWAIT | MSG_PEEK) ==
	       sizeof(*header);
}

bool frame_version_ok(const struct frame *frame)
{
	return frame->length == 0 || frame->header.version == WIRE_VERSION;
}

static bool kind_allowed(uint8_t kind, enum port_side side)
{
	if (kind == WIRE_CANCEL)
		return true;
	if (side == PORT_LISTENER)
		return kind == WIRE_RESPONSE || kind == WIRE_ERROR;
	return kind == WIRE_REQUEST;
}

const char *frame_fault(const struct frame *frame, enum port_side side)
{
	const struct wire_header *h = &frame->header;

	if (frame->cut)
		return "longer than a frame may be";
	if (frame->length < sizeof(*h))
		return "shorter than a header";
	if (frame->fds_cut)
		return "descriptors were cut off";
	if (h->kind == 0 || h->kind >= WIRE_N_KINDS)
		return "of a kind that does not exist";
	if (!kind_allowed(h->kind, side))
		return side == PORT_LISTENER ?
		       "of a kind that does not come from a server" :
		       "of a kind that does not come from a client";
	if (h->flags != 0)
		return "has flags that do not exist";
	if (h->sid != 0)
		return "names a sender, which only the kernel does";
	if (h->status != 0)
		return "has a status, which only the kernel gives";
	if (h->zero != 0)
		return "is not zero where it must be";
	if (h->fixed_size % 8 != 0)
		return "has a fixed size that is no multiple of 8";
	if ((uint64_t)h->fixed_size + h->arena_size + sizeof(*h) !=
	    frame->length)
		return "has sizes that do not add up to its length";
	if (h->n_handles > WIRE_HANDLES_MAX)
		return "has too many handles";
	if (h->n_handles != frame->n_fds)
		return "does not bring the descriptors that it announces";
	if (h->kind == WIRE_CANCEL && (frame->length != sizeof(*h) ||
				       frame->n_fds != 0))
		return "cancels, and has a body";
	return NULL;
}

void frame_begin(struct frame *frame, enum wire_kind kind, uint32_t call,
		 uint64_t trace)
{
	frame->header = (struct wire_header){
		.version = WIRE_VERSION, .kind = (uint8_t)kind, .call = call,
		.trace = trace,
	};
	frame->length = sizeof(frame->header);
	frame->n_fds = 0;
}

int frame_send(int fd, const struct frame *frame, const int *fds,
	       uint32_t n_fds)
{
	union control control;
	struct iovec iov = { (void *)(uintptr_t)frame->bytes, frame->length };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;
	ssize_t n;

	if (n_fds > 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		memset(control.bytes, 0, message.msg_controllen);
		c = CMSG_FIRSTHDR(&message);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	do {
		n = n_fds > 0 ?
		    sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) :
		    send(fd, frame->bytes, frame->length,
			 MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	return 0;
}
