/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The probes inside of a start: each finds its layer open in a process that is not
 * confined, all find theirs closed in a program's, and one that does not stops the
 * start. Needs root.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../kernel/task/linux.h"
#include "../../kernel/task/trial.h"
#include "support/launch.h"
#include "support/suite.h"

#define BIT(layer) (UINT32_C(1) << (layer))
#define ALL (BIT(LAYER_N) - 1)

static int ask(struct probe *probe)
{
	int r = probe_spaces(probe);

	if (r == 0)
		r = probe_group(probe);
	if (r == 0)
		r = probe_state(probe);
	return r == 0 ? probe_filter(probe) : r;
}

static struct probe open_probe(const struct probe_host *host,
			       const struct limits *limits)
{
	static struct cgroup none;

	cgroup_init(&none);
	return (struct probe){
		.host = host, .limits = limits, .group = &none, .uid = 12345,
		.refused = SYS_sysinfo, .no_code = -1, .executable = -1, .failed = LAYER_N,
	};
}

START_TEST(an_unconfined_process_fails_every_probe)
{
	static const struct image_task task = { .threads = 1, .files = 7 };
	enum confine_layer layer = (enum confine_layer)_i;
	struct probe_host host;
	struct limits limits;
	struct probe probe = open_probe(&host, &limits);
	int r;

	ck_assert_ptr_nonnull(confine_layer_probe(layer));
	if (layer == LAYER_EXEC_ONCE)
		return;		/* of that no call fails and lets live */
	ck_assert_int_eq(probe_host_init(&host), 0);
	limits_init(&limits, &task, 4);
	probe.wanted = BIT(layer);
	/* Again in the way of kernels before 6.11. */
	for (int way = 0; way < 2; way++, host.by_pidfd = false) {
		probe.failed = LAYER_N;
		r = ask(&probe);
		ck_assert_msg(r < 0, "%s holds here",
			      confine_layer_name(layer));
		ck_assert_uint_eq(probe.failed, layer);
		ck_assert_uint_eq(probe.proven, 0);
	}
}
END_TEST

START_TEST(a_group_holds_only_if_it_lists_who_asks)
{
	static const struct {
		const char *list;
		int answer;
	} rows[] = {
		{ "1\n", 0 }, { "0\n1\n", 0 }, { "0\n0\n1\n", 0 },
		{ "", -EBADE }, { "0\n", -EBADE }, { "11\n", -EBADE },
		{ "0\n12\n", -EBADE }, { "21\n", -EBADE }, { "1", -EBADE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = strlen(rows[i].list);
		struct cgroup group;

		cgroup_init(&group);
		group.procs[1] = memfd_create("list", MFD_CLOEXEC);
		ck_assert_int_eq(write(group.procs[1], rows[i].list, n), n);
		ck_assert_int_eq(cgroup_probe(&group), rows[i].answer);
		close(group.procs[1]);
		ck_assert_int_eq(cgroup_probe(&group), -EBADF);
	}
}
END_TEST

START_TEST(code_is_made_in_a_process_without_a_filter)
{
	struct probe probe = open_probe(NULL, NULL);

	probe.wanted = BIT(LAYER_MDWE);
	probe.no_code = SYS_mprotect;
	ck_assert_int_eq(probe_filter(&probe), -EBADE);
	ck_assert_uint_eq(probe.failed, LAYER_MDWE);
	ck_assert_uint_eq(probe.proven, 0);
}
END_TEST

START_TEST(what_is_not_wanted_is_neither_asked_nor_proven)
{
	struct probe probe = open_probe(NULL, NULL);

	ck_assert_int_eq(ask(&probe), 0);
	ck_assert_uint_eq(probe.proven, 0);
	ck_assert_uint_eq(probe.failed, LAYER_N);
}
END_TEST

static void see_proven(struct play *play)
{
	struct monitor_message started;

	play_send(play, MONITOR_READY, 0, 0);
	started = play_start(play, 0);
	WISH(started.layers == started.proven);
	WISH(started.proven & BIT(LAYER_MDWE));
	WISH(started.proven & BIT(LAYER_SECCOMP));
	WISH(started.probed > 0 && started.tried > 0);
	play_expect(play, MONITOR_EXITED);
	play_send(play, MONITOR_DONE, 0, DKD_OK);
}

/* mprotect: by it the filter is asked that stands in for MDWE. */
static const struct fixture_task plain = {
	.name = "t", .args = { "96 @ 0" },
	.syscalls = { "gettimeofday", "mprotect" },
};

START_TEST(all_that_is_in_force_is_proven)
{
	ck_assert_int_eq(fixture_one(&plain, see_proven), DKD_OK);
}
END_TEST

/* As on a Linux before 6.3. FLAGS are what the list is then compiled with. */
static enum dkd_exit run_without_mdwe(unsigned flags,
				      void (*part)(struct play *))
{
	static const char *const names[] = { "exit_group", "gettimeofday",
					     "mprotect", "write" };
	struct fixture fixture;
	const char *fault;
	enum dkd_exit exit;

	fixture_init(&fixture);
	fixture_image(&fixture, &plain, 1, NULL, 0);
	exit = fixture_load(&fixture);
	if (exit == DKD_OK) {
		struct filter *filter = fixture.solution.tasks[0].filter;

		fixture.machine.mdwe = false;
		filter_deinit(filter);
		ck_assert_int_eq(filter_init(filter, names, 4, flags, &fault), 0);
		filter->no_code = SYS_mprotect;
		exit = fixture_run(&fixture, part);
	}
	fixture_deinit(&fixture);
	return exit;
}

START_TEST(where_the_filter_forbids_code_that_is_proven)
{
	ck_assert_int_eq(run_without_mdwe(SYSCALL_NO_CODE, see_proven), DKD_OK);
}
END_TEST

static void see_none(struct play *play)
{
	struct monitor_message started;

	play_send(play, MONITOR_READY, 0, 0);
	started = play_start(play, 0);
	WISH(started.layers & BIT(LAYER_SECCOMP));
	WISH(started.proven == 0 && started.tried == 0);
	play_expect(play, MONITOR_EXITED);
	play_send(play, MONITOR_DONE, 0, DKD_OK);
}

static enum dkd_exit run_spoilt_task(const struct fixture_task *task,
				     void (*spoil)(struct task *),
				     void (*part)(struct play *))
{
	struct fixture fixture;
	enum dkd_exit exit;

	fixture_init(&fixture);
	fixture_image(&fixture, task, 1, NULL, 0);
	exit = fixture_load(&fixture);
	if (exit == DKD_OK) {
		spoil(&fixture.solution.tasks[0]);
		exit = fixture_run(&fixture, part);
	}
	fixture_deinit(&fixture);
	return exit;
}

static enum dkd_exit run_spoilt(void (*spoil)(struct task *),
				void (*part)(struct play *))
{
	return run_spoilt_task(&plain, spoil, part);
}

static void ask_nothing(struct task *task)
{
	task->probed = false;
}

START_TEST(a_start_that_is_not_probed_proves_nothing)
{
	ck_assert_int_eq(run_spoilt(ask_nothing, see_none), DKD_OK);
}
END_TEST

/* A ruleset that forbids to run files, and nothing else. */
static void loosen_landlock(struct task *task)
{
	const uint64_t execute = LL_FS_EXECUTE;
	long fd = syscall(SYS_landlock_create_ruleset, &execute,
			  sizeof(execute), 0);

	if (fd >= 0)
		dup3((int)fd, task->landlock, O_CLOEXEC);
}

/* A list of calls that is said to refuse one that it lets through. */
static void loosen_answer(struct task *task)
{
	task->filter->refused = SYS_write;
}

#define LOAD_NUMBER BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
			     offsetof(struct seccomp_data, nr))
#define UNLESS(comparison, value) \
	BPF_JUMP(BPF_JMP | (comparison) | BPF_K, value, 0, 1)
#define ANSWER(action) BPF_STMT(BPF_RET | BPF_K, action)

/* A list in the place of its own, of which nothing that only fails tells. */
static void put_list(struct task *task, const struct sock_filter *code, size_t n)
{
	struct filter *filter = task->filter;

	free(filter->code);
	filter->code = malloc(n * sizeof(*code));
	memcpy(filter->code, code, n * sizeof(*code));
	filter->n = n;
	filter->refused = filter->no_code = -1;
}

static void let_all_through(struct task *task)
{
	const struct sock_filter code[] = { ANSWER(SECCOMP_RET_ALLOW) };

	put_list(task, code, 1);
}

static void let_unlisted_through(struct task *task)
{
	const struct sock_filter code[] = {
		LOAD_NUMBER,
		UNLESS(BPF_JEQ, SYS_ptrace),
		ANSWER(SECCOMP_RET_ALLOW),
		UNLESS(BPF_JGE, 0x40000000),
		ANSWER(SECCOMP_RET_KILL_PROCESS),
		ANSWER(SECCOMP_RET_USER_NOTIF),
	};

	put_list(task, code, sizeof(code) / sizeof(code[0]));
}

/* With their bit cut off, as a careless list would. */
static void let_x32_through(struct task *task)
{
	const struct sock_filter code[] = {
		LOAD_NUMBER,
		UNLESS(BPF_JGE, 0x40000000),
		ANSWER(SECCOMP_RET_ALLOW),
		ANSWER(SECCOMP_RET_USER_NOTIF),
	};

	put_list(task, code, sizeof(code) / sizeof(code[0]));
}

static void let_exec_through(struct task *task)
{
	const struct sock_filter code[] = {
		LOAD_NUMBER,
		UNLESS(BPF_JEQ, SYS_execveat),
		ANSWER(SECCOMP_RET_ALLOW),
		UNLESS(BPF_JGE, 0x40000000),
		ANSWER(SECCOMP_RET_KILL_PROCESS),
		ANSWER(SECCOMP_RET_USER_NOTIF),
	};

	put_list(task, code, sizeof(code) / sizeof(code[0]));
}

/* What is written to its group's list of processes goes elsewhere. */
static void lose_group(struct task *task)
{
	int elsewhere = memfd_create("list", MFD_CLOEXEC);

	for (size_t i = 0; i < CGROUP_N; i++)
		if (task->group.procs[i] >= 0)
			dup3(elsewhere, task->group.procs[i], O_CLOEXEC);
	task->group.procs[CGROUP_N - 1] = elsewhere;
	task->layers = BIT(LAYER_CGROUP);
}

static enum confine_layer open_layer;

static void see_refused(struct play *play)
{
	struct monitor_message failed;

	play_send(play, MONITOR_READY, 0, 0);
	play_ask_start(play, 0);
	failed = play_expect(play, MONITOR_FAILED);
	WISH(failed.step == STEP_PROBE);
	WISH(failed.layers == BIT(open_layer));
	WISH(failed.value != 0);
	WISH(!strcmp(play_read(play, 0), ""));
	play_send(play, MONITOR_DONE, 0, DKD_OK);
}

START_TEST(a_landlock_that_lets_its_root_be_read_stops_the_start)
{
	open_layer = LAYER_LANDLOCK;
	ck_assert_int_eq(run_spoilt(loosen_landlock, see_refused), DKD_OK);
}
END_TEST

START_TEST(a_filter_that_lets_code_be_made_stops_the_start)
{
	open_layer = LAYER_MDWE;
	ck_assert_int_eq(run_without_mdwe(0, see_refused), DKD_OK);
}
END_TEST

START_TEST(a_filter_that_does_not_refuse_stops_the_start)
{
	open_layer = LAYER_SECCOMP;
	ck_assert_int_eq(run_spoilt(loosen_answer, see_refused), DKD_OK);
}
END_TEST

static const struct {
	void (*loosen)(struct task *);
	enum confine_layer layer;
} lists[] = {
	{ let_all_through, LAYER_SECCOMP },
	{ let_unlisted_through, LAYER_SECCOMP },
	{ let_x32_through, LAYER_SECCOMP },
	{ let_exec_through, LAYER_EXEC_ONCE },
};

START_TEST(a_list_that_lets_an_act_live_stops_the_start)
{
	open_layer = lists[_i].layer;
	ck_assert_int_eq(run_spoilt(lists[_i].loosen, see_refused), DKD_OK);
}
END_TEST

static void loosen_unseen(struct task *task)
{
	task->probed = false;
	let_all_through(task);
}

static void see_started(struct play *play)
{
	play_send(play, MONITOR_READY, 0, 0);
	play_start(play, 0);
	play_expect(play, MONITOR_EXITED);
	play_send(play, MONITOR_DONE, 0, DKD_OK);
}

/* That it is the trial which stops it, and nothing else. */
START_TEST(such_a_list_is_not_seen_without_probes)
{
	ck_assert_int_eq(run_spoilt(loosen_unseen, see_started), DKD_OK);
}
END_TEST

static const struct fixture_task grouped = {
	.name = "t", .args = { "96 @ 0" }, .pids = 2, .preferred = TASK_CGROUP,
	.syscalls = { "gettimeofday", "mprotect" },
};

START_TEST(a_group_that_it_is_not_in_stops_the_start)
{
	open_layer = LAYER_CGROUP;
	ck_assert_int_eq(run_spoilt_task(&grouped, lose_group, see_refused),
			 DKD_OK);
}
END_TEST

static void see_grouped(struct play *play)
{
	struct monitor_message first, second;

	play_send(play, MONITOR_READY, 0, 0);
	first = play_start(play, 0);
	play_expect(play, MONITOR_EXITED);
	WISH(first.layers == first.proven);
	second = play_start(play, 0);
	play_expect(play, MONITOR_EXITED);
	WISH(second.layers == first.layers && second.proven == first.proven);
	WISH(second.tried == first.tried && second.tried > 0);
	play_send(play, MONITOR_DONE, 0, DKD_OK);
}

START_TEST(a_second_start_is_proven_as_the_first)
{
	ck_assert_int_eq(fixture_one(&grouped, see_grouped), DKD_OK);
}
END_TEST

START_TEST(only_the_end_that_an_act_must_come_to_counts)
{
	enum { EXITED = TRIAL_SURVIVED << 8, SET_UP = 127 << 8 };
	static const struct {
		enum trial trial;
		int call, status;
		bool holds;
	} rows[] = {
		{ TRIAL_UNLISTED, SYS_ptrace, SIGKILL, true },
		{ TRIAL_UNLISTED, SYS_write, SIGKILL, false },
		{ TRIAL_UNLISTED, -1, SIGKILL, false },
		{ TRIAL_UNLISTED, -1, SIGSYS, false },
		{ TRIAL_UNLISTED, -1, EXITED, false },
		{ TRIAL_UNLISTED, SYS_ptrace, EXITED, false },
		{ TRIAL_FOREIGN, -1, SIGSYS, true },
		{ TRIAL_FOREIGN, -1, SIGSEGV, true },
		{ TRIAL_FOREIGN, -1, SIGKILL, false },
		{ TRIAL_FOREIGN, -1, EXITED, false },
		{ TRIAL_FOREIGN, SYS_writev, SIGKILL, false },
		{ TRIAL_X32, -1, SIGSYS, true },
		{ TRIAL_X32, -1, SIGSEGV, false },
		{ TRIAL_X32, -1, SET_UP, false },
		{ TRIAL_EXEC, SYS_execveat, SIGKILL, true },
		{ TRIAL_EXEC, SYS_execve, SIGKILL, false },
		{ TRIAL_EXEC, -1, EXITED, false },
		{ TRIAL_EXEC, SYS_execveat, EXITED, false },
		{ TRIAL_NONE, -1, SIGSYS, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_int_eq(trial_holds(rows[i].trial, rows[i].call,
					     rows[i].status), rows[i].holds);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("confine_probe");

	if (geteuid() != 0) {
		puts("skipped: confining programs needs root");
		return EXIT_SUCCESS;
	}
	tcase_add_loop_test(tests, an_unconfined_process_fails_every_probe, 0,
			    LAYER_N);
	tcase_add_test(tests, a_group_holds_only_if_it_lists_who_asks);
	tcase_add_test(tests, what_is_not_wanted_is_neither_asked_nor_proven);
	tcase_add_test(tests, code_is_made_in_a_process_without_a_filter);
	tcase_add_test(tests, all_that_is_in_force_is_proven);
	tcase_add_test(tests, where_the_filter_forbids_code_that_is_proven);
	tcase_add_test(tests, a_filter_that_lets_code_be_made_stops_the_start);
	tcase_add_test(tests, a_start_that_is_not_probed_proves_nothing);
	tcase_add_test(tests,
		       a_landlock_that_lets_its_root_be_read_stops_the_start);
	tcase_add_test(tests, a_filter_that_does_not_refuse_stops_the_start);
	tcase_add_loop_test(tests, a_list_that_lets_an_act_live_stops_the_start,
			    0, sizeof(lists) / sizeof(lists[0]));
	tcase_add_test(tests, such_a_list_is_not_seen_without_probes);
	tcase_add_test(tests, a_group_that_it_is_not_in_stops_the_start);
	tcase_add_test(tests, a_second_start_is_proven_as_the_first);
	tcase_add_test(tests, only_the_end_that_an_act_must_come_to_counts);
	return suite_run("confine_probe", tests);
}
