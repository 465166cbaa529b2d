/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * usage: fault tree|userns|trial|child CALL ERRNO COMMAND...
 *
 * Runs the daemon COMMAND and watches one process: "tree" is the one that makes
 * the first task's tree of mounts at load, "userns" the next one, which makes its user
 * namespace where root did not start the daemon, "trial" the first that tries what its
 * filter must end it for, "child" the one that becomes the first program, up to its
 * executable. Its call number CALL (from 1) is not made: it fails with ERRNO. CALL 0
 * spoils nothing. Give it one task: after a trial that failed, the first program
 * would be another task's. On descriptor 9:
 *	call N NUMBER A B C = RESULT	every call
 *	state ...			what the first program has when it runs
 *	ran | never			whether a program's executable was reached
 * A daemon whose program runs is ended there and then.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK \
		 | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE \
		 | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)

struct pids {
	pid_t of[256];
	size_t n;
};

struct watch {
	pid_t daemon;		/* 0: it has ended */
	pid_t mediator;		/* or 0: it is not there yet */
	pid_t program;		/* the first one's process, or 0 */
	pid_t watched;		/* whose calls are counted, or 0 */
	struct pids told;	/* processes that their parents told of */
	struct pids early;	/* those that stopped before that, and wait */
	bool of_tree, of_userns, of_trial;
	unsigned n_made;	/* processes, with CLONE_VFORK */
	bool inside;		/* a call is being made */
	bool spoilt;		/* that one is not */
	bool ran;
	long n;
	long spoil;
	long error;
	FILE *out;
};

static void die(const char *what)
{
	perror(what);
	exit(99);
}

static void enter(struct watch *watch, pid_t pid,
		  struct user_regs_struct *regs)
{
	watch->inside = true;
	watch->n++;
	fprintf(watch->out, "call %ld %lld %llx %llx %llx", watch->n,
		(long long)regs->orig_rax, regs->rdi, regs->rsi, regs->rdx);
	watch->spoilt = watch->n == watch->spoil;
	if (!watch->spoilt)
		return;
	/* Its filter is there by then, and kills for number -1: these fail of
	   a descriptor that is none. */
	if (regs->orig_rax == SYS_execveat || regs->orig_rax == SYS_sendmsg)
		regs->rdi = (unsigned long long)-1;
	else if (regs->orig_rax != SYS_sched_getaffinity)	/* refused anyhow */
		regs->orig_rax = (unsigned long long)-1;
	if (ptrace(PTRACE_SETREGS, pid, NULL, regs) < 0)
		die("setregs");
}

static void leave(struct watch *watch, pid_t pid,
		  struct user_regs_struct *regs)
{
	watch->inside = false;
	if (watch->spoilt) {
		regs->rax = (unsigned long long)-watch->error;
		if (ptrace(PTRACE_SETREGS, pid, NULL, regs) < 0)
			die("setregs");
	}
	fprintf(watch->out, " = %lld\n", (long long)regs->rax);
}

static void at_call(struct watch *watch, pid_t pid)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs) < 0)
		return;		/* killed meanwhile */
	if (watch->inside)
		leave(watch, pid, &regs);
	else
		enter(watch, pid, &regs);
}

/* What of a process shows how it is confined. */
static void print_state(const struct watch *watch)
{
	static const char *const lines[] = {
		"Groups:", "Cap", "NoNewPrivs:", "Seccomp", "NSpid:", "Umask:",
		"SigBlk:", "SigIgn:",
	};
	static const char *const spaces[] = {
		"cgroup", "ipc", "mnt", "net", "pid", "uts",
	};
	char path[64], line[256], mine[64], its[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)watch->program);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
			if (!strncmp(line, lines[i], strlen(lines[i])))
				fprintf(watch->out, "state %s", line);
	if (file)
		fclose(file);
	snprintf(path, sizeof(path), "/proc/%d/limits", (int)watch->program);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		fprintf(watch->out, "state %s", line);
	if (file)
		fclose(file);
	for (size_t i = 0; i < sizeof(spaces) / sizeof(*spaces); i++) {
		ssize_t n, m;

		snprintf(path, sizeof(path), "/proc/%d/ns/%s",
			 (int)watch->program, spaces[i]);
		n = readlink(path, its, sizeof(its));
		snprintf(path, sizeof(path), "/proc/self/ns/%s", spaces[i]);
		m = readlink(path, mine, sizeof(mine));
		fprintf(watch->out, "state %s %s\n", spaces[i],
			n > 0 && n == m && !memcmp(its, mine, (size_t)n) ?
			"ours" : "its own");
	}
}

/* How to go on with a process that stopped. */
static void go_on(const struct watch *watch, pid_t pid, int signal)
{
	ptrace(pid == watch->watched ? PTRACE_SYSCALL : PTRACE_CONT, pid, NULL,
	       (void *)(intptr_t)signal);
}

/* The daemon forks its mediator, then what tries a filter, and makes all others
   with CLONE_VFORK. */
static void of_daemon(struct watch *watch, int event, pid_t child)
{
	if (event == PTRACE_EVENT_FORK && !watch->mediator)
		watch->mediator = child;
	else if (event == PTRACE_EVENT_FORK && !watch->watched
		 && watch->of_trial)
		watch->watched = child;
	if (event != PTRACE_EVENT_VFORK)
		return;
	if (watch->mediator && !watch->program)
		watch->program = child;
	if (!watch->watched && !watch->of_trial
	    && (watch->of_tree || (watch->of_userns && watch->n_made == 1)
		|| child == watch->program))
		watch->watched = child;
	watch->n_made++;
}

static void add(struct pids *pids, pid_t pid)
{
	if (pids->n == sizeof(pids->of) / sizeof(pids->of[0])) {
		fputs("too many processes\n", stderr);
		exit(99);
	}
	pids->of[pids->n++] = pid;
}

/* Whether it was there. */
static bool take(struct pids *pids, pid_t pid)
{
	for (size_t i = 0; i < pids->n; i++)
		if (pids->of[i] == pid) {
			pids->of[i] = pids->of[--pids->n];
			return true;
		}
	return false;
}

/* A new process's first stop, and what its parent tells of it, come in any order:
   it goes on when both are here, and it is known what it is. Of the daemon's
   children nothing is told any more when that has ended. */
static bool is_early(struct watch *watch, pid_t pid, int event)
{
	if (event != PTRACE_EVENT_STOP || pid == watch->daemon || !watch->daemon
	    || take(&watch->told, pid))
		return false;
	add(&watch->early, pid);
	return true;
}

static void tell(struct watch *watch, pid_t parent, int event, pid_t child)
{
	if (event != PTRACE_EVENT_FORK && event != PTRACE_EVENT_VFORK
	    && event != PTRACE_EVENT_CLONE)
		return;
	if (parent == watch->daemon)
		of_daemon(watch, event, child);
	if (take(&watch->early, child))
		go_on(watch, child, 0);
	else
		add(&watch->told, child);
}

static void daemon_ended(struct watch *watch)
{
	watch->daemon = 0;
	while (watch->early.n > 0)
		go_on(watch, watch->early.of[--watch->early.n], 0);
}

static void at_event(struct watch *watch, pid_t pid, int event)
{
	unsigned long message = 0;

	if (is_early(watch, pid, event))
		return;
	ptrace(PTRACE_GETEVENTMSG, pid, NULL, &message);
	tell(watch, pid, event, (pid_t)message);
	if (event == PTRACE_EVENT_EXEC && pid == watch->program) {
		watch->ran = true;
		if (watch->inside)
			fputs(" = 0\n", watch->out);
		watch->watched = 0;
		print_state(watch);
		if (watch->daemon)
			kill(watch->daemon, SIGKILL);
	}
	go_on(watch, pid, 0);
}

/* A process's stop that is neither of ours nor an end: a signal to hand on. */
static void at_stop(struct watch *watch, pid_t pid, int status)
{
	int event = status >> 16, signal = WSTOPSIG(status);

	if (signal == (SIGTRAP | 0x80)) {
		if (pid == watch->watched)
			at_call(watch, pid);
		go_on(watch, pid, 0);
	} else if (event) {
		at_event(watch, pid, event);
	} else {
		go_on(watch, pid, signal);
	}
}

static void start(struct watch *watch, char **command)
{
	int status;

	watch->daemon = fork();
	if (watch->daemon < 0)
		die("fork");
	if (watch->daemon == 0) {
		raise(SIGSTOP);
		fcloseall();
		execv(command[0], command);
		_exit(98);
	}
	if (waitpid(watch->daemon, &status, WUNTRACED) < 0
	    || ptrace(PTRACE_SEIZE, watch->daemon, NULL, OPTIONS) < 0
	    || kill(watch->daemon, SIGCONT) < 0)
		die(command[0]);
}

/* Until none is left that we trace. The daemon's status, or -1. */
static int follow(struct watch *watch)
{
	int status, its = -1;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid < 0)
			continue;
		if (WIFSTOPPED(status))
			at_stop(watch, pid, status);
		else if (pid == watch->daemon) {
			its = status;
			daemon_ended(watch);
		}
	}
	return its;
}

int main(int argc, char **argv)
{
	struct watch watch = { 0 };
	int status;

	if (argc < 5) {
		fputs("usage: fault tree|userns|trial|child CALL ERRNO "
		      "COMMAND...\n",
		      stderr);
		return 2;
	}
	watch.of_tree = !strcmp(argv[1], "tree");
	watch.of_userns = !strcmp(argv[1], "userns");
	watch.of_trial = !strcmp(argv[1], "trial");
	watch.spoil = atol(argv[2]);
	watch.error = atol(argv[3]);
	watch.out = fdopen(9, "w");
	if (!watch.out)
		die("descriptor 9");
	start(&watch, argv + 4);
	status = follow(&watch);
	fprintf(watch.out, "%s\n", watch.ran ? "ran" : "never");
	fclose(watch.out);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}
