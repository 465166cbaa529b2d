/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A task's tree of files in a mount namespace of its own, made by a child that
 * shares the launcher's memory and descriptors and ends when it is done.
 */
#include "confine_fs.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "raw.h"

#define FLAGS	(CLONE_VM | CLONE_VFORK | CLONE_FILES | CLONE_NEWNS | SIGCHLD)

struct making {
	const struct fs_mounts *mounts;
	int tree;		/* the namespace, or -1 */
	int error;		/* 0 or -errno */
	_Alignas(16) char stack[16 * 1024];
};

CHILD static int make(void *argument)
{
	struct making *making = argument;
	long r;

	/* While there is a /proc: it names this one also when it has changed. */
	r = RAW(SYS_openat, AT_FDCWD, "/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	if (r >= 0) {
		making->tree = (int)r;
		r = fs_enter_mounts(making->mounts);
	}
	if (r == 0)
		r = fs_enter_pivot(making->mounts);
	making->error = (int)r;
	RAW(SYS_exit_group, 0);
	return 0;	/* never reached */
}

static int make_in_child(const struct fs_mounts *mounts)
{
	struct making making = { .mounts = mounts, .tree = -1,
				 .error = -ECANCELED };
	pid_t pid = clone(make, making.stack + sizeof(making.stack), FLAGS,
			  &making);

	if (pid < 0)
		return -errno;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (making.error == 0)
		return making.tree;
	if (making.tree >= 0)
		close(making.tree);
	return making.error;
}

int fs_tree_make(const struct fs_plan *plan)
{
	struct fs_mounts mounts;
	int r = fs_mounts_init(&mounts, plan);

	if (r < 0)
		return r;
	r = make_in_child(&mounts);
	fs_mounts_deinit(&mounts);
	return r;
}

CHILD int fs_enter_tree(int tree)
{
	return (int)RAW(SYS_setns, tree, CLONE_NEWNS);
}
