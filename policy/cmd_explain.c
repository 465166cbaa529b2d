/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dkc explain: one event, and why. */
#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "explain/explain.h"

/* The text of an event is a source of its own: places in it are columns. */
static const struct source *event_source(struct arena *arena, const char *text)
{
	struct source *source = arena_alloc(arena, sizeof(*source));

	*source = (struct source){ .path = "EVENT", .text = text,
				   .size = strlen(text) };
	return source;
}

static int check_line(const struct command_line *line)
{
	if (line->n_files == 2)
		return EXIT_FINE;
	return cmd_wrong("%s", !line->n_files ? "no image is given"
			 : line->n_files == 1 ? "no event is given"
			 : "more than an image and an event is given: the event "
			   "is one word, in quotes", "explain");
}

int cmd_explain(struct command_line *line)
{
	struct diags *diags = diags_new(line->arena);
	struct security_state state;
	struct explanation explanation;
	struct ask_world world;
	struct pal_case event;
	struct image image;
	struct ask ask;
	int status = check_line(line);

	if (!status)
		status = cmd_open_image(line->arena, line->files[0], &image);
	if (status)
		return status;
	ask_begin(&world, line->arena, diags, &image);
	if (!pal_parse_event(line->arena, diags,
			     event_source(line->arena, line->files[1]),
			     &event) ||
	    !ask_event(&world, &event, &ask))
		return cmd_report(diags);
	security_state_init(&image, &state, arena_alloc(line->arena,
			    security_state_size(&image) + 1));
	explain_event(line->arena, &image, &state, &ask, &explanation);
	if (line->given[OPTION_JSON])
		explain_print_json(line->arena, &explanation, stdout);
	else
		explain_print(line->arena, &explanation, stdout);
	return cmd_printed();
}
