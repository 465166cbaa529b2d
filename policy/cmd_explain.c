/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dkc explain: one event, after others, and why. */
#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "explain/explain.h"

/* The text of an event is a source of its own: places in it are columns. */
static const struct source *event_source(const struct command_line *line,
					 size_t i)
{
	struct source *source = arena_alloc(line->arena, sizeof(*source));
	const char *text = line->files[i];

	*source = (struct source){ .path = "EVENT", .text = text,
				   .size = strlen(text) };
	if (line->n_files > 2)
		source->path = arena_printf(line->arena, "EVENT %zu", i);
	return source;
}

static int check_line(const struct command_line *line)
{
	if (line->n_files >= 2)
		return EXIT_FINE;
	return cmd_wrong("%s", line->n_files ? "no event is given"
					     : "no image is given", "explain");
}

/* All are looked up before one is decided: an error changes nothing. */
static bool ask_all(const struct command_line *line, struct diags *diags,
		    const struct image *image, struct ask *asks)
{
	struct ask_world world;
	bool fine = true;

	ask_begin(&world, line->arena, diags, image);
	for (size_t i = 1; i < line->n_files && fine; i++) {
		struct pal_case event;

		fine = pal_parse_event(line->arena, diags,
				       event_source(line, i), &event) &&
		       ask_event(&world, &event, &asks[i - 1]);
	}
	return fine;
}

int cmd_explain(struct command_line *line)
{
	struct diags *diags = diags_new(line->arena);
	struct explain_before *before;
	struct security_state state;
	struct explanation explanation;
	struct image image;
	struct ask *asks;
	int status = check_line(line);
	size_t n_before;

	if (!status)
		status = cmd_open_image(line->arena, line->files[0], &image);
	if (status)
		return status;
	n_before = line->n_files - 2;
	asks = arena_alloc(line->arena, (n_before + 1) * sizeof(*asks));
	before = arena_alloc(line->arena, n_before * sizeof(*before) + 1);
	if (!ask_all(line, diags, &image, asks))
		return cmd_report(diags);
	security_state_init(&image, &state, arena_alloc(line->arena,
			    security_state_size(&image) + 1));
	for (size_t i = 0; i < n_before; i++)
		before[i] = (struct explain_before){ &asks[i],
			decide(&image, &state, &asks[i].event, NULL) };
	explain_event(line->arena, &image, &state, &asks[n_before],
		      &explanation);
	explanation.before = before;
	explanation.n_before = n_before;
	if (line->given[OPTION_JSON])
		explain_print_json(line->arena, &explanation, stdout);
	else
		explain_print(line->arena, &explanation, stdout);
	return cmd_printed();
}
