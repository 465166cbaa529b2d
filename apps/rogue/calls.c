/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * System calls that no program of a solution may make. A line that says SURVIVED
 * means that the call returned: tests/attack knows for which that is right.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attacks.h"
#include "raw.h"

#define X32 0x40000000L

static char buffer[4096];
static char *const no_words[] = { NULL };

static const struct call {
	const char *name;
	long nr;
	unsigned long args[6];
} calls[] = {
#define P(x) ((unsigned long)(uintptr_t)(x))
	{ "A1_ioctl_TIOCSTI", SYS_ioctl, { 0, 0x5412, P("x") } },
	{ "A1_ioctl_TIOCSTI_high_bits", SYS_ioctl,
	  { 0, 0x100005412, P("x") } },
	{ "A2_ioctl_TIOCLINUX", SYS_ioctl, { 0, 0x541c, P("\3") } },
	{ "A3_fsopen", 430, { P("tmpfs"), 0 } },
	{ "A3_open_tree", 428, { (unsigned long)AT_FDCWD, P("/"), 1 } },
	{ "A3_move_mount", 429, { 3, P(""), 3, P("/"), 4 } },
	{ "A3_mount_setattr", 442, { 3, P(""), 0, P(buffer), 32 } },
	{ "A3_mount", SYS_mount, { P("none"), P("/"), P("tmpfs"), 0, 0 } },
	{ "A3_umount2", SYS_umount2, { P("/"), 2 } },
	{ "A3_pivot_root", SYS_pivot_root, { P("."), P(".") } },
	{ "A3_chroot", SYS_chroot, { P("/") } },
	{ "A3_statmount", 457, { P(buffer), P(buffer), 4096, 0 } },
	{ "A3_listmount", 458, { P(buffer), P(buffer), 10, 0 } },
	{ "A4_symlink", SYS_symlink, { P("/"), P("/x") } },
	{ "A12_unshare_newuser", SYS_unshare, { CLONE_NEWUSER } },
	{ "A12_clone_newuser", SYS_clone, { CLONE_NEWUSER | SIGCHLD } },
	{ "A12_setns", SYS_setns, { 3, 0 } },
	{ "A13_setuid", SYS_setuid, { 0 } },
	{ "A13_setresuid", SYS_setresuid, { 0, 0, 0 } },
	{ "A13_setgroups", SYS_setgroups, { 0, P(buffer) } },
	{ "A13_capset", SYS_capset, { P(buffer), P(buffer) } },
	{ "A14_fsconfig", 431, { 3, 6, 0, 0, 0 } },
	{ "B4_seccomp", SYS_seccomp, { 1, 8, P(buffer) } },
	{ "B5_io_uring_setup", 425, { 8, P(buffer) } },
	{ "B5_io_uring_enter", 426, { 3, 1, 0, 0, 0, 0 } },
	{ "B5_io_uring_register", 427, { 3, 0, 0, 0 } },
	{ "B6_ptrace_traceme", SYS_ptrace, { 0, 0, 0, 0 } },
	{ "B6_ptrace_attach", SYS_ptrace, { 16, 1, 0, 0 } },
	{ "B6_process_vm_readv", SYS_process_vm_readv,
	  { 1, P(buffer), 1, P(buffer), 1, 0 } },
	{ "B6_process_vm_writev", SYS_process_vm_writev,
	  { 1, P(buffer), 1, P(buffer), 1, 0 } },
	{ "B6_pidfd_open", 434, { 1, 0 } },
	{ "B6_pidfd_getfd", 438, { 3, 3, 0 } },
	{ "B6_process_madvise", 440, { 3, P(buffer), 1, 4, 0 } },
	{ "B6_kcmp", SYS_kcmp, { 1, 1, 0, 3, 3 } },
	{ "B7_clone3", 435, { P(buffer), 64 } },
	{ "B8_memfd_create", SYS_memfd_create, { P("x"), 0 } },
	{ "B8_memfd_secret", 447, { 0 } },
	{ "B8_execve", SYS_execve,
	  { P("/bin/sh"), P(no_words), P(no_words) } },
	{ "B8_execveat", SYS_execveat,
	  { 1, P(""), P(no_words), P(no_words), AT_EMPTY_PATH, 0 } },
	{ "B9_keyctl", SYS_keyctl, { 0, (unsigned long)-3, 1 } },
	{ "B9_add_key", SYS_add_key,
	  { P("user"), P("k"), P("v"), 1, (unsigned long)-3 } },
	{ "B9_request_key", SYS_request_key, { P("user"), P("k"), 0, 0 } },
	{ "B10_kill_all", SYS_kill, { (unsigned long)-1, SIGKILL } },
	{ "B10_kill_parent", SYS_kill, { 1, SIGSTOP } },
	{ "B10_tkill", SYS_tkill, { 2, SIGKILL } },
	{ "B10_rt_sigqueueinfo", SYS_rt_sigqueueinfo, { 1, 9, P(buffer) } },
	{ "B10_pidfd_send_signal", 424, { 3, 9, 0, 0 } },
	{ "B10_fcntl_F_SETOWN", SYS_fcntl, { 3, F_SETOWN, 1 } },
	{ "B10_timer_create", SYS_timer_create, { 1, 0, P(buffer) } },
	{ "B11_personality", SYS_personality, { 0x0040000 } },
	{ "B11_prctl_mm", SYS_prctl, { PR_SET_MM, 1, 0, 0, 0 } },
	{ "B11_prctl_dumpable", SYS_prctl, { PR_SET_DUMPABLE, 1, 0, 0, 0 } },
	{ "B11_prctl_seccomp", SYS_prctl, { PR_SET_SECCOMP, 1, 0, 0, 0 } },
	{ "B11_modify_ldt", SYS_modify_ldt, { 0, P(buffer), 16 } },
	{ "B11_arch_prctl_off", SYS_prctl, { PR_SET_TSC, 1, 0, 0, 0 } },
	{ "B12_setrlimit_core", SYS_setrlimit, { 4, P(buffer) } },
	{ "B13_fork", SYS_fork, { 0 } },
	{ "B13_vfork_clone", SYS_clone, { SIGCHLD } },
	{ "B13_dup", SYS_dup, { 1 } },
	{ "B13_dup3", SYS_dup3, { 1, 100, 0 } },
	{ "B15_socket_unix", SYS_socket, { 1, 1, 0 } },
	{ "B15_connect", SYS_connect, { 3, P(buffer), 16 } },
	{ "B15_bind", SYS_bind, { 3, P(buffer), 16 } },
	{ "B15_listen", SYS_listen, { 3, 1 } },
	{ "B15_accept4", SYS_accept4, { 3, 0, 0, 0 } },
	{ "B15_socketpair", SYS_socketpair, { 1, 1, 0, P(buffer) } },
	{ "B15_setsockopt", SYS_setsockopt, { 3, 1, 26, P(buffer), 16 } },
	{ "B15_shutdown", SYS_shutdown, { 3, 2 } },
	{ "B16_socket_inet", SYS_socket, { 2, 1, 0 } },
	{ "B16_socket_netlink", SYS_socket, { 16, 3, 0 } },
	{ "B16_socket_alg", SYS_socket, { 38, 5, 0 } },
	{ "B16_socket_vsock", SYS_socket, { 40, 1, 0 } },
	{ "B16_socket_packet", SYS_socket, { 17, 3, 0 } },
	{ "B17_userfaultfd", SYS_userfaultfd, { 0 } },
	{ "B17_perf_event_open", SYS_perf_event_open,
	  { P(buffer), 0, (unsigned long)-1, (unsigned long)-1, 0 } },
	{ "B17_bpf", SYS_bpf, { 0, P(buffer), 64 } },
	{ "B17_kexec_load", SYS_kexec_load, { 0, 0, 0, 0 } },
	{ "B17_quotactl", SYS_quotactl, { 0, 0, 0, 0 } },
	{ "B17_fanotify_init", SYS_fanotify_init, { 0, 0 } },
	{ "B17_inotify_init1", SYS_inotify_init1, { 0 } },
	{ "B17_name_to_handle_at", SYS_name_to_handle_at,
	  { (unsigned long)AT_FDCWD, P("/"), P(buffer), P(buffer), 0 } },
	{ "B17_open_by_handle_at", SYS_open_by_handle_at, { 3, P(buffer), 0 } },
	{ "B17_init_module", SYS_init_module, { P(buffer), 16, P("") } },
	{ "B17_reboot", SYS_reboot, { 0, 0, 0, 0 } },
	{ "B17_swapon", SYS_swapon, { P("/x"), 0 } },
	{ "B17_acct", SYS_acct, { P("/x") } },
	{ "B17_syslog", SYS_syslog, { 3, P(buffer), 16 } },
	{ "B17_iopl", SYS_iopl, { 3 } },
	{ "B17_settimeofday", SYS_settimeofday, { P(buffer), 0 } },
	{ "B17_adjtimex", SYS_adjtimex, { P(buffer) } },
	{ "B17_sethostname", SYS_sethostname, { P("x"), 1 } },
	{ "B17_shmget", SYS_shmget, { 1, 4096, 01666 } },
	{ "B17_msgget", SYS_msgget, { 1, 01666 } },
	{ "B17_mq_open", SYS_mq_open, { P("x"), 0102, 0600, 0 } },
	{ "B17_splice", SYS_splice, { 1, 0, 3, 0, 16, 0 } },
	{ "B17_landlock_create_ruleset", 444, { P(buffer), 8, 0 } },
	{ "B17_openat", SYS_openat, { (unsigned long)AT_FDCWD, P("/"), 0 } },
	{ "B17_open", SYS_open, { P("/etc/passwd"), 0 } },
	{ "B17_openat2", 437,
	  { (unsigned long)AT_FDCWD, P("/"), P(buffer), 24 } },
	{ "B17_stat", SYS_stat, { P("/"), P(buffer) } },
	{ "B17_unlink", SYS_unlink, { P("/x") } },
	{ "B17_mkdir", SYS_mkdir, { P("/x"), 0700 } },
	{ "B17_mknod", SYS_mknod, { P("/x"), 020666, 0x103 } },
	{ "B17_chmod", SYS_chmod, { P("/"), 0777 } },
	{ "B2_x32_read", X32 + 0, { 0, P(buffer), 1 } },
	{ "B2_x32_write", X32 + 1, { 1, P("x"), 1 } },
	{ "B2_x32_socket", X32 + SYS_socket, { 1, 1, 0 } },
	{ "B2_x32_execve", X32 + 520, { P("/bin/sh"), 0, 0 } },
	{ "B3_number_beyond_the_table", 1023, { 0 } },
	{ "B3_number_minus_two", -2L, { 0 } },
	{ "B3_socket_with_high_bits", 0x100000000L + SYS_socket, { 1, 1, 0 } },
#undef P
};

static void tell(const char *name, long result)
{
	if (result < 0 && result > -4096)
		say("%s: SURVIVED with errno %ld", name, -result);
	else
		say("%s: SURVIVED with %ld", name, result);
}

static long call6(long nr, const unsigned long *a)
{
	long result;
	register unsigned long r10 __asm__("r10") = a[3];
	register unsigned long r8 __asm__("r8") = a[4];
	register unsigned long r9 __asm__("r9") = a[5];

	/* Not through syscall(3): errno would lose what the kernel said. */
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(nr), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10),
			   "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static const struct call *find(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!strcmp(calls[i].name, name))
			return &calls[i];
	return NULL;
}

/* `call NAME`: one row of the table. */
static void by_name(const struct attack *attack, int argc, char **argv)
{
	const struct call *call = find(argc > 0 ? argv[0] : "");

	(void)attack;
	if (!call) {
		say("there is no such row");
		return;
	}
	say("%s: tries", call->name);
	tell(call->name, call6(call->nr, call->args));
}

/* `number N`: that call, with zeroes for arguments. */
static void by_number(const struct attack *attack, int argc, char **argv)
{
	static const unsigned long zeroes[6];

	if (argc > 0)
		tell(attack->name, call6(strtol(argv[0], NULL, 0), zeroes));
}

/* The i386 table by its own gate: 20 is getpid there and writev here. */
static long call_i386(void)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(20)
			 : "memory", "r8", "r9", "r10", "r11");
	return result;
}

static void int80(const struct attack *attack, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	say("%s: tries", attack->name);
	tell(attack->name, call_i386());
}

/* Code of its own making: written, then run. What it returns, or -errno. */
static long run_own_code(const char *name)
{
	static const uint8_t code[] = { 0xb8, 42, 0, 0, 0, 0xc3 };
	uint8_t *page;
	int error;

	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED) {
		say("%s: no page", name);
		return 0;	/* nothing was tried, so nothing was refused */
	}
	memcpy(page, code, sizeof(code));
	if (mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0) {
		int (*run)(void);

		memcpy(&run, &page, sizeof(run));
		say("%s: SURVIVED with %d", name, run());
		return 42;
	}
	error = errno;
	say("%s: mprotect refused with errno %d", name, error);
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED) {
		say("%s: mmap refused with errno %d", name, errno);
		return -error;
	}
	say("%s: SURVIVED with a page to write and run", name);
	return 1;
}

static void own_code(const struct attack *attack, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	say("%s: tries", attack->name);
	run_own_code(attack->name);
}

/*
 * `act NAME`: for who only looks at its end. Exits with the errno that it was
 * refused with, with 200 if it was not; with 201 if there is no such act. "none"
 * is what nothing refuses.
 */
static void act(const struct attack *attack, int argc, char **argv)
{
	const char *name = argc > 0 ? argv[0] : "";
	const struct call *call = find(name);
	long result = 0;

	(void)attack;
	if (call)
		result = call6(call->nr, call->args);
	else if (!strcmp(name, "B1_int_0x80"))
		result = call_i386();
	else if (!strcmp(name, "B8_own_code"))
		result = run_own_code(name);
	else if (strcmp(name, "none") != 0)
		_exit(201);
	_exit(result < 0 && result > -200 ? (int)-result : 200);
}

const struct attack calls_attacks[] = {
	{ "call", by_name, NULL },
	{ "number", by_number, NULL },
	{ "act", act, NULL },
	{ "B1_int_0x80", int80, NULL },
	{ "B8_own_code", own_code, NULL },
	{ 0 }
};
