/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Descriptors where none belong, too many of them, and the socket itself as
 * cargo. The mediator must not keep one of them.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attacks.h"
#include "hail.h"
#include "raw.h"
#include "sizes.h"

static void plain(struct frame *f)
{
	raw_request(f, rogue_IEcho_Plain_mid, FIXED(Plain));
	memcpy(f->body, &(uint32_t){ 4711 }, 4);
}

static void give(struct frame *f)
{
	struct wire_handle handle = { 0, WIRE_RIGHT_CALL, 0 };

	raw_request(f, rogue_IEcho_Give_mid, FIXED(Give));
	memcpy(PLACE(f, Give, what), &handle, sizeof(handle));
	f->header.n_handles = 1;
}

/* N descriptors on frames of MAKE, TIMES over; counts what comes back. */
static void burden(const char *name, void (*make)(struct frame *), int fd,
		   size_t n, uint32_t times)
{
	static struct frame f;
	uint32_t refused = 0, answered = 0, unsent = 0, silent = 0;
	uint16_t status;
	int fds[256];

	for (size_t i = 0; i < 256; i++)
		fds[i] = fd;
	for (uint32_t i = 0; i < times; i++) {
		make(&f);
		if (raw_send_fds(own.victim, &f, fds, n) < 0) {
			unsent++;
			continue;
		}
		switch (raw_answer(own.victim, f.header.call, 2000, &status)) {
		case WIRE_STATUS:
			refused++;
			break;
		case 0:
			silent++;
			break;
		default:
			answered++;
		}
		if (silent >= 3)
			break;
	}
	say("%s: %zu descriptors: refused %u, answered %u, unsent %u, silent %u",
	    name, n, refused, answered, unsent, silent);
}

static void many(const struct attack *attack, int argc, char **argv)
{
	static const size_t counts[] = { 1, 2, 63, 64, 65, 252, 253, 254 };

	(void)argc;
	(void)argv;
	raw_hello();
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		burden(attack->name, plain, 1, counts[i], 50);
	hail_good(attack->name, own.victim, 3);
}

static void promised(const struct attack *attack, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	raw_hello();
	burden(attack->name, give, 1, 2, 100);	/* one promised, two come */
	burden(attack->name, give, 1, 253, 100);
	hail_good(attack->name, own.victim, 3);
}

/* A descriptor of another kind than a handle's socket: the output pipe. */
static void foreign(const struct attack *attack, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	raw_hello();
	burden(attack->name, give, 1, 1, 300);
	hail_good(attack->name, own.victim, 3);
}

/* The socket through itself, and the kernel's end: what keeps itself alive. */
static void circle(const struct attack *attack, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	raw_hello();
	burden(attack->name, give, own.victim, 1, 300);
	burden(attack->name, give, WIRE_KERNEL_FD, 1, 300);
	hail_good(attack->name, own.victim, 3);
}

/* By turns with and without, each with its own tag in the text. */
static void turns(const struct attack *attack, int argc, char **argv)
{
	static struct frame f, answer;
	uint32_t right = 0, wrong = 0;

	(void)argc;
	(void)argv;
	raw_hello();
	for (uint32_t i = 0; i < 2000; i++) {
		ssize_t n;
		uint32_t call;

		if (i % 2) {
			give(&f);
			n = raw_send_fds(own.victim, &f, &(int){ 1 }, 1);
		} else {
			plain(&f);
			n = raw_send(own.victim, &f);
		}
		call = f.header.call;
		if (n < 0 || raw_recv(own.victim, &answer, 2000) <= 0)
			break;
		if (answer.header.call == call &&
		    answer.header.n_handles == 0)
			right++;
		else
			wrong++;
	}
	say("%s: right %u, wrong %u", attack->name, right, wrong);
}

/* As many frames with descriptors as go through, and none awaited. */
static void flight(const struct attack *attack, int argc, char **argv)
{
	static struct frame f;
	uint32_t sent = 0, errors = 0;
	int fds[64];

	(void)argc;
	(void)argv;
	raw_hello();
	for (size_t i = 0; i < 64; i++)
		fds[i] = 1;
	for (uint32_t i = 0; i < 5000; i++) {
		give(&f);
		if (raw_send_fds(own.victim, &f, fds, 64) < 0) {
			errors++;
			if (errno == EAGAIN)
				break;
		} else {
			sent++;
		}
		while (raw_recv(own.victim, &f, 0) > 0)
			;
	}
	say("%s: sent %u, errors %u", attack->name, sent, errors);
	rest(200);
	while (raw_recv(own.victim, &f, 0) > 0)
		;
	hail_good(attack->name, own.victim, 3);
}

/* Listing what it was born with: none of them a folder, none unknown. */
static void inherited(const struct attack *attack, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (int fd = 0; fd < 1024; fd++) {
		if (write(fd, "", 0) < 0 && errno == EBADF &&
		    recv(fd, NULL, 0, MSG_DONTWAIT) < 0 && errno == EBADF)
			continue;
		say("%s: has descriptor %d", attack->name, fd);
	}
}

/*
 * Control data of odd length: 1 and 3 descriptors in two parts, the last without
 * the padding that brings it to a word, and with some bytes of half a descriptor.
 */
static void odd(const struct attack *attack, int argc, char **argv)
{
	static struct frame f;
	_Alignas(struct cmsghdr) uint8_t control[128];
	uint32_t refused = 0, other = 0, unsent = 0;
	uint16_t status;

	(void)argc;
	(void)argv;
	raw_hello();
	for (uint32_t i = 0; i < 400; i++) {
		struct iovec part = { &f, sizeof(f.header) + FIXED(Plain) };
		struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1,
				    .msg_control = control };
		size_t first = i % 2 ? CMSG_SPACE(4) : 0;
		struct cmsghdr *head = (void *)(control + first);

		memset(control, 0, sizeof(control));
		plain(&f);
		if (first)
			*(struct cmsghdr *)(void *)control = (struct cmsghdr){
				CMSG_LEN(4), SOL_SOCKET, SCM_RIGHTS };
		*head = (struct cmsghdr){ CMSG_LEN(12) + i % 4, SOL_SOCKET,
					  SCM_RIGHTS };
		m.msg_controllen = first + head->cmsg_len;
		if (sendmsg(own.victim, &m, MSG_NOSIGNAL) < 0)
			unsent++;
		else if (raw_answer(own.victim, f.header.call, 2000, &status)
			 == WIRE_STATUS)
			refused++;
		else
			other++;
	}
	say("%s: refused %u, other %u, unsent %u", attack->name, refused, other,
	    unsent);
	hail_good(attack->name, own.victim, 3);
}

/* A byte out of band, sent and asked for, of the two sockets it has. */
static void urgent(const struct attack *attack, int argc, char **argv)
{
	char byte = 'x';

	(void)argc;
	(void)argv;
	raw_hello();
	for (int i = 0; i < 2; i++) {
		int fd = i == 0 ? own.victim : WIRE_KERNEL_FD;

		errno = 0;
		say("%s: send %zd", attack->name,
		    raw_send_bytes(fd, &byte, 1, MSG_OOB));
		say("%s: errno %d", attack->name, errno);
		errno = 0;
		say("%s: recv %zd", attack->name,
		    recv(fd, &byte, 1, MSG_OOB | MSG_DONTWAIT));
		say("%s: errno %d", attack->name, errno);
	}
	hail_good(attack->name, own.victim, 3);
}

const struct attack descriptors_attacks[] = {
	{ "C1_many_descriptors", many, NULL },
	{ "C2_odd_control", odd, NULL },
	{ "C5_more_than_promised", promised, NULL },
	{ "C22_foreign_descriptor", foreign, NULL },
	{ "C4_socket_in_itself", circle, NULL },
	{ "C5_by_turns", turns, NULL },
	{ "C4_in_flight", flight, NULL },
	{ "C14_out_of_band", urgent, NULL },
	{ "A10_inherited_descriptors", inherited, NULL },
	{ 0 }
};
