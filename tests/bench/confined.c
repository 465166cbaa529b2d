/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * confined pair IMAGE BIN: starts the image's two tasks with the launcher's own
 * code, all layers, and a socket pair between them where the mediator would be;
 * prints what the first prints.
 * confined relay IMAGE BIN: the same with a process between them that waits in
 * epoll and hands on each packet as it is: the least that any mediator does.
 * confined start IMAGE BIN N: starts the image's first task N times, one after
 * another, and waits for its end; prints "sample MEDIAN P99".
 * confined end IMAGE BIN N: the same, but of a task that says a line and stays:
 * from its SIGKILL to its end, when the last of its threads is gone.
 * confined foreign N COMMAND...: starts of another command.
 * confined memory COMMAND...: the most memory that it had, in KiB, twice.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../kernel/base/fd.h"
#include "../../kernel/task/machine.h"
#include "../../kernel/task/spawn.h"
#include "sample.h"

#define N_FDS 5			/* three pipes, the kernel's, the pair */
#define PATIENCE_MS 10000

static struct sample sample;
static struct machine machine;
static struct solution solution;
static struct spawner spawner;

static void must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "confined: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* As the daemon's main does. */
static void prepare(const char *image, const char *bin)
{
	struct options options = { .image = image, .bin = bin };

	must(machine_init(&machine) == DKD_OK, "machine");
	machine_say_missing(&machine);
	must(solution_init(&solution, &options, &machine) == DKD_OK, image);
	must(machine_close(&machine) == DKD_OK, "machine");
	must(spawner_init(&spawner, &machine) == 0, "spawner");
}

/* Descriptors 0 to 3 as the mediator makes them; *OUT reads 1 and 2. */
static void standard(int fds[N_FDS], int *out, int *kernel)
{
	uint64_t cookie;
	int read_end, write_end;

	must(fd_pipe(&fds[0], &write_end) == 0, "pipe");
	close(write_end);
	must(fd_pipe(&read_end, &fds[1]) == 0, "pipe");
	fds[2] = dup(fds[1]);
	must(fds[2] >= 0, "dup");
	*out = read_end;
	must(fd_pair(kernel, &fds[3], false, &cookie) == 0, "pair");
}

static void start(struct task *task, const int *fds)
{
	struct spawn_failure failure;
	struct spawn_held held;

	if (spawn(&spawner, task, fds, &held, &failure) == 0) {
		must(held.layers == machine.layers, "a layer is missing");
		return;
	}
	errno = failure.error;
	must(0, confine_step_name(failure.step));
}

static int end(struct task *task)
{
	int status = -1;

	while (waitpid(task->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(task->pidfd);
	close(task->listener);
	return status;
}

static int relay(int from)
{
	struct pollfd wait = { .fd = from, .events = POLLIN };
	char bytes[4096];
	ssize_t n;

	while (poll(&wait, 1, PATIENCE_MS) == 1) {
		n = read(from, bytes, sizeof(bytes));
		if (n <= 0)
			return 0;
		must(write(STDOUT_FILENO, bytes, (size_t)n) == n, "write");
	}
	return -1;
}

static void hand_on(int epoll, const int ends[2])
{
	static char bytes[70000];
	struct epoll_event events[2];
	int n = epoll_wait(epoll, events, 2, -1);

	for (int i = 0; i < n; i++) {
		uint32_t from = events[i].data.u32;
		ssize_t length = recv(ends[from], bytes, sizeof(bytes),
				      MSG_DONTWAIT);

		if (length <= 0)
			_exit(0);
		must(send(ends[1 - from], bytes, (size_t)length, MSG_NOSIGNAL)
		     == length, "relay");
	}
}

/* Between the tasks' ENDS[0] and ENDS[1]; its process. */
static pid_t relay_between(int *ends[2])
{
	struct epoll_event event = { .events = EPOLLIN };
	int mine[2], epoll;
	uint64_t cookie;
	pid_t pid;

	for (int i = 0; i < 2; i++)
		must(fd_pair(&mine[i], ends[i], false, &cookie) == 0, "pair");
	pid = fork();
	must(pid >= 0, "fork");
	if (pid == 0) {
		epoll = epoll_create1(EPOLL_CLOEXEC);
		must(epoll >= 0, "epoll");
		for (uint32_t i = 0; i < 2; i++) {
			event.data.u32 = i;
			must(epoll_ctl(epoll, EPOLL_CTL_ADD, mine[i], &event)
			     == 0, "epoll");
		}
		for (;;)
			hand_on(epoll, mine);
	}
	fd_close_all(mine, 2);
	return pid;
}

static int pair(bool relayed)
{
	int fds[2][N_FDS], out[2], kernel[2], status;
	uint64_t cookie;
	uint32_t client = 0, server = 1;
	pid_t relaying = -1;

	must(solution.n_tasks == 2, "two tasks are wanted");
	/* Servers come first. */
	if (solution.image.channels[0].client == 1) {
		client = 1;
		server = 0;
	}
	for (int i = 0; i < 2; i++)
		standard(fds[i], &out[i], &kernel[i]);
	if (relayed) {
		relaying = relay_between((int *[]){ &fds[0][4], &fds[1][4] });
	} else {
		must(fd_pair(&fds[0][4], &fds[1][4], false, &cookie) == 0,
		     "pair");
		must(fcntl(fds[0][4], F_SETFL, 0) == 0, "blocking");
	}
	start(&solution.tasks[server], fds[1]);
	start(&solution.tasks[client], fds[0]);
	for (int i = 0; i < 2; i++)
		fd_close_all(fds[i], N_FDS);
	if (relay(out[0]) < 0)
		kill(solution.tasks[client].pid, SIGKILL);
	status = end(&solution.tasks[client]);
	kill(solution.tasks[server].pid, SIGKILL);
	end(&solution.tasks[server]);
	if (relayed) {
		kill(relaying, SIGKILL);
		waitpid(relaying, NULL, 0);
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fprintf(stderr, "confined: the client ended with %#x\n",
			(unsigned)status);
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static int starts(uint32_t n)
{
	struct task *task = &solution.tasks[0];
	int fds[N_FDS] = { -1, -1, -1, -1, -1 }, out, kernel;

	must(task->n_fds == 4, "a task without channels is wanted");
	standard(fds, &out, &kernel);
	while (sample.i < n) {
		sample_begin(&sample);
		start(task, fds);
		must(end(task) == 0, "its end");
		sample_end(&sample);
	}
	sample_print(&sample);
	return 0;
}

static void await_line(int from)
{
	struct pollfd wait = { .fd = from, .events = POLLIN };
	char last = 0;

	while (last != '\n') {
		must(poll(&wait, 1, PATIENCE_MS) == 1, "its line");
		must(read(from, &last, 1) == 1, "its line");
	}
}

static int ends(uint32_t n)
{
	struct task *task = &solution.tasks[0];
	int fds[N_FDS] = { -1, -1, -1, -1, -1 }, out, kernel, status;

	must(task->n_fds == 4, "a task without channels is wanted");
	standard(fds, &out, &kernel);
	while (sample.i < n) {
		start(task, fds);
		await_line(out);
		sample_begin(&sample);
		kill(task->pid, SIGKILL);
		status = end(task);
		sample_end(&sample);
		must(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
		     "its end");
	}
	sample_print(&sample);
	return 0;
}

static int foreign(uint32_t n, char **argv)
{
	while (sample.i < n) {
		int status;
		pid_t pid;

		sample_begin(&sample);
		errno = posix_spawn(&pid, argv[0], NULL, NULL, argv, environ);
		must(errno == 0, argv[0]);
		must(waitpid(pid, &status, 0) == pid, argv[0]);
		sample_end(&sample);
		must(WIFEXITED(status) && WEXITSTATUS(status) == 0, argv[0]);
	}
	sample_print(&sample);
	return 0;
}

static int memory(char **argv)
{
	struct rusage used;
	int status;
	pid_t pid;

	errno = posix_spawn(&pid, argv[0], NULL, NULL, argv, environ);
	must(errno == 0, argv[0]);
	must(wait4(pid, &status, 0, &used) == pid, argv[0]);
	must(WIFEXITED(status) && WEXITSTATUS(status) == 0, argv[0]);
	printf("sample %ld %ld\n", used.ru_maxrss, used.ru_maxrss);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 2;

	if (argc == 4 && (strcmp(argv[1], "pair") == 0
			  || strcmp(argv[1], "relay") == 0)) {
		prepare(argv[2], argv[3]);
		failed = pair(argv[1][0] == 'r');
	} else if (argc == 5 && strcmp(argv[1], "start") == 0) {
		prepare(argv[2], argv[3]);
		failed = starts(sample_number(argv[4], SAMPLE_MAX));
	} else if (argc == 5 && strcmp(argv[1], "end") == 0) {
		prepare(argv[2], argv[3]);
		failed = ends(sample_number(argv[4], SAMPLE_MAX));
	} else if (argc >= 4 && strcmp(argv[1], "foreign") == 0) {
		return foreign(sample_number(argv[2], SAMPLE_MAX), argv + 3);
	} else if (argc >= 3 && strcmp(argv[1], "memory") == 0) {
		return memory(argv + 2);
	} else {
		fputs("usage: confined pair|relay IMAGE BIN | start IMAGE BIN N | "
		      "end IMAGE BIN N | foreign N COMMAND... | "
		      "memory COMMAND...\n", stderr);
		return failed;
	}
	spawner_deinit(&spawner);
	solution_deinit(&solution);
	return failed;
}
