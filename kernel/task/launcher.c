/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "launcher.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "launcher_request.h"
#include "say.h"

#define STOP_MORE_MS	3000	/* after the grace, for the mediator itself */
#define LEAVE_MS	3000	/* for the mediator to end after MONITOR_DONE */
#define LOST_MS		300	/* for one that is to end anyhow */
#define SEND_TIMEOUT_S	5	/* a mediator that does not read is a dead one */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Ends the loop; the first reason stands. */
static void end(struct launcher *launcher, enum dkd_exit exit)
{
	if (launcher->over)
		return;
	launcher->over = true;
	launcher->exit = exit;
}

static void send_to_mediator(struct launcher *launcher,
			     const struct monitor_message *message)
{
	ssize_t n;

	if (launcher->over)
		return;
	do {
		n = send(launcher->monitor_fd, message, sizeof(*message),
			 MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	if (n == (ssize_t)sizeof(*message) || errno == EPIPE
	    || errno == ECONNRESET)
		return;		/* gone: but its last words may wait for us */
	if (errno == EAGAIN)
		say("the kernel process does not read: everything is ended");
	end(launcher, DKD_MEDIATOR);
}

/* ---- requests of the mediator ---- */

static void say_failure(const struct task *task,
			const struct spawn_failure *failure)
{
	if (failure->step == STEP_PROBE)
		say("%s cannot be started: its layer %s does not hold: %s",
		    task->name, confine_layer_name(failure->layer),
		    failure->error == EBADE ? "a probe found it open"
		    : strerror(failure->error));
	else
		say("%s cannot be started: %s: %s", task->name,
		    confine_step_name(failure->step), strerror(failure->error));
}

static void start_task(struct launcher *launcher,
		       const struct request *request)
{
	const struct monitor_message *ask = &request->message;
	struct task *task = &launcher->solution->tasks[ask->task];
	struct spawn_failure failure = { .step = STEP_NONE };
	struct spawn_held held;
	struct monitor_message answer = {
		.task = ask->task, .sid = ask->sid, .uid = task->uid,
		.landlock = launcher->machine->landlock_abi,
		.n_syscalls = task->n_syscalls, .syscall = -1,
	};

	task->syscall = -1;
	task->sid = ask->sid;
	if (spawn(&launcher->spawner, task, request->fds, &held,
		  &failure) == 0) {
		answer.code = MONITOR_STARTED;
		answer.layers = held.layers | task->layers;
		answer.proven = held.proven;
		answer.tried = held.tried;
		answer.probed = (uint32_t)time(NULL);
		answer.pid = task->pid;
	} else {
		say_failure(task, &failure);
		answer.code = MONITOR_FAILED;
		if (failure.step == STEP_PROBE)
			answer.layers = UINT32_C(1) << failure.layer;
		answer.value = failure.error;
		answer.step = failure.step;
	}
	send_to_mediator(launcher, &answer);
}

static void kill_task(struct task *task)
{
	if (task->pid <= 0)
		return;
	syscall(SYS_pidfd_send_signal, task->pidfd, SIGKILL, NULL, 0);
	cgroup_kill(&task->group);
}

static bool known_exit(int value)
{
	switch ((enum dkd_exit)value) {
	case DKD_OK: case DKD_PROGRAM: case DKD_USAGE: case DKD_IMAGE:
	case DKD_MISSING: case DKD_UNRUNNABLE: case DKD_REFUSED:
	case DKD_CONFINE: case DKD_MEDIATOR: case DKD_DIED: case DKD_MACHINE:
	case DKD_INTERRUPTED:
		return true;
	}
	return false;
}

static void end_as_told(struct launcher *launcher, int value)
{
	if (!known_exit(value))
		say("the kernel process ends with an unknown status, %d", value);
	end(launcher, known_exit(value) ? (enum dkd_exit)value : DKD_MEDIATOR);
}

static void act(struct launcher *launcher, const struct request *request)
{
	const struct monitor_message *message = &request->message;

	switch (message->code) {
	case MONITOR_READY:
		if (message->value == DKD_OK)
			launcher->ready = true;
		else
			end_as_told(launcher, message->value);
		break;
	case MONITOR_START:
		start_task(launcher, request);
		break;
	case MONITOR_KILL:
		kill_task(&launcher->solution->tasks[message->task]);
		break;
	case MONITOR_DONE:
		end_as_told(launcher, message->value);
		break;
	}
}

static void lose_mediator(struct launcher *launcher)
{
	if (!launcher->over)
		launcher->lost = true;
	end(launcher, DKD_MEDIATOR);
}

/* Serves one request. False when there is none now, or never again. */
static bool serve_mediator(struct launcher *launcher)
{
	struct request request;
	const char *fault = NULL;

	switch (request_receive(&request, launcher->monitor_fd)) {
	case REQUEST_NONE:
		return false;
	case REQUEST_EOF:
		lose_mediator(launcher);
		return false;
	case REQUEST_MALFORMED:
		fault = "it is malformed";
		break;
	case REQUEST_RECEIVED:
		fault = request_judge(&request, launcher->solution,
				      launcher->ready);
		break;
	}
	if (fault) {
		say("the kernel process asks what it may not (%s): everything "
		    "is ended", fault);
		end(launcher, DKD_MEDIATOR);
	} else {
		act(launcher, &request);
	}
	request_close(&request);
	return !launcher->over;
}

/* ---- programs ---- */

/*
 * A program made a call that is not on its list, and waits in it. There is no
 * answer but the end; what the kernel recorded is only read to name the call.
 */
static void serve_listener(struct task *task, short events)
{
	struct {
		struct seccomp_notif notification;
		char room[256];	/* of a kernel whose struct has grown */
	} call;

	memset(&call, 0, sizeof(call));
	if ((events & POLLIN)
	    && ioctl(task->listener, SECCOMP_IOCTL_NOTIF_RECV, &call) == 0) {
		if (task->syscall < 0)
			task->syscall = call.notification.data.nr;
		kill_task(task);
		return;
	}
	if (events & (POLLHUP | POLLERR | POLLNVAL)) {
		close(task->listener);
		task->listener = -1;
	}
}

static void task_ended(struct launcher *launcher, struct task *task, int status)
{
	struct monitor_message message = {
		.code = MONITOR_EXITED, .task = task->index, .sid = task->sid,
		.pid = task->pid, .uid = task->uid, .value = status,
		.syscall = task->syscall,
	};

	close(task->pidfd);
	if (task->listener >= 0)
		close(task->listener);
	if (cgroup_end(&task->group))
		say("%s used up the memory of its sandbox: Linux ended it",
		    task->name);
	task->pid = 0;
	task->pidfd = -1;
	task->listener = -1;
	send_to_mediator(launcher, &message);
}

static void reap(struct launcher *launcher)
{
	struct solution *solution = launcher->solution;
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == launcher->mediator) {
			launcher->mediator = 0;
			launcher->mediator_status = status;
			continue;
		}
		for (uint32_t i = 0; i < solution->n_tasks; i++)
			if (solution->tasks[i].pid == pid)
				task_ended(launcher, &solution->tasks[i],
					   status);
	}
	if (launcher->mediator == 0) {
		while (serve_mediator(launcher))
			;	/* its last words */
		lose_mediator(launcher);
	}
}

/* ---- signals and time ---- */

static void ask_to_stop(struct launcher *launcher, int number)
{
	struct monitor_message message = {
		.code = MONITOR_STOP, .value = number, .syscall = -1,
	};

	if (launcher->stop_signal) {	/* asked twice: no more patience */
		end(launcher, number == SIGINT ? DKD_INTERRUPTED : DKD_OK);
		return;
	}
	launcher->stop_signal = number;
	launcher->stop_deadline_ms = now_ms() + launcher->options->grace_ms
		+ STOP_MORE_MS;
	send_to_mediator(launcher, &message);
}

static void serve_signals(struct launcher *launcher)
{
	struct signalfd_siginfo info;

	while (read(launcher->signal_fd, &info, sizeof(info))
	       == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap(launcher);
		else if (info.ssi_signo != SIGPIPE)
			ask_to_stop(launcher, (int)info.ssi_signo);
	}
}

static int poll_timeout(struct launcher *launcher)
{
	int64_t left;

	if (!launcher->stop_signal)
		return -1;
	left = launcher->stop_deadline_ms - now_ms();
	if (left > 0)
		return (int)left;
	say("not everything stopped in time: it is ended");
	end(launcher, launcher->stop_signal == SIGINT ? DKD_INTERRUPTED
	    : DKD_MEDIATOR);
	return 0;
}

/* ---- the loop ---- */

static void turn(struct launcher *launcher, struct pollfd *fds)
{
	struct solution *solution = launcher->solution;
	int timeout = poll_timeout(launcher);

	if (launcher->over)
		return;
	fds[0] = (struct pollfd){ launcher->signal_fd, POLLIN, 0 };
	fds[1] = (struct pollfd){ launcher->monitor_fd, POLLIN, 0 };
	for (uint32_t i = 0; i < solution->n_tasks; i++)	/* -1: skipped */
		fds[2 + i] = (struct pollfd){ solution->tasks[i].listener,
					      POLLIN, 0 };
	if (poll(fds, 2 + (nfds_t)solution->n_tasks, timeout) < 0) {
		if (errno == EINTR)
			return;
		say("waiting failed: %s", strerror(errno));
		end(launcher, DKD_MACHINE);
		return;
	}
	for (uint32_t i = 0; i < solution->n_tasks; i++)
		if (fds[2 + i].revents && solution->tasks[i].listener >= 0)
			serve_listener(&solution->tasks[i], fds[2 + i].revents);
	if (fds[0].revents)
		serve_signals(launcher);
	if (fds[1].revents && !launcher->over)
		serve_mediator(launcher);
}

/* Kills what is left and waits for it: nothing outlives the daemon. */
static void end_programs(struct launcher *launcher)
{
	struct solution *solution = launcher->solution;

	for (uint32_t i = 0; i < solution->n_tasks; i++)
		kill_task(&solution->tasks[i]);
	for (uint32_t i = 0; i < solution->n_tasks; i++) {
		struct task *task = &solution->tasks[i];
		int status = 0;

		if (task->pid <= 0)
			continue;
		while (waitpid(task->pid, &status, 0) < 0 && errno == EINTR)
			;
		task_ended(launcher, task, status);
	}
}

/* A mediator that says it is done writes its last lines; others get no time. */
static void end_mediator(struct launcher *launcher)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000000L };
	int64_t deadline = now_ms()
		+ (launcher->exit == DKD_MEDIATOR ? LOST_MS : LEAVE_MS);

	shutdown(launcher->monitor_fd, SHUT_WR);
	while (launcher->mediator > 0) {
		int status;
		pid_t pid = waitpid(launcher->mediator, &status, WNOHANG);

		if (pid == launcher->mediator) {
			launcher->mediator_status = status;
			launcher->mediator = 0;
		} else if (pid < 0 && errno != EINTR) {
			launcher->mediator = 0;
		} else if (now_ms() >= deadline) {
			kill(launcher->mediator, SIGKILL);
			nanosleep(&pause, NULL);
		} else {
			nanosleep(&pause, NULL);
		}
	}
}

/* It could not even begin, and said why: its own status tells more. */
static enum dkd_exit mediator_exit(const struct launcher *launcher)
{
	int status = launcher->mediator_status;

	if (!launcher->ready && WIFEXITED(status)) {
		switch (WEXITSTATUS(status)) {
		case DKD_IMAGE: case DKD_CONFINE: case DKD_MACHINE:
			return (enum dkd_exit)WEXITSTATUS(status);
		}
	}
	if (WIFSIGNALED(status))
		say("the kernel process ended unasked, by signal %d (%s)",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		say("the kernel process ended unasked, with status %d",
		    WEXITSTATUS(status));
	return DKD_MEDIATOR;
}

enum dkd_exit launcher_run(struct launcher *launcher, pid_t mediator,
			   int monitor_fd)
{
	size_t n = 2 + (size_t)launcher->solution->n_tasks;
	const struct timeval patience = { .tv_sec = SEND_TIMEOUT_S };
	struct pollfd *fds = calloc(n, sizeof(*fds));
	int r;

	launcher->mediator = mediator;
	launcher->monitor_fd = monitor_fd;
	if (!fds || setsockopt(monitor_fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
			       sizeof(patience)) < 0)
		end(launcher, DKD_MACHINE);
	/* The mediator was the last that is to have capabilities. */
	r = spawner_init(&launcher->spawner, launcher->machine);
	if (r < 0) {
		say("the launcher cannot begin: %s", strerror(-r));
		end(launcher, DKD_MACHINE);
	}
	while (!launcher->over)
		turn(launcher, fds);
	free(fds);
	end_programs(launcher);
	spawner_deinit(&launcher->spawner);
	end_mediator(launcher);
	return launcher->lost ? mediator_exit(launcher) : launcher->exit;
}

int launcher_init(struct launcher *launcher, const struct options *options,
		  struct solution *solution, const struct machine *machine)
{
	sigset_t set;

	*launcher = (struct launcher){
		.options = options, .solution = solution, .machine = machine,
		.signal_fd = -1, .monitor_fd = -1, .exit = DKD_MACHINE,
	};
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGPIPE);	/* a reader of our lines that is gone */
	if (sigprocmask(SIG_SETMASK, &set, NULL) < 0)
		return -errno;
	launcher->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return launcher->signal_fd < 0 ? -errno : 0;
}

void launcher_deinit(struct launcher *launcher)
{
	if (launcher->signal_fd >= 0)
		close(launcher->signal_fd);
	launcher->signal_fd = -1;
}
