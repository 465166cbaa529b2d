/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The control of an attack: bare ROGUE FOLDER WORD... runs `ROGUE WORD...` as root
 * and without a filter, in namespaces and a root of its own which end with it,
 * so that what succeeds there changes nothing of the machine. What would change
 * it all the same is a capability that the run has not got. FOLDER is an empty
 * one. The run's status is that of the rogue, 125 if it could not be made.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FD	3	/* which the rogue's rows take for one of theirs */
#define SLEEPER	2	/* a process that has no other use than to be hit */

static void need(long result, const char *what)
{
	if (result < 0)
		err(125, "%s", what);
}

static void copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	struct stat st;

	need(in, from);
	need(out, to);
	need(fstat(in, &st), from);
	need(sendfile(out, in, NULL, (size_t)st.st_size), to);
	close(in);
	close(out);
}

/* A root in memory, with a program in the place of the shell. */
static void own_root(const char *rogue, const char *folder)
{
	need(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
	need(mount("none", folder, "tmpfs", 0, NULL), folder);
	need(chdir(folder), folder);
	need(mkdir("bin", 0755), "bin");
	need(mkdir("etc", 0755), "etc");
	need(mkdir("dev", 0755), "dev");
	need(mkdir("dev/pts", 0755), "dev/pts");
	copy(rogue, "bin/sh");
	copy("/etc/passwd", "etc/passwd");
	need(mount("none", "dev/pts", "devpts", 0,
		   "newinstance,ptmxmode=0666"), "dev/pts");
	need(symlink("pts/ptmx", "dev/ptmx"), "dev/ptmx");
	need(syscall(SYS_pivot_root, ".", "."), "pivot_root");
	need(umount2(".", MNT_DETACH), "umount2");
	need(chdir("/"), "/");
}

/* After the exec they are gone: the clock, modules and a loaded kernel are
   nobody's namespace. */
static void fewer_capabilities(void)
{
	static const int none[] = {
		CAP_SYS_TIME, CAP_SYS_BOOT, CAP_SYS_MODULE, CAP_SYS_PACCT,
	};

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		need(prctl(PR_CAPBSET_DROP, none[i], 0, 0, 0), "capabilities");
}

static int mount_fd(void)
{
	return (int)syscall(SYS_open_tree, AT_FDCWD, "/etc", OPEN_TREE_CLONE);
}

static int fs_fd(void)
{
	return (int)syscall(SYS_fsopen, "tmpfs", 0);
}

static int ring_fd(void)
{
	char parameters[120] = { 0 };

	return (int)syscall(SYS_io_uring_setup, 8, parameters);
}

static int pid_fd(void)
{
	return (int)syscall(SYS_pidfd_open, SLEEPER, 0);
}

static int socket_fd(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

/* The descriptor that a row needs to get at something. */
static int fd_for(const char *row, int ns)
{
	static const struct {
		const char *row;
		int (*make)(void);
	} makers[] = {
		{ "A3_move_mount", mount_fd }, { "A3_mount_setattr", mount_fd },
		{ "A14_fsconfig", fs_fd }, { "B5_", ring_fd },
		{ "B6_", pid_fd }, { "B10_pidfd", pid_fd }, { "", socket_fd },
	};
	size_t i = 0;

	if (!strcmp(row, "A12_setns"))
		return ns;
	while (strncmp(row, makers[i].row, strlen(makers[i].row)) != 0)
		i++;
	return makers[i].make();
}

/* The other end of a terminal: process 1 has it, so that it does not hang up. */
static int terminal(void)
{
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY);

	need(master, "/dev/ptmx");
	need(grantpt(master), "terminal");
	need(unlockpt(master), "terminal");
	return master;
}

/* It becomes the rogue's input and the terminal of its session. */
static void own_session(int master)
{
	int slave;

	need(setsid(), "setsid");
	slave = open(ptsname(master), O_RDWR);
	need(slave, "terminal");
	need(dup2(slave, STDIN_FILENO), "terminal");
}

static void run(char **words, int ns, int master)
{
	const char *row = words[1] && words[2] ? words[2] : words[1];
	int fd;

	own_session(master);
	fd = fd_for(row, ns);
	/* None is no error: the kernel has not got what it would be of. */
	if (fd >= 0 && fd != FD)
		need(dup2(fd, FD), "descriptor");
	if (fd < 0)
		close(FD);
	need(syscall(SYS_close_range, FD + 1, ~0u, 0), "close_range");
	fewer_capabilities();
	execv("/bin/sh", words);
	err(125, "/bin/sh");
}

/* Process 1 of the namespace: with its end all of it ends. */
static int init(char **words, const char *rogue, const char *folder, int ns)
{
	pid_t sleeper, pid;
	int status = 0, master;

	need(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "pdeathsig");
	own_root(rogue, folder);
	master = terminal();
	need(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL), "keyring");
	sleeper = fork();
	need(sleeper, "fork");
	if (sleeper == 0)
		for (;;)
			pause();
	pid = fork();
	need(pid, "fork");
	if (pid == 0)
		run(words, ns, master);
	need(waitpid(pid, &status, 0), "waitpid");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
		: WEXITSTATUS(status);
}

/* Waits for PID; an act that stops process 1 is over then, and it goes on. */
static int outlive(pid_t pid)
{
	int status = 0;

	do {
		need(waitpid(pid, &status, WUNTRACED), "waitpid");
		if (WIFSTOPPED(status))
			need(kill(pid, SIGCONT), "continue");
	} while (WIFSTOPPED(status));
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
		: WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
	int ns = open("/proc/self/ns/uts", O_RDONLY);
	pid_t pid;

	if (argc < 4)
		errx(125, "usage: bare ROGUE FOLDER WORD...");
	need(ns, "namespace");
	need(unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC
		     | CLONE_NEWUTS | CLONE_NEWCGROUP), "unshare");
	pid = fork();
	need(pid, "fork");
	if (pid == 0)
		return init(argv + 2, argv[1], argv[2], ns);
	return outlive(pid);
}
