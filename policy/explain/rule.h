/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A rule's program on its way back to words: rule.c runs it, object.c has what is
   about policy objects. */
#ifndef DK_EXPLAIN_RULE_H
#define DK_EXPLAIN_RULE_H

#include "explain.h"

/* Bytes of a rule in words: what is longer is not for reading. */
#define TEXT_MAX 2000u

/* How tightly what is written binds. */
enum binds { ATOM, OPERATION, COMPARISON, CONJUNCTION, DISJUNCTION };

/* A text on the stack; a place in the message keeps where it is. */
struct word {
	const char *text;
	enum binds binds;
	bool computed;			/* a range check follows of itself */
	bool counted;			/* a count, or a size */
	bool byte;			/* an element of bytes: a place */
	uint32_t type, offset;		/* of a place; IMAGE_NONE: no place */
};

/* Where two ways meet. */
struct join {
	uint32_t at;			/* instruction */
	uint8_t op;
	struct word condition, then;
};

struct reader {
	struct arena *arena;
	const struct image *image;
	const struct image_insn *code;
	uint32_t root;			/* type of the message, or IMAGE_NONE */
	struct word stack[IMAGE_STACK_MAX];
	uint32_t depth;
	struct join *joins;
	size_t n_joins, capacity;
	bool lost;			/* the program is no expression */
};

/* Onto the stack; where there is no room the program is beyond words. */
void rule_push(struct reader *reader, const char *text, enum binds binds);
const char *rule_quote(struct arena *arena, const char *text);
/* An instruction on an object; false if it is none. WHAT becomes the state that
   a Flow's rule asks for or changes, NULL if it is no such rule. */
bool rule_read_object(struct reader *reader, const struct image_insn *insn,
		      const char **what);
/* Whether what it brings is worth showing: a state, a value, a yes or no. */
bool rule_object_reads(uint8_t op);

#endif
