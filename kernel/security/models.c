/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * HashSet, StaticMap, Flow and Rbac. The loader has proved that an instruction
 * has its values, and an object of its model; which process, which name and
 * which number a value is, is seen here.
 */
#include "models.h"

#include <string.h>

#define ENTRY_WORDS_MAX (OBJECT_FIELDS_MAX * OBJECT_TEXT_WORDS)

/* ---- values ---- */

void object_name(const struct object *object, uint32_t name,
		 struct eval_value *to)
{
	const char *text = image_string(object->image, name);

	to->number = 0;
	to->negative = false;
	to->at = (const uint8_t *)text;
	to->size = (uint32_t)strlen(text);
}

/* Which of the N names at NAMES the text is, or N. */
static uint32_t find_name(const struct object *object, const uint32_t *names,
			  uint32_t n, const struct eval_value *text)
{
	const char *strings = object->image->strings;
	uint32_t i;

	/* A literal of the policy is where the image has the name. */
	for (i = 0; i < n; i++)
		if ((const char *)text->at == strings + names[i])
			return i;
	for (i = 0; i < n; i++)
		if (strlen(strings + names[i]) == text->size &&
		    (text->size == 0 || memcmp(strings + names[i], text->at,
					       text->size) == 0))
			return i;
	return n;
}

static inline bool pack_field(const struct eval_value *value, uint8_t field,
			      uint64_t *to)
{
	switch ((enum object_field)field) {
	case FIELD_UNSIGNED:
		*to = value->number;
		return !value->negative;
	case FIELD_SIGNED:
		*to = value->negative ? ~value->number + 1 : value->number;
		return value->number <= (uint64_t)INT64_MAX + value->negative;
	case FIELD_BOOL:
		*to = value->number;
		return true;
	case FIELD_TEXT:
		if (value->size > OBJECT_TEXT_MAX)
			return false;
		memset(to, 0, OBJECT_TEXT_WORDS * sizeof(*to));
		*to = value->size;
		if (value->size > 0)
			memcpy(to + 1, value->at, value->size);
		return true;
	case FIELD_NONE:
	case FIELD_N:
		break;
	}
	return false;
}

/* The entry at VALUES as words, and how many; 0: it does not fit, a fault. */
static inline uint32_t pack(const struct object *object,
			    const struct eval_value *values, uint64_t *to)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < object->is->n_fields; i++) {
		uint8_t field = object->is->fields[i];

		if (!pack_field(&values[i], field, to + n))
			return 0;
		n += field == FIELD_TEXT ? OBJECT_TEXT_WORDS : 1;
	}
	return n;
}

static void unpack(const struct object *object, size_t at,
		   struct eval_value *to)
{
	const uint64_t *words = object_word(object, at);
	bool negative = object->is->fields[0] == FIELD_SIGNED &&
			words[0] > INT64_MAX;

	object_say(to, false);
	if (object->is->fields[0] == FIELD_TEXT) {
		to->at = (const uint8_t *)(words + 1);
		to->size = (uint32_t)words[0];
		return;
	}
	to->number = negative ? ~words[0] + 1 : words[0];
	to->negative = negative;
}

static const uint32_t *words_of(const struct object *object)
{
	return object->image->object_words + object->is->words;
}

/* Mask I of those that begin at MASKS. */
static uint64_t mask_of(const uint32_t *masks, uint32_t i)
{
	return (uint64_t)masks[2 * i + 1] << 32 | masks[2 * i];
}

static void put_words(const struct object *object, size_t at,
		      const uint64_t *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (*object_word(object, at + i) != words[i])
			state_put(object->view, at + i, words[i]);
}

/* ---- places ---- */

/* A StaticMap's initial values: committed and working copy. */
static void init_map(const struct object *object, size_t at)
{
	const struct image_object *is = object->is;
	uint32_t n = object_entry_words(is);

	for (uint32_t key = 0; key < is->n_items; key++) {
		uint32_t from = words_of(object)[is->n_items + key];
		uint64_t words[OBJECT_TEXT_WORDS];
		struct eval_value value = { .number = from };

		if (is->fields[0] == FIELD_TEXT) {
			object_name(object, from, &value);
		} else if (is->fields[0] != FIELD_BOOL) {
			value.number = object->image->numbers[from].magnitude;
			value.negative = object->image->numbers[from].negative;
		}
		pack_field(&value, is->fields[0], words);
		put_words(object, at + key * n, words, n);
		put_words(object, at + (is->n_items + key) * n, words, n);
	}
}

bool model_init(const struct object *object, uint32_t sid)
{
	size_t at = object_find(object, sid) ? 0 : object_add(object, sid);

	if (!at)
		return false;
	if (object->is->model == MODEL_MAP)
		init_map(object, at);
	else
		state_put(object->view, at, object->is->model == MODEL_FLOW ?
			  object->is->n_more : 0);
	return true;
}

/* ---- Flow ---- */

bool model_enter(const struct object *object, size_t at,
		 const struct eval_value *state)
{
	uint32_t n = object->is->n_items;
	uint32_t to = find_name(object, words_of(object), n, state);
	uint32_t from;

	if (!at || to == n)
		return false;
	from = (uint32_t)*object_word(object, at);
	if (!(mask_of(words_of(object) + n, from) >> to & 1))
		return false;
	state_put(object->view, at, to);
	return true;
}

bool model_allow(const struct object *object, size_t at,
		 const struct eval_value *states, uint32_t n_states)
{
	uint32_t n = object->is->n_items;
	bool found = false;

	for (uint32_t i = 0; at && i < n_states; i++)
		found |= find_name(object, words_of(object), n, &states[i]) ==
			 *object_word(object, at);
	return found;
}

bool model_query(const struct object *object, size_t at, struct eval_value *to)
{
	if (at)
		object_name(object, words_of(object)[*object_word(object, at)],
			    to);
	return at != 0;
}

/* ---- HashSet ---- */

static inline bool same_words(const uint64_t *a, const uint64_t *b, uint32_t n)
{
	uint64_t differ = 0;

	for (uint32_t i = 0; i < n; i++)
		differ |= a[i] ^ b[i];
	return differ == 0;
}

/* Where the set at AT has ENTRY, or 0. */
static size_t find_entry(const struct object *object, size_t at,
			 const uint64_t *entry, uint32_t n)
{
	const uint64_t *words = object_word(object, 0);
	size_t end = at + 1 + words[at] * n;

	for (at++; at < end; at += n)
		if (same_words(words + at, entry, n))
			return at;
	return 0;
}

static bool add_entry(const struct object *object, size_t at,
		      const uint64_t *entry, uint32_t n)
{
	uint64_t count = *object_word(object, at);

	if (find_entry(object, at, entry, n))
		return true;
	if (count == object->is->n_items)
		return false;
	put_words(object, at + 1 + count * n, entry, n);
	state_put(object->view, at, count + 1);
	return true;
}

/* The last entry takes the place of the one that goes. */
static void remove_entry(const struct object *object, size_t at,
			 const uint64_t *entry, uint32_t n)
{
	size_t place = find_entry(object, at, entry, n);
	uint64_t count = *object_word(object, at);

	if (!place)
		return;
	put_words(object, place, object_word(object, at + 1 + (count - 1) * n),
		  n);
	state_put(object->view, at, count - 1);
}

bool model_set(const struct object *object, const struct image_insn *insn,
	       size_t at, struct eval_value *args)
{
	uint64_t entry[ENTRY_WORDS_MAX];
	uint32_t n = pack(object, args + 1, entry);
	bool truth = at != 0;

	if (n == 0 || (!at && insn->op == OP_CONTAINS))
		return false;
	if (at && insn->op == OP_ADD_ENTRY)
		truth = add_entry(object, at, entry, n);
	else if (at && insn->op == OP_REMOVE_ENTRY)
		remove_entry(object, at, entry, n);
	else if (at)
		truth = find_entry(object, at, entry, n) != 0;
	object_say(args, truth);
	return true;
}

/* ---- StaticMap ---- */

bool model_map(const struct object *object, const struct image_insn *insn,
	       size_t at, struct eval_value *args)
{
	uint32_t keys = object->is->n_items, n = object_entry_words(object->is);
	uint32_t key = find_name(object, words_of(object), keys, &args[1]);
	bool reads = insn->op != OP_SET_KEY;
	uint64_t value[OBJECT_TEXT_WORDS];

	if (key == keys || (reads && !at) ||
	    (!reads && !pack(object, args + 2, value)))
		return false;
	if (reads) {
		if (insn->op == OP_GET_WORKING)
			key += keys;
		unpack(object, at + (size_t)key * n, args);
		return true;
	}
	if (at)
		put_words(object, at + (size_t)(keys + key) * n, value, n);
	object_say(args, at != 0);
	return true;
}

/* From the working copy to the committed one, or back. */
void model_copy(const struct object *object, size_t at, bool commit)
{
	uint32_t n = object->is->n_items * object_entry_words(object->is);
	size_t from = commit ? at + n : at, to = commit ? at : at + n;

	put_words(object, to, object_word(object, from), n);
}

/* ---- Rbac ---- */

bool model_rbac(const struct object *object, const struct image_insn *insn,
		size_t at, const struct eval_value *name)
{
	const uint32_t *words = words_of(object);
	uint32_t roles = object->is->n_items, perms = object->is->n_more;
	const uint32_t *masks = words + roles + perms;
	bool is_perm = insn->op == OP_PERMIT;
	uint32_t n = is_perm ? perms : roles;
	uint32_t which = find_name(object, is_perm ? words + roles : words, n,
				   name);
	uint64_t held, one;

	if (!at || which == n)
		return false;
	held = *object_word(object, at);
	if (is_perm)
		return (mask_of(masks, roles + which) & held) != 0;
	one = UINT64_C(1) << which;
	switch (insn->op) {
	case OP_ASSIGN:
		if (mask_of(masks, which) & held)
			return false;
		state_put(object->view, at, held | one);
		return true;
	case OP_DROP:
		state_put(object->view, at, held & ~one);
		return true;
	}
	return (held & one) != 0;
}
