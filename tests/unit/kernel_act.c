/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What the end of a hostile act means: refused only if it was a layer that did it. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "../../kernel/task/act.h"
#include "support/suite.h"

#define X32		0x40000000L
#define EXITED(status)	((status) << 8)

static const struct {
	long number;
	bool listed;
	int call, status;
	enum act_end end;
	const char *how;
} rows[] = {
	{ SYS_ptrace, false, SYS_ptrace, SIGKILL, ACT_REFUSED, "killed: ptrace" },
	{ SYS_openat, true, SYS_openat, SIGKILL, ACT_REFUSED, "killed: openat" },
	{ 0x100000000L + SYS_socket, false, SYS_socket, SIGKILL, ACT_REFUSED,
	  "killed: socket" },
	{ 1023, false, 1023, SIGKILL, ACT_REFUSED, "killed: call 1023" },
	{ SYS_ptrace, false, SYS_ioctl, SIGKILL, ACT_UNKNOWN,
	  "killed for another call: ioctl" },
	{ X32 + 1, false, -1, SIGSYS, ACT_REFUSED, "killed: SIGSYS" },
	{ -2, false, -1, SIGSYS, ACT_REFUSED, "killed: SIGSYS" },
	{ ACT_FOREIGN, false, -1, SIGSYS, ACT_REFUSED, "killed: SIGSYS" },
	{ ACT_FOREIGN, false, -1, SIGSEGV, ACT_REFUSED, "killed: SIGSEGV" },
	{ X32 + 1, false, -1, SIGSEGV, ACT_UNKNOWN, "killed: SIGSEGV" },
	{ SYS_ptrace, false, -1, SIGSYS, ACT_UNKNOWN, "killed: SIGSYS" },
	{ SYS_ptrace, false, -1, SIGKILL, ACT_UNKNOWN, "killed: SIGKILL" },
	{ X32 + 1, false, -1, SIGKILL, ACT_UNKNOWN, "killed: SIGKILL" },
	{ SYS_ptrace, false, -1, EXITED(ACT_EXIT_DONE), ACT_SUCCEEDED,
	  "nothing refused it" },
	{ SYS_openat, true, -1, EXITED(ACT_EXIT_DONE), ACT_SUCCEEDED,
	  "nothing refused it" },
	{ SYS_openat, true, -1, EXITED(EACCES), ACT_REFUSED,
	  "EACCES: Permission denied" },
	{ SYS_openat, false, -1, EXITED(EACCES), ACT_LET_THROUGH,
	  "the filter let it through: EACCES" },
	{ ACT_FOREIGN, false, -1, EXITED(ENOSYS), ACT_LET_THROUGH,
	  "the filter let it through: ENOSYS" },
	{ SYS_openat, true, -1, EXITED(0), ACT_UNKNOWN, "ended with status 0" },
	{ SYS_openat, true, -1, EXITED(201), ACT_UNKNOWN,
	  "ended with status 201" },
};

START_TEST(an_end_is_a_refusal_only_if_it_is_the_acts_own)
{
	const struct act act = { "A0_act", rows[_i].number };
	char how[ACT_HOW_SIZE] = "";

	ck_assert_int_eq(act_judge(&act, rows[_i].listed, rows[_i].call,
				   rows[_i].status, how), rows[_i].end);
	ck_assert_str_eq(how, rows[_i].how);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("act");

	tcase_add_loop_test(tests, an_end_is_a_refusal_only_if_it_is_the_acts_own,
			    0, SUITE_LENGTH(rows));
	return suite_run("act", tests);
}
