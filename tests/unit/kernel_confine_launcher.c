/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The launcher against a mediator that lies, dies or does not listen, against
 * signals, and against steps of a start that fail. Needs root.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../kernel/task/confine_landlock.h"
#include "../../kernel/task/sealed.h"
#include "support/launch.h"
#include "support/suite.h"

/* Tells the test what the mediator's process has seen. */
static struct shared {
	volatile pid_t pids[2];
	volatile int started;
	volatile int ended;
} *shared;

static const struct fixture_task sleepers[] = {
	{ .name = "one", .args = { "96 @ 0", "7 0 0 -1" },
	  .syscalls = { "gettimeofday", "poll" } },
	{ .name = "two", .args = { "96 @ 0", "7 0 0 -1" },
	  .syscalls = { "gettimeofday", "poll" } },
};
static const uint32_t channel[][2] = { { 0, 1 } };

static void prepare(struct fixture *fixture)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(shared, MAP_FAILED);
	fixture_init(fixture);
	fixture_image(fixture, sleepers, 2, channel, 1);
	ck_assert_int_eq(fixture_load(fixture), DKD_OK);
}

static bool gone(pid_t pid)
{
	for (int i = 0; i < 300; i++) {
		char path[40];

		snprintf(path, sizeof(path), "/proc/%d", (int)pid);
		if (access(path, F_OK) < 0)
			return true;
		usleep(10000);
	}
	return false;
}

static void start_both(struct play *play)
{
	play_send(play, MONITOR_READY, 0, 0);
	for (uint32_t i = 0; i < 2; i++) {
		shared->pids[i] = play_start(play, i).pid;
		play_await(play, i, "96=");
	}
	shared->started = 1;
}

static void await_start(void)
{
	for (int i = 0; i < 1000 && !shared->started; i++)
		usleep(10000);
	ck_assert_int_eq(shared->started, 1);
}

/* Runs PART, which never ends well, and looks that no program is left. */
static void run_badly(void (*part)(struct play *))
{
	struct fixture fixture;

	prepare(&fixture);
	ck_assert_int_eq(fixture_run(&fixture, part), DKD_MEDIATOR);
	for (int i = 0; i < 2; i++)
		ck_assert(shared->pids[i] == 0 || gone(shared->pids[i]));
	fixture_deinit(&fixture);
}

/* ---- deaths ---- */

static void start_and_sleep(struct play *play)
{
	start_both(play);
	pause();
}

START_TEST(a_killed_launcher_leaves_no_program)
{
	struct fixture fixture;
	pid_t launcher;

	prepare(&fixture);
	launcher = fixture_fork(&fixture, start_and_sleep);
	await_start();
	ck_assert_int_eq(kill(shared->pids[0], 0), 0);
	ck_assert_int_eq(kill(launcher, SIGKILL), 0);
	ck_assert(gone(shared->pids[0]));
	ck_assert(gone(shared->pids[1]));
	fixture_wait(launcher);
	fixture_deinit(&fixture);
}
END_TEST

static void start_and_die(struct play *play)
{
	start_both(play);
	kill(getpid(), SIGKILL);
}

static void start_and_leave(struct play *play)
{
	start_both(play);
	_exit(0);
}

static void start_and_close(struct play *play)
{
	start_both(play);
	close(play->monitor_fd);
	pause();
}

static void die_at_once(struct play *play)
{
	(void)play;
	kill(getpid(), SIGKILL);
}

START_TEST(a_dead_mediator_leaves_no_program)
{
	run_badly(start_and_die);
	run_badly(start_and_leave);
	run_badly(start_and_close);
	run_badly(die_at_once);
}
END_TEST

static void leave_a_program(struct play *play)
{
	start_both(play);
	play_send(play, MONITOR_DONE, 0, DKD_PROGRAM);
}

START_TEST(the_end_ends_programs_and_gives_the_status)
{
	struct fixture fixture;

	prepare(&fixture);
	ck_assert_int_eq(fixture_run(&fixture, leave_a_program), DKD_PROGRAM);
	ck_assert(gone(shared->pids[0]));
	ck_assert(gone(shared->pids[1]));
	fixture_deinit(&fixture);
}
END_TEST

static void refuse_to_begin(struct play *play)
{
	play_send(play, MONITOR_READY, 0, DKD_REFUSED);
}

START_TEST(a_refused_kernel_ends_with_its_status)
{
	struct fixture fixture;

	prepare(&fixture);
	ck_assert_int_eq(fixture_run(&fixture, refuse_to_begin), DKD_REFUSED);
	fixture_deinit(&fixture);
}
END_TEST

static void leave_with_status(struct play *play)
{
	(void)play;
	_exit(DKD_CONFINE);
}

START_TEST(a_mediator_that_cannot_begin_gives_its_reason)
{
	struct fixture fixture;

	prepare(&fixture);
	for (int i = 0; i < 20; i++)	/* its end and its death race */
		ck_assert_int_eq(fixture_run(&fixture, leave_with_status),
				 DKD_CONFINE);
	fixture_deinit(&fixture);
}
END_TEST

/* ---- requests that are refused, and end everything ---- */

static void send_raw(struct play *play, const void *bytes, size_t size,
		     const int *fds, size_t n)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(8 * sizeof(int))];
	struct iovec part = { (void *)(uintptr_t)bytes, size };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (n > 0) {
		struct cmsghdr *head;

		memset(control, 0, sizeof(control));
		message.msg_control = control;
		message.msg_controllen = CMSG_SPACE(n * sizeof(int));
		head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(head), fds, n * sizeof(int));
	}
	WISH(sendmsg(play->monitor_fd, &message, MSG_NOSIGNAL)
	     == (ssize_t)size);
}

/* Waits for the launcher to end us; a launcher that answers is wrong. */
static void await_end(struct play *play)
{
	struct monitor_message message;

	WISH(recv(play->monitor_fd, &message, sizeof(message), 0) <= 0);
	_exit(0);
}

static int lie;		/* which one of the lies[] */

static void tell_a_lie(struct play *play)
{
	struct monitor_message message = { .code = MONITOR_START };
	int pipes[2], pair[2], stream[2], file, fds[8];
	size_t n = 5;

	WISH(pipe(pipes) == 0 && socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair)
	     == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, stream) == 0);
	file = open("/etc/passwd", O_RDONLY);
	WISH(file >= 0);
	for (int i = 0; i < 3; i++)
		fds[i] = pipes[0];
	for (int i = 3; i < 8; i++)
		fds[i] = pair[0];
	if (lie != 0)
		play_send(play, MONITOR_READY, 0, 0);
	switch (lie) {
	case 0: break;				/* not ready yet */
	case 1: n = 4; break;
	case 2: n = 6; break;
	case 3: n = 0; break;
	case 4: fds[0] = file; break;
	case 5: fds[2] = pair[0]; break;
	case 6: fds[3] = pipes[0]; break;
	case 7: fds[4] = stream[0]; break;
	case 8: fds[4] = file; break;
	case 9: message.task = 2; break;
	case 10: message.task = 0xffffffff; break;
	case 11: message.zero = 1; break;
	case 12: message.code = MONITOR_NONE; n = 0; break;
	case 13: message.code = MONITOR_N; n = 0; break;
	case 14: message.code = MONITOR_STARTED; n = 0; break;
	case 15: message.code = MONITOR_KILL; break;	/* with descriptors */
	case 16: message.code = MONITOR_KILL; message.task = 2; n = 0; break;
	case 17: message.code = MONITOR_DONE; n = 1; break;
	case 18: message.code = MONITOR_READY; n = 0; break;	/* twice */
	case 19: send_raw(play, &message, sizeof(message) - 1, fds, n);
		await_end(play);
		break;
	case 20: send_raw(play, &message, sizeof(message), fds, n);
		WISH(recv(play->monitor_fd, &message, sizeof(message), 0) > 0);
		memset(&message, 0, sizeof(message));
		message.code = MONITOR_START;	/* it runs already */
		break;
	}
	send_raw(play, &message, sizeof(message), fds, n);
	await_end(play);
}
#define LIES 21

START_TEST(every_argument_of_a_request_is_checked)
{
	for (lie = 0; lie < LIES; lie++)
		run_badly(tell_a_lie);
}
END_TEST

static void say_done_oddly(struct play *play)
{
	play_send(play, MONITOR_DONE, 0, 77);
}

START_TEST(an_unknown_exit_status_is_not_handed_on)
{
	run_badly(say_done_oddly);
}
END_TEST

static void kill_what_does_not_run(struct play *play)
{
	play_send(play, MONITOR_KILL, 1, 0);	/* a race, not a lie */
	start_both(play);
	play_send(play, MONITOR_DONE, 0, DKD_OK);
}

START_TEST(a_kill_that_comes_late_is_harmless)
{
	struct fixture fixture;

	prepare(&fixture);
	ck_assert_int_eq(fixture_run(&fixture, kill_what_does_not_run), DKD_OK);
	fixture_deinit(&fixture);
}
END_TEST

/* ---- signals ---- */

static void stop_when_told(struct play *play)
{
	struct monitor_message stop;

	start_both(play);
	stop = play_expect(play, MONITOR_STOP);
	shared->ended = stop.value;
	play_send(play, MONITOR_DONE, 0, stop.value == SIGINT
		  ? DKD_INTERRUPTED : DKD_OK);
}

START_TEST(a_signal_asks_the_mediator_to_stop)
{
	static const struct {
		int number;
		enum dkd_exit exit;
	} cases[] = {
		{ SIGTERM, DKD_OK }, { SIGHUP, DKD_OK },
		{ SIGINT, DKD_INTERRUPTED },
	};

	for (int i = 0; i < SUITE_LENGTH(cases); i++) {
		struct fixture fixture;
		pid_t launcher;

		prepare(&fixture);
		launcher = fixture_fork(&fixture, stop_when_told);
		await_start();
		ck_assert_int_eq(kill(launcher, cases[i].number), 0);
		ck_assert_int_eq(fixture_wait(launcher), cases[i].exit);
		ck_assert_int_eq(shared->ended, cases[i].number);
		ck_assert(gone(shared->pids[0]));
		fixture_deinit(&fixture);
	}
}
END_TEST

START_TEST(a_mediator_that_does_not_stop_is_ended)
{
	struct fixture fixture;
	pid_t launcher;

	prepare(&fixture);
	fixture.options.grace_ms = 0;
	launcher = fixture_fork(&fixture, start_and_sleep);
	await_start();
	ck_assert_int_eq(kill(launcher, SIGTERM), 0);
	ck_assert_int_eq(fixture_wait(launcher), DKD_MEDIATOR);
	ck_assert(gone(shared->pids[0]));
	ck_assert(gone(shared->pids[1]));
	fixture_deinit(&fixture);
}
END_TEST

START_TEST(asked_twice_it_stops_at_once)
{
	struct fixture fixture;
	pid_t launcher;

	prepare(&fixture);
	fixture.options.grace_ms = 100000;
	launcher = fixture_fork(&fixture, start_and_sleep);
	await_start();
	ck_assert_int_eq(kill(launcher, SIGINT), 0);
	usleep(200000);
	ck_assert_int_eq(kill(launcher, SIGINT), 0);
	ck_assert_int_eq(fixture_wait(launcher), DKD_INTERRUPTED);
	ck_assert(gone(shared->pids[0]));
	fixture_deinit(&fixture);
}
END_TEST

/* ---- steps that fail ---- */

static enum confine_step failing;

static void see_step_fail(struct play *play)
{
	struct monitor_message failed, ended;

	play_send(play, MONITOR_READY, 0, 0);
	play_ask_start(play, 0);
	failed = play_expect(play, MONITOR_FAILED);
	WISH(failed.step == failing);
	WISH(failed.value > 0);
	WISH(failed.layers == 0 && failed.pid == 0);
	WISH(!strcmp(play_read(play, 0), ""));	/* it never ran */
	WISH(play_start(play, 1).task == 1);	/* and others can, */
	ended = play_expect(play, MONITOR_EXITED);
	WISH(ended.syscall == SYS_getpid);	/* listened to by its own */
	play_send(play, MONITOR_DONE, 0, DKD_OK);
}

static const struct fixture_task with_folder[] = {
	{ .name = "one", .read = { "in" }, .args = { "96 @ 0" },
	  .syscalls = { "gettimeofday" } },
	{ .name = "two", .args = { "39" } },	/* getpid, not on its list */
};

static void fail_at(enum confine_step step,
		    void (*spoil)(struct fixture *fixture))
{
	struct fixture fixture;
	char path[80];

	fixture_init(&fixture);
	snprintf(path, sizeof(path), "%s/in", fixture.folder);
	ck_assert_int_eq(mkdir(path, 0755), 0);
	fixture_image(&fixture, with_folder, 2, NULL, 0);
	ck_assert_int_eq(fixture_load(&fixture), DKD_OK);
	spoil(&fixture);
	failing = step;
	ck_assert_msg(fixture_run(&fixture, see_step_fail) == DKD_OK, "%s",
		      confine_step_name(step));
	fixture_deinit(&fixture);
}

static void spoil_tree(struct fixture *fixture)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	dup2(fd, fixture->solution.tasks[0].tree);
	close(fd);
}

static void spoil_limits(struct fixture *fixture)
{
	fixture->solution.tasks[0].limits.each[3].resource = 99;
}

static void spoil_uid(struct fixture *fixture)
{
	/* setresuid takes it for "leave it": so there is a look after it. */
	fixture->solution.tasks[0].uid = UINT32_MAX;
}

static void spoil_landlock(struct fixture *fixture)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	dup2(fd, fixture->solution.tasks[0].landlock);
	close(fd);
}

static void spoil_filter(struct fixture *fixture)
{
	fixture->solution.tasks[0].filter->code[0].code = 0xffff;
}

static void spoil_executable(struct fixture *fixture)
{
	int fd = open(fixture->image, O_RDONLY | O_CLOEXEC);	/* no program */
	struct stat st;

	ck_assert_int_eq(fstat(fd, &st), 0);
	fixture->solution.tasks[0].executable =
		sealed_copy(fd, (size_t)st.st_size, "x", 0111);
	ck_assert_int_ge(fixture->solution.tasks[0].executable, 0);
	close(fd);
}

START_TEST(a_step_that_fails_ends_the_start_and_is_named)
{
	fail_at(STEP_MOUNTS, spoil_tree);
	fail_at(STEP_RLIMITS, spoil_limits);
	fail_at(STEP_UID, spoil_uid);
	if (landlock_abi() > 0)
		fail_at(STEP_LANDLOCK, spoil_landlock);
	fail_at(STEP_SECCOMP, spoil_filter);
	fail_at(STEP_EXEC, spoil_executable);
}
END_TEST

/* ---- user ids ---- */

START_TEST(two_daemons_never_share_user_ids)
{
	struct uids a, b, c;

	ck_assert_int_eq(uids_init(&a, 3, "key"), 0);
	ck_assert_int_eq(uids_init(&b, 3, "key"), 0);
	ck_assert_int_eq(uids_init(&c, UIDS_BLOCK + 1, "key"), 0);
	ck_assert(a.first + UIDS_BLOCK <= b.first
		  || b.first + UIDS_BLOCK <= a.first);
	ck_assert(c.first + 2 * UIDS_BLOCK <= a.first
		  || a.first + UIDS_BLOCK <= c.first);
	ck_assert(uids_contain(a.first) && uids_contain(c.first + c.n - 1));
	uids_deinit(&a);
	uids_deinit(&b);
	uids_deinit(&c);
}
END_TEST

START_TEST(a_solution_gets_the_same_user_ids_again)
{
	struct uids a, b;

	ck_assert_int_eq(uids_init(&a, 3, "some/solution.dk"), 0);
	uids_deinit(&a);
	ck_assert_int_eq(uids_init(&b, 3, "some/solution.dk"), 0);
	ck_assert_uint_eq(a.lock_fd, -1);
	uids_deinit(&b);
	ck_assert_int_eq(uids_init(&a, 3, "some/solution.dk"), 0);
	ck_assert_int_eq(uids_init(&b, UIDS_BLOCK * UIDS_BLOCKS + 1, "x"),
			 -ENOSPC);
	uids_deinit(&a);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("launcher");

	if (geteuid() != 0) {
		puts("skipped: starting programs needs root");
		return EXIT_SUCCESS;
	}
	tcase_add_test(tests, a_killed_launcher_leaves_no_program);
	tcase_add_test(tests, a_dead_mediator_leaves_no_program);
	tcase_add_test(tests, the_end_ends_programs_and_gives_the_status);
	tcase_add_test(tests, a_refused_kernel_ends_with_its_status);
	tcase_add_test(tests, a_mediator_that_cannot_begin_gives_its_reason);
	tcase_add_test(tests, every_argument_of_a_request_is_checked);
	tcase_add_test(tests, an_unknown_exit_status_is_not_handed_on);
	tcase_add_test(tests, a_kill_that_comes_late_is_harmless);
	tcase_add_test(tests, a_signal_asks_the_mediator_to_stop);
	tcase_add_test(tests, a_mediator_that_does_not_stop_is_ended);
	tcase_add_test(tests, asked_twice_it_stops_at_once);
	tcase_add_test(tests, a_step_that_fails_ends_the_start_and_is_named);
	tcase_add_test(tests, two_daemons_never_share_user_ids);
	tcase_add_test(tests, a_solution_gets_the_same_user_ids_again);
	return suite_run("launcher", tests);
}
