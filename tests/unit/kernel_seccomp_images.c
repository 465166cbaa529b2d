/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The filter of every task of every example's image, with and without threads and
 * MDWE: each number, on every architecture and with the bit of x32, with
 * arguments that matter to some rule, is compared with a model that is written
 * down here; and each jump of the filter goes both ways, or allows nothing on the one
 * that it never goes.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/audit.h>
#include <linux/futex.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../kernel/security/image.h"
#include "../../kernel/task/confine_seccomp.h"
#include "support/bpf.h"
#include "support/suite.h"

#define NUMBERS	1024
#define X32	0x40000000
#define NONCE	UINT64_C(0x8877665544332211)
#define HIGH	(UINT64_C(0xabcdef01) << 32)

/* ---- what was asked for ---- */

struct asked {
	const struct image *image;
	struct image_list list;
	unsigned flags;
	bool listed[NUMBERS];
};

static uint32_t of_memory(const struct asked *asked, uint32_t argument)
{
	return asked->flags & SYSCALL_NO_CODE && argument & PROT_EXEC ?
	       SECCOMP_RET_ERRNO | EACCES : SECCOMP_RET_ALLOW;
}

/* By the number alone, and what its arguments change. */
static uint32_t of_number(const struct asked *asked,
			  const struct seccomp_data *data)
{
	bool threads = asked->flags & SYSCALL_THREADS;

	if (threads && data->nr == SYS_clone3)
		return SECCOMP_RET_ERRNO | ENOSYS;
	if (threads && data->nr == SYS_clone)
		return (uint32_t)data->args[0] == SYSCALL_THREAD_FLAGS ?
		       SECCOMP_RET_ALLOW : SECCOMP_RET_USER_NOTIF;
	if (!asked->listed[data->nr])
		return data->nr == SYS_sysinfo
			|| data->nr == SYS_sched_getaffinity ?
		       SECCOMP_RET_ERRNO | EPERM : SECCOMP_RET_USER_NOTIF;
	if (!threads && data->nr == SYS_futex)
		return (uint32_t)data->args[1] == FUTEX_WAKE_PRIVATE ?
		       SECCOMP_RET_ALLOW : SECCOMP_RET_USER_NOTIF;
	if (data->nr == SYS_mmap || data->nr == SYS_mprotect)
		return of_memory(asked, (uint32_t)data->args[2]);
	return SECCOMP_RET_ALLOW;
}

static uint32_t model(const struct asked *asked,
		      const struct seccomp_data *data)
{
	if (data->arch != AUDIT_ARCH_X86_64)
		return SECCOMP_RET_KILL_PROCESS;
	if (data->nr == -1)	/* no call; libseccomp gives it the default */
		return SECCOMP_RET_USER_NOTIF;
	if (data->nr & X32)
		return SECCOMP_RET_KILL_PROCESS;
	if (data->args[5] == NONCE
	    && (data->nr == SYS_execveat || data->nr == SYS_sendmsg
		|| data->nr == SYS_exit_group))
		return SECCOMP_RET_ALLOW;
	return of_number(asked, data);
}

/* ---- what was made ---- */

struct made {
	struct sock_filter code[BPF_MAXINSNS];
	uint8_t taken[BPF_MAXINSNS];
	size_t n;
};

static void make(struct made *made, struct asked *asked)
{
	const char *names[NUMBERS], *fault;
	struct filter filter;

	memset(made, 0, sizeof(*made));
	memset(asked->listed, 0, sizeof(asked->listed));
	ck_assert_uint_lt(asked->list.count, NUMBERS);
	for (uint32_t i = 0; i < asked->list.count; i++) {
		int number;

		names[i] = image_string(asked->image, asked->image->lists[
						asked->list.first + i]);
		number = seccomp_syscall_resolve_name(names[i]);
		ck_assert(number >= 0 && number < NUMBERS);
		asked->listed[number] = true;
	}
	ck_assert_int_eq(filter_init(&filter, names, asked->list.count,
				     asked->flags, &fault), 0);
	made->n = filter_compose(made->code, &filter, NONCE);
	filter_deinit(&filter);
}

static const uint64_t arguments[][6] = {
	{ 0 },
	{ 0, 0, 0, 0, 0, NONCE },
	{ NONCE, NONCE, NONCE, NONCE, NONCE, NONCE ^ 1 },
	{ 0, 0, 0, 0, 0, NONCE ^ UINT64_C(1) << 63 },
	{ SYSCALL_THREAD_FLAGS, FUTEX_WAKE_PRIVATE, PROT_EXEC },
	{ HIGH | SYSCALL_THREAD_FLAGS, HIGH | FUTEX_WAKE_PRIVATE,
	  HIGH | PROT_READ },
	{ SYSCALL_THREAD_FLAGS | 1, FUTEX_WAKE, HIGH | 7 },
	{ ~UINT64_C(0), ~UINT64_C(0), ~UINT64_C(0), ~UINT64_C(0),
	  ~UINT64_C(0), ~UINT64_C(0) },
};

static const uint32_t architectures[] = {
	AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_ARM, AUDIT_ARCH_ARMEB,
	AUDIT_ARCH_AARCH64, AUDIT_ARCH_PPC, AUDIT_ARCH_PPC64,
	AUDIT_ARCH_PPC64LE, AUDIT_ARCH_S390, AUDIT_ARCH_S390X,
	AUDIT_ARCH_RISCV32, AUDIT_ARCH_RISCV64, AUDIT_ARCH_MIPS,
	AUDIT_ARCH_MIPSEL64, AUDIT_ARCH_SPARC64, AUDIT_ARCH_LOONGARCH64, 0,
	0xffffffff,
};

static void compare(struct made *made, const struct asked *asked,
		    struct seccomp_data *data, const char *name)
{
	for (int i = 0; i < SUITE_LENGTH(arguments); i++) {
		uint32_t got, wanted;

		memcpy(data->args, arguments[i], sizeof(data->args));
		got = bpf_run(made->code, made->n, data, made->taken);
		wanted = model(asked, data);
		/* Not ck_assert_msg: it writes for each one that holds. */
		if (got != wanted)
			ck_abort_msg("%s, flags %u: call %d of architecture %x "
				     "with arguments %d: %x, not %x", name,
				     asked->flags, data->nr, data->arch, i, got,
				     wanted);
	}
}

/* The list's own code stands behind the prelude, which lets no other
   architecture through: here it is asked alone as well. */
static void run_alone(struct made *made, struct seccomp_data *data)
{
	uint32_t got = bpf_run(made->code + SECCOMP_PRELUDE_N,
			       made->n - SECCOMP_PRELUDE_N, data,
			       made->taken + SECCOMP_PRELUDE_N);

	if (data->arch != AUDIT_ARCH_X86_64 && got != SECCOMP_RET_KILL_PROCESS)
		ck_abort_msg("architecture %x: %x", data->arch, got);
}

static bool can_allow(const struct made *made, size_t at)
{
	const struct sock_filter *insn = &made->code[at];

	if (at >= made->n)
		return true;
	if (BPF_CLASS(insn->code) == BPF_RET)
		return insn->k == SECCOMP_RET_ALLOW;
	if (BPF_CLASS(insn->code) != BPF_JMP)
		return can_allow(made, at + 1);
	if (BPF_OP(insn->code) == BPF_JA)
		return can_allow(made, at + 1 + insn->k);
	return can_allow(made, at + 1 + insn->jt)
		|| can_allow(made, at + 1 + insn->jf);
}

/*
 * Some ways that libseccomp writes down nothing can take: it masks the upper half
 * of an argument with 0 and then asks whether that is 0. There must be nothing to
 * be had at the end of them.
 */
static void check_taken(const struct made *made, const char *name)
{
	for (size_t at = 0; at < made->n; at++) {
		const struct sock_filter *insn = &made->code[at];

		if (BPF_CLASS(insn->code) != BPF_JMP
		    || BPF_OP(insn->code) == BPF_JA)
			continue;
		ck_assert_msg(made->taken[at], "%s: nothing comes to the jump "
			      "at %zu", name, at);
		if (!(made->taken[at] & BPF_TAKEN_YES))
			ck_assert_msg(!can_allow(made, at + 1 + insn->jt),
				      "%s: nothing jumps at %zu, and it allows",
				      name, at);
		if (!(made->taken[at] & BPF_TAKEN_NO))
			ck_assert_msg(!can_allow(made, at + 1 + insn->jf),
				      "%s: all jump at %zu, and else it allows",
				      name, at);
	}
}

static void check_filter(struct asked *asked, const char *name)
{
	static struct made made;

	make(&made, asked);
	for (int i = 0; i < SUITE_LENGTH(architectures); i++)
		for (int number = -1; number < NUMBERS; number++) {
			struct seccomp_data data = {
				.arch = architectures[i], .nr = number,
			};

			compare(&made, asked, &data, name);
			run_alone(&made, &data);
			data.nr |= X32;
			compare(&made, asked, &data, name);
			run_alone(&made, &data);
		}
	check_taken(&made, name);
}

/* ---- of which images ---- */

static void check_image(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct image_fault fault;
	struct image image;
	struct stat st;
	void *data;

	ck_assert_msg(fd >= 0 && fstat(fd, &st) == 0, "%s", path);
	data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	ck_assert_ptr_ne(data, MAP_FAILED);
	close(fd);
	ck_assert(image_load(&image, data, (size_t)st.st_size, &fault));
	ck_assert_uint_gt(image.n_tasks, 0);
	for (uint32_t i = 0; i < image.n_tasks; i++)
		for (unsigned flags = 0; flags < 4; flags++) {
			struct asked asked = {
				.image = &image, .flags = flags,
				.list = image.tasks[i].syscalls,
			};

			/* Its list has clone, which nobody else may. */
			if (image.tasks[i].threads > 1
			    && !(flags & SYSCALL_THREADS))
				continue;
			check_filter(&asked, image_string(&image,
						image.tasks[i].name));
		}
	munmap(data, (size_t)st.st_size);
}

START_TEST(every_filter_of_every_example_is_what_was_asked_for)
{
	const char *build = getenv("BUILD");
	char pattern[4096];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/apps/*/*.dk",
		 build ? build : "build");
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	ck_assert_uint_ge(found.gl_pathc, 3);
	for (size_t i = 0; i < found.gl_pathc; i++)
		check_image(found.gl_pathv[i]);
	globfree(&found);
}
END_TEST

/* The check of this file can fail: a call more than was asked for is seen. */
START_TEST(a_filter_that_lets_more_through_is_noticed)
{
	static const char *const names[] = { "read", "write", "socket" };
	struct asked asked = { .flags = 0 };
	struct seccomp_data data = { .arch = AUDIT_ARCH_X86_64 };
	static struct made made;
	struct filter filter;
	const char *fault;
	int n_different = 0;

	ck_assert_int_eq(filter_init(&filter, names, 3, 0, &fault), 0);
	made.n = filter_compose(made.code, &filter, NONCE);
	filter_deinit(&filter);
	asked.listed[SYS_read] = asked.listed[SYS_write] = true;
	for (data.nr = 0; data.nr < NUMBERS; data.nr++)
		n_different += bpf_run(made.code, made.n, &data, NULL)
			!= model(&asked, &data);
	ck_assert_int_eq(n_different, 1);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("seccomp_images");

	tcase_add_test(tests,
		       every_filter_of_every_example_is_what_was_asked_for);
	tcase_add_test(tests, a_filter_that_lets_more_through_is_noticed);
	return suite_run("seccomp_images", tests);
}
