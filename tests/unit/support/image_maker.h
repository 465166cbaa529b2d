/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Makes images for tests, element by element and without a compiler, so that a
 * test can make an unsound one too. Out of memory ends the test.
 */
#ifndef TESTS_IMAGE_MAKER_H
#define TESTS_IMAGE_MAKER_H

#include <stddef.h>
#include <stdint.h>

#include "../../../kernel/security/image.h"

struct maker {
	struct {
		void *bytes;
		uint32_t count;
		size_t capacity;	/* bytes */
	} sections[SECTION_N];
};

void maker_init(struct maker *maker);		/* with the empty string */
void maker_deinit(struct maker *maker);

/* Appends N elements (zeroes if ELEMENTS is NULL); index of the first. */
uint32_t maker_add(struct maker *maker, enum image_section_id section,
		   const void *elements, uint32_t n);
/* The element; valid until the next maker_add to the section. */
void *maker_at(struct maker *maker, enum image_section_id section,
	       uint32_t index);
uint32_t maker_string(struct maker *maker, const char *text);
uint32_t maker_scalar(struct maker *maker, enum layout_scalar scalar);
/* Fields of {offset, type} pairs ended by a type of IMAGE_NONE. */
uint32_t maker_struct(struct maker *maker, enum layout_kind kind,
		      uint32_t align, uint32_t size,
		      const uint32_t (*fields)[2]);
uint32_t maker_type(struct maker *maker, enum layout_kind kind, uint32_t align,
		    uint32_t size, uint32_t first, uint32_t count);
uint32_t maker_class(struct maker *maker, const char *name, uint32_t security,
		     uint32_t n_endpoints, const char *const *paths,
		     const uint32_t *interfaces);
uint32_t maker_call(struct maker *maker, enum call_fixed fixed,
		    const char *method, const struct image_insn *insns,
		    uint32_t n_insns);
uint32_t maker_action(struct maker *maker, const uint32_t *calls,
		      uint32_t n_calls);
struct image_list maker_list(struct maker *maker, const char *const *texts);

/* After the last class: no pair has a rule. Then routes, one by one. */
void maker_routes(struct maker *maker);
void maker_route(struct maker *maker, enum event_kind kind, uint32_t src,
		 uint32_t dst, uint32_t slot, uint32_t route);

/*
 * The file, with digest: SIZE bytes that end where a page begins that must not
 * be touched. Freed by maker_free_file.
 */
void *maker_file(const struct maker *maker, size_t *size);
void *maker_copy_file(const void *file, size_t size);
void maker_free_file(void *file, size_t size);
void maker_digest(void *file, size_t size);
/* The element in a finished file. */
void *maker_file_at(void *file, enum image_section_id section, uint32_t index);

/*
 * A small solution with one of everything. Classes 2 app.Server (endpoints
 * "draw.main" and "other" of interface app.Draw: Draw, Ping; security interface
 * app.Check: Ask at slot 4) and 3 app.Client. Requests of the client: slot 0
 * granted if n <= 512, name == "abc" and src_sid is not 7; slot 1 granted; slot 2
 * denied; slot 3 without a rule. Responses of slot 0: if the result <= 512.
 */
void maker_sample(struct maker *maker);
/*
 * The sample with audit, which begins at level 0. Profile `trace`, of the calls
 * 0, 1 and 2: denials at 0, both at 1, grants at 7; `empty`, of the others.
 */
void maker_audit(struct maker *maker);

enum {
	SAMPLE_SERVER = 2,
	SAMPLE_CLIENT = 3,
	SAMPLE_FIXED = 80,	/* bytes of Draw's in-parameters: */
	SAMPLE_N = 0,		/* UInt32 */
	SAMPLE_NAME = 4,	/* string<16> */
	SAMPLE_DATA = 12,	/* bytes<32> */
	SAMPLE_POINTS = 20,	/* sequence<struct {UInt32 x, y; string<16>}, 4> */
	SAMPLE_GRID = 28,	/* array<UInt16, 4> */
	SAMPLE_SHADE = 40,	/* union {UInt32; UInt64} */
	SAMPLE_SIGNED = 56,	/* SInt32 */
	SAMPLE_HANDLE = 64,
	SAMPLE_CALLS = 5,
};

#endif
