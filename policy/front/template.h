/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Templates: `@NAME@` and `{% if X == "v" %} {% elif %} {% else %} {% endif %}` in
 * policies and start lists, with the names of `dkc build -D NAME=text`. Nothing in
 * a comment is one; a text holds @NAME@ only. Places in what comes out are said
 * as places of the file (source_origin).
 */
#ifndef DK_FRONT_TEMPLATE_H
#define DK_FRONT_TEMPLATE_H

#include <stdbool.h>

#include "diag.h"

enum template_kind { TEMPLATE_PSL, TEMPLATE_YAML };

/* NAME=text of the command line. */
struct define {
	const char *name, *text;
};

/* A letter or _, then letters, digits, _ . -, and perhaps one + at the end. */
bool template_is_name(const char *text, size_t size);

/*
 * SOURCE itself if there is nothing of a template in it. NULL after an error. A
 * file that does not end with .in, in a run without -D, may hold @words@ of its
 * own: in a start list anywhere, in a policy in its texts.
 */
const struct source *template_expand(struct sources *sources,
				     struct diags *diags,
				     const struct source *source,
				     enum template_kind kind);

#endif
