/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Constants and structs of the Linux interface that Debian 12's headers (6.1)
 * do not have yet, and the kernel's version. Everything newer than those
 * headers is here and nowhere else.
 */
#ifndef DK_TASK_LINUX_H
#define DK_TASK_LINUX_H

#include <linux/ioctl.h>
#include <stdint.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010u			/* 6.3 */
#endif
#ifndef F_SEAL_EXEC
#define F_SEAL_EXEC 0x0020			/* 6.3 */
#endif
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65				/* 6.3 */
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#define PR_GET_MDWE 66
#endif

/* What a pidfd answers with a descriptor of a namespace. 6.11 */
#define PIDFD_ASK_CGROUP	_IO(0xFF, 1)
#define PIDFD_ASK_IPC		_IO(0xFF, 2)
#define PIDFD_ASK_NET		_IO(0xFF, 4)
#define PIDFD_ASK_UTS		_IO(0xFF, 10)

/* Landlock, by ABI level. */
#define LL_RULE_PATH_BENEATH	1
#define LL_CREATE_VERSION	1u
#define LL_FS_EXECUTE		(UINT64_C(1) << 0)	/* ABI 1: bits 0 to 12 */
#define LL_FS_WRITE_FILE	(UINT64_C(1) << 1)
#define LL_FS_READ_FILE		(UINT64_C(1) << 2)
#define LL_FS_READ_DIR		(UINT64_C(1) << 3)
#define LL_FS_REMOVE_DIR	(UINT64_C(1) << 4)
#define LL_FS_REMOVE_FILE	(UINT64_C(1) << 5)
#define LL_FS_MAKE_DIR		(UINT64_C(1) << 7)
#define LL_FS_MAKE_REG		(UINT64_C(1) << 8)
#define LL_FS_ABI_1		((UINT64_C(1) << 13) - 1)
#define LL_FS_REFER		(UINT64_C(1) << 13)	/* ABI 2, 5.19 */
#define LL_FS_TRUNCATE		(UINT64_C(1) << 14)	/* ABI 3, 6.2 */
#define LL_FS_IOCTL_DEV		(UINT64_C(1) << 15)	/* ABI 5, 6.10 */
#define LL_NET_ALL		UINT64_C(3)		/* ABI 4, 6.7: bind, connect */
#define LL_SCOPE_ALL		UINT64_C(3)		/* ABI 6, 6.12: abstract
							   sockets, signals */
#define LL_ABI_KNOWN		7u

struct ll_ruleset {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

struct ll_path_beneath {
	uint64_t allowed;
	int32_t parent_fd;
} __attribute__((packed));

/* 1 if the running kernel is MAJOR.MINOR or newer. */
int linux_at_least(unsigned major, unsigned minor);

#endif
