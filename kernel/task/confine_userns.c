/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "confine_userns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "confine_caps.h"
#include "raw.h"
#include "say.h"

#define FLAGS	(CLONE_VM | CLONE_VFORK | CLONE_FILES | CLONE_NEWUSER | SIGCHLD)

/* What is written into /proc/self before the new namespace has any id. */
struct maps {
	char uids[32];
	char gids[32];
};

struct making {
	struct maps maps;
	int userns;		/* or -1 */
	int error;		/* 0 or -errno */
	_Alignas(16) char stack[16 * 1024];
};

bool rootless(void)
{
	return getuid() != 0;
}

static void maps_init(struct maps *maps)
{
	snprintf(maps->uids, sizeof(maps->uids), "%u %u 1", getuid(), getuid());
	snprintf(maps->gids, sizeof(maps->gids), "%u %u 1", getgid(), getgid());
}

CHILD static long write_to(const char *path, const char *text)
{
	long fd = RAW(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
	size_t n = 0;
	long r, closed;

	if (fd < 0)
		return fd;
	while (text[n])
		n++;
	r = RAW(SYS_write, fd, text, n);
	closed = RAW(SYS_close, fd);
	return r < 0 ? r : r == (long)n ? closed : -EIO;
}

/* Without setgroups: who gives up a group could get at what is shut to it. */
CHILD static long write_maps(const struct maps *maps)
{
	long r = write_to("/proc/self/setgroups", "deny");

	if (r == 0)
		r = write_to("/proc/self/gid_map", maps->gids);
	return r < 0 ? r : write_to("/proc/self/uid_map", maps->uids);
}

int userns_enter(void)
{
	struct maps maps = { .uids = "" };

	maps_init(&maps);
	if (unshare(CLONE_NEWUSER) < 0)
		return -errno;
	return (int)write_maps(&maps);
}

/* ---- one for a task ---- */

CHILD static int make(void *argument)
{
	struct making *making = argument;
	long r = write_maps(&making->maps);

	if (r == 0)
		r = RAW(SYS_openat, AT_FDCWD, "/proc/self/ns/user",
			O_RDONLY | O_CLOEXEC);
	if (r >= 0)
		making->userns = (int)r;
	making->error = r < 0 ? (int)r : 0;
	RAW(SYS_exit_group, 0);
	return 0;	/* never reached */
}

int userns_make(void)
{
	struct making making = { .userns = -1, .error = -ECANCELED };
	pid_t pid;

	maps_init(&making.maps);
	pid = clone(make, making.stack + sizeof(making.stack), FLAGS, &making);
	if (pid < 0)
		return -errno;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return making.error < 0 ? making.error : making.userns;
}

CHILD int userns_enter_made(int userns, int n_caps)
{
	long r = RAW(SYS_setns, userns, CLONE_NEWUSER);

	/* A new user namespace begins with a full bounding set, unlocked. */
	return r < 0 ? (int)r : caps_lock(n_caps);
}

/* ---- where they are forbidden ---- */

static bool reads(const char *path, char what)
{
	char digit = '?';
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (read(fd, &digit, 1) != 1)
		digit = '?';
	close(fd);
	return digit == what;
}

static const struct {
	const char *path;
	char forbids;		/* first digit */
	const char *todo;
} switches[] = {
	{ "/proc/sys/user/max_user_namespaces", '0',
	  "user.max_user_namespaces is 0: set it to 10000 with sysctl" },
	{ "/proc/sys/kernel/unprivileged_userns_clone", '0',
	  "kernel.unprivileged_userns_clone is 0: set it to 1 with sysctl" },
	{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1',
	  "kernel.apparmor_restrict_unprivileged_userns is 1: set it to 0 with "
	  "sysctl, or give dkd an AppArmor profile with 'userns,'" },
};
#define N_SWITCHES (sizeof(switches) / sizeof(switches[0]))

void userns_say_forbidden(int error)
{
	const char *todo = error == ENOSPC ?
		"user.max_user_namespaces of them are there, or 32 in one "
		"another: end some, or raise it with sysctl" :
		error == EPERM ? "a container or a chroot may be why" :
		"this Linux may be built without";

	for (size_t i = 0; i < N_SWITCHES; i++)
		if (reads(switches[i].path, switches[i].forbids)) {
			todo = switches[i].todo;
			break;
		}
	say("without root, programs are confined by user namespaces, and this "
	    "machine gives none (%s): %s; or run it as root", strerror(error),
	    todo);
}
