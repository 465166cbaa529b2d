/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A mutex that is not recursive. Without rivals it costs no system call. */
#ifndef KOS_MUTEX_H
#define KOS_MUTEX_H

#include <pthread.h>

#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct KosMutex {
	pthread_mutex_t mutex;
} KosMutex;

#define KOS_MUTEX_INITIALIZER { PTHREAD_MUTEX_INITIALIZER }

void KosMutexInit(KosMutex *mutex);
void KosMutexDeinit(KosMutex *mutex);	/* nobody holds it */
void KosMutexLock(KosMutex *mutex);
Retcode KosMutexTryLock(KosMutex *mutex);	/* rcOk or rcBusy */
void KosMutexUnlock(KosMutex *mutex);

#ifdef __cplusplus
}
#endif

#endif
