/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What the parser's files share. A function that parses returns false or NULL
 * after an error; the declaration is then skipped and the next one read.
 */
#ifndef DK_PSL_PARSE_H
#define DK_PSL_PARSE_H

#include "pal.h"

#define PARSE_NESTING_MAX	100	/* ( [ { and `match` inside each other */
#define PARSE_NODES_MAX		10000	/* of one argument */

struct parser {
	struct ast *ast;
	struct lexer lex;
	unsigned braces;	/* open { at the current token */
	unsigned nesting;
	unsigned nodes;
	bool minus;		/* the '-' of a '<-' is still to be read */
	bool angle;		/* the second '>' of a '>>', likewise */
	bool cases;		/* a '{' may begin the cases of a choice */
	uint32_t end, end_line;	/* of the last token that was taken */
};

/* parse.c */
void parse_next(struct parser *parser);
bool parse_is(const struct parser *parser, const char *text);
bool parse_take(struct parser *parser, const char *text);
bool parse_expect(struct parser *parser, const char *text, const char *context);
const char *parse_word(struct parser *parser, const char *what);
const char *parse_qname(struct parser *parser, const char *what,
			struct pos *pos);
/* The stretch from BEGIN to the last token taken, if that is on one line. */
struct pos parse_span(const struct parser *parser, struct pos begin);
bool parse_enter(struct parser *parser);	/* one level of nesting deeper */
void parse_leave(struct parser *parser);
/* "expected WHAT, found ..." */
void parse_unexpected(struct parser *parser, const char *what);
bool parse_event_kind(const struct parser *parser, enum event_kind *kind);

/* parse_body.c */
bool parse_selectors(struct parser *parser, struct ast_selectors *selectors);
bool parse_body(struct parser *parser, struct ast_body **body);

/* parse_expr.c */
struct expr *parse_expr(struct parser *parser);
/* "(" [expr] ")", a dictionary, a list or a literal. */
struct expr *parse_argument(struct parser *parser);
struct expr *parse_dictionary(struct parser *parser);
/* NULL without an error if there is none. */
struct expr *parse_literal(struct parser *parser);

/* parse_type.c: a type; a policy object after `policy` */
struct ast_type *parse_type(struct parser *parser);
bool parse_object(struct parser *parser);

/* parse_audit.c: after `audit`, which is at POS; a declaration, or in a body */
bool parse_audit(struct parser *parser, struct pos pos);
bool parse_body_audit(struct parser *parser, struct ast_body *body,
		      struct pos pos);

/* parse_pal.c: after `assert`, which is at POS */
bool parse_pal(struct parser *parser, struct pos pos);

#endif
