/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The control socket in the mediator of support/world.h, whose launcher is the
 * test, and clients of it. Each suite has one of these. Users are tried with a
 * compiled solution, in tests/system/control.sh, and by tests/fuzz/control.c.
 */
#ifndef TESTS_KERNEL_CONTROL_H
#define TESTS_KERNEL_CONTROL_H

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../kernel/control/client.h"
#include "support/suite.h"
#include "support/world.h"

static struct world *w;
static struct guest *guest;
static int listener;
static struct sockaddr_un address;
static socklen_t address_size;

static struct {
	struct control_answer head;
	uint8_t body[32768];
	int fds[3];
} got;

/* A world of FLAGS, whose control socket is as SETUP says. */
static inline void begin(unsigned flags, struct control_setup *control)
{
	address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1,
		 "dk-control-%d", (int)getpid());
	address_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
				   strlen(address.sun_path + 1));
	listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC,
			  0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address,
			      address_size), 0);
	ck_assert_int_eq(listen(listener, 1000), 0);
	w = world_new(flags);
	/* as the launcher hands it over; ours is a copy, to be counted once */
	control->fd = listener;
	guest = control_new(control);
	ck_assert_ptr_nonnull(guest);
	guest->begin(guest, w->m);
}

static inline void setup(void)
{
	struct control_setup control = { .owner = getuid() };

	begin(0, &control);
}

/* Ends everything: no charge and no descriptor may be left. */
static inline void teardown(void)
{
	world_turn(w);
	ck_assert_uint_eq(container_of(guest, struct control, guest)->n_clients,
			  0);
	world_end(w);
	control_free(guest);
}

/* Who connects as another is nobody to the daemon, which has not looked yet. */
static inline int knock_as(uid_t uid)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(seteuid(uid), 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, address_size),
			 0);
	ck_assert_int_eq(seteuid(getuid()), 0);
	return fd;
}

static inline int come_as(uid_t uid)
{
	int fd = knock_as(uid);

	world_turn(w);
	return fd;
}

static inline int come(void)
{
	return come_as(getuid());
}

static inline void leave(int fd)
{
	close(fd);
	world_turn(w);
}

static inline void put(int fd, const void *bytes, size_t n)
{
	ck_assert_int_eq(send(fd, bytes, n, MSG_NOSIGNAL), (ssize_t)n);
	world_turn(w);
}

/* A request is sent, and nobody has looked at it yet. */
static inline void post(int fd, enum control_op op, uint32_t argument, const char *text)
{
	uint8_t packet[600];
	size_t n = strlen(text);
	struct control_request head = { CONTROL_VERSION, (uint8_t)op,
					(uint16_t)n, argument };

	memcpy(packet, &head, sizeof(head));
	memcpy(packet + sizeof(head), text, n);
	n += sizeof(head);
	ck_assert_int_eq(send(fd, packet, n, MSG_NOSIGNAL), (ssize_t)n);
}

static inline void ask(int fd, enum control_op op, uint32_t argument, const char *text)
{
	post(fd, op, argument, text);
	world_turn(w);
}

/* The next answer. False: there is none; END: the connection has ended. */
static inline bool next(int fd, bool *end)
{
	union {
		char bytes[CMSG_SPACE(sizeof(got.fds))];
		struct cmsghdr align;
	} rights;
	struct iovec parts[2] = { { &got.head, sizeof(got.head) },
				  { got.body, sizeof(got.body) } };
	struct msghdr packet = { .msg_iov = parts, .msg_iovlen = 2,
				 .msg_control = rights.bytes,
				 .msg_controllen = sizeof(rights.bytes) };
	ssize_t n = recvmsg(fd, &packet, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *c;

	*end = n == 0 || (n < 0 && errno == ECONNRESET);
	if (n <= 0)
		return false;
	got.fds[0] = got.fds[1] = got.fds[2] = -1;
	c = CMSG_FIRSTHDR(&packet);
	if (c)
		memcpy(got.fds, CMSG_DATA(c), sizeof(got.fds));
	ck_assert_int_eq(n, (ssize_t)(sizeof(got.head) + got.head.size));
	ck_assert_uint_eq(got.head.version, CONTROL_VERSION);
	return true;
}

static inline void expect(int fd, enum control_kind kind)
{
	bool end;

	ck_assert_msg(next(fd, &end), "no answer%s", end ? ", hang-up" : "");
	ck_assert_msg(got.head.kind == kind, "kind %u, not %u; status %u",
		      got.head.kind, kind, got.head.status);
}

static inline void expect_done(int fd, enum control_status status)
{
	expect(fd, CONTROL_DONE);
	ck_assert_msg(got.head.status == status, "status %u, not %u",
		      got.head.status, status);
}

static inline void expect_nothing(int fd)
{
	bool end;

	ck_assert_msg(!next(fd, &end) && !end, "an answer, or a hang-up");
}

static inline void expect_end(int fd)
{
	bool end;

	ck_assert(!next(fd, &end));
	ck_assert(end);
}

#endif
