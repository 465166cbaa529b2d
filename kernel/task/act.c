/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "act.h"

#include <seccomp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define X32_BIT		0x40000000L

bool act_is_listed(const struct image *image, const struct image_task *task,
		   long number)
{
	if (number == SYS_clone3 && task->threads > 1)
		return true;	/* which the filter answers: libc uses clone */
	for (uint32_t i = 0; i < task->syscalls.count; i++) {
		uint32_t name = image->lists[task->syscalls.first + i];

		if (seccomp_syscall_resolve_name(image_string(image, name))
		    == number)
			return true;
	}
	return false;
}

static enum act_end tell(enum act_end end, char *how, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static enum act_end tell(enum act_end end, char *how, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(how, ACT_HOW_SIZE, format, arguments);
	va_end(arguments);
	return end;
}

/* Linux itself looks at the low half of a number only. */
static enum act_end judge_asked(const struct act *act, int call, char *how)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, call);
	enum act_end end;

	if (call != (int)act->number)
		end = tell(ACT_UNKNOWN, how, "killed for another call: %s",
			   name ? name : "?");
	else if (name)
		end = tell(ACT_REFUSED, how, "killed: %s", name);
	else
		end = tell(ACT_REFUSED, how, "killed: call %d", call);
	free(name);
	return end;
}

/* The filter ends these without a question; Linux without i386 faults. */
static bool is_nameless(long number)
{
	return number < 0 || (number & 0xffffffffL) >= X32_BIT;
}

static enum act_end judge_signal(const struct act *act, int signal, char *how)
{
	bool refused = is_nameless(act->number)
		&& (signal == SIGSYS
		    || (signal == SIGSEGV && act->number == ACT_FOREIGN));

	return tell(refused ? ACT_REFUSED : ACT_UNKNOWN, how, "killed: SIG%s",
		    sigabbrev_np(signal));
}

static enum act_end judge_exit(bool listed, int status, char *how)
{
	const char *error = strerrorname_np(status);

	if (status == ACT_EXIT_DONE)
		return tell(ACT_SUCCEEDED, how, "nothing refused it");
	if (status == 0 || !error)
		return tell(ACT_UNKNOWN, how, "ended with status %d", status);
	if (!listed)
		return tell(ACT_LET_THROUGH, how, "the filter let it through: %s",
			    error);
	return tell(ACT_REFUSED, how, "%s: %s", error, strerror(status));
}

enum act_end act_judge(const struct act *act, bool listed, int call, int status,
		       char *how)
{
	if (call >= 0)
		return judge_asked(act, call, how);
	if (WIFSIGNALED(status))
		return judge_signal(act, WTERMSIG(status), how);
	if (WIFEXITED(status))
		return judge_exit(listed, WEXITSTATUS(status), how);
	return tell(ACT_UNKNOWN, how, "it has no end");
}
