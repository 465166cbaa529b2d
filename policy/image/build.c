/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "build.h"

#include <string.h>

#include "../../kernel/security/image.h"
#include "../../kernel/security/sha256.h"

uint32_t build_append(struct build *build, enum image_section_id section,
		      const void *element)
{
	struct build_section *to = &build->sections[section];
	size_t size = image_element_size[section];

	to->data = arena_grow(build->arena, to->data, to->n, &to->capacity,
			      size);
	memcpy((char *)to->data + to->n * size, element, size);
	return (uint32_t)to->n++;
}

uint32_t build_string(struct build *build, const char *text)
{
	uint32_t number = names_number(build->strings, text);

	if (number == build->n_offsets) {
		*ARENA_PUSH(build->arena, build->string_offsets,
			    build->n_offsets, build->offsets_capacity) =
			(uint32_t)build->sections[SECTION_STRINGS].n;
		for (const char *c = text; *c; c++)
			build_append(build, SECTION_STRINGS, c);
		build_append(build, SECTION_STRINGS, "");
	}
	return build->string_offsets[number];
}

static size_t align(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

/* The header, then the sections, zeroes between them. */
static char *assemble(struct build *build, size_t *size)
{
	struct image_header header = { .version = IMAGE_VERSION };
	size_t end = align(sizeof(header));
	struct sha256 hash;
	char *data;

	memcpy(header.magic, IMAGE_MAGIC, sizeof(header.magic));
	for (int i = 0; i < SECTION_N; i++) {
		header.sections[i].offset = (uint32_t)end;
		header.sections[i].count = (uint32_t)build->sections[i].n;
		end = align(end + build->sections[i].n * image_element_size[i]);
		if (end > IMAGE_SIZE_MAX) {
			diag_error(build->diags, (struct pos){ 0 }, "the image "
				   "would be larger than %u MiB",
				   IMAGE_SIZE_MAX >> 20);
			return NULL;
		}
	}
	header.size = (uint32_t)end;
	data = arena_alloc(build->arena, end);
	memcpy(data, &header, sizeof(header));
	for (int i = 0; i < SECTION_N; i++)
		if (build->sections[i].n)
			memcpy(data + header.sections[i].offset,
			       build->sections[i].data,
			       build->sections[i].n * image_element_size[i]);
	sha256_init(&hash);
	sha256_update(&hash, data, end);
	sha256_final(&hash, header.sha256);
	memcpy(data, &header, sizeof(header));
	*size = end;
	return data;
}

const void *image_build(struct arena *arena, struct diags *diags,
			const struct psl *psl, const struct init *init,
			const char *share, size_t *size)
{
	struct build build = {
		.arena = arena, .diags = diags, .psl = psl, .share = share,
		.strings = names_new(arena),
	};
	uint64_t n = psl->n_classes;
	size_t before = diags_errors(diags);
	struct image_fault fault;
	struct image image;
	uint32_t *first;
	void *data;

	if (n * n * (EVENT_N - 1) * sizeof(uint32_t) > IMAGE_SIZE_MAX) {
		diag_error(diags, (struct pos){ 0 }, "%u classes are too many "
			   "for one image", psl->n_classes);
		return NULL;
	}
	*ARENA_PUSH(arena, build.string_offsets, build.n_offsets,
		    build.offsets_capacity) = 0;
	build_append(&build, SECTION_STRINGS, "");
	first = arena_alloc(arena, (psl->n_bindings + 1u) * sizeof(*first));
	build_classes(&build);
	build_objects(&build);
	build_audit(&build);
	build_calls(&build, first);
	build_routes(&build, first);
	build_tasks(&build, init);
	for (uint32_t i = 0; i < psl->n_classes; i++)
		build_append(&build, SECTION_CLASSES, &build.classes[i]);
	if (diags_errors(diags) != before)
		return NULL;
	data = assemble(&build, size);
	if (!data)
		return NULL;
	if (!image_load(&image, data, *size, &fault)) {
		diag_error(diags, (struct pos){ 0 }, "the compiler made an "
			   "unsound image: %s (section %u, element %u); please "
			   "report this", fault.what, fault.section,
			   fault.index);
		return NULL;
	}
	return data;
}
