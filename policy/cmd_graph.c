/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dkc graph: the picture of a policy. Graphviz draws the SVG, if it is there. */
#include "cmd.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graph/graph.h"
#include "image/build.h"

extern char **environ;

static bool ends_with(const char *text, const char *ending)
{
	size_t n = strlen(text), end = strlen(ending);

	return n >= end && !strcmp(text + n - end, ending);
}

/* The form that was asked for, else that of the output's ending. */
static const char *form_of(const struct command_line *line)
{
	const char *form = line->given[OPTION_FORMAT];
	const char *output = line->given[OPTION_OUTPUT];

	if (form)
		return form;
	if (output && (ends_with(output, ".html") || ends_with(output, ".htm")))
		return "html";
	return output && ends_with(output, ".svg") ? "svg" : "dot";
}

/* The image's file name without its folder and ending. */
static const char *title_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t n = strlen(name);

	if (n > 3 && !strcmp(name + n - 3, ".dk"))
		n -= 3;
	return arena_strndup(arena, name, n);
}

/* Starts Graphviz, which reads FROM and writes TO. 0 or an errno. */
static int start_dot(int from, int to, pid_t *pid)
{
	char *argv[] = { (char[]){ "dot" }, (char[]){ "-Tsvg" }, NULL };
	posix_spawn_file_actions_t actions;
	int error = posix_spawn_file_actions_init(&actions);

	if (error)
		return error;
	error = posix_spawn_file_actions_adddup2(&actions, from, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, to, 1);
	if (!error)
		error = posix_spawnp(pid, "dot", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static int draw_svg(const struct image *image, const char *title, FILE *to)
{
	FILE *text = tmpfile();
	int error, status;
	pid_t pid;

	if (!text)
		return errno;
	graph_dot(image, title, text);
	error = fflush(text) ? errno : 0;
	rewind(text);
	if (!error)
		error = start_dot(fileno(text), fileno(to), &pid);
	fclose(text);
	if (error == ENOENT)
		fputs("dkc: an SVG is drawn by Graphviz, whose dot is not here: "
		      "install graphviz, or take --format html\n", stderr);
	if (error)
		return error;
	if (waitpid(pid, &status, 0) < 0)
		return errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : EIO;
}

/* Draws into TO, a file of its own. 0 or an errno. */
static int draw(struct arena *arena, const struct image *image,
		const char *form, const char *title, FILE *to)
{
	int error = 0;

	if (!strcmp(form, "html"))
		graph_html(arena, image, title, to);
	else if (!strcmp(form, "svg"))
		error = draw_svg(image, title, to);
	else
		graph_dot(image, title, to);
	if (!error && (fflush(to) || ferror(to)))
		error = errno ? errno : EIO;
	return error;
}

/* What was drawn goes out whole or not at all. 0 or an errno. */
static int write_whole(struct arena *arena, FILE *drawn, const char *output)
{
	long size;
	char *data;

	if (fseek(drawn, 0, SEEK_END) || (size = ftell(drawn)) < 0)
		return errno;
	rewind(drawn);
	data = arena_alloc(arena, (size_t)size + 1);
	if (fread(data, 1, (size_t)size, drawn) != (size_t)size)
		return EIO;
	if (output)
		return -image_write(output, data, (size_t)size);
	fwrite(data, 1, (size_t)size, stdout);
	return 0;
}

static int write_graph(struct command_line *line, const struct image *image,
		       const char *form)
{
	const char *output = line->given[OPTION_OUTPUT];
	FILE *drawn = tmpfile();
	int error = drawn ? 0 : errno;

	if (!error)
		error = draw(line->arena, image, form,
			     title_of(line->arena, line->files[0]), drawn);
	if (!error)
		error = write_whole(line->arena, drawn, output);
	if (drawn)
		fclose(drawn);
	if (!error)
		return output ? EXIT_FINE : cmd_printed();
	fprintf(stderr, "dkc: cannot write %s: %s\n",
		output ? output : "the graph", strerror(error));
	return EXIT_MACHINE;
}

int cmd_graph(struct command_line *line)
{
	const char *form = form_of(line);
	struct image image;
	int status;

	if (line->n_files != 1)
		return cmd_wrong("%s", line->n_files
				 ? "more than one image is given"
				 : "no image is given", "graph");
	if (strcmp(form, "html") && strcmp(form, "svg") && strcmp(form, "dot"))
		return cmd_wrong("--format is dot, svg or html, not '%s'", form,
				 "graph");
	if (cmd_is_same(line->given[OPTION_OUTPUT], line->files[0]))
		return cmd_wrong("%s is the image: the graph would take its "
				 "place", line->files[0], "graph");
	status = cmd_open_image(line->arena, line->files[0], &image);
	return status ? status : write_graph(line, &image, form);
}
