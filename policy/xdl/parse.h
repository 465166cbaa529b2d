/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * From tokens to the tree: grammar only, no name is looked up. Errors do not
 * stop a file: reading goes on behind the next ';' or at the next section.
 */
#ifndef DK_XDL_PARSE_H
#define DK_XDL_PARSE_H

#include "ast.h"
#include "../front/lex.h"

/* Fill IDL or OFFER (whose .name, .source, .kind are set) from its source. */
void xdl_parse_idl(struct xdl *xdl, struct idl *idl);
void xdl_parse_offer(struct xdl *xdl, struct offer *offer);

/* What the parsers share. */
const struct typeref *xdl_parse_type(struct lexer *lexer, unsigned nesting);
const struct expr *xdl_parse_expr(struct lexer *lexer);
/* '<', also where it is the first half of '<-'. */
bool xdl_parse_open_angle(struct lexer *lexer, const char *context);
/* The file's own name must be the one it was found by. */
void xdl_parse_own_name(struct lexer *lexer, const char *what, const char *name,
		    struct pos *pos);
bool xdl_parse_begins_line(const struct lexer *lexer);
/* Goes behind the next ';', or to '}', the end, or a line beginning with one of
   the WORDS (ended by NULL). True if it stands behind a ';'. */
bool xdl_parse_recover(struct lexer *lexer, const char *const *words);

#endif
