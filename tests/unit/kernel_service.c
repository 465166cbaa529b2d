/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What a service manager gives and is told, with a manager of our own. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../../kernel/base/clock.h"
#include "../../kernel/base/notify.h"
#include "../../kernel/base/service.h"
#include "../../kernel/ipc/ready.h"
#include "support/suite.h"
#include "support/world.h"

static char heard[4096];

/* The next datagram, "" if there is none. */
static const char *hear(int fd)
{
	ssize_t n = recv(fd, heard, sizeof(heard) - 1, MSG_DONTWAIT);

	heard[n > 0 ? n : 0] = '\0';
	return heard;
}

/* A manager's socket, at a path or an abstract name that is written to NAME. */
static int manager(char *name, size_t size, bool abstract)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	size_t n;

	ck_assert_int_ge(fd, 0);
	n = (size_t)snprintf(name, size, "%s/tmp/dk-manager-%d",
			     abstract ? "@" : "", (int)getpid());
	memcpy(address.sun_path, name, n);
	if (abstract)
		address.sun_path[0] = '\0';
	else
		unlink(name);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, (socklen_t)
			      (offsetof(struct sockaddr_un, sun_path) + n)),
			 0);
	return fd;
}

START_TEST(manager_is_told_at_a_path_and_at_an_abstract_name)
{
	char name[100];
	int fd = manager(name, sizeof(name), _i == 1), told;

	setenv("NOTIFY_SOCKET", name, 1);
	told = notify_open();
	if (_i == 0)
		unlink(name);
	ck_assert_int_gt(told, STDERR_FILENO);
	ck_assert(notify_send(told, "READY=1"));
	ck_assert_str_eq(hear(fd), "READY=1");
	/* connected, so the name is not needed any more; but the socket is */
	close(fd);
	ck_assert(!notify_send(told, "READY=1"));
}
END_TEST

START_TEST(no_manager_is_no_error)
{
	struct service service;

	unsetenv("NOTIFY_SOCKET");
	unsetenv("JOURNAL_STREAM");
	setenv("WATCHDOG_USEC", "1000000", 1);
	ck_assert_int_eq(notify_open(), -ENOENT);
	service_open(&service);
	ck_assert_int_eq(service.notify_fd, -1);
	ck_assert_int_eq(service.journal_fd, -1);
	ck_assert_uint_eq(service.watchdog_ms, 0);
	service_close(&service);
}
END_TEST

static const struct { const char *path; int error; } bad_paths[] = {
	{ "", EINVAL }, { "/", EINVAL }, { "@", EINVAL },
	{ "relative", EINVAL }, { "vsock:2:9999", EINVAL },
	{ "/nonexistent/notify", ENOENT }, { "/dev/null", ECONNREFUSED },
	{ "@dk-nobody-has-this-name", ECONNREFUSED },
	{ "/a23456789b123456789c123456789d123456789e123456789f123456789"
	  "g123456789h123456789i123456789j123456789k12345678", EINVAL },
};

START_TEST(socket_that_cannot_be_had_is_done_without)
{
	struct service service;

	unsetenv("JOURNAL_STREAM");
	setenv("NOTIFY_SOCKET", bad_paths[_i].path, 1);
	ck_assert_int_eq(notify_open(), -bad_paths[_i].error);
	service_open(&service);
	ck_assert_int_eq(service.notify_fd, -1);
}
END_TEST

START_TEST(sockets_stay_clear_of_the_standard_descriptors)
{
	char name[100];
	int fd = manager(name, sizeof(name), true), told;

	close(STDIN_FILENO);
	told = service_connect(name);
	ck_assert_int_gt(told, STDERR_FILENO);
	close(fd);
}
END_TEST

static const struct { const char *usec, *pid; uint32_t ms; } watchdogs[] = {
	{ "2000000", NULL, 2000 }, { "2000000", "self", 2000 },
	{ "2000000", "1", 0 }, { "2000000", "", 0 }, { "2000000", "x", 0 },
	{ NULL, NULL, 0 }, { "", NULL, 0 }, { "0", NULL, 0 },
	{ "-1", NULL, 0 }, { "2000000s", NULL, 0 }, { " 5000", NULL, 0 },
	{ "1", NULL, 2 }, { "18446744073709551615", NULL, INT32_MAX },
	{ "18446744073709551616", NULL, 0 },
};

START_TEST(watchdog_is_ours_or_none)
{
	char self[16];

	snprintf(self, sizeof(self), "%d", (int)getpid());
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	if (watchdogs[_i].usec)
		setenv("WATCHDOG_USEC", watchdogs[_i].usec, 1);
	if (watchdogs[_i].pid)
		setenv("WATCHDOG_PID", strcmp(watchdogs[_i].pid, "self") ?
		       watchdogs[_i].pid : self, 1);
	ck_assert_uint_eq(notify_watchdog_ms(), watchdogs[_i].ms);
}
END_TEST

START_TEST(only_a_datagram_socket_is_inherited)
{
	int pair[2], stream[2], pipes[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, stream), 0);
	ck_assert_int_eq(pipe(pipes), 0);
	ck_assert_int_eq(service_inherited(pair[0]), pair[0]);
	ck_assert_int_eq(service_inherited(stream[0]), -1);
	ck_assert_int_eq(service_inherited(pipes[0]), -1);
	ck_assert_int_eq(fcntl(stream[0], F_GETFD), -1);
	ck_assert_int_eq(service_inherited(9999), -1);
}
END_TEST

/* ---- the mediator ---- */

static int pair[2];	/* the mediator's end, the manager's */

static struct world *begin(unsigned flags, uint32_t watchdog_ms)
{
	struct world *w;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0,
				    pair), 0);
	w = world_new(flags);
	ready_begin(w->m, pair[0], watchdog_ms);
	return w;
}

START_TEST(ready_is_when_all_were_started_and_not_before)
{
	struct world *w = begin(WORLD_SILENT, 0);

	ready_tell(w->m);
	ck_assert_str_eq(hear(pair[1]), "STATUS=starting, 0 programs run");
	w->no_answers = false;
	world_turn(w);
	while (!strstr(hear(pair[1]), "READY=1") && heard[0])
		ck_assert_ptr_nonnull(strstr(heard, "starting"));
	/* all but Refused, and Lazy that nobody asked for */
	ck_assert_str_eq(heard, "READY=1\nSTATUS=5 programs run, 1 event "
			 "denied");
	ck_assert_str_eq(hear(pair[1]), "");
	world_end(w);
}
END_TEST

START_TEST(what_is_not_new_is_not_said_again)
{
	struct world *w = begin(0, 0);

	ready_tell(w->m);
	ck_assert_ptr_nonnull(strstr(hear(pair[1]), "READY=1\nSTATUS=5 "));
	world_turn(w);
	world_turn(w);
	ck_assert_str_eq(hear(pair[1]), "");
	world_exit(w, CLIENT, 0);
	ck_assert_ptr_nonnull(strstr(hear(pair[1]), "STATUS=4 programs run"));
	ck_assert_str_eq(hear(pair[1]), "");
	world_end(w);
}
END_TEST

START_TEST(stopping_is_said_before_the_programs_have_ended)
{
	struct monitor_message stop = { .code = MONITOR_STOP, .value = 15 };
	struct world *w = begin(0, 0);

	ready_tell(w->m);
	hear(pair[1]);
	world_say(w, &stop);
	loop_step(w->m, 0);
	ck_assert_ptr_nonnull(strstr(hear(pair[1]), "STOPPING=1\nSTATUS="
				     "stopping, 5 programs run"));
	world_end(w);
	while (hear(pair[1])[0])
		ck_assert_ptr_null(strstr(heard, "READY=1"));
}
END_TEST

START_TEST(refused_start_is_never_ready)
{
	struct world *w = begin(WORLD_REFUSE_EINIT, 1000);

	while (hear(pair[1])[0])
		ck_assert_ptr_null(strstr(heard, "READY=1"));
	world_end(w);
}
END_TEST

static unsigned signs(int fd)
{
	unsigned n = 0;

	while (hear(fd)[0])
		n += strcmp(heard, "WATCHDOG=1") == 0;
	return n;
}

START_TEST(loop_gives_signs_of_life_at_half_the_time)
{
	struct world *w = begin(0, 100);
	uint64_t start = clock_ms(), passed;
	unsigned n;

	world_wait(w, 400);
	passed = clock_ms() - start;
	n = signs(pair[1]);
	ck_assert_uint_ge(n, 4);
	ck_assert_uint_le(n, passed / 50 + 1);
	world_end(w);
}
END_TEST

START_TEST(without_a_watchdog_there_are_none)
{
	struct world *w = begin(0, 0);

	world_wait(w, 100);
	ck_assert_uint_eq(signs(pair[1]), 0);
	world_end(w);
}
END_TEST

START_TEST(loop_that_does_not_turn_gives_none)
{
	struct world *w = begin(0, 40);

	world_wait(w, 50);
	ck_assert_uint_gt(signs(pair[1]), 0);
	usleep(100000);
	ck_assert_uint_eq(signs(pair[1]), 0);
	world_end(w);
}
END_TEST

START_TEST(manager_that_does_not_read_is_told_later_and_never_waited_for)
{
	struct world *w = begin(0, 0);
	uint64_t start = clock_ms();
	bool told = false;

	while (notify_send(pair[0], "X=1"))
		;
	ready_tell(w->m);
	world_wait(w, 20);
	ck_assert_uint_lt(clock_ms() - start, 5000);
	while (hear(pair[1])[0])
		told |= strstr(heard, "READY=1") != NULL;
	ck_assert(!told);
	world_wait(w, 300);
	while (hear(pair[1])[0])
		told |= strstr(heard, "READY=1") != NULL;
	ck_assert(told);
	world_end(w);
}
END_TEST

START_TEST(manager_that_is_gone_is_no_matter)
{
	struct world *w = begin(0, 40);
	int gone = pair[1];

	close(gone);
	world_wait(w, 100);
	ck_assert(w->programs[SERVER].running);
	ck_assert_int_eq(dup2(pair[0], gone), gone);	/* as many as before */
	ck_assert_int_eq(world_end(w), 0);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("service");

	tcase_add_loop_test(t, manager_is_told_at_a_path_and_at_an_abstract_name,
			    0, 2);
	tcase_add_test(t, no_manager_is_no_error);
	tcase_add_loop_test(t, socket_that_cannot_be_had_is_done_without, 0,
			    SUITE_LENGTH(bad_paths));
	tcase_add_test(t, sockets_stay_clear_of_the_standard_descriptors);
	tcase_add_loop_test(t, watchdog_is_ours_or_none, 0,
			    SUITE_LENGTH(watchdogs));
	tcase_add_test(t, only_a_datagram_socket_is_inherited);
	tcase_add_test(t, ready_is_when_all_were_started_and_not_before);
	tcase_add_test(t, what_is_not_new_is_not_said_again);
	tcase_add_test(t, stopping_is_said_before_the_programs_have_ended);
	tcase_add_test(t, refused_start_is_never_ready);
	tcase_add_test(t, loop_gives_signs_of_life_at_half_the_time);
	tcase_add_test(t, without_a_watchdog_there_are_none);
	tcase_add_test(t, loop_that_does_not_turn_gives_none);
	tcase_add_test(t, manager_that_does_not_read_is_told_later_and_never_waited_for);
	tcase_add_test(t, manager_that_is_gone_is_no_matter);
	return suite_run("service", t);
}
