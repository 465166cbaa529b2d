/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A policy as it was written: what the parser makes and nothing looks up in
 * classes or interfaces yet. Files are read at their first `use`, so that the
 * declarations stand in order of text. Words in it are names_one'd.
 */
#ifndef DK_PSL_AST_H
#define DK_PSL_AST_H

#include <stdbool.h>

#include "../../kernel/abi/image.h"
#include "../front/lex.h"
#include "names.h"

enum expr_kind {
	EXPR_NUMBER,		/* .number */
	EXPR_TEXT,		/* .text */
	EXPR_TRUTH,		/* .number is 0 or 1 */
	EXPR_UNIT,		/* () */
	EXPR_NAME,		/* .text */
	EXPR_FIELD,		/* kids[0] . text */
	EXPR_ELEMENT,		/* kids[0] [ kids[1] ] */
	EXPR_CALL,		/* .object (or NULL) . text, kids[0] */
	EXPR_LIST,		/* kids */
	EXPR_DICTIONARY,	/* keys and kids */
	EXPR_UNARY,		/* .text is the operator */
	EXPR_BINARY,		/* likewise */
};

struct expr {
	enum expr_kind kind;
	struct pos pos;		/* of it all, as far as its first line goes */
	struct pos mark;	/* of the operator or the method's name */
	const char *text, *object;
	uint64_t number;
	struct expr **kids;
	size_t n_kids, kids_capacity;
	const char **keys;
	struct pos *key_pos;
	size_t n_keys, keys_capacity, key_pos_capacity;
};

enum selector {
	SELECT_SRC, SELECT_DST, SELECT_INTERFACE, SELECT_COMPONENT,
	SELECT_ENDPOINT, SELECT_METHOD, SELECT_N
};

extern const char *const selector_names[SELECT_N];

struct ast_selectors {
	unsigned given;				/* a bit each */
	const char *value[SELECT_N];
	struct pos pos[SELECT_N];		/* of the value */
};

struct ast_body;
struct pal_test;

struct ast_case {
	struct pos pos;			/* of the pattern */
	const struct expr *pattern;	/* NULL: `_` */
	struct ast_body *body;
};

struct ast_choice {
	const struct expr *operand;
	struct ast_case *cases;
	size_t n, capacity;
};

/* A call (.argument is not NULL), a choice (.choice is not) or a match. */
struct ast_item {
	struct pos pos;
	const char *object, *method;
	struct expr *argument;
	struct ast_selectors *selectors;
	struct ast_body *body;
	const struct ast_choice *choice;
};

struct ast_body {
	const char *audit;			/* its profile, or NULL */
	struct pos audit_pos;
	bool begun;		/* a rule, `match` or `choice` was read */
	struct ast_item *items;
	size_t n, capacity;
};

enum ast_type_kind {
	TYPE_NAME,		/* .name, and .kids are its parameters */
	TYPE_LITERAL,		/* .literal */
	TYPE_UNIT,		/* () */
	TYPE_VARIANT,		/* kids: A | B */
	TYPE_DICTIONARY,	/* { keys : kids } */
	TYPE_TUPLE,		/* [ kids ] */
};

struct ast_type {
	enum ast_type_kind kind;
	struct pos pos;
	const char *name;
	const struct expr *literal;
	struct ast_type **kids;
	size_t n_kids, kids_capacity;
	const char **keys;
	size_t n_keys, keys_capacity;
};

struct ast_member {		/* of a policy object: its types, its config */
	const char *name;	/* NULL: config */
	struct pos pos;
	const struct ast_type *type;
	const struct expr *config;
};

struct ast_object {
	const char *name, *model;
	struct pos pos, model_pos;
	struct ast_member *members;
	size_t n, capacity;
};

struct ast_class {
	const char *name, *edl;
	struct pos pos;
};

struct ast_profile {
	const char *name;
	struct pos pos;				/* of the name */
	const struct expr *value;
};

/* `audit default`; .name is NULL if there is none. */
struct ast_audit {
	const char *name;
	struct pos pos, name_pos;
	uint32_t level;
};

struct ast_event {
	enum event_kind kind;
	struct pos pos;
	struct ast_selectors selectors;
	struct ast_body *body;
};

struct ast {
	struct arena *arena;
	struct sources *sources;
	struct diags *diags;
	struct names *names;
	struct ast_class *classes;
	size_t n_classes, classes_capacity;
	struct ast_event *events;
	size_t n_events, events_capacity;
	struct ast_profile *profiles;
	size_t n_profiles, profiles_capacity;
	struct ast_audit audit;
	bool audited;		/* a default, or a body's profile, is given */
	/* dotted names of the files that were used: "nk.base" */
	const char **used;
	size_t n_used, used_capacity;
	struct ast_object *objects;
	size_t n_objects, objects_capacity;
	struct pal_test *tests;		/* see pal.h */
	size_t n_tests, tests_capacity;
	const struct source **seen;
	size_t n_seen, seen_capacity;
	unsigned depth;				/* of `use` in `use` */
};

/* Reads SOURCE, and what it uses, into AST. Errors are in its diags. */
void ast_parse(struct ast *ast, const struct source *source);
bool ast_uses(const struct ast *ast, const char *file);

#endif
