/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Deadlines: a heap of timers that live inside the things they are for. Room is
 * made when such a thing is made, so that arming one cannot fail.
 */
#ifndef DK_BASE_TIMERS_H
#define DK_BASE_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer {
	uint64_t at_ms;
	size_t place;		/* in the heap, from 1; 0 = not armed */
	void (*fire)(void *context, struct timer *timer);
};

struct timers {
	struct timer **heap;	/* [1..n] */
	size_t n, room, reserved;
};

void timers_deinit(struct timers *timers);
/* N more timers may be armed. Returns 0 or -ENOMEM. */
int timers_reserve(struct timers *timers, size_t n);
void timers_unreserve(struct timers *timers, size_t n);
/* Arms TIMER, or moves it. */
void timer_arm(struct timers *timers, struct timer *timer, uint64_t at_ms);
void timer_disarm(struct timers *timers, struct timer *timer);
/* Fires all that are due. */
void timers_run(struct timers *timers, uint64_t now_ms, void *context);
/* When the next is due; UINT64_MAX: there is none. */
uint64_t timers_next_ms(const struct timers *timers);

#endif
