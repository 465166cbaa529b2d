/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The step "resolve": the channel says who the sender is and whom it reaches; the
 * image says what the numbers in the header mean; the body is checked against it,
 * here and only here. Nothing is changed yet.
 */
#ifndef DK_IPC_RESOLVE_H
#define DK_IPC_RESOLVE_H

#include "passage.h"

/* DK_OK; DK_INVALID_ARGUMENT; DK_NOT_FOUND: no such endpoint or method. */
enum dk_status resolve_request(struct mediator *m, struct passage *p);
/* The same for a question to the security module (WIRE_SECURITY_RIID), which
   has no endpoint and no dst. */
enum dk_status resolve_question(struct mediator *m, struct passage *p);
/* The same for a response or error; fills .call if there is one. */
enum dk_status resolve_answer(struct mediator *m, struct passage *p);

#endif
