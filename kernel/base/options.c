/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "monitor.h"

#define GRACE_DEFAULT_MS 2000u
#define GRACE_MAX_MS 600000u

static const char usage[] =
	"usage: dkd [OPTION]... IMAGE.dk\n";

static const char help[] =
	"Runs a compiled solution: starts its programs confined, and lets no\n"
	"message pass that its policy does not grant. Without root programs have no\n"
	"uid and no control group of their own; user namespaces confine them.\n"
	"\n"
	"  --bin DIR      where the executables are (default: beside the image)\n"
	"  --data DIR     where relative paths of a sandbox start (default: there)\n"
	"  --grants       at the end, a table of what was granted, by route\n"
	"  --trace        and a record of the first grant of each, at once\n"
	"  --json         records as JSON lines\n"
	"  --audit-level N\n"
	"                 the level of audit to begin with (default: the policy's)\n"
	"  --wait TASK    end when this task has ended (may be repeated)\n"
	"  --control PATH the socket where dk asks, or none (default: the image's\n"
	"                 name in /run/dk, without root in /run/user/UID/dk)\n"
	"  --control-group GROUP\n"
	"                 who may connect to it (default: dk if there is that group,\n"
	"                 else root)\n"
	"  --grace MS     time to end in, before a program is killed (default 2000)\n"
	"  --help         this text\n"
	"  --version      the version\n"
	"\n"
	"Exit status:\n";

static const struct {
	enum dkd_exit status;
	const char *text;
} exits[] = {
	{ DKD_OK, "every program ended with 0, or SIGTERM or SIGHUP stopped us" },
	{ DKD_PROGRAM, "a program ended with another status or a signal" },
	{ DKD_USAGE, "bad command line" },
	{ DKD_IMAGE, "the image cannot be read or is unsound" },
	{ DKD_MISSING, "a program is missing" },
	{ DKD_UNRUNNABLE, "a program cannot be run: mode, owner or format" },
	{ DKD_REFUSED, "the policy refuses the kernel's or the starter's start" },
	{ DKD_CONFINE, "a program could not be confined as asked" },
	{ DKD_MEDIATOR, "the kernel process ended unasked" },
	{ DKD_DIED, "a program ended abnormally before it sent anything" },
	{ DKD_MACHINE, "the machine failed us: privilege, memory, descriptors" },
	{ DKD_INTERRUPTED, "interrupted" },
};

enum option_id { OPTION_BIN = 256, OPTION_DATA, OPTION_GRANTS, OPTION_TRACE,
		 OPTION_JSON, OPTION_AUDIT_LEVEL, OPTION_WAIT, OPTION_CONTROL,
		 OPTION_CONTROL_GROUP, OPTION_GRACE, OPTION_HELP, OPTION_VERSION };

static const struct option table[] = {
	{ "bin", required_argument, NULL, OPTION_BIN },
	{ "data", required_argument, NULL, OPTION_DATA },
	{ "grants", no_argument, NULL, OPTION_GRANTS },
	{ "trace", no_argument, NULL, OPTION_TRACE },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "audit-level", required_argument, NULL, OPTION_AUDIT_LEVEL },
	{ "wait", required_argument, NULL, OPTION_WAIT },
	{ "control", required_argument, NULL, OPTION_CONTROL },
	{ "control-group", required_argument, NULL, OPTION_CONTROL_GROUP },
	{ "grace", required_argument, NULL, OPTION_GRACE },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ NULL, 0, NULL, 0 },
};

static int refuse(const char *what, const char *word)
{
	fprintf(stderr, "dkd: %s%s%s\n%s", what, word ? ": " : "",
		word ? word : "", usage);
	return -1;
}

static int print_help(void)
{
	printf("%s%s", usage, help);
	for (size_t i = 0; i < sizeof(exits) / sizeof(exits[0]); i++)
		printf("  %3d  %s\n", (int)exits[i].status, exits[i].text);
	return 1;
}

/* Digits only: strtoul alone would take a sign, blanks, and wrap. */
static int read_number(const char *text, unsigned max, unsigned *number)
{
	unsigned long long value = 0;

	if (!text[0])
		return -1;
	for (const char *c = text; *c; c++) {
		if (*c < '0' || *c > '9')
			return -1;
		value = value * 10 + (unsigned)(*c - '0');
		if (value > max)
			return -1;
	}
	*number = (unsigned)value;
	return 0;
}

int options_read(struct options *options, int argc, char **argv)
{
	int id;

	*options = (struct options){ .grace_ms = GRACE_DEFAULT_MS };
	optind = 0;	/* begin anew, also the second time in a process */
	opterr = 0;
	while ((id = getopt_long(argc, argv, "+:", table, NULL)) != -1) {
		switch (id) {
		case OPTION_BIN:
			options->bin = optarg;
			break;
		case OPTION_DATA:
			options->data = optarg;
			break;
		case OPTION_GRANTS:
			options->grants = true;
			break;
		case OPTION_TRACE:
			options->grants = options->trace = true;
			break;
		case OPTION_JSON:
			options->json = true;
			break;
		case OPTION_WAIT:
			if (options->n_wait == OPTIONS_WAIT_MAX)
				return refuse("too many --wait", NULL);
			options->wait[options->n_wait++] = optarg;
			break;
		case OPTION_CONTROL:
			options->control = optarg;
			break;
		case OPTION_CONTROL_GROUP:
			options->control_group = optarg;
			break;
		case OPTION_GRACE:
			if (read_number(optarg, GRACE_MAX_MS,
					&options->grace_ms) < 0)
				return refuse("--grace wants milliseconds, "
					      "at most 600000", optarg);
			break;
		case OPTION_AUDIT_LEVEL:
			if (read_number(optarg, UINT_MAX,
					&options->audit_level) < 0)
				return refuse("--audit-level wants a number, at "
					      "most 4294967295", optarg);
			options->has_audit_level = true;
			break;
		case OPTION_HELP:
			return print_help();
		case OPTION_VERSION:
			printf("dkd %s\n", DK_VERSION);
			return 1;
		case ':':
			return refuse("this option wants a value",
				      argv[optind - 1]);
		default:
			return refuse("no such option", argv[optind - 1]);
		}
	}
	if (argc <= optind)
		return refuse("which image?", NULL);
	if (argc - optind > 1)
		return refuse("one image only", argv[optind + 1]);
	options->image = argv[optind];
	if (!options->image[0] || (options->bin && !options->bin[0])
	    || (options->data && !options->data[0])
	    || (options->control && !options->control[0]))
		return refuse("an empty path", NULL);
	return 0;
}
