/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Rules and expressions about policy objects: their values with their names. */
#include <stdlib.h>
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
	[OP_QUERY_LEVEL] = "source",
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

/* The values from FIRST on as the last key's: one, or a list. */
static const char *rest(struct reader *reader, uint32_t first, bool list)
{
	const char *text = "";

	for (uint32_t i = first; i < reader->depth; i++)
		text = arena_printf(reader->arena, "%s%s%s", text,
				    i > first ? ", " : "",
				    reader->stack[i].text);
	return list || reader->depth - first > 1
		? arena_printf(reader->arena, "[%s]", text) : text;
}

static const char *dictionary(struct reader *reader, uint8_t op, uint32_t first)
{
	const char *names = keys[op], *text = "{";

	for (uint32_t i = first; *names && i < reader->depth; i++) {
		size_t size = strcspn(names, " ");
		bool is_last = !names[size];

		text = arena_printf(reader->arena, "%s%s%.*s: %s", text,
				    i > first ? ", " : "", (int)size, names,
				    is_last ? rest(reader, i, op == OP_ALLOW)
					    : reader->stack[i].text);
		names += size + !is_last;
	}
	return arena_printf(reader->arena, "%s}", text);
}

/* ---- Mic ---- */

static const char *name_of(const struct image *image,
			   const struct image_object *object, uint32_t i)
{
	return image_string(image, image->object_words[object->words + i]);
}

/* A level is a number in the program; one that is none is left as it is. */
static const char *level(struct reader *reader,
			 const struct image_object *object, const char *number)
{
	uint64_t value = strtoull(number, NULL, 10);
	uint32_t degree = (uint32_t)(value >> OBJECT_DEGREE_SHIFT);
	const char *list = "";

	if (strspn(number, "0123456789") != strlen(number) ||
	    !object_is_level(object, value))
		return number;
	if (!object->n_more)
		return rule_quote(reader->arena,
				  name_of(reader->image, object, degree));
	for (uint32_t i = 0; i < object->n_more; i++)
		if (value >> i & 1)
			list = arena_printf(reader->arena, "%s%s%s", list,
					    *list ? ", " : "",
					    rule_quote(reader->arena,
						name_of(reader->image, object,
							object->n_items + i)));
	return arena_printf(reader->arena, "{degree: %s, categories: [%s]}",
			    rule_quote(reader->arena,
				       name_of(reader->image, object, degree)),
			    list);
}

/* Only what the policy gives: a process is 0 and a level is not flagged where it
   does not. */
static const char *mic_dictionary(struct reader *reader,
				  const struct image_insn *insn,
				  const struct image_object *object,
				  uint32_t first)
{
	const char *names = keys[insn->op], *text = "{";

	for (uint32_t i = first; i < reader->depth; i++) {
		size_t size = strcspn(names, " ");
		bool is_level = !strncmp(names, "level", 5);
		unsigned flag = size == strlen("levelR") ? 2 : 1;
		const char *value = reader->stack[i].text;

		if (is_level ? (insn->n & flag) != 0 : strcmp(value, "0") != 0)
			text = arena_printf(reader->arena, "%s%s%.*s: %s", text,
				text[1] ? ", " : "", (int)size, names,
				is_level ? level(reader, object, value)
					 : value);
		names += size + (names[size] == ' ');
	}
	return arena_printf(reader->arena, "%s}", text);
}

/* ---- all ---- */

/* What the state of a Flow's process is called that a rule changes or asks. */
static const char *state_of(struct reader *reader, const struct image_insn *insn,
			    const struct image_object *object, uint32_t first)
{
	return object->model != MODEL_FLOW || insn->op == OP_QUERY ? NULL :
		arena_printf(reader->arena, "%s.query {sid: %s}",
			     image_string(reader->image, object->name),
			     reader->stack[first].text);
}

const char *explain_saw(struct arena *arena, const struct image *image,
			const struct image_insn *insn, uint8_t saw)
{
	const struct image_object *object = &image->objects[insn->arg];

	return saw == 0 || saw > object->n_items ? NULL :
	       rule_quote(arena, name_of(image, object, saw - 1u));
}

bool rule_read_object(struct reader *reader, const struct image_insn *insn,
		      const char **what)
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
	text = object->model == MODEL_MIC
		? mic_dictionary(reader, insn, object, reader->depth - n)
		: dictionary(reader, insn->op, reader->depth - n);
	*what = state_of(reader, insn, object, reader->depth - n);
	reader->depth -= n;
	if (method)
		text = arena_printf(reader->arena, "%s.%s %s",
				    image_string(reader->image, object->name),
				    method, text);
	rule_push(reader, text, ATOM);
	return true;
}
