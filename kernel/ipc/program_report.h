/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What is printed about the starts and ends of programs. */
#ifndef DK_IPC_PROGRAM_REPORT_H
#define DK_IPC_PROGRAM_REPORT_H

#include "state.h"

/* What every program is confined by, once. */
void report_layers(struct mediator *m);
void report_started(struct mediator *m, const struct task *task,
		    const struct monitor_message *message);
void report_failed(struct mediator *m, const struct task *task,
		   const struct monitor_message *message);
void report_ended(struct mediator *m, struct task *task,
		  const struct monitor_message *message);
/* Says which charges a task that has gone still has: there should be none. */
void report_charges(struct mediator *m, const struct task *task);
/* The same for all, at the end. Returns whether everything is zero. */
bool report_all_charges(struct mediator *m);

#endif
