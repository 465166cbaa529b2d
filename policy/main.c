/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dkc, the compiler: its commands. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"

static const struct command commands[] = {
	{ "xdl", OPTION(INCLUDE) | OPTION(OUTPUT),
	  "Usage: dkc xdl -I DIR... -o OUTDIR FILE...\n\n"
	  "Writes the C header of each EDL, CDL and IDL file, and of all that\n"
	  "it needs, below OUTDIR: a/b/X.idl.h, X.cdl.h, X.edl.h.\n\n"
	  "  -I DIR     look for a.b.X in DIR/a/b; may be repeated\n"
	  "  -o OUTDIR  where to write\n", cmd_xdl },
	{ "build",
	  OPTION(INCLUDE) | OPTION(OUTPUT) | OPTION(INIT) | OPTION(DEFINE),
	  "Usage: dkc build -I DIR... [-D NAME=text]... "
	  "[--init init.yaml]\n                 -o IMAGE.dk security.psl\n\n"
	  "Compiles a policy, the interfaces that it names and the start list\n"
	  "to one image. Without --init it holds no programs to start.\n"
	  "Policies and start lists may be templates.\n\n"
	  "  -I DIR            look for a.b.X in DIR/a/b; may be repeated\n"
	  "  -D NAME=text      @NAME@ in a template is text, and {% if NAME == "
	  "\"text\" %}\n"
	  "                    holds; may be repeated\n"
	  "  --init init.yaml  the programs to start, and their channels\n"
	  "  -o IMAGE.dk       the image to write\n", cmd_build },
	{ "dump", 0, "Usage: dkc dump IMAGE.dk\n\n"
	  "Prints an image as text. One that the daemon would refuse is\n"
	  "refused, and the fault is named.\n", cmd_dump },
	{ "explain", OPTION(JSON),
	  "Usage: dkc explain [--json] IMAGE.dk [BEFORE]... EVENT\n\n"
	  "Decides one event and says why: the bindings that match it, each of\n"
	  "their rules with what it read and what it answered; where no binding\n"
	  "matches, the nearest ones and what they miss; and whether the channel\n"
	  "could be in the kernel's lane. EVENT is one word in quotes, written as\n"
	  "in a test:\n\n"
	  "  'request src=a.Client dst=a.Server endpoint=e method=M { p: 1 }'\n"
	  "  'execute dst=a.Client'\n\n"
	  "The other kinds are response, error and security. What is left out of\n"
	  "the parameters is 0, \"\" or empty. The policy's objects are as they\n"
	  "begin, or as the events BEFORE leave them, which are decided first.\n"
	  "Whatever the verdict, the exit status is 0.\n\n"
	  "  --json  for scripts\n", cmd_explain },
	{ "diff", OPTION(JSON),
	  "Usage: dkc diff [--json] OLD.dk NEW.dk\n\n"
	  "Compares two images by names: each event whose verdict NEW may change,\n"
	  "what is newly granted first, with the rules of both. Where rules that\n"
	  "read the message differ, the verdict may change. Exit status 0: none\n"
	  "can change; 1: something may be granted that was not, or an image is\n"
	  "unsound; 4: verdicts change, and only to denials. System calls that\n"
	  "the programs of a class gain count as newly granted.\n\n"
	  "  --json  for scripts\n", cmd_diff },
	{ "seccomp", 0, "Usage: dkc seccomp IMAGE.dk CLASS\n\n"
	  "Prints the system-call filter of the programs of CLASS as text: each\n"
	  "call that has a rule, what its arguments must be, what is answered, and\n"
	  "what becomes of all others.\n", cmd_seccomp },
	{ "graph", OPTION(OUTPUT) | OPTION(FORMAT) | OPTION(INCLUDE) |
	  OPTION(DEFINE) | OPTION(INIT) | OPTION(STATES),
	  "Usage: dkc graph [--format dot|svg|html] [-o FILE] IMAGE.dk\n"
	  "       dkc graph -I DIR... [-D NAME=text]... [--init init.yaml]\n"
	  "                 [--states N] [--format dot|svg|html] [-o FILE]\n"
	  "                 security.psl\n\n"
	  "Draws who may say what to whom. The page (html) needs no network:\n"
	  "a graph, a matrix, and the rules behind each, by mouse and keyboard;\n"
	  "of a policy also each 'never' of its tests, and what contradicts it.\n"
	  "\n"
	  "  --format FORM  dot, Graphviz's language; svg, by Graphviz's dot;\n"
	  "                 or html. Without it: what FILE ends with, else dot\n"
	  "  -o FILE        where to write; without it: standard output\n"
	  "  -I, -D, --init as for dkc build; --states as for dkc test\n",
	  cmd_graph },
	{ "test", OPTION(INCLUDE) | OPTION(DEFINE) | OPTION(FILTER) |
	  OPTION(JUNIT) | OPTION(COVERAGE) | OPTION(UNDER) | OPTION(LCOV) |
	  OPTION(STATES),
	  "Usage: dkc test -I DIR... [-D NAME=text]... [--filter PATTERN]\n"
	  "                [--junit FILE] [--coverage] [--fail-under PERCENT]\n"
	  "                [--lcov FILE] [--states N] security.psl\n\n"
	  "Runs the tests of a policy, its 'assert' blocks, through the engine\n"
	  "that the daemon uses, and prints TAP: a test for each sequence, and\n"
	  "for each 'never', which is proved over all events, and the states of\n"
	  "Flow, Rbac and Mic. Of a test that fails, the cases with another\n"
	  "verdict than they expect, and the rules that decided. Exit status 1 if\n"
	  "a test fails, if there is none, or if coverage is too low.\n\n"
	  "  -I DIR                look for a.b.X in DIR/a/b; may be repeated\n"
	  "  -D NAME=text          as for dkc build\n"
	  "  --filter PATTERN      only tests whose name holds it; * and ? as in\n"
	  "                        the shell\n"
	  "  --junit FILE          JUnit's XML too\n"
	  "  --coverage            also what no test has reached: bindings, rules,\n"
	  "                        the ways of their conditions\n"
	  "  --fail-under PERCENT  of coverage\n"
	  "  --lcov FILE           coverage as a tracefile of lcov\n"
	  "  --states N            how many states a 'never' may take: 1000000\n"
	  "                        if it is not said\n", cmd_test },
	{ "check", OPTION(INCLUDE) | OPTION(INIT) | OPTION(DEFINE),
	  "Usage: dkc check -I DIR... [-D NAME=text]... [--init init.yaml] "
	  "security.psl\n\n"
	  "Compiles a policy and says what in it is not wrong and probably not\n"
	  "meant. Exit status 1 if anything is. A comment silences a warning on\n"
	  "its line or the one after it: dkc check: NAME: why it is meant\n\n"
	  "  unmatched    a binding that matches no event\n"
	  "  denies       a rule that always denies\n"
	  "  grants-rest  deny (...) as the only rule, which grants the rest\n"
	  "  no-response  a request that may be granted, its response never\n"
	  "  uncalled     an endpoint that nobody may call\n"
	  "  unstartable  a class that may never start\n"
	  "  anyone       a binding without selectors that grants\n"
	  "  unreachable  a state of a Flow that no transitions lead to\n"
	  "  unentered    a transition of a Flow that no rule makes\n"
	  "  pool         an object with fewer places than the start list may want\n"
	  "  silence      a silence without a reason, or of nothing\n\n"
	  "  -I DIR            look for a.b.X in DIR/a/b; may be repeated\n"
	  "  -D NAME=text      as for dkc build\n"
	  "  --init init.yaml  the start list is checked too\n", cmd_check },
	{ "fmt", OPTION(CHECK),
	  "Usage: dkc fmt [--check] FILE...\n\n"
	  "Lays out EDL, CDL, IDL, PSL and init.yaml files, in place, and names\n"
	  "those that it changed. Comments and the author's line ends are kept.\n"
	  "\n"
	  "  --check  change nothing; exit status 1 if a file would change\n",
	  cmd_fmt },
};

#define N_COMMANDS (sizeof(commands) / sizeof(*commands))

static void usage(FILE *to)
{
	fputs("Usage: dkc COMMAND [OPTION]... FILE...\n\n"
	      "  dkc xdl -I DIR... -o OUTDIR FILE...    C headers of EDL, CDL, "
	      "IDL\n"
	      "  dkc build -I DIR... [-D NAME=text]... [--init init.yaml] -o "
	      "IMAGE.dk\n"
	      "            security.psl                 policy -> image\n"
	      "  dkc dump IMAGE.dk                      image -> text\n"
	      "  dkc test -I DIR... security.psl        the policy's own tests\n"
	      "  dkc check -I DIR... security.psl       what is probably not "
	      "meant\n"
	      "  dkc explain [--json] IMAGE.dk EVENT    why it is granted or not\n"
	      "  dkc diff [--json] OLD.dk NEW.dk        whose verdict may change\n"
	      "  dkc seccomp IMAGE.dk CLASS             which system calls\n"
	      "  dkc graph [-o FILE] IMAGE.dk           image -> picture\n"
	      "  dkc fmt [--check] FILE...              one layout\n"
	      "  dkc COMMAND --help, dkc --help, dkc --version\n\n"
	      "The standard files are found without -I, after the given "
	      "folders.\n"
	      CMD_STATUSES, to);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		usage(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help")) {
		usage(stdout);
		return cmd_printed();
	}
	if (!strcmp(argv[1], "--version")) {
		puts("dkc " DK_VERSION);
		return cmd_printed();
	}
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return cmd_run(&commands[i], argv + 2);
	return cmd_wrong("unknown command '%s'", argv[1], NULL);
}
