/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "program_report.h"

#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "judge.h"

static const char *class_name(struct mediator *m, const struct task *task)
{
	return image_string(m->image, task->class->name);
}

void report_started(struct mediator *m, const struct task *task,
		    const struct monitor_message *message)
{
	char buffer[LIMIT_LINE];
	struct text text;
	bool any = false;

	text_init(&text, buffer, sizeof(buffer));
	for (uint32_t layer = 0; layer < LAYER_N; layer++) {
		if (!(message->layers >> layer & 1))
			continue;
		text_add(&text, "%s%s", any ? ", " : "",
			 confine_layer_name((enum confine_layer)layer));
		if (layer == LAYER_LANDLOCK)
			text_add(&text, " %u", message->landlock);
		if (layer == LAYER_SECCOMP)
			text_add(&text, " (%u system calls)",
				 message->n_syscalls);
		any = true;
	}
	log_say(&m->log, "started %s (%s, sid %u), pid %d, uid %u; confined by "
		"%s", task->name, class_name(m, task), task->sid,
		(int)message->pid, message->uid, any ? buffer : "NOTHING");
}

void report_failed(struct mediator *m, const struct task *task,
		   const struct monitor_message *message)
{
	log_say(&m->log, "FAILED to start %s (%s, sid %u) at %s: %s",
		task->name, class_name(m, task), task->sid,
		message->step < STEP_N ?
		confine_step_name((enum confine_step)message->step) : "?",
		strerror(message->value));
}

static void report_syscall(struct mediator *m, struct task *task, int number)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
	char why[96];

	snprintf(why, sizeof(why), "forbidden system call %s (%d)",
		 name ? name : "without a name", number);
	free(name);
	judge_note(m, task, AUDIT_KILLED, DK_SECURITY_DISALLOW, why);
}

void report_ended(struct mediator *m, struct task *task,
		  const struct monitor_message *message)
{
	char how[160];
	int status = message->value;

	if (message->syscall >= 0)
		report_syscall(m, task, message->syscall);
	if (WIFSIGNALED(status))
		snprintf(how, sizeof(how), "killed by SIG%s%s%s",
			 sigabbrev_np(WTERMSIG(status)) ?
			 sigabbrev_np(WTERMSIG(status)) : "?",
			 WTERMSIG(status) == SIGSEGV ? " (process 1 of a "
			 "namespace: abort() shows as this too)" : "",
			 task->killed ? ", by the daemon" : "");
	else
		snprintf(how, sizeof(how), "status %d", WEXITSTATUS(status));
	audit_summarise(&m->audit, &task->audit, task->name);
	log_say(&m->log, "ended %s (%s, sid %u): %s", task->name,
		class_name(m, task), task->sid, how);
}

void report_charges(struct mediator *m, const struct task *task)
{
	if (task->n_calls || task->n_channels || task->n_listeners ||
	    task->n_connects || task->n_listens)
		log_say(&m->log, "BUG: %s has gone and is still charged: %u "
			"calls, %u channels, %u listeners, %u connects, %u "
			"listens", task->name, task->n_calls, task->n_channels,
			task->n_listeners, task->n_connects, task->n_listens);
}

bool report_all_charges(struct mediator *m)
{
	uint32_t cookies = 0;

	for (uint32_t i = 0; i < COOKIE_BUCKETS; i++)
		cookies += !list_empty(&m->cookies[i]);
	if (m->n_calls || m->n_channels || m->n_listeners || m->n_waiters ||
	    cookies) {
		log_say(&m->log, "BUG: all have gone and still there are %u "
			"calls, %u channels, %u listeners, %u waiters, %u "
			"sockets", m->n_calls, m->n_channels, m->n_listeners,
			m->n_waiters, cookies);
		return false;
	}
	return true;
}
