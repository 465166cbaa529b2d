/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What run.c and proof.c share: an image, and the columns of a table's rows. A
 * header, as each is one program of one file.
 */
#ifndef TESTS_TABLE_H
#define TESTS_TABLE_H

#include "message.h"

enum { COLUMNS = 8, LINE_MAX_SIZE = 4096, IMAGE_MAX = 1 << 24 };

static const char *file_name;
static unsigned line_number;

static void fail(const char *what, const char *which)
{
	fprintf(stderr, "%s:%u: %s%s%s\n", file_name, line_number, what,
		which ? ": " : "", which ? which : "");
	exit(2);
}

/* The bytes of the image, which the caller frees after it. */
static void *read_image(const char *path, struct image *image)
{
	void *data = aligned_alloc(8, IMAGE_MAX);
	FILE *from = fopen(path, "rb");
	struct image_fault fault;

	if (!data || !from) {
		perror(path);
		exit(2);
	}
	if (!image_load(image, data, fread(data, 1, IMAGE_MAX, from), &fault)) {
		fprintf(stderr, "%s: %s (section %u, element %u)\n", path,
			fault.what, fault.section, fault.index);
		exit(2);
	}
	fclose(from);
	return data;
}

/* ---- one row ---- */

static unsigned split(char *line, char *columns[COLUMNS])
{
	unsigned n = 0;

	line[strcspn(line, "\n")] = 0;
	for (char *at = line + strspn(line, "\t"); *at;
	     at += strspn(at, "\t")) {
		if (n == COLUMNS)
			fail("more than eight columns", NULL);
		columns[n++] = at;
		at += strcspn(at, "\t");
		if (*at)
			*at++ = 0;
	}
	return n;
}

static enum event_kind find_kind(const char *name)
{
	for (int kind = EVENT_EXECUTE; kind < EVENT_N; kind++)
		if (strcmp(event_kind_name((enum event_kind)kind), name) == 0)
			return (enum event_kind)kind;
	fail("no such kind", name);
	return EVENT_NONE;
}

/* "class#sid"; a SID that is not given is one that no other class has. */
static void find_class(const struct image *image, char *name, uint32_t *class,
		       uint32_t *sid)
{
	char *hash = strchr(name, '#');

	if (hash)
		*hash = 0;
	*class = image_find_class(image, name);
	if (*class == IMAGE_NONE)
		fail("no such class", name);
	*sid = hash ? (uint32_t)strtoul(hash + 1, NULL, 10) : *class + 1;
	if (hash)
		*hash = '#';
}

/* The slot of ENDPOINT.METHOD of a class. METHOD is NULL for a class's start. */
static const struct image_method *find_method(const struct image *image,
					      uint32_t class_index,
					      const char *path,
					      const char *name, uint32_t *slot)
{
	const struct image_class *class = &image->classes[class_index];
	const struct image_endpoint *endpoint = NULL;
	const struct image_interface *interface;
	const struct image_method *method;

	if (strcmp(path, "security") == 0 && class->security != IMAGE_NONE) {
		interface = &image->interfaces[class->security];
		*slot = class->security_slot;
	} else {
		endpoint = image_find_endpoint(image, class_index, path);
		if (!endpoint)
			fail("no such endpoint", path);
		interface = &image->interfaces[endpoint->interface];
		*slot = endpoint->slot;
	}
	for (uint32_t mid = 0; mid < interface->n_methods; mid++) {
		method = &image->methods[interface->methods + mid];
		if (strcmp(image_string(image, method->name), name) == 0) {
			*slot += mid;
			return method;
		}
	}
	fail("no such method", name);
	return NULL;
}

static enum method_part part_of(enum event_kind kind)
{
	return kind == EVENT_RESPONSE ? METHOD_RESPONSE :
	       kind == EVENT_ERROR ? METHOD_ERROR : METHOD_REQUEST;
}

#endif
