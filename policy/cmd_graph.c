/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dkc graph: the picture of a policy. Graphviz draws the SVG, if it is there. */
#include "cmd.h"

#include <assert.h>
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

static bool is_policy(const char *path)
{
	return ends_with(path, ".psl") || ends_with(path, ".psl.in");
}

/* The file's name without its folder and ending. */
static const char *title_of(struct arena *arena, const char *path)
{
	static const char *const endings[] = { ".dk", ".psl", ".psl.in" };
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (n > strlen(endings[i]) && ends_with(name, endings[i]))
			return arena_strndup(arena, name,
					     n - strlen(endings[i]));
	return name;
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

/* What is drawn. */
struct drawn {
	struct image image;
	struct graph_never *nevers;
	size_t n, capacity;
};

/* Draws into TO, a file of its own. 0 or an errno. */
static int draw(struct arena *arena, const struct drawn *what,
		const char *form, const char *title, FILE *to)
{
	int error = 0;

	if (!strcmp(form, "html"))
		graph_html(arena, &what->image, what->nevers, what->n, title,
			   to);
	else if (!strcmp(form, "svg"))
		error = draw_svg(&what->image, title, to);
	else
		graph_dot(&what->image, title, to);
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

static int write_graph(struct command_line *line, const struct drawn *what,
		       const char *form)
{
	const char *output = line->given[OPTION_OUTPUT];
	FILE *drawn = tmpfile();
	int error = drawn ? 0 : errno;

	if (!error)
		error = draw(line->arena, what, form,
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

/* What the policy's tests say may never be, and whether. False after an error. */
static bool prove_all(struct arena *arena, const struct compiled *compiled,
		      uint64_t n_states, struct drawn *what)
{
	struct prover prover = prove_begin(arena, compiled->diags, &what->image,
					   n_states);
	bool fine = true;

	for (size_t i = 0; i < compiled->psl->n_tests; i++) {
		const struct pal_test *test = &compiled->psl->tests[i];

		for (size_t k = 0; k < test->n_nevers; k++) {
			struct graph_never *never = ARENA_PUSH(arena,
				what->nevers, what->n, what->capacity);

			never->never = &test->nevers[k];
			fine = prove_never(&prover, never->never,
					   &never->proof) && fine;
		}
	}
	return fine;
}

static int read_policy(struct command_line *line, uint64_t n_states,
		       struct drawn *what)
{
	struct compiled compiled;
	struct image_fault fault;
	int status = cmd_compile(line, "graph", &compiled);

	if (!status) {
		int fine = image_load(&what->image, compiled.image,
				      compiled.size, &fault);

		assert(fine);		/* image_build has tried it */
		(void)fine;
		if (!prove_all(line->arena, &compiled, n_states, what))
			status = EXIT_SOURCES;
	}
	cmd_report(compiled.diags);
	return status;
}

/* An option that a policy is read with, or NULL. */
static const char *policy_option(const struct command_line *line)
{
	return line->n_dirs ? "-I" : line->n_defines ? "-D" :
	       line->given[OPTION_INIT] ? "--init" :
	       line->given[OPTION_STATES] ? "--states" : NULL;
}

int cmd_graph(struct command_line *line)
{
	const char *form = form_of(line);
	struct drawn what = { .nevers = NULL };
	uint64_t n_states;
	int status;

	if (!cmd_states(line, "graph", &n_states))
		return EXIT_USAGE;

	if (line->n_files != 1)
		return cmd_wrong("%s", line->n_files
				 ? "more than one file is given"
				 : "no image or policy is given", "graph");
	if (strcmp(form, "html") && strcmp(form, "svg") && strcmp(form, "dot"))
		return cmd_wrong("--format is dot, svg or html, not '%s'", form,
				 "graph");
	if (cmd_is_same(line->given[OPTION_OUTPUT], line->files[0]))
		return cmd_wrong("%s is what is drawn: the graph would take its "
				 "place", line->files[0], "graph");
	if (is_policy(line->files[0]))
		status = read_policy(line, n_states, &what);
	else if (policy_option(line))
		return cmd_wrong("%s is for a policy, and an image is given",
				 policy_option(line), "graph");
	else
		status = cmd_open_image(line->arena, line->files[0],
					&what.image);
	return status ? status : write_graph(line, &what, form);
}
