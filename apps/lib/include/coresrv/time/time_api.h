/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Time: milliseconds, on a clock that only goes forward. */
#ifndef CORESRV_TIME_TIME_API_H
#define CORESRV_TIME_TIME_API_H

#include <rtl/retcode.h>
#include <rtl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Wait as long as it takes; for a call, as long as the class may wait. */
#define INFINITE_TIMEOUT ((rtl_uint32_t)0xffffffff)

/* Sleeps MS milliseconds, whatever interrupts; INFINITE_TIMEOUT: for ever. */
void KnSleep(rtl_uint32_t ms);

/* Milliseconds since the machine started. */
rtl_size_t KnGetMSecSinceStart(void);

#ifdef __cplusplus
}
#endif

#endif
