/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Rules and expressions, checked against the types of a scope's message. */
#ifndef DK_PSL_CHECK_H
#define DK_PSL_CHECK_H

#include "emit.h"
#include "scope.h"

/* The rule of ITEM; false after an error. */
bool check_rule(const struct scope *scope, const struct ast_item *item,
		struct psl_call *call);

/* check_choice.c: what ITEM, a choice, looks at. Likewise. */
bool check_choice(const struct scope *scope, const struct ast_item *item,
		  struct psl_call *call);
/* check_declared.c: the policy's objects. */
void check_objects(struct policy *policy);
/* check_object.c: a declared object; a call of its METHOD, which is a rule or an
   expression. NULL: there is no such object; after an error. */
const struct psl_object *check_find_object(const struct policy *policy,
					   const char *name);
struct node *check_object_call(const struct scope *scope,
			       const struct psl_object *object,
			       const char *method, struct pos pos,
			       const struct expr *argument, bool is_rule);
/* check_expr.c: whether NODE, if it is a literal text, is one of the type's. */
bool check_variant(const struct scope *scope, const struct expr *expr,
		   const struct node *node, struct value_type type);
/* A constant or an expression as a value of TYPE, for WHO. */
struct node *check_fits(const struct scope *scope, const struct expr *expr,
			struct value_type type, const char *who);
struct emit_guard check_guard(const struct scope *scope);

/* check_expr.c: NULL after an error. */
struct node *check_expr(const struct scope *scope, const struct expr *expr);
/* A value that has been read: no place in the message, no unit. */
struct node *check_value(const struct scope *scope, const struct expr *expr);
struct node *check_boolean(const struct scope *scope, const struct expr *expr,
			   const char *who);
/*
 * One integer type for the N numbers at KIDS, of the expressions at EXPRS:
 * literals take the others'. False after an error, which names WHO asks.
 */
bool check_one_type(const struct scope *scope, const struct expr *const *exprs,
		    struct node **kids, uint32_t n, const char *who,
		    enum layout_scalar *scalar);
struct node *check_field(const struct scope *scope, const struct expr *at,
			 struct node *base, const char *name);
struct node *check_element(const struct scope *scope, const struct expr *at,
			   struct node *base, const struct expr *index);
/* An operation whose result must be in the range of its type. */
struct node *check_ranged(const struct scope *scope, enum layout_scalar scalar,
			  enum image_op op, struct node *const *kids,
			  uint32_t n);
/* Whether nk.basic is used; an error that says so, once a run, if not. */
bool check_basic(const struct scope *scope, struct pos where, const char *who);

/*
 * check_regex.c: a pattern, which is a literal; a text to search in, of the call
 * of WHO; whether the pattern is found in it. NULL after an error.
 */
const struct regex *check_pattern(const struct scope *scope,
				  const struct expr *expr);
struct node *check_matched_text(const struct scope *scope,
				const struct expr *expr, const char *who);
struct node *check_matches(const struct scope *scope, struct node *text,
			   const struct regex *regex);
/* As check_basic, for nk.regex. */
bool check_uses_regex(const struct scope *scope, struct pos where,
		      const char *who);

/* check_call.c: calls inside expressions */
struct node *check_call(const struct scope *scope, const struct expr *call);

#endif
