/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The command line of those that ask a daemon. */
#include <getopt.h>
#include <stdio.h>

#include "ask.h"
#include "dk.h"

enum option_id { OPTION_JSON = 256, OPTION_FOLLOW, OPTION_LEVEL, OPTION_SANDBOX,
		 OPTION_HELP };

static const struct option options[] = {
	{ "socket", required_argument, NULL, 's' },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "sandbox", no_argument, NULL, OPTION_SANDBOX },
	{ "follow", no_argument, NULL, OPTION_FOLLOW },
	{ "level", required_argument, NULL, OPTION_LEVEL },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

static const struct { int status; const char *text; } exits[] = {
	{ DK_OK, "done" },
	{ DK_USAGE, "bad command line" },
	{ DK_NO_DAEMON, "no daemon answers, or more than one and none is named" },
	{ DK_NO_RIGHT, "you may not: the socket's group, users:, or the policy" },
	{ DK_NO_START, "spawn: the policy denies the task's start" },
	{ DK_TASK_BUSY, "spawn: the task runs already" },
	{ DK_TOO_MANY, "too many connections to the daemon" },
	{ DK_BROKEN, "dk or the daemon failed, or it is being ended" },
	{ DK_NOT_RUN, "spawn: the task could not be started" },
	{ DK_NO_TASK, "spawn: there is no such task with `start: demand`" },
};

static void print_usage(FILE *to, const char *command, int takes)
{
	fprintf(to, "usage: dk %s [-s SOCKET]%s%s%s%s\n", command,
		takes & ASK_SANDBOX ? " [--sandbox]" : "",
		takes & ASK_JSON ? " [--json]" : "",
		takes & ASK_AUDIT ? " [--follow] [--level N]" : "",
		takes & ASK_TASK ? " TASK" : "");
}

static void print_help(const char *command, int takes, const char *help)
{
	print_usage(stdout, command, takes);
	printf("%s\n"
	       "  -s, --socket SOCKET  the daemon: a path, or a name in /run/dk,\n"
	       "                       or in /run/user/UID/dk where it is your own\n"
	       "                       (default: the only one that runs)\n", help);
	if (takes & ASK_SANDBOX)
		puts("  --sandbox            of each task each layer: whether it is "
		     "asked for,\n                       required, in force, and "
		     "proven, by which probe and when");
	if (takes & ASK_JSON)
		puts("  --json               a JSON object a line");
	if (takes & ASK_AUDIT)
		puts("  --follow             and the records to come, until ^C\n"
		     "  --level N            sets the audit level instead");
	puts("  --help               this text\n\nExit status:");
	if (takes & ASK_TASK)
		puts("       that of the task, 128 and the signal's number if it "
		     "died of one; else");
	for (size_t i = 0; i < sizeof(exits) / sizeof(exits[0]); i++)
		printf("  %3d  %s\n", exits[i].status, exits[i].text);
}

static int refuse(const struct ask_words *words, int takes, const char *what,
		  const char *word)
{
	fprintf(stderr, "dk %s: %s%s%s\n", words->command, what,
		word ? ": " : "", word ? word : "");
	print_usage(stderr, words->command, takes);
	return DK_USAGE;
}

int ask_read_words(struct ask_words *words, int takes, const char *help,
		   int argc, char **argv)
{
	int id;

	*words = (struct ask_words){ .command = argv[0] };
	opterr = 0;
	while ((id = getopt_long(argc, argv, "+:s:", options, NULL)) != -1) {
		bool fits = id != OPTION_JSON || (takes & ASK_JSON);

		if (id == OPTION_FOLLOW || id == OPTION_LEVEL)
			fits = takes & ASK_AUDIT;
		if (id == OPTION_SANDBOX)
			fits = takes & ASK_SANDBOX;
		if (id == ':')
			return refuse(words, takes, "this option wants a value",
				      argv[optind - 1]);
		if (id == '?' || !fits)
			return refuse(words, takes, "no such option",
				      argv[optind - 1]);
		if (id == OPTION_HELP) {
			print_help(words->command, takes, help);
			return DK_OK;
		}
		words->json |= id == OPTION_JSON;
		words->sandbox |= id == OPTION_SANDBOX;
		words->follow |= id == OPTION_FOLLOW;
		if (id == 's')
			words->socket = optarg;
		if (id == OPTION_LEVEL)
			words->level = optarg;
	}
	if (takes & ASK_TASK)
		words->task = argv[optind++];
	if ((takes & ASK_TASK) && (!words->task || !words->task[0]))
		return refuse(words, takes, "which task?", NULL);
	if (optind < argc)
		return refuse(words, takes, "one word too many", argv[optind]);
	return -1;
}
