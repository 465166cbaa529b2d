/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * One layout for EDL, CDL, IDL, PSL and init.yaml. Words and comments are the
 * author's and stay in their order; blanks are ours; of line ends the author's
 * stay inside of what is written over several lines. What comes out is compared
 * with what went in, word by word, before anybody sees it.
 */
#ifndef DK_FMT_H
#define DK_FMT_H

#include "../front/lex.h"

#define FMT_WIDTH 100u	/* columns that a body on one line may reach */
#define FMT_DEPTH_MAX 200u	/* brackets inside each other */

/* Whether a file of that name is one of the five languages. */
int fmt_knows(const char *path);

/*
 * SOURCE laid out, zero-terminated in the arena; NULL after an error: brackets
 * that do not match, what is no word of the language, a template.
 */
const char *fmt_source(struct arena *arena, struct diags *diags,
		       const struct source *source);

/* ---- between the files of this folder ---- */

enum fmt_language { FMT_NONE, FMT_OFFER, FMT_IDL, FMT_PSL, FMT_YAML };

struct fmt_item {
	enum token_kind kind;	/* TOKEN_END: a comment */
	struct pos pos;
	const char *text;	/* as written */
	unsigned newlines;	/* before it */
	bool spaced;		/* blanks before it */
	int match;		/* the other bracket; -1: it is none */
};

struct fmt_items {
	struct fmt_item *all;
	size_t n, capacity;
};

/* The tokens and comments of SOURCE; false after an error. */
bool fmt_read(struct arena *arena, struct diags *diags,
	      const struct source *source, struct fmt_items *items);

/* A text that grows. */
struct fmt_text {
	struct arena *arena;
	char *bytes;
	size_t n, capacity;
};

void fmt_put(struct fmt_text *text, const char *bytes, size_t n);
/* The column that text of N bytes reaches from COLUMN on; tabs are of 8. */
unsigned fmt_columns(const char *bytes, size_t n, unsigned column);
/* A comment of several lines moves as one: its first line began at column FROM
   and is written at column TO. */
void fmt_put_comment(struct fmt_text *text, const char *comment, unsigned from,
		     unsigned to);

void fmt_code(struct fmt_text *text, const struct fmt_items *items,
	      enum fmt_language language);
/* False after an error. */
bool fmt_yaml(struct fmt_text *text, struct diags *diags,
	      const struct source *source);

#endif
