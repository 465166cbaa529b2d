/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Lines for whoever looks for a mistake: to standard error, which the daemon
 * shows with the task's name before each. OURS: the two names below.
 */
#ifndef KOS_TRACE_H
#define KOS_TRACE_H

#ifdef __cplusplus
extern "C" {
#endif

/* Prints one line; the end of line is added. */
void KosTrace(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, with file and line before it: KOS_TRACE("n is %d", n). */
#define KOS_TRACE(...) KosTraceAt(__FILE__, __LINE__, __VA_ARGS__)
void KosTraceAt(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif

#endif
