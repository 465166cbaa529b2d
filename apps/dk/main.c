/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * dk: the command for people. `dk run` finds the daemon and becomes it, as `dk
 * selftest` does what tries sandboxes; `dk new`
 * writes a solution to begin with, the others ask a daemon that runs.
 */
#include <stdio.h>
#include <string.h>

#include "dk.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "run", dk_run },
	{ "new", dk_new },
	{ "ps", dk_ps },
	{ "channels", dk_channels },
	{ "names", dk_names },
	{ "audit", dk_audit },
	{ "spawn", dk_spawn },
	{ "stop", dk_stop },
	{ "selftest", dk_selftest },
};

static const char usage[] =
	"usage: dk run [OPTION]... IMAGE.dk    run a solution in the foreground\n"
	"       dk new NAME                    write a small solution to begin with\n"
	"       dk ps                          who runs\n"
	"       dk channels                    who is connected to whom\n"
	"       dk names                       what is published\n"
	"       dk audit [--follow]            what was denied, and why\n"
	"       dk spawn TASK                  start a task, and wait for its end\n"
	"       dk stop                        end everything\n"
	"       dk selftest [IMAGE.dk]         what hostile programs are refused here\n"
	"       dk --help | --version\n";

static const char help[] =
	"\n"
	"The options of `dk run` are those of dkd, and so is its exit status:\n"
	"`dk run --help` lists both. The other commands have a --help of their own.\n"
	"\n"
	"Exit status without a command:\n"
	"    0  answered\n"
	"    2  bad command line\n";

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs(usage, stderr);
		return DK_USAGE;
	}
	if (!strcmp(argv[1], "--help")) {
		printf("%s%s", usage, help);
		return DK_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("dk %s\n", DK_VERSION);
		return DK_OK;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "dk: no such command: %s\n%s", argv[1], usage);
	return DK_USAGE;
}
