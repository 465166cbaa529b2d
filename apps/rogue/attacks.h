/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What the rogue can do. An attack prints `NAME: ...` lines, which tests/attack
 * reads, and returns; or does not return, which is what many are to come to.
 */
#ifndef ROGUE_ATTACKS_H
#define ROGUE_ATTACKS_H

#include <stddef.h>
#include <stdint.h>

struct frame;

struct attack {
	const char *name;	/* as argv[1]; its first part is the row's number */
	void (*run)(const struct attack *attack, int argc, char **argv);
	size_t (*make)(struct frame *frame, uint32_t i); /* for hail, or NULL */
};

/* Each table ends with a row of zeroes. */
extern const struct attack frames_attacks[];
extern const struct attack bodies_attacks[];
extern const struct attack answers_attacks[];
extern const struct attack floods_attacks[];
extern const struct attack descriptors_attacks[];
extern const struct attack ends_attacks[];
extern const struct attack calls_attacks[];

#endif
