/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Ends at every point of a life. Whatever was under way belongs to nobody then,
 * and every charge must go back.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attacks.h"
#include "raw.h"
#include "sizes.h"

static void ask(struct frame *f)
{
	struct wire_chunk chunk;

	raw_request(f, rogue_IEcho_Echo_mid, FIXED(Echo));
	chunk = raw_store(f, "the last words", 15);
	memcpy(f->body, &chunk, sizeof(chunk));
	raw_send(own.victim, f);
}

/* Listens on the connection manager until it dies. */
static void listen_for_ever(struct frame *f)
{
	raw_request(f, 1, 16);
	f->header.riid = 0;
	f->header.deadline_ms = WIRE_DEADLINE_CAP;
	memcpy(f->body + 8, &(uint32_t){ 0xffffffff }, 4);
	raw_send(WIRE_KERNEL_FD, f);
}

static void run(const struct attack *attack, int argc, char **argv)
{
	static struct frame f;
	int point = argc > 0 ? atoi(argv[0]) : 0;

	say("%s: point %d", attack->name, point);
	if (point == 0)
		_exit(0);			/* before the hello is read */
	raw_hello();
	switch (point) {
	case 1:
		_exit(0);
	case 2:
		ask(&f);			/* with a call under way */
		_exit(0);
	case 3:
		ask(&f);
		rest(50);			/* with an answer unread */
		_exit(0);
	case 4:
		close(own.victim);		/* its end of a channel */
		rest(100);
		_exit(0);
	case 5:
		ask(&f);
		close(own.victim);		/* and the call with it */
		rest(100);
		_exit(0);
	case 6:
		close(WIRE_KERNEL_FD);		/* the kernel's own */
		rest(300);
		_exit(0);
	case 7:
		listen_for_ever(&f);
		rest(50);
		_exit(0);
	case 8:
		listen_for_ever(&f);
		close(WIRE_KERNEL_FD);
		rest(300);
		_exit(0);
	case 9:
		close(1);			/* its output */
		close(2);
		ask(&f);
		rest(50);
		_exit(0);
	case 10:
		for (int fd = 0; fd < 64; fd++)
			close(fd);
		rest(300);
		_exit(0);
	case 11:
		raw_send_bytes(own.victim, "", 1, 0);	/* a torn frame */
		_exit(0);
	case 12:
		ask(&f);
		*(volatile int *)(uintptr_t)own.victim = 0;	/* SIGSEGV */
		_exit(0);
	case 13:
		ask(&f);
		abort();
	default:
		_exit(2);
	}
}

const struct attack ends_attacks[] = {
	{ "C23_ends_at", run, NULL },
	{ 0 }
};
