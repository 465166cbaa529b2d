/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The daemon's command line, read once by the launcher and handed to the
 * mediator as the same words: `dkd [OPTION]... IMAGE.dk`.
 */
#ifndef DK_BASE_OPTIONS_H
#define DK_BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define OPTIONS_WAIT_MAX 64

struct options {
	const char *image;	/* path of the compiled solution */
	const char *bin;	/* where executables are; default: its folder */
	const char *data;	/* where relative sandbox paths start; default: the
				   image's folder */
	bool grants;		/* a table of what was granted, at the end */
	bool trace;		/* and, when it happens, the first of each route */
	bool json;		/* records as JSON lines instead of text */
	const char *wait[OPTIONS_WAIT_MAX];	/* end when these tasks have */
	size_t n_wait;
	const char *control;	/* path of the control socket; "none": without;
				   default: /run/dk and the image's name */
	const char *control_group;	/* who may connect; default: "dk", or ours */
	bool has_audit_level;	/* else the policy's */
	unsigned audit_level;
	unsigned grace_ms;	/* between asking a program to end and killing it */
};

/*
 * Reads argv. Returns 0 to go on, 1 after --help or --version have been
 * answered, -1 after a usage error has been printed.
 */
int options_read(struct options *options, int argc, char **argv);

#endif
