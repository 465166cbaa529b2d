/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Source files and places in them. A file is read once a run, must be UTF-8
 * without NUL, and keeps the name under which it was found.
 */
#ifndef DK_FRONT_SOURCE_H
#define DK_FRONT_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"

#define SOURCE_SIZE_MAX (16u << 20)

struct source {
	const char *path;	/* as found: include directory and relative name */
	const char *text;	/* zero-terminated */
	size_t size;
	struct source *next;
	const struct source_span *spans;	/* of what a template made */
	size_t n_spans;				/* 0: it is a file as it is */
};

/* A stretch of a source; the place of a token, and of what it means. */
struct pos {
	const struct source *source;	/* NULL: the command line */
	uint32_t offset;		/* bytes from the start of the text */
	uint32_t length;		/* bytes, on one line; 0 = just a point */
	uint32_t line;			/* from 1 */
	uint32_t column;		/* from 1, in bytes */
};

/* Where the text of an expanded template comes from, up to the next span. */
struct source_span {
	uint32_t offset, line, column;	/* of its beginning, expanded */
	struct pos origin;	/* .length 0: copied from there; else the @NAME@
				   that it stands for */
};

struct define;

/* Include directories, in order of search, and the sources read so far. */
struct sources {
	struct arena *arena;
	const char **dirs;
	size_t n_dirs;
	struct source *first;
	const struct define *defines;	/* -D, see template.h */
	size_t n_defines;
};

struct diags;

/*
 * The source at PATH itself. NULL and an error at WHERE (or without a place) if
 * it cannot be read or is not UTF-8. The same path gives the same source.
 */
const struct source *source_open(struct sources *sources, struct diags *diags,
				 const char *path, struct pos where);
/*
 * The source of the dotted name NAME with the extension EXT ("edl"), a.b.C =
 * DIR/a/b/C.edl, in the first include directory that has it. NULL if none has,
 * without an error: the caller knows what it was for.
 */
const struct source *source_find(struct sources *sources, struct diags *diags,
				 const char *name, const char *ext);
/* a.b.C as "a/b/C.EXT". */
const char *source_file_name(struct arena *arena, const char *name,
			     const char *ext);
/* The name most like NAME of those that have a file where its own would be. NULL:
   there is none. */
const char *source_nearest(struct sources *sources, const char *name,
			   const char *ext);

/* The place in the file; in a source that is none, where it comes from. */
struct pos source_origin(struct pos pos);

/* Length of the well-formed UTF-8 character at TEXT; 0 if it is NUL or none. */
size_t source_character(const char *text, size_t size);

#endif
