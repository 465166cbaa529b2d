/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include <coresrv/time/time_api.h>

#include <errno.h>
#include <time.h>

#include <coresrv/thread/thread_api.h>

#include "start.h"

LIBDK_START;

/* To a point in time, so that interruptions do not add up. */
void KnSleep(rtl_uint32_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	do {
		until.tv_sec += ms / 1000;
		until.tv_nsec += (long)(ms % 1000) * 1000000;
		if (until.tv_nsec >= 1000000000) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000;
		}
		while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until,
				       NULL) == EINTR)
			;
	} while (ms == INFINITE_TIMEOUT);
}

void KosThreadSleep(rtl_uint32_t ms)
{
	KnSleep(ms);
}

rtl_size_t KnGetMSecSinceStart(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (rtl_size_t)now.tv_sec * 1000 + (rtl_size_t)now.tv_nsec / 1000000;
}
