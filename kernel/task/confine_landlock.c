/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "confine_landlock.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "linux.h"
#include "raw.h"

#define READ_FILE	LL_FS_READ_FILE
#define READ_FOLDER	(LL_FS_READ_FILE | LL_FS_READ_DIR)
#define RUN_FOLDER	(READ_FOLDER | LL_FS_EXECUTE)
#define WRITE_FOLDER	(READ_FOLDER | LL_FS_WRITE_FILE | LL_FS_REMOVE_DIR \
			 | LL_FS_REMOVE_FILE | LL_FS_MAKE_DIR | LL_FS_MAKE_REG \
			 | LL_FS_REFER | LL_FS_TRUNCATE)

static uint64_t fs_rights(unsigned abi)
{
	uint64_t rights = LL_FS_ABI_1;

	if (abi >= 2)
		rights |= LL_FS_REFER;
	if (abi >= 3)
		rights |= LL_FS_TRUNCATE;
	if (abi >= 5)
		rights |= LL_FS_IOCTL_DEV;
	return rights;
}

int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
			   LL_CREATE_VERSION);

	if (abi < 0)	/* not built in, or left out by lsm= */
		return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno;
	return abi > (long)LL_ABI_KNOWN ? (int)LL_ABI_KNOWN : (int)abi;
}

int landlock_ruleset(unsigned abi, const struct fs_plan *plan)
{
	struct ll_ruleset all = {
		.fs = fs_rights(abi),
		.net = abi >= 4 ? LL_NET_ALL : 0,
		.scoped = abi >= 6 ? LL_SCOPE_ALL : 0,
	};
	size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
	long ruleset = syscall(SYS_landlock_create_ruleset, &all, size, 0);

	if (ruleset < 0)
		return -errno;
	for (size_t i = 0; plan && i < plan->n; i++) {
		const struct fs_path *path = &plan->paths[i];
		struct ll_path_beneath rule = { .parent_fd = path->fd };

		rule.allowed = path->write ? WRITE_FOLDER
			: path->libraries ? RUN_FOLDER
			: path->directory ? READ_FOLDER : READ_FILE;
		rule.allowed &= all.fs;
		if (syscall(SYS_landlock_add_rule, (int)ruleset,
			    LL_RULE_PATH_BENEATH, &rule, 0) < 0) {
			int r = -errno;

			close((int)ruleset);
			return r;
		}
	}
	return (int)ruleset;
}

CHILD int landlock_enter(int ruleset)
{
	return (int)RAW(SYS_landlock_restrict_self, ruleset, 0);
}
