/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A control group alone, with no other layer: what is in it ends as a whole. The
 * groups are made in the one that this test runs in.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../kernel/task/confine_cgroup.h"
#include "support/suite.h"

#define PIDS_MAX	128u
#define RUNNERS		32u
#define BOMBS		8
#define WAIT_TRIES	500	/* of 10 ms */

static struct cgroups cgroups;
static struct cgroup group;
static unsigned have;
static uint32_t uid;	/* nobody's, for the group's name */

static void nap(void)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000000 };

	nanosleep(&pause, NULL);
}

static void setup(void)
{
	const struct image_task task = { .pids = PIDS_MAX, .threads = 1 };

	uid = UINT32_C(4000000000) + (uint32_t)getpid();
	have = cgroups_init(&cgroups, CGROUP_BIT(CGROUP_PIDS));
	ck_assert_int_eq(cgroup_make(&group, &cgroups, &task, uid), 0);
	/* Whoever outlives his parent is ours; nobody waits for the ended. */
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	signal(SIGCHLD, SIG_IGN);
}

static void teardown(void)
{
	char name[CGROUP_NAME_SIZE];

	cgroup_deinit(&group);
	cgroup_name(name, uid);
	for (size_t i = 0; i < cgroups.n; i++)
		unlinkat(cgroups.trees[i].own, name, AT_REMOVEDIR);
	cgroups_deinit(&cgroups);
}

static unsigned count_inside(void)
{
	char text[CGROUP_TEXT_MAX];
	unsigned n = 0;

	cgroup_get(group.folders[0], "cgroup.procs", text, sizeof(text));
	for (const char *c = text; *c; c++)
		n += *c == '\n';
	return n;
}

/* Nobody is there for long, so that who is listed is gone when he is killed. */
static _Noreturn void bomb(void)
{
	for (unsigned i = 0; i < RUNNERS - 1; i++)
		if (fork() == 0)
			break;
	while (fork() <= 0)
		;
	_exit(0);
}

static void begin_bomb(void)
{
	if (fork() == 0) {
		if (cgroup_enter(&group) == 0)
			bomb();
		_exit(1);
	}
	for (int i = 0; i < WAIT_TRIES && count_inside() < RUNNERS / 2; i++)
		nap();
}

/* Whether nobody is left soon. */
static bool is_over(void)
{
	for (int i = 0; i < WAIT_TRIES; i++) {
		if (waitpid(-1, NULL, WNOHANG) < 0)
			return count_inside() == 0;
		nap();
	}
	return false;
}

START_TEST(B13_a_fork_bomb_does_not_outrun_its_end)
{
	bool over = true;

	for (int i = 0; i < BOMBS && over; i++) {
		setup();
		begin_bomb();
		cgroup_kill(&group);
		over = is_over();
		for (int k = 0; k < 3 && !over && !is_over(); k++)
			cgroup_kill(&group);	/* the next test needs peace */
		teardown();
	}
	ck_assert(over);
}
END_TEST

START_TEST(B13_who_stands_still_ends_too)
{
	bool over;

	setup();
	begin_bomb();
	for (size_t i = 0; i < CGROUP_N; i++) {
		cgroup_put(group.folders[i], "freezer.state", "FROZEN");
		cgroup_put(group.folders[i], "cgroup.freeze", "1");
	}
	cgroup_kill(&group);
	over = is_over();
	teardown();
	ck_assert(over);
}
END_TEST

static int fork_one(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return waitpid(pid, NULL, 0);
}

/* Version 2 needs no such thing: it kills who is about to come as well. */
/* Of a process that enters the group and forks, as wait gives it: 0 if it could, 1 << 8
   if not, 2 << 8 if it could not even enter. */
static int status_of_one_in_it(void)
{
	int status;
	pid_t pid;

	signal(SIGCHLD, SIG_DFL);
	pid = fork();
	if (pid == 0)
		_exit(cgroup_enter(&group) == 0 ? (fork_one() < 0) : 2);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

START_TEST(B13_in_a_killed_group_of_version_1_nobody_begins)
{
	bool v2;
	int status;

	setup();
	v2 = cgroups.trees[0].v2;
	cgroup_kill(&group);
	status = status_of_one_in_it();
	teardown();
	ck_assert_int_eq(status, v2 ? 0 : 1 << 8);
}
END_TEST

START_TEST(an_ended_group_takes_the_next_program)
{
	int status;

	setup();
	cgroup_end(&group);
	status = status_of_one_in_it();
	teardown();
	ck_assert_int_eq(status, 0);
}
END_TEST

/* Are there groups, here? */
static bool is_counted(void)
{
	bool counted = cgroups_init(&cgroups, CGROUP_BIT(CGROUP_PIDS)) != 0;

	cgroups_deinit(&cgroups);
	return counted;
}

START_TEST(without_controllers_there_are_no_groups)
{
	ck_assert_uint_eq(cgroups_init(&cgroups, 0), 0);
	ck_assert_uint_eq(cgroups.n, 0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("groups");

	tcase_add_test(tests, without_controllers_there_are_no_groups);
	if (getuid() == 0 && is_counted()) {
		tcase_add_test(tests, B13_a_fork_bomb_does_not_outrun_its_end);
		tcase_add_test(tests, B13_who_stands_still_ends_too);
		tcase_add_test(tests,
			B13_in_a_killed_group_of_version_1_nobody_begins);
		tcase_add_test(tests, an_ended_group_takes_the_next_program);
	}
	return suite_run("kernel_confine_cgroup", tests);
}
