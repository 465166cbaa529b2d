/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "probe.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../base/fd.h"
#include "confine_caps.h"
#include "linux.h"
#include "raw.h"
#include "task.h"

/* Of the mount namespace the probe is that these are gone, of the pid namespace
   that who asks is the first in it. */
static const struct {
	const char *path;
	unsigned ask;
	enum confine_layer layer;
} spaces[] = {
	{ "/proc/self/ns/net", PIDFD_ASK_NET, LAYER_NET_NS },
	{ "/proc/self/ns/ipc", PIDFD_ASK_IPC, LAYER_IPC_NS },
	{ "/proc/self/ns/uts", PIDFD_ASK_UTS, LAYER_UTS_NS },
	{ "/proc/self/ns/cgroup", PIDFD_ASK_CGROUP, LAYER_CGROUP_NS },
};
static_assert(sizeof(spaces) / sizeof(spaces[0]) == PROBE_SPACES, "each");

CHILD static long open_self(void)
{
	return RAW(SYS_pidfd_open, RAW(SYS_getpid), 0);
}

/* The number of a namespace of the process that SELF is of; negative: of /proc's
   self. A process's first look into /proc is what makes that dear. */
CHILD static long space(long self, int i, ino_t *number)
{
	struct stat st;
	long fd, closed, r;

	if (self < 0) {
		r = RAW(SYS_newfstatat, AT_FDCWD, spaces[i].path, &st, 0);
	} else {
		fd = RAW(SYS_ioctl, self, spaces[i].ask, 0);
		if (fd < 0)
			return fd;
		r = RAW(SYS_fstat, fd, &st);
		closed = RAW(SYS_close, fd);
		r = r < 0 ? r : closed;
	}
	if (r == 0)
		*number = st.st_ino;
	return r;
}

int probe_host_init(struct probe_host *host)
{
	int self = (int)open_self();
	struct stat st;
	long r = 0;

	host->by_pidfd = self >= 0 && space(self, 0, &host->spaces[0]) == 0;
	for (int i = 0; i < PROBE_SPACES && r == 0; i++)
		r = space(host->by_pidfd ? self : -1, i, &host->spaces[i]);
	fd_close(&self);
	if (r < 0)
		return (int)r;
	if (stat("/", &st) < 0)
		return -errno;
	host->root_dev = st.st_dev;
	host->root_ino = st.st_ino;
	host->keyring = syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
				KEY_SPEC_SESSION_KEYRING, 0);
	if (host->keyring < 0)
		host->keyring = -errno;
	return 0;
}

int probe_host_left(struct probe_host *host)
{
	int self;
	long fd = 0;

	if (!host->by_pidfd)
		return 0;
	self = (int)open_self();
	for (int i = 0; i < PROBE_INHERITED && fd >= 0; i++) {
		fd = RAW(SYS_ioctl, self, spaces[i].ask, 0);
		if (fd >= 0)
			fd = host->kept[i] = fd_lift((int)fd, TASK_FDS_KEPT);
	}
	fd_close(&self);
	return fd < 0 ? (int)fd : 0;
}

/* 0 if HOLDS, what the call said otherwise. */
CHILD static int judge(bool holds, long answer)
{
	return holds ? 0 : answer < 0 ? (int)answer : -EBADE;
}

/* A call that has to fail, and how. */
CHILD static int must_fail(long answer, int error)
{
	return judge(answer == -error, answer);
}

CHILD static int differs(long self, int i, ino_t from)
{
	ino_t number = from;
	long r = space(self, i, &number);

	return judge(number != from, r);
}

#define ASK(probe, layer, call) do { \
	int answer_ = ((probe)->wanted >> (layer) & 1) ? (call) : 1; \
	if (answer_ < 0) { \
		(probe)->failed = (layer); \
		return answer_; \
	} \
	if (answer_ == 0) \
		(probe)->proven |= UINT32_C(1) << (layer); \
} while (0)

CHILD static int ask_spaces(struct probe *probe, long self)
{
	for (int i = 0; i < PROBE_SPACES; i++)
		ASK(probe, spaces[i].layer,
		    differs(self, i, probe->host->spaces[i]));
	ASK(probe, LAYER_PID_NS, judge(RAW(SYS_getpid) == 1, 0));
	return 0;
}

/* Its descriptors are the launcher's still: none is left behind. */
CHILD int probe_spaces(struct probe *probe)
{
	long self, closed;
	int r;

	if (probe->wanted == 0 || !probe->host->by_pidfd)
		return ask_spaces(probe, -1);
	self = open_self();
	if (self < 0)
		return (int)self;
	r = ask_spaces(probe, self);
	closed = RAW(SYS_close, self);
	return r < 0 ? r : (int)closed;
}

CHILD int probe_group(struct probe *probe)
{
	ASK(probe, LAYER_CGROUP, cgroup_probe(probe->group));
	return 0;
}

/* ---- before the filter ---- */

CHILD static int root(const struct probe_host *host)
{
	struct stat st;
	long r = RAW(SYS_newfstatat, AT_FDCWD, "/", &st, 0);

	return judge(r == 0 && (st.st_dev != host->root_dev
				|| st.st_ino != host->root_ino), r);
}

CHILD static int mounts(void)
{
	struct stat st;

	return must_fail(RAW(SYS_newfstatat, AT_FDCWD, spaces[0].path, &st, 0),
			 ENOENT);
}

CHILD static int uid(uid_t uid)
{
	uid_t u[3];
	gid_t g[3];
	long r;

	r = RAW(SYS_getresuid, &u[0], &u[1], &u[2]);
	if (r == 0)
		r = RAW(SYS_getresgid, &g[0], &g[1], &g[2]);
	if (r < 0)
		return (int)r;
	for (int i = 0; i < 3; i++)
		if (u[i] != uid || g[i] != uid)
			return -EBADE;
	r = RAW(SYS_getgroups, 0, 0);
	return judge(r == 0, r);
}

CHILD static int no_new_privs(void)
{
	long r = RAW(SYS_prctl, PR_GET_NO_NEW_PRIVS);

	return judge(r == 1, r);
}

/* Its root is read by nobody; without Landlock, by everybody. */
CHILD static int landlock(void)
{
	return must_fail(RAW(SYS_openat, AT_FDCWD, "/",
			     O_RDONLY | O_DIRECTORY | O_CLOEXEC), EACCES);
}

CHILD static int keyring(long of_host)
{
	long r = RAW(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
		     KEY_SPEC_SESSION_KEYRING);

	return judge(r > 0 && r != of_host, r);
}

/* Of the memory that it has now; exec hands it on. */
CHILD static int writable_code(void)
{
	long r = RAW(SYS_prctl, PR_GET_MDWE);

	return judge(r > 0 && r & PR_MDWE_REFUSE_EXEC_GAIN, r);
}

/* Linux dumps no process whose executable it may not read. */
CHILD static int dump(int executable)
{
	return must_fail(RAW(SYS_faccessat2, executable, "", R_OK,
			     AT_EMPTY_PATH), EACCES);
}

CHILD int probe_state(struct probe *probe)
{
	ASK(probe, LAYER_MOUNT_NS, mounts());
	ASK(probe, LAYER_ROOT, root(probe->host));
	ASK(probe, LAYER_UID, uid(probe->uid));
	ASK(probe, LAYER_CAPS, caps_probe());
	ASK(probe, LAYER_NO_NEW_PRIVS, no_new_privs());
	ASK(probe, LAYER_LANDLOCK, landlock());
	ASK(probe, LAYER_RLIMITS, limits_probe(probe->limits));
	ASK(probe, LAYER_KEYRING, keyring(probe->host->keyring));
	if (probe->no_code < 0)
		ASK(probe, LAYER_MDWE, writable_code());
	ASK(probe, LAYER_NO_DUMP, dump(probe->executable));
	return 0;
}

/* ---- under it ---- */

/* Without the filter these calls fail of the address: EFAULT, EINVAL. */
CHILD int probe_filter(struct probe *probe)
{
	if (probe->refused >= 0)
		ASK(probe, LAYER_SECCOMP,
		    must_fail(RAW(probe->refused), EPERM));
	/* Of no memory: without the filter it succeeds. */
	if (probe->no_code >= 0)
		ASK(probe, LAYER_MDWE,
		    must_fail(RAW(probe->no_code, 0, 0, PROT_EXEC), EACCES));
	return 0;
}
