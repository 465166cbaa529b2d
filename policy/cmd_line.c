/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The words of a command, by the table of options. */
#include "cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prove/prove.h"

int cmd_printed(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_FINE;
	fprintf(stderr, "dkc: cannot write: %s\n", strerror(errno));
	return EXIT_MACHINE;
}

int cmd_wrong(const char *format, const char *what, const char *command)
{
	fputs("dkc: ", stderr);
	fprintf(stderr, format, what);
	fprintf(stderr, "; see dkc%s%s --help\n", command ? " " : "",
		command ? command : "");
	return EXIT_USAGE;
}

bool cmd_states(const struct command_line *line, const char *command,
		uint64_t *n_states)
{
	const char *text = line->given[OPTION_STATES];
	char *end;

	*n_states = PROVE_STATES;
	if (!text)
		return true;
	errno = 0;
	*n_states = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno && *n_states)
		return true;
	cmd_wrong("--states wants a number from 1 on, not '%s'", text, command);
	return false;
}

/* The value of the option at *ARG, which is NAME or NAME=value or NAMEvalue. */
static const char *option_value(char ***arg, size_t name)
{
	const char *rest = **arg + name;

	if (*rest == '=' && (*arg)[0][1] == '-')
		return rest + 1;
	if (*rest)
		return rest;
	if (!(*arg)[1])
		return NULL;
	return *++*arg;
}

static bool is_text(const char *text)
{
	size_t size = strlen(text), length;

	for (; size; text += length, size -= length) {
		length = source_character(text, size);
		if (!length)
			return false;
	}
	return true;
}

/* NAME=text. */
static int read_define(const struct command *command,
		       struct command_line *line, const char *value)
{
	const char *equal = strchr(value, '=');
	struct define define;

	if (!equal || !template_is_name(value, (size_t)(equal - value)))
		return cmd_wrong("-D wants NAME=text, not '%s'", value,
			     command->name);
	define.name = arena_strndup(line->arena, value,
				    (size_t)(equal - value));
	define.text = equal + 1;
	if (!is_text(define.text))
		return cmd_wrong("the text of -D %s is not UTF-8", define.name,
			     command->name);
	for (size_t i = 0; i < line->n_defines; i++)
		if (!strcmp(line->defines[i].name, define.name))
			return cmd_wrong("-D %s is given twice", define.name,
				     command->name);
	*ARENA_PUSH(line->arena, line->defines, line->n_defines,
		    line->defines_capacity) = define;
	return EXIT_FINE;
}

static const struct {
	const char *name;
	bool value;
} options[OPTION_N] = {
	[OPTION_INCLUDE] = { "-I", true },
	[OPTION_DEFINE] = { "-D", true },
	[OPTION_OUTPUT] = { "-o", true },
	[OPTION_INIT] = { "--init", true },
	[OPTION_FORMAT] = { "--format", true },
	[OPTION_CHECK] = { "--check", false },
	[OPTION_JSON] = { "--json", false },
	[OPTION_FILTER] = { "--filter", true },
	[OPTION_JUNIT] = { "--junit", true },
	[OPTION_COVERAGE] = { "--coverage", false },
	[OPTION_UNDER] = { "--fail-under", true },
	[OPTION_LCOV] = { "--lcov", true },
	[OPTION_STATES] = { "--states", true },
};

/* Which one WORD is or begins with (-Idir, --init=file); OPTION_N if none. */
static enum option find_option(const struct command *command, const char *word)
{
	for (int i = 0; i < OPTION_N; i++) {
		size_t n = strlen(options[i].name);
		bool is_long = options[i].name[1] == '-';

		if (!(command->options & 1u << i) ||
		    strncmp(word, options[i].name, n) != 0)
			continue;
		if (!word[n] ||
		    (options[i].value && (!is_long || word[n] == '=')))
			return (enum option)i;
	}
	return OPTION_N;
}

/* One option; EXIT_FINE to go on. */
static int read_option(const struct command *command, struct command_line *line,
		       char ***arg)
{
	const char *word = **arg, *value = "";
	enum option option = find_option(command, word);

	if (option == OPTION_N)
		return cmd_wrong("unknown option %s", word, command->name);
	if (options[option].value) {
		value = option_value(arg, strlen(options[option].name));
		if (!value || !*value)
			return cmd_wrong("%s wants a value", word,
					 command->name);
	}
	if (option == OPTION_DEFINE)
		return read_define(command, line, value);
	if (option == OPTION_INCLUDE) {
		*ARENA_PUSH(line->arena, line->dirs, line->n_dirs,
			    line->dirs_capacity) = value;
		return EXIT_FINE;
	}
	if (line->given[option])
		return cmd_wrong("%s is given twice", word, command->name);
	line->given[option] = value;
	return EXIT_FINE;
}

int cmd_run(const struct command *command, char **arg)
{
	struct command_line line = { .arena = arena_new() };
	bool open = true;
	int status = EXIT_FINE;

	for (; *arg && !status; arg++) {
		if (open && !strcmp(*arg, "--")) {
			open = false;
		} else if (open && !strcmp(*arg, "--help")) {
			printf("%s\n%s", command->help, CMD_STATUSES);
			arena_free(line.arena);
			return cmd_printed();
		} else if (open && **arg == '-' && (*arg)[1]) {
			status = read_option(command, &line, &arg);
		} else {
			*ARENA_PUSH(line.arena, line.files, line.n_files,
				    line.files_capacity) = *arg;
		}
	}
	if (!status)
		status = command->run(&line);
	arena_free(line.arena);
	return status;
}

