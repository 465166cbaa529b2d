/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The launcher: starts, ends and reaps programs as the mediator asks, and ends
 * everything when the mediator, or a signal, or its own check of a request
 * says so. It parses nothing that a program wrote.
 */
#ifndef DK_TASK_LAUNCHER_H
#define DK_TASK_LAUNCHER_H

#include <signal.h>

#include "../base/monitor.h"
#include "../base/options.h"
#include "spawn.h"
#include "task.h"

struct launcher {
	const struct options *options;
	struct solution *solution;
	const struct machine *machine;
	struct spawner spawner;
	int signal_fd;
	int monitor_fd;		/* our end */
	pid_t mediator;		/* 0 = reaped */
	int mediator_status;	/* as wait gives it */
	bool ready;		/* the mediator may ask for starts */
	bool over;
	enum dkd_exit exit;	/* when over */
	bool lost;		/* over because the mediator went away */
	int stop_signal;	/* that asked to stop, or 0 */
	int64_t stop_deadline_ms;	/* on the monotonic clock */
};

/* Blocks the signals that LAUNCHER reads. 0 or -errno. */
int launcher_init(struct launcher *launcher, const struct options *options,
		  struct solution *solution, const struct machine *machine);

/*
 * Serves the mediator (a child of ours with that pid) at MONITOR_FD until
 * everything has ended. No process is left afterwards. Returns the daemon's
 * exit status.
 */
enum dkd_exit launcher_run(struct launcher *launcher, pid_t mediator,
			   int monitor_fd);
void launcher_deinit(struct launcher *launcher);

#endif
