/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "confine_seccomp.h"

#include <assert.h>
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

/* syscalls.c knows no header of Linux. */
static_assert(SYSCALL_PROT_WRITE == PROT_WRITE
	      && SYSCALL_PROT_EXEC == PROT_EXEC
	      && SYSCALL_SHM_EXEC == SHM_EXEC
	      && SYSCALL_READ_IMPLIES_EXEC == READ_IMPLIES_EXEC
	      && SYSCALL_FUTEX_WAKE_PRIVATE == FUTEX_WAKE_PRIVATE,
	      "its constants are those of Linux");

static int add_rule(scmp_filter_ctx context, const struct syscall_rule *rule)
{
	static const uint32_t actions[SYSCALL_ANSWERS] = {
		[SYSCALL_ALLOW] = SCMP_ACT_ALLOW,
		[SYSCALL_EPERM] = SCMP_ACT_ERRNO(EPERM),
		[SYSCALL_EACCES] = SCMP_ACT_ERRNO(EACCES),
		[SYSCALL_ENOSYS] = SCMP_ACT_ERRNO(ENOSYS),
	};
	const struct scmp_arg_cmp compare = {
		.arg = rule->argument, .op = SCMP_CMP_MASKED_EQ,
		.datum_a = rule->mask, .datum_b = rule->value,
	};
	int number = seccomp_syscall_resolve_name(rule->name);

	if (number < 0)
		return -ENOENT;
	if (rule->answer == SYSCALL_KILL)
		return -EPERM;
	return seccomp_rule_add_array(context, actions[rule->answer], number,
				      rule->mask ? 1 : 0, &compare);
}

static int add_rules(scmp_filter_ctx context, const struct syscall_rule *rules,
		     size_t n, const char **fault)
{
	for (size_t i = 0; i < n; i++) {
		int r = add_rule(context, &rules[i]);

		if (r < 0) {
			*fault = rules[i].name;
			return r;
		}
	}
	return 0;
}

/* The N names as they stand. */
static int add_names(scmp_filter_ctx context, const char *const *names, size_t n,
		     enum syscall_answer answer, const char **fault)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i++) {
		struct syscall_rule rule = {
			.name = names[i],
			.answer = syscall_is_never(names[i]) ? SYSCALL_KILL
							     : answer,
		};

		r = add_rules(context, &rule, 1, fault);
	}
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

/* The first call that is answered with ANSWER: that NAME, if it is not NULL. */
static int find_answer(const struct syscall_rule *rules, size_t n,
		       enum syscall_answer answer, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (rules[i].answer == answer
		    && (!name || !strcmp(rules[i].name, name)))
			return seccomp_syscall_resolve_name(rules[i].name);
	return -1;
}

int filter_init(struct filter *filter, const char *const *names, size_t n,
		unsigned flags, const char **fault)
{
	struct syscall_rule *rules = calloc(SYSCALL_RULES_MAX(n),
					    sizeof(*rules));
	scmp_filter_ctx context = NULL;
	int r;

	*filter = (struct filter){ .refused = -1, .no_code = -1 };
	*fault = NULL;
	r = rules ? begin(&context, SCMP_ACT_NOTIFY) : -ENOMEM;
	if (r == 0) {
		n = syscall_rules(rules, names, n, flags);
		filter->refused = find_answer(rules, n, SYSCALL_EPERM, NULL);
		filter->no_code = find_answer(rules, n, SYSCALL_EACCES,
					      "mprotect");
		r = add_rules(context, rules, n, fault);
	}
	free(rules);
	return finish(filter, context, r);
}

int filter_init_kill(struct filter *filter, const char *const *names, size_t n,
		     const struct syscall_rule *limited, size_t n_limited,
		     const char *const *refused, size_t n_refused,
		     const char **fault)
{
	scmp_filter_ctx context;
	int r;

	*filter = (struct filter){ 0 };
	*fault = NULL;
	r = begin(&context, SCMP_ACT_KILL_PROCESS);
	if (r == 0)
		r = add_names(context, names, n, SYSCALL_ALLOW, fault);
	if (r == 0)
		r = add_rules(context, limited, n_limited, fault);
	if (r == 0)
		r = add_names(context, refused, n_refused, SYSCALL_EPERM, fault);
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
