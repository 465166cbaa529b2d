/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Policy objects: their configuration, and where their state will be. */
#include <string.h>

#include "../../kernel/security/object.h"
#include "build.h"

static void add_word(struct build *build, uint32_t word)
{
	build_append(build, SECTION_OBJECT_WORDS, &word);
}

static void add_names(struct build *build, const struct variant *names)
{
	for (size_t i = 0; i < names->n; i++)
		add_word(build, build_string(build, names->texts[i]));
}

static uint8_t field_of(struct value_type type)
{
	switch (type.kind) {
	case VALUE_BOOL:
		return FIELD_BOOL;
	case VALUE_TEXT:
		return FIELD_TEXT;
	default:
		return type.kind == VALUE_NUMBER &&
		       scalar_is_signed(type.scalar) ? FIELD_SIGNED
						     : FIELD_UNSIGNED;
	}
}

static uint32_t initial_value(struct build *build, const struct node *node)
{
	if (node->kind == NODE_TEXT)
		return build_string(build, node->text);
	if (node->kind == NODE_BOOL)
		return node->truth;
	return build_number(build, node->number);
}

static void add_config(struct build *build, const struct psl_object *object)
{
	add_names(build, &object->names);
	add_names(build, &object->more);
	for (uint32_t i = 0; i < object->n_masks; i++) {
		add_word(build, (uint32_t)object->masks[i]);
		add_word(build, (uint32_t)(object->masks[i] >> 32));
	}
	for (uint32_t i = 0; object->values && i < object->n_items; i++)
		add_word(build, initial_value(build, object->values[i]));
}

void build_objects(struct build *build)
{
	uint64_t state = 0;

	for (uint32_t i = 0; i < build->psl->n_objects; i++) {
		const struct psl_object *from = &build->psl->objects[i];
		struct image_object to = {
			.name = build_string(build, from->name),
			.model = (uint8_t)from->model,
			.n_fields = (uint8_t)from->n_fields,
			.pool_size = from->pool_size, .n_buckets = 1,
			.n_items = from->n_items, .n_more = from->n_more,
			.words = (uint32_t)
				build->sections[SECTION_OBJECT_WORDS].n,
			.state = (uint32_t)state,
		};

		if (from->model == MODEL_FLOW)
			to.n_fields = 0;
		for (uint32_t k = 0; k < to.n_fields; k++)
			to.fields[k] = field_of(from->fields[k]);
		while (to.n_buckets < to.pool_size)
			to.n_buckets *= 2;
		add_config(build, from);
		to.n_words = (uint32_t)build->sections[SECTION_OBJECT_WORDS].n -
			     to.words;
		to.place_words = (uint32_t)object_place_words(&to);
		state += object_state_words(&to);
		if (state > IMAGE_STATE_MAX / sizeof(uint64_t)) {
			diag_error(build->diags, from->pos, "with this object "
				   "the policy would remember more than %u MiB: "
				   "make its sets or its pool smaller",
				   IMAGE_STATE_MAX >> 20);
			return;
		}
		build_append(build, SECTION_OBJECTS, &to);
	}
}
