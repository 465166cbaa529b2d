/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * libdk's reading of a hello: what it returns can be read without a look at any
 * length. Input: a byte (odd: as in WIRE_OPENED), then the body.
 */
#include <stdlib.h>
#include <string.h>

#include "../../apps/lib/hello.h"
#include "../../apps/lib/end.h"
#include "../unit/support/suite.h"
#include "support/fuzz.h"

static struct place place;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	place_init(&place, WIRE_BODY_MAX + 64);
	return 0;
}

static void check_name(const char *name)
{
	FUZZ_CHECK(strlen(name) < WIRE_NAME_MAX);
}

static void check_ends(const struct hello *h)
{
	bool taken[END_FD_MAX] = { false };

	FUZZ_CHECK(h->n_ends <= WIRE_ENDS_MAX);
	for (uint32_t i = 0; i < h->n_ends; i++) {
		const struct wire_end *e = &h->ends[i];

		check_name(h->strings + e->name);
		FUZZ_CHECK(e->fd >= WIRE_KERNEL_FD && e->fd < END_FD_MAX);
		FUZZ_CHECK(!taken[e->fd]);
		taken[e->fd] = true;
		FUZZ_CHECK(e->side == WIRE_RIGHT_CALL ||
			   (e->side == WIRE_RIGHT_LISTEN &&
			    e->fd != WIRE_KERNEL_FD));
	}
}

static void check_endpoints(const struct hello *h)
{
	for (uint32_t i = 0; i < h->n_endpoints; i++) {
		const struct wire_endpoint *e = &h->endpoints[i];
		const struct wire_endpoint *found;

		check_name(h->strings + e->path);
		check_name(h->strings + e->interface);
		FUZZ_CHECK(e->riid <= NK_IID_MAX);
		FUZZ_CHECK(e->end == WIRE_NONE || e->end < h->n_ends);
		if (i >= 64)
			continue;
		found = hello_endpoint(h, e->end, h->strings + e->path,
				       h->strings + e->interface);
		FUZZ_CHECK(found && found <= e && found->end == e->end);
	}
	FUZZ_CHECK(!hello_endpoint(h, h->n_ends, NULL, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	bool opened = input_byte(&input) % 2;
	struct hello *hello;

	if (input.size > WIRE_BODY_MAX + 64)
		return 0;
	hello = hello_parse(place_put(&place, input.data, input.size),
			    input.size, opened);
	if (!hello)
		return 0;
	/* It is a copy: the body may go. */
	place_put(&place, NULL, 0);
	FUZZ_CHECK(hello->sid != 0 && input.size <= WIRE_BODY_MAX);
	FUZZ_CHECK(!opened || hello->n_ends == 0);
	check_name(hello->task);
	check_name(hello->class_name);
	check_ends(hello);
	check_endpoints(hello);
	free(hello);
	return 0;
}

/* A good one, of random ends and endpoints; 0 if there is no room. */
static size_t make(uint8_t *data, size_t max_size, uint64_t *seed)
{
	static const char strings[] = "\0task\0a.Class\0up\0c.e\0x.I";
	static const uint32_t names[] = { 0, 1, 6, 14, 17, 21 };
	struct wire_hello w = {
		.abi = WIRE_VERSION, .sid = 7, .task = 1, .class_name = 6,
		.n_ends = suite_below(seed, 5),
		.n_endpoints = suite_below(seed, 6),
		.strings = sizeof(strings), .flags = suite_below(seed, 2),
	};
	size_t at = 1 + sizeof(w);

	if (max_size < 512)
		return 0;
	data[0] = suite_below(seed, 2) ? 0 : 1;
	if (data[0])
		w.n_ends = 0;
	memcpy(data + 1, &w, sizeof(w));
	for (uint32_t i = 0; i < w.n_ends; i++) {
		struct wire_end end = {
			names[suite_below(seed, 6)], 3 + i,
			i == 0 || suite_below(seed, 2) ? WIRE_RIGHT_CALL :
			WIRE_RIGHT_LISTEN, 0,
		};

		memcpy(data + at, &end, sizeof(end));
		at += sizeof(end);
	}
	for (uint32_t i = 0; i < w.n_endpoints; i++) {
		struct wire_endpoint e = {
			names[suite_below(seed, 6)], names[suite_below(seed, 6)],
			suite_below(seed, 9),
			suite_below(seed, w.n_ends + 1),
		};

		if (e.end == w.n_ends)
			e.end = WIRE_NONE;
		memcpy(data + at, &e, sizeof(e));
		at += sizeof(e);
	}
	memcpy(data + at, strings, sizeof(strings));
	return at + sizeof(strings);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int number)
{
	uint64_t seed = number, rest;
	struct wire_hello w;

	if (suite_below(&seed, 8) == 0) {
		size_t made = make(data, max_size, &seed);

		if (made)
			return made;
	}
	size = LLVMFuzzerMutate(data, size, max_size);
	if (size < 1 + sizeof(w) || suite_below(&seed, 3) == 0)
		return size;
	/* What is left is the strings, so that the parts add up. */
	memcpy(&w, data + 1, sizeof(w));
	w.abi = WIRE_VERSION;
	w.n_ends %= WIRE_ENDS_MAX + 2;
	w.n_endpoints %= 64;
	rest = size - 1 - sizeof(w);
	w.strings = (uint32_t)rest - w.n_ends *
		    (uint32_t)sizeof(struct wire_end) -
		    w.n_endpoints * (uint32_t)sizeof(struct wire_endpoint);
	memcpy(data + 1, &w, sizeof(w));
	if (suite_below(&seed, 8))
		data[size - 1] = 0;
	return size;
}
