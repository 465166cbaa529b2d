/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * dkd: the launcher. Reads the command line and the image, prepares every
 * program, starts the mediator, and serves it until all has ended. Started as
 * `dkd kernel` by itself, it is the mediator instead.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/monitor.h"
#include "base/options.h"
#include "base/service.h"
#include "task/control_socket.h"
#include "task/launcher.h"
#include "task/machine.h"
#include "task/mediator_start.h"
#include "task/say.h"
#include "task/task.h"

static enum dkd_exit machine_failed(const char *what, int error)
{
	say("%s: %s", what, strerror(error));
	return DKD_MACHINE;
}

static enum dkd_exit serve(struct solution *solution,
			   const struct machine *machine,
			   const struct options *options,
			   struct service *service,
			   struct control_socket *control, const char *uids,
			   int argc, char **argv)
{
	const struct mediator_gifts gifts = { service, control->fd, uids };
	struct launcher launcher;
	enum dkd_exit exit;
	int monitor_fd = -1;
	pid_t mediator;
	int r = launcher_init(&launcher, options, solution, machine);

	if (r < 0)
		return machine_failed("the launcher cannot begin", -r);
	mediator = mediator_start(solution->uids.first, solution->image_fd,
				  &gifts, argc, argv, &monitor_fd);
	service_close(service);		/* the mediator has its own */
	control_socket_close(control);
	if (mediator < 0) {
		exit = machine_failed("the kernel process cannot be started",
				      -mediator);
	} else {
		exit = launcher_run(&launcher, mediator, monitor_fd);
		close(monitor_fd);
	}
	launcher_deinit(&launcher);
	return exit;
}

static enum dkd_exit run(const struct options *options, int argc, char **argv)
{
	struct solution solution;
	struct machine machine;
	struct service service;
	struct control_socket control = { .fd = -1 };
	enum dkd_exit exit;
	char *uids = NULL;

	if (geteuid() != getuid() || (getuid() != 0 && getegid() != getgid())) {
		say("set-uid and set-gid are not for dkd: run it as root, or as "
		    "a user who has these ids");
		return DKD_MACHINE;
	}
	service_open(&service);		/* while there is an environment */
	exit = machine_init(&machine);
	if (exit != DKD_OK) {
		service_close(&service);
		return exit;
	}
	machine_say_missing(&machine);
	exit = solution_init(&solution, options, &machine);
	if (exit == DKD_OK)
		exit = control_socket_open(&control, options);
	if (exit == DKD_OK && !(uids = control_uids(&solution.image)))
		exit = machine_failed("users", ENOMEM);
	if (exit == DKD_OK)
		exit = machine_close(&machine);
	if (exit == DKD_OK)
		exit = serve(&solution, &machine, options, &service, &control,
			     uids, argc, argv);
	free(uids);
	service_close(&service);
	solution_deinit(&solution);
	control_socket_remove(&control);	/* who waits for it: all is done */
	return exit;
}

int main(int argc, char **argv)
{
	struct options options;
	int r;

	if (mediator_asked_for(argc, argv))
		return mediator_main(argc, argv);
	r = options_read(&options, argc, argv);
	if (r != 0)
		return r > 0 ? DKD_OK : DKD_USAGE;
	return run(&options, argc, argv);
}
