/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Rules and expressions about policy objects: their values with their names. */
#include <string.h>

#include "../../kernel/security/object.h"
#include "rule.h"

/* What the values of an instruction are called, in their order; those that
   follow the last name belong to it. */
static const char *const keys[OP_N] = {
	[OP_INIT] = "sid", [OP_FINI] = "sid", [OP_ENTER] = "sid state",
	[OP_ALLOW] = "sid states", [OP_QUERY] = "sid",
	[OP_ADD_ENTRY] = "sid entry", [OP_REMOVE_ENTRY] = "sid entry",
	[OP_CONTAINS] = "sid entry", [OP_SET_KEY] = "sid key value",
	[OP_COMMIT] = "sid", [OP_ROLLBACK] = "sid", [OP_GET] = "sid key",
	[OP_GET_WORKING] = "sid key", [OP_ASSIGN] = "sid role",
	[OP_DROP] = "sid role", [OP_PERMIT] = "sid perm",
	[OP_HAS_ROLE] = "sid role",
	[OP_CREATE] = "source target container driver level",
	[OP_UPGRADE] = "source target container driver level",
	[OP_DELETE] = "source target container driver",
	[OP_EXECUTE] = "image target level levelR",
	[OP_CALL] = "source target", [OP_INVOKE] = "source target",
	[OP_QUERY_LEVEL] = "sid",
};

/* Of those that are expressions; a rule has its method's name already. */
static const char *const methods[OP_N] = {
	[OP_QUERY] = "query", [OP_CONTAINS] = "contains", [OP_GET] = "get",
	[OP_GET_WORKING] = "get_uncommitted", [OP_HAS_ROLE] = "has_role",
	[OP_QUERY_LEVEL] = "query_level",
};

bool rule_object_reads(uint8_t op)
{
	return methods[op] != NULL;
}

static const char *dictionary(struct reader *reader, uint8_t op, uint32_t first)
{
	const char *names = keys[op], *text = "{";

	for (uint32_t i = first; i < reader->depth; i++) {
		size_t size = strcspn(names, " ");

		text = arena_printf(reader->arena, "%s%s%.*s%s%s", text,
				    i > first ? ", " : "", (int)size, names,
				    size ? ": " : "", reader->stack[i].text);
		names += size + (names[size] == ' ');
	}
	return arena_printf(reader->arena, "%s}", text);
}

bool rule_read_object(struct reader *reader, const struct image_insn *insn)
{
	const struct image_object *object;
	const char *text, *method = methods[insn->op];
	uint32_t n;

	if (!keys[insn->op])
		return false;
	object = &reader->image->objects[insn->arg];
	n = object_args(object, insn);
	if (reader->depth < n)
		return false;
	text = dictionary(reader, insn->op, reader->depth - n);
	reader->depth -= n;
	if (method)
		text = arena_printf(reader->arena, "%s.%s %s",
				    image_string(reader->image, object->name),
				    method, text);
	rule_push(reader, text, ATOM);
	return true;
}
