/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What a list of system calls means as rules: which arguments a call may have, and
 * what is answered to those that are refused without an end. The daemon compiles
 * the rules to a filter, dkc prints them; neither has an opinion of its own. What no
 * rule is about is killed.
 */
#ifndef DK_SECURITY_SYSCALLS_H
#define DK_SECURITY_SYSCALLS_H

#include <stddef.h>
#include <stdint.h>

/* glibc's pthread_create: VM FS FILES SIGHAND THREAD SYSVSEM SETTLS
   PARENT_SETTID CHILD_CLEARTID. */
#define SYSCALL_THREAD_FLAGS	UINT32_C(0x003d0f00)
/* Linux' own; this file has no header of its. */
#define SYSCALL_PROT_WRITE	UINT32_C(2)
#define SYSCALL_PROT_EXEC	UINT32_C(4)
#define SYSCALL_SHM_EXEC	UINT32_C(0x8000)
#define SYSCALL_READ_IMPLIES_EXEC UINT32_C(0x400000)
#define SYSCALL_FUTEX_WAKE_PRIVATE UINT32_C(0x81)

/* What a list is to mean beyond its names. */
enum syscall_flags {
	SYSCALL_THREADS = 1,	/* clone3 answers ENOSYS and clone is allowed
				   with glibc's flags for a thread, listed or
				   not; without, futex may only wake this
				   process's own */
	SYSCALL_NO_CODE = 2,	/* whatever makes memory executable answers
				   EACCES: for a Linux without MDWE */
	SYSCALL_LIBRARIES = 4,	/* with that: mmap of what is executable and not
				   writable is for ld.so */
};

enum syscall_answer {
	SYSCALL_KILL = 0,	/* listed, and no list may hold it */
	SYSCALL_ALLOW, SYSCALL_EPERM, SYSCALL_EACCES, SYSCALL_ENOSYS,
	SYSCALL_ANSWERS
};

/* About calls of .name whose .argument (0 to 5) & .mask is .value. */
struct syscall_rule {
	const char *name;
	enum syscall_answer answer;
	uint32_t argument, mask, value;
};

/* Room for the rules of N names. */
#define SYSCALL_RULES_MAX(n)	(3 * (n) + 4)

/* The rules of N names under FLAGS to RULES; how many there are. No two of them are
   about one call with the same arguments. */
size_t syscall_rules(struct syscall_rule *rules, const char *const *names,
		     size_t n, unsigned flags);
/* Whether no list may hold NAME. */
int syscall_is_never(const char *name);

#endif
