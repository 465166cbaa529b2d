/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A mediator that was taken over. It is linked with the real launcher in the
 * place of ours, is started and confined as ours, and is hostile from its first
 * instruction. The name of the image says what it tries: ATTACK.dk, where ATTACK
 * is a row of the table below or of apps/rogue/calls.c. What comes of each is
 * for mediator.sh to say; arguments of requests that the launcher must refuse
 * are in tests/unit/kernel_confine_launcher.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../apps/rogue/attacks.h"
#include "../../kernel/ipc/mediator.h"
#include "../../kernel/task/say.h"

#define FDS_N		5	/* of a program with one channel: ping's */
#define TOO_MANY	253	/* descriptors: the most that Linux takes */
#define FLOOD		100000

static int monitor = -1;
static pid_t launcher;		/* as the machine numbers it */

/* While there is a /proc, which knows it from inside a pid namespace too. */
static __attribute__((constructor)) void find_launcher(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[256];

	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "PPid: %d", &launcher) == 1)
			break;
	if (status)
		fclose(status);
}

/* ---- requests ---- */

/* SIZE zeroes with a request at their beginning, and N descriptors. */
static void ask(const struct monitor_message *message, size_t size,
		const int *fds, size_t n)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(TOO_MANY
							 * sizeof(int))];
	char bytes[4 * sizeof(*message)] = { 0 };
	struct iovec part = { bytes, size };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };

	memcpy(bytes, message, sizeof(*message));
	if (n > 0) {
		struct cmsghdr *head;

		memset(control, 0, sizeof(control));
		packet.msg_control = control;
		packet.msg_controllen = CMSG_SPACE(n * sizeof(int));
		head = CMSG_FIRSTHDR(&packet);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(head), fds, n * sizeof(int));
	}
	if (sendmsg(monitor, &packet, MSG_NOSIGNAL) < 0)
		say("not sent: %s", strerror(errno));
}

static void tell(uint32_t code, uint32_t task, int32_t value)
{
	const struct monitor_message message = {
		.code = code, .task = task, .value = value,
	};

	ask(&message, sizeof(message), NULL, 0);
}

/* The next message of the launcher; our end if it has nothing more to say. */
static struct monitor_message hear(void)
{
	struct monitor_message message;

	if (recv(monitor, &message, sizeof(message), 0)
	    != (ssize_t)sizeof(message))
		_exit(0);
	return message;
}

/* For requests that must end us: an answer is a defeat of the launcher. */
static int expect_the_end(const char *name)
{
	say("%s: SURVIVED with an answer, code %u", name, hear().code);
	return DKD_OK;
}

/* Descriptors as a start has them: they are new each time. */
static void good_fds(int *fds)
{
	int ends[2];

	for (int i = 0; i < FDS_N; i++) {
		if (i < WIRE_KERNEL_FD ? pipe2(ends, O_CLOEXEC) < 0
		    : socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				 ends) < 0) {
			say("no descriptors: %s", strerror(errno));
			_exit(0);
		}
		/* The other end is left open: the program is to wait. */
		fds[i] = i == 0 ? ends[0] : ends[1];
	}
}

static void ask_start(uint32_t sid, const int *fds, size_t n)
{
	const struct monitor_message message = {
		.code = MONITOR_START, .sid = sid,
	};

	ask(&message, sizeof(message), fds, n);
}

static int done(void)
{
	tell(MONITOR_DONE, 0, DKD_OK);
	return DKD_OK;
}

static int start_and_end(const char *name)
{
	struct monitor_message answer;
	int fds[FDS_N];

	good_fds(fds);
	tell(MONITOR_READY, 0, 0);
	ask_start(UINT32_MAX, fds, FDS_N);
	answer = hear();
	say("%s: code %u, sid %x, layers %x", name, answer.code, answer.sid,
	    answer.layers);
	return done();
}

static int too_long(const char *name)
{
	const struct monitor_message message = { .code = MONITOR_READY };

	ask(&message, sizeof(message) + 1, NULL, 0);
	return expect_the_end(name);
}

static int several_in_one(const char *name)
{
	const struct monitor_message message = { .code = MONITOR_READY };

	ask(&message, 3 * sizeof(message), NULL, 0);
	return expect_the_end(name);
}

static int descriptors_alone(const char *name)
{
	const struct monitor_message message = { .code = MONITOR_READY };

	ask(&message, 0, &monitor, 1);
	return expect_the_end(name);
}

static int too_many(const char *name)
{
	int fds[TOO_MANY];

	for (size_t i = 0; i < TOO_MANY; i++)
		fds[i] = monitor;
	tell(MONITOR_READY, 0, 0);
	ask_start(0, fds, TOO_MANY);
	return expect_the_end(name);
}

/* Not ready, with all that a start needs. */
static int start_too_early(const char *name)
{
	int fds[FDS_N];

	good_fds(fds);
	ask_start(0, fds, FDS_N);
	return expect_the_end(name);
}

/* What a mediator can lay hands on, in the place of the output's pipe. */
static int start_with(const char *name, int fd)
{
	int fds[FDS_N];

	good_fds(fds);
	fds[STDOUT_FILENO] = fd;
	tell(MONITOR_READY, 0, 0);
	ask_start(0, fds, FDS_N);
	return expect_the_end(name);
}

static int start_with_device(const char *name)
{
	return start_with(name, STDIN_FILENO);	/* /dev/null, the launcher's */
}

static int start_with_memory(const char *name)
{
	return start_with(name, memfd_create("x", 0));
}

static int start_with_monitor(const char *name)
{
	return start_with(name, monitor);
}

static int start_with_eventfd(const char *name)
{
	return start_with(name, eventfd(1, 0));
}

static int start_with_epoll(const char *name)
{
	return start_with(name, epoll_create1(0));
}

static int kill_flood(const char *name)
{
	tell(MONITOR_READY, 0, 0);
	for (int i = 0; i < FLOOD; i++)
		tell(MONITOR_KILL, (uint32_t)i % 2, 0);
	say("%s: sent", name);
	return done();
}

/* Starts as fast as their ends are heard of, each killed once more after it. */
static int start_flood(const char *name)
{
	tell(MONITOR_READY, 0, 0);
	for (uint32_t i = 0; i < 100; i++) {
		int fds[FDS_N];

		good_fds(fds);
		ask_start(i, fds, FDS_N);
		tell(MONITOR_KILL, 0, 0);
		while (hear().code == MONITOR_STARTED)
			;
		tell(MONITOR_KILL, 0, 0);
		syscall(SYS_close_range, monitor + 1, ~0u, 0);
	}
	say("%s: sent", name);
	return done();
}

/* Until it is ended, whatever it is told. */
_Noreturn static int endless_flood(const char *name)
{
	int fds[FDS_N];

	good_fds(fds);
	tell(MONITOR_READY, 0, 0);
	ask_start(0, fds, FDS_N);
	hear();
	say("%s: begins", name);
	for (;;)
		tell(MONITOR_KILL, 1, 0);
}

/* ---- system calls that its own list has ---- */

static int came(const char *name, long result)
{
	if (result < 0)
		say("%s: SURVIVED with errno %d", name, errno);
	else
		say("%s: SURVIVED with %ld", name, result);
	return DKD_OK;
}

static int signal_launcher(const char *name)
{
	return came(name, syscall(SYS_tgkill, launcher, launcher, SIGKILL));
}

static int signal_init(const char *name)
{
	return came(name, syscall(SYS_tgkill, 1, 1, SIGKILL));
}

static int limit_launcher(const char *name)
{
	const struct rlimit none = { 0, 0 };

	return came(name, prlimit(launcher, RLIMIT_CPU, &none, NULL));
}

static int raise_limit(const char *name)
{
	const struct rlimit many = { 4096, 4096 };

	return came(name, prlimit(0, RLIMIT_NPROC, &many, NULL));
}

/* A signal by way of a socket, which asks for no permission when it is set. */
static int signal_by_socket(const char *name)
{
	return came(name, fcntl(monitor, F_SETOWN, launcher));
}

static int open_memory(const char *name)
{
	return came(name, open("/proc/1/mem", O_RDWR));
}

static int open_root(const char *name)
{
	return came(name, open("/", O_PATH));
}

static int open_self(const char *name)
{
	return came(name, open("/proc/self/exe", O_RDONLY));
}

/* What a terminal on our error output would do for us. */
static int control_terminal(const char *name)
{
	return came(name, ioctl(STDERR_FILENO, TIOCSCTTY, 0));
}

static int type_into_terminal(const char *name)
{
	return came(name, ioctl(STDERR_FILENO, TIOCSTI, "x"));
}

/* The filter sees 64 bits, Linux 32. */
static int type_with_high_bits(const char *name)
{
	return came(name, syscall(SYS_ioctl, STDERR_FILENO,
				  TIOCSTI | UINT64_C(1) << 32, "x"));
}

static int paste_into_console(const char *name)
{
	return came(name, ioctl(STDERR_FILENO, TIOCLINUX, "\3"));
}

static int take_console(const char *name)
{
	return came(name, ioctl(STDERR_FILENO, TIOCCONS, 0));
}

/* A signal when something comes, without a word to whom. */
static int signal_by_ioctl(const char *name)
{
	return came(name, ioctl(monitor, FIOASYNC, &(int){ 1 }));
}

static int map_code(const char *name)
{
	return came(name, (long)mmap(NULL, 4096, PROT_READ | PROT_EXEC,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static int turn_to_code(const char *name)
{
	static _Alignas(4096) char page[4096];

	return came(name, mprotect(page, sizeof(page), PROT_READ | PROT_EXEC));
}

static int is_terminal(const char *name)
{
	say("%s: %d", name, isatty(STDERR_FILENO));
	return done();
}

static const struct {
	const char *name;
	int (*run)(const char *name);
} attacks[] = {
	{ "start_and_end", start_and_end },
	{ "too_long", too_long },
	{ "several_in_one", several_in_one },
	{ "descriptors_alone", descriptors_alone },
	{ "too_many_descriptors", too_many },
	{ "start_too_early", start_too_early },
	{ "start_with_device", start_with_device },
	{ "start_with_memory", start_with_memory },
	{ "start_with_monitor", start_with_monitor },
	{ "start_with_eventfd", start_with_eventfd },
	{ "start_with_epoll", start_with_epoll },
	{ "kill_flood", kill_flood },
	{ "start_flood", start_flood },
	{ "endless_flood", endless_flood },
	{ "signal_launcher", signal_launcher },
	{ "signal_init", signal_init },
	{ "limit_launcher", limit_launcher },
	{ "raise_limit", raise_limit },
	{ "signal_by_socket", signal_by_socket },
	{ "open_memory", open_memory },
	{ "open_root", open_root },
	{ "open_self", open_self },
	{ "control_terminal", control_terminal },
	{ "type_into_terminal", type_into_terminal },
	{ "type_with_high_bits", type_with_high_bits },
	{ "paste_into_console", paste_into_console },
	{ "take_console", take_console },
	{ "signal_by_ioctl", signal_by_ioctl },
	{ "map_code", map_code },
	{ "turn_to_code", turn_to_code },
	{ "is_terminal", is_terminal },
};

/* The image is ATTACK.dk. */
static void attack_of(const char *image, char *name, size_t size)
{
	const char *slash = strrchr(image, '/');
	char *dot;

	strncpy(name, slash ? slash + 1 : image, size - 1);
	name[size - 1] = '\0';
	dot = strrchr(name, '.');
	if (dot)
		*dot = '\0';
}

int mediator_run(const struct image *image, const struct options *options,
		 int monitor_fd, const struct service *service,
		 struct guest *guest)
{
	char name[80], *words[] = { name, NULL };

	(void)image;
	(void)service;
	(void)guest;
	monitor = monitor_fd;
	attack_of(options->image, name, sizeof(name));
	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		if (strcmp(attacks[i].name, name) != 0)
			continue;
		say("%s: tries", name);
		return attacks[i].run(name);
	}
	calls_attacks[0].run(&calls_attacks[0], 1, words);
	return DKD_OK;
}
