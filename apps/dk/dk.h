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
	/* of those that ask a daemon; high, for `dk spawn` hands a program's own
	   status through */
	DK_NO_DAEMON = 119,
	DK_NO_RIGHT = 120,	/* the socket's group, users:, or the policy */
	DK_NO_START = 121,	/* the policy denies the task's start */
	DK_TASK_BUSY = 122,
	DK_TOO_MANY = 123,
	DK_BROKEN = 125,	/* dk or the daemon failed */
	DK_NOT_RUN = 126,	/* the task could not be started */
	DK_NO_TASK = 127,
};

/* Becomes dkd with the same words; returns only if it cannot. */
int dk_run(int argc, char **argv);

/* Becomes what has a hostile program tried in each sandbox. */
int dk_selftest(int argc, char **argv);

/* Writes a solution into a new folder. */
int dk_new(int argc, char **argv);

/* These ask a running daemon. */
int dk_ps(int argc, char **argv);
int dk_channels(int argc, char **argv);
int dk_names(int argc, char **argv);
int dk_audit(int argc, char **argv);
int dk_spawn(int argc, char **argv);
int dk_stop(int argc, char **argv);

#endif
