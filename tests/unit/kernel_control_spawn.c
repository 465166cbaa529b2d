/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Tasks with `start: demand`, as somebody at the control socket asks for them. */
#include <signal.h>

#include "kernel_control.h"

/* Lazy runs for FD, whose descriptors are in got.fds. */
static void spawn_lazy(int fd)
{
	ask(fd, CONTROL_SPAWN, 0, "Lazy");
	expect(fd, CONTROL_STARTED);
	ck_assert_uint_eq(got.head.value, 1000 + LAZY);
	ck_assert(w->programs[LAZY].running);
}

static void close_streams(void)
{
	for (int i = 0; i < 3; i++)
		close(got.fds[i]);
}

START_TEST(streams_are_pipes_between_the_task_and_who_asked)
{
	int fd = come(), *program = w->programs[LAZY].fds, fds[3];
	char bytes[8] = "";

	spawn_lazy(fd);
	memcpy(fds, got.fds, sizeof(fds));
	ck_assert_int_eq(write(fds[0], "in", 2), 2);
	ck_assert_int_eq(read(program[0], bytes, sizeof(bytes)), 2);
	ck_assert_int_eq(write(program[1], "out", 3), 3);
	ck_assert_int_eq(read(fds[1], bytes, sizeof(bytes)), 3);
	ck_assert_int_eq(write(program[2], "err", 3), 3);
	ck_assert_int_eq(read(fds[2], bytes, sizeof(bytes)), 3);
	ck_assert_int_eq(memcmp(bytes, "err", 3), 0);
	close(fds[0]);			/* nobody else holds it open */
	ck_assert_int_eq(read(program[0], bytes, sizeof(bytes)), 0);
	world_exit(w, LAZY, 3 << 8);
	ck_assert_int_eq(read(fds[1], bytes, sizeof(bytes)), 0);
	expect(fd, CONTROL_EXITED);
	ck_assert_uint_eq(got.head.value, 3 << 8);
	expect_done(fd, CONTROL_OK);
	close(fds[1]);
	close(fds[2]);
	leave(fd);
	ck_assert_int_eq(w->m->failure, DKD_PROGRAM);	/* Refused's, not this */
}
END_TEST

START_TEST(a_task_runs_once_at_a_time_and_has_a_new_number_each_time)
{
	int fd = come(), other = come();
	uint32_t first;

	spawn_lazy(fd);
	close_streams();
	first = w->programs[LAZY].sid;
	ask(other, CONTROL_SPAWN, 0, "Lazy");
	expect_done(other, CONTROL_BUSY);
	world_exit(w, LAZY, 0);
	expect(fd, CONTROL_EXITED);
	expect_done(fd, CONTROL_OK);
	spawn_lazy(fd);
	close_streams();
	ck_assert_uint_gt(w->programs[LAZY].sid, first);
	world_exit(w, LAZY, 0);
	expect(fd, CONTROL_EXITED);
	expect_done(fd, CONTROL_OK);
	leave(fd);
	leave(other);
}
END_TEST

START_TEST(requests_wait_for_a_task_on_demand)
{
	struct wire_header *header;
	int fd = come();

	world_echo(w, CLIENT, CLIENT_LAZY, 9, WIRE_DEADLINE_CAP);
	spawn_lazy(fd);
	close_streams();
	world_skip(w, LAZY, 4, WIRE_OPENED);
	header = world_expect(w, LAZY, 4, WIRE_REQUEST);
	world_answer_echo(w, LAZY, 4, header->call, 1);
	header = world_expect(w, CLIENT, CLIENT_LAZY, WIRE_RESPONSE);
	ck_assert_uint_eq(header->call, 9);
	world_exit(w, LAZY, 0);
	world_expect_closed(w, CLIENT, CLIENT_LAZY);
	expect(fd, CONTROL_EXITED);
	leave(fd);
}
END_TEST

/* The static ends of a second start are new ones, and of the same number. */
START_TEST(a_second_start_has_all_its_ends)
{
	int fd = come();
	uint32_t n;

	spawn_lazy(fd);
	close_streams();
	n = w->programs[LAZY].n_fds;
	world_exit(w, LAZY, 0);
	expect(fd, CONTROL_EXITED);
	expect_done(fd, CONTROL_OK);
	spawn_lazy(fd);
	close_streams();
	ck_assert_uint_eq(w->programs[LAZY].n_fds, n);
	world_expect(w, LAZY, WIRE_KERNEL_FD, WIRE_HELLO);
	world_expect_nothing(w, LAZY, 4);
	world_exit(w, LAZY, 0);
	leave(fd);
}
END_TEST

START_TEST(who_may_not_be_spawned)
{
	static const struct { const char *task; enum control_status status; }
	rows[] = {
		{ "Server", CONTROL_AUTO }, { "Refused", CONTROL_AUTO },
		{ "lazy", CONTROL_NOT_FOUND }, { "Lazy ", CONTROL_NOT_FOUND },
		{ "Laz", CONTROL_NOT_FOUND },
	};
	int fd = come();

	for (int i = 0; i < SUITE_LENGTH(rows); i++) {
		ask(fd, CONTROL_SPAWN, 0, rows[i].task);
		expect_done(fd, rows[i].status);
	}
	leave(fd);
}
END_TEST

START_TEST(a_start_that_fails_is_the_askers_alone)
{
	int fd = come();

	w->fail_task = LAZY;
	w->fail_step = STEP_EXEC;
	w->fail_errno = ENOEXEC;
	ask(fd, CONTROL_SPAWN, 0, "Lazy");
	expect_done(fd, CONTROL_FAILED);
	ck_assert_uint_eq(got.head.value, STEP_EXEC);
	ck_assert(!w->m->stopping);
	w->fail_task = IMAGE_NONE;
	spawn_lazy(fd);			/* and may be tried again */
	close_streams();
	world_exit(w, LAZY, 0);
	leave(fd);
}
END_TEST

START_TEST(its_asker_may_end_it)
{
	int fd = come();

	spawn_lazy(fd);
	close_streams();
	world_skip(w, LAZY, WIRE_KERNEL_FD, WIRE_HELLO);
	ask(fd, CONTROL_END, 0, "");
	world_expect_closed(w, LAZY, WIRE_KERNEL_FD);
	ck_assert(!w->programs[LAZY].killed);
	world_wait(w, w->options.grace_ms + 20);
	ck_assert(w->programs[LAZY].killed);
	expect(fd, CONTROL_EXITED);
	ck_assert_uint_eq(got.head.value, SIGKILL);
	expect_done(fd, CONTROL_OK);
	ck_assert(!w->m->stopping);
	leave(fd);
}
END_TEST

START_TEST(an_asker_that_goes_ends_it)
{
	int fd = come();

	spawn_lazy(fd);
	close_streams();
	world_skip(w, LAZY, WIRE_KERNEL_FD, WIRE_HELLO);
	leave(fd);
	world_expect_closed(w, LAZY, WIRE_KERNEL_FD);
	world_exit(w, LAZY, 0);
	fd = come();			/* the next one's is another */
	spawn_lazy(fd);
	close_streams();
	world_wait(w, w->options.grace_ms + 20);
	ck_assert(!w->programs[LAZY].killed);
	world_exit(w, LAZY, 0);
	leave(fd);
}
END_TEST

START_TEST(C16_an_asker_that_goes_before_it_is_told_ends_it)
{
	int fd = come();

	w->no_answers = true;
	ask(fd, CONTROL_SPAWN, 0, "Lazy");
	leave(fd);
	w->no_answers = false;
	world_wait(w, w->options.grace_ms + 20);
	ck_assert(w->programs[LAZY].killed);
	ck_assert_uint_eq(w->m->tasks[LAZY].state, TASK_GONE);
}
END_TEST

START_TEST(nothing_is_spawned_while_all_is_ended)
{
	int fd = come(), other = come();

	ask(other, CONTROL_STOP, 0, "");
	expect_done(other, CONTROL_OK);
	ck_assert(w->m->stopping);
	ask(fd, CONTROL_SPAWN, 0, "Lazy");
	expect_done(fd, CONTROL_STOPPING);
	ask(other, CONTROL_PS, 0, "");	/* it waits for the end */
	expect_done(other, CONTROL_MALFORMED);
	leave(other);
	leave(fd);
}
END_TEST

/* While somebody may ask for it, its solution does not end by itself. */
START_TEST(a_solution_with_a_task_on_demand_stays)
{
	static const uint32_t tasks[] = { SERVER, CLIENT, CLIENT2, PLAIN, SHY };

	for (int i = 0; i < SUITE_LENGTH(tasks); i++)
		world_exit(w, tasks[i], 0);
	ck_assert_uint_eq(w->m->n_live, 0);
	ck_assert(!w->m->over);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("control_spawn");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, streams_are_pipes_between_the_task_and_who_asked);
	tcase_add_test(tests,
		a_task_runs_once_at_a_time_and_has_a_new_number_each_time);
	tcase_add_test(tests, requests_wait_for_a_task_on_demand);
	tcase_add_test(tests, a_second_start_has_all_its_ends);
	tcase_add_test(tests, who_may_not_be_spawned);
	tcase_add_test(tests, a_start_that_fails_is_the_askers_alone);
	tcase_add_test(tests, its_asker_may_end_it);
	tcase_add_test(tests, an_asker_that_goes_ends_it);
	tcase_add_test(tests, C16_an_asker_that_goes_before_it_is_told_ends_it);
	tcase_add_test(tests, nothing_is_spawned_while_all_is_ended);
	tcase_add_test(tests, a_solution_with_a_task_on_demand_stays);
	return suite_run("kernel_control_spawn", tests);
}
