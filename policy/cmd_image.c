/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The commands that read an image. */
#include "cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "image/build.h"

/* The whole file, 8-aligned; NULL with errno set. */
static void *read_image(struct arena *arena, const char *path, size_t *size)
{
	FILE *file = fopen(path, "re");
	char *data = NULL;
	size_t capacity = 0, n;

	*size = 0;
	if (!file)
		return NULL;
	do {
		if (*size == capacity) {
			char *more;

			capacity = capacity ? capacity * 2 : 1 << 16;
			more = arena_alloc(arena, capacity);
			if (*size)
				memcpy(more, data, *size);
			data = more;
		}
		n = fread(data + *size, 1, capacity - *size, file);
		*size += n;
	} while (n && *size <= IMAGE_SIZE_MAX);
	if (ferror(file))
		data = NULL;
	n = (size_t)errno;
	fclose(file);
	errno = (int)n;
	return data;
}

int cmd_open_image(struct arena *arena, const char *path, struct image *image)
{
	struct image_fault fault;
	size_t size;
	void *data = read_image(arena, path, &size);

	if (!data) {
		fprintf(stderr, "dkc: cannot read %s: %s\n", path,
			strerror(errno));
		return EXIT_MACHINE;
	}
	if (image_load(image, data, size, &fault))
		return EXIT_FINE;
	fprintf(stderr, "dkc: %s is not a sound image: %s", path, fault.what);
	if (fault.section < SECTION_N)
		fprintf(stderr, " (section %u, element %u)", fault.section,
			fault.index);
	fputc('\n', stderr);
	return EXIT_SOURCES;
}

int cmd_dump(struct command_line *line)
{
	struct image image;
	int status;

	if (line->n_files != 1)
		return cmd_wrong("%s", line->n_files
				 ? "more than one image is given"
				 : "no image is given", "dump");
	status = cmd_open_image(line->arena, line->files[0], &image);
	if (status)
		return status;
	image_dump(&image, stdout);
	return cmd_printed();
}
