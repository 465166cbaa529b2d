/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Tests in a policy, as they were written: who asks, what, and what is expected.
 * Nothing is looked up here; policy/ask does that, in an image.
 */
#ifndef DK_PSL_PAL_H
#define DK_PSL_PAL_H

#include "ast.h"

enum pal_expect { PAL_GRANT, PAL_DENY, PAL_ANY };

struct pal_case {
	struct pos pos;			/* of its first word */
	enum pal_expect expect;
	const char *title;		/* or NULL */
	const char *variable;		/* that the new process gets, or NULL */
	struct pos variable_pos;
	enum event_kind kind;
	struct ast_selectors selectors;	/* of the short form too */
	const struct expr *parameters;	/* a dictionary, or NULL */
};

struct pal_block {
	struct pal_case *cases;
	size_t n, capacity;
};

struct pal_sequence {
	struct pos pos;
	const char *title;		/* or NULL */
	struct pal_block block;
};

/* What may not be possible at all. */
struct pal_never {
	struct pos pos;
	const char *text;		/* as it may be written */
	bool flow, through_names;	/* `never flow src ~> dst` */
	enum event_kind kind;
	struct ast_selectors selectors;
};

struct pal_test {
	struct pos pos;
	const char *title;		/* or NULL */
	struct pal_block setup, finally;
	struct pal_sequence *sequences;
	size_t n, capacity;
	struct pal_never *nevers;
	size_t n_nevers, nevers_capacity;
};

/*
 * One event written as a case without an expectation, the whole of SOURCE:
 * `request src=A dst=B endpoint=e method=M { p: 1 }`. False after an error.
 */
bool pal_parse_event(struct arena *arena, struct diags *diags,
		     const struct source *source, struct pal_case *event);

#endif
