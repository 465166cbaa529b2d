/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "timers.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

void timers_deinit(struct timers *timers)
{
	free(timers->heap);
	*timers = (struct timers){ 0 };
}

int timers_reserve(struct timers *timers, size_t n)
{
	size_t need = timers->reserved + n;
	struct timer **heap;

	if (need > timers->room) {
		size_t room = need + need / 2 + 64;

		heap = realloc(timers->heap, (room + 1) * sizeof(*heap));
		if (!heap)
			return -ENOMEM;
		timers->heap = heap;
		timers->room = room;
	}
	timers->reserved = need;
	return 0;
}

void timers_unreserve(struct timers *timers, size_t n)
{
	assert(timers->reserved >= n);
	timers->reserved -= n;
	assert(timers->n <= timers->reserved);
}

static void place(struct timers *timers, size_t at, struct timer *timer)
{
	timers->heap[at] = timer;
	timer->place = at;
}

static void settle(struct timers *timers, size_t at, struct timer *timer)
{
	struct timer **heap = timers->heap;

	while (at > 1 && heap[at / 2]->at_ms > timer->at_ms) {
		place(timers, at, heap[at / 2]);
		at /= 2;
	}
	for (;;) {
		size_t child = 2 * at;

		if (child > timers->n)
			break;
		if (child < timers->n &&
		    heap[child + 1]->at_ms < heap[child]->at_ms)
			child++;
		if (heap[child]->at_ms >= timer->at_ms)
			break;
		place(timers, at, heap[child]);
		at = child;
	}
	place(timers, at, timer);
}

void timer_arm(struct timers *timers, struct timer *timer, uint64_t at_ms)
{
	timer->at_ms = at_ms;
	if (!timer->place) {
		assert(timers->n < timers->reserved);
		timer->place = ++timers->n;
	}
	settle(timers, timer->place, timer);
}

void timer_disarm(struct timers *timers, struct timer *timer)
{
	struct timer *last;
	size_t at = timer->place;

	if (!at)
		return;
	timer->place = 0;
	last = timers->heap[timers->n--];
	if (last != timer)
		settle(timers, at, last);
}

void timers_run(struct timers *timers, uint64_t now_ms, void *context)
{
	while (timers->n > 0 && timers->heap[1]->at_ms <= now_ms) {
		struct timer *timer = timers->heap[1];

		timer_disarm(timers, timer);
		timer->fire(context, timer);
	}
}

uint64_t timers_next_ms(const struct timers *timers)
{
	return timers->n > 0 ? timers->heap[1]->at_ms : UINT64_MAX;
}
