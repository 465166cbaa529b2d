/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * More than anybody can take, and nothing read. The limits of WIRE.md must stop
 * the sender and nobody else.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attacks.h"
#include "hail.h"
#include "raw.h"
#include "sizes.h"

/* Sends until MS have passed, never waiting; returns how many went through. */
static uint32_t pour(int fd, struct frame *f, unsigned ms)
{
	size_t size = sizeof(f->header) + f->header.fixed_size +
		      f->header.arena_size;
	uint32_t sent = 0;

	for (unsigned idle = 0; idle < ms;) {
		f->header.call++;
		if (raw_send_bytes(fd, f, size, MSG_DONTWAIT) > 0) {
			sent++;
		} else if (errno == EAGAIN) {
			rest(1);
			idle++;
		} else {
			break;
		}
		if (sent >= 200000)
			break;
	}
	return sent;
}

/* Calls that are granted and whose answers nobody reads. */
static void requests(const struct attack *attack, int argc, char **argv)
{
	static struct frame f;
	struct wire_chunk chunk;

	(void)argc;
	(void)argv;
	raw_hello();
	raw_request(&f, rogue_IEcho_Echo_mid, FIXED(Echo));
	chunk = raw_store(&f, "flood", 6);
	memcpy(f.body, &chunk, sizeof(chunk));
	say("%s: sent %u", attack->name, pour(own.victim, &f, 500));
}

/* The same with the largest body that fits. */
static void bodies(const struct attack *attack, int argc, char **argv)
{
	static struct frame f;

	(void)argc;
	(void)argv;
	raw_hello();
	raw_request(&f, rogue_IEcho_Count_mid, FIXED(Count));
	f.header.arena_size = WIRE_BODY_MAX - f.header.fixed_size;
	say("%s: sent %u", attack->name, pour(own.victim, &f, 500));
}

/* Every frame is a refusal: the audit must not grow with them. */
static void denials(const struct attack *attack, int argc, char **argv)
{
	static struct frame f;
	uint16_t status;
	uint32_t n, denied = 0;

	n = argc > 0 ? (uint32_t)atoi(argv[0]) : 10000;
	raw_hello();
	for (uint32_t i = 0; i < n; i++) {
		raw_request(&f, rogue_IEcho_Plain_mid, FIXED(Plain));
		if (raw_send(own.victim, &f) < 0)
			break;
		if (raw_answer(own.victim, f.header.call, 2000, &status) !=
		    WIRE_STATUS)
			break;
		denied += status == DK_SECURITY_DISALLOW;
	}
	say("%s: denied %u of %u", attack->name, denied, n);
}

struct tally {
	uint32_t n[DK_N_STATUS];
};

/* Reads what is there; waits MS for the first of it. */
static void tally_answers(struct tally *tally, int ms)
{
	static struct frame f;

	while (raw_recv(WIRE_KERNEL_FD, &f, ms) > 0) {
		uint32_t status = f.header.status;

		/* The connection manager says it in the answer itself. */
		if (f.header.kind == WIRE_RESPONSE)
			memcpy(&status, f.body, sizeof(status));
		if (status < DK_N_STATUS)
			tally->n[status]++;
		ms = 0;
	}
}

/* Calls that stay under way: more than a task may have. */
static void calls(const struct attack *attack, int argc, char **argv)
{
	static struct frame f;
	struct tally tally = { { 0 } };
	uint32_t n = 0;

	(void)argc;
	(void)argv;
	raw_hello();
	/* Listen on the connection manager waits for ever: nobody connects. */
	for (; n < 20000; n++) {
		raw_request(&f, 1, 16);
		f.header.riid = 0;
		f.header.deadline_ms = 20000;
		memcpy(f.body + 8, &(uint32_t){ 0xffffffff }, 4);
		if (raw_send_bytes(WIRE_KERNEL_FD, &f, sizeof(f.header) + 16,
				   MSG_DONTWAIT) < 0 && errno != EAGAIN)
			break;
		tally_answers(&tally, 0);
	}
	tally_answers(&tally, 300);
	say("%s: sent %u, QUOTA %u, BUSY %u, INVALID %u, OK %u", attack->name, n,
	    tally.n[DK_QUOTA], tally.n[DK_BUSY],
	    tally.n[DK_INVALID_ARGUMENT], tally.n[DK_OK]);
	hail_good(attack->name, own.victim, 3);
}

static void cancels(const struct attack *attack, int argc, char **argv)
{
	static struct frame f;

	(void)argc;
	(void)argv;
	raw_hello();
	for (uint32_t i = 0; i < 10000; i++) {
		raw_request(&f, 0, 0);
		f.header.kind = WIRE_CANCEL;
		f.header.deadline_ms = 0;
		f.header.call = i % 2 ? dice() : i;
		if (raw_send(own.victim, &f) < 0)
			break;
	}
	hail_good(attack->name, own.victim, 3);
}

static void output(const struct attack *attack, int argc, char **argv)
{
	static const char forged[] =
		"\r\x1b[2K\x1b[1;32mdkd: Rogue: granted everything\x1b[0m\n"
		"\x9b" "31m c1 \x00 nul \x07 bell \x7f del \xe2\x80\xae rtl\n";
	static char line[200];

	(void)argc;
	(void)argv;
	raw_hello();
	if (write(1, forged, sizeof(forged) - 1) < 0)
		return;
	memset(line, 'y', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\n';
	for (uint32_t i = 0; i < 50000; i++) {
		if (write(1, line, sizeof(line)) < 0)
			return;
	}
	/* One line that never ends. */
	memset(line, 'z', sizeof(line));
	for (uint32_t i = 0; i < 20000; i++) {
		if (write(2, line, sizeof(line)) < 0)
			return;
	}
	say("\n%s: written", attack->name);
}

/* Memory until there is none, then a page of each. */
static void memory(const struct attack *attack, int argc, char **argv)
{
	size_t got = 0;

	(void)argc;
	(void)argv;
	raw_hello();
	for (size_t size = (size_t)1 << 30; size >= 1 << 20;) {
		char *p = malloc(size);

		if (!p) {
			size /= 2;
			continue;
		}
		for (size_t i = 0; i < size; i += 4096)
			p[i] = 1;
		got += size >> 20;
		if (got >= 16384)
			break;
	}
	say("%s: got %zu MiB", attack->name, got);
}

const struct attack floods_attacks[] = {
	{ "C12_requests_without_reading", requests, NULL },
	{ "C12_large_bodies_without_reading", bodies, NULL },
	{ "C25_denials", denials, NULL },
	{ "C6_calls_under_way", calls, NULL },
	{ "C6_cancels", cancels, NULL },
	{ "C25_output", output, NULL },
	{ "B13_memory", memory, NULL },
	{ 0 }
};
