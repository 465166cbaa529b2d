/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "confine_seccomp.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "raw.h"

#define ARCH_HERE	AUDIT_ARCH_X86_64

/* A second program, a second process, another's memory: on no list. */
static const char *const never[] = {
	"execve", "execveat", "clone", "clone3", "fork", "vfork", "seccomp",
	"ptrace",
};

#define AS_LISTED	(1u << 31)	/* a flag for filter_init_kill alone */

/*
 * A list knows no arguments. What some of its names mean is added by these: 1,
 * the name has its rule; 0, it is like the others; or -errno.
 */

/* Have theirs from add_thread_rules, listed or not. */
static int add_threads(scmp_filter_ctx context, const char *name)
{
	(void)context;
	return !strcmp(name, "clone") || !strcmp(name, "clone3");
}

/*
 * One thread never waits for another, but libc and libstdc++ wake whoever might
 * (pthread_once, and with it the first use of std::cout).
 */
static int add_no_threads(scmp_filter_ctx context, const char *name)
{
	int r;

	if (strcmp(name, "futex") != 0)
		return 0;
	r = seccomp_rule_add(context, SCMP_ACT_ALLOW, SCMP_SYS(futex), 1,
			     SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu,
				     FUTEX_WAKE_PRIVATE));
	return r < 0 ? r : 1;
}

/* The bit of an argument that makes memory executable, now or later. */
static const struct {
	const char *name;
	unsigned argument;
	uint32_t bit;
} makes_code[] = {
	{ "mmap", 2, PROT_EXEC }, { "mprotect", 2, PROT_EXEC },
	{ "pkey_mprotect", 2, PROT_EXEC }, { "shmat", 2, SHM_EXEC },
	{ "personality", 0, READ_IMPLIES_EXEC },
};
#define N_MAKES_CODE (sizeof(makes_code) / sizeof(makes_code[0]))

/*
 * What ld.so maps is a file's, and a file that could be written is on a mount that
 * is noexec; nothing makes writable memory executable later.
 */
static int add_libraries(scmp_filter_ctx context)
{
	enum { both = PROT_WRITE | PROT_EXEC };
	static const struct { uint32_t mask, prot, action; } rules[] = {
		{ PROT_EXEC, 0, SCMP_ACT_ALLOW },
		{ both, PROT_EXEC, SCMP_ACT_ALLOW },
		{ both, both, SCMP_ACT_ERRNO(EACCES) },
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		int r = seccomp_rule_add(context, rules[i].action,
					 SCMP_SYS(mmap), 1,
					 SCMP_A2(SCMP_CMP_MASKED_EQ,
						 rules[i].mask, rules[i].prot));

		if (r < 0)
			return r;
	}
	return 1;
}

static int add_no_code(scmp_filter_ctx context, const char *name,
		       unsigned flags)
{
	if (flags & FILTER_LIBRARIES && !strcmp(name, "mmap"))
		return add_libraries(context);
	for (size_t i = 0; i < N_MAKES_CODE; i++) {
		unsigned at = makes_code[i].argument;
		uint32_t bit = makes_code[i].bit;
		int number = seccomp_syscall_resolve_name(name);
		int r;

		if (strcmp(name, makes_code[i].name) != 0)
			continue;
		r = seccomp_rule_add(context, SCMP_ACT_ALLOW, number, 1,
				     SCMP_CMP(at, SCMP_CMP_MASKED_EQ, bit, 0));
		if (r == 0)
			r = seccomp_rule_add(context, SCMP_ACT_ERRNO(EACCES),
					     number, 1,
					     SCMP_CMP(at, SCMP_CMP_MASKED_EQ,
						      bit, bit));
		return r < 0 ? r : 1;
	}
	return 0;
}

static int add_own(scmp_filter_ctx context, const char *name, unsigned flags)
{
	int r;

	if (flags & AS_LISTED)
		return 0;
	r = flags & FILTER_THREADS ? add_threads(context, name)
		: add_no_threads(context, name);
	if (r == 0 && flags & FILTER_NO_CODE)
		r = add_no_code(context, name, flags);
	return r;
}

static bool is_never(const char *name)
{
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (!strcmp(name, never[i]))
			return true;
	return false;
}

/*
 * libc asks how large the machine is, in qsort and in malloc with many threads,
 * and does without an answer. A program must not die of that, nor be told.
 */
static const char *const unanswered[] = { "sched_getaffinity", "sysinfo" };

static int add_unanswered(scmp_filter_ctx context, const char *const *names,
			  size_t n)
{
	for (size_t i = 0; i < sizeof(unanswered) / sizeof(*unanswered); i++) {
		bool listed = false;
		int r;

		for (size_t k = 0; k < n; k++)
			listed = listed || !strcmp(names[k], unanswered[i]);
		if (listed)
			continue;
		r = seccomp_rule_add(context, SCMP_ACT_ERRNO(EPERM),
				     seccomp_syscall_resolve_name(unanswered[i]),
				     0);
		if (r < 0)
			return r;
	}
	return 0;
}

static int add_thread_rules(scmp_filter_ctx context)
{
	int r;

	/* clone3's flags are in memory, where no filter can see them. */
	r = seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS),
			     SCMP_SYS(clone3), 0);
	if (r < 0)
		return r;
	return seccomp_rule_add(context, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				SCMP_A0(SCMP_CMP_MASKED_EQ, 0xffffffffu,
					SECCOMP_THREAD_FLAGS));
}

static int add_rules(scmp_filter_ctx context, const char *const *names,
		     size_t n, uint32_t action, unsigned flags,
		     const char **fault)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		int number = seccomp_syscall_resolve_name(names[i]);

		*fault = names[i];
		if (number < 0)
			return -ENOENT;
		r = add_own(context, names[i], flags);
		if (r == 0 && is_never(names[i]))
			return -EPERM;
		if (r == 0)
			r = seccomp_rule_add(context, action, number, 0);
		if (r > 0)
			r = 0;
	}
	if (r == 0)
		*fault = NULL;
	return r;
}

/* libseccomp writes to a descriptor only. */
static int export(struct filter *filter, scmp_filter_ctx context)
{
	int fd = memfd_create("filter", MFD_CLOEXEC);
	struct stat st;
	int r;

	if (fd < 0)
		return -errno;
	r = seccomp_export_bpf(context, fd);
	if (r == 0 && fstat(fd, &st) < 0)
		r = -errno;
	if (r == 0) {
		size_t size = (size_t)st.st_size;

		filter->n = size / sizeof(*filter->code);
		filter->code = malloc(size);
		if (!filter->code)
			r = -ENOMEM;
		else if (pread(fd, filter->code, size, 0) != (ssize_t)size
			 || size % sizeof(*filter->code) || filter->n == 0
			 || filter->n + SECCOMP_PRELUDE_N > BPF_MAXINSNS)
			r = -E2BIG;
	}
	close(fd);
	if (r < 0)
		filter_deinit(filter);
	return r;
}

static int begin(scmp_filter_ctx *context, uint32_t otherwise)
{
	int r;

	*context = seccomp_init(otherwise);
	if (!*context)
		return -ENOMEM;
	r = seccomp_attr_set(*context, SCMP_FLTATR_ACT_BADARCH,
			     SCMP_ACT_KILL_PROCESS);
	if (r == 0)	/* a binary tree */
		r = seccomp_attr_set(*context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return r;
}

static int finish(struct filter *filter, scmp_filter_ctx context, int r)
{
	if (r == 0)
		r = export(filter, context);
	if (context)
		seccomp_release(context);
	return r;
}

int filter_init(struct filter *filter, const char *const *names, size_t n,
		unsigned flags, const char **fault)
{
	scmp_filter_ctx context;
	int r;

	*filter = (struct filter){ 0 };
	*fault = NULL;
	r = begin(&context, SCMP_ACT_NOTIFY);
	if (r == 0)
		r = add_unanswered(context, names, n);
	if (r == 0 && flags & FILTER_THREADS)
		r = add_thread_rules(context);
	if (r == 0)
		r = add_rules(context, names, n, SCMP_ACT_ALLOW, flags, fault);
	return finish(filter, context, r);
}

int filter_init_kill(struct filter *filter, const char *const *names, size_t n,
		     const char *const *refused, size_t n_refused,
		     const char **fault)
{
	scmp_filter_ctx context;
	int r;

	*filter = (struct filter){ 0 };
	*fault = NULL;
	r = begin(&context, SCMP_ACT_KILL_PROCESS);
	if (r == 0)
		r = add_rules(context, names, n, SCMP_ACT_ALLOW, AS_LISTED, fault);
	if (r == 0)
		r = add_rules(context, refused, n_refused,
			      SCMP_ACT_ERRNO(EPERM), AS_LISTED, fault);
	return finish(filter, context, r);
}

void filter_deinit(struct filter *filter)
{
	free(filter->code);
	*filter = (struct filter){ 0 };
}

#define LOAD_AT(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset))
#define LOAD(member) LOAD_AT(offsetof(struct seccomp_data, member))
#define SIXTH offsetof(struct seccomp_data, args[5])	/* low half first */
#define IF(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), yes, no)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))

size_t filter_compose(struct sock_filter *code, const struct filter *filter,
		      uint64_t nonce)
{
	uint32_t low = (uint32_t)nonce, high = (uint32_t)(nonce >> 32);
	const struct sock_filter prelude[SECCOMP_PRELUDE_N] = {
		LOAD(arch),
		IF(ARCH_HERE, 1, 0),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
		IF(SYS_execveat, 2, 0),		/* run the executable */
		IF(SYS_sendmsg, 1, 0),		/* hand over the listener */
		IF(SYS_exit_group, 0, 5),	/* give up */
		LOAD_AT(SIXTH),
		IF(low, 0, 3),
		LOAD_AT(SIXTH + 4),
		IF(high, 0, 1),
		RETURN(SECCOMP_RET_ALLOW),
		/* 12: the list itself, which loads what it looks at */
	};

	memcpy(code, prelude, sizeof(prelude));
	memcpy(code + SECCOMP_PRELUDE_N, filter->code,
	       filter->n * sizeof(*code));
	return SECCOMP_PRELUDE_N + filter->n;
}

CHILD long seccomp_enter(const struct sock_fprog *program)
{
	return RAW(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		   SECCOMP_FILTER_FLAG_NEW_LISTENER, program);
}
