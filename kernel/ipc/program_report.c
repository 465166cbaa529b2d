/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "program_report.h"

#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "judge.h"

static const char *class_name(struct mediator *m, const struct task *task)
{
	return image_string(m->image, task->class->name);
}

/* "task (class, sid 4)", the class left out where it is the task's name. */
static void add_task(struct mediator *m, struct text *text,
		     const struct task *task)
{
	const char *class = class_name(m, task);

	if (strcmp(class, task->name) == 0)
		text_add(text, "%s (sid %u)", task->name, task->sid);
	else
		text_add(text, "%s (%s, sid %u)", task->name, class, task->sid);
}

#define CGROUP (UINT32_C(1) << LAYER_CGROUP)

static void add_layers(struct text *text, uint32_t layers)
{
	bool any = false;

	for (uint32_t layer = 0; layer < LAYER_N; layer++) {
		if (!(layers >> layer & 1))
			continue;
		text_add(text, "%s%s", any ? ", " : "",
			 confine_layer_name((enum confine_layer)layer));
		any = true;
	}
}

void report_layers(struct mediator *m)
{
	char buffer[LIMIT_LINE];
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	add_layers(&text, ~CGROUP);
	log_say(&m->log, "a program is confined by %d layers: %s; and by %s, "
		"where its sandbox asks for it", LAYER_N - 1, buffer,
		confine_layer_name(LAYER_CGROUP));
}

void report_started(struct mediator *m, const struct task *task,
		    const struct monitor_message *message)
{
	bool cgroup = task_asks_cgroup(&m->image->tasks[task->index]);
	uint32_t all = ((UINT32_C(1) << LAYER_N) - 1) & ~(cgroup ? 0 : CGROUP);
	uint32_t missing = all & ~message->layers;
	char buffer[LIMIT_LINE];
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	text_add(&text, "started ");
	add_task(m, &text, task);
	text_add(&text, ", pid %d, uid %u; confined by ", (int)message->pid,
		 message->uid);
	if (!missing)
		text_add(&text, "all %d layers", __builtin_popcount(all));
	else
		text_add(&text, "%d of %d layers",
			 __builtin_popcount(all & ~missing),
			 __builtin_popcount(all));
	text_add(&text, "; Landlock %u, %u system calls", message->landlock,
		 message->n_syscalls);
	if (missing) {
		text_add(&text, "; WITHOUT ");
		add_layers(&text, missing);
	}
	log_say(&m->log, "%s", buffer);
}

void report_failed(struct mediator *m, const struct task *task,
		   const struct monitor_message *message)
{
	char buffer[LIMIT_LINE];
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	text_add(&text, "FAILED to start ");
	add_task(m, &text, task);
	text_add(&text, " at %s", message->step < STEP_N ?
		 confine_step_name((enum confine_step)message->step) : "?");
	if (message->step == STEP_PROBE) {
		text_add(&text, ": ");
		add_layers(&text, message->layers);
	}
	log_say(&m->log, "%s: %s", buffer, strerror(message->value));
}

/* Newer than the libseccomp of Debian 12 knows. */
static const struct { int number; const char *name; } newer_calls[] = {
	{ 335, "uretprobe" }, { 336, "uprobe" }, { 451, "cachestat" },
	{ 452, "fchmodat2" }, { 453, "map_shadow_stack" },
	{ 454, "futex_wake" }, { 455, "futex_wait" }, { 456, "futex_requeue" },
	{ 457, "statmount" }, { 458, "listmount" },
	{ 459, "lsm_get_self_attr" }, { 460, "lsm_set_self_attr" },
	{ 461, "lsm_list_modules" }, { 462, "mseal" }, { 463, "setxattrat" },
	{ 464, "getxattrat" }, { 465, "listxattrat" },
	{ 466, "removexattrat" }, { 467, "open_tree_attr" },
	{ 468, "file_getattr" }, { 469, "file_setattr" },
};

static const char *newer_call(int number)
{
	for (size_t i = 0; i < sizeof(newer_calls) / sizeof(*newer_calls); i++)
		if (newer_calls[i].number == number)
			return newer_calls[i].name;
	return "without a name";
}

/* What libc was asked for when it makes such a call: who is killed for it may
   have had an assertion fail, or lack a line in init.yaml. */
static const struct { int number; const char *means; } meanings[] = {
	{ SYS_rt_sigprocmask, ", as abort() makes" },
	{ SYS_gettid, ", as abort() makes" },
	{ SYS_rt_sigaction, ", as the first thread makes: sandbox: {threads: n}" },
	{ SYS_openat, ", as a file needs: sandbox of init.yaml" },
};

static const char *meaning(int number)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (meanings[i].number == number)
			return meanings[i].means;
	return "";
}

static void report_syscall(struct mediator *m, struct task *task, int number)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
	char why[128];

	snprintf(why, sizeof(why), "forbidden system call %s (%d)%s",
		 name ? name : newer_call(number), number, meaning(number));
	free(name);
	judge_note(m, task, AUDIT_KILLED, DK_SECURITY_DISALLOW, why);
}

void report_ended(struct mediator *m, struct task *task,
		  const struct monitor_message *message)
{
	char buffer[LIMIT_LINE], how[160];
	struct text text;
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
	text_init(&text, buffer, sizeof(buffer));
	add_task(m, &text, task);
	log_say(&m->log, "ended %s: %s", buffer, how);
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
