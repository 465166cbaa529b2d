/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "node.h"

#include <assert.h>
#include <string.h>

static const struct {
	const char *name;
	unsigned bits;
	bool is_signed;
} scalars[SCALAR_N] = {
	[SCALAR_NONE] = { "a literal number", 64, true },
	[SCALAR_UINT8] = { "UInt8", 8, false },
	[SCALAR_UINT16] = { "UInt16", 16, false },
	[SCALAR_UINT32] = { "UInt32", 32, false },
	[SCALAR_UINT64] = { "UInt64", 64, false },
	[SCALAR_SINT8] = { "SInt8", 8, true },
	[SCALAR_SINT16] = { "SInt16", 16, true },
	[SCALAR_SINT32] = { "SInt32", 32, true },
	[SCALAR_SINT64] = { "SInt64", 64, true },
};

const char *scalar_name(enum layout_scalar scalar)
{
	return scalars[scalar].name;
}

bool scalar_is_signed(enum layout_scalar scalar)
{
	return scalars[scalar].is_signed;
}

const char *value_type_name(struct value_type type)
{
	switch (type.kind) {
	case VALUE_NUMBER:
		return scalar_name(type.scalar);
	case VALUE_SID:
		return "Sid";
	case VALUE_BOOL:
		return "Boolean";
	case VALUE_TEXT:
		return "Text";
	case VALUE_BYTES:
		return "bytes";
	case VALUE_PLACE:
		return type.place->name ? type.place->name : "a message";
	case VALUE_UNIT:
		return "()";
	}
	return "nothing";
}

static uint64_t mask(enum layout_scalar scalar)
{
	return UINT64_MAX >> (64 - scalars[scalar].bits);
}

bool number_fits(struct image_number number, enum layout_scalar scalar)
{
	if (!scalars[scalar].is_signed)
		return !number.negative && number.magnitude <= mask(scalar);
	return number.magnitude <=
	       mask(scalar) / 2 + (number.negative ? 1 : 0);
}

const char *number_text(struct arena *arena, struct image_number number)
{
	return arena_printf(arena, "%s%llu", number.negative ? "-" : "",
			    (unsigned long long)number.magnitude);
}

static struct node *new_node(struct arena *arena, enum node_kind kind,
			     struct value_type type)
{
	struct node *node = arena_alloc(arena, sizeof(*node));

	node->kind = kind;
	node->type = type;
	return node;
}

struct node *node_fault(struct arena *arena, struct value_type type)
{
	return new_node(arena, NODE_FAULT, type);
}

struct node *node_number(struct arena *arena, enum layout_scalar scalar,
			 uint64_t magnitude, bool negative)
{
	struct node *node = new_node(arena, NODE_NUMBER, (struct value_type){
		.kind = VALUE_NUMBER, .scalar = scalar });

	node->number.magnitude = magnitude;
	node->number.negative = negative && magnitude;
	return node;
}

struct node *node_bool(struct arena *arena, bool truth)
{
	struct node *node = new_node(arena, NODE_BOOL, (struct value_type){
		.kind = VALUE_BOOL });

	node->truth = truth;
	return node;
}

struct node *node_text(struct arena *arena, const char *text)
{
	struct node *node = new_node(arena, NODE_TEXT, (struct value_type){
		.kind = VALUE_TEXT });

	node->text = text;
	return node;
}

struct node *node_unit(struct arena *arena)
{
	return new_node(arena, NODE_UNIT, (struct value_type){
		.kind = VALUE_UNIT });
}

bool node_is_constant(const struct node *node)
{
	return node->kind == NODE_NUMBER || node->kind == NODE_BOOL ||
	       node->kind == NODE_TEXT;
}

/* a + b, exact; false if it needs more than 64 bits. */
static bool add(struct image_number a, struct image_number b,
		struct image_number *sum)
{
	if (a.negative == b.negative) {
		sum->negative = a.negative;
		return !__builtin_add_overflow(a.magnitude, b.magnitude,
					       &sum->magnitude);
	}
	if (a.magnitude < b.magnitude) {
		struct image_number c = a;

		a = b;
		b = c;
	}
	sum->magnitude = a.magnitude - b.magnitude;
	sum->negative = sum->magnitude ? a.negative : 0;
	return true;
}

static struct image_number negate(struct image_number a)
{
	a.negative = a.magnitude ? !a.negative : 0;
	return a;
}

static bool multiply(struct image_number a, struct image_number b,
		     struct image_number *product)
{
	bool fits = !__builtin_mul_overflow(a.magnitude, b.magnitude,
					    &product->magnitude);

	product->negative = product->magnitude && a.negative != b.negative;
	return fits;
}

static int compare(struct image_number a, struct image_number b)
{
	int order;

	if (a.negative != b.negative)
		return a.negative ? -1 : 1;
	order = (a.magnitude > b.magnitude) - (a.magnitude < b.magnitude);
	return a.negative ? -order : order;
}

/* Whether OP of numbers can be computed, and the NUMBER it gives. */
static bool compute(struct image_insn insn, struct node *const *kids,
		    uint32_t n, struct image_number *number)
{
	struct image_number a = n ? kids[0]->number : (struct image_number){ 0 };
	struct image_number b = n > 1 ? kids[1]->number : a;

	switch (insn.op) {
	case OP_ADD:
		return add(a, b, number);
	case OP_SUB:
		return add(a, negate(b), number);
	case OP_MUL:
		return multiply(a, b, number);
	case OP_SUM:
	case OP_PRODUCT:
		number->magnitude = insn.op == OP_PRODUCT;
		number->negative = 0;
		for (uint32_t i = 0; i < n; i++)
			if (insn.op == OP_SUM
			    ? !add(*number, kids[i]->number, number)
			    : !multiply(*number, kids[i]->number, number))
				return false;
		return true;
	case OP_BIT_AND:
	case OP_BIT_OR:
		number->magnitude = insn.op == OP_BIT_AND
				    ? a.magnitude & b.magnitude
				    : a.magnitude | b.magnitude;
		number->negative = 0;
		return !a.negative && !b.negative;
	case OP_BIT_NOT:
		number->magnitude = ~a.magnitude & mask(insn.type);
		number->negative = 0;
		return number_fits(a, insn.type);
	case OP_NEG:
		*number = negate(a);
		return true;
	case OP_ABS:
		*number = a.negative ? negate(a) : a;
		return true;
	case OP_RANGE:
		*number = a;
		return number_fits(a, insn.type);
	default:
		return false;
	}
}

/* A comparison of constants, or a boolean operation. */
static bool hold(struct image_insn insn, struct node *const *kids, uint32_t n)
{
	int order = 0;

	if (insn.op == OP_NOT)
		return !kids[0]->truth;
	if (insn.op == OP_ALL || insn.op == OP_ANY) {
		for (uint32_t i = 0; i < n; i++)
			if (kids[i]->truth == (insn.op == OP_ANY))
				return insn.op == OP_ANY;
		return insn.op == OP_ALL;
	}
	if (insn.type == 'N')
		order = compare(kids[0]->number, kids[1]->number);
	else if (insn.type == 'B')
		order = kids[0]->truth - kids[1]->truth;
	else
		order = strcmp(kids[0]->text, kids[1]->text);
	switch (insn.op) {
	case OP_EQ:
		return order == 0;
	case OP_NE:
		return order != 0;
	case OP_LT:
		return order < 0;
	case OP_LE:
		return order <= 0;
	case OP_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

static struct node *fold(struct arena *arena, struct value_type type,
			 struct image_insn insn, struct node *const *kids,
			 uint32_t n)
{
	struct node *number;

	if (type.kind == VALUE_BOOL)
		return node_bool(arena, hold(insn, kids, n));
	assert(type.kind == VALUE_NUMBER || type.kind == VALUE_SID);
	number = node_number(arena, type.scalar, 0, false);
	if (insn.op == OP_SIZE) {
		number->number.magnitude = strlen(kids[0]->text);
		return number;
	}
	if (!compute(insn, kids, n, &number->number))
		return node_fault(arena, type);
	return number;
}

/* The event, or what an object remembers. */
static bool is_read(uint8_t op)
{
	return op == OP_SID || op == OP_PLACE || op >= OP_INIT;
}

struct node *node_op(struct arena *arena, struct value_type type,
		     struct image_insn insn, struct node *const *kids,
		     uint32_t n)
{
	bool constant = !is_read(insn.op);
	struct node *node;

	for (uint32_t i = 0; i < n; i++) {
		if (kids[i]->kind == NODE_FAULT)
			return node_fault(arena, type);
		constant = constant && node_is_constant(kids[i]);
	}
	if (constant)
		return fold(arena, type, insn, kids, n);
	node = new_node(arena, NODE_OP, type);
	node->insn = insn;
	node->n_kids = n;
	node->kids = arena_alloc(arena, n * sizeof(*node->kids) + 1);
	if (n)
		memcpy(node->kids, kids, n * sizeof(*kids));
	return node;
}

struct node *node_lazy(struct arena *arena, enum node_kind kind,
		       struct value_type type, struct node *const *kids,
		       uint32_t n)
{
	struct node *first = kids[0], *node;

	if (first->kind == NODE_FAULT)
		return node_fault(arena, type);
	if (first->kind == NODE_BOOL) {
		if (kind == NODE_COND)
			return first->truth ? kids[1] : kids[2];
		return first->truth == (kind == NODE_OR) ? first : kids[1];
	}
	node = new_node(arena, kind, type);
	node->n_kids = n;
	node->kids = arena_alloc(arena, n * sizeof(*node->kids));
	memcpy(node->kids, kids, n * sizeof(*kids));
	return node;
}
