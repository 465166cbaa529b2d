/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <inttypes.h>

#include "dump.h"

static const char *model_name(uint8_t model)
{
	static const char *const names[MODEL_N] = {
		[MODEL_NONE] = "?", [MODEL_FLOW] = "Flow",
		[MODEL_SET] = "HashSet", [MODEL_MAP] = "StaticMap",
		[MODEL_RBAC] = "Rbac", [MODEL_MIC] = "Mic",
	};

	return names[model];
}

static void dump_fields(const struct image_object *object, FILE *to)
{
	static const char *const names[FIELD_N] = {
		"?", "unsigned", "signed", "Boolean", "Text",
	};

	for (uint32_t i = 0; i < object->n_fields; i++)
		fprintf(to, "%s%s", i ? " " : ", of ",
			names[object->fields[i]]);
}

/* The names that a mask has a bit for. */
static void dump_mask(const struct image *image, const uint32_t *names,
		      uint32_t n, const uint32_t *mask, FILE *to)
{
	uint64_t bits = (uint64_t)mask[1] << 32 | mask[0];

	for (uint32_t i = 0; i < n; i++)
		if (bits >> i & 1) {
			fputc(' ', to);
			dump_text(to, image_string(image, names[i]));
		}
}

static void dump_initial(const struct image *image,
			 const struct image_object *object, uint32_t value,
			 FILE *to)
{
	const struct image_number *number = &image->numbers[value];

	fputs(": ", to);
	if (object->fields[0] == FIELD_TEXT)
		dump_text(to, image_string(image, value));
	else if (object->fields[0] == FIELD_BOOL)
		fputs(value ? "true" : "false", to);
	else
		fprintf(to, "%s%" PRIu64, number->negative ? "-" : "",
			number->magnitude);
}

/* A name of the object and what belongs to it. */
static void dump_item(const struct image *image,
		      const struct image_object *object, uint32_t i, FILE *to)
{
	const uint32_t *words = image->object_words + object->words;
	uint32_t n = object->n_items, names = n;

	if (object->model == MODEL_RBAC)
		names = n + object->n_more;
	fputs("    ", to);
	dump_text(to, image_string(image, words[i]));
	if (object->model == MODEL_FLOW)
		fputs(i == object->n_more ? " (initial) ->" : " ->", to);
	else if (object->model == MODEL_RBAC)
		fputs(i < n ? " excludes" : " is held by", to);
	else if (object->model == MODEL_MIC)
		fputs(i < n ? " (degree)" : " (category)", to);
	if (object->model == MODEL_FLOW || object->model == MODEL_RBAC)
		dump_mask(image, words, n, words + names + 2 * i, to);
	if (object->model == MODEL_MAP)
		dump_initial(image, object, words[n + i], to);
	fputc('\n', to);
}

void dump_object(const struct image *image, uint32_t index, FILE *to)
{
	const struct image_object *object = &image->objects[index];
	uint32_t n = object->n_items;

	dump_name(to, image, " ", object->name, ": ");
	fprintf(to, "%s, pool of %u", model_name(object->model),
		object->pool_size);
	if (object->model == MODEL_SET)
		fprintf(to, ", sets of %u", n);
	dump_fields(object, to);
	fputc('\n', to);
	if (object->model == MODEL_RBAC || object->model == MODEL_MIC)
		n += object->n_more;
	for (uint32_t k = 0; object->model != MODEL_SET && k < n; k++)
		dump_item(image, object, k, to);
}

void dump_objects(const struct image *image, FILE *to)
{
	if (image->n_objects)
		fprintf(to, "\npolicy objects, %zu bytes of state\n",
			(size_t)image->n_state_words * sizeof(uint64_t));
	for (uint32_t i = 0; i < image->n_objects; i++) {
		fprintf(to, "  %u", i);
		dump_object(image, i, to);
	}
}
