/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * From the tree to what it means: names looked up, constants computed, types
 * laid out, endpoints numbered. Everything is computed once; what failed gave
 * its error then and is NULL or false, in silence, from there on.
 */
#ifndef DK_XDL_CHECK_H
#define DK_XDL_CHECK_H

#include "ast.h"

/* The package or interface NAME; for handle<>, whose package it may be is not
   asked before the rest is read. NULL after an error at WHERE. */
struct idl *xdl_idl(struct xdl *xdl, const char *name, struct pos where);
struct idl *xdl_idl_interface(struct xdl *xdl, const char *name,
			      struct pos where);
struct offer *xdl_offer(struct xdl *xdl, enum offer_kind kind,
			const char *name, struct pos where);
/* Looks at the interfaces that handle<> named meanwhile; true if all are good. */
bool xdl_check_wanted(struct xdl *xdl);

/* A definition by its plain or dotted name, as IDL sees it. */
struct def *xdl_find_def(struct xdl *xdl, const struct idl *idl,
			 const char *name, struct pos where, const char *what);
bool xdl_check_def(struct xdl *xdl, struct def *def);
const struct type *xdl_resolve(struct xdl *xdl, const struct idl *idl,
			       const struct typeref *ref);
/* LAYOUT_STRUCT or LAYOUT_UNION of these members. A part of a method: the size
   is rounded up to 8, and there may be no member. */
const struct type *xdl_lay(struct xdl *xdl, const struct idl *idl,
			   enum layout_kind kind, const char *name,
			   struct pos pos, const struct member *members,
			   size_t n, bool is_part);
/* The value of EXPR for the type SCALAR, whose range it must be in. */
bool xdl_evaluate(struct xdl *xdl, const struct idl *idl,
		  const struct expr *expr, enum layout_scalar scalar,
		  wide *value);
wide xdl_scalar_min(enum layout_scalar scalar);
wide xdl_scalar_max(enum layout_scalar scalar);

/* Errors, and false, for names that C could not bear. */
bool xdl_check_name(struct xdl *xdl, const char *name, struct pos pos);
/* Of a parameter, a field or a method. */
bool xdl_check_member(struct xdl *xdl, const char *name, struct pos pos);
/* Errors for a dotted name that is too long or ends in such a name. */
bool xdl_check_qname(struct xdl *xdl, const char *name, struct pos pos);
const char *xdl_builtin_name(size_t i);	/* of a scalar; NULL = no more */
bool xdl_is_builtin(const char *name);	/* a word that types are made of */
/* "; did you mean 'x'?" or "". */
const char *xdl_suggest(struct xdl *xdl, const char *name,
			const char *const *candidates, size_t n);
/* No file a/b/C.EXT: an error at WHERE with the nearest name that has one. */
void xdl_no_file(struct xdl *xdl, const char *what, const char *name,
		 const char *ext, struct pos where);

#endif
