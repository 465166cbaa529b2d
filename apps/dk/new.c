/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * dk new: a small solution that builds and runs, from the files of new/, which
 * are inside this program. A folder that is there is never touched; what could
 * not be written whole is removed again.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dk.h"
#include "name.h"
#include "place.h"
#include "templates.h"

#include "new_templates.h"	/* made by embed.sh */

#define N_TEMPLATES (sizeof(templates) / sizeof(templates[0]))

static const char usage[] = "usage: dk new NAME\n";

static const char help[] =
	"Writes a solution to begin with into the new folder NAME: two programs,\n"
	"their interface, the policy between them, and a Makefile. `make run` in it\n"
	"builds and runs it, as root; its README.md says what to change first.\n"
	"NAME is that of a package too: small letters, digits, and single '_'.\n"
	"\n"
	"  --help         this text\n"
	"\n"
	"Exit status:\n"
	"    0  the folder is written\n"
	"    1  there is a file or folder NAME already; it is left as it is\n"
	"    2  bad command line, or a name that cannot be one\n"
	"   10  the folder cannot be written; what was written is removed\n";

/* What the templates' @WORDS@ stand for. */
struct words {
	const char *name;
	char build[PATH_MAX + 32];	/* a build tree of dk, or "" */
};

/* A path that make reads as one word and as itself. */
static bool plain_path(const char *path)
{
	return !path[strspn(path, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789/._+-")];
}

/* Run from a build tree, as in bin/dk of it, the new Makefile remembers that. */
static void find_build(struct words *words)
{
	char folder[PATH_MAX], path[PATH_MAX + 32], *slash;

	words->build[0] = 0;
	if (place_own_folder(folder, sizeof(folder)) < 0)
		return;
	slash = strrchr(folder, '/');
	if (!slash || strcmp(slash, "/bin") != 0)
		return;
	*slash = 0;
	snprintf(path, sizeof(path), "%s/include/nk/types.h", folder);
	if (plain_path(folder) && access(path, F_OK) == 0)
		snprintf(words->build, sizeof(words->build), "%s", folder);
}

static void write_line(FILE *file, const char *line, const struct words *words)
{
	while (*line) {
		if (!strncmp(line, "@NAME@", 6)) {
			fputs(words->name, file);
			line += 6;
		} else if (!strncmp(line, "@BUILD@", 7)) {
			fputs(words->build, file);
			line += 7;
		} else {
			fputc(*line++, file);
		}
	}
}

/* Opens the folder NAME in the folder AT, made new; -errno. */
static int make_folder(int at, const char *name)
{
	int fd;

	if (mkdirat(at, name, 0777) < 0)
		return -errno;
	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int write_file(int at, const struct template *template,
		      const struct words *words)
{
	int error = 0, fd = openat(at, template->file, O_WRONLY | O_CREAT
				   | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	FILE *file;

	if (fd < 0)
		return -errno;
	file = fdopen(fd, "w");
	if (!file) {
		error = errno;
		close(fd);
		return -error;
	}
	errno = 0;
	for (const char *const *line = template->lines; *line; line++)
		write_line(file, *line, words);
	if (fflush(file) || ferror(file))
		error = errno ? errno : EIO;
	if (fclose(file) && !error)
		error = errno;
	return -error;
}

/* Everything into TOP; -errno, and then *PATH is the file that failed. */
static int write_all(int top, const struct words *words, const char **path)
{
	int r, package = make_folder(top, words->name);

	*path = words->name;
	if (package < 0)
		return package;
	for (size_t i = 0; i < N_TEMPLATES; i++) {
		bool inside = templates[i].folder[0];

		*path = templates[i].file;
		r = write_file(inside ? package : top, &templates[i], words);
		if (r < 0)
			break;
	}
	close(package);
	return r;
}

/* All of it was ours: made by us in a folder that was not there. */
static void remove_all(int at, int top, const char *name)
{
	int package = openat(top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW
			     | O_CLOEXEC);

	for (size_t i = 0; i < N_TEMPLATES; i++)
		unlinkat(templates[i].folder[0] ? package : top,
			 templates[i].file, 0);
	if (package >= 0)
		close(package);
	unlinkat(top, name, AT_REMOVEDIR);
	unlinkat(at, name, AT_REMOVEDIR);
}

static int write_solution(const struct words *words)
{
	const char *path = NULL;
	int r, top = make_folder(AT_FDCWD, words->name);

	if (top == -EEXIST) {
		fprintf(stderr, "dk new: %s is there already: remove it or take "
			"another name\n", words->name);
		return DK_THERE;
	}
	if (top < 0) {
		fprintf(stderr, "dk new: %s cannot be made: %s\n", words->name,
			strerror(-top));
		return DK_MACHINE;
	}
	r = write_all(top, words, &path);
	if (r < 0) {
		fprintf(stderr, "dk new: %s/%s cannot be written: %s\n",
			words->name, path, strerror(-r));
		remove_all(AT_FDCWD, top, words->name);
	}
	close(top);
	return r < 0 ? DK_MACHINE : DK_OK;
}

static int refuse(const char *what, const char *word)
{
	fprintf(stderr, "dk new: %s%s%s\n%s", what, word ? ": " : "",
		word ? word : "", usage);
	return DK_USAGE;
}

int dk_new(int argc, char **argv)
{
	struct words words;
	const char *fault;
	int first = 1, r;

	if (argc > first && !strcmp(argv[first], "--help")) {
		printf("%s%s", usage, help);
		return DK_OK;
	}
	if (argc > first && !strcmp(argv[first], "--"))
		first++;
	else if (argc > first && argv[first][0] == '-')
		return refuse("no such option", argv[first]);
	if (argc <= first)
		return refuse("which name?", NULL);
	if (argc > first + 1)
		return refuse("one name only", argv[first + 1]);
	words.name = argv[first];
	fault = name_fault(words.name);
	if (fault) {
		fprintf(stderr, "dk new: found '%s', expected %s\n", words.name,
			fault);
		return DK_USAGE;
	}
	find_build(&words);
	r = write_solution(&words);
	if (r == DK_OK)
		printf("%s is written: `cd %s && make run` builds and runs it\n",
		       words.name, words.name);
	return r;
}
