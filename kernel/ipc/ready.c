/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "ready.h"

#include <string.h>

#include "../base/notify.h"
#include "../base/text.h"

/* A manager that does not read now is asked again so soon. */
#define AGAIN_MS 100u

static void again(struct mediator *m)
{
	struct ready *ready = &m->ready;

	if (!ready->timer.place || ready->timer.at_ms > m->now_ms + AGAIN_MS)
		timer_arm(&m->timers, &ready->timer, m->now_ms + AGAIN_MS);
}

static void fire(void *context, struct timer *timer)
{
	struct mediator *m = context;
	struct ready *ready = &m->ready;

	(void)timer;
	if (!ready->interval_ms)
		return;		/* only ready_tell, after us */
	ready->n_denied = m->audit.n_denied;
	if (notify_send(ready->fd, "WATCHDOG=1"))
		timer_arm(&m->timers, &ready->timer,
			  m->now_ms + ready->interval_ms);
	else
		again(m);
}

void ready_init(struct mediator *m)
{
	m->ready = (struct ready){ .fd = -1, .timer.fire = fire };
}

void ready_begin(struct mediator *m, int fd, uint32_t watchdog_ms)
{
	m->ready.fd = fd;
	if (fd < 0)
		return;
	m->ready.interval_ms = watchdog_ms / 2;
	if (m->ready.interval_ms)
		timer_arm(&m->timers, &m->ready.timer, m->now_ms);
}

static enum ready_stage stage_of(const struct mediator *m)
{
	if (m->stopping || m->over)
		return READY_STOPPING;
	return m->next_start < m->n_tasks || m->n_starting > 0 ?
	       READY_STARTING : READY_SERVING;
}

static void add_status(struct text *text, const struct ready *now)
{
	static const char *const stages[] = {
		[READY_STARTING] = "starting, ", [READY_SERVING] = "",
		[READY_STOPPING] = "stopping, ",
	};

	text_add(text, "STATUS=%s%u program%s run%s", stages[now->stage],
		 now->n_running, now->n_running == 1 ? "" : "s",
		 now->n_running == 1 ? "s" : "");
	if (now->n_denied)
		text_add(text, ", %llu event%s denied",
			 (unsigned long long)now->n_denied,
			 now->n_denied == 1 ? "" : "s");
}

void ready_tell(struct mediator *m)
{
	struct ready *said = &m->ready, now;
	enum ready_stage stage;
	char buffer[160];
	struct text text;

	if (said->fd < 0)
		return;
	stage = stage_of(m);
	if (said->told && stage == said->stage &&
	    m->n_live - m->n_starting == said->n_running &&
	    said->n_denied == said->n_denied_told)
		return;
	now = *said;
	now.stage = stage;
	now.n_running = m->n_live - m->n_starting;
	now.n_denied = now.n_denied_told = m->audit.n_denied;
	now.told = true;
	text_init(&text, buffer, sizeof(buffer));
	if (stage == READY_SERVING)	/* said again, it does no harm */
		text_add(&text, "READY=1\n");
	if (stage == READY_STOPPING)
		text_add(&text, "STOPPING=1\n");
	add_status(&text, &now);
	if (notify_send(said->fd, buffer))
		*said = now;
	else
		again(m);
}
