/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The step "decide": a passage becomes an event, the security module gives the
 * verdict, and what must be on record is recorded. Also the records of what never
 * came so far.
 */
#ifndef DK_IPC_JUDGE_H
#define DK_IPC_JUDGE_H

#include "passage.h"

/* DK_OK or DK_SECURITY_DISALLOW. */
enum dk_status judge_passage(struct mediator *m, struct passage *p);
/* May SRC's class start a process of DST's class? */
bool judge_execute(struct mediator *m, uint32_t src_class, uint32_t src_sid,
		   uint32_t dst_class, uint32_t dst_sid, const char *task);

/* A record of a passage that ended with STATUS before or after the decision. */
void judge_refusal(struct mediator *m, const struct passage *p,
		   enum audit_what what, enum dk_status status);
/* A record about TASK alone: the end of its channel or its own. */
void judge_note(struct mediator *m, struct task *task, enum audit_what what,
		enum dk_status status, const char *why);

#endif
