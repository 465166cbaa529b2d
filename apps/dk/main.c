/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * dk: the command for people. `dk run` finds the daemon beside itself and
 * becomes it; the commands that speak to a running daemon come later.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_USAGE	2
#define EXIT_MACHINE	10	/* as dkd's: enum dkd_exit */

static const char usage[] =
	"usage: dk run [OPTION]... IMAGE.dk    run a solution in the foreground\n"
	"       dk --help | --version\n";

static const char help[] =
	"\n"
	"The options of `dk run` are those of dkd, and so is its exit status:\n"
	"`dk run --help` lists both.\n";

/* Where the daemon may be, from the folder that this program is in. */
static const char *const places[] = { "dkd", "../bin/dkd", "../sbin/dkd" };

/* The folder of this executable, without a trailing slash. */
static int own_folder(char *folder, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", folder, size);
	char *slash;

	if (n < 0)
		return -errno;
	if ((size_t)n >= size)
		return -ENAMETOOLONG;
	folder[n] = 0;
	slash = strrchr(folder, '/');
	if (!slash)
		return -ENOENT;
	*slash = 0;
	return 0;
}

static int run(char **argv)
{
	char folder[PATH_MAX], path[PATH_MAX + 32];
	int r = own_folder(folder, sizeof(folder));

	if (r < 0) {
		fprintf(stderr, "dk: cannot find itself: %s\n", strerror(-r));
		return EXIT_MACHINE;
	}
	argv[0] = (char[]){ "dkd" };
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, places[i]);
		execv(path, argv);
		if (errno != ENOENT && errno != ENOTDIR)
			break;
	}
	fprintf(stderr, "dk: the daemon cannot be run: %s: %s\n", path,
		strerror(errno));
	return EXIT_MACHINE;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "run"))
		return run(argv + 1);
	if (!strcmp(argv[1], "--help")) {
		printf("%s%s", usage, help);
		return 0;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("dk %s\n", DK_VERSION);
		return 0;
	}
	fprintf(stderr, "dk: no such command: %s\n%s", argv[1], usage);
	return EXIT_USAGE;
}
