/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "raw.h"

#define X32_BIT		0x40000000L
#define I386_GETPID	20
#define PATIENCE_MS	30000	/* of a machine that has much to do */

CHILD static void foreign(void)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"((long)I386_GETPID), "b"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
	(void)result;
}

CHILD void trial_commit(enum trial trial)
{
	if (trial == TRIAL_UNLISTED)
		RAW(SYS_ptrace, 0);
	else if (trial == TRIAL_FOREIGN)
		foreign();
	else if (trial == TRIAL_X32)
		RAW(X32_BIT | SYS_getpid);
	else if (trial == TRIAL_EXEC)	/* of nothing: the filter sees no file */
		RAW(SYS_execveat, -1, "", 0, 0, AT_EMPTY_PATH);
}

bool trial_await(int fd, int pidfd)
{
	struct pollfd wait[2] = { { fd, POLLIN, 0 }, { pidfd, POLLIN, 0 } };
	int r;

	do {
		r = poll(wait, 2, PATIENCE_MS);
	} while (r < 0 && errno == EINTR);
	return r > 0 && wait[0].revents & POLLIN;
}

int trial_call(int listener, int pidfd)
{
	struct {
		struct seccomp_notif notification;
		char room[256];	/* of a kernel whose struct has grown */
	} call;

	memset(&call, 0, sizeof(call));
	if (!trial_await(listener, pidfd)
	    || ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
		return -1;
	return call.notification.data.nr;
}

enum confine_layer trial_layer(enum trial trial)
{
	return trial == TRIAL_EXEC ? LAYER_EXEC_ONCE : LAYER_SECCOMP;
}

bool trial_holds(enum trial trial, int call, int status)
{
	int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	switch (trial) {
	case TRIAL_UNLISTED:
		return call == SYS_ptrace && signal == SIGKILL;
	case TRIAL_EXEC:
		return call == SYS_execveat && signal == SIGKILL;
	case TRIAL_X32:
		return call < 0 && signal == SIGSYS;
	case TRIAL_FOREIGN:	/* a Linux without i386 faults before it looks */
		return call < 0 && (signal == SIGSYS || signal == SIGSEGV);
	case TRIAL_NONE:
	case TRIALS:
		break;
	}
	return false;
}
