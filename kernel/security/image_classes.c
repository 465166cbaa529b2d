/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Proves interfaces and their methods, then classes and their endpoints: a
 * class's endpoints are its own, numbered from 0, and their slots follow one
 * another without a gap.
 */
#include <string.h>

#include "image_check.h"

#define RIID_MAX 65535u		/* endpoints of a class, methods of one */

static bool check_part(const struct image_check *check, uint32_t index,
		       const struct image_method *method, unsigned part)
{
	const struct layout *layout = &check->image->layout;
	const struct layout_type *type;

	if (part == METHOD_ERROR && method->type[part] == IMAGE_NONE) {
		if (method->arena_max[part] != 0)
			return image_refuse(check, SECTION_METHODS, index,
					    "a part that is not there has an arena");
		return true;
	}
	if (method->type[part] >= layout->n_types)
		return image_refuse(check, SECTION_METHODS, index,
				    "a method's type is out of range");
	type = &layout->types[method->type[part]];
	/* The arena follows the fixed part and is to be 8-aligned. */
	if (type->kind != LAYOUT_STRUCT || type->size % 8 != 0)
		return image_refuse(check, SECTION_METHODS, index,
				    "a method's type is not a struct of whole words");
	if ((uint64_t)type->size + method->arena_max[part] > IMAGE_MESSAGE_MAX)
		return image_refuse(check, SECTION_METHODS, index,
				    "a method's message is too large");
	return true;
}

static bool check_methods(const struct image_check *check)
{
	const struct image *image = check->image;

	for (uint32_t i = 0; i < image->n_methods; i++) {
		const struct image_method *method = &image->methods[i];

		if (!image_is_name(check, method->name))
			return image_refuse(check, SECTION_METHODS, i,
					    "a method has no proper name");
		for (unsigned part = 0; part < 3; part++)
			if (!check_part(check, i, method, part))
				return false;
	}
	for (uint32_t i = 0; i < image->n_interfaces; i++) {
		const struct image_interface *interface = &image->interfaces[i];

		if (!image_is_name(check, interface->name))
			return image_refuse(check, SECTION_INTERFACES, i,
					    "an interface has no proper name");
		if (interface->n_methods > RIID_MAX ||
		    !image_has(check, SECTION_METHODS, interface->methods,
			       interface->n_methods))
			return image_refuse(check, SECTION_INTERFACES, i,
					    "the methods are out of range");
	}
	return true;
}

/* The endpoints of one class. SLOTS gets the number of their methods. */
static bool check_endpoints(const struct image_check *check, uint32_t index,
			    uint32_t *slots)
{
	const struct image *image = check->image;
	const struct image_class *class = &image->classes[index];

	*slots = 0;
	for (uint32_t riid = 0; riid < class->n_endpoints; riid++) {
		uint32_t at = class->endpoints + riid;
		const struct image_endpoint *endpoint = &image->endpoints[at];

		if (!image_is_name(check, endpoint->path))
			return image_refuse(check, SECTION_ENDPOINTS, at,
					    "an endpoint has no proper path");
		if (endpoint->class_index != index || endpoint->riid != riid)
			return image_refuse(check, SECTION_ENDPOINTS, at,
					    "an endpoint is not where its class and "
					    "number say");
		if (endpoint->interface >= image->n_interfaces)
			return image_refuse(check, SECTION_ENDPOINTS, at,
					    "an endpoint's interface is out of range");
		if (endpoint->slot != *slots)
			return image_refuse(check, SECTION_ENDPOINTS, at,
					    "an endpoint's slot does not follow the "
					    "one before");
		*slots += image->interfaces[endpoint->interface].n_methods;
	}
	return true;
}

/* The answer to a question is a verdict alone. */
static bool answers_nothing(const struct image *image,
			    const struct image_interface *interface)
{
	for (uint32_t i = 0; i < interface->n_methods; i++) {
		const uint32_t *type =
			image->methods[interface->methods + i].type;

		if (image->layout.types[type[METHOD_RESPONSE]].size > 0 ||
		    type[METHOD_ERROR] != IMAGE_NONE)
			return false;
	}
	return true;
}

static bool check_class(const struct image_check *check, uint32_t index,
			uint32_t first_endpoint)
{
	const struct image *image = check->image;
	const struct image_class *class = &image->classes[index];
	uint32_t slots;

	if (!image_is_name(check, class->name))
		return image_refuse(check, SECTION_CLASSES, index,
				    "a class has no proper name");
	if (class->flags & ~CLASS_HANDLES)
		return image_refuse(check, SECTION_CLASSES, index,
				    "a class has an unknown flag");
	if (class->n_endpoints > RIID_MAX ||
	    !image_has(check, SECTION_ENDPOINTS, class->endpoints,
		       class->n_endpoints) ||
	    (class->n_endpoints > 0 && class->endpoints != first_endpoint))
		return image_refuse(check, SECTION_CLASSES, index,
				    "the endpoints do not follow those of the class "
				    "before");
	/* At most 65535 times 65535 methods: 32 bits are enough. */
	if (!check_endpoints(check, index, &slots))
		return false;
	if (class->security != IMAGE_NONE) {
		if (class->security >= image->n_interfaces ||
		    class->security_slot != slots)
			return image_refuse(check, SECTION_CLASSES, index,
					    "the security interface or its slot is "
					    "out of range");
		if (image->interfaces[class->security].n_methods >
		    UINT32_MAX - slots)
			return image_refuse(check, SECTION_CLASSES, index,
					    "a class has too many methods");
		if (!answers_nothing(image,
				     &image->interfaces[class->security]))
			return image_refuse(check, SECTION_CLASSES, index,
					    "the security interface answers more "
					    "than a verdict");
		slots += image->interfaces[class->security].n_methods;
	}
	if (class->n_slots != (slots > 0 ? slots : 1))
		return image_refuse(check, SECTION_CLASSES, index,
				    "the slots are not as many as the methods");
	return true;
}

static bool check_fixed_classes(const struct image_check *check)
{
	const struct image *image = check->image;

	if (image->n_classes <= IMAGE_CLASS_EINIT ||
	    image->n_classes > IMAGE_CLASSES_MAX)
		return image_refuse(check, SECTION_CLASSES, 0,
				    "there are too few or too many classes");
	for (uint32_t i = 0; i <= IMAGE_CLASS_EINIT; i++)
		if (!image_is_name(check, image->classes[i].name))
			return image_refuse(check, SECTION_CLASSES, i,
					    "a class has no proper name");
	if (strcmp(image_string(image, image->classes[IMAGE_CLASS_CORE].name),
		   "kl.core.Core") != 0)
		return image_refuse(check, SECTION_CLASSES, IMAGE_CLASS_CORE,
				    "the first class is not kl.core.Core");
	if (strcmp(image_string(image, image->classes[IMAGE_CLASS_EINIT].name),
		   "Einit") != 0)
		return image_refuse(check, SECTION_CLASSES, IMAGE_CLASS_EINIT,
				    "the second class is not Einit");
	return true;
}

bool image_check_classes(const struct image_check *check)
{
	const struct image *image = check->image;
	uint32_t first_endpoint = 0, twice;

	if (!check_methods(check) || !check_fixed_classes(check))
		return false;
	for (uint32_t i = 0; i < image->n_classes; i++) {
		if (!check_class(check, i, first_endpoint))
			return false;
		first_endpoint += image->classes[i].n_endpoints;
	}
	if (first_endpoint != image->n_endpoints)
		return image_refuse(check, SECTION_ENDPOINTS, first_endpoint,
				    "an endpoint belongs to no class");
	if (!image_names_differ(check, &image->classes[0].name,
				sizeof(struct image_class) / sizeof(uint32_t),
				image->n_classes, &twice))
		return image_refuse(check, SECTION_CLASSES, twice,
				    "two classes have one name");
	return true;
}
