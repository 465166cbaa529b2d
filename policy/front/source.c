/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"

#define LISTED_MAX 1000u	/* files looked at for a suggestion */

size_t source_character(const char *bytes, size_t size)
{
	const unsigned char *text = (const unsigned char *)bytes;
	unsigned char first = text[0], low = 0x80, high = 0xbf;
	size_t length, i;

	if (first < 0x80)
		return first != 0;
	if (first >= 0xc2 && first <= 0xdf)
		length = 2;
	else if (first >= 0xe0 && first <= 0xef)
		length = 3;
	else if (first >= 0xf0 && first <= 0xf4)
		length = 4;
	else
		return 0;
	if (length > size)
		return 0;
	if (first == 0xe0)
		low = 0xa0;
	else if (first == 0xed)
		high = 0x9f;
	else if (first == 0xf0)
		low = 0x90;
	else if (first == 0xf4)
		high = 0x8f;
	for (i = 1; i < length; i++, low = 0x80, high = 0xbf)
		if (text[i] < low || text[i] > high)
			return 0;
	return length;
}

/* Says where the first byte is that is not UTF-8, or is NUL. */
static bool check_text(struct diags *diags, const struct source *source)
{
	const unsigned char *text = (const unsigned char *)source->text;
	struct pos where = { source, 0, 1, 1, 1 };
	size_t at = 0, length;

	while (at < source->size) {
		length = source_character(source->text + at, source->size - at);
		if (!length)
			break;
		where.column += (uint32_t)length;
		if (text[at] == '\n') {
			where.line++;
			where.column = 1;
		}
		at += length;
	}
	if (at == source->size)
		return true;
	where.offset = (uint32_t)at;
	if (text[at] == 0)
		diag_error(diags, where, "found a NUL byte, expected text");
	else
		diag_error(diags, where,
			   "found byte 0x%02x that is not UTF-8, expected text",
			   text[at]);
	return false;
}

/* The whole file, zero-terminated; NULL with errno set. */
static char *read_all(struct arena *arena, int fd, size_t *size)
{
	struct stat status;
	ssize_t got;
	char *text;

	if (fstat(fd, &status) < 0)
		return NULL;
	if (!S_ISREG(status.st_mode)) {
		errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
		return NULL;
	}
	if (status.st_size > (off_t)SOURCE_SIZE_MAX) {
		errno = EFBIG;
		return NULL;
	}
	text = arena_alloc(arena, (size_t)status.st_size + 1);
	for (*size = 0; *size < (size_t)status.st_size; *size += (size_t)got) {
		got = read(fd, text + *size, (size_t)status.st_size - *size);
		if (got < 0 && errno == EINTR)
			got = 0;
		else if (got < 0)
			return NULL;
		else if (got == 0)
			break;
	}
	return text;
}

static bool same_file(const char *left, const char *right)
{
	struct stat a, b;

	return !strcmp(left, right) ||
	       (!stat(left, &a) && !stat(right, &b) &&
		a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

const struct source *source_open(struct sources *sources, struct diags *diags,
				 const char *path, struct pos where)
{
	struct source *source;
	char *text = NULL;
	size_t size;
	int fd;

	for (source = sources->first; source; source = source->next)
		if (same_file(source->path, path))
			return source;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd >= 0)
		text = read_all(sources->arena, fd, &size);
	if (!text)
		diag_error(diags, where, "cannot read %s: %s", path,
			   strerror(errno));
	if (fd >= 0)
		close(fd);
	if (!text)
		return NULL;
	source = arena_alloc(sources->arena, sizeof(*source));
	source->path = arena_strndup(sources->arena, path, strlen(path));
	source->text = text;
	source->size = size;
	if (!check_text(diags, source))
		return NULL;
	source->next = sources->first;
	sources->first = source;
	return source;
}

const char *source_file_name(struct arena *arena, const char *name,
			     const char *ext)
{
	char *path = arena_printf(arena, "%s.%s", name, ext);

	for (size_t i = 0; i < strlen(name); i++)
		if (path[i] == '.')
			path[i] = '/';
	return path;
}

const struct source *source_find(struct sources *sources, struct diags *diags,
				 const char *name, const char *ext)
{
	const char *file = source_file_name(sources->arena, name, ext);
	const struct pos nowhere = { 0 };
	struct stat status;
	size_t i, dir;

	for (i = 0; i < sources->n_dirs; i++) {
		const char *path;

		dir = strlen(sources->dirs[i]);
		while (dir > 1 && sources->dirs[i][dir - 1] == '/')
			dir--;
		path = arena_printf(sources->arena, "%.*s/%s", (int)dir,
				    sources->dirs[i], file);
		if (!stat(path, &status) && S_ISREG(status.st_mode))
			return source_open(sources, diags, path, nowhere);
	}
	return NULL;
}

/* ---- what was meant ---- */

struct listed {
	const char **names;
	size_t n, capacity;
};

/* Adds the names of the EXT files in the folder below DIR that NAME would be in. */
static void list_folder(struct arena *arena, const char *dir, const char *name,
			const char *ext, struct listed *listed)
{
	const char *last = strrchr(name, '.');
	size_t package = last ? (size_t)(last - name) + 1 : 0;
	size_t tail = strlen(ext) + 1;
	const struct dirent *file;
	char *path = arena_printf(arena, "%s/%.*s", dir, (int)package, name);
	DIR *folder;

	for (char *at = path + strlen(dir); *at; at++)
		if (*at == '.')
			*at = '/';
	folder = opendir(path);
	while (folder && listed->n < LISTED_MAX && (file = readdir(folder))) {
		size_t size = strlen(file->d_name);

		if (size <= tail || file->d_name[size - tail] != '.' ||
		    strcmp(file->d_name + size - tail + 1, ext))
			continue;
		*ARENA_PUSH(arena, listed->names, listed->n, listed->capacity) =
			arena_printf(arena, "%.*s%.*s", (int)package, name,
				     (int)(size - tail), file->d_name);
	}
	if (folder)
		closedir(folder);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *source_nearest(struct sources *sources, const char *name,
			   const char *ext)
{
	struct listed listed = { 0 };

	for (size_t i = 0; i < sources->n_dirs; i++)
		list_folder(sources->arena, sources->dirs[i], name, ext,
			    &listed);
	if (listed.n)
		qsort(listed.names, listed.n, sizeof(*listed.names),
		      compare_names);
	return diag_nearest(name, listed.names, listed.n);
}

struct pos source_origin(struct pos pos)
{
	const struct source_span *span;
	size_t first = 0, end;
	struct pos origin;

	if (!pos.source || !pos.source->n_spans)
		return pos;
	end = pos.source->n_spans;
	while (end - first > 1) {
		size_t middle = first + (end - first) / 2;

		if (pos.source->spans[middle].offset <= pos.offset)
			first = middle;
		else
			end = middle;
	}
	span = &pos.source->spans[first];
	origin = span->origin;
	if (origin.length)
		return origin;
	origin.offset += pos.offset - span->offset;
	origin.length = pos.length;
	origin.line += pos.line - span->line;
	origin.column = pos.line == span->line ?
			origin.column + pos.column - span->column : pos.column;
	if (first + 1 < pos.source->n_spans &&
	    pos.offset + pos.length > span[1].offset)
		origin.length = span[1].offset - pos.offset;
	return origin;
}
