/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine_caps.h"
#include "confine_landlock.h"
#include "confine_userns.h"
#include "linux.h"
#include "say.h"

#define HOST_NAME "dk"
#define BIT(layer) (UINT32_C(1) << (layer))

/* A failure to set these up is fatal on every kernel. */
#define LAYERS_ALWAYS \
	(BIT(LAYER_PID_NS) | BIT(LAYER_MOUNT_NS) | BIT(LAYER_NET_NS) \
	 | BIT(LAYER_IPC_NS) | BIT(LAYER_UTS_NS) | BIT(LAYER_CGROUP_NS) \
	 | BIT(LAYER_ROOT) | BIT(LAYER_UID) | BIT(LAYER_CAPS) \
	 | BIT(LAYER_NO_NEW_PRIVS) | BIT(LAYER_SECCOMP) | BIT(LAYER_RLIMITS) \
	 | BIT(LAYER_KEYRING) | BIT(LAYER_MDWE) | BIT(LAYER_EXEC_ONCE))

static enum dkd_exit cannot(enum dkd_exit exit, const char *what)
{
	say("%s: %s", what, strerror(errno));
	return exit;
}

static int fill_standard_fds(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	return fd < 0 ? -1 : close(fd);
}

/* By raw calls: libc keeps 32 and 33 to itself, and make ignores them. */
static void forget_signals(void)
{
	struct { void *handler; unsigned long flags; void *restorer;
		 uint64_t mask; } standard = { 0 };

	for (int number = 1; number <= 64; number++)	/* not KILL and STOP */
		syscall(SYS_rt_sigaction, number, &standard, NULL,
			sizeof(standard.mask));
}

static int raise_nofile(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return -1;
	limit.rlim_cur = limit.rlim_max;
	return setrlimit(RLIMIT_NOFILE, &limit);
}

/*
 * 0: a process that must not be read leaves no core either. Else an unreadable
 * executable's core goes to root, or to everybody.
 */
static bool dumps_are_off(void)
{
	char digit = '?';
	int fd = open("/proc/sys/fs/suid_dumpable", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (read(fd, &digit, 1) != 1)
			digit = '?';
		close(fd);
	}
	return digit == '0';
}

static enum dkd_exit refuse_writable_code(struct machine *machine)
{
	machine->mdwe = prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0)
		== 0;
	if (machine->mdwe || (errno == EINVAL && !linux_at_least(6, 3)))
		return DKD_OK;
	return cannot(DKD_CONFINE, "memory that is writable and executable "
		      "cannot be forbidden");
}

static enum dkd_exit forbid_dumps(void)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return cannot(DKD_CONFINE, "dumps cannot be forbidden");
	return DKD_OK;
}

enum dkd_exit machine_init(struct machine *machine)
{
	int abi, r;

	*machine = (struct machine){ .layers = LAYERS_ALWAYS };
	if (rootless())
		machine->layers &= ~BIT(LAYER_UID);
	if (fill_standard_fds() < 0)
		return DKD_MACHINE;
	r = probe_host_init(&machine->host);
	if (r < 0) {
		errno = -r;
		return cannot(DKD_CONFINE, "what programs must not see cannot "
			      "be read in /proc");
	}
	forget_signals();
	umask(022);
	if (clearenv() != 0)
		return cannot(DKD_MACHINE, "the environment cannot be cleared");
	if (raise_nofile() < 0)
		return cannot(DKD_MACHINE, "limit on descriptors");
	/* Without root it is what lets us fill in our own user namespaces. */
	if (!rootless() && forbid_dumps() != DKD_OK)
		return DKD_CONFINE;
	abi = landlock_abi();
	if (abi < 0) {
		errno = -abi;
		return cannot(DKD_CONFINE, "Landlock does not answer");
	}
	machine->landlock_abi = (unsigned)abi;
	if (abi > 0)
		machine->layers |= BIT(LAYER_LANDLOCK);
	if (dumps_are_off())
		machine->layers |= BIT(LAYER_NO_DUMP);
	return refuse_writable_code(machine);
}

enum dkd_exit machine_enter(void)
{
	int r;

	if (!rootless())
		return DKD_OK;
	r = userns_enter();
	/* What Linux grants there may still be cut by other means. */
	if (r == 0 && unshare(CLONE_NEWNS) < 0)
		r = -errno;
	if (r == 0)
		return DKD_OK;
	userns_say_forbidden(-r);
	return DKD_CONFINE;
}

enum dkd_exit machine_close(struct machine *machine)
{
	int r;

	if (forbid_dumps() != DKD_OK)
		return DKD_CONFINE;
	if (chdir("/") < 0)
		return cannot(DKD_MACHINE, "/");
	/* The loopback device of a new network is down, and stays so. */
	if (unshare(CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS) < 0)
		return cannot(DKD_CONFINE, "empty net, ipc and uts namespaces "
			      "cannot be made");
	if (sethostname(HOST_NAME, strlen(HOST_NAME)) < 0)
		return cannot(DKD_CONFINE, "the host's name cannot be hidden");
	r = probe_host_left(&machine->host);
	if (r < 0) {
		errno = -r;
		return cannot(DKD_CONFINE, "the namespaces of programs cannot "
			      "be asked for");
	}
	r = caps_keep_launcher();
	if (r < 0) {
		errno = -r;
		return cannot(DKD_CONFINE, "capabilities cannot be dropped, or "
			      "are missing: dkd needs root with all of them");
	}
	return DKD_OK;
}
