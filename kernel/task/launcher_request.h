/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* One request of the mediator: received whole, and judged against the image
   before anything is done. */
#ifndef DK_TASK_LAUNCHER_REQUEST_H
#define DK_TASK_LAUNCHER_REQUEST_H

#include "../base/monitor.h"
#include "task.h"

struct request {
	struct monitor_message message;
	int fds[MONITOR_FDS_MAX];	/* ours until request_close */
	size_t n_fds;
};

enum request_status {
	REQUEST_NONE,		/* nothing to read now */
	REQUEST_RECEIVED,
	REQUEST_MALFORMED,	/* another size, cut off, other control data */
	REQUEST_EOF,		/* the mediator has closed its end */
};

enum request_status request_receive(struct request *request, int monitor_fd);
void request_close(struct request *request);

/* What is wrong with it, or NULL: then it may be acted upon. READY: the
   mediator has said that starts are granted. */
const char *request_judge(const struct request *request,
			  const struct solution *solution, bool ready);

#endif
