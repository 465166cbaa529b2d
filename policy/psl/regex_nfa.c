/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A tree as an NFA, made from its end to its beginning: each part is given the
 * node that comes after it and returns the one that it begins with. Left spines
 * of a tree are as long as the pattern, so those are walked and not recursed.
 */
#include "regex.h"

struct writer {
	struct arena *arena;
	struct regex_nfa *nfa;
	bool full;
};

static uint16_t write_tree(struct writer *writer,
			   const struct regex_tree *tree, uint16_t after);

/* Node 0 once there is no room, which is reported at the end. */
static uint16_t add_node(struct writer *writer, struct regex_node node)
{
	struct regex_nfa *nfa = writer->nfa;

	if (nfa->n == REGEX_NODES_MAX) {
		writer->full = true;
		return 0;
	}
	*ARENA_PUSH(writer->arena, nfa->nodes, nfa->n, nfa->capacity) = node;
	return (uint16_t)(nfa->n - 1);
}

static uint16_t add_split(struct writer *writer, uint16_t next, uint16_t other)
{
	return add_node(writer, (struct regex_node){
		.kind = NFA_SPLIT, .next = next, .other = other });
}

/* Again and again: the split comes first, for the part to lead back to. */
static uint16_t write_star(struct writer *writer,
			   const struct regex_tree *part, uint16_t after)
{
	uint16_t split = add_split(writer, after, after);
	uint16_t begin = write_tree(writer, part, split);

	if (!writer->full)
		writer->nfa->nodes[split].next = begin;
	return split;
}

/* Each copy that may be left out may be left out to the end. */
static uint16_t write_repeat(struct writer *writer,
			     const struct regex_tree *tree, uint16_t after)
{
	uint32_t spare = tree->max == REGEX_UNBOUNDED ? 0
							: tree->max - tree->min;
	uint16_t at = after;

	if (tree->max == REGEX_UNBOUNDED)
		at = write_star(writer, tree->left, after);
	for (uint32_t i = 0; i < spare && !writer->full; i++) {
		at = write_tree(writer, tree->left, at);
		at = add_split(writer, at, after);
	}
	for (uint32_t i = 0; i < tree->min && !writer->full; i++)
		at = write_tree(writer, tree->left, at);
	/* A node for a part that is never there, so that copies of it count. */
	return tree->max ? at : add_split(writer, at, at);
}

static uint16_t write_leaf(struct writer *writer,
			   const struct regex_tree *tree, uint16_t after)
{
	struct regex_node node = { .set = tree->set, .next = after };

	node.kind = tree->kind == REGEX_SET ? NFA_BYTE
		    : tree->kind == REGEX_BEGIN ? NFA_BEGIN : NFA_END;
	return add_node(writer, node);
}

/* The alternatives on the left spine, from the last to the first. */
static uint16_t write_alternatives(struct writer *writer,
				   const struct regex_tree *tree,
				   uint16_t after)
{
	uint16_t at = write_tree(writer, tree->right, after);

	for (tree = tree->left; tree->kind == REGEX_ALT && !writer->full;
	     tree = tree->left)
		at = add_split(writer, write_tree(writer, tree->right, after),
			       at);
	return add_split(writer, write_tree(writer, tree, after), at);
}

static uint16_t write_tree(struct writer *writer,
			   const struct regex_tree *tree, uint16_t after)
{
	while (tree->kind == REGEX_CAT && !writer->full) {
		after = write_tree(writer, tree->right, after);
		tree = tree->left;
	}
	if (writer->full)
		return 0;
	if (tree->kind == REGEX_ALT)
		return write_alternatives(writer, tree, after);
	if (tree->kind == REGEX_REPEAT)
		return write_repeat(writer, tree, after);
	return write_leaf(writer, tree, after);
}

bool regex_nfa(struct arena *arena, const struct regex_tree *tree,
	       struct regex_nfa *nfa, struct regex_error *error)
{
	struct writer writer = { .arena = arena, .nfa = nfa };
	uint16_t matched;

	*nfa = (struct regex_nfa){ 0 };
	matched = add_node(&writer, (struct regex_node){
		.kind = NFA_MATCHED });
	nfa->start = write_tree(&writer, tree, matched);
	if (!writer.full)
		return true;
	error->at = 0;
	error->what = arena_printf(arena, "the pattern is too large: with its "
				   "repetitions written out it has more than %u "
				   "parts", REGEX_NODES_MAX);
	return false;
}
