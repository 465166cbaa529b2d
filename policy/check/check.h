/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * dkc check: what in a policy is not wrong but probably not meant. Each warning
 * has a name, said behind it in brackets. A comment
 *     dkc check: NAME: why it is meant
 * on the warning's line, or ending on the line before, silences it; without a
 * reason, or with nothing to silence, it is a warning itself.
 */
#ifndef DK_CHECK_H
#define DK_CHECK_H

#include "../../kernel/security/image.h"
#include "../psl/psl.h"

enum check_name {
	CHECK_UNMATCHED,	/* a binding that matches no event */
	CHECK_DENIES,		/* a rule that always denies */
	CHECK_GRANTS_REST,	/* deny (…) alone: whatever else is granted */
	CHECK_NO_RESPONSE,	/* a request that may be granted, its answer not */
	CHECK_UNCALLED,		/* an endpoint that nobody may call */
	CHECK_UNSTARTABLE,	/* a class that may never start */
	CHECK_ANYONE,		/* no selector, and it grants */
	CHECK_UNREACHABLE,	/* a Flow's state that no transitions lead to */
	CHECK_UNENTERED,	/* a Flow's transition that no rule makes */
	CHECK_POOL,		/* fewer places than the start list may want */
	CHECK_SILENCE,		/* a silence without a reason or a use */
	CHECK_N
};

struct check_silence;

struct check {
	struct arena *arena;
	struct diags *diags;
	const struct sources *sources;	/* that were read */
	const struct psl *psl;
	const struct image *image;	/* made of it: bindings and calls have the
					   same numbers */
	struct check_silence *silences;
	size_t n_silences, silences_capacity;
	size_t found;			/* warnings that were not silenced */
};

/* Warns; all warnings are in the diagnostics then. Returns their number. */
size_t check_policy(struct check *check);

/* ---- between the files of this folder ---- */

void check_say(struct check *check, enum check_name name, struct pos where,
	       const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* silence.c */
void check_read_silences(struct check *check);
/* Whether there is one for NAME at WHERE, which counts as its use. */
bool check_silenced(struct check *check, enum check_name name,
		    struct pos where);
/* Warns of those without reason or use; after all others. */
void check_silences(struct check *check);
const char *check_word(enum check_name name);
/* routes.c, rules.c, objects.c */
void check_routes(struct check *check);
void check_rules(struct check *check);
void check_models(struct check *check);

#endif
