/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Resource limits of a program, and a session keyring of its own. */
#ifndef DK_TASK_CONFINE_LIMITS_H
#define DK_TASK_CONFINE_LIMITS_H

#include <stdint.h>
#include <sys/resource.h>

#include "../security/image.h"

#define LIMITS_N	13

struct limits {
	struct {
		int resource;
		struct rlimit limit;
	} each[LIMITS_N];
};

/* What TASK may use, starting with N_FDS descriptors. */
void limits_init(struct limits *limits, const struct image_task *task,
		 uint32_t n_fds);

/* In the child. 0 or -errno. */
int limits_enter(const struct limits *limits);
/* 0 if those of memory, descriptors and cores are in force, -EBADE if not. */
int limits_probe(const struct limits *limits);
/* 0, or -errno; -ENOSYS on a kernel without keyrings. */
int limits_enter_keyring(void);

#endif
