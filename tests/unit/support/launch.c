/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch_probe.h"

#define PATIENCE_MS 20000

static void must(bool condition, const char *what)
{
	if (condition)
		return;
	perror(what);
	abort();
}

/* ---- the solution ---- */

static void compile_probe(const char *folder)
{
	char command[256];
	FILE *pipe_to;

	snprintf(command, sizeof(command), "cc -O1 -static -nostdlib "
		 "-ffreestanding -fno-stack-protector -fno-pie -no-pie -w "
		 "-x c -o %s/probe -", folder);
	pipe_to = popen(command, "w");
	must(pipe_to && fputs(launch_probe_source, pipe_to) >= 0
	     && pclose(pipe_to) == 0, "cc probe");
}

void fixture_init(struct fixture *fixture)
{
	memset(fixture, 0, sizeof(*fixture));
	strcpy(fixture->folder, "/tmp/dk-launch-XXXXXX");
	must(mkdtemp(fixture->folder) != NULL, "mkdtemp");
	must(chmod(fixture->folder, 0755) == 0, "chmod");
	umask(022);
	compile_probe(fixture->folder);
	snprintf(fixture->image, sizeof(fixture->image), "%s/test.dk",
		 fixture->folder);
	fixture->options = (struct options){
		.image = fixture->image, .grace_ms = 500,
	};
}

void fixture_deinit(struct fixture *fixture)
{
	char command[128];

	solution_deinit(&fixture->solution);
	snprintf(command, sizeof(command), "rm -rf -- %s", fixture->folder);
	must(system(command) == 0, "rm");
}

static struct image_list add_list(struct maker *maker, const char *const *texts,
				  size_t max)
{
	const char *all[64] = { NULL };
	size_t n = 0;

	while (n < max && texts[n]) {
		all[n] = texts[n];
		n++;
	}
	return maker_list(maker, all);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_task(struct maker *maker, const struct fixture_task *from,
		     uint32_t class_index)
{
	const char *calls[44] = { "exit_group", "write" };
	size_t n = 2;
	struct image_task task = {
		.name = maker_string(maker, from->name),
		.class_index = class_index,
		.path = maker_string(maker, from->path ? from->path : "probe"),
		.threads = from->threads ? from->threads : 1,
		.pids = from->pids, .profile = from->profile,
		.tmpfs = maker_string(maker, from->tmpfs_kib ? "scratch" : ""),
		.tmpfs_kib = from->tmpfs_kib, .line = 7,
		.preferred = from->preferred | TASK_NO_DUMP,
	};

	for (size_t i = 0; i < 40 && from->syscalls[i]; i++)
		calls[n++] = from->syscalls[i];
	qsort(calls, n, sizeof(calls[0]), by_name);
	task.args = add_list(maker, from->args, 12);
	task.env = add_list(maker, from->env, 4);
	task.read = add_list(maker, from->read, 4);
	task.write = add_list(maker, from->write, 4);
	task.syscalls = add_list(maker, calls, 44);
	maker_add(maker, SECTION_TASKS, &task, 1);
}

void fixture_image(struct fixture *fixture, const struct fixture_task *tasks,
		   uint32_t n, const uint32_t (*channels)[2],
		   uint32_t n_channels)
{
	struct maker maker;
	uint32_t class_index;
	size_t size;
	void *file;
	FILE *out;

	maker_init(&maker);
	maker_class(&maker, "kl.core.Core", IMAGE_NONE, 0, NULL, NULL);
	maker_class(&maker, "Einit", IMAGE_NONE, 0, NULL, NULL);
	class_index = maker_class(&maker, "test.Probe", IMAGE_NONE, 0, NULL,
				  NULL);
	maker_routes(&maker);
	for (uint32_t i = 0; i < n; i++)
		add_task(&maker, &tasks[i], class_index);
	for (uint32_t i = 0; i < n_channels; i++) {
		struct image_channel channel = {
			.name = maker_string(&maker, "channel"),
			.client = channels[i][0], .server = channels[i][1],
		};

		maker_add(&maker, SECTION_CHANNELS, &channel, 1);
	}
	file = maker_file(&maker, &size);
	out = fopen(fixture->image, "w");
	must(out && fwrite(file, 1, size, out) == size && fclose(out) == 0,
	     fixture->image);
	maker_free_file(file, size);
	maker_deinit(&maker);
}

enum dkd_exit fixture_load(struct fixture *fixture)
{
	enum dkd_exit exit = machine_init(&fixture->machine);

	fixture->solution.image_fd = -1;
	fixture->solution.uids.lock_fd = -1;
	if (exit != DKD_OK)
		return exit;
	setenv("PATH", "/usr/bin:/bin", 1);	/* for the test's own tools */
	return solution_init(&fixture->solution, &fixture->options,
			     &fixture->machine);
}

static pid_t fork_part(struct fixture *fixture, void (*part)(struct play *),
		       int *monitor_fd)
{
	int pair[2];
	pid_t pid;

	must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0,
	     "socketpair");
	pid = fork();
	must(pid >= 0, "fork");
	if (pid == 0) {
		struct play play = {
			.monitor_fd = pair[1], .solution = &fixture->solution,
		};

		close(pair[0]);
		part(&play);
		_exit(0);
	}
	close(pair[1]);
	*monitor_fd = pair[0];
	return pid;
}

static enum dkd_exit run_launcher(struct fixture *fixture,
				  void (*part)(struct play *))
{
	enum dkd_exit exit;
	int monitor_fd;
	pid_t pid;

	must(machine_close(&fixture->machine) == DKD_OK, "machine_close");
	must(launcher_init(&fixture->launcher, &fixture->options,
			   &fixture->solution, &fixture->machine) == 0,
	     "launcher_init");
	pid = fork_part(fixture, part, &monitor_fd);
	exit = launcher_run(&fixture->launcher, pid, monitor_fd);
	close(monitor_fd);
	launcher_deinit(&fixture->launcher);
	return exit;
}

pid_t fixture_fork(struct fixture *fixture, void (*part)(struct play *))
{
	pid_t pid = fork();

	must(pid >= 0, "fork");
	if (pid == 0)
		_exit(run_launcher(fixture, part));
	return pid;
}

enum dkd_exit fixture_wait(pid_t launcher)
{
	int status;

	must(waitpid(launcher, &status, 0) == launcher, "waitpid");
	return WIFEXITED(status) ? (enum dkd_exit)WEXITSTATUS(status)
		: DKD_MACHINE;
}

enum dkd_exit fixture_run(struct fixture *fixture, void (*part)(struct play *))
{
	return fixture_wait(fixture_fork(fixture, part));
}

enum dkd_exit fixture_one(const struct fixture_task *task,
			  void (*part)(struct play *))
{
	struct fixture fixture;
	enum dkd_exit exit;

	fixture_init(&fixture);
	fixture_image(&fixture, task, 1, NULL, 0);
	exit = fixture_load(&fixture);
	if (exit == DKD_OK)
		exit = fixture_run(&fixture, part);
	fixture_deinit(&fixture);
	return exit;
}

/* ---- the mediator's part ---- */

void play_wish(bool condition, const char *text, const char *file, int line)
{
	if (condition)
		return;
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, text);
	_exit(1);
}

static void wait_readable(int fd)
{
	struct pollfd one = { .fd = fd, .events = POLLIN };

	WISH(poll(&one, 1, PATIENCE_MS) == 1);
}

void play_send(struct play *play, uint32_t code, uint32_t task, int32_t value)
{
	struct monitor_message message = {
		.code = code, .task = task, .sid = 100 + task, .value = value,
	};

	WISH(send(play->monitor_fd, &message, sizeof(message), MSG_NOSIGNAL)
	     == (ssize_t)sizeof(message));
}

struct monitor_message play_expect(struct play *play, uint32_t code)
{
	struct monitor_message message;

	wait_readable(play->monitor_fd);
	WISH(recv(play->monitor_fd, &message, sizeof(message), 0)
	     == (ssize_t)sizeof(message));
	if (message.code != code)
		fprintf(stderr, "message %u of task %u, value %d, step %u\n",
			message.code, message.task, message.value,
			message.step);
	WISH(message.code == code);
	return message;
}

static void send_fds(struct play *play, const struct monitor_message *message,
		     const int *fds, uint32_t n)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(MONITOR_FDS_MAX
							 * sizeof(int))];
	struct iovec part = { (void *)(uintptr_t)message, sizeof(*message) };
	struct msghdr head = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = CMSG_SPACE(n * sizeof(int)),
	};
	struct cmsghdr *rights;

	memset(control, 0, sizeof(control));
	rights = CMSG_FIRSTHDR(&head);
	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(rights), fds, n * sizeof(int));
	WISH(sendmsg(play->monitor_fd, &head, MSG_NOSIGNAL)
	     == (ssize_t)sizeof(*message));
}

void play_ask_start(struct play *play, uint32_t task)
{
	uint32_t n = play->solution->tasks[task].n_fds;
	const struct monitor_message message = {
		.code = MONITOR_START, .task = task, .sid = 100 + task,
	};
	int fds[MONITOR_FDS_MAX], input[2], output[2], pair[2];

	WISH(pipe2(input, O_CLOEXEC) == 0 && pipe2(output, O_CLOEXEC) == 0);
	close(input[1]);
	fds[0] = input[0];
	fds[1] = output[1];
	fds[2] = dup(output[1]);
	for (uint32_t i = WIRE_KERNEL_FD; i < n; i++) {
		WISH(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)
		     == 0);
		fds[i] = pair[1];
		if (i == WIRE_KERNEL_FD)
			play->channel[task] = pair[0];
		else
			close(pair[0]);
	}
	play->out[task] = output[0];
	send_fds(play, &message, fds, n);
	for (uint32_t i = 0; i < n; i++)
		close(fds[i]);
}

struct monitor_message play_start(struct play *play, uint32_t task)
{
	struct monitor_message message;

	play_ask_start(play, task);
	message = play_expect(play, MONITOR_STARTED);
	WISH(message.task == task && message.sid == 100 + task
	     && message.pid > 0);
	return message;
}

static bool read_more(struct play *play, uint32_t task)
{
	size_t n = strlen(play->text);
	ssize_t got;

	wait_readable(play->out[task]);
	got = read(play->out[task], play->text + n, sizeof(play->text) - 1 - n);
	WISH(got >= 0);
	play->text[n + (size_t)got] = 0;
	return got > 0;
}

const char *play_read(struct play *play, uint32_t task)
{
	play->text[0] = 0;
	while (read_more(play, task))
		;
	return play->text;
}

void play_await(struct play *play, uint32_t task, const char *text)
{
	play->text[0] = 0;
	while (!strstr(play->text, text))
		WISH(read_more(play, task));
}

const char *play_status(struct play *play, pid_t pid, const char *key)
{
	char path[40], line[256];
	size_t n = strlen(key);
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	play->text[0] = 0;
	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, n) || line[n] != ':')
			continue;
		line[strcspn(line, "\n")] = 0;
		strcpy(play->text, line + n + 1 + strspn(line + n + 1, "\t "));
	}
	if (file)
		fclose(file);
	return play->text;
}
