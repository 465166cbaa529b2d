/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dkc seccomp: the filter of a class, as text. */
#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "image/dump.h"
#include "image/permits.h"

static void print_rule(struct arena *arena, const struct syscall_rule *rule)
{
	static const char *const answers[SYSCALL_ANSWERS] = {
		[SYSCALL_KILL] = "never", [SYSCALL_ALLOW] = "allow",
		[SYSCALL_EPERM] = "EPERM", [SYSCALL_EACCES] = "EACCES",
		[SYSCALL_ENOSYS] = "ENOSYS",
	};

	printf("  %-7s ", answers[rule->answer]);
	dump_plain(stdout, permits_text(arena, rule));
	fputs(rule->answer == SYSCALL_KILL
	      ? ", which no list may hold: dkd refuses this image\n" : "\n",
	      stdout);
}

/* Where Linux itself cannot keep memory from becoming code. */
static void print_old(struct arena *arena, const struct image *image,
		      const struct image_task *task, const struct permits *now)
{
	struct permits old = permits_of_task(arena, image, task, true);

	puts("  instead, on a Linux before 6.3, which has no PR_SET_MDWE:");
	for (size_t i = 0; i < old.n; i++) {
		const struct syscall_rule any = {
			.name = old.rules[i].name, .answer = SYSCALL_ALLOW };

		if (old.rules[i].mask && permits_has(now, &any))
			print_rule(arena, &old.rules[i]);
	}
}

static bool is_alike(const struct image_task *left,
		     const struct image_task *right)
{
	return left->class_index == right->class_index &&
	       left->syscalls.first == right->syscalls.first &&
	       left->syscalls.count == right->syscalls.count &&
	       (left->threads > 1) == (right->threads > 1) &&
	       left->profile == right->profile;
}

static void print_names(const struct image *image, uint32_t first)
{
	for (uint32_t i = first; i < image->n_tasks; i++)
		if (is_alike(&image->tasks[first], &image->tasks[i]))
			dump_name(stdout, image, i > first ? ", " : "",
				  image->tasks[i].name, "");
}

static void print_filter(struct arena *arena, const struct image *image,
			 uint32_t first)
{
	const struct image_task *task = &image->tasks[first];
	struct permits permits = permits_of_task(arena, image, task, false);

	print_names(image, first);
	puts(":");
	puts("  kill    calls of other architectures and of x32\n"
	     "  kill    each call that is not listed; the daemon names it\n"
	     "  once    execveat, to begin the program, by the start's number");
	for (size_t i = 0; i < permits.n; i++)
		print_rule(arena, &permits.rules[i]);
	print_old(arena, image, task, &permits);
}

/* Whether an earlier program has the same filter. */
static bool is_printed(const struct image *image, uint32_t task)
{
	for (uint32_t i = 0; i < task; i++)
		if (is_alike(&image->tasks[i], &image->tasks[task]))
			return true;
	return false;
}

static int print_class(struct arena *arena, const struct image *image,
		       uint32_t class, const char *name)
{
	bool any = false;

	for (uint32_t i = 0; i < image->n_tasks; i++)
		if (image->tasks[i].class_index == class &&
		    !is_printed(image, i)) {
			if (any)
				putchar('\n');
			print_filter(arena, image, i);
			any = true;
		}
	if (any)
		return cmd_printed();
	fprintf(stderr, "dkc: no program of class %s is in the image's start "
		"list: compile it with --init\n", name);
	return EXIT_SOURCES;
}

int cmd_seccomp(struct command_line *line)
{
	struct image image;
	uint32_t class;
	int status;

	if (line->n_files != 2)
		return cmd_wrong("%s", line->n_files > 2
				 ? "more than an image and a class is given"
				 : "an image and a class are to be given",
				 "seccomp");
	status = cmd_open_image(line->arena, line->files[0], &image);
	if (status)
		return status;
	class = image_find_class(&image, line->files[1]);
	if (class != IMAGE_NONE)
		return print_class(line->arena, &image, class, line->files[1]);
	fprintf(stderr, "dkc: the image has no class %s; dkc dump lists them\n",
		line->files[1]);
	return EXIT_SOURCES;
}
