/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The probes inside of a start: each finds its layer open in a process that is not
 * confined, all find theirs closed in a program's, and one that does not stops the
 * start. Needs root.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../kernel/task/linux.h"
#include "support/launch.h"
#include "support/suite.h"

#define BIT(layer) (UINT32_C(1) << (layer))
#define ALL ((BIT(LAYER_N) - 1) & ~BIT(LAYER_EXEC_ONCE) & ~BIT(LAYER_CGROUP))

static int ask(struct probe *probe)
{
	int r = probe_spaces(probe);

	if (r == 0)
		r = probe_state(probe);
	return r == 0 ? probe_filter(probe) : r;
}

static struct probe open_probe(const struct probe_host *host,
			       const struct limits *limits)
{
	return (struct probe){
		.host = host, .limits = limits, .uid = 12345,
		.refused = SYS_sysinfo, .executable = -1, .failed = LAYER_N,
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

	if (!(ALL >> _i & 1))
		return;
	ck_assert_int_eq(probe_host_init(&host), 0);
	limits_init(&limits, &task, 4);
	probe.wanted = BIT(layer);
	r = ask(&probe);
	ck_assert_msg(r < 0, "%s holds here", confine_layer_name(layer));
	ck_assert_uint_eq(probe.failed, layer);
	ck_assert_uint_eq(probe.proven, 0);
	ck_assert_ptr_nonnull(confine_layer_probe(layer));
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
	WISH((started.layers & ALL) == (started.proven & ALL));
	WISH(started.proven == (started.proven & started.layers));
	WISH(started.proven & BIT(LAYER_SECCOMP));
	WISH(started.probed > 0);
	play_expect(play, MONITOR_EXITED);
	play_send(play, MONITOR_DONE, 0, DKD_OK);
}

static const struct fixture_task plain = { .name = "t", .args = { "96 @ 0" } };

START_TEST(all_that_is_in_force_is_proven)
{
	ck_assert_int_eq(fixture_one(&plain, see_proven), DKD_OK);
}
END_TEST

static void see_none(struct play *play)
{
	struct monitor_message started;

	play_send(play, MONITOR_READY, 0, 0);
	started = play_start(play, 0);
	WISH(started.layers & BIT(LAYER_SECCOMP));
	WISH(started.proven == 0);
	play_expect(play, MONITOR_EXITED);
	play_send(play, MONITOR_DONE, 0, DKD_OK);
}

static enum dkd_exit run_spoilt(void (*spoil)(struct task *),
				void (*part)(struct play *))
{
	struct fixture fixture;
	enum dkd_exit exit;

	fixture_init(&fixture);
	fixture_image(&fixture, &plain, 1, NULL, 0);
	exit = fixture_load(&fixture);
	if (exit == DKD_OK) {
		spoil(&fixture.solution.tasks[0]);
		exit = fixture_run(&fixture, part);
	}
	fixture_deinit(&fixture);
	return exit;
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
static void loosen_filter(struct task *task)
{
	((struct filter *)(uintptr_t)task->filter)->refused = SYS_write;
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

START_TEST(a_filter_that_does_not_refuse_stops_the_start)
{
	open_layer = LAYER_SECCOMP;
	ck_assert_int_eq(run_spoilt(loosen_filter, see_refused), DKD_OK);
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
	tcase_add_test(tests, what_is_not_wanted_is_neither_asked_nor_proven);
	tcase_add_test(tests, all_that_is_in_force_is_proven);
	tcase_add_test(tests, a_start_that_is_not_probed_proves_nothing);
	tcase_add_test(tests,
		       a_landlock_that_lets_its_root_be_read_stops_the_start);
	tcase_add_test(tests, a_filter_that_does_not_refuse_stops_the_start);
	return suite_run("confine_probe", tests);
}
