/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What is said of the policy's text: no decision reads it. */
#include "image_check.h"

static bool is_class(const struct image_check *check, uint16_t class)
{
	return class == IMAGE_CLASS_ANY ||
	       class < check->count[SECTION_CLASSES];
}

static bool check_selectors(const struct image_check *check, uint32_t index)
{
	const struct image_selectors *selectors =
		&check->image->selectors[index];

	if (selectors->kind == EVENT_NONE || selectors->kind >= EVENT_N)
		return image_refuse(check, SECTION_SELECTORS, index,
				    "a binding's kind is out of range");
	if (!image_is_string(check, selectors->interface) ||
	    !image_is_string(check, selectors->component) ||
	    !image_is_string(check, selectors->endpoint) ||
	    !image_is_string(check, selectors->method) ||
	    !image_is_string(check, selectors->file))
		return image_refuse(check, SECTION_SELECTORS, index,
				    "a binding's name is out of range");
	return true;
}

static bool check_binding(const struct image_check *check, uint32_t index)
{
	const struct image_binding *binding = &check->image->bindings[index];

	if (!is_class(check, binding->src) || !is_class(check, binding->dst))
		return image_refuse(check, SECTION_BINDINGS, index,
				    "a binding's class is out of range");
	if (binding->selectors >= check->count[SECTION_SELECTORS] ||
	    binding->line == 0)
		return image_refuse(check, SECTION_BINDINGS, index,
				    "a binding's selectors or line is out of range");
	return true;
}

bool image_check_bindings(const struct image_check *check)
{
	for (uint32_t i = 0; i < check->count[SECTION_SELECTORS]; i++)
		if (!check_selectors(check, i))
			return false;
	for (uint32_t i = 0; i < check->count[SECTION_BINDINGS]; i++)
		if (!check_binding(check, i))
			return false;
	return true;
}
