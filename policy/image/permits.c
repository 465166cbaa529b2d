/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "permits.h"

#include <stdlib.h>
#include <string.h>

struct permits permits_of_task(struct arena *arena, const struct image *image,
			       const struct image_task *task, bool old)
{
	uint32_t n = task->syscalls.count;
	const char **names = arena_alloc(arena, n * sizeof(*names) + 1);
	struct permits permits = {
		.rules = arena_alloc(arena, SYSCALL_RULES_MAX(n) *
				     sizeof(*permits.rules)),
	};
	unsigned flags = task->threads > 1 ? SYSCALL_THREADS : 0;

	if (old)
		flags |= SYSCALL_NO_CODE;
	if (task->profile == PROFILE_POSIX)
		flags |= SYSCALL_LIBRARIES;
	for (uint32_t i = 0; i < n; i++)
		names[i] = image_string(image,
					image->lists[task->syscalls.first + i]);
	permits.n = syscall_rules(permits.rules, names, n, flags);
	return permits;
}

static bool is_within(const struct syscall_rule *inner,
		      const struct syscall_rule *outer)
{
	if (inner->answer != outer->answer || strcmp(inner->name, outer->name))
		return false;
	return !outer->mask || (inner->argument == outer->argument &&
				inner->mask == outer->mask &&
				inner->value == outer->value);
}

bool permits_has(const struct permits *permits, const struct syscall_rule *rule)
{
	for (size_t i = 0; i < permits->n; i++)
		if (is_within(rule, &permits->rules[i]))
			return true;
	return false;
}

static int compare(const void *left, const void *right)
{
	const struct syscall_rule *a = left, *b = right;

	return strcmp(a->name, b->name);
}

struct permits permits_of_class(struct arena *arena, const struct image *image,
				uint32_t class)
{
	struct permits all = { 0 };

	for (uint32_t i = 0; i < image->n_tasks; i++) {
		struct permits one;

		if (image->tasks[i].class_index != class)
			continue;
		one = permits_of_task(arena, image, &image->tasks[i], false);
		for (size_t j = 0; j < one.n; j++)
			if (one.rules[j].answer == SYSCALL_ALLOW &&
			    !permits_has(&all, &one.rules[j]))
				*ARENA_PUSH(arena, all.rules, all.n,
					    all.capacity) = one.rules[j];
	}
	if (all.n)
		qsort(all.rules, all.n, sizeof(*all.rules), compare);
	return all;
}

const char *permits_text(struct arena *arena, const struct syscall_rule *rule)
{
	if (!rule->mask)
		return rule->name;
	if (rule->mask == UINT32_C(0xffffffff))
		return arena_printf(arena, "%s where argument %u is %#x",
				    rule->name, rule->argument + 1,
				    rule->value);
	return arena_printf(arena, "%s where argument %u & %#x is %#x",
			    rule->name, rule->argument + 1, rule->mask,
			    rule->value);
}
