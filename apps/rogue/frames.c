/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Malformed headers: ten thousand of each kind, one field at a time, and in
 * between good requests, which must go on being answered.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attacks.h"
#include "hail.h"
#include "raw.h"
#include "sizes.h"

static size_t good(struct frame *f)
{
	raw_request(f, rogue_IEcho_Plain_mid, FIXED(Plain));
	memcpy(f->body, &(uint32_t){ 4711 }, 4);
	return sizeof(f->header) + FIXED(Plain);
}

static size_t bad_kind(struct frame *f, uint32_t i)
{
	static const uint8_t kinds[] = { 0, 2, 3, 4, 5, 6, 7, 9, 128, 255 };
	size_t size = good(f);

	f->header.kind = kinds[i % sizeof(kinds)];
	return size;
}

static size_t bad_flags(struct frame *f, uint32_t i)
{
	size_t size = good(f);

	f->header.flags = (uint16_t)(1u << i % 16);
	return size;
}

static size_t bad_sid(struct frame *f, uint32_t i)
{
	size_t size = good(f);

	f->header.sid = i % 8 + 1;	/* the kernel's, others', its own */
	return size;
}

static size_t bad_riid(struct frame *f, uint32_t i)
{
	size_t size = good(f);

	f->header.riid = (uint16_t)(f->header.riid + 1 + i % 65535);
	return size;
}

static size_t bad_mid(struct frame *f, uint32_t i)
{
	size_t size = good(f);

	f->header.mid = (uint16_t)(4 + i % 65532);
	return size;
}

static size_t bad_fixed(struct frame *f, uint32_t i)
{
	static const uint32_t sizes[] = {
		0, 1, 4, 7, 9, 16, 24, 65536, 65537, 0x7fffffff, 0x80000000,
		0xffffffd0, 0xfffffff8, 0xffffffff
	};
	size_t size = good(f);

	f->header.fixed_size = sizes[i % (sizeof(sizes) / sizeof(sizes[0]))];
	return size;
}

static size_t bad_arena(struct frame *f, uint32_t i)
{
	static const uint32_t sizes[] = {
		1, 7, 8, 64, 65536, 65537, 0x7fffffff, 0x80000000, 0xffffffc8,
		0xfffffff8, 0xffffffff
	};
	size_t size = good(f);

	f->header.arena_size = sizes[i % (sizeof(sizes) / sizeof(sizes[0]))];
	return size;
}

/* Fixed and arena sizes whose sum in 32 bits is the true one. */
static size_t wrapped_sum(struct frame *f, uint32_t i)
{
	size_t size = good(f);

	f->header.arena_size = 0xffffffffu - (i & 0xfff8);
	f->header.fixed_size = FIXED(Plain) - f->header.arena_size;
	return size;
}

static size_t bad_handles(struct frame *f, uint32_t i)
{
	static const uint16_t counts[] = { 1, 2, 64, 65, 253, 256, 65535 };
	size_t size = good(f);

	f->header.n_handles = counts[i % (sizeof(counts) / sizeof(counts[0]))];
	return size;
}

static size_t bad_status(struct frame *f, uint32_t i)
{
	size_t size = good(f);

	f->header.status = (uint16_t)(1 + i % 65535);
	return size;
}

static size_t bad_zero(struct frame *f, uint32_t i)
{
	size_t size = good(f);

	f->header.zero = UINT64_C(1) << i % 64;
	return size;
}

static size_t too_short(struct frame *f, uint32_t i)
{
	good(f);
	return 1 + i % 47;
}

static size_t too_long(struct frame *f, uint32_t i)
{
	good(f);
	f->header.arena_size = WIRE_BODY_MAX + 8 + i % 4000 - FIXED(Plain);
	return sizeof(f->header) + FIXED(Plain) + f->header.arena_size;
}

static size_t cut(struct frame *f, uint32_t i)
{
	return good(f) - 1 - i % FIXED(Plain);
}

static size_t tail(struct frame *f, uint32_t i)
{
	return good(f) + 1 + i % 4000;
}

static size_t any(struct frame *f, uint32_t i)
{
	size_t size = sizeof(f->header) + dice() % 512;
	uint8_t *bytes = (uint8_t *)f;

	(void)i;
	for (size_t k = 0; k < size; k++)
		bytes[k] = (uint8_t)dice();
	f->header.version = WIRE_VERSION;
	if (f->header.kind == WIRE_CANCEL)
		f->header.kind = 0;
	if (dice() % 2) {		/* past the first checks */
		f->header.kind = WIRE_REQUEST;
		f->header.flags = 0;
		f->header.sid = 0;
		f->header.n_handles = 0;
		f->header.status = 0;
		f->header.zero = 0;
	}
	return size;
}

static size_t a_version(struct frame *f, uint32_t i)
{
	size_t size = good(f);

	f->header.version = (uint8_t)(2 + i % 254);
	return size;
}

static void run(const struct attack *attack, int argc, char **argv)
{
	uint32_t n = argc > 0 ? (uint32_t)atoi(argv[0]) : 10000;

	raw_hello();
	hail(attack->name, own.victim, n, attack->make);
}

static void run_version(const struct attack *attack, int argc, char **argv)
{
	static struct frame f;
	size_t size;

	(void)argc;
	(void)argv;
	raw_hello();
	size = a_version(&f, 0);
	raw_send_bytes(own.victim, &f, size, 0);
	rest(3000);
	say("%s: SURVIVED", attack->name);
}

/* A packet of no bytes looks like the end of the stream to a careless reader. */
static void run_empty(const struct attack *attack, int argc, char **argv)
{
	uint32_t n = 1000;

	(void)argc;
	(void)argv;
	raw_hello();
	while (n-- > 0 && raw_send_bytes(own.victim, "", 0, 0) == 0)
		;
	rest(100);
	hail_good(attack->name, own.victim, 1);
}

/* Nonsense to the kernel's own endpoints. */
static void run_kernel(const struct attack *attack, int argc, char **argv)
{
	uint32_t n = argc > 0 ? (uint32_t)atoi(argv[0]) : 10000;

	raw_hello();
	hail(attack->name, WIRE_KERNEL_FD, n, any);
}

const struct attack frames_attacks[] = {
	{ "C8_kind", run, bad_kind },
	{ "C8_flags", run, bad_flags },
	{ "C22_forged_sid", run, bad_sid },
	{ "C8_riid", run, bad_riid },
	{ "C8_mid", run, bad_mid },
	{ "C8_fixed_size", run, bad_fixed },
	{ "C8_arena_size", run, bad_arena },
	{ "C8_wrapped_sum", run, wrapped_sum },
	{ "C8_handle_count", run, bad_handles },
	{ "C8_status_field", run, bad_status },
	{ "C8_reserved_field", run, bad_zero },
	{ "C8_short_frame", run, too_short },
	{ "C8_long_frame", run, too_long },
	{ "C8_cut_frame", run, cut },
	{ "C8_tail_behind_frame", run, tail },
	{ "C8_random_bytes", run, any },
	{ "C8_wrong_version", run_version, NULL },
	{ "C8_empty_packet", run_empty, NULL },
	{ "C8_kernel_endpoint", run_kernel, NULL },
	{ 0 }
};
