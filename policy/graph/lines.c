/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "lines.h"

#include <stdbool.h>
#include <string.h>

#include "../front/diag.h"

struct lines_file {
	struct lines_file *next;
	const char *path;
	const char **lines;
	size_t n, capacity;
};

static bool ends_with(const char *path, const char *ending)
{
	size_t n = strlen(path), end = strlen(ending);

	return n > end && !strcmp(path + n - end, ending);
}

static const char *trim(struct arena *arena, const char *line, size_t size)
{
	while (size && strchr(" \t", *line)) {
		line++;
		size--;
	}
	while (size && strchr(" \t\r", line[size - 1]))
		size--;
	return arena_strndup(arena, line, size);
}

static void split(struct lines *lines, struct lines_file *file,
		  const char *text)
{
	while (*text) {
		size_t size = strcspn(text, "\n");

		*ARENA_PUSH(lines->arena, file->lines, file->n,
			    file->capacity) = trim(lines->arena, text, size);
		text += size + (text[size] == '\n');
	}
}

static const struct lines_file *open_file(struct lines *lines, const char *path)
{
	struct lines_file *file = lines->files;
	struct sources sources = { .arena = lines->arena };
	const struct source *source = NULL;

	while (file && strcmp(file->path, path) != 0)
		file = file->next;
	if (file)
		return file;
	file = arena_alloc(lines->arena, sizeof(*file));
	*file = (struct lines_file){ .next = lines->files, .path = path };
	lines->files = file;
	/* What cannot be read is no error here: nobody prints these. */
	if (ends_with(path, ".psl") || ends_with(path, ".psl.in"))
		source = source_open(&sources, diags_new(lines->arena), path,
				     (struct pos){ 0 });
	if (source)
		split(lines, file, source->text);
	return file;
}

const char *lines_find(struct lines *lines, const char *path, uint32_t line)
{
	const struct lines_file *file = open_file(lines, path);

	return line && line <= file->n ? file->lines[line - 1] : NULL;
}
