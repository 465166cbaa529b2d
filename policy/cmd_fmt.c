/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dkc fmt: one layout for all five languages. */
#include "cmd.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fmt/fmt.h"
#include "image/build.h"

/* EXIT_FINE, or EXIT_SOURCES if it is not laid out so and may not be changed. */
static int format(struct command_line *line, struct sources *sources,
		  struct diags *diags, const char *path)
{
	const struct source *source = source_open(sources, diags, path,
						  (struct pos){ 0 });
	char real[PATH_MAX];
	const char *text;
	int error;

	if (!source)
		return EXIT_FINE;	/* the diagnostics say it */
	text = fmt_source(line->arena, diags, source);
	if (!text || !strcmp(text, source->text))
		return EXIT_FINE;
	puts(path);
	if (line->given[OPTION_CHECK])
		return EXIT_SOURCES;
	/* A link stays one. */
	error = realpath(path, real) ? image_write(real, text, strlen(text))
				     : -errno;
	if (!error)
		return EXIT_FINE;
	fprintf(stderr, "dkc: cannot write %s: %s\n", path, strerror(-error));
	return EXIT_MACHINE;
}

int cmd_fmt(struct command_line *line)
{
	struct diags *diags = diags_new(line->arena);
	struct sources sources;
	int status = EXIT_FINE, found;

	if (!line->n_files)
		return cmd_wrong("%s", "no FILE is given", "fmt");
	for (size_t i = 0; i < line->n_files; i++) {
		if (!fmt_knows(line->files[i]))
			return cmd_wrong("%s is no .edl, .cdl, .idl, .psl or "
					 ".yaml", line->files[i], "fmt");
		if (!cmd_can_read(line->files[i]))
			return EXIT_MACHINE;
	}
	cmd_sources(line, &sources, NULL);
	for (size_t i = 0; i < line->n_files && status != EXIT_MACHINE; i++) {
		found = format(line, &sources, diags, line->files[i]);
		if (found)
			status = found;
	}
	found = cmd_report(diags);
	if (!status)
		status = found;
	found = cmd_printed();
	return status ? status : found;
}
