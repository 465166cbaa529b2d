/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include <kos/mutex.h>

void KosMutexInit(KosMutex *mutex)
{
	pthread_mutex_init(&mutex->mutex, NULL);
}

void KosMutexDeinit(KosMutex *mutex)
{
	pthread_mutex_destroy(&mutex->mutex);
}

void KosMutexLock(KosMutex *mutex)
{
	pthread_mutex_lock(&mutex->mutex);
}

Retcode KosMutexTryLock(KosMutex *mutex)
{
	return pthread_mutex_trylock(&mutex->mutex) == 0 ? rcOk : rcBusy;
}

void KosMutexUnlock(KosMutex *mutex)
{
	pthread_mutex_unlock(&mutex->mutex);
}
