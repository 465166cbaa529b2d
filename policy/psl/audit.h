/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Audit profiles: what is recorded of an object's rules, at which levels. The
 * profile `empty` records nothing, and is the one of a body that has no other.
 */
#ifndef DK_PSL_AUDIT_H
#define DK_PSL_AUDIT_H

#include "scope.h"

struct audit_profile;

/* Checks all profiles and the default; before the first body is read. */
void audit_begin(struct policy *policy);
/* The default one. */
const struct audit_profile *audit_default(const struct policy *policy);
/* The profile of a body in the profile OUTER; OUTER after an error too. */
const struct audit_profile *audit_enter(struct policy *policy,
					const struct ast_body *body,
					const struct audit_profile *outer);
/* Index of what PROFILE has about the rule, whose program is there, or IMAGE_NONE
   if the policy says nothing about audit. */
uint32_t audit_of(struct policy *policy, const struct audit_profile *profile,
		  const struct psl_call *call);
/* After the last body: what has been found. */
void audit_end(const struct policy *policy, struct psl *psl);

#endif
