/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * EDL, CDL and IDL as they were written, with what checking found out beside
 * it. The parser fills the first half of each struct, the checker the second;
 * nothing else writes them.
 */
#ifndef DK_XDL_AST_H
#define DK_XDL_AST_H

#include "xdl.h"
#include "symbols.h"

#define XDL_MESSAGE_MAX 8388607u	/* fixed part and arena, bytes */
#define XDL_HANDLES_MAX 64u		/* in one message */
#define XDL_MID_MAX 65535u
#define XDL_RIID_MAX 65534u		/* 65535 is INVALID_RIID */
#define XDL_NAME_MAX 255u		/* WIRE_NAME_MAX without terminator */
#define XDL_NESTING_MAX 200u		/* declarations through each other */
#define XDL_MESSAGE_HEAD 24u		/* struct nk_message */

__extension__ typedef __int128 wide;	/* holds any 64 bit number and sums */

enum expr_op {
	EXPR_NUMBER, EXPR_NAME, EXPR_MINUS, EXPR_PLUS, EXPR_NOT, EXPR_POWER,
	EXPR_MULTIPLY, EXPR_DIVIDE, EXPR_REMAINDER, EXPR_ADD, EXPR_SUBTRACT,
	EXPR_LEFT, EXPR_RIGHT, EXPR_AND, EXPR_OR
};

struct expr {
	enum expr_op op;
	struct pos pos;			/* of the operator, name or number */
	uint64_t number;
	const char *name;		/* dotted */
	const struct expr *left, *right;	/* left: the operand of a unary */
	unsigned depth;			/* of what is below it */
};

enum typeref_kind {
	REF_NAME,			/* scalar or definition */
	REF_HANDLE, REF_BYTES, REF_STRING, REF_ARRAY, REF_SEQUENCE
};

struct typeref {
	enum typeref_kind kind;
	struct pos pos;
	const char *name;		/* REF_HANDLE: interface, or NULL */
	struct pos name_pos;
	const struct typeref *element;
	const struct expr *count;
};

struct member {
	const char *name;
	struct pos pos;
	const struct typeref *type;
};

/* A resolved type, with what only the C header needs to know of it. */
struct type {
	struct xdl_type xdl;		/* first: a struct xdl_type is one of these */
	const struct def *def;		/* struct, union or typedef that names it */
	const struct type *origin;	/* of a typedef: what it stands for, no
					   typedef itself; else NULL */
	const char *c;			/* scalar: its C type */
};

enum def_kind { DEF_CONST, DEF_TYPEDEF, DEF_STRUCT, DEF_UNION };
enum check_state { CHECK_NOT_YET, CHECK_RUNNING, CHECK_GOOD, CHECK_FAILED };

struct def {
	enum def_kind kind;
	const char *name;
	struct pos pos;
	struct idl *idl;
	const struct typeref *type;	/* const, typedef */
	const struct expr *expr;	/* const */
	const struct member *members;	/* struct, union */
	size_t n_members;

	enum check_state state;
	const struct type *resolved;	/* const: the type of its value */
	const struct type *target;	/* typedef: what it was made from */
	wide value;
};

struct import {
	const char *name;
	struct pos pos;

	struct idl *idl;
};

struct method {
	const char *name;
	struct pos pos;
	const struct member *params[3];	/* by enum method_part */
	size_t n_params[3];
};

struct idl {
	const char *name;		/* as asked for */
	struct pos pos;
	const struct source *source;
	struct import *imports;
	size_t n_imports;
	struct def **defs;
	size_t n_defs;
	bool has_interface;
	struct pos interface_pos;
	const struct method *methods;
	size_t n_methods;

	enum check_state state;
	const struct idl *asker;	/* while it is read: whose import it is */
	bool holes;			/* an import is not there: names that it
					   may have held are not missed */
	struct symbols *scope;		/* name -> struct def */
	struct xdl_interface interface;	/* when it has one */
};

enum offer_kind { OFFER_ENTITY, OFFER_COMPONENT };

/* name ":" qname in a list of components or endpoints. */
struct entry {
	const char *name;
	struct pos pos;
	const char *target;
	struct pos target_pos;

	struct offer *component;
	struct idl *interface;
};

/* What an EDL or a CDL file says. */
struct offer {
	enum offer_kind kind;
	const char *name;
	struct pos pos;
	const struct source *source;
	struct entry *components;
	size_t n_components;
	const char *security;		/* NULL: none */
	struct pos security_pos;
	struct entry *endpoints;
	size_t n_endpoints;

	enum check_state state;
	uint64_t n_all;			/* endpoints, components expanded */
	struct idl *security_idl;	/* its own, or its components' */
	const struct xdl_class *class;
};

struct wanted {				/* an interface that handle<> names */
	const char *name;
	struct pos pos;
};

struct xdl {
	struct arena *arena;
	struct sources *sources;
	struct diags *diags;
	struct symbols *idls;		/* dotted name -> struct idl */
	struct symbols *entities;		/* dotted name -> struct offer */
	struct symbols *components;
	struct wanted *wanted;
	size_t n_wanted, wanted_capacity, wanted_done;
	unsigned nesting;		/* of declarations and files being read */
	const struct idl *reading;	/* the package being read */
};

#endif
