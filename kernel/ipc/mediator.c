/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "mediator.h"

#include <signal.h>
#include <unistd.h>

#include "loop.h"

int mediator_run(const struct image *image, const struct options *options,
		 int monitor_fd)
{
	struct mediator *m;
	int exit_status;

	signal(SIGPIPE, SIG_IGN);
	fd_raise_limit();
	m = loop_new(image, options, monitor_fd, STDOUT_FILENO);
	if (!m)
		return DKD_MACHINE;
	if (loop_begin(m)) {
		while (!m->over)
			loop_step(m, -1);
		exit_status = loop_finish(m);
	} else {
		exit_status = m->failure;
	}
	loop_free(m);
	return exit_status;
}
