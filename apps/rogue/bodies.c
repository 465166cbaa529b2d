/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Good headers, bad bodies: what a reader that believes a descriptor would read
 * beyond, twice, or for ever; and one that changes while it is sent.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "attacks.h"
#include "hail.h"
#include "raw.h"
#include "sizes.h"

static size_t whole(const struct frame *f)
{
	return sizeof(f->header) + f->header.fixed_size + f->header.arena_size;
}

static void put(uint8_t *place, struct wire_chunk chunk)
{
	memcpy(place, &chunk, sizeof(chunk));
}

/* Echo with SIZE bytes of text, terminator included. */
static size_t echo(struct frame *f, const void *text, uint32_t size)
{
	raw_request(f, rogue_IEcho_Echo_mid, FIXED(Echo));
	put(PLACE(f, Echo, text), raw_store(f, text, size));
	return whole(f);
}

static void count(struct frame *f)
{
	raw_request(f, rogue_IEcho_Count_mid, FIXED(Count));
}

static size_t chunk_range(struct frame *f, uint32_t i)
{
	static const struct wire_chunk chunks[] = {
		{ 0, 9 }, { 8, 1 }, { 4, 5 }, { 0x7fffffff, 2 },
		{ 0xffffffff, 1 }, { 0xfffffffc, 8 }, { 1, 0xffffffff },
		{ 0, 0xffffffff }, { 0x80000000, 0x80000000 }
	};
	size_t size = echo(f, "1234567", 8);

	put(PLACE(f, Echo, text), chunks[i % (sizeof(chunks) / sizeof(chunks[0]))]);
	return size;
}

static size_t chunk_align(struct frame *f, uint32_t i)
{
	static const uint8_t zeroes[64];
	struct wire_chunk chunk;

	count(f);
	chunk = raw_store(f, zeroes, sizeof(zeroes));
	chunk.offset += 1 + i % 7;
	chunk.size = 16;
	put(PLACE(f, Count, numbers), chunk);
	return whole(f);
}

static size_t chunk_count(struct frame *f, uint32_t i)
{
	static const uint8_t zeroes[1024];
	struct wire_chunk chunk;

	count(f);
	chunk = raw_store(f, zeroes, i % 2 ? 72 : 64);	/* 9 > 8 numbers */
	if (i % 2 == 0)
		chunk.size = 63 - i / 2 % 7;		/* not a multiple */
	put(PLACE(f, Count, numbers), chunk);
	return whole(f);
}

/* Sixteen items, and all their names are one and the same chunk. */
static size_t aliases(struct frame *f, uint32_t i)
{
	rogue_IEcho_Item items[16];
	struct wire_chunk list, name;

	(void)i;
	memset(items, 0, sizeof(items));
	count(f);
	list = raw_store(f, items, sizeof(items));
	name = raw_store(f, "the same name, again and again", 31);
	for (size_t k = 0; k < 16; k++)
		memcpy(&items[k].name, &name, sizeof(name));
	memcpy(f->body + f->header.fixed_size + list.offset, items,
	       sizeof(items));
	put(PLACE(f, Count, items), list);
	return whole(f);
}

/* A list that lies upon itself: its elements' names are the list. */
static size_t overlap(struct frame *f, uint32_t i)
{
	rogue_IEcho_Item items[2];
	struct wire_chunk list;

	count(f);
	memset(items, 0, sizeof(items));
	list = raw_store(f, items, sizeof(items));
	for (size_t k = 0; k < 2; k++) {
		struct wire_chunk self_chunk = { list.offset, 8 + i % 8 };

		memcpy(&items[k].name, &self_chunk, sizeof(self_chunk));
	}
	memcpy(f->body + f->header.fixed_size + list.offset, items,
	       sizeof(items));
	put(PLACE(f, Count, items), list);
	return whole(f);
}

static size_t string_nul(struct frame *f, uint32_t i)
{
	char text[] = "abcdefghijklmno";

	text[i % (sizeof(text) - 1)] = '\0';
	return echo(f, text, sizeof(text));
}

static size_t string_open(struct frame *f, uint32_t i)
{
	return echo(f, "no terminator at all", 1 + i % 20);
}

static size_t string_utf8(struct frame *f, uint32_t i)
{
	static const char *const bad[] = {
		"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80",
		"\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80",
		"\xff", "\xe2\x82", "\xc3", "a\xfe"
	};
	const char *text = bad[i % (sizeof(bad) / sizeof(bad[0]))];

	return echo(f, text, (uint32_t)strlen(text) + 1);
}

static size_t string_long(struct frame *f, uint32_t i)
{
	char text[2048];
	uint32_t n = 65 + i % 1900;

	memset(text, 'x', n);
	text[n] = '\0';
	return echo(f, text, n + 1);
}

static size_t union_tag(struct frame *f, uint32_t i)
{
	uint32_t tag = 3 + i * 7919;

	count(f);
	memcpy(PLACE(f, Count, pick), &tag, sizeof(tag));
	return whole(f);
}

/* The other member's bytes under a tag that makes a descriptor of them. */
static size_t union_confused(struct frame *f, uint32_t i)
{
	uint32_t words[4] = { 1 + i % 2, 0x41414141, 0x41414141, 0x41414141 };

	count(f);
	memcpy(PLACE(f, Count, pick), words,
	       sizeof(rogue_IEcho_Pick) < sizeof(words) ?
	       sizeof(rogue_IEcho_Pick) : sizeof(words));
	return whole(f);
}

static size_t arena_over(struct frame *f, uint32_t i)
{
	echo(f, "text", 5);
	f->header.arena_size = 4096 + i % 4096;
	memset(f->body + f->header.fixed_size + 5, 0, f->header.arena_size);
	return whole(f);
}

static size_t handle_index(struct frame *f, uint32_t i)
{
	struct wire_handle handle = { i % 300, WIRE_RIGHT_CALL, 0 };

	raw_request(f, rogue_IEcho_Give_mid, FIXED(Give));
	memcpy(PLACE(f, Give, what), &handle, sizeof(handle));
	return whole(f);
}

/* Every byte by chance, sizes right: some are even good. */
static size_t chance(struct frame *f, uint32_t i)
{
	uint32_t n = dice() % 256;

	(void)i;
	count(f);
	f->header.arena_size = n;
	for (uint32_t k = 0; k < f->header.fixed_size + n; k++)
		f->body[k] = (uint8_t)(dice() % 3 ? 0 : dice() % 64);
	return whole(f);
}

static void run(const struct attack *attack, int argc, char **argv)
{
	uint32_t n = argc > 0 ? (uint32_t)atoi(argv[0]) : 10000;

	raw_hello();
	hail(attack->name, own.victim, n, attack->make);
}

/* Plain is granted of 4711 and of nothing else. */
#define GRANTED	4711u

static void *change_for_ever(void *place)
{
	volatile uint32_t *n = place;

	for (;;)
		*n = *n ? 0 : GRANTED;
	return NULL;
}

/* What is asked for must be what was granted, whenever it was changed. */
static void changing(const struct attack *attack, int argc, char **argv)
{
	static struct frame f, answer;
	uint32_t right = 0, wrong = 0, denied = 0, twice;
	uint32_t n = argc > 0 ? (uint32_t)atoi(argv[0]) : 5000;
	pthread_t thread;

	raw_hello();
	raw_request(&f, rogue_IEcho_Plain_mid, FIXED(Plain));
	if (pthread_create(&thread, NULL, change_for_ever, PLACE(&f, Plain, n)))
		say("%s: there is no thread", attack->name);
	for (uint32_t i = 0; i < n; i++) {
		f.header.call++;
		if (raw_send(own.victim, &f) < 0
		    || raw_recv(own.victim, &answer, 2000) <= 0)
			break;
		memcpy(&twice, answer.body, sizeof(twice));
		if (answer.header.kind == WIRE_RESPONSE)
			*(twice == 2 * GRANTED ? &right : &wrong) += 1;
		else
			denied += answer.header.status == DK_SECURITY_DISALLOW;
	}
	say("%s: right %u, wrong %u, all %u of %u", attack->name, right, wrong,
	    right + wrong + denied, n);
}

const struct attack bodies_attacks[] = {
	{ "C8_chunk_range", run, chunk_range },
	{ "C8_chunk_align", run, chunk_align },
	{ "C8_chunk_count", run, chunk_count },
	{ "C8_chunk_aliases", run, aliases },
	{ "C8_chunk_overlap", run, overlap },
	{ "C8_string_nul", run, string_nul },
	{ "C8_string_open", run, string_open },
	{ "C8_string_utf8", run, string_utf8 },
	{ "C8_string_long", run, string_long },
	{ "C8_union_tag", run, union_tag },
	{ "C8_union_confused", run, union_confused },
	{ "C8_arena_over", run, arena_over },
	{ "C8_handle_index", run, handle_index },
	{ "C8_body_chance", run, chance },
	{ "C28_body_that_changes", changing, NULL },
	{ 0 }
};
