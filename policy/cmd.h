/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What the commands of dkc share: the command line as read, exit statuses, and
 * how each opens sources and images and says what is wrong.
 */
#ifndef DK_CMD_H
#define DK_CMD_H

#include <stdbool.h>

#include "../kernel/security/image.h"
#include "front/diag.h"
#include "front/template.h"
#include "init/init.h"

/* Exit statuses; CMD_STATUSES states them. */
enum {
	EXIT_FINE = 0, EXIT_SOURCES = 1, EXIT_USAGE = 2, EXIT_MACHINE = 3,
	EXIT_TIGHTER = 4,
};

#define CMD_STATUSES \
	"Exit status: 0 fine, 1 errors in the sources (or an unsound image),\n" \
	"2 a wrong command line, 3 a file cannot be read or written, or memory\n" \
	"is short, 4 (diff) verdicts change, and none to a grant.\n"

/* Of all commands; the table of their spellings is in cmd_line.c. */
enum option {
	OPTION_INCLUDE,		/* -I DIR, repeated: .dirs */
	OPTION_DEFINE,		/* -D NAME=text, repeated: .defines */
	OPTION_OUTPUT,		/* -o FILE */
	OPTION_INIT,		/* --init FILE */
	OPTION_FORMAT,		/* --format WORD */
	OPTION_CHECK,		/* --check */
	OPTION_JSON,		/* --json */
	OPTION_FILTER,		/* --filter PATTERN */
	OPTION_JUNIT,		/* --junit FILE */
	OPTION_COVERAGE,	/* --coverage */
	OPTION_UNDER,		/* --fail-under PERCENT */
	OPTION_LCOV,		/* --lcov FILE */
	OPTION_STATES,		/* --states N */
	OPTION_N
};

#define OPTION(name) (1u << OPTION_##name)

struct command_line {
	struct arena *arena;
	const char *given[OPTION_N];	/* value; "" without one; NULL: not given */
	const char **dirs;
	size_t n_dirs, dirs_capacity;
	const char **files;
	size_t n_files, files_capacity;
	struct define *defines;
	size_t n_defines, defines_capacity;
};

struct command {
	const char *name;
	unsigned options;		/* OPTION(...) of each that it has */
	const char *help;
	int (*run)(struct command_line *line);
};

/* cmd_line.c: reads ARG, the words after the command's name, and runs it. */
int cmd_run(const struct command *command, char **arg);
/* Says what is wrong with the command line (FORMAT holds one %s, for WHAT). */
int cmd_wrong(const char *format, const char *what, const char *command);
/* What was asked for has been printed: whether it got out. */
int cmd_printed(void);

/* cmd_build.c */
/* ../share/dk beside the folder of this executable; NULL if it is not there. */
const char *cmd_share(struct arena *arena);
/* --states, or the default. False: it is no number from 1 on, which was said. */
bool cmd_states(const struct command_line *line, const char *command,
		uint64_t *n_states);
/* The include folders of LINE, and SHARE (may be NULL) after them. */
void cmd_sources(struct command_line *line, struct sources *sources,
		 const char *share);
/* Whether PATH is a file that can be read; else the reason was said. */
bool cmd_can_read(const char *path);
/* Whether two paths (or NULL) lead to one file. */
bool cmd_is_same(const char *left, const char *right);
/* Prints what was found; EXIT_SOURCES if there was an error. */
int cmd_report(const struct diags *diags);

/* A policy, its start list, and what they became; all is the arena's. */
struct compiled {
	struct diags *diags;
	struct sources sources;		/* that were read */
	const struct psl *psl;
	const struct init *init;	/* NULL: no --init was given */
	const void *image;		/* one that image_load accepts */
	size_t size;
};

/*
 * Compiles the one policy of LINE for COMMAND. A status; what is wrong with the
 * command line was said, what with the sources is in .diags, which is there in
 * either case.
 */
int cmd_compile(struct command_line *line, const char *command,
		struct compiled *out);
int cmd_xdl(struct command_line *line);
int cmd_build(struct command_line *line);

/* cmd_image.c */
/* Loads the image at PATH into IMAGE; else the reason was said. A status. */
int cmd_open_image(struct arena *arena, const char *path, struct image *image);
int cmd_dump(struct command_line *line);
/* cmd_check.c */
int cmd_check(struct command_line *line);
/* cmd_fmt.c */
int cmd_fmt(struct command_line *line);
/* cmd_graph.c */
int cmd_graph(struct command_line *line);

/* cmd_diff.c */
int cmd_diff(struct command_line *line);
/* cmd_seccomp.c */
int cmd_seccomp(struct command_line *line);
/* cmd_test.c */
int cmd_test(struct command_line *line);
/* cmd_explain.c */
int cmd_explain(struct command_line *line);

#endif
