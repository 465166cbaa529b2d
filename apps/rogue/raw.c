/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "raw.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct own own = { .victim = -1, .lair = -1 };

void say(const char *format, ...)
{
	char line[512];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line) - 1, format, args);
	va_end(args);
	if (n < 0)
		return;
	if ((size_t)n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	if (write(1, line, (size_t)n) < 0)
		_exit(9);
}

const char *status_name(unsigned status)
{
	static const char *const names[DK_N_STATUS] = {
		"OK", "FAIL", "INVALID_ARGUMENT", "SECURITY_DISALLOW",
		"NOT_CONNECTED", "TIMEOUT", "NOT_FOUND", "BUSY", "NO_MEMORY",
		"BAD_MESSAGE", "QUOTA", "DEADLOCK", "CANCELED", "UNSUPPORTED"
	};

	return status < DK_N_STATUS ? names[status] : "UNKNOWN";
}

uint32_t dice(void)
{
	static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

void rest(unsigned ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &t, &t) == EINTR)
		;
}

ssize_t raw_recv(int fd, struct frame *frame, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return -1;
	n = recv(fd, frame, sizeof(*frame), 0);
	return n < 0 ? 0 : n;
}

static const char *name_of(const struct frame *frame, const struct wire_hello *h,
			   uint32_t name)
{
	size_t strings = frame->header.fixed_size - h->strings;

	return (const char *)frame->body + strings + name;
}

void raw_hello(void)
{
	static struct frame frame;
	const struct wire_hello *h = (const void *)frame.body;
	const struct wire_end *ends = (const void *)(h + 1);
	const struct wire_endpoint *endpoints;

	if (raw_recv(WIRE_KERNEL_FD, &frame, 5000) <= 0 ||
	    frame.header.kind != WIRE_HELLO) {
		say("no hello came");
		_exit(8);
	}
	own.sid = h->sid;
	endpoints = (const void *)(ends + h->n_ends);
	for (uint32_t i = 0; i < h->n_ends; i++) {
		const char *name = name_of(&frame, h, ends[i].name);

		if (strcmp(name, "victim") == 0)
			own.victim = (int)ends[i].fd;
		if (strcmp(name, "lair") == 0)
			own.lair = (int)ends[i].fd;
	}
	for (uint32_t i = 0; i < h->n_endpoints; i++) {
		if (strcmp(name_of(&frame, h, endpoints[i].path), "echo") == 0)
			own.victim_riid = (uint16_t)endpoints[i].riid;
	}
}

void raw_request(struct frame *frame, uint16_t mid, uint32_t fixed_size)
{
	static uint32_t call;

	memset(&frame->header, 0, sizeof(frame->header));
	memset(frame->body, 0, fixed_size);
	frame->header.version = WIRE_VERSION;
	frame->header.kind = WIRE_REQUEST;
	frame->header.call = ++call;
	frame->header.riid = own.victim_riid;
	frame->header.mid = mid;
	frame->header.fixed_size = fixed_size;
	frame->header.deadline_ms = 2000;
}

struct wire_chunk raw_store(struct frame *frame, const void *bytes,
			    uint32_t size)
{
	struct wire_header *h = &frame->header;
	struct wire_chunk chunk = { (h->arena_size + 7) & ~7u, size };
	uint8_t *arena = frame->body + h->fixed_size;

	memset(arena + h->arena_size, 0, chunk.offset - h->arena_size);
	memcpy(arena + chunk.offset, bytes, size);
	h->arena_size = chunk.offset + size;
	return chunk;
}

ssize_t raw_send(int fd, const struct frame *frame)
{
	return raw_send_bytes(fd, frame, sizeof(frame->header) +
			      frame->header.fixed_size +
			      frame->header.arena_size, 0);
}

ssize_t raw_send_bytes(int fd, const void *bytes, size_t size, int flags)
{
	ssize_t n;

	do
		n = send(fd, bytes, size, flags | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n;
}

ssize_t raw_send_fds(int fd, const struct frame *frame, const int *fds,
		     size_t n)
{
	_Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(256 * sizeof(int))];
	struct iovec iov = {
		.iov_base = (void *)(uintptr_t)frame,
		.iov_len = sizeof(frame->header) + frame->header.fixed_size +
			   frame->header.arena_size,
	};
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cmsg;

	memset(control, 0, sizeof(control));
	msg.msg_control = control;
	msg.msg_controllen = CMSG_SPACE(n * sizeof(int));
	cmsg = CMSG_FIRSTHDR(&msg);
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(cmsg), fds, n * sizeof(int));
	return sendmsg(fd, &msg, MSG_NOSIGNAL);
}

int raw_answer(int fd, uint32_t call, int ms, uint16_t *status)
{
	static struct frame frame;

	*status = DK_OK;
	while (raw_recv(fd, &frame, ms) > 0) {
		if (frame.header.call != call)
			continue;
		*status = frame.header.status;
		return frame.header.kind;
	}
	return 0;
}
