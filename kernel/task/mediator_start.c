/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "mediator_start.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../base/monitor.h"
#include "../base/options.h"
#include "../control/control.h"
#include "../ipc/mediator.h"
#include "confine_caps.h"
#include "confine_fs.h"
#include "confine_landlock.h"
#include "confine_seccomp.h"
#include "confine_userns.h"
#include "say.h"
#include "sealed.h"
#include "task.h"

#define HIDDEN_NAME	"dkd kernel"	/* argv[0] */
#define HIDDEN_WORDS	4	/* after it: the uid, struct service's
				   watchdog_ms, who started us, the users' uids */
#define SEND_BUFFER	(1 << 20)

/* Descriptors that it begins with. */
#define IMAGE_FD	3
#define MONITOR_FD	4
#define NOTIFY_FD	5	/* or no socket */
#define JOURNAL_FD	6	/* or no socket */
#define CONTROL_FD	7	/* or no socket */
#define FDS_N		8
#define FDS_ABOVE	16	/* copies, out of the way of those */

bool mediator_asked_for(int argc, char **argv)
{
	return argc > 0 && !strcmp(argv[0], HIDDEN_NAME);
}

/* ---- the launcher's side ---- */

static void exec_mediator(int self, const int *fds, char **words)
{
	char *const environment[] = {
#ifdef __SANITIZE_ADDRESS__
		(char[]){ "ASAN_OPTIONS=detect_leaks=0" },
#endif
		NULL
	};
	sigset_t none;
	int high[FDS_N];

	/* Signals of the terminal are the launcher's. */
	if (setsid() < 0)
		return;
	for (int i = 0; i < FDS_N; i++) {
		high[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, FDS_ABOVE);
		if (high[i] < 0)
			return;
	}
	self = fcntl(self, F_DUPFD_CLOEXEC, FDS_ABOVE);
	for (int i = 0; i < FDS_N; i++)
		if (dup2(high[i], i) < 0)
			return;
	sigemptyset(&none);
	if (self < 0 || sigprocmask(SIG_SETMASK, &none, NULL) < 0)
		return;
	syscall(SYS_execveat, self, "", words, environment, AT_EMPTY_PATH);
}

/* Without root it is of the caller's uid: who is in no other pid namespace has
   nobody else to send a signal to. */
static pid_t fork_alone(void)
{
	if (!rootless())
		return fork();
	return (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
}

static pid_t fork_mediator(const int *fds, char **words)
{
	int self = open("/proc/self/exe", O_PATH | O_CLOEXEC);
	int error;
	pid_t pid;

	if (self < 0)
		return -errno;
	pid = fork_alone();
	if (pid == 0) {
		exec_mediator(self, fds, words);
		say("the kernel process cannot be started: %s",
		    strerror(errno));
		_exit(DKD_MACHINE);
	}
	error = errno;
	close(self);
	return pid < 0 ? -error : pid;
}

static int or_null(int fd, int null)
{
	return fd >= 0 ? fd : null;
}

pid_t mediator_start(uint32_t uid, int image_fd,
		     const struct mediator_gifts *gifts, int argc, char **argv,
		     int *monitor_fd)
{
	const struct service *service = gifts->service;
	const int buffer = SEND_BUFFER;
	char number[16], watchdog[16], owner[16];
	char **words;
	int pair[2], null;
	pid_t pid;

	words = calloc((size_t)argc + HIDDEN_WORDS + 1, sizeof(*words));
	if (!words)
		return -ENOMEM;
	snprintf(number, sizeof(number), "%u", uid);
	words[0] = (char[]){ HIDDEN_NAME };
	words[1] = number;
	snprintf(watchdog, sizeof(watchdog), "%u", service->watchdog_ms);
	words[2] = watchdog;
	snprintf(owner, sizeof(owner), "%u", getuid());
	words[3] = owner;
	words[4] = (char *)(uintptr_t)gifts->uids;
	for (int i = 1; i < argc; i++)
		words[i + HIDDEN_WORDS] = argv[i];
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null < 0
	    || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
		pid = -errno;
	} else {
		const int fds[FDS_N] = { null, STDOUT_FILENO, STDERR_FILENO,
					 image_fd, pair[1],
					 or_null(service->notify_fd, null),
					 or_null(service->journal_fd, null),
					 or_null(gifts->control_fd, null) };

		/* More than all tasks' exits at once; a wish. */
		setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &buffer,
			   sizeof(buffer));
		setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &buffer,
			   sizeof(buffer));
		pid = fork_mediator(fds, words);
		close(pair[1]);
		if (pid < 0)
			close(pair[0]);
		else
			*monitor_fd = pair[0];
	}
	if (null >= 0)
		close(null);
	free(words);
	return pid;
}

/* ---- in the hidden mode ---- */

static bool read_number(const char *text, uint32_t *number)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	*number = (uint32_t)value;
	return *end == 0 && value <= UINT32_MAX;
}

static bool read_uid(const char *text, uint32_t *uid)
{
	return read_number(text, uid)
		&& (rootless() ? *uid == getuid() : uids_contain(*uid));
}

/* "1000,,65534,": one for each user of the image, which is not read yet. */
static bool read_uids(char *word, struct control_setup *setup)
{
	for (size_t i = 0; i < IMAGE_USERS_MAX; i++)
		setup->uids[i] = CONTROL_NO_UID;
	for (size_t i = 0; *word; i++) {
		char *comma = strchr(word, ',');

		if (i == IMAGE_USERS_MAX || !comma)
			return false;
		*comma = '\0';
		if (*word && !read_number(word, &setup->uids[i]))
			return false;
		word = comma + 1;
	}
	return true;
}

static int inherited_control(void)
{
	int on = 0;
	socklen_t length = sizeof(on);

	if (getsockopt(CONTROL_FD, SOL_SOCKET, SO_ACCEPTCONN, &on, &length) ==
	    0 && on)
		return CONTROL_FD;
	close(CONTROL_FD);
	return -1;
}

static int own_root(void)
{
	const struct fs_plan nothing = { NULL, 0 };
	struct fs_mounts mounts;
	int r = rootless() ? userns_enter() : 0;

	if (r < 0)
		return r;
	if (unshare(CLONE_NEWNS) < 0)
		return -errno;
	r = fs_mounts_init(&mounts, &nothing);
	if (r < 0)
		return r;
	r = fs_enter_mounts(&mounts);
	if (r == 0)
		r = fs_enter_pivot(&mounts);
	fs_mounts_deinit(&mounts);
	return r;
}

static int own_limits(void)
{
	static const int none[] = { RLIMIT_CORE, RLIMIT_MEMLOCK,
				    RLIMIT_MSGQUEUE };
	const struct rlimit zero = { 0, 0 }, one = { 1, 1 };

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (setrlimit((__rlimit_resource_t)none[i], &zero) < 0)
			return -errno;
	return setrlimit(RLIMIT_NPROC, &one) < 0 ? -errno : 0;
}

static int own_uid(uint32_t uid)
{
	return rootless() ? 0 : caps_enter_uid(uid);	/* has it: read_uid */
}

static int die_with_launcher(void)
{
	struct pollfd monitor = { .fd = MONITOR_FD, .events = POLLIN };

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0
	    || poll(&monitor, 1, 0) < 0)
		return -errno;
	return monitor.revents & (POLLHUP | POLLERR) ? -EOWNERDEAD : 0;
}

static int own_landlock(void)
{
	int abi = landlock_abi();
	int ruleset, r;

	if (abi <= 0)
		return abi;	/* said by the launcher, which asked too */
	ruleset = landlock_ruleset((unsigned)abi, NULL);
	if (ruleset < 0)
		return ruleset;
	r = landlock_enter(ruleset);
	close(ruleset);
	return r;
}

#ifdef __SANITIZE_ADDRESS__

/* A sanitizer's report opens files and asks for maps. */
static int own_filter(void)
{
	return 0;
}

#else

/*
 * What the mediator may call: memory, sockets that exist already or are made
 * as a pair, waiting, clocks, writing lines. No path, no process, no new kind
 * of socket.
 */
static const char *const calls[] = {
	"accept4", "brk", "clock_gettime", "close", "close_range",
	"epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait", "eventfd2",
	"exit", "exit_group", "fstat", "ftruncate", "futex", "getpid",
	"getrandom", "getrlimit", "getsockopt", "gettid", "gettimeofday",
	"getuid", "lseek", "madvise", "memfd_create", "mremap", "munmap",
	"newfstatat", "pipe2", "poll", "ppoll", "prlimit64", "read",
	"recvfrom", "recvmsg", "restart_syscall", "rt_sigaction",
	"rt_sigprocmask", "rt_sigreturn", "sched_yield", "sendmsg", "sendto",
	"setsockopt", "shutdown", "signalfd4", "socketpair", "timerfd_create",
	"timerfd_settime", "tgkill", "write", "writev",
};
#define N_CALLS (sizeof(calls) / sizeof(calls[0]))

/* These only so: no code in memory, no signal by a descriptor, nothing of a device
   but whether it is a terminal, which libc asks. */
#define ONLY(name, argument, value) \
	{ name, SYSCALL_ALLOW, argument, UINT32_MAX, value }
static const struct syscall_rule limited[] = {
	{ "mmap", SYSCALL_ALLOW, 2, PROT_EXEC, 0 },
	{ "mprotect", SYSCALL_ALLOW, 2, PROT_EXEC, 0 },
	ONLY("fcntl", 1, F_GETFL), ONLY("fcntl", 1, F_SETFL),
	ONLY("fcntl", 1, F_DUPFD_CLOEXEC),
	ONLY("ioctl", 1, SIOCOUTQ), ONLY("ioctl", 1, TCGETS),
};
#define N_LIMITED (sizeof(limited) / sizeof(limited[0]))

/* libc tries these on its own (time zones, terminals), and does without. */
static const char *const refused[] = {
	"access", "open", "openat", "readlink", "readlinkat", "stat", "statx",
	"uname",
};
#define N_REFUSED (sizeof(refused) / sizeof(refused[0]))

static int own_filter(void)
{
	struct filter filter;
	struct sock_fprog program;
	const char *fault;
	int r = filter_init_kill(&filter, calls, N_CALLS, limited, N_LIMITED,
				 refused, N_REFUSED, &fault);

	if (r < 0)
		return r;
	program.filter = filter.code;
	program.len = (unsigned short)filter.n;
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
		r = -errno;
	filter_deinit(&filter);
	return r;
}

#endif

/* In the order of CONFINEMENT.md; returns the step that failed. */
static enum confine_step confine(uint32_t uid, int *error)
{
	if ((*error = own_root()) < 0)
		return STEP_PIVOT;
	if ((*error = own_limits()) < 0)
		return STEP_RLIMITS;
	if ((*error = caps_lock(caps_count())) < 0)
		return STEP_CAPS;
	if ((*error = own_uid(uid)) < 0)
		return STEP_UID;
	if ((*error = die_with_launcher()) < 0)
		return STEP_PDEATHSIG;
	if ((*error = caps_enter_none()) < 0)
		return STEP_CAPS;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0
	    || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
		*error = -errno;
		return STEP_NO_NEW_PRIVS;
	}
	if ((*error = own_landlock()) < 0)
		return STEP_LANDLOCK;
	if ((*error = own_filter()) < 0)
		return STEP_SECCOMP;
	return STEP_NONE;
}

int mediator_main(int argc, char **argv)
{
	struct options options;
	struct image image;
	struct service service;
	struct control_setup control;
	struct guest *guest = NULL;
	enum confine_step step;
	enum dkd_exit exit;
	uint32_t uid;
	void *bytes;
	size_t size;
	int error, type = 0;
	socklen_t length = sizeof(type);

	if (argc < HIDDEN_WORDS + 2 || !read_uid(argv[1], &uid)
	    || !read_number(argv[2], &service.watchdog_ms)
	    || !read_number(argv[3], &control.owner)
	    || !read_uids(argv[4], &control)
	    || !sealed_check(IMAGE_FD)
	    || getsockopt(MONITOR_FD, SOL_SOCKET, SO_TYPE, &type, &length) < 0
	    || type != SOCK_SEQPACKET) {
		say("this is how dkd starts its own kernel process: "
		    "run dkd IMAGE.dk");
		return DKD_USAGE;
	}
	argv[HIDDEN_WORDS] = argv[0];
	if (options_read(&options, argc - HIDDEN_WORDS, argv + HIDDEN_WORDS)
	    != 0)
		return DKD_USAGE;
	if (syscall(SYS_close_range, FDS_N, ~0u, 0) < 0) {
		say("descriptors of the kernel process cannot be closed: %s",
		    strerror(errno));
		return DKD_MACHINE;
	}
	service.notify_fd = service_inherited(NOTIFY_FD);
	service.journal_fd = service_inherited(JOURNAL_FD);
	control.fd = inherited_control();
	exit = solution_map(&image, &bytes, &size, IMAGE_FD, options.image);
	if (exit != DKD_OK)
		return exit;
	close(IMAGE_FD);
	step = confine(uid, &error);
	if (step != STEP_NONE) {
		say("the kernel process cannot be confined: %s: %s",
		    confine_step_name(step), strerror(-error));
		return DKD_CONFINE;
	}
	if (control.fd >= 0)
		guest = control_new(&control);
	if (control.fd >= 0 && !guest)
		return DKD_MACHINE;
	exit = (enum dkd_exit)mediator_run(&image, &options, MONITOR_FD,
					    &service, guest);
	control_free(guest);
	munmap(bytes, size);
	return exit;
}
