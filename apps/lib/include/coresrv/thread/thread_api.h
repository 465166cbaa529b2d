/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Threads, over POSIX ones (which work too). A class has them only if its
 * sandbox says `threads: n`; otherwise creating one ends the program.
 */
#ifndef CORESRV_THREAD_THREAD_API_H
#define CORESRV_THREAD_THREAD_API_H

#include <coresrv/time/time_api.h>
#include <rtl/retcode.h>
#include <rtl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef rtl_uint32_t Tid;	/* never 0, never reused */

#define INVALID_TID ((Tid)0)

typedef int (*ThreadRoutine)(void *context);

/* Any priority may be asked for; all are equal (OURS). */
#define ThreadPriorityLowest 0u
#define ThreadPriorityNormal 16u
#define ThreadPriorityHighest 31u

/*
 * Starts RUN(CONTEXT) with STACK bytes of stack (0: 1 MiB; at least 64 KiB). If
 * SUSPENDED it waits for KosThreadResume. TID may be NULL. rcNoMemory, rcQuota:
 * no room for one more.
 */
Retcode KosThreadCreate(Tid *tid, rtl_uint32_t priority, rtl_uint32_t stack,
			ThreadRoutine run, void *context, int suspended);

/* rcResourceNotFound: no such thread, or not one that waits to be resumed. */
Retcode KosThreadResume(Tid tid);

/*
 * Waits until thread TID has ended; CODE (may be NULL) becomes what it returned.
 * What 64 ended threads returned is kept; then the oldest is forgotten.
 * rcResourceNotFound: no such thread, or forgotten.
 */
Retcode KosThreadWait(Tid tid, rtl_uint32_t msecs, int *code);

/* The calling thread; 0 in the main thread and in POSIX ones. */
Tid KosThreadCurrentId(void);

void KosThreadSleep(rtl_uint32_t ms);
void KosThreadYield(void);

#ifdef __cplusplus
}
#endif

#endif
