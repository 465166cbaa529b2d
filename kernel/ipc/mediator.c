/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "mediator.h"

#include <signal.h>
#include <unistd.h>

#include "guest.h"
#include "loop.h"
#include "ready.h"

int mediator_run(const struct image *image, const struct options *options,
		 int monitor_fd, const struct service *service,
		 struct guest *guest)
{
	bool journal = service->journal_fd >= 0;
	struct mediator *m;
	int exit_status;

	signal(SIGPIPE, SIG_IGN);
	fd_raise_limit();
	m = loop_new(image, options, monitor_fd,
		     journal ? service->journal_fd : STDOUT_FILENO);
	if (!m)
		return DKD_MACHINE;
	if (journal)
		log_init_journal(&m->log, service->journal_fd);
	ready_begin(m, service->notify_fd, service->watchdog_ms);
	if (guest)
		guest->begin(guest, m);
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
