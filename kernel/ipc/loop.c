/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "../base/clock.h"
#include "channel.h"
#include "connect.h"
#include "dispatch.h"
#include "guest.h"
#include "judge.h"
#include "names.h"
#include "output.h"
#include "program.h"
#include "program_ends.h"
#include "program_report.h"
#include "ready.h"
#include "starter.h"

#define TIMERS_OWN 3	/* .summary, .grace, .ready.timer */

/* Once a second while something was left out: how much. */
static void summarise(void *context, struct timer *timer)
{
	struct mediator *m = context;

	(void)timer;
	for (uint32_t i = 0; i < m->n_tasks; i++) {
		audit_summarise(&m->audit, &m->tasks[i].audit,
				m->tasks[i].name);
		output_summarise(m, &m->tasks[i]);
	}
	audit_summarise(&m->audit, &m->users, "the control socket");
}

/* The state of the policy's objects: once, and never per message. */
static bool init_security(struct mediator *m)
{
	size_t size = security_state_size(m->image);
	void *memory = size > 0 ? malloc(size) : NULL;

	if (size > 0 && !memory)
		return false;
	security_state_init(m->image, &m->security, memory);
	return true;
}

struct mediator *loop_new(const struct image *image,
			  const struct options *options, int monitor_fd,
			  int out_fd)
{
	struct mediator *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->image = image;
	m->options = options;
	m->now_ms = clock_ms();
	m->wakeup = 2;
	m->next_trace = 1;
	m->next_sid = SID_FIRST + image->n_users;
	m->monitor = (struct source){ .kind = SOURCE_MONITOR,
				      .fd = monitor_fd };
	m->out = (struct source){ .kind = SOURCE_LOG, .fd = out_fd };
	m->alarm = (struct source){ .kind = SOURCE_ALARM };
	m->alarm.fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK |
				     TFD_CLOEXEC);
	m->alarm_ms = UINT64_MAX;
	for (uint32_t i = 0; i < COOKIE_BUCKETS; i++)
		list_init(&m->cookies[i]);
	list_init(&m->dead_channels);
	list_init(&m->dead_listeners);
	log_init(&m->log, out_fd);
	audit_init(&m->audit, image, &m->log, options->json);
	if (options->has_audit_level)
		audit_set_level(&m->audit, options->audit_level);
	audit_meter_init(&m->users, m->now_ms);
	m->summary.fire = summarise;
	starter_init(m);
	ready_init(m);
	m->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (options->grants)
		m->routes = calloc(1, sizeof(*m->routes));
	if (m->epoll_fd < 0 || (options->grants && !m->routes) ||
	    timers_reserve(&m->timers, TIMERS_OWN) < 0 ||
	    !init_security(m) || program_init_all(m) < 0 ||
	    names_init(m) < 0 ||
	    source_watch(m, &m->monitor, EPOLLIN) < 0 ||
	    m->alarm.fd < 0 || source_watch(m, &m->alarm, EPOLLIN) < 0)
		return loop_free(m);
	m->out_polls = source_watch(m, &m->out, 0) == 0;
	return m;
}

static bool may_run(struct mediator *m)
{
	return judge_execute(m, IMAGE_CLASS_CORE, SID_KERNEL, IMAGE_CLASS_CORE,
			     SID_KERNEL, "kernel") &&
	       judge_execute(m, IMAGE_CLASS_CORE, SID_KERNEL,
			     IMAGE_CLASS_EINIT, SID_EINIT, "starter");
}

/* Of --wait; NULL if all are tasks of the image. */
static const char *unknown_task(const struct mediator *m)
{
	for (size_t i = 0; i < m->options->n_wait; i++)
		if (image_find_task(m->image, m->options->wait[i]) ==
		    IMAGE_NONE)
			return m->options->wait[i];
	return NULL;
}

bool loop_begin(struct mediator *m)
{
	struct monitor_message ready = { .code = MONITOR_READY };
	const char *why = NULL;

	if (!may_run(m)) {
		m->failure = DKD_REFUSED;
		why = "the policy refuses the kernel's or the starter's own "
		      "start";
	}
	if (!why && unknown_task(m)) {
		m->failure = DKD_USAGE;
		why = "there is no task of the name given to --wait";
	}
	if (!why) {
		why = connect_init(m);
		if (why)
			m->failure = DKD_IMAGE;
	}
	if (!why)
		why = ends_make(m);
	if (why)
		log_say(&m->log, "%s", why);
	ready.value = m->failure;
	if (m->failure)
		log_flush(&m->log, LIMIT_LOG_FLUSH_MS);
	if (starter_send(m, &ready, NULL, 0) < 0 && !m->failure)
		m->failure = DKD_MACHINE;
	if (m->failure)
		return false;
	starter_advance(m);
	ready_tell(m);
	channel_bury(m);
	return true;
}

static void serve_log(struct mediator *m, uint32_t events)
{
	if (!(events & EPOLLOUT) && (events & (EPOLLERR | EPOLLHUP)))
		m->log.gone = true;
}

static void print(struct mediator *m)
{
	log_pump(&m->log);
	if (!m->out_polls)
		return;
	if (!m->log.gone) {
		source_watch(m, &m->out,
			     log_pending(&m->log) ? EPOLLOUT : 0);
		return;
	}
	/* nobody reads: it would be ready for ever */
	epoll_ctl(m->epoll_fd, EPOLL_CTL_DEL, m->out.fd, NULL);
	m->out_polls = false;
}

/*
 * One alarm for all deadlines. It is set when one comes that is earlier, and left
 * alone when one goes: it rings once for nothing then. A time-out of epoll_wait
 * would have the machine's timer set for every message.
 */
static void set_alarm(struct mediator *m)
{
	uint64_t at_ms = timers_next_ms(&m->timers);
	struct itimerspec at = {
		.it_value.tv_sec = (time_t)(at_ms / 1000),
		/* zero would unset it */
		.it_value.tv_nsec = (long)(at_ms % 1000 * 1000000) + 1,
	};

	if (at_ms >= m->alarm_ms)
		return;
	if (timerfd_settime(m->alarm.fd, TFD_TIMER_ABSTIME, &at, NULL) == 0)
		m->alarm_ms = at_ms;
}

/* What is due is run by every step. */
static void serve_alarm(struct mediator *m)
{
	uint64_t n_rung;

	if (read(m->alarm.fd, &n_rung, sizeof(n_rung)) == sizeof(n_rung))
		m->alarm_ms = UINT64_MAX;
}

static void serve(struct mediator *m, struct source *source, uint32_t events)
{
	switch (source->kind) {
	case SOURCE_MONITOR:
		starter_serve(m, events);
		break;
	case SOURCE_LOG:
		serve_log(m, events);
		break;
	case SOURCE_PORT:
		dispatch_port(m, container_of(source, struct port, source),
			      events);
		break;
	case SOURCE_OUTPUT:
		output_read(m, container_of(source, struct output, source));
		break;
	case SOURCE_ALARM:
		serve_alarm(m);
		break;
	case SOURCE_GUEST:
		m->guest->serve(m->guest, source, events);
		break;
	}
}

void loop_step(struct mediator *m, int timeout_ms)
{
	struct epoll_event events[LIMIT_EVENTS];
	int n;

	print(m);
	set_alarm(m);
	n = epoll_wait(m->epoll_fd, events, LIMIT_EVENTS, timeout_ms);
	m->now_ms = clock_ms();
	m->wakeup++;
	timers_run(&m->timers, m->now_ms, m);
	for (int i = 0; i < n; i++)
		serve(m, events[i].data.ptr, events[i].events);
	starter_advance(m);
	ready_tell(m);
	if (m->guest)
		m->guest->turn(m->guest);
	channel_bury(m);
	print(m);
}

int loop_finish(struct mediator *m)
{
	struct monitor_message message = { .code = MONITOR_DONE,
					   .value = m->failure };

	if (m->monitor.fd < 0)
		return m->failure;	/* the launcher has gone: at once */
	summarise(m, NULL);
	if (m->n_late)
		log_say(&m->log, "%llu answers came late and were dropped",
			(unsigned long long)m->n_late);
	if (m->routes)
		routes_print(m->routes, m->image, &m->log);
	/* tasks that were never started hold their static ends */
	for (uint32_t i = 0; i < m->n_tasks; i++)
		while (!list_empty(&m->tasks[i].ports))
			port_close(m, list_first(&m->tasks[i].ports,
						 struct port, of_task));
	report_all_charges(m);
	log_flush(&m->log, LIMIT_LOG_FLUSH_MS);
	starter_send(m, &message, NULL, 0);
	return m->failure;
}

struct mediator *loop_free(struct mediator *m)
{
	if (!m)
		return NULL;
	if (m->tasks)
		program_free_all(m);
	channel_bury(m);
	source_close(m, &m->alarm);
	if (m->epoll_fd >= 0)
		close(m->epoll_fd);
	timers_deinit(&m->timers);
	names_deinit(m);
	free(m->routes);
	free(m->security.words);
	free(m);
	return NULL;
}
