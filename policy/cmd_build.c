/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The commands that read sources: xdl, build. */
#include "cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/build.h"

const char *cmd_share(struct arena *arena)
{
	char self[4096];
	ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);
	struct stat status;
	const char *share;
	char *slash;

	if (size <= 0)
		return NULL;
	self[size] = 0;
	for (int i = 0; i < 2; i++) {
		slash = strrchr(self, '/');
		if (!slash)
			return NULL;
		*slash = 0;
	}
	share = arena_printf(arena, "%s/share/dk", self);
	return !stat(share, &status) && S_ISDIR(status.st_mode) ? share : NULL;
}

void cmd_sources(struct command_line *line, struct sources *sources,
		 const char *share)
{
	if (share)
		*ARENA_PUSH(line->arena, line->dirs, line->n_dirs,
			    line->dirs_capacity) = share;
	*sources = (struct sources){
		.arena = line->arena, .dirs = line->dirs,
		.n_dirs = line->n_dirs, .defines = line->defines,
		.n_defines = line->n_defines,
	};
}

/* A file that is not there is the machine's fault, not the sources'. */
bool cmd_can_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	const char *why = NULL;

	if (fd < 0 || fstat(fd, &status))
		why = strerror(errno);
	else if (!S_ISREG(status.st_mode))
		why = S_ISDIR(status.st_mode) ? strerror(EISDIR)
					      : "not a regular file";
	if (fd >= 0)
		close(fd);
	if (why)
		fprintf(stderr, "dkc: cannot read %s: %s\n", path, why);
	return !why;
}

bool cmd_is_same(const char *left, const char *right)
{
	struct stat a, b;

	return left && right && !stat(left, &a) && !stat(right, &b) &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int cmd_report(const struct diags *diags)
{
	size_t n;

	setvbuf(stderr, NULL, _IOFBF, BUFSIZ);	/* not a byte at a time */
	n = diags_print(diags, stderr, isatty(STDERR_FILENO));
	fflush(stderr);
	return n ? EXIT_SOURCES : EXIT_FINE;
}

int cmd_xdl(struct command_line *line)
{
	const char *output = line->given[OPTION_OUTPUT];
	struct diags *diags = diags_new(line->arena);
	struct sources sources;
	struct xdl *xdl;
	bool fine;
	int status;

	if (!line->n_files || !output)
		return cmd_wrong("%s", line->n_files ? "-o OUTDIR is missing"
			     : "no FILE is given", "xdl");
	for (size_t i = 0; i < line->n_files; i++)
		if (!cmd_can_read(line->files[i]))
			return EXIT_MACHINE;
	cmd_sources(line, &sources, cmd_share(line->arena));
	xdl = xdl_new(line->arena, &sources, diags);
	fine = xdl_emit(xdl, line->files, line->n_files, output);
	status = cmd_report(diags);
	return fine || status ? status : EXIT_MACHINE;
}

int cmd_compile(struct command_line *line, const char *command,
		struct compiled *out)
{
	const char *start = line->given[OPTION_INIT];
	const char *share = cmd_share(line->arena);
	struct sources *sources = &out->sources;
	struct xdl *xdl;

	*out = (struct compiled){ .diags = diags_new(line->arena) };
	if (line->n_files != 1)
		return cmd_wrong("%s", line->n_files
				 ? "more than one policy is given"
				 : "no policy is given", command);
	if (!cmd_can_read(line->files[0]) || (start && !cmd_can_read(start)))
		return EXIT_MACHINE;
	cmd_sources(line, sources, share);
	xdl = xdl_new(line->arena, sources, out->diags);
	out->psl = psl_read(line->arena, sources, xdl, out->diags,
			    line->files[0]);
	if (start)
		out->init = init_read(line->arena, sources, out->diags,
				      out->psl, start);
	if (out->psl && (!start || out->init))
		out->image = image_build(line->arena, out->diags, out->psl,
					 out->init, share, &out->size);
	return out->image && !diags_errors(out->diags) ? EXIT_FINE
						       : EXIT_SOURCES;
}

int cmd_build(struct command_line *line)
{
	const char *output = line->given[OPTION_OUTPUT];
	const char *start = line->given[OPTION_INIT];
	struct compiled compiled;
	int status, error;

	if (!output)
		return cmd_wrong("%s", "-o IMAGE.dk is missing", "build");
	if ((line->n_files && cmd_is_same(output, line->files[0])) ||
	    cmd_is_same(output, start))
		return cmd_wrong("%s is a source: the image would take its place",
				 output, "build");
	status = cmd_compile(line, "build", &compiled);
	cmd_report(compiled.diags);
	if (status)
		return status;
	error = image_write(output, compiled.image, compiled.size);
	if (!error)
		return EXIT_FINE;
	fprintf(stderr, "dkc: cannot write %s: %s\n", output,
		strerror(-error));
	return EXIT_MACHINE;
}
