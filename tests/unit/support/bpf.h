/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A simulator of the kernel's classic BPF, as far as seccomp filters use it. */
#ifndef TESTS_BPF_H
#define TESTS_BPF_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>

#define BPF_BROKEN	UINT32_C(0xffffffff)	/* the program itself is */

/* Which ways a conditional jump went. */
#define BPF_TAKEN_YES	1
#define BPF_TAKEN_NO	2

/* What the N instructions say about DATA. TAKEN, if not NULL, has a byte for each
   instruction, to which the ways of its jumps are added. */
uint32_t bpf_run(const struct sock_filter *code, size_t n,
		 const struct seccomp_data *data, uint8_t *taken);

#endif
