/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "confine_fs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine_userns.h"
#include "raw.h"

/* <sys/mount.h> and <linux/mount.h> cannot both be included with glibc 2.36. */
#define MS_REC_PRIVATE	(16384ul | (1ul << 18))
#define UMOUNT_DETACH	2

#define ROOT_KIB	16
#define ROOT_INODES	1024
#define MOUNT_SAFE	(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)
#define MOUNT_CLOSED	(MOUNT_SAFE | MOUNT_ATTR_NOEXEC)

static int sys_fsconfig(int fd, unsigned command, const char *key,
			const char *value)
{
	return syscall(SYS_fsconfig, fd, command, key, value, 0) < 0 ? -errno : 0;
}

static int set_number(int fd, const char *key, const char *format,
		      uint32_t number)
{
	char value[16];

	snprintf(value, sizeof(value), format, number);
	return sys_fsconfig(fd, FSCONFIG_SET_STRING, key, value);
}

int fs_tmpfs_make(uint32_t kib, uint32_t inodes, uint32_t mode, uint32_t uid)
{
	long context, root;
	int r;

	context = syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
	if (context < 0)
		return -errno;
	r = set_number((int)context, "size", "%uk", kib);
	if (r == 0)
		r = set_number((int)context, "nr_inodes", "%u", inodes);
	if (r == 0)
		r = set_number((int)context, "mode", "%o", mode);
	/* Else it is the caller's, as all is. */
	if (r == 0 && !rootless())
		r = set_number((int)context, "uid", "%u", uid);
	if (r == 0 && !rootless())
		r = set_number((int)context, "gid", "%u", uid);
	if (r == 0)
		r = sys_fsconfig((int)context, FSCONFIG_CMD_CREATE, NULL, NULL);
	if (r == 0) {
		root = syscall(SYS_fsmount, (int)context, FSMOUNT_CLOEXEC,
			       MOUNT_CLOSED);
		r = root < 0 ? -errno : (int)root;
	}
	close((int)context);
	return r;
}

static int make_place(int root, const struct fs_path *path)
{
	char name[PATH_MAX];
	size_t length = strlen(path->seen);

	if (length >= sizeof(name))
		return -ENAMETOOLONG;
	memcpy(name, path->seen, length + 1);
	for (size_t i = 1; i < length; i++) {
		if (name[i] != '/')
			continue;
		name[i] = 0;
		if (mkdirat(root, name, 0755) < 0 && errno != EEXIST)
			return -errno;
		name[i] = '/';
	}
	if (path->directory) {
		if (mkdirat(root, name, 0755) < 0 && errno != EEXIST)
			return -errno;
	} else {
		if (mknodat(root, name, S_IFREG | 0444, 0) < 0
		    && errno != EEXIST)
			return -errno;
	}
	return 0;
}

/* A bind of its own for each start: a mount can be put in one place only. */
static int make_tree(const struct fs_path *path)
{
	struct mount_attr attr = {
		.attr_set = (path->libraries ? MOUNT_SAFE : MOUNT_CLOSED)
			| (path->write ? 0 : MOUNT_ATTR_RDONLY),
		.propagation = 1ul << 18,	/* MS_PRIVATE */
	};
	long tree;

	if (path->tmpfs) {	/* is a mount itself */
		tree = fcntl(path->fd, F_DUPFD_CLOEXEC, 0);
		return tree < 0 ? -errno : (int)tree;
	}
	tree = syscall(SYS_open_tree, path->fd, "",
		       OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	if (tree < 0)
		return -errno;
	if (syscall(SYS_mount_setattr, (int)tree, "", AT_EMPTY_PATH, &attr,
		    sizeof(attr)) < 0) {
		int r = -errno;

		close((int)tree);
		return r;
	}
	return (int)tree;
}

int fs_mounts_init(struct fs_mounts *mounts, const struct fs_plan *plan)
{
	int r = 0;

	*mounts = (struct fs_mounts){ .root = -1 };
	mounts->root = fs_tmpfs_make(ROOT_KIB, ROOT_INODES, 0755, 0);
	if (mounts->root < 0)
		return mounts->root;
	for (size_t i = 0; i < plan->n && r == 0; i++) {
		r = make_place(mounts->root, &plan->paths[i]);
		if (r < 0)
			break;
		r = make_tree(&plan->paths[i]);
		if (r < 0)
			break;
		mounts->trees[i] = r;
		mounts->seen[i] = plan->paths[i].seen;
		mounts->n++;
		r = 0;
	}
	if (r < 0)
		fs_mounts_deinit(mounts);
	return r;
}

void fs_mounts_deinit(struct fs_mounts *mounts)
{
	for (size_t i = 0; i < mounts->n; i++)
		close(mounts->trees[i]);
	if (mounts->root >= 0)
		close(mounts->root);
	*mounts = (struct fs_mounts){ .root = -1 };
}

/* Between two mounts a program of another uid may have put a link where the
   place was: it is opened without following any, inside the new root. */
CHILD static long open_place(int root, const char *seen)
{
	struct open_how how;

	how.flags = O_PATH | O_CLOEXEC;
	how.mode = 0;
	how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS
		| RESOLVE_NO_MAGICLINKS;
	return RAW(SYS_openat2, root, seen, &how, sizeof(how));
}

CHILD int fs_enter_mounts(const struct fs_mounts *mounts)
{
	struct mount_attr attr;
	long r;

	r = RAW(SYS_mount, 0, "/", 0, MS_REC_PRIVATE, 0);
	if (r < 0)
		return (int)r;
	r = RAW(SYS_move_mount, mounts->root, "", AT_FDCWD, "/",
		MOVE_MOUNT_F_EMPTY_PATH);
	if (r < 0)
		return (int)r;
	for (size_t i = 0; i < mounts->n; i++) {
		long place = open_place(mounts->root, mounts->seen[i]);

		if (place < 0)
			return (int)place;
		r = RAW(SYS_move_mount, mounts->trees[i], "", place, "",
			MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
		RAW(SYS_close, place);
		if (r < 0)
			return (int)r;
	}
	attr.attr_set = MOUNT_ATTR_RDONLY | MOUNT_CLOSED;
	attr.attr_clr = 0;
	attr.propagation = 0;
	attr.userns_fd = 0;
	return (int)RAW(SYS_mount_setattr, mounts->root, "", AT_EMPTY_PATH,
			&attr, sizeof(attr));
}

CHILD int fs_enter_pivot(const struct fs_mounts *mounts)
{
	long r;

	r = RAW(SYS_fchdir, mounts->root);
	if (r == 0)
		r = RAW(SYS_pivot_root, ".", ".");
	if (r == 0)	/* the old root lies on top of the new one now */
		r = RAW(SYS_umount2, ".", UMOUNT_DETACH);
	if (r == 0)
		r = RAW(SYS_chdir, "/");
	return (int)r;
}
