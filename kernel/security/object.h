/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Policy objects: how large they are, where an object remembers a process, and
 * what the instructions do that rules about objects are made of.
 */
#ifndef DK_SECURITY_OBJECT_H
#define DK_SECURITY_OBJECT_H

#include "eval.h"
#include "state.h"

/* ---- sizes, for who writes an image and who proves it ---- */

/* The model's, from the struct: words of its configuration, of one place for a
   process after its first word, and the most that one instruction changes. */
uint64_t object_config_words(const struct image_object *object);
uint64_t object_place_words(const struct image_object *object);
uint64_t object_state_words(const struct image_object *object);
uint64_t object_changes_max(const struct image_object *object);
uint32_t object_entry_words(const struct image_object *object);
/* Pairs of the journal for objects whose instructions change at most CHANGES. */
uint32_t object_journal(uint64_t changes);

/* ---- object.c: places of processes ---- */

/* An object and its state, in front of an instruction. */
struct object {
	const struct image *image;
	const struct image_object *is;
	struct state_view *view;
};

static inline size_t object_bucket(const struct object *object, uint32_t sid)
{
	return object->is->state + 1 + (sid & (object->is->n_buckets - 1));
}

/* The first word of place NUMBER. */
static inline size_t object_place(const struct object *object, uint32_t number)
{
	return object->is->state + 1 + object->is->n_buckets +
	       (number - 1) * ((size_t)1 + object->is->place_words);
}

/* First word of the place of SID, or 0. */
static inline size_t object_find(const struct object *object, uint32_t sid)
{
	const uint64_t *words = object->view->words;
	uint32_t number = (uint32_t)words[object_bucket(object, sid)];

	while (number != 0) {
		size_t at = object_place(object, number);

		if ((uint32_t)words[at] == sid)
			return at + 1;
		number = (uint32_t)(words[at] >> 32);
	}
	return 0;
}
/* A new place for SID, which has none; 0 if the object is full. */
size_t object_add(const struct object *object, uint32_t sid);
/* Whether it had one. */
bool object_remove(const struct object *object, uint32_t sid);

/* ---- for who reads an instruction ---- */

/* Values that INSN takes. */
static inline uint32_t object_args(const struct image_object *object,
				   const struct image_insn *insn)
{
	static const uint8_t values[OP_N] = {	/* without fields and texts */
		[OP_INIT] = 1, [OP_FINI] = 1, [OP_ENTER] = 2, [OP_ALLOW] = 1,
		[OP_QUERY] = 1, [OP_ADD_ENTRY] = 1, [OP_REMOVE_ENTRY] = 1,
		[OP_CONTAINS] = 1, [OP_SET_KEY] = 2, [OP_COMMIT] = 1,
		[OP_ROLLBACK] = 1, [OP_GET] = 2, [OP_GET_WORKING] = 2,
		[OP_ASSIGN] = 2, [OP_DROP] = 2, [OP_PERMIT] = 2,
		[OP_HAS_ROLE] = 2, [OP_CREATE] = 5, [OP_UPGRADE] = 5,
		[OP_DELETE] = 4, [OP_EXECUTE] = 4, [OP_CALL] = 2,
		[OP_INVOKE] = 2, [OP_QUERY_LEVEL] = 1,
	};
	uint32_t n = values[insn->op];

	if (insn->op >= OP_ADD_ENTRY && insn->op <= OP_SET_KEY)
		n += object->n_fields;
	return insn->op == OP_ALLOW ? n + insn->n : n;
}

/* Whether NUMBER is a level of the object. */
bool object_is_level(const struct image_object *object, uint64_t number);

static inline uint64_t *object_word(const struct object *object, size_t at)
{
	return &object->view->words[at];
}

static inline void object_say(struct eval_value *to, bool truth)
{
	to->number = truth;
	to->negative = false;
	to->at = NULL;
	to->size = 0;
}

/* A text of the image's strings. */
void object_name(const struct object *object, uint32_t name,
		 struct eval_value *to);

#endif
