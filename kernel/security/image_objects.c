/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Proves policy objects: their configuration stays inside, one object's after
 * another's, and so does their state in a block of a bounded size. What a rule
 * does to a state then needs no check of where.
 */
#include "image_check.h"
#include "object.h"

/* What a model's numbers may be. */
static const struct {
	uint32_t items_max, more_max, fields_min, fields_max;
} bounds[MODEL_N] = {
	[MODEL_FLOW] = { OBJECT_STATES_MAX, OBJECT_STATES_MAX - 1, 0, 0 },
	[MODEL_SET] = { OBJECT_SET_MAX, 0, 1, OBJECT_FIELDS_MAX },
	[MODEL_MAP] = { OBJECT_KEYS_MAX, 0, 1, 1 },
	[MODEL_RBAC] = { OBJECT_STATES_MAX, OBJECT_KEYS_MAX, 0, 0 },
	[MODEL_MIC] = { OBJECT_DEGREES_MAX, OBJECT_CATEGORIES_MAX, 0, 0 },
};

static bool refuse(const struct image_check *check, uint32_t index,
		   const char *what)
{
	return image_refuse(check, SECTION_OBJECTS, index, what);
}

static bool check_shape(const struct image_check *check, uint32_t index)
{
	const struct image_object *object = &check->image->objects[index];

	if (!image_is_name(check, object->name))
		return refuse(check, index, "an object's name is out of range");
	if (object->model == MODEL_NONE || object->model >= MODEL_N)
		return refuse(check, index, "there is no such model");
	if (object->n_items == 0 ||
	    object->n_items > bounds[object->model].items_max ||
	    object->n_more > bounds[object->model].more_max ||
	    object->n_fields < bounds[object->model].fields_min ||
	    object->n_fields > bounds[object->model].fields_max ||
	    (object->model == MODEL_FLOW && object->n_more >= object->n_items))
		return refuse(check, index, "an object is larger than its model "
			      "can be");
	for (uint32_t i = 0; i < OBJECT_FIELDS_MAX; i++)
		if (i < object->n_fields
		    ? object->fields[i] == FIELD_NONE ||
		      object->fields[i] >= FIELD_N
		    : object->fields[i] != FIELD_NONE)
			return refuse(check, index, "there is no such type of a "
				      "field");
	if (object->pool_size == 0 || object->pool_size > OBJECT_POOL_MAX ||
	    (object->n_buckets & (object->n_buckets - 1)) != 0 ||
	    object->n_buckets < object->pool_size ||
	    object->n_buckets / 2 >= object->pool_size)
		return refuse(check, index, "a pool's size is out of range");
	if (object->place_words != object_place_words(object) ||
	    (object->model == MODEL_MAP &&
	     object->place_words > 2 * OBJECT_MAP_WORDS))
		return refuse(check, index, "a place is not as large as it must "
			      "be");
	return true;
}

static uint32_t word(const struct image_check *check,
		     const struct image_object *object, uint32_t i)
{
	return check->image->object_words[object->words + i];
}

static bool are_names(const struct image_check *check, uint32_t index,
		      uint32_t n)
{
	const struct image_object *object = &check->image->objects[index];

	for (uint32_t i = 0; i < n; i++)
		if (!image_is_string(check, word(check, object, i)))
			return refuse(check, index, "a name of an object is out "
				      "of range");
	return true;
}

/* N masks from word FIRST on, of at most BITS bits. */
static bool are_masks(const struct image_check *check, uint32_t index,
		      uint32_t first, uint32_t n, uint32_t bits)
{
	const struct image_object *object = &check->image->objects[index];

	for (uint32_t i = 0; i < n; i++) {
		uint64_t mask = word(check, object, first + 2 * i + 1);

		mask = mask << 32 | word(check, object, first + 2 * i);
		if (bits < 64 && mask >> bits != 0)
			return refuse(check, index, "an object's mask names what "
				      "is not there");
	}
	return true;
}

static bool check_value(const struct image_check *check,
			const struct image_object *object, uint32_t value)
{
	const struct image_number *number = &check->image->numbers[value];

	switch ((enum object_field)object->fields[0]) {
	case FIELD_BOOL:
		return value <= 1;
	case FIELD_TEXT:
		return image_is_string(check, value);
	case FIELD_UNSIGNED:
		return value < check->count[SECTION_NUMBERS] &&
		       !number->negative;
	case FIELD_SIGNED:
		return value < check->count[SECTION_NUMBERS] &&
		       number->magnitude <= (uint64_t)INT64_MAX +
					    (number->negative != 0);
	case FIELD_NONE:
	case FIELD_N:
		break;
	}
	return false;
}

static bool check_values(const struct image_check *check, uint32_t index)
{
	const struct image_object *object = &check->image->objects[index];

	for (uint32_t i = 0; i < object->n_items; i++) {
		uint32_t value = word(check, object, object->n_items + i);

		if (!check_value(check, object, value))
			return refuse(check, index, "an initial value is out of "
				      "range");
		if (object->fields[0] == FIELD_TEXT)
			for (uint32_t k = 0; k <= OBJECT_TEXT_MAX; k++) {
				if (check->image->strings[value + k] == 0)
					break;
				if (k == OBJECT_TEXT_MAX)
					return refuse(check, index, "an initial "
						      "text is too long");
			}
	}
	return true;
}

static bool check_config(const struct image_check *check, uint32_t index,
			 uint32_t first)
{
	const struct image_object *object = &check->image->objects[index];
	uint32_t n = object->n_items, more = object->n_more;

	if (object->words != first ||
	    object->n_words != object_config_words(object) ||
	    !image_has(check, SECTION_OBJECT_WORDS, first, object->n_words))
		return refuse(check, index, "an object's configuration is not "
			      "where it belongs");
	switch ((enum image_model)object->model) {
	case MODEL_FLOW:
		return are_names(check, index, n) &&
		       are_masks(check, index, n, n, n);
	case MODEL_MAP:
		return are_names(check, index, n) && check_values(check, index);
	case MODEL_RBAC:
		return are_names(check, index, n + more) &&
		       are_masks(check, index, n + more, n + more, n);
	case MODEL_MIC:
		return are_names(check, index, n + more);
	case MODEL_SET:
	case MODEL_NONE:
	case MODEL_N:
		break;
	}
	return true;
}

bool image_check_objects(const struct image_check *check, struct image *image)
{
	uint64_t words = 0, changes = 0;
	uint32_t first = 0;

	if (image->n_objects > IMAGE_OBJECTS_MAX)
		return refuse(check, IMAGE_OBJECTS_MAX,
			      "there are too many objects");
	for (uint32_t i = 0; i < image->n_objects; i++) {
		const struct image_object *object = &image->objects[i];

		if (!check_shape(check, i) || !check_config(check, i, first))
			return false;
		if (object->state != words)
			return refuse(check, i, "an object's state is not where "
				      "it belongs");
		words += object_state_words(object);
		if (words > IMAGE_STATE_MAX / sizeof(uint64_t))
			return refuse(check, i, "the objects' state is too "
				      "large");
		if (object_changes_max(object) > changes)
			changes = object_changes_max(object);
		first += object->n_words;
	}
	if (first != check->count[SECTION_OBJECT_WORDS])
		return image_refuse(check, SECTION_OBJECT_WORDS, first,
				    "words belong to no object");
	if (image->n_objects > 0) {
		image->n_journal = object_journal(changes);
		words += 2 * (uint64_t)image->n_journal;
	}
	if (words > IMAGE_STATE_MAX / sizeof(uint64_t))
		return refuse(check, 0, "the objects' state is too large");
	image->n_state_words = (uint32_t)words;
	return true;
}
