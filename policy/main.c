/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dkc, the compiler: its command line. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "front/template.h"
#include "image/build.h"

/* Exit statuses; usage() states them. */
enum { EXIT_FINE = 0, EXIT_SOURCES = 1, EXIT_USAGE = 2, EXIT_MACHINE = 3 };

#define STATUSES \
	"Exit status: 0 fine, 1 errors in the sources (or an unsound image),\n" \
	"2 a wrong command line, 3 a file cannot be read or written, or memory\n" \
	"is short.\n"

struct command_line {
	struct arena *arena;
	const char **dirs;
	size_t n_dirs, dirs_capacity;
	const char *output, *init;
	const char **files;
	size_t n_files, files_capacity;
	struct define *defines;
	size_t n_defines, defines_capacity;
};

struct command {
	const char *name;
	const char *options;		/* of -I, -o, --init, -D */
	const char *help;
	int (*run)(struct command_line *line);
};

static int run_xdl(struct command_line *line);
static int run_build(struct command_line *line);
static int run_dump(struct command_line *line);

static const struct command commands[] = {
	{ "xdl", "Io", "Usage: dkc xdl -I DIR... -o OUTDIR FILE...\n\n"
	  "Writes the C header of each EDL, CDL and IDL file, and of all that\n"
	  "it needs, below OUTDIR: a/b/X.idl.h, X.cdl.h, X.edl.h.\n\n"
	  "  -I DIR     look for a.b.X in DIR/a/b; may be repeated\n"
	  "  -o OUTDIR  where to write\n", run_xdl },
	{ "build", "IoiD", "Usage: dkc build -I DIR... [-D NAME=text]... "
	  "[--init init.yaml]\n                 -o IMAGE.dk security.psl\n\n"
	  "Compiles a policy, the interfaces that it names and the start list\n"
	  "to one image. Without --init it holds no programs to start.\n"
	  "Policies and start lists may be templates.\n\n"
	  "  -I DIR            look for a.b.X in DIR/a/b; may be repeated\n"
	  "  -D NAME=text      @NAME@ in a template is text, and {% if NAME == "
	  "\"text\" %}\n"
	  "                    holds; may be repeated\n"
	  "  --init init.yaml  the programs to start, and their channels\n"
	  "  -o IMAGE.dk       the image to write\n", run_build },
	{ "dump", "", "Usage: dkc dump IMAGE.dk\n\n"
	  "Prints an image as text. One that the daemon would refuse is\n"
	  "refused, and the fault is named.\n", run_dump },
};

#define N_COMMANDS (sizeof(commands) / sizeof(*commands))

/* Commands and options of the design that are not here yet. */
static const char *const later[] = {
	"test", "explain", "check", "diff", "graph", "fmt",
};

static void usage(FILE *to)
{
	fputs("Usage: dkc COMMAND [OPTION]... FILE...\n\n"
	      "  dkc xdl -I DIR... -o OUTDIR FILE...    C headers of EDL, CDL, "
	      "IDL\n"
	      "  dkc build -I DIR... [-D NAME=text]... [--init init.yaml] -o "
	      "IMAGE.dk\n"
	      "            security.psl                 policy -> image\n"
	      "  dkc dump IMAGE.dk                      image -> text\n"
	      "  dkc COMMAND --help, dkc --help, dkc --version\n\n"
	      "The standard files are found without -I, after the given "
	      "folders.\n"
	      STATUSES, to);
}

/* What was asked for has been printed. */
static int printed(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_FINE;
	fprintf(stderr, "dkc: cannot write: %s\n", strerror(errno));
	return EXIT_MACHINE;
}

static int wrong(const char *format, const char *what, const char *command)
{
	fputs("dkc: ", stderr);
	fprintf(stderr, format, what);
	fprintf(stderr, "; see dkc%s%s --help\n", command ? " " : "",
		command ? command : "");
	return EXIT_USAGE;
}

/* ../share/dk beside the folder of this executable; NULL if it is not there. */
static const char *share_folder(struct arena *arena)
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

static void open_sources(struct command_line *line, struct sources *sources,
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
static bool can_read(const char *path)
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

static bool is_same(const char *left, const char *right)
{
	struct stat a, b;

	return right && !stat(left, &a) && !stat(right, &b) &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int report(const struct diags *diags)
{
	size_t n;

	setvbuf(stderr, NULL, _IOFBF, BUFSIZ);	/* not a byte at a time */
	n = diags_print(diags, stderr, isatty(STDERR_FILENO));
	fflush(stderr);
	return n ? EXIT_SOURCES : EXIT_FINE;
}

static int run_xdl(struct command_line *line)
{
	struct diags *diags = diags_new(line->arena);
	struct sources sources;
	struct xdl *xdl;
	bool fine;
	int status;

	if (!line->n_files || !line->output)
		return wrong("%s", line->n_files ? "-o OUTDIR is missing"
			     : "no FILE is given", "xdl");
	for (size_t i = 0; i < line->n_files; i++)
		if (!can_read(line->files[i]))
			return EXIT_MACHINE;
	open_sources(line, &sources, share_folder(line->arena));
	xdl = xdl_new(line->arena, &sources, diags);
	fine = xdl_emit(xdl, line->files, line->n_files, line->output);
	status = report(diags);
	return fine || status ? status : EXIT_MACHINE;
}

static int run_build(struct command_line *line)
{
	struct diags *diags = diags_new(line->arena);
	const char *share = share_folder(line->arena);
	const struct init *init = NULL;
	struct sources sources;
	const struct psl *psl;
	const void *image;
	struct xdl *xdl;
	size_t size;
	int error;

	if (line->n_files != 1 || !line->output)
		return wrong("%s", !line->output ? "-o IMAGE.dk is missing"
			     : line->n_files ? "more than one policy is given"
			     : "no policy is given", "build");
	if (!can_read(line->files[0]) || (line->init && !can_read(line->init)))
		return EXIT_MACHINE;
	if (is_same(line->output, line->files[0]) ||
	    is_same(line->output, line->init))
		return wrong("%s is a source: the image would take its place",
			     line->output, "build");
	open_sources(line, &sources, share);
	xdl = xdl_new(line->arena, &sources, diags);
	psl = psl_read(line->arena, &sources, xdl, diags, line->files[0]);
	if (line->init)
		init = init_read(line->arena, &sources, diags, psl, line->init);
	if (!psl || (line->init && !init))
		return report(diags);
	image = image_build(line->arena, diags, psl, init, share, &size);
	if (report(diags) || !image)
		return EXIT_SOURCES;
	error = image_write(line->output, image, size);
	if (!error)
		return EXIT_FINE;
	fprintf(stderr, "dkc: cannot write %s: %s\n", line->output,
		strerror(-error));
	return EXIT_MACHINE;
}

/* The whole file, 8-aligned; NULL with errno set. */
static void *read_image(struct arena *arena, const char *path, size_t *size)
{
	FILE *file = fopen(path, "re");
	char *data = NULL;
	size_t capacity = 0, n;

	*size = 0;
	if (!file)
		return NULL;
	do {
		if (*size == capacity) {
			char *more;

			capacity = capacity ? capacity * 2 : 1 << 16;
			more = arena_alloc(arena, capacity);
			if (*size)
				memcpy(more, data, *size);
			data = more;
		}
		n = fread(data + *size, 1, capacity - *size, file);
		*size += n;
	} while (n && *size <= IMAGE_SIZE_MAX);
	if (ferror(file))
		data = NULL;
	n = (size_t)errno;
	fclose(file);
	errno = (int)n;
	return data;
}

static int run_dump(struct command_line *line)
{
	struct image_fault fault;
	struct image image;
	size_t size;
	void *data;

	if (line->n_files != 1)
		return wrong("%s", line->n_files ? "more than one image is given"
			     : "no image is given", "dump");
	data = read_image(line->arena, line->files[0], &size);
	if (!data) {
		fprintf(stderr, "dkc: cannot read %s: %s\n", line->files[0],
			strerror(errno));
		return EXIT_MACHINE;
	}
	if (!image_load(&image, data, size, &fault)) {
		fprintf(stderr, "dkc: %s is not a sound image: %s",
			line->files[0], fault.what);
		if (fault.section < SECTION_N)
			fprintf(stderr, " (section %u, element %u)",
				fault.section, fault.index);
		fputc('\n', stderr);
		return EXIT_SOURCES;
	}
	image_dump(&image, stdout);
	return printed();
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
		return wrong("-D wants NAME=text, not '%s'", value,
			     command->name);
	define.name = arena_strndup(line->arena, value,
				    (size_t)(equal - value));
	define.text = equal + 1;
	if (!is_text(define.text))
		return wrong("the text of -D %s is not UTF-8", define.name,
			     command->name);
	for (size_t i = 0; i < line->n_defines; i++)
		if (!strcmp(line->defines[i].name, define.name))
			return wrong("-D %s is given twice", define.name,
				     command->name);
	*ARENA_PUSH(line->arena, line->defines, line->n_defines,
		    line->defines_capacity) = define;
	return EXIT_FINE;
}

/* One option; EXIT_FINE to go on. */
static int read_option(const struct command *command, struct command_line *line,
		       char ***arg)
{
	const char *option = **arg, *value;
	char which = 0;
	size_t name = 2;

	if (!strncmp(option, "-I", 2))
		which = 'I';
	else if (!strncmp(option, "-o", 2))
		which = 'o';
	else if (!strcmp(option, "--init") || !strncmp(option, "--init=", 7)) {
		which = 'i';
		name = 6;
	} else if (!strncmp(option, "-D", 2)) {
		which = 'D';
	}
	if (!which || !strchr(command->options, which))
		return wrong("unknown option %s", option, command->name);
	value = option_value(arg, name);
	if (!value || !*value)
		return wrong("%s wants a value", option, command->name);
	if (which == 'D')
		return read_define(command, line, value);
	if (which == 'I')
		*ARENA_PUSH(line->arena, line->dirs, line->n_dirs,
			    line->dirs_capacity) = value;
	else if (which == 'o' ? line->output != NULL : line->init != NULL)
		return wrong("%s is given twice", option, command->name);
	else
		*(which == 'o' ? &line->output : &line->init) = value;
	return EXIT_FINE;
}

static int run_command(const struct command *command, char **arg)
{
	struct command_line line = { .arena = arena_new() };
	bool options = true;
	int status = EXIT_FINE;

	for (; *arg && !status; arg++) {
		if (options && !strcmp(*arg, "--")) {
			options = false;
		} else if (options && !strcmp(*arg, "--help")) {
			printf("%s\n%s", command->help, STATUSES);
			arena_free(line.arena);
			return printed();
		} else if (options && **arg == '-' && (*arg)[1]) {
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

int main(int argc, char **argv)
{
	if (argc < 2) {
		usage(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help")) {
		usage(stdout);
		return printed();
	}
	if (!strcmp(argv[1], "--version")) {
		puts("dkc " DK_VERSION);
		return printed();
	}
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return run_command(&commands[i], argv + 2);
	for (size_t i = 0; i < sizeof(later) / sizeof(*later); i++)
		if (!strcmp(argv[1], later[i]))
			return wrong("the command '%s' is not supported by "
				     "this version", argv[1], NULL);
	return wrong("unknown command '%s'", argv[1], NULL);
}
