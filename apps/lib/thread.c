/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Threads by number. Every thread is detached: its stack goes when it ends, and
 * what it returned stays until somebody asks or ENDED_MAX others have ended.
 */

#include <coresrv/thread/thread_api.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "start.h"

LIBDK_START;

#define STACK_DEFAULT (1u << 20)
#define STACK_MIN (64u << 10)
#define ENDED_MAX 64u

enum state { SUSPENDED, RUNNING, ENDED };

struct thread {
	struct thread *next;	/* the newest first */
	Tid tid;
	enum state state;
	unsigned n_waiting;	/* in KosThreadWait: it must not be freed */
	int code;
	ThreadRoutine run;
	void *context;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;	/* a state */
static struct thread *threads;
static Tid last_tid;
static _Thread_local Tid current;

static struct thread **find(Tid tid)
{
	struct thread **p = &threads;

	while (*p && (*p)->tid != tid)
		p = &(*p)->next;
	return p;
}

static void forget(struct thread **p)
{
	struct thread *thread = *p;

	*p = thread->next;
	free(thread);
}

/* Of those that have ended, keeps the newest. */
static void forget_oldest(void)
{
	unsigned n = 0;

	for (struct thread **p = &threads; *p; ) {
		if ((*p)->state == ENDED && (*p)->n_waiting == 0 &&
		    ++n > ENDED_MAX)
			forget(p);
		else
			p = &(*p)->next;
	}
}

static void *start(void *argument)
{
	struct thread *thread = argument;
	int code;

	pthread_mutex_lock(&lock);
	while (thread->state == SUSPENDED)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	current = thread->tid;

	code = thread->run(thread->context);

	pthread_mutex_lock(&lock);
	thread->code = code;
	thread->state = ENDED;
	pthread_cond_broadcast(&changed);
	forget_oldest();
	pthread_mutex_unlock(&lock);
	return NULL;
}

static int spawn(struct thread *thread, rtl_uint32_t stack)
{
	pthread_attr_t attr;
	pthread_t id;
	int error;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (stack == 0)
		stack = STACK_DEFAULT;
	if (stack < STACK_MIN)
		stack = STACK_MIN;
	pthread_attr_setstacksize(&attr, stack);
	error = pthread_create(&id, &attr, start, thread);
	pthread_attr_destroy(&attr);
	return error;
}

Retcode KosThreadCreate(Tid *tid, rtl_uint32_t priority, rtl_uint32_t stack,
			ThreadRoutine run, void *context, int suspended)
{
	struct thread *thread;
	Tid number;
	int error;

	(void)priority;
	if (!run)
		return rcInvalidArgument;
	thread = calloc(1, sizeof(*thread));
	if (!thread)
		return rcNoMemory;
	thread->state = suspended ? SUSPENDED : RUNNING;
	thread->run = run;
	thread->context = context;
	/* Known before it runs: it may end before this returns. */
	pthread_mutex_lock(&lock);
	if (last_tid == UINT32_MAX) {
		pthread_mutex_unlock(&lock);
		free(thread);
		return rcQuota;
	}
	number = thread->tid = ++last_tid;
	thread->next = threads;
	threads = thread;
	pthread_mutex_unlock(&lock);

	error = spawn(thread, stack);
	if (error) {
		pthread_mutex_lock(&lock);
		forget(find(number));
		pthread_mutex_unlock(&lock);
		return error == EAGAIN ? rcQuota : rcNoMemory;
	}
	if (tid)
		*tid = number;
	return rcOk;
}

Retcode KosThreadResume(Tid tid)
{
	struct thread *thread;
	Retcode rc = rcResourceNotFound;

	pthread_mutex_lock(&lock);
	thread = *find(tid);
	if (thread && thread->state == SUSPENDED) {
		thread->state = RUNNING;
		pthread_cond_broadcast(&changed);
		rc = rcOk;
	}
	pthread_mutex_unlock(&lock);
	return rc;
}

static int wait_change(rtl_uint32_t msecs, const struct timespec *until)
{
	return msecs == INFINITE_TIMEOUT ? pthread_cond_wait(&changed, &lock) :
	       pthread_cond_clockwait(&changed, &lock, CLOCK_MONOTONIC, until);
}

Retcode KosThreadWait(Tid tid, rtl_uint32_t msecs, int *code)
{
	struct timespec until;
	struct thread *thread;
	Retcode rc = rcOk;

	if (tid != INVALID_TID && tid == current)
		return rcDeadlock;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += msecs / 1000;
	until.tv_nsec += (long)(msecs % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&lock);
	thread = *find(tid);
	if (!thread) {
		pthread_mutex_unlock(&lock);
		return rcResourceNotFound;
	}
	thread->n_waiting++;
	while (thread->state != ENDED && rc == rcOk) {
		if (wait_change(msecs, &until) == ETIMEDOUT &&
		    thread->state != ENDED)
			rc = rcTimeout;
	}
	thread->n_waiting--;
	if (rc == rcOk) {
		if (code)
			*code = thread->code;
		if (thread->n_waiting == 0)
			forget(find(tid));
	}
	pthread_mutex_unlock(&lock);
	return rc;
}

Tid KosThreadCurrentId(void)
{
	return current;
}

void KosThreadYield(void)
{
	sched_yield();
}
