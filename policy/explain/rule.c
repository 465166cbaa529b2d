/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A rule's program back in words: run on texts instead of values. A jump's two
 * ways are put together where they meet. The image has proved the stack.
 */
#include <string.h>

#include "rule.h"

/* A sound program need not be one of our compiler's: where its two ways do not
   bring one value each, it is beyond words. */
void rule_push(struct reader *reader, const char *text, enum binds binds)
{
	if (reader->depth == IMAGE_STACK_MAX || strlen(text) > TEXT_MAX) {
		reader->lost = true;
		return;
	}
	reader->stack[reader->depth++] = (struct word){
		.text = text, .binds = binds, .type = IMAGE_NONE,
	};
}

static struct word pop(struct reader *reader)
{
	if (reader->depth)
		return reader->stack[--reader->depth];
	reader->lost = true;
	return (struct word){ .text = "", .type = IMAGE_NONE };
}

static struct word *top(struct reader *reader)
{
	if (!reader->depth) {
		reader->lost = true;
		rule_push(reader, "", ATOM);
	}
	return &reader->stack[reader->depth - 1];
}

/* The word as an operand: in ( ) if it is not of one piece. */
static const char *operand(struct reader *reader, const struct word *word,
			   enum binds inside)
{
	if (word->binds < inside ? word->binds != CONJUNCTION
				 : word->binds == inside && inside >= CONJUNCTION)
		return word->text;
	return arena_printf(reader->arena, "(%s)", word->text);
}

const char *rule_quote(struct arena *arena, const char *text)
{
	size_t n = strlen(text), k = 0;
	char *quoted = arena_alloc(arena, 2 * n + 3);

	quoted[k++] = '"';
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"' || text[i] == '\\')
			quoted[k++] = '\\';
		quoted[k++] = text[i];
	}
	quoted[k] = '"';
	return quoted;
}

/* ---- places ---- */

struct wanted {
	enum layout_kind kind;
	uint8_t scalar;
	uint32_t element;		/* size of an element; 0: any */
};

static bool fits(const struct layout *layout, uint32_t index,
		 const struct wanted *wanted)
{
	const struct layout_type *type = &layout->types[index];

	return type->kind == wanted->kind &&
	       (!wanted->scalar || type->scalar == wanted->scalar) &&
	       (!wanted->element ||
		layout->types[type->first].size == wanted->element);
}

/* PATH and TYPE become those of what is wanted, OFFSET bytes further; false if
   it is not there. No deeper than LAYOUT_DEPTH_MAX. */
static bool descend(struct reader *reader, uint32_t *type, uint32_t offset,
		    const struct wanted *wanted, const char **path)
{
	const struct layout *layout = &reader->image->layout;
	const struct layout_type *at = &layout->types[*type];

	if (!offset && fits(layout, *type, wanted))
		return true;
	if (at->kind == LAYOUT_ARRAY) {
		uint32_t size = layout->types[at->first].size;

		*type = at->first;
		*path = arena_printf(reader->arena, "%s[%u]", *path,
				     offset / size);
		return descend(reader, type, offset % size, wanted, path);
	}
	if (at->kind != LAYOUT_STRUCT && at->kind != LAYOUT_UNION)
		return false;
	for (uint32_t i = 0; i < at->count; i++) {
		const struct layout_field *field =
			&layout->fields[at->first + i];
		const char *inner = arena_printf(reader->arena, "%s.%s", *path,
			image_string(reader->image, field->name));
		uint32_t inner_type = field->type;

		if (offset < field->offset || offset - field->offset >=
		    layout->types[field->type].size)
			continue;
		if (!descend(reader, &inner_type, offset - field->offset,
			     wanted, &inner))
			continue;
		*type = inner_type;
		*path = inner;
		return true;
	}
	return false;
}

static bool find_place(struct reader *reader, struct word *word,
		       const struct wanted *wanted)
{
	if (word->type == IMAGE_NONE ||
	    !descend(reader, &word->type, word->offset, wanted, &word->text))
		return false;
	word->offset = 0;
	return true;
}

/* L N -> L */
static bool index_place(struct reader *reader, enum layout_kind kind,
			uint32_t size)
{
	const struct wanted wanted = { kind, 0, size };
	const struct wanted bytes = { LAYOUT_BYTES, 0, 0 };
	struct word index = pop(reader);
	struct word *place = top(reader);

	if (find_place(reader, place, &wanted)) {
		place->type = reader->image->layout.types[place->type].first;
	} else if (kind == LAYOUT_SEQUENCE && size == 1 &&
		   find_place(reader, place, &bytes)) {
		place->type = IMAGE_NONE;
		place->byte = true;
	} else {
		return false;
	}
	place->text = arena_printf(reader->arena, "%s[%s]", place->text,
				   index.text);
	return strlen(place->text) <= TEXT_MAX;
}

static bool load(struct reader *reader, const struct image_insn *insn)
{
	static const uint8_t kinds[OP_N] = {
		[OP_LOAD] = LAYOUT_SCALAR, [OP_LOAD_STRING] = LAYOUT_STRING,
		[OP_LOAD_BYTES] = LAYOUT_BYTES,
		[OP_LOAD_HANDLE] = LAYOUT_HANDLE, [OP_COUNT] = LAYOUT_SEQUENCE,
	};
	const struct wanted wanted = {
		kinds[insn->op], insn->op == OP_LOAD ? insn->type : 0,
		insn->op == OP_COUNT ? insn->arg : 0,
	};

	if (top(reader)->byte)
		top(reader)->byte = false;
	else if (!find_place(reader, top(reader), &wanted))
		return false;
	top(reader)->type = IMAGE_NONE;
	top(reader)->counted = insn->op == OP_COUNT;
	return true;
}

/* ---- operations ---- */

static const char *const signs[OP_N] = {
	[OP_EQ] = "==", [OP_NE] = "!=", [OP_LT] = "<", [OP_LE] = "<=",
	[OP_GT] = ">", [OP_GE] = ">=", [OP_ADD] = "+", [OP_SUB] = "-",
	[OP_MUL] = "*", [OP_BIT_AND] = "&", [OP_BIT_OR] = "|",
};

static void binary(struct reader *reader, uint8_t op)
{
	struct word right = pop(reader);
	struct word left = pop(reader);
	bool empty = op == OP_EQ && left.counted && !strcmp(right.text, "0");
	enum binds binds = op <= OP_GE ? COMPARISON : OPERATION;

	if (empty)
		rule_push(reader, arena_printf(reader->arena, "pred.empty %s",
					  left.text), OPERATION);
	else
		rule_push(reader, arena_printf(reader->arena, "%s %s %s",
			operand(reader, &left, binds), signs[op],
			operand(reader, &right, binds)), binds);
	top(reader)->computed = op >= OP_ADD;
}

static void prefix(struct reader *reader, const char *sign, bool computed)
{
	struct word word = pop(reader);

	rule_push(reader, arena_printf(reader->arena, "%s%s", sign,
				  operand(reader, &word, OPERATION)), OPERATION);
	top(reader)->computed = computed;
}

static void fold(struct reader *reader, const struct image_insn *insn)
{
	const char *name = insn->op == OP_ALL ? "bool.all" :
			   insn->op == OP_ANY ? "bool.any" :
			   insn->op == OP_SUM ? "math.sum" : "math.product";
	const char *list = "";
	uint32_t first;

	if (reader->depth < insn->n) {
		reader->lost = true;
		return;
	}
	first = reader->depth - insn->n;

	for (uint32_t i = first; i < reader->depth; i++)
		list = arena_printf(reader->arena, "%s%s%s", list,
				    i > first ? ", " : "",
				    reader->stack[i].text);
	reader->depth = first;
	rule_push(reader, arena_printf(reader->arena, "%s [%s]", name, list),
	     OPERATION);
	top(reader)->computed = true;
}

static void match(struct reader *reader, uint32_t dfa)
{
	struct word text = pop(reader);
	const char *pattern = image_string(reader->image,
					   reader->image->dfas[dfa].pattern);

	rule_push(reader, arena_printf(reader->arena, "re.match { text: %s, pattern: "
		"%s }", text.text, rule_quote(reader->arena, pattern)), OPERATION);
}

static void convert(struct reader *reader, uint8_t scalar)
{
	static const char *const names[SCALAR_N] = {
		"", "math.uint8 ", "math.uint16 ", "math.uint32 ",
		"math.uint64 ", "math.sint8 ", "math.sint16 ", "math.sint32 ",
		"math.sint64 ",
	};

	if (!top(reader)->computed)
		prefix(reader, names[scalar], false);
	top(reader)->computed = false;
}

/* ---- jumps ---- */

static void begin_join(struct reader *reader, uint32_t at, uint8_t op)
{
	*ARENA_PUSH(reader->arena, reader->joins, reader->n_joins,
		    reader->capacity) = (struct join){
		.at = at, .op = op, .condition = pop(reader),
	};
}

/* The end of the first branch: what was its condition's join waits for the end
   of the other. */
static bool turn_join(struct reader *reader, uint32_t i, uint32_t at)
{
	struct join *join = reader->n_joins
			    ? &reader->joins[reader->n_joins - 1] : NULL;

	if (!join || join->op != OP_UNLESS || join->at != i + 1)
		return false;
	join->op = OP_JUMP;
	join->at = at;
	join->then = pop(reader);
	return true;
}

static void put_together(struct reader *reader, const struct join *join)
{
	enum binds binds = join->op == OP_AND ? CONJUNCTION : DISJUNCTION;
	struct word last = pop(reader);

	if (join->op == OP_JUMP) {
		rule_push(reader, arena_printf(reader->arena, "bool.cond { if: %s, "
			"then: %s, else: %s }", join->condition.text,
			join->then.text, last.text), OPERATION);
		return;
	}
	rule_push(reader, arena_printf(reader->arena, "%s %s %s",
				  operand(reader, &join->condition, binds),
				  join->op == OP_AND ? "&&" : "||",
				  operand(reader, &last, binds)), binds);
}

static void end_joins(struct reader *reader, uint32_t at)
{
	while (reader->n_joins && reader->depth &&
	       reader->joins[reader->n_joins - 1].at == at &&
	       reader->joins[reader->n_joins - 1].op != OP_UNLESS)
		put_together(reader, &reader->joins[--reader->n_joins]);
}

/* ---- the program ---- */

static void push_number(struct reader *reader, const struct image_number *number)
{
	rule_push(reader, arena_printf(reader->arena, "%s%llu",
				  number->negative ? "-" : "",
				  (unsigned long long)number->magnitude), ATOM);
}

/* Constants and what the event is. */
static bool read_constant(struct reader *reader, const struct image_insn *insn)
{
	static const char *const sids[SID_N] = {
		"src_sid", "dst_sid", "callable_sid",
	};

	switch (insn->op) {
	case OP_SMALL:
		push_number(reader, &(struct image_number){ insn->arg, 0 });
		return true;
	case OP_NUMBER:
		push_number(reader, &reader->image->numbers[insn->arg]);
		return true;
	case OP_BOOL:
		rule_push(reader, insn->arg ? "true" : "false", ATOM);
		return true;
	case OP_TEXT:
		rule_push(reader, rule_quote(reader->arena, image_string(reader->image,
			insn->arg)), ATOM);
		return true;
	case OP_SID:
		rule_push(reader, sids[insn->arg], ATOM);
		return true;
	case OP_PLACE:
		rule_push(reader, "message", ATOM);
		top(reader)->type = reader->root;
		top(reader)->offset = insn->arg;
		return true;
	}
	return false;
}

/* The value that a choice looks at again. */
static bool duplicate(struct reader *reader)
{
	struct word word = *top(reader);

	rule_push(reader, word.text, word.binds);
	return true;
}

static bool read_operation(struct reader *reader, const struct image_insn *insn,
			   const char **what)
{
	switch (insn->op) {
	case OP_FIELD:
		top(reader)->offset += insn->arg;
		return true;
	case OP_INDEX:
		return index_place(reader, LAYOUT_ARRAY, insn->arg);
	case OP_ELEMENT:
		return index_place(reader, LAYOUT_SEQUENCE, insn->arg);
	case OP_LOAD:
	case OP_LOAD_STRING:
	case OP_LOAD_BYTES:
	case OP_LOAD_HANDLE:
	case OP_COUNT:
		return load(reader, insn);
	case OP_SIZE:
		top(reader)->counted = true;
		return true;
	case OP_NOT:
		prefix(reader, "!", false);
		return true;
	case OP_ALL:
	case OP_ANY:
	case OP_SUM:
	case OP_PRODUCT:
		fold(reader, insn);
		return true;
	case OP_BIT_NOT:
		prefix(reader, "~", false);
		return true;
	case OP_NEG:
		prefix(reader, "-", true);
		return true;
	case OP_ABS:
		prefix(reader, "math.abs ", true);
		return true;
	case OP_MATCH:
		match(reader, insn->arg);
		return true;
	case OP_DUP:
		return duplicate(reader);
	case OP_CASE:
		return true;
	case OP_RANGE:
		convert(reader, insn->type);
		return true;
	}
	if (!signs[insn->op])
		return rule_read_object(reader, insn, what);
	binary(reader, insn->op);
	return true;
}

static bool read_insn(struct reader *reader, uint32_t i, const char **what)
{
	const struct image_insn *insn = &reader->code[i];
	uint32_t target = i + 1 + insn->arg;

	switch (insn->op) {
	case OP_AND:
	case OP_OR:
	case OP_UNLESS:
		what[i] = top(reader)->text;
		begin_join(reader, target, insn->op);
		return true;
	case OP_JUMP:
		return turn_join(reader, i, target);
	default:
		return read_constant(reader, insn) ||
		       read_operation(reader, insn, &what[i]);
	}
}

static bool reads(uint8_t op)
{
	return op == OP_SID || op == OP_LOAD || op == OP_LOAD_STRING ||
	       op == OP_LOAD_BYTES || op == OP_LOAD_HANDLE || op == OP_COUNT ||
	       op == OP_ELEMENT || op == OP_INDEX || rule_object_reads(op);
}

const char *explain_case(struct arena *arena, const struct image *image,
			 const struct image_rule *rule, uint32_t end)
{
	const struct image_insn *code = &image->code[rule->code];
	struct reader reader = { .arena = arena, .image = image };

	if (end >= rule->n_insns || code[end].op != OP_CHOOSE ||
	    code[end].arg == 0)
		return NULL;
	if (end < 3 || code[end - 1].op != OP_UNLESS)
		return "_";
	if (code[end - 2].op == OP_MATCH)
		return rule_quote(arena, image_string(image,
				  image->dfas[code[end - 2].arg].pattern));
	if (code[end - 2].op == OP_EQ &&
	    read_constant(&reader, &code[end - 3]) && !reader.lost)
		return reader.stack[0].text;
	return arena_printf(arena, "number %u", code[end].arg);
}

const char *explain_argument(struct arena *arena, const struct image *image,
			     const struct image_call *call,
			     const struct image_method *method,
			     enum method_part part, const char **what)
{
	const struct image_rule *rule = image_rule(image, call);
	struct reader reader = {
		.arena = arena, .image = image,
		.code = &image->code[rule->code],
		.root = method ? method->type[part] : IMAGE_NONE,
	};

	for (uint32_t i = 0; i < rule->n_insns; i++) {
		uint8_t op = reader.code[i].op;

		end_joins(&reader, i);
		if (reader.lost)
			return NULL;
		if (op == OP_GRANT || op == OP_DENY)
			return "";
		/* A choice is shown by what it looks at. */
		if (op == OP_ASSERT || op == OP_REFUSE || op == OP_CHOOSE)
			return top(&reader)->text;
		if (!read_insn(&reader, i, what) || reader.lost)
			return NULL;
		if (reads(op))
			what[i] = op != OP_COUNT ? top(&reader)->text :
				arena_printf(arena, "elements of %s",
					     top(&reader)->text);
	}
	return rule->n_insns ? NULL : "";
}
