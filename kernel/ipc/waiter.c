/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "waiter.h"

#include "connect_body.h"

struct waiter *waiter_find_free(struct waiter *slots, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!slots[i].used)
			return &slots[i];
	return NULL;
}

void waiter_begin(struct mediator *m, struct waiter *waiter, uint32_t wait_ms)
{
	struct task *task = waiter->task;

	waiter->used = true;
	m->n_waiters++;
	if (waiter->mid == CM_CONNECT) {
		list_add(&task->connecting, &waiter->of_task);
		list_add(&waiter->server->callers, &waiter->of_server);
		task->n_connects++;
	} else {
		list_add(&task->listening, &waiter->of_task);
		task->n_listens++;
	}
	if (wait_ms != CM_FOREVER)
		timer_arm(&m->timers, &waiter->timer, m->now_ms + wait_ms);
}

void waiter_end(struct mediator *m, struct waiter *waiter)
{
	timer_disarm(&m->timers, &waiter->timer);
	list_remove(&waiter->of_task);
	list_remove(&waiter->of_server);
	if (waiter->mid == CM_CONNECT)
		waiter->task->n_connects--;
	else
		waiter->task->n_listens--;
	waiter->used = false;
	m->n_waiters--;
}
