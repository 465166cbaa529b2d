/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The mediator's side of a program's life: its sockets are made, the policy is
 * asked, the launcher is told; when it ends, everything of it is given back.
 */
#ifndef DK_IPC_PROGRAM_H
#define DK_IPC_PROGRAM_H

#include "state.h"

/* The tasks of the image. Returns 0 or -errno. */
int program_init_all(struct mediator *m);
void program_free_all(struct mediator *m);
/* Asks the policy, then the launcher. */
void program_start(struct mediator *m, struct task *task);
/*
 * The same for a task with `start: demand`, as who asks: SRC. Its standard
 * streams are pipes whose other ends are put into STREAMS, to be the caller's;
 * how it goes on, the guest is told. Returns 0, -EBUSY if it runs, -EACCES if it
 * may not, or another -errno.
 */
int program_spawn(struct mediator *m, struct task *task, uint32_t src_class,
		  uint32_t src_sid, int streams[3]);
void program_started(struct mediator *m, struct task *task,
		     const struct monitor_message *message);
void program_failed(struct mediator *m, struct task *task,
		    const struct monitor_message *message);
void program_ended(struct mediator *m, struct task *task,
		   const struct monitor_message *message);

/*
 * Its end of 3 is closed, which asks it to end, and so are its listeners: who
 * only serves would not notice otherwise.
 */
void program_ask_to_end(struct mediator *m, struct task *task);
/* The same, and SIGKILL after the grace. */
void program_end(struct mediator *m, struct task *task);
/* SIGKILL; WHY goes on record, NULL: nothing does. */
void program_kill(struct mediator *m, struct task *task, const char *why);
/* The program closed its end of PORT. */
void program_port_ended(struct mediator *m, struct port *port);

#endif
