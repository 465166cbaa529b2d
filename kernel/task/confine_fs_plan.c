/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The plan of a task's files: what may be given, and to whom it belongs. */
#include "confine_fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../base/fd.h"
#include "confine_userns.h"
#include "say.h"
#include "uids.h"

#define WRITE_MODE	0755
#define UNREADABLE_SAID	5u	/* files of one folder named in warnings */
#define FILES_LOOKED_AT	10000u
#define TMPFS_MODE	0700
#define TMPFS_INODES	1024u	/* files of 4 KiB; more only in a larger one */

#define NOT_PLAIN	"give a path without empty, \".\" or \"..\" parts, and " \
			"not the root itself"

/* The place being worked on, for messages. */
struct where {
	const char *task;
	const char *data;
	const char *path;
	uint32_t uid;
};

static int refuse(const struct where *where, const char *what, int error)
{
	bool relative = where->path[0] != '/';

	say("task %s: its sandbox wants %s%s%s: %s", where->task,
	    relative ? where->data : "", relative ? "/" : "", where->path, what);
	return error;
}

/* Non-empty components, none of them "." or ".."; and not the root itself. */
static bool plain_path(const char *path)
{
	const char *at = path[0] == '/' ? path + 1 : path;

	while (1) {
		size_t n = strcspn(at, "/");

		if (n == 0 || (n == 1 && at[0] == '.')
		    || (n == 2 && at[0] == '.' && at[1] == '.'))
			return false;
		at += n;
		if (!*at)
			return true;
		at++;
	}
}

static int open_given(int data_fd, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd;

	if (path[0] != '/')
		how.resolve |= RESOLVE_BENEATH;
	fd = syscall(SYS_openat2, data_fd, path, &how, sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

static const char *open_error(int error)
{
	switch (error) {
	case ENOENT:
		return "there is no such file or folder: make it first";
	case ELOOP:
		return "a symbolic link is on the way: give the real path";
	case ENOTDIR:
		return "something on the way is not a folder";
	}
	return strerror(error);
}

/* An open descriptor to the same thing, for what O_PATH cannot do. */
static int reopen(int fd, int flags)
{
	char path[40];
	int fresh;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fresh = open(path, flags | O_CLOEXEC);
	return fresh < 0 ? -errno : fresh;
}

/* The folder itself goes to the task; what is in it stays as it is. Without root it
   is the caller's, or nobody can give it. */
static int give(const struct where *where, const struct fs_path *path,
		const struct stat *st)
{
	int fd, r = 0;

	if (!path->directory)
		return refuse(where, "only a folder can be given to write in",
			      -ENOTDIR);
	if (st->st_uid != 0 && st->st_uid != getuid()
	    && !uids_contain(st->st_uid))
		return refuse(where, "it belongs to another user: give it a "
			      "folder of its own", -EPERM);
	if (rootless() || (st->st_uid == where->uid && st->st_gid == where->uid
			   && (st->st_mode & 07777) == WRITE_MODE))
		return 0;
	fd = reopen(path->fd, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return refuse(where, strerror(-fd), fd);
	if (fchown(fd, where->uid, where->uid) < 0
	    || fchmod(fd, WRITE_MODE) < 0)
		r = refuse(where, strerror(errno), -errno);
	close(fd);
	return r;
}

static bool readable(const struct stat *st, uint32_t uid)
{
	mode_t need = S_ISDIR(st->st_mode) ? 05 : 04;

	if (st->st_uid == uid)
		need <<= 6;
	else if (st->st_gid == (rootless() ? getgid() : uid))
		need <<= 3;
	return (st->st_mode & need) == need;
}

/* Not an error: but silence here would look like an empty folder there. */
static void warn_unreadable(const struct where *where,
			    const struct fs_path *path, const struct stat *st)
{
	unsigned looked = 0, bad = 0;
	struct dirent *entry;
	DIR *folder;
	int fd;

	if (!readable(st, where->uid)) {
		refuse(where, "warning: its mode keeps the program out: "
		       "chmod o+rX it", 0);
		return;
	}
	if (!path->directory)
		return;
	fd = reopen(path->fd, O_RDONLY | O_DIRECTORY);
	folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(folder)) && looked++ < FILES_LOOKED_AT) {
		struct stat file;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (fstatat(dirfd(folder), entry->d_name, &file,
			    AT_SYMLINK_NOFOLLOW) < 0 || S_ISLNK(file.st_mode)
		    || readable(&file, where->uid))
			continue;
		if (bad++ < UNREADABLE_SAID)
			say("task %s: warning: it will not be able to read %s "
			    "in %s: chmod o+r it", where->task, entry->d_name,
			    where->path);
	}
	closedir(folder);
	if (bad > UNREADABLE_SAID)
		say("task %s: warning: nor %u others in %s", where->task,
		    bad - UNREADABLE_SAID, where->path);
}

static int add(struct fs_plan *plan, const struct where *where, int data_fd,
	       bool write)
{
	struct fs_path *path = &plan->paths[plan->n];
	struct stat st;
	int fd;

	if (!plain_path(where->path))
		return refuse(where, NOT_PLAIN, -EINVAL);
	fd = open_given(data_fd, where->path);
	if (fd < 0)
		return refuse(where, open_error(-fd), fd);
	*path = (struct fs_path){
		.given = where->path, .fd = fd, .write = write,
		.seen = where->path[0] == '/' ? where->path + 1 : where->path,
	};
	plan->n++;
	if (fstat(fd, &st) < 0)
		return refuse(where, strerror(errno), -errno);
	path->directory = S_ISDIR(st.st_mode);
	path->dev = st.st_dev;
	path->ino = st.st_ino;
	if (!path->directory && !S_ISREG(st.st_mode))
		return refuse(where, "is neither a folder nor a regular file",
			      -EINVAL);
	if (write)
		return give(where, path, &st);
	warn_unreadable(where, path, &st);
	return 0;
}

static int add_tmpfs(struct fs_plan *plan, const struct where *where,
		     uint32_t kib)
{
	struct fs_path *path = &plan->paths[plan->n];
	uint32_t inodes = kib / 4 > TMPFS_INODES ? kib / 4 : TMPFS_INODES;
	struct stat st;
	int fd;

	if (!plain_path(where->path))
		return refuse(where, NOT_PLAIN, -EINVAL);
	fd = fs_tmpfs_make(kib, inodes, TMPFS_MODE, where->uid);
	if (fd < 0)
		return refuse(where, strerror(-fd), fd);
	*path = (struct fs_path){
		.given = where->path, .fd = fd, .write = true,
		.directory = true, .tmpfs = true,
		.seen = where->path[0] == '/' ? where->path + 1 : where->path,
	};
	plan->n++;
	if (fstat(fd, &st) < 0)
		return refuse(where, strerror(errno), -errno);
	path->dev = st.st_dev;
	path->ino = st.st_ino;
	return 0;
}

/* Where Debian and its like have libraries and ld.so; some of them are links into
   another, and each is where a program looks for it. */
static const char *const library_folders[] = {
	"/lib", "/lib64", "/usr/lib", "/usr/lib64",
};
#define N_LIBRARY_FOLDERS (sizeof(library_folders) / sizeof(library_folders[0]))

static int add_libraries(struct fs_plan *plan, struct where *where)
{
	for (size_t i = 0; i < N_LIBRARY_FOLDERS; i++) {
		struct fs_path *path = &plan->paths[plan->n];
		struct stat st;
		int fd;

		where->path = library_folders[i];
		fd = open(where->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT)
			continue;
		if (fd < 0)
			return refuse(where, strerror(errno), -errno);
		*path = (struct fs_path){
			.given = where->path, .seen = where->path + 1,
			.fd = fd, .directory = true, .libraries = true,
		};
		plan->n++;
		if (fstat(fd, &st) < 0)
			return refuse(where, strerror(errno), -errno);
		/* In a user namespace root is seen as one of those that have no
		   number there: its folders' modes must do. */
		if ((st.st_uid != 0 && !rootless()) || st.st_mode & 022)
			return refuse(where, "libraries are root's, and not to "
				      "be written by others", -EPERM);
		path->dev = st.st_dev;
		path->ino = st.st_ino;
	}
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct fs_path *x = a, *y = b;

	return strcmp(x->seen, y->seen);
}

/* All that TASK was given, one after the other. */
static int add_all(struct fs_plan *plan, struct where *where,
		   const struct image *image, const struct image_task *task,
		   int data_fd)
{
	const char *tmpfs = image_string(image, task->tmpfs);
	int r = 0;

	for (uint32_t i = 0; i < task->read.count && r == 0; i++) {
		where->path = image_string(image,
					   image->lists[task->read.first + i]);
		r = add(plan, where, data_fd, false);
	}
	for (uint32_t i = 0; i < task->write.count && r == 0; i++) {
		where->path = image_string(image,
					   image->lists[task->write.first + i]);
		r = add(plan, where, data_fd, true);
	}
	if (r == 0 && *tmpfs) {
		where->path = tmpfs;
		r = add_tmpfs(plan, where, task->tmpfs_kib);
	}
	if (r == 0 && task->profile == PROFILE_POSIX)
		r = add_libraries(plan, where);
	return r;
}

/* Parents before what is in them, and no place twice. */
static int sort(struct fs_plan *plan, struct where *where)
{
	qsort(plan->paths, plan->n, sizeof(*plan->paths), by_place);
	for (size_t i = 1; i < plan->n; i++) {
		if (strcmp(plan->paths[i - 1].seen, plan->paths[i].seen))
			continue;
		where->path = plan->paths[i].given;
		return refuse(where, "the program would see two things in that "
			      "place", -EEXIST);
	}
	return 0;
}

int fs_plan_init(struct fs_plan *plan, const struct image *image,
		 const struct image_task *task, uint32_t uid, int data_fd,
		 const char *data)
{
	struct where where = {
		.task = image_string(image, task->name), .data = data,
		.uid = uid, .path = "",
	};
	uint64_t n = (uint64_t)task->read.count + task->write.count
		+ (task->tmpfs_kib != 0)
		+ (task->profile == PROFILE_POSIX ? N_LIBRARY_FOLDERS : 0);
	int r;

	*plan = (struct fs_plan){ 0 };
	if (n == 0)
		return 0;
	if (n > FS_PATHS_MAX) {
		say("task %s: its sandbox names more than %u paths", where.task,
		    FS_PATHS_MAX);
		return -E2BIG;
	}
	plan->paths = calloc(n, sizeof(*plan->paths));
	if (!plan->paths)
		return -ENOMEM;
	r = add_all(plan, &where, image, task, data_fd);
	if (r == 0)
		r = sort(plan, &where);
	if (r < 0)
		fs_plan_deinit(plan);
	return r;
}

void fs_plan_close(struct fs_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		fd_close(&plan->paths[i].fd);
}

void fs_plan_deinit(struct fs_plan *plan)
{
	fs_plan_close(plan);
	free(plan->paths);
	*plan = (struct fs_plan){ 0 };
}
