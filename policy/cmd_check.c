/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dkc check: what is not wrong and probably not meant. */
#include "cmd.h"

#include <assert.h>

#include "check/check.h"

int cmd_check(struct command_line *line)
{
	struct compiled compiled;
	struct image_fault fault;
	struct image image;
	int status = cmd_compile(line, "check", &compiled);
	size_t found = 0;

	if (!status) {
		struct check check = {
			.arena = line->arena, .diags = compiled.diags,
			.sources = &compiled.sources, .psl = compiled.psl,
			.image = &image,
		};
		int fine = image_load(&image, compiled.image, compiled.size,
				      &fault);

		assert(fine);		/* image_build has tried it */
		(void)fine;
		found = check_policy(&check);
	}
	cmd_report(compiled.diags);
	return status ? status : found ? EXIT_SOURCES : EXIT_FINE;
}
