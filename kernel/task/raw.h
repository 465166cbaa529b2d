/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Raw system calls, for the child of a start: it shares the launcher's memory
 * until its exec, so it may touch neither errno nor glibc's bookkeeping
 * (glibc's setresuid would signal the launcher's threads). Functions that run
 * there are marked CHILD, call CHILD functions only, and return 0 or -errno.
 */
#ifndef DK_TASK_RAW_H
#define DK_TASK_RAW_H

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A sanitizer's shadow of the launcher must not hear of the child. */
#define CHILD __attribute__((no_sanitize("address", "undefined", "thread")))

/* -errno on failure. */
CHILD static inline long raw6(long number, long a, long b, long c, long d,
			      long e, long f)
{
#if defined(__x86_64__)
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10),
			   "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
#else
#error "raw system calls are written for x86-64 only yet"
#endif
}

#define RAW_PICK(n, a, b, c, d, e, f, ...) \
	raw6((n), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), \
	     (long)(f))
/* RAW(number, up to six arguments): those left out are zero. */
#define RAW(...) RAW_PICK(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

#endif
