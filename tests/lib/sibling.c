/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * usage: sibling UID LAUNCHER OF|- TARGET
 *
 * What a program of a daemon without root could do to another if nothing held it
 * but its namespaces: as UID it goes into the user namespace of LAUNCHER, and with
 * OF into the pid and user namespaces of that program and of all capabilities;
 * then it tries what it may do to process TARGET. Prints a line `ACT: errno N`
 * each, 0 where it succeeded. With "-" it stays where the launcher is, with all
 * capabilities: that is the control.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static void must(long r, const char *what)
{
	if (r >= 0)
		return;
	perror(what);
	exit(99);
}

static int open_of(const char *pid, const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, O_RDONLY);
	must(fd, path);
	return fd;
}

static void tell(const char *act, long r)
{
	printf("%s: errno %d\n", act, r < 0 ? errno : 0);
	fflush(stdout);
}

static void drop_capabilities(void)
{
	struct __user_cap_header_struct head = {
		_LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct none[2] = { { 0 } };

	must(syscall(SYS_capset, &head, none), "capset");
}

/* PROC is the machine's, NUMBER what TARGET is called there, and nothing here if
   that is another pid namespace. USERNS is the target's. */
static void act(pid_t number, int userns, int pidfd, int root)
{
	char byte, path[64];
	struct iovec here = { &byte, 1 }, there = { &byte, 1 };
	struct rlimit none = { 0, 0 };
	long r;

	r = ptrace(PTRACE_ATTACH, number, NULL, NULL);
	tell("ptrace", r);
	if (r == 0) {
		waitpid(number, NULL, __WALL);
		ptrace(PTRACE_DETACH, number, NULL, NULL);
	}
	tell("process_vm_readv", process_vm_readv(number, &here, 1, &there, 1, 0));
	snprintf(path, sizeof(path), "/proc/%d/mem", number);
	tell("open_mem", open(path, O_RDWR));
	snprintf(path, sizeof(path), "/proc/%d/fd/1", number);
	tell("open_descriptor", open(path, O_RDWR));
	tell("open_root", root < 0 ? root : openat(root, "root", O_RDONLY));
	tell("pidfd_getfd", syscall(SYS_pidfd_getfd, pidfd, 1, 0));
	tell("signal", kill(number, 0));
	tell("limit", prlimit(number, RLIMIT_CORE, &none, NULL));
	tell("setns", setns(userns, CLONE_NEWUSER));
}

int main(int argc, char **argv)
{
	int of = argc == 5 && strcmp(argv[3], "-") != 0;
	int launcher, user = -1, pid = -1, target, pidfd, root, status;
	uid_t uid;
	pid_t child;

	if (argc != 5)
		return 98;
	uid = (uid_t)atoi(argv[1]);
	launcher = open_of(argv[2], "ns/user");
	if (of) {
		user = open_of(argv[3], "ns/user");
		pid = open_of(argv[3], "ns/pid");
	}
	target = open_of(argv[4], "ns/user");
	root = open_of(argv[4], "");
	pidfd = (int)syscall(SYS_pidfd_open, atoi(argv[4]), 0);
	must(pidfd, "pidfd_open");
	must(setresgid(uid, uid, uid), "gid");
	must(setresuid(uid, uid, uid), "uid");
	must(setns(launcher, CLONE_NEWUSER), "the launcher's user namespace");
	if (of) {
		must(setns(pid, CLONE_NEWPID), "the pid namespace");
		must(setns(user, CLONE_NEWUSER), "the user namespace");
	}
	if (of)
		drop_capabilities();
	/* By its number once where it means something, once where it does not. */
	act(atoi(argv[4]), target, pidfd, root);
	puts("inside");
	fflush(stdout);
	child = fork();
	must(child, "fork");
	if (child == 0) {
		tell("signal", kill(atoi(argv[4]), 0));
		tell("limit", prlimit(atoi(argv[4]), RLIMIT_CORE, NULL, NULL));
		_exit(0);
	}
	waitpid(child, &status, 0);
	return 0;
}
