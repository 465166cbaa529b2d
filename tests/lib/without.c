/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * usage: without NUMBER COMMAND...
 *
 * Runs COMMAND on a Linux that answers ENOSYS to system call NUMBER.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	if (argc < 3) {
		fputs("usage: without NUMBER COMMAND...\n", stderr);
		return 2;
	}
	code[1].k = (unsigned)atoi(argv[1]);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0) {
		perror("seccomp");
		return 98;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 98;
}
