/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Who else lives in the mediator's loop: a table of functions, so that nothing
 * here includes what is built upon it. It is the control socket (control/).
 */
#ifndef DK_IPC_GUEST_H
#define DK_IPC_GUEST_H

#include "state.h"

struct guest {
	/* Once, before the first program starts. */
	void (*begin)(struct guest *guest, struct mediator *m);
	/* A source of kind SOURCE_GUEST is ready. */
	void (*serve)(struct guest *guest, struct source *source,
		      uint32_t events);
	/* At the end of each wake-up. */
	void (*turn)(struct guest *guest);
	/* What the launcher said of a task that was started by program_spawn:
	   MONITOR_STARTED, _FAILED or _EXITED. All is done already. */
	void (*told)(struct guest *guest, struct task *task,
		     const struct monitor_message *message);
};

#endif
