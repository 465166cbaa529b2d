/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * One lexer for EDL, CDL, IDL and PSL: words, numbers, texts, punctuation, with
 * comments and blanks left out. There are no keywords here: a word is a keyword
 * only where a grammar wants one. A dotted name is words and '.' tokens; the
 * parser puts it together.
 */
#ifndef DK_FRONT_LEX_H
#define DK_FRONT_LEX_H

#include <stdbool.h>

#include "diag.h"

#define LEX_NAME_MAX 1024u	/* bytes of a word, and of a dotted name */

enum token_kind {
	TOKEN_END,		/* of the file */
	TOKEN_WORD,		/* letter or _, then letters, digits, _ */
	TOKEN_NUMBER,		/* decimal, 0x, 0o: .number */
	TOKEN_TEXT,		/* "..." with \" \\ \n \t \r \xHH: .text */
	TOKEN_PUNCT,		/* .text is one of the spellings in lex.c, longest
				   first: ==> <- ~> && || == != <= >= << >> ** and
				   the single characters { } ( ) [ ] < > , ; : . =
				   + - * / % & | ^ ~ ! @ */
	TOKEN_BAD,		/* an error has been given */
};

struct token {
	enum token_kind kind;
	struct pos pos;
	const char *text;	/* word, decoded text or punctuation; in the arena */
	uint64_t number;	/* beyond 64 bits is an error of the lexer */
	bool spaced;		/* blanks or a comment stand before it */
};

struct lexer {
	struct arena *arena;
	struct diags *diags;
	const struct source *source;
	uint32_t offset, line, column;
	struct token token;	/* the current one */
};

void lex_init(struct lexer *lexer, struct arena *arena, struct diags *diags,
	      const struct source *source);		/* reads the first token */
void lex_next(struct lexer *lexer);
bool lex_is(const struct lexer *lexer, const char *word_or_punct);
bool lex_take(struct lexer *lexer, const char *word_or_punct);
/* Like lex_take; else the error "expected 'X' CONTEXT, found 'Y'", and false. */
bool lex_expect(struct lexer *lexer, const char *word_or_punct,
		const char *context);
/* A word; NULL after the error "expected WHAT, found 'Y'". */
const char *lex_word(struct lexer *lexer, const char *what);
/* A dotted name; .pos of it all in POS if that is not NULL. NULL as lex_word. */
const char *lex_qname(struct lexer *lexer, const char *what, struct pos *pos);
/* NAME.WORD; NULL after the error that it is too long. */
const char *lex_join(struct lexer *lexer, const char *name, const char *word,
		     struct pos where);
/* "'x'", "number 12", "text \"a\"", "the end of the file" for an error. */
const char *lex_found(const struct lexer *lexer);

#endif
