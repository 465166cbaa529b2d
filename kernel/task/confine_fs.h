/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The tree of files that a program sees: an empty read-only tmpfs, and in it
 * what its class was given, bound by descriptor. No name is looked up twice:
 * the launcher opens each path once, without following a symbolic link. The
 * tree is made once at load, alone in a mount namespace of its own, which the
 * task's starts join.
 */
#ifndef DK_TASK_CONFINE_FS_H
#define DK_TASK_CONFINE_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../security/image.h"

#define FS_PATHS_MAX 64u

struct fs_path {
	const char *given;	/* as in the image */
	const char *seen;	/* in the program's root, without leading "/";
				   points into .given */
	int fd;			/* O_PATH; -1 when closed */
	dev_t dev;
	ino_t ino;
	bool write;
	bool directory;
	bool libraries;		/* may be mapped as code, and run by ld.so */
	bool tmpfs;		/* .fd is a mount that is nowhere yet */
};

/* What a task was given; made once at load. Parents before what is in them. */
struct fs_plan {
	struct fs_path *paths;
	size_t n;
};

/* The mounts of one tree, before they are put in place. */
struct fs_mounts {
	int root;			/* the tmpfs */
	int trees[FS_PATHS_MAX];
	const char *seen[FS_PATHS_MAX];
	size_t n;
};

/*
 * Opens and checks what TASK was given; relative paths start at DATA_FD, called
 * DATA in messages. Folders to write are given to UID. 0, or -errno after
 * having said what is wrong.
 */
int fs_plan_init(struct fs_plan *plan, const struct image *image,
		 const struct image_task *task, uint32_t uid, int data_fd,
		 const char *data);
/* When tree and rules are made: no start needs the paths themselves. */
void fs_plan_close(struct fs_plan *plan);
void fs_plan_deinit(struct fs_plan *plan);

/* A tmpfs of that size whose root is UID's: a descriptor, the caller's, of a mount
   that is nowhere yet, nosuid, nodev, noexec; or -errno. */
int fs_tmpfs_make(uint32_t kib, uint32_t inodes, uint32_t mode, uint32_t uid);

/* 0 or -errno with nothing left open. */
int fs_mounts_init(struct fs_mounts *mounts, const struct fs_plan *plan);
void fs_mounts_deinit(struct fs_mounts *mounts);

/* In a mount namespace of one's own: the tree put together on top of the old
   root (mounts), then the old root gone (pivot). 0 or -errno. */
int fs_enter_mounts(const struct fs_mounts *mounts);
int fs_enter_pivot(const struct fs_mounts *mounts);

/* A mount namespace with the tree of PLAN and nothing else: a descriptor, the
   caller's, or -errno. */
int fs_tree_make(const struct fs_plan *plan);

/* In the child: into such a tree, its root the working directory. */
int fs_enter_tree(int tree);

#endif
