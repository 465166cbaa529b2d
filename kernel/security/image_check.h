/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The parts of image_load, a file each. They are called in this order, and each
 * may index what those before it have proved. All return true, or false with
 * the fault filled. None recurses, allocates or does more work than a small
 * multiple of the image's size; where sharing could make it more, a budget
 * refuses the image instead.
 */
#ifndef DK_SECURITY_IMAGE_CHECK_H
#define DK_SECURITY_IMAGE_CHECK_H

#include <stdbool.h>

#include "image.h"

struct image_check {
	const struct image *image;
	struct image_fault *fault;
	uint32_t count[SECTION_N];	/* of elements */
};

/* Fills the fault; always false. */
static inline bool image_refuse(const struct image_check *check,
				enum image_section_id section, uint32_t index,
				const char *what)
{
	check->fault->what = what;
	check->fault->section = section;
	check->fault->index = index;
	return false;
}

/* Whether COUNT elements from FIRST on are inside SECTION. */
static inline bool image_has(const struct image_check *check,
			     enum image_section_id section, uint32_t first,
			     uint32_t count)
{
	return first <= check->count[section] &&
	       count <= check->count[section] - first;
}

/* Whether NAME is where a string begins. */
static inline bool image_is_string(const struct image_check *check,
				   uint32_t name)
{
	return name < check->count[SECTION_STRINGS] &&
	       (name == 0 || check->image->strings[name - 1] == 0);
}

/* Whether NAME is a string of 1 to WIRE_NAME_MAX - 1 bytes. */
bool image_is_name(const struct image_check *check, uint32_t name);
/* Whether no two of the N names, STRIDE words apart, are alike. N is at most
   IMAGE_CLASSES_MAX. Else DOUBLE is the index of the second. */
bool image_names_differ(const struct image_check *check, const uint32_t *first,
			uint32_t stride, uint32_t n, uint32_t *twice);

bool image_check_types(const struct image_check *check);	/* and fields */
bool image_check_classes(const struct image_check *check);	/* endpoints,
						interfaces, methods */
bool image_check_bindings(const struct image_check *check);
/* Also how large the block of states is: IMAGE is the check's. */
bool image_check_objects(const struct image_check *check, struct image *image);
bool image_check_dfas(const struct image_check *check);	/* and their states */
bool image_check_programs(const struct image_check *check);	/* calls, code,
						numbers */
bool image_check_audit(const struct image_check *check);	/* levels, audits and
						omits, those of the calls */
bool image_check_routes(const struct image_check *check);	/* actions, cells,
						pairs */
bool image_check_start(const struct image_check *check);	/* tasks, channels,
						lists, users */

#endif
