/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "image.h"

#include <assert.h>
#include <string.h>

#include "../abi/wire.h"
#include "image_check.h"
#include "sha256.h"
#include "utf8.h"

const uint32_t image_element_size[SECTION_N] = {
	[SECTION_STRINGS] = 1,
	[SECTION_CLASSES] = sizeof(struct image_class),
	[SECTION_ENDPOINTS] = sizeof(struct image_endpoint),
	[SECTION_INTERFACES] = sizeof(struct image_interface),
	[SECTION_METHODS] = sizeof(struct image_method),
	[SECTION_TYPES] = sizeof(struct layout_type),
	[SECTION_FIELDS] = sizeof(struct layout_field),
	[SECTION_PAIRS] = sizeof(uint32_t),
	[SECTION_CELLS] = sizeof(uint32_t),
	[SECTION_ACTIONS] = sizeof(struct image_action),
	[SECTION_ACTION_CALLS] = sizeof(uint32_t),
	[SECTION_CALLS] = sizeof(struct image_call),
	[SECTION_RULES] = sizeof(struct image_rule),
	[SECTION_CODE] = sizeof(struct image_insn),
	[SECTION_NUMBERS] = sizeof(struct image_number),
	[SECTION_TASKS] = sizeof(struct image_task),
	[SECTION_CHANNELS] = sizeof(struct image_channel),
	[SECTION_LISTS] = sizeof(uint32_t),
	[SECTION_BINDINGS] = sizeof(struct image_binding),
	[SECTION_SELECTORS] = sizeof(struct image_selectors),
	[SECTION_DFAS] = sizeof(struct image_dfa),
	[SECTION_DFA_STATES] = sizeof(uint16_t),
	[SECTION_OBJECTS] = sizeof(struct image_object),
	[SECTION_OBJECT_WORDS] = sizeof(uint32_t),
	[SECTION_USERS] = sizeof(struct image_user),
	[SECTION_LEVELS] = sizeof(uint32_t),
	[SECTION_AUDITS] = sizeof(struct image_audit),
	[SECTION_OMITS] = sizeof(uint32_t),
};

static_assert(sizeof(struct image_header) == 48 + 8 * SECTION_N, "image");
static_assert(sizeof(struct image_class) == 32, "image");
static_assert(sizeof(struct image_endpoint) == 20, "image");
static_assert(sizeof(struct image_interface) == 12, "image");
static_assert(sizeof(struct image_method) == 28, "image");
static_assert(sizeof(struct layout_type) == 16, "image");
static_assert(sizeof(struct layout_field) == 12, "image");
static_assert(sizeof(struct image_action) == 12, "image");
static_assert(sizeof(struct image_call) == 16, "image");
static_assert(sizeof(struct image_rule) == 20, "image");
static_assert(sizeof(struct image_insn) == 8, "image");
static_assert(sizeof(struct image_number) == 16, "image");
static_assert(sizeof(struct image_task) == 100, "image");
static_assert(sizeof(struct image_channel) == 12, "image");
static_assert(sizeof(struct image_binding) == 12, "image");
static_assert(sizeof(struct image_selectors) == 24, "image");
static_assert(sizeof(struct image_dfa) == 272, "image");
static_assert(sizeof(struct image_object) == 44, "image");
static_assert(sizeof(struct image_user) == 8, "image");
static_assert(sizeof(struct image_audit) == 32, "image");

/* ---- strings ---- */

bool image_is_name(const struct image_check *check, uint32_t name)
{
	return image_is_string(check, name) &&
	       check->image->strings[name] != 0 &&
	       strlen(check->image->strings + name) < WIRE_NAME_MAX;
}

static uint32_t hash_name(const char *name)
{
	uint32_t hash = 2166136261u;	/* FNV-1a */

	for (; *name; name++)
		hash = (hash ^ (uint8_t)*name) * 16777619u;
	return hash;
}

bool image_names_differ(const struct image_check *check, const uint32_t *first,
			uint32_t stride, uint32_t n, uint32_t *twice)
{
	enum { BUCKETS = 2 * IMAGE_CLASSES_MAX };
	uint16_t buckets[BUCKETS];	/* 1 + index of a name, 0 = empty */
	const char *strings = check->image->strings;

	assert(n <= IMAGE_CLASSES_MAX);
	memset(buckets, 0, sizeof(buckets));
	for (uint32_t i = 0; i < n; i++) {
		const char *name = strings + first[i * stride];
		uint32_t at = hash_name(name) % BUCKETS;

		for (; buckets[at]; at = (at + 1) % BUCKETS)
			if (strcmp(strings + first[(buckets[at] - 1u) * stride],
				   name) == 0) {
				*twice = i;
				return false;
			}
		buckets[at] = (uint16_t)(i + 1);
	}
	return true;
}

static bool check_strings(const struct image_check *check)
{
	const char *strings = check->image->strings;
	uint32_t n = check->count[SECTION_STRINGS];
	uint32_t length;

	if (n == 0 || strings[0] != 0)
		return image_refuse(check, SECTION_STRINGS, 0,
				    "the first string is not the empty one");
	if (strings[n - 1] != 0)
		return image_refuse(check, SECTION_STRINGS, n - 1,
				    "the last string is not terminated");
	for (uint32_t at = 1; at < n; at += length + 1) {
		length = (uint32_t)strlen(strings + at);
		if (length == 0)
			return image_refuse(check, SECTION_STRINGS, at,
					    "the empty string stands twice");
		if (!utf8_valid_text((const uint8_t *)strings + at, length))
			return image_refuse(check, SECTION_STRINGS, at,
					    "a string is not UTF-8");
	}
	return true;
}

/* ---- the file ---- */

static bool check_header(const struct image_check *check, const void *data,
			 size_t size)
{
	struct image_header header;

	if (!data || (uintptr_t)data % 8 != 0)
		return image_refuse(check, SECTION_N, 0,
				    "the image is not 8-aligned in memory");
	if (size < sizeof(header))
		return image_refuse(check, SECTION_N, 0,
				    "the file is shorter than an image's header");
	memcpy(&header, data, sizeof(header));
	if (memcmp(header.magic, IMAGE_MAGIC, sizeof(header.magic)) != 0)
		return image_refuse(check, SECTION_N, 0,
				    "the file is not an image of dk");
	if (header.version != IMAGE_VERSION)
		return image_refuse(check, SECTION_N, 0,
				    "the image is of another version");
	if (size > IMAGE_SIZE_MAX)
		return image_refuse(check, SECTION_N, 0,
				    "the image is too large");
	if (header.size != size)
		return image_refuse(check, SECTION_N, 0,
				    "the file is not as long as its header says");
	return true;
}

static bool check_digest(const struct image_check *check, const uint8_t *data,
			 size_t size)
{
	static const uint8_t zero[32];
	const size_t at = offsetof(struct image_header, sha256);
	uint8_t digest[32];
	struct sha256 hash;

	sha256_init(&hash);
	sha256_update(&hash, data, at);
	sha256_update(&hash, zero, sizeof(zero));
	sha256_update(&hash, data + at + sizeof(zero), size - at - sizeof(zero));
	sha256_final(&hash, digest);
	if (memcmp(digest, data + at, sizeof(digest)) != 0)
		return image_refuse(check, SECTION_N, 0,
				    "the file is damaged: its SHA-256 differs");
	return true;
}

/* Between sections there is nothing but the zeroes that align the next. */
static bool check_gap(const struct image_check *check, const uint8_t *data,
		      uint64_t from, uint64_t to, uint32_t section)
{
	if (to - from >= 8)
		return image_refuse(check, section, 0,
				    "there is room between sections");
	for (; from < to; from++)
		if (data[from] != 0)
			return image_refuse(check, section, 0,
					    "a byte between sections is not zero");
	return true;
}

static bool check_sections(struct image_check *check, const uint8_t *data,
			   size_t size)
{
	const struct image_header *header = (const void *)data;
	uint64_t end = sizeof(*header);

	for (uint32_t i = 0; i < SECTION_N; i++) {
		const struct image_section *section = &header->sections[i];
		uint64_t bytes = (uint64_t)section->count *
				 image_element_size[i];

		if (section->offset % 8 != 0)
			return image_refuse(check, i, 0,
					    "the section is not aligned");
		if (section->offset < end)
			return image_refuse(check, i, 0,
					    "the section overlaps what is before it");
		if (section->offset > size || bytes > size - section->offset)
			return image_refuse(check, i, 0,
					    "the section reaches beyond the file");
		if (!check_gap(check, data, end, section->offset, i))
			return false;
		end = section->offset + bytes;
		check->count[i] = section->count;
	}
	return check_gap(check, data, end, size, SECTION_N);
}

static const void *section_at(const struct image_header *header,
			      enum image_section_id section)
{
	return (const uint8_t *)header + header->sections[section].offset;
}

static void view(struct image *image, const struct image_header *header)
{
	const struct image_section *sections = header->sections;

	image->header = header;
	image->strings = section_at(header, SECTION_STRINGS);
	image->classes = section_at(header, SECTION_CLASSES);
	image->endpoints = section_at(header, SECTION_ENDPOINTS);
	image->interfaces = section_at(header, SECTION_INTERFACES);
	image->methods = section_at(header, SECTION_METHODS);
	image->layout.types = section_at(header, SECTION_TYPES);
	image->layout.fields = section_at(header, SECTION_FIELDS);
	image->pairs = section_at(header, SECTION_PAIRS);
	image->cells = section_at(header, SECTION_CELLS);
	image->actions = section_at(header, SECTION_ACTIONS);
	image->action_calls = section_at(header, SECTION_ACTION_CALLS);
	image->calls = section_at(header, SECTION_CALLS);
	image->rules = section_at(header, SECTION_RULES);
	image->code = section_at(header, SECTION_CODE);
	image->numbers = section_at(header, SECTION_NUMBERS);
	image->tasks = section_at(header, SECTION_TASKS);
	image->channels = section_at(header, SECTION_CHANNELS);
	image->lists = section_at(header, SECTION_LISTS);
	image->bindings = section_at(header, SECTION_BINDINGS);
	image->selectors = section_at(header, SECTION_SELECTORS);
	image->dfas = section_at(header, SECTION_DFAS);
	image->dfa_states = section_at(header, SECTION_DFA_STATES);
	image->objects = section_at(header, SECTION_OBJECTS);
	image->object_words = section_at(header, SECTION_OBJECT_WORDS);
	image->users = section_at(header, SECTION_USERS);
	image->levels = section_at(header, SECTION_LEVELS);
	image->audits = section_at(header, SECTION_AUDITS);
	image->omits = section_at(header, SECTION_OMITS);
	image->n_classes = sections[SECTION_CLASSES].count;
	image->n_endpoints = sections[SECTION_ENDPOINTS].count;
	image->n_interfaces = sections[SECTION_INTERFACES].count;
	image->n_methods = sections[SECTION_METHODS].count;
	image->layout.n_types = sections[SECTION_TYPES].count;
	image->layout.n_fields = sections[SECTION_FIELDS].count;
	image->n_cells = sections[SECTION_CELLS].count;
	image->n_actions = sections[SECTION_ACTIONS].count;
	image->n_calls = sections[SECTION_CALLS].count;
	image->n_rules = sections[SECTION_RULES].count;
	image->n_tasks = sections[SECTION_TASKS].count;
	image->n_channels = sections[SECTION_CHANNELS].count;
	image->n_bindings = sections[SECTION_BINDINGS].count;
	image->n_selectors = sections[SECTION_SELECTORS].count;
	image->n_dfas = sections[SECTION_DFAS].count;
	image->n_objects = sections[SECTION_OBJECTS].count;
	image->n_users = sections[SECTION_USERS].count;
	image->n_levels = sections[SECTION_LEVELS].count;
	image->n_audits = sections[SECTION_AUDITS].count;
}

int image_load(struct image *image, const void *data, size_t size,
	       struct image_fault *fault)
{
	struct image_check check = { .image = image, .fault = fault };
	bool ok;

	memset(image, 0, sizeof(*image));
	memset(fault, 0, sizeof(*fault));
	ok = check_header(&check, data, size) &&
	     check_digest(&check, data, size) &&
	     check_sections(&check, data, size);
	if (ok) {
		view(image, data);
		ok = check_strings(&check) && image_check_types(&check) &&
		     image_check_classes(&check) &&
		     image_check_bindings(&check) &&
		     image_check_dfas(&check) &&
		     image_check_objects(&check, image) &&
		     image_check_programs(&check) &&
		     image_check_audit(&check) &&
		     image_check_routes(&check) && image_check_start(&check);
	}
	if (!ok) {
		assert(fault->what);
		memset(image, 0, sizeof(*image));
	}
	return ok;
}

/* ---- look-ups in a proved image ---- */

const char *image_string(const struct image *image, uint32_t name)
{
	return image->strings + name;
}

const char *image_binding_file(const struct image *image, uint32_t binding)
{
	return image_string(image, image_selectors(image,
				   &image->bindings[binding])->file);
}

const char *image_call_file(const struct image *image,
			    const struct image_call *call)
{
	return image_binding_file(image, call->binding);
}

const char *image_call_object(const struct image *image,
			      const struct image_call *call)
{
	return image_string(image, image_rule(image, call)->object);
}

const char *image_call_method(const struct image *image,
			      const struct image_call *call)
{
	return image_string(image, image_rule(image, call)->method);
}

uint32_t image_find_class(const struct image *image, const char *name)
{
	for (uint32_t i = 0; i < image->n_classes; i++)
		if (strcmp(image_string(image, image->classes[i].name),
			   name) == 0)
			return i;
	return IMAGE_NONE;
}

uint32_t image_find_task(const struct image *image, const char *name)
{
	for (uint32_t i = 0; i < image->n_tasks; i++)
		if (strcmp(image_string(image, image->tasks[i].name),
			   name) == 0)
			return i;
	return IMAGE_NONE;
}

const struct image_endpoint *image_endpoint(const struct image *image,
					    uint32_t class_index, uint32_t riid)
{
	const struct image_class *class;

	if (class_index >= image->n_classes)
		return NULL;
	class = &image->classes[class_index];
	/* The loader has proved that RIIDs count from 0. */
	return riid < class->n_endpoints ?
	       &image->endpoints[class->endpoints + riid] : NULL;
}

const struct image_endpoint *image_find_endpoint(const struct image *image,
						 uint32_t class_index,
						 const char *path)
{
	const struct image_endpoint *endpoint;

	for (uint32_t riid = 0;; riid++) {
		endpoint = image_endpoint(image, class_index, riid);
		if (!endpoint ||
		    strcmp(image_string(image, endpoint->path), path) == 0)
			return endpoint;
	}
}

const struct image_method *image_method(const struct image *image,
					const struct image_endpoint *endpoint,
					uint32_t mid)
{
	const struct image_interface *interface =
		&image->interfaces[endpoint->interface];

	return mid < interface->n_methods ?
	       &image->methods[interface->methods + mid] : NULL;
}

const struct image_endpoint *image_slot_endpoint(const struct image *image,
						 uint32_t class_index,
						 uint32_t slot)
{
	const struct image_endpoint *endpoint;
	const struct image_class *class;
	uint32_t low = 0, high;

	if (class_index >= image->n_classes)
		return NULL;
	class = &image->classes[class_index];
	/* Slots grow with RIIDs: the last endpoint that begins at or before. */
	for (high = class->n_endpoints; low < high;) {
		uint32_t middle = low + (high - low) / 2;

		if (image->endpoints[class->endpoints + middle].slot <= slot)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	endpoint = &image->endpoints[class->endpoints + low - 1];
	return slot - endpoint->slot <
	       image->interfaces[endpoint->interface].n_methods ? endpoint : NULL;
}

const char *event_kind_name(enum event_kind kind)
{
	static const char *const names[] = {
		"none", "execute", "request", "response", "error", "security",
	};

	static_assert(sizeof(names) / sizeof(names[0]) == EVENT_N,
		      "a name for each kind");
	return (uint32_t)kind < EVENT_N ? names[kind] : "none";
}
