/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The mediator's process: started by the launcher as this same executable in a
 * hidden mode, `dkd kernel`, with a memory of its own in which nothing of the
 * launcher is left. It gives up everything before it reads the first message.
 */
#ifndef DK_TASK_MEDIATOR_START_H
#define DK_TASK_MEDIATOR_START_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "../base/service.h"

/* What the mediator gets beside its image and its pair. */
struct mediator_gifts {
	const struct service *service;	/* copies of what it has */
	int control_fd;		/* listens; -1: none */
	const char *uids;	/* of the image's users: control_uids */
};

/* Is this process to become a mediator? */
bool mediator_asked_for(int argc, char **argv);

/*
 * Starts it as UID with the words of our own command line. Returns its pid and
 * our end of the pair in MONITOR_FD, or -errno.
 */
pid_t mediator_start(uint32_t uid, int image_fd,
		     const struct mediator_gifts *gifts, int argc, char **argv,
		     int *monitor_fd);

/* In the hidden mode: drops everything, serves, returns the exit status. */
int mediator_main(int argc, char **argv);

#endif
