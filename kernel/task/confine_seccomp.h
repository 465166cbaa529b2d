/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The system-call filter. The list of a class is compiled by libseccomp once at
 * load; at each start a short prelude is put in front that lets the child do
 * its last steps, each proved by a nonce in a register that these calls do not
 * use. Everything not listed asks the launcher, whose only answer is SIGKILL:
 * so the call has a name. Foreign architectures are killed outright.
 */
#ifndef DK_TASK_CONFINE_SECCOMP_H
#define DK_TASK_CONFINE_SECCOMP_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../security/syscalls.h"

#define SECCOMP_PRELUDE_N	12u

/* A compiled allow-list. */
struct filter {
	struct sock_filter *code;
	size_t n;
	int refused;		/* a call that it answers with EPERM, or -1 */
	int no_code;		/* mprotect, if it answers EACCES to that which
				   makes memory executable, or -1 */
	uint32_t tried;		/* when trials found that it holds, seconds since
				   1970; 0: not yet */
};

/*
 * Compiles the N names under FLAGS (enum syscall_flags). 0 or -errno: -ENOENT with
 * *FAULT a name that libseccomp does not know, -EPERM with one that no list may
 * hold. *FAULT is NULL otherwise.
 */
int filter_init(struct filter *filter, const char *const *names, size_t n,
		unsigned flags, const char **fault);
/* For the mediator: calls not on any list end it; those LIMITED are allowed with
   the arguments of their rules; those REFUSED answer EPERM, since libc makes them on
   its own and goes on without. */
int filter_init_kill(struct filter *filter, const char *const *names, size_t n,
		     const struct syscall_rule *limited, size_t n_limited,
		     const char *const *refused, size_t n_refused,
		     const char **fault);
void filter_deinit(struct filter *filter);

/* What the child installs: the prelude for NONCE, then FILTER's code. CODE has
   room for SECCOMP_PRELUDE_N + filter->n. Returns how many there are. */
size_t filter_compose(struct sock_filter *code, const struct filter *filter,
		      uint64_t nonce);

/* In the child: installs it and returns the listener, or -errno. */
long seccomp_enter(const struct sock_fprog *program);

#endif
