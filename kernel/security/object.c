/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The first word of a place is the SID and, in its high half, the next place of
 * the same bucket, or the next free one. Places count from 1; 0 is none. The
 * first word of an object's state is how many places were ever used and, in its
 * high half, the first free one. So a zeroed state is an empty one.
 */
#include "object.h"

#include <string.h>

#define HIGH(word) ((uint32_t)((word) >> 32))
#define LOW(word) ((uint32_t)(word))
#define PAIR(low, high) ((uint64_t)(high) << 32 | (low))

/* ---- sizes ---- */

uint32_t object_entry_words(const struct image_object *object)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < object->n_fields; i++)
		n += object->fields[i] == FIELD_TEXT ? OBJECT_TEXT_WORDS : 1;
	return n;
}

uint64_t object_config_words(const struct image_object *object)
{
	uint64_t n = object->n_items;

	switch ((enum image_model)object->model) {
	case MODEL_FLOW:
		return 3 * n;
	case MODEL_MAP:
		return 2 * n;
	case MODEL_RBAC:
		return 3 * (n + object->n_more);
	case MODEL_MIC:
		return n + object->n_more;
	case MODEL_SET:
	case MODEL_NONE:
	case MODEL_N:
		break;
	}
	return 0;
}

uint64_t object_place_words(const struct image_object *object)
{
	uint64_t entry = object_entry_words(object);

	switch ((enum image_model)object->model) {
	case MODEL_FLOW:
	case MODEL_RBAC:
		return 1;
	case MODEL_SET:
		return 1 + object->n_items * entry;
	case MODEL_MAP:
		return 2 * object->n_items * entry;
	case MODEL_MIC:
		return 2;
	case MODEL_NONE:
	case MODEL_N:
		break;
	}
	return 0;
}

uint64_t object_state_words(const struct image_object *object)
{
	return 1 + (uint64_t)object->n_buckets +
	       object->pool_size * (1 + object_place_words(object));
}

uint64_t object_changes_max(const struct image_object *object)
{
	uint64_t pool = 4, place = object_place_words(object);

	if (object->model == MODEL_SET)
		place = 1 + object_entry_words(object);
	return pool + place;
}

uint32_t object_journal(uint64_t changes)
{
	uint64_t n = changes * IMAGE_CALLS_MAX;

	return n < STATE_JOURNAL_MAX ? (uint32_t)n : STATE_JOURNAL_MAX;
}

/* ---- places ---- */

size_t object_add(const struct object *object, uint32_t sid)
{
	const uint64_t *words = object->view->words;
	size_t head = object->is->state, bucket = object_bucket(object, sid), at;
	uint32_t used = LOW(words[head]), number = HIGH(words[head]);

	if (number != 0) {
		at = object_place(object, number);
		state_put(object->view, head, PAIR(used, HIGH(words[at])));
	} else {
		if (used == object->is->pool_size)
			return 0;
		number = used + 1;
		at = object_place(object, number);
		state_put(object->view, head, PAIR(number, 0));
	}
	state_put(object->view, at, PAIR(sid, words[bucket]));
	state_put(object->view, bucket, number);
	return at + 1;
}

bool object_remove(const struct object *object, uint32_t sid)
{
	const uint64_t *words = object->view->words;
	size_t head = object->is->state, before = object_bucket(object, sid), at;
	uint32_t number = (uint32_t)words[before];
	bool first = true;

	for (;; number = HIGH(words[at]), before = at, first = false) {
		if (number == 0)
			return false;
		at = object_place(object, number);
		if (LOW(words[at]) == sid)
			break;
	}
	state_put(object->view, before, first ? HIGH(words[at]) :
		  PAIR(LOW(words[before]), HIGH(words[at])));
	state_put(object->view, at, PAIR(0, HIGH(words[head])));
	state_put(object->view, head, PAIR(LOW(words[head]), number));
	return true;
}
