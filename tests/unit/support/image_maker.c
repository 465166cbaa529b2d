/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "image_maker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../../kernel/security/sha256.h"

static void fail(const char *what)
{
	fprintf(stderr, "image_maker: %s\n", what);
	abort();
}

void maker_init(struct maker *maker)
{
	memset(maker, 0, sizeof(*maker));
	maker_add(maker, SECTION_STRINGS, "", 1);
}

void maker_deinit(struct maker *maker)
{
	for (int i = 0; i < SECTION_N; i++)
		free(maker->sections[i].bytes);
	memset(maker, 0, sizeof(*maker));
}

void *maker_at(struct maker *maker, enum image_section_id section,
	       uint32_t index)
{
	return (char *)maker->sections[section].bytes +
	       (size_t)index * image_element_size[section];
}

uint32_t maker_add(struct maker *maker, enum image_section_id section,
		   const void *elements, uint32_t n)
{
	uint32_t index = maker->sections[section].count;
	size_t size = (size_t)n * image_element_size[section];
	size_t need = (size_t)index * image_element_size[section] + size;

	if (need > maker->sections[section].capacity) {
		size_t capacity = need * 2 + 64;
		void *bytes = realloc(maker->sections[section].bytes, capacity);

		if (!bytes)
			fail("out of memory");
		maker->sections[section].bytes = bytes;
		maker->sections[section].capacity = capacity;
	}
	maker->sections[section].count += n;
	if (size > 0 && elements)
		memcpy(maker_at(maker, section, index), elements, size);
	else if (size > 0)
		memset(maker_at(maker, section, index), 0, size);
	return index;
}

uint32_t maker_string(struct maker *maker, const char *text)
{
	uint32_t n = maker->sections[SECTION_STRINGS].count;
	const char *strings = maker->sections[SECTION_STRINGS].bytes;

	for (uint32_t at = 0; at < n; at += (uint32_t)strlen(strings + at) + 1)
		if (strcmp(strings + at, text) == 0)
			return at;
	return maker_add(maker, SECTION_STRINGS, text,
			 (uint32_t)strlen(text) + 1);
}

uint32_t maker_type(struct maker *maker, enum layout_kind kind, uint32_t align,
		    uint32_t size, uint32_t first, uint32_t count)
{
	struct layout_type type = {
		.kind = (uint8_t)kind, .align = (uint8_t)align, .size = size,
		.first = first, .count = count,
	};

	return maker_add(maker, SECTION_TYPES, &type, 1);
}

uint32_t maker_scalar(struct maker *maker, enum layout_scalar scalar)
{
	static const uint8_t sizes[SCALAR_N] = { 0, 1, 2, 4, 8, 1, 2, 4, 8 };
	struct layout_type type = {
		.kind = LAYOUT_SCALAR, .scalar = (uint8_t)scalar,
		.align = sizes[scalar], .size = sizes[scalar],
	};

	return maker_add(maker, SECTION_TYPES, &type, 1);
}

uint32_t maker_struct(struct maker *maker, enum layout_kind kind,
		      uint32_t align, uint32_t size,
		      const uint32_t (*fields)[2])
{
	uint32_t first = maker->sections[SECTION_FIELDS].count, count = 0;

	for (; fields[count][1] != IMAGE_NONE; count++) {
		struct layout_field field = {
			.offset = fields[count][0], .type = fields[count][1],
			.name = maker_string(maker, "field"),
		};

		maker_add(maker, SECTION_FIELDS, &field, 1);
	}
	return maker_type(maker, kind, align, size, first, count);
}

static uint32_t n_methods(struct maker *maker, uint32_t interface)
{
	struct image_interface *at =
		maker_at(maker, SECTION_INTERFACES, interface);

	return at->n_methods;
}

uint32_t maker_class(struct maker *maker, const char *name, uint32_t security,
		     uint32_t n_endpoints, const char *const *paths,
		     const uint32_t *interfaces)
{
	uint32_t index = maker->sections[SECTION_CLASSES].count, slot = 0;
	struct image_class class = {
		.name = maker_string(maker, name),
		.endpoints = maker->sections[SECTION_ENDPOINTS].count,
		.n_endpoints = n_endpoints, .security = security,
		.deadline_cap_ms = 5000,
	};

	for (uint32_t i = 0; i < n_endpoints; i++) {
		struct image_endpoint endpoint = {
			.path = maker_string(maker, paths[i]),
			.interface = interfaces[i], .class_index = index,
			.slot = slot, .riid = i,
		};

		maker_add(maker, SECTION_ENDPOINTS, &endpoint, 1);
		slot += n_methods(maker, interfaces[i]);
	}
	class.security_slot = slot;
	if (security != IMAGE_NONE)
		slot += n_methods(maker, security);
	class.n_slots = slot > 0 ? slot : 1;
	return maker_add(maker, SECTION_CLASSES, &class, 1);
}

/* The one that all rules are in. */
static void add_binding(struct maker *maker)
{
	struct image_selectors selectors = {
		.kind = EVENT_REQUEST,
		.file = maker_string(maker, "security.psl"),
	};
	struct image_binding binding = {
		.src = IMAGE_CLASS_ANY, .dst = IMAGE_CLASS_ANY, .line = 1,
		.selectors = maker_add(maker, SECTION_SELECTORS, &selectors, 1),
	};

	maker_add(maker, SECTION_BINDINGS, &binding, 1);
}

uint32_t maker_call(struct maker *maker, enum call_fixed fixed,
		    const char *method, const struct image_insn *insns,
		    uint32_t n_insns)
{
	struct image_rule rule = {
		.code = maker->sections[SECTION_CODE].count,
		.n_insns = (uint16_t)n_insns, .fixed = (uint8_t)fixed,
		.object = maker_string(maker, "base"),
		.method = maker_string(maker, method),
		.audit = IMAGE_NONE,
	};
	struct image_call call = {
		.rule = maker_add(maker, SECTION_RULES, &rule, 1),
		.line = 1 + maker->sections[SECTION_CALLS].count, .column = 1,
	};

	if (!maker->sections[SECTION_BINDINGS].count)
		add_binding(maker);
	maker_add(maker, SECTION_CODE, insns, n_insns);
	return maker_add(maker, SECTION_CALLS, &call, 1);
}

uint32_t maker_action(struct maker *maker, const uint32_t *calls,
		      uint32_t n_calls)
{
	struct image_action action = {
		.calls = maker_add(maker, SECTION_ACTION_CALLS, calls, n_calls),
		.n_calls = n_calls,
	};

	return maker_add(maker, SECTION_ACTIONS, &action, 1);
}

struct image_list maker_list(struct maker *maker, const char *const *texts)
{
	struct image_list list = {
		.first = maker->sections[SECTION_LISTS].count,
	};

	for (; texts[list.count]; list.count++) {
		uint32_t name = maker_string(maker, texts[list.count]);

		maker_add(maker, SECTION_LISTS, &name, 1);
	}
	return list;
}

void maker_routes(struct maker *maker)
{
	uint32_t n = maker->sections[SECTION_CLASSES].count, most = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct image_class *class = maker_at(maker, SECTION_CLASSES, i);

		if (class->n_slots > most)
			most = class->n_slots;
	}
	maker_add(maker, SECTION_PAIRS, NULL, n * n * (EVENT_N - 1));
	maker_add(maker, SECTION_CELLS, NULL, most);
}

void maker_route(struct maker *maker, enum event_kind kind, uint32_t src,
		 uint32_t dst, uint32_t slot, uint32_t route)
{
	uint32_t n = maker->sections[SECTION_CLASSES].count;
	uint32_t owner = kind <= EVENT_REQUEST ? dst : src;
	struct image_class *class = maker_at(maker, SECTION_CLASSES, owner);
	uint32_t pair = (((uint32_t)kind - 1) * n + src) * n + dst;
	uint32_t *block = maker_at(maker, SECTION_PAIRS, pair);

	if (*block == 0)
		*block = maker_add(maker, SECTION_CELLS, NULL, class->n_slots);
	memcpy(maker_at(maker, SECTION_CELLS, *block + slot), &route,
	       sizeof(route));
}

/* ---- the file ---- */

static size_t mapped_size(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (size + page - 1) / page * page + page;
}

/* SIZE bytes, a multiple of 8, up to the page that must not be touched. */
static uint8_t *new_file(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), all = mapped_size(size);
	uint8_t *map = mmap(NULL, all, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED || mprotect(map + all - page, page, PROT_NONE))
		fail("out of memory");
	return map + all - page - size;
}

void maker_free_file(void *file, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), all = mapped_size(size);

	munmap((uint8_t *)file + size + page - all, all);
}

void *maker_copy_file(const void *file, size_t size)
{
	return memcpy(new_file(size), file, size);
}

void maker_digest(void *file, size_t size)
{
	struct image_header *header = file;
	struct sha256 hash;

	memset(header->sha256, 0, sizeof(header->sha256));
	sha256_init(&hash);
	sha256_update(&hash, file, size);
	sha256_final(&hash, header->sha256);
}

void *maker_file(const struct maker *maker, size_t *size)
{
	struct image_header header = { .version = IMAGE_VERSION };
	size_t end = sizeof(header);
	uint8_t *file;

	memcpy(header.magic, IMAGE_MAGIC, sizeof(header.magic));
	for (int i = 0; i < SECTION_N; i++) {
		header.sections[i].offset = (uint32_t)end;
		header.sections[i].count = maker->sections[i].count;
		end += (size_t)maker->sections[i].count * image_element_size[i];
		end = (end + 7) & ~(size_t)7;
	}
	header.size = (uint32_t)end;
	file = new_file(end);
	memcpy(file, &header, sizeof(header));
	for (int i = 0; i < SECTION_N; i++)
		if (maker->sections[i].count > 0)
			memcpy(file + header.sections[i].offset,
			       maker->sections[i].bytes,
			       (size_t)maker->sections[i].count *
			       image_element_size[i]);
	maker_digest(file, end);
	*size = end;
	return file;
}

void *maker_file_at(void *file, enum image_section_id section, uint32_t index)
{
	struct image_header *header = file;

	return (uint8_t *)file + header->sections[section].offset +
	       (size_t)index * image_element_size[section];
}
