/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The mediator: sockets, decisions, audit. It runs under its own uid without a
 * capability and never learns how a program is started; it asks the launcher.
 */
#ifndef DK_IPC_MEDIATOR_H
#define DK_IPC_MEDIATOR_H

#include "../base/monitor.h"
#include "../base/options.h"
#include "../base/service.h"
#include "../security/image.h"

struct guest;

/*
 * Serves the solution until it is done. IMAGE stays mapped and unchanged;
 * MONITOR_FD is the pair to the launcher; SERVICE's descriptors stay the
 * caller's, as it does; GUEST lives in the loop, NULL: nobody does. Privileges
 * are dropped already.
 * Returns an enum dkd_exit, which it has also sent as MONITOR_DONE or, when the
 * policy refuses the kernel's own start, as MONITOR_READY.
 */
int mediator_run(const struct image *image, const struct options *options,
		 int monitor_fd, const struct service *service,
		 struct guest *guest);

#endif
