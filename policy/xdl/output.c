/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The machine's fault, not the sources': no diagnostic. */
static bool fail(const char *what, const char *path)
{
	fprintf(stderr, "dkc: cannot %s %s: %s\n", what, path, strerror(errno));
	return false;
}

/* The folders that PATH lies in. PATH is changed meanwhile. */
static bool make_folders(char *path)
{
	char *at;

	for (at = path + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(path, 0777) < 0 && errno != EEXIST)
			return fail("make the folder", path);
		*at = '/';
	}
	return true;
}

static bool has_bytes(struct arena *arena, const char *path, const char *text)
{
	size_t size = strlen(text), got;
	FILE *file = fopen(path, "re");
	char *bytes;

	if (!file)
		return false;
	bytes = arena_alloc(arena, size + 1);
	got = fread(bytes, 1, size + 1, file);
	fclose(file);
	return got == size && !memcmp(bytes, text, size);
}

static bool write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	size_t size = strlen(text);
	bool good;

	if (!file)
		return fail("write", path);
	good = fwrite(text, 1, size, file) == size;
	if (fclose(file) != 0)
		good = false;
	return good || fail("write", path);
}

bool output_write(struct arena *arena, const char *folder,
		  const struct output *outputs, size_t n)
{
	char **places = arena_alloc(arena, n * sizeof(*places));
	char **drafts = arena_alloc(arena, n * sizeof(*drafts));
	bool good = true;
	size_t i;

	for (i = 0; good && i < n; i++) {
		places[i] = arena_printf(arena, "%s/%s", folder, outputs[i].path);
		if (has_bytes(arena, places[i], outputs[i].text))
			continue;
		drafts[i] = arena_printf(arena, "%s.%ld", places[i],
					 (long)getpid());
		good = make_folders(drafts[i]) &&
		       write_file(drafts[i], outputs[i].text);
	}
	for (i = 0; good && i < n; i++) {
		if (!drafts[i])
			continue;
		if (rename(drafts[i], places[i]) < 0)
			good = fail("write", places[i]);
		else
			drafts[i] = NULL;
	}
	for (i = 0; i < n; i++)
		if (drafts[i])
			unlink(drafts[i]);
	return good;
}
