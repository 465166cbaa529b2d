/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Classes, their endpoints and interfaces, and the layouts of bodies. */
#include <string.h>

#include "../../kernel/abi/wire.h"
#include "build.h"

static uint32_t add_type(struct build *build, const struct xdl_type *type);

/* Fields stand together, so their types come first. */
static uint32_t add_fields(struct build *build, const struct xdl_type *type)
{
	uint32_t *types = arena_alloc(build->arena,
				      type->count * sizeof(*types) + 1);
	uint32_t first;

	for (uint32_t i = 0; i < type->count; i++)
		types[i] = add_type(build, type->fields[i].type);
	first = (uint32_t)build->sections[SECTION_FIELDS].n;
	for (uint32_t i = 0; i < type->count; i++) {
		struct layout_field field = {
			.offset = type->fields[i].offset, .type = types[i],
			.name = build_string(build, type->fields[i].name),
		};

		build_append(build, SECTION_FIELDS, &field);
	}
	return first;
}

static uint32_t add_type(struct build *build, const struct xdl_type *type)
{
	struct layout_type layout = {
		.kind = (uint8_t)type->kind, .align = (uint8_t)type->align,
		.size = type->size, .count = type->count,
	};
	bool has_fields = type->kind == LAYOUT_STRUCT ||
			  type->kind == LAYOUT_UNION;
	uint32_t index;

	/* one that has fields is known by its address, the others by value */
	if (has_fields &&
	    memo_find(&build->types, &type, sizeof(type), &index))
		return index;
	if (type->kind == LAYOUT_SCALAR)
		layout.scalar = (uint8_t)type->scalar;
	if (type->kind == LAYOUT_SCALAR || type->kind == LAYOUT_HANDLE)
		layout.count = 0;
	if (type->kind == LAYOUT_SEQUENCE || type->kind == LAYOUT_ARRAY)
		layout.first = add_type(build, type->element);
	if (has_fields)
		layout.first = add_fields(build, type);
	else if (memo_find(&build->types, &layout, sizeof(layout), &index))
		return index;
	index = build_append(build, SECTION_TYPES, &layout);
	if (has_fields)
		memo_add(&build->types, build->arena, &type, sizeof(type),
			 index);
	else
		memo_add(&build->types, build->arena, &layout, sizeof(layout),
			 index);
	return index;
}

static void check_name(struct build *build, const char *name, struct pos pos)
{
	if (strlen(name) >= WIRE_NAME_MAX)
		diag_error(build->diags, pos, "'%s' is longer than %u bytes",
			   name, WIRE_NAME_MAX - 1);
}

static uint32_t add_interface(struct build *build,
			      const struct xdl_interface *interface)
{
	struct image_interface image = { .n_methods = interface->n_methods };
	struct image_method *methods;
	uint32_t index;

	if (memo_find(&build->interfaces, &interface, sizeof(interface), &index))
		return index;
	check_name(build, interface->name, interface->pos);
	image.name = build_string(build, interface->name);
	methods = arena_alloc(build->arena,
			      interface->n_methods * sizeof(*methods) + 1);
	for (uint32_t i = 0; i < interface->n_methods; i++) {
		const struct xdl_method *method = &interface->methods[i];

		check_name(build, method->name, method->pos);
		methods[i].name = build_string(build, method->name);
		for (int part = 0; part < 3; part++) {
			const struct xdl_type *type = method->part[part];

			methods[i].type[part] = type ? add_type(build, type)
						     : IMAGE_NONE;
			methods[i].arena_max[part] =
				type ? (uint32_t)type->arena_max : 0;
		}
	}
	image.methods = (uint32_t)build->sections[SECTION_METHODS].n;
	for (uint32_t i = 0; i < interface->n_methods; i++)
		build_append(build, SECTION_METHODS, &methods[i]);
	index = build_append(build, SECTION_INTERFACES, &image);
	memo_add(&build->interfaces, build->arena, &interface,
		 sizeof(interface), index);
	return index;
}

static void add_class(struct build *build, uint32_t index)
{
	const struct xdl_class *class = build->psl->classes[index];
	struct image_class *image = &build->classes[index];
	uint64_t slots = 0;

	check_name(build, class->name, class->pos);
	image->name = build_string(build, class->name);
	image->endpoints = (uint32_t)build->sections[SECTION_ENDPOINTS].n;
	image->n_endpoints = class->n_endpoints;
	image->security = IMAGE_NONE;
	image->deadline_cap_ms = BUILD_DEADLINE_CAP_MS;
	for (uint32_t i = 0; i < class->n_endpoints; i++) {
		const struct xdl_endpoint *endpoint = &class->endpoints[i];
		struct image_endpoint to = {
			.path = build_string(build, endpoint->path),
			.interface = add_interface(build, endpoint->interface),
			.class_index = index, .slot = (uint32_t)slots,
			.riid = endpoint->riid,
		};

		check_name(build, endpoint->path, endpoint->pos);
		build_append(build, SECTION_ENDPOINTS, &to);
		slots += endpoint->interface->n_methods;
	}
	if (class->security) {
		image->security = add_interface(build, class->security);
		image->security_slot = (uint32_t)slots;
		slots += class->security->n_methods;
	}
	image->n_slots = slots ? (uint32_t)slots : 1;
	if (slots * sizeof(uint32_t) > IMAGE_SIZE_MAX)
		diag_error(build->diags, class->pos, "class '%s' has too many "
			   "methods", class->name);
}

void build_classes(struct build *build)
{
	build->classes = arena_alloc(build->arena, build->psl->n_classes *
				     sizeof(*build->classes));
	for (uint32_t i = 0; i < build->psl->n_classes; i++)
		add_class(build, i);
	if (build->sections[SECTION_TYPES].n > IMAGE_TYPES_MAX)
		diag_error(build->diags, (struct pos){ 0 }, "the interfaces "
			   "have more than %u types", IMAGE_TYPES_MAX);
}
