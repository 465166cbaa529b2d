/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Handles: a process's own numbers for its ends of channels. */
#ifndef CORESRV_HANDLE_HANDLE_API_H
#define CORESRV_HANDLE_HANDLE_API_H

#include <nk/types.h>
#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Gives up HANDLE, which ends its channel for both sides. The number is dead at
 * once and never means another channel. Calls and listens that other threads
 * have under way end by themselves; the descriptor is closed after the last.
 * rcInvalidArgument: no such handle, or no longer.
 */
Retcode KnHandleClose(Handle handle);

#ifdef __cplusplus
}
#endif

#endif
