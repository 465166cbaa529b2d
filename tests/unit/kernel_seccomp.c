/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The filters that programs get, run in a simulator of the kernel's classic BPF
 * and compared with a model that is one look-up: every number, both ways of
 * counting, every architecture, every half of the nonce.
 */
#include <errno.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "../../kernel/task/confine_seccomp.h"
#include "support/bpf.h"
#include "support/suite.h"

#define NUMBERS		1024
#define X32		0x40000000
#define NONCE		UINT64_C(0x1122334455667788)

/* A list as a class with threads and paths has it. */
static const char *const names[] = {
	"arch_prctl", "brk", "clock_nanosleep", "close", "exit", "exit_group",
	"fstat", "futex", "getdents64", "getrandom", "lseek", "madvise", "mmap",
	"mprotect", "mremap", "munmap", "newfstatat", "openat", "poll",
	"prlimit64", "read", "readlink", "recvfrom", "rseq", "rt_sigaction",
	"rt_sigprocmask", "sched_yield", "sendto", "set_robust_list",
	"set_tid_address", "write", "writev",
};
#define N_NAMES ((size_t)SUITE_LENGTH(names))

/* ---- what is compared ---- */

struct whole {
	struct sock_filter code[BPF_MAXINSNS];
	size_t n;
};

static void make(struct whole *whole, unsigned flags)
{
	struct filter filter;
	const char *fault;

	ck_assert_int_eq(filter_init(&filter, names, N_NAMES, flags, &fault),
			 0);
	whole->n = filter_compose(whole->code, &filter, NONCE);
	ck_assert_uint_eq(whole->n, filter.n + SECCOMP_PRELUDE_N);
	filter_deinit(&filter);
}

static uint32_t run(const struct whole *whole, uint32_t arch, int number,
		    const uint64_t *args)
{
	struct seccomp_data data = { .nr = number, .arch = arch };

	if (args)
		memcpy(data.args, args, sizeof(data.args));
	return bpf_run(whole->code, whole->n, &data, NULL);
}

static uint32_t run_here(const struct whole *whole, int number,
			 const uint64_t *args)
{
	return run(whole, AUDIT_ARCH_X86_64, number, args);
}

static bool listed(int number)
{
	for (size_t i = 0; i < N_NAMES; i++)
		if (seccomp_syscall_resolve_name(names[i]) == number)
			return true;
	return false;
}

/* What a call gets that is on no list: two fail, since libc makes them on its
   own and does without, and the others end the program. */
static uint32_t unlisted(int number)
{
	return number == SYS_sysinfo || number == SYS_sched_getaffinity ?
	       SECCOMP_RET_ERRNO | EPERM : SECCOMP_RET_USER_NOTIF;
}

/* The model. Arguments are not those of a thread, nor the nonce. */
static uint32_t expected(int number, bool threads)
{
	if (threads && number == SYS_clone3)
		return SECCOMP_RET_ERRNO | ENOSYS;
	if (!threads && number == SYS_futex)
		return SECCOMP_RET_USER_NOTIF;
	return listed(number) ? SECCOMP_RET_ALLOW : unlisted(number);
}

static void random_args(uint64_t *args, uint64_t *seed)
{
	for (int i = 0; i < 6; i++)
		args[i] = suite_random(seed);
}

START_TEST(every_number_has_the_verdict_of_the_list)
{
	struct whole whole;
	uint64_t seed = 1, args[6];

	for (int threads = 0; threads < 2; threads++) {
		make(&whole, threads ? SYSCALL_THREADS : 0);
		for (int number = 0; number < NUMBERS; number++) {
			ck_assert_msg(run_here(&whole, number, NULL)
				      == expected(number, threads), "%d",
				      number);
			random_args(args, &seed);
			ck_assert_msg(run_here(&whole, number, args)
				      == expected(number, threads), "%d",
				      number);
		}
	}
}
END_TEST

START_TEST(a_list_of_nothing_allows_nothing)
{
	struct whole whole;
	struct filter filter;
	const char *fault;

	ck_assert_int_eq(filter_init(&filter, names, 0, 0, &fault), 0);
	whole.n = filter_compose(whole.code, &filter, NONCE);
	filter_deinit(&filter);
	for (int number = 0; number < NUMBERS; number++)
		ck_assert_uint_eq(run_here(&whole, number, NULL),
				  unlisted(number));
}
END_TEST

START_TEST(numbers_of_x32_are_killed)
{
	struct whole whole;
	uint64_t seed = 2, args[6];

	make(&whole, SYSCALL_THREADS);
	for (int number = 0; number < NUMBERS; number++) {
		random_args(args, &seed);
		args[5] = NONCE;
		ck_assert_msg(run_here(&whole, number | X32, args)
			      == SECCOMP_RET_KILL_PROCESS, "%d", number);
	}
}
END_TEST

START_TEST(numbers_beyond_all_are_never_allowed)
{
	static const uint32_t far[] = {
		0x3fffffff, 0x80000000, 0x80000001, 0xc0000000, 0xfffffffe,
		0xffffffff, 0x10000, 0x00010001, 0x7fffffff,
	};
	struct whole whole;

	make(&whole, SYSCALL_THREADS);
	for (int i = 0; i < SUITE_LENGTH(far); i++) {
		uint32_t verdict = run_here(&whole, (int)far[i], NULL);

		ck_assert_msg(verdict == SECCOMP_RET_USER_NOTIF
			      || verdict == SECCOMP_RET_KILL_PROCESS, "%x %x",
			      far[i], verdict);
	}
}
END_TEST

START_TEST(foreign_architectures_are_killed)
{
	static const uint32_t others[] = {
		AUDIT_ARCH_I386, AUDIT_ARCH_ARM, AUDIT_ARCH_AARCH64,
		AUDIT_ARCH_PPC64LE, AUDIT_ARCH_S390X, AUDIT_ARCH_RISCV64, 0,
		0xffffffff, AUDIT_ARCH_X86_64 & ~0x40000000u,
	};
	const uint64_t args[6] = { 0, 0, 0, 0, 0, NONCE };
	struct whole whole;

	make(&whole, SYSCALL_THREADS);
	for (int i = 0; i < SUITE_LENGTH(others); i++)
		for (int number = 0; number < NUMBERS; number++)
			ck_assert_uint_eq(run(&whole, others[i], number, args),
					  SECCOMP_RET_KILL_PROCESS);
}
END_TEST

START_TEST(the_last_steps_want_the_whole_nonce)
{
	static const int steps[] = { SYS_execveat, SYS_sendmsg,
				     SYS_exit_group };
	static const uint64_t wrong[] = {
		0, 1, NONCE + 1, NONCE - 1, NONCE ^ UINT64_C(1) << 63,
		NONCE ^ UINT64_C(1) << 32, NONCE ^ UINT64_C(1) << 31,
		NONCE & 0xffffffff, NONCE & ~UINT64_C(0xffffffff),
		NONCE << 32 | NONCE >> 32, ~NONCE,
	};
	struct whole whole;

	make(&whole, SYSCALL_THREADS);
	for (int i = 0; i < SUITE_LENGTH(steps); i++) {
		uint64_t args[6] = { 0, 0, 0, 0, 0, NONCE };

		ck_assert_uint_eq(run_here(&whole, steps[i], args),
				  SECCOMP_RET_ALLOW);
		for (int j = 0; j < SUITE_LENGTH(wrong); j++) {
			args[5] = wrong[j];
			ck_assert_uint_eq(run_here(&whole, steps[i], args),
					  expected(steps[i], true));
		}
		for (int j = 0; j < 5; j++) {	/* the nonce elsewhere */
			memset(args, 0, sizeof(args));
			args[j] = NONCE;
			ck_assert_uint_eq(run_here(&whole, steps[i], args),
					  expected(steps[i], true));
		}
	}
}
END_TEST

START_TEST(the_nonce_opens_no_other_call)
{
	const uint64_t args[6] = { 0, 0, 0, 0, 0, NONCE };
	struct whole whole;

	make(&whole, 0);
	for (int number = 0; number < NUMBERS; number++) {
		if (number == SYS_execveat || number == SYS_sendmsg
		    || number == SYS_exit_group)
			continue;
		ck_assert_uint_eq(run_here(&whole, number, args),
				  expected(number, false));
	}
}
END_TEST

/* The kernel looks at the low half of clone's flags; so must the filter. */
START_TEST(clone_wants_the_flags_of_a_thread)
{
	struct whole whole, without;
	uint64_t args[6] = { SYSCALL_THREAD_FLAGS };

	make(&whole, SYSCALL_THREADS);
	make(&without, 0);
	ck_assert_uint_eq(run_here(&whole, SYS_clone, args), SECCOMP_RET_ALLOW);
	ck_assert_uint_eq(run_here(&without, SYS_clone, args),
			  SECCOMP_RET_USER_NOTIF);
	for (int bit = 0; bit < 32; bit++) {
		args[0] = SYSCALL_THREAD_FLAGS ^ UINT64_C(1) << bit;
		ck_assert_uint_eq(run_here(&whole, SYS_clone, args),
				  SECCOMP_RET_USER_NOTIF);
		args[0] |= UINT64_C(0xdeadbeef) << 32;
		ck_assert_uint_eq(run_here(&whole, SYS_clone, args),
				  SECCOMP_RET_USER_NOTIF);
	}
	for (int bit = 32; bit < 64; bit++) {	/* not seen by the kernel */
		args[0] = SYSCALL_THREAD_FLAGS | UINT64_C(1) << bit;
		ck_assert_uint_eq(run_here(&whole, SYS_clone, args),
				  SECCOMP_RET_ALLOW);
	}
}
END_TEST

START_TEST(without_threads_a_program_may_only_wake)
{
	const uint64_t wake = FUTEX_WAKE | FUTEX_PRIVATE_FLAG;
	uint64_t args[6] = { 0x1000, wake, INT_MAX };
	struct whole whole;

	make(&whole, 0);
	ck_assert_uint_eq(run_here(&whole, SYS_futex, args),
			  SECCOMP_RET_ALLOW);
	for (int bit = 0; bit < 32; bit++) {
		args[1] = wake ^ UINT64_C(1) << bit;
		ck_assert_uint_eq(run_here(&whole, SYS_futex, args),
				  SECCOMP_RET_USER_NOTIF);
	}
	for (uint64_t op = 0; op < 512; op++) {
		args[1] = op;
		ck_assert_uint_eq(run_here(&whole, SYS_futex, args),
				  op == wake ? SECCOMP_RET_ALLOW
				  : SECCOMP_RET_USER_NOTIF);
	}
}
END_TEST

/* The kernel looks at the low half of prot; so must the filter. */
START_TEST(without_mdwe_memory_never_becomes_code)
{
	static const int calls[] = { SYS_mmap, SYS_mprotect };
	const uint64_t high = UINT64_C(0xffffffff) << 32;
	struct whole whole;

	for (unsigned threads = 0; threads < 2; threads++) {
		make(&whole, threads | SYSCALL_NO_CODE);
		for (uint64_t prot = 0; prot < 256; prot++)
			for (int i = 0; i < SUITE_LENGTH(calls); i++) {
				uint64_t args[6] = { 0, 4096, prot };
				uint32_t wanted = prot & PROT_EXEC ?
					SECCOMP_RET_ERRNO | EACCES
					: SECCOMP_RET_ALLOW;

				ck_assert_uint_eq(run_here(&whole, calls[i],
							   args), wanted);
				args[2] |= high;
				ck_assert_uint_eq(run_here(&whole, calls[i],
							   args), wanted);
			}
		for (int number = 0; number < NUMBERS; number++)
			ck_assert_uint_eq(run_here(&whole, number, NULL),
					  expected(number, threads));
	}
}
END_TEST

/* ld.so maps code that is not writable; it makes none of what was. */
START_TEST(without_mdwe_libraries_are_mapped_and_nothing_more)
{
	const uint64_t high = UINT64_C(0xffffffff) << 32;
	const uint64_t both = PROT_WRITE | PROT_EXEC;
	struct whole whole;

	make(&whole, SYSCALL_NO_CODE | SYSCALL_LIBRARIES);
	for (uint64_t prot = 0; prot < 256; prot++) {
		uint64_t args[6] = { 0, 4096, prot };
		uint32_t code = SECCOMP_RET_ERRNO | EACCES;

		for (int i = 0; i < 2; i++) {
			ck_assert_uint_eq(run_here(&whole, SYS_mmap, args),
					  (prot & both) == both ? code
					  : SECCOMP_RET_ALLOW);
			ck_assert_uint_eq(run_here(&whole, SYS_mprotect, args),
					  prot & PROT_EXEC ? code
					  : SECCOMP_RET_ALLOW);
			args[2] |= high;
		}
	}
}
END_TEST

/* Nor by the other ways, where a list has them. */
START_TEST(no_other_call_makes_code_either)
{
	static const struct {
		const char *name;
		int number, argument;
		uint64_t bit;
	} cases[] = {
		{ "pkey_mprotect", SYS_pkey_mprotect, 2, PROT_EXEC },
		{ "shmat", SYS_shmat, 2, 0100000 },
		{ "personality", SYS_personality, 0, 0x0400000 },
	};

	for (int i = 0; i < SUITE_LENGTH(cases); i++) {
		uint64_t args[6] = { 0 };
		struct filter filter;
		struct whole whole;
		const char *fault;

		ck_assert_int_eq(filter_init(&filter, &cases[i].name, 1,
					     SYSCALL_NO_CODE, &fault), 0);
		whole.n = filter_compose(whole.code, &filter, NONCE);
		filter_deinit(&filter);
		ck_assert_uint_eq(run_here(&whole, cases[i].number, args),
				  SECCOMP_RET_ALLOW);
		args[cases[i].argument] = cases[i].bit | 1;
		ck_assert_uint_eq(run_here(&whole, cases[i].number, args),
				  SECCOMP_RET_ERRNO | EACCES);
	}
}
END_TEST

/* Lists drawn at random: what libseccomp makes of them is what they say. */
START_TEST(random_lists_are_compiled_faithfully)
{
	uint64_t seed = 3;

	for (int round = 0; round < 30; round++) {
		char *drawn[NUMBERS];
		bool in[NUMBERS] = { false };
		struct filter filter;
		struct whole whole;
		const char *fault;
		size_t n = 0;

		for (int number = 0; number < NUMBERS; number++) {
			char *name;

			if (suite_below(&seed, 1 + (uint32_t)round))
				continue;
			name = seccomp_syscall_resolve_num_arch(
				SCMP_ARCH_X86_64, number);
			if (!name)
				continue;
			drawn[n] = name;
			if (filter_init(&filter, (const char *const *)drawn + n,
					1, 0, &fault) < 0) {
				free(name);	/* nobody may have it */
				continue;
			}
			filter_deinit(&filter);
			in[number] = number != SYS_futex;
			n++;
		}
		ck_assert_int_eq(filter_init(&filter,
					     (const char *const *)drawn, n,
					     0, &fault), 0);
		whole.n = filter_compose(whole.code, &filter, NONCE);
		filter_deinit(&filter);
		for (int number = 0; number < NUMBERS; number++)
			ck_assert_uint_eq(run_here(&whole, number, NULL),
					  in[number] ? SECCOMP_RET_ALLOW
					  : unlisted(number));
		while (n > 0)
			free(drawn[--n]);
	}
}
END_TEST

START_TEST(names_that_are_unknown_or_never_given_are_errors)
{
	static const struct {
		const char *name;
		int result;
	} cases[] = {
		{ "no_such_call", -ENOENT }, { "", -ENOENT },
		{ "READ", -ENOENT }, { "socketcall", -ENOENT },
		{ "execve", -EPERM }, { "execveat", -EPERM },
		{ "fork", -EPERM }, { "vfork", -EPERM }, { "clone", -EPERM },
		{ "clone3", -EPERM }, { "seccomp", -EPERM },
		{ "ptrace", -EPERM },
	};

	for (int i = 0; i < SUITE_LENGTH(cases); i++) {
		struct filter filter;
		const char *fault;

		ck_assert_int_eq(filter_init(&filter, &cases[i].name, 1, 0,
					     &fault), cases[i].result);
		ck_assert_ptr_eq(fault, cases[i].name);
		ck_assert_ptr_null(filter.code);
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("seccomp");

	tcase_add_test(tests, every_number_has_the_verdict_of_the_list);
	tcase_add_test(tests, a_list_of_nothing_allows_nothing);
	tcase_add_test(tests, numbers_of_x32_are_killed);
	tcase_add_test(tests, numbers_beyond_all_are_never_allowed);
	tcase_add_test(tests, foreign_architectures_are_killed);
	tcase_add_test(tests, the_last_steps_want_the_whole_nonce);
	tcase_add_test(tests, the_nonce_opens_no_other_call);
	tcase_add_test(tests, clone_wants_the_flags_of_a_thread);
	tcase_add_test(tests, without_mdwe_memory_never_becomes_code);
	tcase_add_test(tests,
		       without_mdwe_libraries_are_mapped_and_nothing_more);
	tcase_add_test(tests, no_other_call_makes_code_either);
	tcase_add_test(tests, random_lists_are_compiled_faithfully);
	tcase_add_test(tests, without_threads_a_program_may_only_wake);
	tcase_add_test(tests, names_that_are_unknown_or_never_given_are_errors);
	return suite_run("seccomp", tests);
}
