/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The commands of dk. Each gets its own name as argv[0] and returns the exit
 * status of the whole.
 */
#ifndef DK_APPS_DK_H
#define DK_APPS_DK_H

/* Where they mean the same, the numbers are dkd's: enum dkd_exit. */
enum dk_exit {
	DK_OK = 0,
	DK_THERE = 1,		/* dk new: the folder is there already */
	DK_USAGE = 2,		/* bad command line */
	DK_MACHINE = 10,	/* the machine failed us */
};

/* Becomes dkd with the same words; returns only if it cannot. */
int dk_run(int argc, char **argv);

/* Writes a solution into a new folder. */
int dk_new(int argc, char **argv);

#endif
