/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* kl.core.CM laid out otherwise than the daemon reads and writes it is refused:
   each size, count, place and kind of each of its parameters. */
#include <string.h>

#include "support/image_maker.h"
#include "support/suite.h"
#include "support/world.h"
#include "support/world_image.h"

static struct image image;
static struct image_interface interface;
static struct layout_type types[IMAGE_TYPES_MAX];
static struct layout_field fields[256];
static struct layout layout;
static void *file;
static size_t file_size;

static void fresh(void)
{
	const struct image_endpoint *cm =
		image_find_endpoint(&image, IMAGE_CLASS_CORE, CM_PATH);

	interface = image.interfaces[cm->interface];
	ck_assert_uint_le(image.layout.n_fields, SUITE_LENGTH(fields));
	memcpy(types, image.layout.types, image.layout.n_types *
	       sizeof(*types));
	memcpy(fields, image.layout.fields, image.layout.n_fields *
	       sizeof(*fields));
	layout = (struct layout){ types, fields, image.layout.n_types,
				  image.layout.n_fields };
}

static void set_up(void)
{
	file = world_image(&image, 0, &file_size);
	fresh();
}

static void tear_down(void)
{
	maker_free_file(file, file_size);
}

static bool known(void)
{
	return !connect_body_fault(&interface, image.methods, &layout);
}

static struct layout_type *part_of(uint32_t mid, int part)
{
	return &types[image.methods[interface.methods + mid].type[part]];
}

START_TEST(known_layout_passes)
{
	ck_assert(known());
}
END_TEST

START_TEST(number_of_methods_is_checked)
{
	interface.n_methods--;
	ck_assert(!known());
	interface.n_methods += 2;
	ck_assert(!known());
}
END_TEST

START_TEST(every_parameter_is_checked)
{
	uint32_t mid = (uint32_t)_i / 2;
	int part = _i % 2;
	uint32_t n = part_of(mid, part)->count;

	part_of(mid, part)->size += 8;
	ck_assert(!known());
	fresh();
	part_of(mid, part)->count--;
	ck_assert(!known());
	fresh();
	for (uint32_t i = 0; i < n; i++) {
		struct layout_field *field =
			&fields[part_of(mid, part)->first + i];

		field->offset += 4;
		ck_assert(!known());
		fresh();
		types[field->type].kind =
			types[field->type].kind == LAYOUT_SCALAR ?
			LAYOUT_BYTES : LAYOUT_SCALAR;
		ck_assert(!known());
		fresh();
		if (types[field->type].kind == LAYOUT_SCALAR)
			types[field->type].scalar = SCALAR_SINT32;
		else if (types[field->type].kind == LAYOUT_STRING)
			types[field->type].count = CM_NAME_MAX + 1;
		else
			continue;
		ck_assert(!known());
		fresh();
	}
}
END_TEST

START_TEST(daemon_does_not_start_with_another_layout)
{
	struct world *w = world_new(0);
	struct mediator *m = loop_new(&w->image, &w->options, w->monitor,
				      w->out);

	part_of(CM_ACCEPT, METHOD_RESPONSE)->size += 8;
	w->image.layout.types = types;
	ck_assert(!loop_begin(m));
	ck_assert_int_eq(m->failure, DKD_IMAGE);
	loop_free(m);
	w->image.layout.types = image.layout.types;
	world_end(w);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("connect_body");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, known_layout_passes);
	tcase_add_test(tests, number_of_methods_is_checked);
	tcase_add_loop_test(tests, every_parameter_is_checked, 0, 2 * CM_N);
	tcase_add_test(tests, daemon_does_not_start_with_another_layout);
	return suite_run("connect_body", tests);
}
