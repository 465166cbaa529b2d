/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Starts, ends, hello, output: the life of programs as the mediator sees it. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../../kernel/ipc/frame.h"
#include "../../kernel/ipc/hello.h"
#include "support/image_maker.h"
#include "support/suite.h"
#include "support/world.h"

static const char *name_at(struct world *w, uint32_t at)
{
	const struct wire_hello *hello = (void *)frame_fixed(&w->frame);
	size_t skip = sizeof(*hello) + hello->n_ends * sizeof(struct wire_end) +
		      hello->n_endpoints * sizeof(struct wire_endpoint);

	ck_assert_uint_lt(at, hello->strings);
	return (const char *)hello + skip + at;
}

START_TEST(hello_is_the_first_frame)
{
	struct world *w = world_new(0);
	const struct wire_hello *hello;
	const struct wire_end *ends;
	const struct wire_endpoint *endpoints;

	ck_assert_int_eq(w->ready, 0);
	world_expect(w, CLIENT, WIRE_KERNEL_FD, WIRE_HELLO);
	hello = (void *)frame_fixed(&w->frame);
	ck_assert_uint_eq(hello->abi, WIRE_VERSION);
	ck_assert_uint_eq(hello->sid, 4);
	ck_assert_str_eq(name_at(w, hello->task), "Client");
	ck_assert_str_eq(name_at(w, hello->class_name), "t.Client");
	ck_assert_uint_eq(hello->n_ends, 5);
	ends = (void *)(hello + 1);
	ck_assert_str_eq(name_at(w, ends[0].name), "main");
	ck_assert_uint_eq(ends[0].fd, 4);
	ck_assert_uint_eq(ends[0].side, WIRE_RIGHT_CALL);
	ck_assert_str_eq(name_at(w, ends[2].name), "ring2");
	ck_assert_uint_eq(ends[2].side, WIRE_RIGHT_LISTEN);
	endpoints = (void *)(ends + hello->n_ends);
	ck_assert_uint_eq(hello->n_endpoints, 5);
	ck_assert_str_eq(name_at(w, endpoints[0].path), "srv.main");
	ck_assert_str_eq(name_at(w, endpoints[0].interface), "t.I");
	ck_assert_uint_eq(endpoints[0].end, 0);
	ck_assert_uint_eq(endpoints[4].end, WIRE_NONE);
	ck_assert_str_eq(name_at(w, endpoints[4].path), "cli.own");
	ck_assert_uint_eq(w->frame.header.arena_size, 0);
	ck_assert_uint_eq(w->frame.length, 48 + w->frame.header.fixed_size);
	world_expect_nothing(w, CLIENT, WIRE_KERNEL_FD);
	world_end(w);
}
END_TEST

START_TEST(server_is_told_who_is_on_its_listener)
{
	struct world *w = world_new(0);
	static const char *const names[] = { "Client", "Client2", "Plain" };

	for (int i = 0; i < 3; i++) {
		const struct wire_hello *hello;

		world_expect(w, SERVER, SERVER_MAIN, WIRE_OPENED);
		hello = (void *)frame_fixed(&w->frame);
		ck_assert_str_eq(name_at(w, hello->task), names[i]);
		ck_assert_uint_eq(hello->n_ends, 0);
		ck_assert_uint_eq(hello->n_endpoints, i < 2);
		ck_assert_uint_eq(hello->sid, w->frame.header.sid);
	}
	world_expect_nothing(w, SERVER, SERVER_MAIN);
	world_end(w);
}
END_TEST

START_TEST(programs_get_exactly_their_descriptors)
{
	struct world *w = world_new(0);
	char byte;

	ck_assert_uint_eq(w->programs[SERVER].n_fds, 5);
	ck_assert_uint_eq(w->programs[CLIENT].n_fds, 9);
	ck_assert_uint_eq(w->programs[SHY].n_fds, 5);
	ck_assert(!w->programs[REFUSED].running);
	ck_assert(!w->programs[LAZY].running);
	ck_assert_uint_eq(w->programs[SHY].sid, 8);	/* 7 was burned */
	ck_assert_int_eq(read(w->programs[CLIENT].fds[0], &byte, 1), 0);
	world_end(w);
}
END_TEST

/* 400 endpoints of a class, with paths of 240 bytes. */
START_TEST(hello_that_is_too_long_is_not_written)
{
	enum { N = 400 };
	static char paths[N][241];
	static const char *pointers[N];
	static uint32_t which[N];
	struct image_fault fault = { 0 };
	struct mediator m = { 0 };
	struct task task = { .name = "Task" };
	struct maker maker;
	struct image_interface interface = { 0 };
	struct image image;
	struct { struct frame frame; uint8_t beyond[64]; } *room;
	size_t size;
	void *file;

	maker_init(&maker);
	interface.name = maker_string(&maker, "app.None");
	maker_add(&maker, SECTION_INTERFACES, &interface, 1);
	maker_class(&maker, "kl.core.Core", IMAGE_NONE, 0, NULL, NULL);
	maker_class(&maker, "Einit", IMAGE_NONE, 0, NULL, NULL);
	for (int i = 0; i < N; i++) {
		memset(paths[i], 'p', 240);
		paths[i][i / 20] = 'a';
		paths[i][200 + i % 20] = 'b';
		pointers[i] = paths[i];
	}
	task.class_index = maker_class(&maker, "app.Many", IMAGE_NONE, N,
				       pointers, which);
	maker_routes(&maker);
	file = maker_file(&maker, &size);
	ck_assert_msg(image_load(&image, file, size, &fault), "%s",
		      fault.what);
	task.class = &image.classes[task.class_index];
	m.image = &image;
	room = calloc(1, sizeof(*room));
	ck_assert_ptr_nonnull(room);
	ck_assert_int_eq(hello_opened(&m, &task, &room->frame), -EMSGSIZE);
	for (size_t i = 0; i < sizeof(room->beyond); i++)
		ck_assert_uint_eq(room->beyond[i], 0);
	free(room);
	maker_free_file(file, size);
	maker_deinit(&maker);
}
END_TEST

START_TEST(refused_starter_ends_the_daemon)
{
	struct world *w = world_new(WORLD_REFUSE_EINIT);

	ck_assert_int_eq(w->m->failure, DKD_REFUSED);
	ck_assert_int_eq(world_end(w), DKD_REFUSED);
}
END_TEST

START_TEST(refused_kernel_ends_the_daemon)
{
	struct world *w = world_new(WORLD_REFUSE_KERNEL);

	ck_assert_int_eq(world_end(w), DKD_REFUSED);
}
END_TEST

START_TEST(so_many_starts_are_under_way)
{
	struct world *w = world_new(WORLD_SILENT);

	ck_assert_uint_eq(w->m->n_starting, LIMIT_STARTS);
	w->no_answers = false;
	world_turn(w);
	ck_assert_uint_eq(w->m->n_starting, 0);
	ck_assert_uint_eq(w->m->n_live, 5);
	world_end(w);
}
END_TEST

START_TEST(hello_says_whether_handles_may_come)
{
	struct world *w = world_new(0);
	const struct wire_hello *hello = (void *)frame_fixed(&w->frame);

	world_expect(w, CLIENT, WIRE_KERNEL_FD, WIRE_HELLO);
	ck_assert_uint_eq(hello->flags, WIRE_HELLO_HANDLES);
	world_expect(w, PLAIN, WIRE_KERNEL_FD, WIRE_HELLO);
	ck_assert_uint_eq(hello->flags, 0);
	world_expect(w, SERVER, SERVER_MAIN, WIRE_OPENED);
	ck_assert_uint_eq(hello->flags, 0);
	world_end(w);
}
END_TEST

/* The launcher may see the end of a program before its sockets are shut. */
START_TEST(ended_program_waits_for_nothing)
{
	struct world *w = world_new(0);
	struct monitor_message ended = { .code = MONITOR_EXITED,
					 .task = CLIENT, .sid = 4,
					 .syscall = -1 };

	world_connect(w, CLIENT, 1, "Server", "srv.main", CM_FOREVER);
	world_listen(w, CLIENT, 2, "", CM_FOREVER);
	ck_assert_uint_eq(w->m->n_waiters, 2);
	world_say(w, &ended);
	world_turn(w);
	ck_assert_uint_eq(w->m->n_waiters, 0);
	ck_assert_uint_eq(w->m->tasks[CLIENT].n_channels, 0);
	w->programs[CLIENT].running = false;
	world_end(w);
}
END_TEST

START_TEST(killed_while_it_starts_is_killed_when_it_has)
{
	struct world *w = world_new(0);
	struct task *client = &w->m->tasks[CLIENT];
	struct monitor_message started = { .code = MONITOR_STARTED,
					   .task = CLIENT, .sid = 4,
					   .syscall = -1 };
	static const uint8_t bad[48] = { 9 };

	/* as if its frames had overtaken the launcher's word */
	client->state = TASK_STARTING;
	w->m->n_starting++;
	for (int i = 0; i < 3; i++)
		world_send_raw(w, CLIENT, CLIENT_MAIN, bad, sizeof(bad));
	world_turn(w);
	ck_assert(!w->programs[CLIENT].killed);
	world_say(w, &started);
	world_turn(w);
	ck_assert(w->programs[CLIENT].killed);
	ck_assert_uint_eq(world_count(w, "KILLED  Client"), 1);
	world_end(w);
}
END_TEST

START_TEST(denied_answers_of_the_kernel_are_counted_too)
{
	struct world *w = world_new(WORLD_JSON);

	for (uint32_t i = 0; i < 5 * LIMIT_AUDIT_BURST; i++)
		world_listen(w, PLAIN, i, "", 0);
	ck_assert_uint_lt(world_count(w, "\"Listen\""),
			  2 * LIMIT_AUDIT_BURST);
	/* no rule was asked, here and at Refused's start */
	ck_assert(world_printed(w, "\"subsystem\":\"router\""));
	ck_assert(!world_printed(w, "\"subsystem\":\"module\""));
	world_end(w);
}
END_TEST

START_TEST(refused_start_counts_as_a_failure)
{
	struct world *w = world_new(0);

	ck_assert(world_printed(w, "DENIED execute  starter (Einit, sid 2) -> "
				"Refused (t.Refused, sid 7): no rule"));
	for (uint32_t task = SERVER; task <= SHY; task++)
		if (task != REFUSED)
			world_exit(w, task, 0);
	ck_assert(w->m->over);
	ck_assert_int_eq(world_end(w), DKD_PROGRAM);
}
END_TEST

START_TEST(sigterm_ends_everything_with_success)
{
	struct world *w = world_new(0);
	struct monitor_message stop = { .code = MONITOR_STOP,
					.value = SIGTERM };

	world_expect(w, CLIENT, WIRE_KERNEL_FD, WIRE_HELLO);
	world_say(w, &stop);
	world_turn(w);
	world_expect_closed(w, CLIENT, WIRE_KERNEL_FD);
	ck_assert(!w->programs[CLIENT].killed);
	world_exit(w, CLIENT, 0);
	world_wait(w, 60);			/* the grace is 20 ms */
	ck_assert(!w->programs[CLIENT].killed);
	ck_assert(w->programs[SERVER].killed);
	ck_assert(w->m->over);
	ck_assert_int_eq(world_end(w), DKD_OK);
}
END_TEST

START_TEST(sigint_is_its_own_status)
{
	struct world *w = world_new(0);
	struct monitor_message stop = { .code = MONITOR_STOP, .value = SIGINT };

	world_say(w, &stop);
	world_say(w, &stop);			/* twice: no grace */
	world_turn(w);
	ck_assert(w->m->over);
	ck_assert_int_eq(world_end(w), DKD_INTERRUPTED);
}
END_TEST

static const struct { uint32_t step; int error, status; } failures[] = {
	{ STEP_OPEN, ENOENT, DKD_MISSING },
	{ STEP_OPEN, EACCES, DKD_UNRUNNABLE },
	{ STEP_EXEC, ENOEXEC, DKD_UNRUNNABLE },
	{ STEP_LANDLOCK, EPERM, DKD_CONFINE },
	{ STEP_SECCOMP, EINVAL, DKD_CONFINE },
	{ STEP_CLONE, EAGAIN, DKD_CONFINE },
};

START_TEST(failed_start_stops_the_solution)
{
	struct world *w = world_new(WORLD_SILENT);
	int status = 0;

	w->fail_task = CLIENT;
	w->fail_step = failures[_i].step;
	w->fail_errno = failures[_i].error;
	w->no_answers = false;
	world_wait(w, 60);
	ck_assert(w->m->over);
	ck_assert(world_printed(w, "FAILED to start Client (t.Client, sid 4)"));
	status = world_end(w);
	ck_assert_int_eq(status, failures[_i].status);
}
END_TEST

START_TEST(program_that_dies_without_a_word_is_its_own_status)
{
	struct world *w = world_new(WORLD_WAIT_CLIENT);

	w->m->failure = 0;			/* forget the refused start */
	world_exit(w, CLIENT, SIGSEGV);
	ck_assert(world_printed(w, "ended Client (t.Client, sid 4): killed by "
				"SIGSEGV (process 1 of a namespace"));
	world_wait(w, 60);
	ck_assert(w->m->over);
	ck_assert_int_eq(world_end(w), DKD_DIED);
}
END_TEST

START_TEST(program_that_fails_later_is_a_failed_program)
{
	struct world *w = world_new(WORLD_WAIT_CLIENT);

	w->m->failure = 0;
	world_echo(w, CLIENT, CLIENT_MAIN, 1, WIRE_DEADLINE_CAP);
	world_exit(w, CLIENT, 3 << 8);
	ck_assert(world_printed(w, "sid 4): status 3"));
	world_wait(w, 60);
	ck_assert_int_eq(world_end(w), DKD_PROGRAM);
}
END_TEST

START_TEST(waited_task_ends_the_solution)
{
	struct world *w = world_new(WORLD_WAIT_CLIENT);

	w->m->failure = 0;
	world_exit(w, CLIENT, 0);
	ck_assert(w->m->stopping);
	world_wait(w, 60);			/* the others are killed: no fault */
	ck_assert(w->m->over);
	ck_assert_int_eq(world_end(w), DKD_OK);
}
END_TEST

START_TEST(servers_that_nobody_can_call_are_waited_for_and_named)
{
	struct world *w = world_new(0);

	world_exit(w, PLAIN, 0);
	world_exit(w, CLIENT2, 0);	/* Client can still call Server */
	ck_assert(!world_printed(w, "waiting for the end"));
	world_exit(w, CLIENT, 0);
	ck_assert(world_printed(w, "waiting for the end of Server and 1 more: "));
	world_exit(w, SHY, 0);
	ck_assert_uint_eq(world_count(w, "waiting for the end"), 1);
	ck_assert(!w->m->stopping);
	world_end(w);
}
END_TEST

START_TEST(unknown_waited_task_is_a_usage_error)
{
	struct options options = { .n_wait = 1, .wait = { "Nobody" } };
	struct world *w = world_new(0);
	struct mediator *m = loop_new(&w->image, &options, w->monitor, w->out);

	ck_assert_ptr_nonnull(m);
	ck_assert(!loop_begin(m));
	ck_assert_int_eq(m->failure, DKD_USAGE);
	loop_free(m);
	world_end(w);
}
END_TEST

START_TEST(forbidden_system_call_is_named)
{
	struct world *w = world_new(0);
	struct monitor_message ended = {
		.code = MONITOR_EXITED, .task = CLIENT, .sid = 4,
		.value = SIGKILL, .syscall = 101 };

	world_say(w, &ended);
	world_turn(w);
	ck_assert(world_printed(w, "KILLED  Client (t.Client, sid 4): "
				"forbidden system call ptrace (101)"));
	ck_assert(world_printed(w, "killed by SIGKILL"));
	w->programs[CLIENT].running = false;
	world_end(w);
}
END_TEST

START_TEST(call_that_libc_makes_is_explained)
{
	struct world *w = world_new(0);
	struct monitor_message ended = {
		.code = MONITOR_EXITED, .task = CLIENT, .sid = 4,
		.value = SIGKILL, .syscall = 13 };

	world_say(w, &ended);
	world_turn(w);
	ck_assert(world_printed(w, "forbidden system call rt_sigaction (13), "
				"as the first thread makes: "
				"sandbox: {threads: n}"));
	w->programs[CLIENT].running = false;
	world_end(w);
}
END_TEST

START_TEST(launcher_that_goes_takes_us_along)
{
	struct world *w = world_new(0);

	close(w->launcher);
	w->launcher = dup(w->out_read);		/* something to close */
	loop_step(w->m, 100);
	ck_assert(w->m->over);
	ck_assert_int_eq(w->m->failure, DKD_MACHINE);
	w->ready = -1;
	loop_finish(w->m);
	for (int i = 0; i < N_WORLD_TASKS; i++)
		w->programs[i].running = false;
	w->m->n_calls = 0;
	world_end(w);
}
END_TEST

static void prints(struct world *w, const char *text, size_t n)
{
	ck_assert_int_eq(write(w->programs[CLIENT].fds[1], text, n), (int)n);
	world_turn(w);
}

START_TEST(output_is_prefixed_escaped_and_cut)
{
	struct world *w = world_new(0);
	char longer[3000];

	prints(w, "hello\nwo", 8);
	ck_assert(world_printed(w, "[Client] hello\n"));
	ck_assert(!world_printed(w, "[Client] wo"));
	prints(w, "rld\n", 4);
	ck_assert(world_printed(w, "[Client] world\n"));
	prints(w, "\033[2J\r\0\x9b\xc2\x9b\xe2\x80\xae\xff x\n", 16);
	ck_assert_msg(world_printed(w, "[Client] \\x1b[2J\\x0d\\x00\\x9b"
				    "\\u{9b}\\u{202e}\\xff x\n"), "%s",
		      w->text);
	prints(w, "gr\xc3\xbc\xc3\x9f\n", 7);
	ck_assert(world_printed(w, "[Client] gr\xc3\xbc\xc3\x9f\n"));
	memset(longer, 'a', sizeof(longer));
	longer[2999] = '\n';
	prints(w, longer, sizeof(longer));
	ck_assert(world_printed(w, "aaaa [cut]\n"));
	ck_assert_uint_eq(world_count(w, "[cut]"), 1);
	prints(w, "last words", 10);
	world_exit(w, CLIENT, 0);
	ck_assert(world_printed(w, "[Client] last words\n"));
	world_end(w);
}
END_TEST

START_TEST(flood_of_output_is_counted)
{
	struct world *w = world_new(0);

	for (int i = 0; i < 5000; i++)
		prints(w, "flood\n", 6);
	ck_assert_uint_lt(world_count(w, "[Client] flood"), 1500);
	world_wait(w, 1100);
	ck_assert(world_printed(w, "more lines of its output were not shown"));
	world_end(w);
}
END_TEST

START_TEST(grants_are_a_table_at_the_end_without_trace)
{
	struct world *w = world_new(WORLD_GRANTS);

	world_skip(w, SERVER, SERVER_MAIN, WIRE_OPENED);
	world_echo(w, CLIENT, CLIENT_MAIN, 0, WIRE_DEADLINE_CAP);
	world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
	world_answer_echo(w, SERVER, SERVER_MAIN, w->frame.header.call, 1);
	ck_assert_uint_eq(world_count(w, "GRANTED"), 0);
	loop_finish(w->m);
	world_turn(w);
	ck_assert(world_printed(w, "1  request  t.Client -> t.Server "
				"srv.main.Echo"));
	w->m->monitor.fd = w->monitor;
	world_end(w);
}
END_TEST

START_TEST(grants_are_told_with_trace)
{
	struct world *w = world_new(WORLD_TRACE);

	world_skip(w, SERVER, SERVER_MAIN, WIRE_OPENED);
	for (uint32_t i = 0; i < 3; i++) {
		world_echo(w, CLIENT, CLIENT_MAIN, i, WIRE_DEADLINE_CAP);
		world_expect(w, SERVER, SERVER_MAIN, WIRE_REQUEST);
		world_answer_echo(w, SERVER, SERVER_MAIN,
				  w->frame.header.call, 1);
	}
	ck_assert_uint_eq(world_count(w, "GRANTED request"), 1);
	ck_assert_uint_eq(world_count(w, "GRANTED response"), 1);
	ck_assert(world_printed(w, "srv.main.Echo: granted by base.grant at "
				"security.psl:1"));
	loop_finish(w->m);
	world_turn(w);
	ck_assert(world_printed(w, "3  request  t.Client -> t.Server "
				"srv.main.Echo"));
	w->m->monitor.fd = w->monitor;
	world_end(w);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("ipc");

	tcase_add_test(tests, hello_is_the_first_frame);
	tcase_add_test(tests, server_is_told_who_is_on_its_listener);
	tcase_add_test(tests, programs_get_exactly_their_descriptors);
	tcase_add_test(tests, hello_that_is_too_long_is_not_written);
	tcase_add_test(tests, refused_starter_ends_the_daemon);
	tcase_add_test(tests, refused_kernel_ends_the_daemon);
	tcase_add_test(tests, so_many_starts_are_under_way);
	tcase_add_test(tests, hello_says_whether_handles_may_come);
	tcase_add_test(tests, ended_program_waits_for_nothing);
	tcase_add_test(tests, killed_while_it_starts_is_killed_when_it_has);
	tcase_add_test(tests, denied_answers_of_the_kernel_are_counted_too);
	tcase_add_test(tests, refused_start_counts_as_a_failure);
	tcase_add_test(tests, sigterm_ends_everything_with_success);
	tcase_add_test(tests, sigint_is_its_own_status);
	tcase_add_loop_test(tests, failed_start_stops_the_solution, 0,
			    SUITE_LENGTH(failures));
	tcase_add_test(tests,
		       program_that_dies_without_a_word_is_its_own_status);
	tcase_add_test(tests, program_that_fails_later_is_a_failed_program);
	tcase_add_test(tests, waited_task_ends_the_solution);
	tcase_add_test(tests,
		       servers_that_nobody_can_call_are_waited_for_and_named);
	tcase_add_test(tests, unknown_waited_task_is_a_usage_error);
	tcase_add_test(tests, forbidden_system_call_is_named);
	tcase_add_test(tests, call_that_libc_makes_is_explained);
	tcase_add_test(tests, launcher_that_goes_takes_us_along);
	tcase_add_test(tests, output_is_prefixed_escaped_and_cut);
	tcase_add_test(tests, flood_of_output_is_counted);
	tcase_add_test(tests, grants_are_a_table_at_the_end_without_trace);
	tcase_add_test(tests, grants_are_told_with_trace);
	return suite_run("ipc", tests);
}
