/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * `never`: proved over all classes, endpoints and methods, from the table that
 * the daemon uses. What depends on the message or on an object's state counts as
 * granted: so a proof is sure, and a refusal may be too careful.
 */
#ifndef DK_PROVE_H
#define DK_PROVE_H

#include "../../kernel/security/image.h"
#include "../psl/pal.h"

struct prover {
	struct arena *arena;
	struct diags *diags;
	const struct image *image;
};

/*
 * Whether NEVER holds: COUNTER is NULL then, else what contradicts it, in lines
 * that end each. False after an error.
 */
bool prove_never(const struct prover *prover, const struct pal_never *never,
		 const char **counter);

/* flow.c: the same of `never flow`. */
bool prove_flow(const struct prover *prover, const struct pal_never *never,
		const char **counter);

/* A class by its selector, IMAGE_NONE for any. False after an error. */
bool prove_class(const struct prover *prover, const struct pal_never *never,
		 enum selector which, uint32_t *class);
uint32_t prove_route(const struct image *image, enum event_kind kind,
		     uint32_t src, uint32_t dst, uint32_t slot);
bool prove_may_grant(uint32_t route);
/* "  file:line: base.grant\n" of each rule of a route. */
const char *prove_rules(const struct prover *prover, uint32_t route);

#endif
