/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The process itself, as the daemon named it. OURS, all of it: starting other
 * processes is the daemon's business.
 */
#ifndef CORESRV_ENTITY_ENTITY_API_H
#define CORESRV_ENTITY_ENTITY_API_H

#include <nk/types.h>
#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "" and 0 if the daemon has said nothing. */
const char *EntityTaskName(void);	/* the target of connections */
const char *EntityClassName(void);	/* what the policy calls it */
nk_sid_t EntitySid(void);		/* never used again in this run */

/* Ends the process with its output written. */
void EntityExit(int code) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif

#endif
