/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The control socket in the file system: made by the launcher, which has a file
 * system, and served by the mediator, which has none. One that a daemon left
 * behind is replaced, one that a daemon serves never; a lock on the folder is
 * held meanwhile. At the end it is removed, if it still is ours.
 */
#ifndef DK_TASK_CONTROL_SOCKET_H
#define DK_TASK_CONTROL_SOCKET_H

#include <sys/types.h>

#include "../base/monitor.h"
#include "../base/options.h"
#include "../security/image.h"

struct control_socket {
	int fd;			/* listens; -1: there is none */
	char path[108];
	dev_t dev;
	ino_t ino;
};

/* DKD_OK or what is wrong, having said it. */
enum dkd_exit control_socket_open(struct control_socket *control,
				  const struct options *options);
/* Our descriptor; the mediator has its own. */
void control_socket_close(struct control_socket *control);
/* At the end of all. */
void control_socket_remove(struct control_socket *control);

/* The users of the image as one word, "1000,,65534": uids in order, nothing for
   one that this machine does not have (which is said). NULL: no memory. */
char *control_uids(const struct image *image);

#endif
