/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dkc diff: what another image changes. */
#include "cmd.h"

#include <stdio.h>

#include "diff/diff.h"

int cmd_diff(struct command_line *line)
{
	struct diff diff = { .arena = line->arena };
	struct image old, new;
	int status;

	if (line->n_files != 2)
		return cmd_wrong("%s", line->n_files > 2
				 ? "more than two images are given"
				 : "two images are to be given", "diff");
	status = cmd_open_image(line->arena, line->files[0], &old);
	if (!status)
		status = cmd_open_image(line->arena, line->files[1], &new);
	if (status)
		return status;
	diff.old = &old;
	diff.new = &new;
	diff_images(&diff);
	if (line->given[OPTION_JSON])
		diff_print_json(&diff, stdout);
	else
		diff_print(&diff, stdout);
	status = cmd_printed();
	if (status)
		return status;
	return diff_grants(&diff) ? EXIT_SOURCES
	       : diff.n || diff.n_lost ? EXIT_TIGHTER : EXIT_FINE;
}
