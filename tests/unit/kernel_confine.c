/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What a confined program can and cannot do, tried by real programs under the
 * real launcher; the mediator is played. Needs root.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../kernel/task/confine_landlock.h"
#include "../../kernel/task/linux.h"
#include "support/launch.h"
#include "support/suite.h"

static bool exited_with_0(struct play *play)
{
	struct monitor_message message = play_expect(play, MONITOR_EXITED);

	return message.value == 0 && message.syscall == -1;
}

static void begin(struct play *play)
{
	play_send(play, MONITOR_READY, 0, 0);
}

static void done(struct play *play)
{
	play_send(play, MONITOR_DONE, 0, DKD_OK);
}

/* Runs one probe to its end; its output is in play->text. */
static void run_to_end(struct play *play)
{
	begin(play);
	play_start(play, 0);
	play_read(play, 0);
	WISH(exited_with_0(play));
}

/* ---- what is seen from outside ---- */

static void see_status(struct play *play)
{
	struct monitor_message started;
	char want[64];

	begin(play);
	started = play_start(play, 0);
	play_await(play, 0, "96=");	/* it has run; it sleeps now */
	WISH(!strcmp(play_status(play, started.pid, "NoNewPrivs"), "1"));
	WISH(!strcmp(play_status(play, started.pid, "Seccomp"), "2"));
	WISH(strtoull(play_status(play, started.pid, "CapEff"), NULL, 16) == 0);
	WISH(strtoull(play_status(play, started.pid, "CapPrm"), NULL, 16) == 0);
	WISH(strtoull(play_status(play, started.pid, "CapInh"), NULL, 16) == 0);
	WISH(strtoull(play_status(play, started.pid, "CapBnd"), NULL, 16) == 0);
	WISH(strtoull(play_status(play, started.pid, "CapAmb"), NULL, 16) == 0);
	snprintf(want, sizeof(want), "%u\t%u\t%u\t%u", started.uid, started.uid,
		 started.uid, started.uid);
	WISH(!strcmp(play_status(play, started.pid, "Uid"), want));
	WISH(!strcmp(play_status(play, started.pid, "Gid"), want));
	WISH(!strcmp(play_status(play, started.pid, "Groups"), ""));
	WISH(strtoull(play_status(play, started.pid, "SigBlk"), NULL, 16) == 0);
	WISH(strtoull(play_status(play, started.pid, "SigIgn"), NULL, 16) == 0);
	WISH(uids_contain(started.uid));
	snprintf(want, sizeof(want), "%d\t1", (int)started.pid);
	WISH(!strcmp(play_status(play, started.pid, "NSpid"), want));
	play_send(play, MONITOR_KILL, 0, 0);
	WISH(play_expect(play, MONITOR_EXITED).value == SIGKILL);
	done(play);
}

START_TEST(a_program_has_no_privilege_left)
{
	const struct fixture_task task = {
		.name = "t", .args = { "96 @ 0", "7 0 0 -1" },
		.syscalls = { "gettimeofday", "poll" },
	};

	ck_assert_int_eq(fixture_one(&task, see_status), DKD_OK);
}
END_TEST

/*
 * Only a process with all capabilities may look at another's namespaces: the
 * test itself, which has forked the launcher. The two pipes let it look while
 * the program runs.
 */
static int look[2], looked[2];

static void show_namespaces(struct play *play)
{
	struct monitor_message started;
	char byte;

	begin(play);
	started = play_start(play, 0);
	play_await(play, 0, "96=");
	WISH(write(look[1], &started.pid, sizeof(started.pid)) ==
	     sizeof(started.pid));
	WISH(read(looked[0], &byte, 1) == 1);
	done(play);
}

struct namespace { char link[64]; };

static bool read_namespace(const char *pid, const char *name,
			   struct namespace *ns)
{
	char path[64];
	ssize_t n;

	memset(ns, 0, sizeof(*ns));
	snprintf(path, sizeof(path), "/proc/%s/ns/%s", pid, name);
	n = readlink(path, ns->link, sizeof(ns->link) - 1);
	return n > 0;
}

START_TEST(a_program_shares_no_namespace_with_the_host)
{
	static const char *const names[] = { "pid", "mnt", "net", "ipc", "uts",
					     "cgroup" };
	enum { N = sizeof(names) / sizeof(names[0]) };
	const struct fixture_task task = {
		.name = "t", .args = { "96 @ 0", "7 0 0 -1" },
		.syscalls = { "gettimeofday", "poll" },
	};
	struct namespace ours[N], theirs;
	struct fixture fixture;
	char pid_text[16];
	int32_t pid;
	pid_t launcher;

	ck_assert(pipe(look) == 0 && pipe(looked) == 0);
	for (size_t i = 0; i < N; i++)
		ck_assert(read_namespace("self", names[i], &ours[i]));
	fixture_init(&fixture);
	fixture_image(&fixture, &task, 1, NULL, 0);
	ck_assert_int_eq(fixture_load(&fixture), DKD_OK);
	launcher = fixture_fork(&fixture, show_namespaces);
	ck_assert(read(look[0], &pid, sizeof(pid)) == sizeof(pid));
	snprintf(pid_text, sizeof(pid_text), "%d", (int)pid);
	for (size_t i = 0; i < N; i++) {
		ck_assert_msg(read_namespace(pid_text, names[i], &theirs),
			      "%s of %s: %s", names[i], pid_text,
			      strerror(errno));
		ck_assert_str_ne(ours[i].link, theirs.link);
	}
	ck_assert(write(looked[1], "", 1) == 1);
	ck_assert_int_eq(fixture_wait(launcher), DKD_OK);
	fixture_deinit(&fixture);
}
END_TEST

static void see_no_size(struct play *play)
{
	run_to_end(play);
	WISH(strstr(play->text, "99=-1\n"));		/* EPERM: sysinfo */
	WISH(strstr(play->text, "204=-1\n"));	/* sched_getaffinity */
	done(play);
}

/* glibc's qsort and malloc ask, and go on without; the program must live. */
START_TEST(how_large_the_machine_is_has_no_answer)
{
	const struct fixture_task task = {
		.name = "t", .args = { "99 @", "204 0 128 @" },
		.syscalls = { "gettimeofday" },
	};

	ck_assert_int_eq(fixture_one(&task, see_no_size), DKD_OK);
}
END_TEST

static void see_layers(struct play *play)
{
	struct monitor_message started;
	uint32_t all = ((UINT32_C(1) << LAYER_N) - 1)
		& ~(UINT32_C(1) << LAYER_CGROUP);	/* not asked for */
	uint32_t by_level = UINT32_C(1) << LAYER_LANDLOCK
		| UINT32_C(1) << LAYER_NO_DUMP
		| UINT32_C(1) << LAYER_KEYRING;

	begin(play);
	started = play_start(play, 0);
	WISH((started.layers & ~all) == 0);
	WISH(((started.layers | by_level) & all) == all);
	WISH(started.landlock == (uint32_t)landlock_abi());
	WISH((started.layers >> LAYER_LANDLOCK & 1) == (landlock_abi() > 0));
	WISH(started.n_syscalls == 2);
	WISH(exited_with_0(play));
	done(play);
}

START_TEST(layers_in_force_are_told)
{
	const struct fixture_task task = { .name = "t" };

	ck_assert_int_eq(fixture_one(&task, see_layers), DKD_OK);
}
END_TEST

/* ---- what is seen from inside ---- */

static void see_words(struct play *play)
{
	run_to_end(play);
	WISH(!strcmp(play->text, "app.Task\nwords\nsecond\nNAME=value\nB=\n"));
	done(play);
}

START_TEST(arguments_and_environment_are_the_images)
{
	const struct fixture_task task = {
		.name = "app.Task", .args = { "words", "second" },
		.env = { "NAME=value", "B=" },
	};

	setenv("DK_ANYTHING", "1", 1);
	ck_assert_int_eq(fixture_one(&task, see_words), DKD_OK);
}
END_TEST

static void see_fds(struct play *play)
{
	run_to_end(play);
	WISH(!strcmp(play->text, "fd0\nfd1\nfd2\nfd3\n"));
	done(play);
}

START_TEST(descriptors_are_those_given_and_no_other)
{
	/* fcntl F_GETFD of each number */
	const struct fixture_task task = {
		.name = "t", .args = { "*72 1" }, .syscalls = { "fcntl" },
	};
	int leak = open("/etc", O_RDONLY | O_DIRECTORY);

	ck_assert_int_ge(leak, 0);
	ck_assert_int_eq(fixture_one(&task, see_fds), DKD_OK);
	close(leak);
}
END_TEST

static void see_root(struct play *play)
{
	run_to_end(play);
	WISH(strstr(play->text, "79=2\n/\n"));		/* getcwd */
	WISH(strstr(play->text, "257=-2\n"));		/* ENOENT: /proc */
	WISH(!strstr(play->text, "257=3\n"));
	WISH(strstr(play->text, "258=-30\n")		/* EROFS: mkdirat */
	     || strstr(play->text, "258=-13\n"));	/* EACCES */
	done(play);
}

START_TEST(the_root_is_empty_and_cannot_be_written)
{
	const struct fixture_task task = {
		.name = "t",
		.args = { "79 @ 4096", "$", "257 -100 /proc/self/status 0",
			  "257 -100 /etc/passwd 0", "257 -100 /dev/null 0",
			  "257 -100 /../../etc/passwd 0", "258 -100 /d 0" },
		.syscalls = { "getcwd", "mkdirat", "openat" },
	};

	ck_assert_int_eq(fixture_one(&task, see_root), DKD_OK);
}
END_TEST

static void see_alone(struct play *play)
{
	run_to_end(play);
	WISH(strstr(play->text, "39=1\n"));		/* getpid */
	WISH(strstr(play->text, "110=0\n"));		/* getppid */
	WISH(strstr(play->text, "124=1\n"));		/* getsid(0) */
	WISH(strstr(play->text, "62=-3\n"));		/* kill(2, 0): ESRCH */
	done(play);
}

START_TEST(a_program_is_alone_in_its_pid_namespace)
{
	const struct fixture_task task = {
		.name = "t", .args = { "39", "110", "124 0", "62 2 0" },
		.syscalls = { "getpid", "getppid", "getsid", "kill" },
	};

	ck_assert_int_eq(fixture_one(&task, see_alone), DKD_OK);
}
END_TEST

static void see_no_writable_code(struct play *play)
{
	run_to_end(play);
	WISH(strstr(play->text, "9=-13\n"));		/* mmap W and X: EACCES */
	done(play);
}

START_TEST(memory_is_never_writable_and_executable)
{
	const struct fixture_task task = {
		.name = "t", .args = { "9 0 4096 7 0x22 -1 0" },
		.syscalls = { "mmap" },
	};

	ck_assert_int_eq(fixture_one(&task, see_no_writable_code), DKD_OK);
}
END_TEST

static void see_limits(struct play *play)
{
	struct monitor_message started;
	char path[64], line[256];
	FILE *file;
	int seen = 0;

	begin(play);
	started = play_start(play, 0);
	play_await(play, 0, "96=");
	snprintf(path, sizeof(path), "/proc/%d/limits", (int)started.pid);
	file = fopen(path, "re");
	WISH(file != NULL);
	while (fgets(line, sizeof(line), file)) {
		unsigned long max = 77;

		if (sscanf(line, "Max core file size %*s %lu", &max) == 1)
			WISH(max == 0 && ++seen);
		else if (sscanf(line, "Max processes %*s %lu", &max) == 1)
			WISH(max == 1 && ++seen);
		else if (sscanf(line, "Max locked memory %*s %lu", &max) == 1)
			WISH(max == 0 && ++seen);
		else if (sscanf(line, "Max file size %*s %lu", &max) == 1)
			WISH(max == 0 && ++seen);
		else if (sscanf(line, "Max open files %*s %lu", &max) == 1)
			WISH(max >= 64 && max <= 512 && ++seen);
	}
	fclose(file);
	WISH(seen == 5);
	done(play);
}

START_TEST(limits_are_small)
{
	const struct fixture_task task = {
		.name = "t", .args = { "96 @ 0", "7 0 0 -1" },
		.syscalls = { "gettimeofday", "poll" },
	};

	ck_assert_int_eq(fixture_one(&task, see_limits), DKD_OK);
}
END_TEST

/* Whether a crash that nobody limits leaves a core here: else nothing is shown. */
static bool dumps_core(void)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	char folder[] = "/tmp/dk-core-XXXXXX", command[64];
	int status;
	pid_t pid;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	pid = fork();
	if (pid == 0) {
		if (chdir(folder) == 0 && setrlimit(RLIMIT_CORE, &all) == 0)
			signal(SIGSEGV, SIG_DFL);
		raise(SIGSEGV);
		_exit(1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	ck_assert_int_eq(system(command), 0);
	return WIFSIGNALED(status) && WCOREDUMP(status);
}

static void see_no_core(struct play *play)
{
	int status;

	begin(play);
	play_start(play, 0);
	status = (int)play_expect(play, MONITOR_EXITED).value;
	WISH(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	WISH(!WCOREDUMP(status));
	done(play);
}

START_TEST(B12_a_crash_leaves_no_core)
{
	const struct fixture_task task = {
		.name = "t", .args = { "11 0 0x7ffffffff000" },
		.syscalls = { "munmap" },	/* of its own code */
	};

	ck_assert(dumps_core());
	ck_assert_int_eq(fixture_one(&task, see_no_core), DKD_OK);
}
END_TEST

/* ---- calls that are not on the list ---- */

static int forbidden;	/* the call under test */

static void see_killed_by_name(struct play *play)
{
	struct monitor_message exited;

	begin(play);
	play_start(play, 0);
	play_read(play, 0);
	WISH(!strcmp(play->text, "96=0\n"));	/* it ran, and got no further */
	exited = play_expect(play, MONITOR_EXITED);
	WISH(WIFSIGNALED(exited.value) && WTERMSIG(exited.value) == SIGKILL);
	WISH(exited.syscall == forbidden);
	done(play);
}

static void see_killed_outright(struct play *play)
{
	struct monitor_message exited;

	begin(play);
	play_start(play, 0);
	play_read(play, 0);
	WISH(!strcmp(play->text, "96=0\n"));
	exited = play_expect(play, MONITOR_EXITED);
	WISH(WIFSIGNALED(exited.value) && WTERMSIG(exited.value) == SIGSYS);
	done(play);
}

/* One probe that makes the CALL after a harmless one. */
static void try_call(struct fixture *fixture, const char *text,
		     uint32_t threads, void (*part)(struct play *))
{
	const struct fixture_task task = {
		.name = "t", .args = { "96 @ 0", text, "96 @ 0" },
		.syscalls = { "gettimeofday" }, .threads = threads,
	};

	fixture_image(fixture, &task, 1, NULL, 0);
	ck_assert_int_eq(fixture_load(fixture), DKD_OK);
	ck_assert_msg(fixture_run(fixture, part) == DKD_OK, "call %s", text);
	solution_deinit(&fixture->solution);
}

START_TEST(a_call_that_is_not_listed_kills_and_is_named)
{
	static const char *const calls[] = {
		"2 /etc/passwd 0",	/* open */
		"16 1 0x5412 @",	/* ioctl TIOCSTI */
		"41 1 1 0",		/* socket */
		"42 3 @ 2",		/* connect */
		"46 3 @ 0",		/* sendmsg without the nonce */
		"46 3 @ 0 0 0 1",
		"56 17",		/* clone */
		"57",			/* fork */
		"59 /probe 0",		/* execve */
		"62 1 9",		/* kill */
		"101 0",		/* ptrace */
		"105 0",		/* setuid */
		"157 38 1",		/* prctl */
		"161 /",		/* chroot */
		"165 @ @ @ 0",		/* mount */
		"250 0",		/* keyctl */
		"257 -100 /etc/passwd",	/* openat */
		"272 0x10000000",	/* unshare a user namespace */
		"310 1 @ 0 @ 0",	/* process_vm_readv */
		"317 1 0 @",		/* seccomp */
		"321 0 @ 0",		/* bpf */
		"322 3 @ 0 0 0x1000 0",	/* execveat without the nonce */
		"322 1 @ 0 0 0x1000 1",
		"323 0",		/* userfaultfd */
		"425 8 @",		/* io_uring_setup */
		"435 @ 88",		/* clone3 in a class without threads */
		"438 0 0 0",		/* pidfd_getfd */
		"999",			/* no call at all */
	};
	struct fixture fixture;

	fixture_init(&fixture);
	for (int i = 0; i < SUITE_LENGTH(calls); i++) {
		forbidden = atoi(calls[i]);
		try_call(&fixture, calls[i], 1, see_killed_by_name);
	}
	fixture_deinit(&fixture);
}
END_TEST

START_TEST(a_foreign_architecture_kills_outright)
{
	struct fixture fixture;

	fixture_init(&fixture);
	try_call(&fixture, "!20", 1, see_killed_outright);	/* int 0x80 */
	try_call(&fixture, "0x40000027", 1, see_killed_outright);	/* x32 */
	try_call(&fixture, "0x40000142 3 @ 0 0 0x1000 0", 1,
		 see_killed_outright);
	fixture_deinit(&fixture);
}
END_TEST

static void see_clone3_refused(struct play *play)
{
	run_to_end(play);
	WISH(!strcmp(play->text, "96=0\n435=-38\n96=0\n"));
	done(play);
}

START_TEST(threads_are_made_by_clone_with_exact_flags_only)
{
	static const char *const others[] = {
		"56 17", "56 0x3d0f11", "56 0x103d0f00", "56 0x3d0e00",
		"56 0x100003d0f11",
	};
	struct fixture fixture;

	fixture_init(&fixture);
	try_call(&fixture, "435 @ 88", 2, see_clone3_refused);
	forbidden = 56;
	for (int i = 0; i < SUITE_LENGTH(others); i++)
		try_call(&fixture, others[i], 2, see_killed_by_name);
	fixture_deinit(&fixture);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("confine");

	if (geteuid() != 0) {
		puts("skipped: confining programs needs root");
		return EXIT_SUCCESS;
	}
	tcase_add_test(tests, a_program_has_no_privilege_left);
	tcase_add_test(tests, a_program_shares_no_namespace_with_the_host);
	tcase_add_test(tests, how_large_the_machine_is_has_no_answer);
	tcase_add_test(tests, layers_in_force_are_told);
	tcase_add_test(tests, arguments_and_environment_are_the_images);
	tcase_add_test(tests, descriptors_are_those_given_and_no_other);
	tcase_add_test(tests, the_root_is_empty_and_cannot_be_written);
	tcase_add_test(tests, a_program_is_alone_in_its_pid_namespace);
	tcase_add_test(tests, memory_is_never_writable_and_executable);
	tcase_add_test(tests, limits_are_small);
	tcase_add_test(tests, B12_a_crash_leaves_no_core);
	tcase_add_test(tests, a_call_that_is_not_listed_kills_and_is_named);
	tcase_add_test(tests, a_foreign_architecture_kills_outright);
	tcase_add_test(tests, threads_are_made_by_clone_with_exact_flags_only);
	return suite_run("confine", tests);
}
