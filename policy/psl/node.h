/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A checked expression: nodes with a type, constants computed where they are
 * made. What cannot be computed is a fault; it stays one in all that needs it,
 * and a rule that meets one denies.
 */
#ifndef DK_PSL_NODE_H
#define DK_PSL_NODE_H

#include "../../kernel/abi/image.h"
#include "../xdl/xdl.h"

enum value_kind {
	VALUE_NUMBER,	/* .scalar; SCALAR_NONE = a literal, of no type yet */
	VALUE_SID,
	VALUE_BOOL,
	VALUE_TEXT,
	VALUE_BYTES,
	VALUE_PLACE,	/* in the message, not read: .place is its type */
	VALUE_UNIT,
};

struct variant {		/* "a" | "b" */
	const char *const *texts;
	size_t n;
};

struct value_type {
	enum value_kind kind;
	enum layout_scalar scalar;
	const struct xdl_type *place;
	const struct variant *variant;	/* of VALUE_TEXT: all it can be, or NULL */
};

enum node_kind {
	NODE_FAULT,
	NODE_NUMBER,	/* .number */
	NODE_BOOL,	/* .truth */
	NODE_TEXT,	/* .text */
	NODE_UNIT,
	NODE_AND,	/* kids, stops early */
	NODE_OR,
	NODE_COND,	/* kids: if, then, else */
	NODE_OP,	/* .insn of the kids in order */
};

struct node {
	enum node_kind kind;
	struct value_type type;
	struct image_number number;
	bool truth;
	const char *text;
	struct image_insn insn;
	const struct regex *regex;	/* of OP_MATCH */
	struct node **kids;
	uint32_t n_kids;
};

struct node *node_fault(struct arena *arena, struct value_type type);
struct node *node_number(struct arena *arena, enum layout_scalar scalar,
			 uint64_t magnitude, bool negative);
struct node *node_bool(struct arena *arena, bool truth);
struct node *node_text(struct arena *arena, const char *text);
struct node *node_unit(struct arena *arena);
/* OP of the N kids, which is computed now if they are all constant. */
struct node *node_op(struct arena *arena, struct value_type type,
		     struct image_insn insn, struct node *const *kids,
		     uint32_t n);
/* AND, OR and COND. */
struct node *node_lazy(struct arena *arena, enum node_kind kind,
		       struct value_type type, struct node *const *kids,
		       uint32_t n);
bool node_is_constant(const struct node *node);
/* Whether the number is one of the scalar's. */
bool number_fits(struct image_number number, enum layout_scalar scalar);
/* "-12" */
const char *number_text(struct arena *arena, struct image_number number);
const char *scalar_name(enum layout_scalar scalar);
/* "UInt8", "a literal number", "Boolean", "sequence<UInt8,4>", ... */
const char *value_type_name(struct value_type type);
bool scalar_is_signed(enum layout_scalar scalar);

#endif
