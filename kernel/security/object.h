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

/* First word of the place of SID, or 0. */
size_t object_find(const struct object *object, uint32_t sid);
/* A new place for SID, which has none; 0 if the object is full. */
size_t object_add(const struct object *object, uint32_t sid);
/* Whether it had one. */
bool object_remove(const struct object *object, uint32_t sid);

/* ---- models.c ---- */

/* INSN, whose values begin at ARGS: true with the result in the first of them,
   or false for a fault. */
bool object_step(const struct object *object, const struct image_insn *insn,
		 struct eval_value *args);
/* Values that INSN takes. */
uint32_t object_args(const struct image_object *object,
		     const struct image_insn *insn);

/* mic.c: as object_step, for the instructions of Mic. */
bool object_mic(const struct object *object, const struct image_insn *insn,
		struct eval_value *args);
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
