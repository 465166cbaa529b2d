/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Patterns of the Regex model, compiled to the tables of struct image_dfa. The
 * dialect is in dk-psl(5), which is its definition. Tables are minimal and
 * numbered from the start: equal languages give equal tables.
 */
#ifndef DK_PSL_REGEX_H
#define DK_PSL_REGEX_H

#include <stdbool.h>

#include "../../kernel/abi/image.h"
#include "../front/arena.h"

#define REGEX_REPEAT_MAX	255u	/* m and n of {m,n} */
#define REGEX_DEPTH_MAX		100u	/* ( inside each other */
#define REGEX_NODES_MAX		4096u	/* of the NFA, repetitions written out */
#define REGEX_STATES_MAX	4096u	/* of the DFA before it is minimised */
#define REGEX_CELLS_MAX		65536u	/* of it: states times byte classes */
#define REGEX_VISITS_MAX	4194304u /* of the NFA's nodes, to find them */

struct regex {
	const char *pattern;		/* the caller's */
	struct image_dfa dfa;		/* .pattern and .next are not set */
	const uint16_t *next;		/* [dfa.n_states - 2][dfa.n_classes] */
};

struct regex_error {
	size_t at;			/* byte of the pattern, from 0 */
	const char *what;		/* what was found and what was expected */
};

/* The SIZE bytes at PATTERN, which must last. NULL with ERROR filled. */
const struct regex *regex_compile(struct arena *arena, const char *pattern,
				  size_t size, struct regex_error *error);

/* ---- the steps, for each other ---- */

/* A set of bytes. */
struct regex_set {
	uint64_t bits[4];
};

enum regex_kind {
	REGEX_SET,	/* one byte of .set */
	REGEX_BEGIN,	/* the beginning of the text */
	REGEX_END,	/* the end of the text */
	REGEX_CAT,	/* left, then right */
	REGEX_ALT,	/* left or right */
	REGEX_REPEAT,	/* left .min to .max times */
};

#define REGEX_UNBOUNDED UINT32_MAX

/* The syntax tree. */
struct regex_tree {
	enum regex_kind kind;
	struct regex_set set;
	uint32_t min, max;
	struct regex_tree *left, *right;
};

/* A node of the NFA; the ways to others cost nothing, except for a set's. */
enum regex_node_kind {
	NFA_BYTE, NFA_BEGIN, NFA_END, NFA_SPLIT, NFA_MATCHED,
};

struct regex_node {
	enum regex_node_kind kind;
	struct regex_set set;
	uint16_t next, other;		/* .other of a split only */
};

struct regex_nfa {
	struct regex_node *nodes;
	size_t n, capacity;
	uint16_t start;
};

/*
 * A DFA with a row for each state, also for DFA_DEAD and DFA_MATCHED; the last
 * class is the end of the text.
 */
struct regex_dfa {
	uint16_t *next;			/* [n_states][n_classes] */
	uint32_t n_states, n_classes;
	uint16_t start;
	uint8_t class_of[256];
};

static inline bool regex_has(const struct regex_set *set, uint8_t byte)
{
	return set->bits[byte / 64] >> byte % 64 & 1;
}

/* regex_parse.c, regex_nfa.c, regex_dfa.c: false or NULL with ERROR filled. */
struct regex_tree *regex_parse(struct arena *arena, const char *pattern,
			       size_t size, struct regex_error *error);
bool regex_nfa(struct arena *arena, const struct regex_tree *tree,
	       struct regex_nfa *nfa, struct regex_error *error);
bool regex_dfa(struct arena *arena, const struct regex_nfa *nfa,
	       struct regex_dfa *dfa, struct regex_error *error);
/* regex_minimise.c: the least DFA that answers the same. */
void regex_minimise(struct arena *arena, struct regex_dfa *dfa);

#endif
