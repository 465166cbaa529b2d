/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What is published at the name server, as the mediator has seen it: requests to
 * publish and withdraw that were granted, and which the name server answered with
 * OK. For people to look at; nothing is decided by it.
 */
#ifndef DK_IPC_NAMES_H
#define DK_IPC_NAMES_H

#include "passage.h"

struct name {
	uint32_t sid;			/* whose it is */
	char type[WIRE_NAME_MAX];	/* interface */
	char server[WIRE_NAME_MAX];	/* task */
	char service[WIRE_NAME_MAX];	/* endpoint */
};

/* Only if the image has a name server of the interface that we know. Returns 0
   or -errno. */
int names_init(struct mediator *m);
void names_deinit(struct mediator *m);
/* Whether the listener is that of every task's channel to the name server. */
bool names_has(const struct mediator *m, const struct listener *listener);

/* A request was delivered as CALL; its answer was granted. */
void names_asked(struct mediator *m, const struct call *call,
		 struct passage *p);
void names_answered(struct mediator *m, struct passage *p);
/* TASK has gone, with what it published; the name server, with everything. */
void names_forget(struct mediator *m, const struct task *task);

/* Number INDEX, from 0; NULL: there are no more. */
const struct name *names_get(const struct mediator *m, uint32_t index);

#endif
