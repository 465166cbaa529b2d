/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "syscalls.h"

#include <string.h>

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define WHOLE		UINT32_C(0xffffffff)

/* A second program, a second process, another's memory. */
static const char *const never[] = {
	"execve", "execveat", "clone", "clone3", "fork", "vfork", "seccomp",
	"ptrace",
};

/*
 * libc asks how large the machine is, in qsort and in malloc with many threads,
 * and does without an answer. A program must not die of that, nor be told.
 */
static const char *const unanswered[] = { "sched_getaffinity", "sysinfo" };

/* clone3's flags are in memory, where no filter can see them. */
static const struct syscall_rule threads[] = {
	{ "clone3", SYSCALL_ENOSYS, 0, 0, 0 },
	{ "clone", SYSCALL_ALLOW, 0, WHOLE, SYSCALL_THREAD_FLAGS },
};

/*
 * One thread never waits for another, but libc and libstdc++ wake whoever might
 * (pthread_once, and with it the first use of std::cout).
 */
static const struct syscall_rule no_threads[] = {
	{ "futex", SYSCALL_ALLOW, 1, WHOLE, SYSCALL_FUTEX_WAKE_PRIVATE },
};

/* The bit of an argument that makes memory executable, now or later. */
#define NO_CODE(name, argument, bit) \
	{ name, SYSCALL_ALLOW, argument, bit, 0 }, \
	{ name, SYSCALL_EACCES, argument, bit, bit }
static const struct syscall_rule no_code[] = {
	NO_CODE("mmap", 2, SYSCALL_PROT_EXEC),
	NO_CODE("mprotect", 2, SYSCALL_PROT_EXEC),
	NO_CODE("pkey_mprotect", 2, SYSCALL_PROT_EXEC),
	NO_CODE("shmat", 2, SYSCALL_SHM_EXEC),
	NO_CODE("personality", 0, SYSCALL_READ_IMPLIES_EXEC),
};

/*
 * What ld.so maps is a file's, and a file that could be written is on a mount that
 * is noexec; nothing makes writable memory executable later.
 */
#define BOTH (SYSCALL_PROT_WRITE | SYSCALL_PROT_EXEC)
static const struct syscall_rule libraries[] = {
	{ "mmap", SYSCALL_ALLOW, 2, SYSCALL_PROT_EXEC, 0 },
	{ "mmap", SYSCALL_ALLOW, 2, BOTH, SYSCALL_PROT_EXEC },
	{ "mmap", SYSCALL_EACCES, 2, BOTH, BOTH },
};

struct rules {
	struct syscall_rule *of;
	size_t n;
};

static void add(struct rules *rules, const char *name,
		enum syscall_answer answer)
{
	rules->of[rules->n++] = (struct syscall_rule){ .name = name,
						       .answer = answer };
}

/* Those of the N in TABLE that are about NAME; whether there are any. */
static int add_own(struct rules *rules, const struct syscall_rule *table,
		   size_t n, const char *name)
{
	size_t before = rules->n;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(table[i].name, name))
			rules->of[rules->n++] = table[i];
	return rules->n > before;
}

static int is_among(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return 1;
	return 0;
}

int syscall_is_never(const char *name)
{
	return is_among(never, COUNT(never), name);
}

static int is_of_threads(const char *name)
{
	for (size_t i = 0; i < COUNT(threads); i++)
		if (!strcmp(threads[i].name, name))
			return 1;
	return 0;
}

static void add_listed(struct rules *rules, const char *name, unsigned flags)
{
	if (flags & SYSCALL_THREADS && is_of_threads(name))
		return;		/* have their rules, listed or not */
	if (!(flags & SYSCALL_THREADS)
	    && add_own(rules, no_threads, COUNT(no_threads), name))
		return;
	if (flags & SYSCALL_NO_CODE && flags & SYSCALL_LIBRARIES
	    && add_own(rules, libraries, COUNT(libraries), name))
		return;
	if (flags & SYSCALL_NO_CODE
	    && add_own(rules, no_code, COUNT(no_code), name))
		return;
	add(rules, name, syscall_is_never(name) ? SYSCALL_KILL : SYSCALL_ALLOW);
}

size_t syscall_rules(struct syscall_rule *rules, const char *const *names,
		     size_t n, unsigned flags)
{
	struct rules to = { rules, 0 };

	for (size_t i = 0; i < COUNT(unanswered); i++)
		if (!is_among(names, n, unanswered[i]))
			add(&to, unanswered[i], SYSCALL_EPERM);
	for (size_t i = 0; flags & SYSCALL_THREADS && i < COUNT(threads); i++)
		to.of[to.n++] = threads[i];
	for (size_t i = 0; i < n; i++)
		add_listed(&to, names[i], flags);
	return to.n;
}
