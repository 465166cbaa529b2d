/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Resource limits of a program, and a session keyring of its own. */
#ifndef DK_TASK_CONFINE_LIMITS_H
#define DK_TASK_CONFINE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

#define LIMITS_N	13

struct limits {
	struct {
		int resource;
		struct rlimit limit;
	} each[LIMITS_N];
};

/* What a program with N_FDS descriptors and that many threads may use; WRITES:
   it was given a folder to write in. */
void limits_init(struct limits *limits, uint32_t threads, uint32_t n_fds,
		 bool writes);

/* In the child. 0 or -errno. */
int limits_enter(const struct limits *limits);
/* 0, or -errno; -ENOSYS on a kernel without keyrings. */
int limits_enter_keyring(void);

#endif
