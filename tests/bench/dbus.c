/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The same round trip over Debian's dbus-broker and sd-bus, on a private bus.
 * dbus bus FOLDER: the bus, at FOLDER/bus, until it is killed.
 * dbus server FOLDER; dbus client FOLDER ROUNDS: 64 bytes there and back, a
 * method call without checks of its own; prints "sample MEDIAN P99".
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "sample.h"

#define PAYLOAD 64u
#define NAME "bench.Echo"

static struct sample sample;
static char address[200];

static void must(int r, const char *what)
{
	if (r >= 0)
		return;
	fprintf(stderr, "dbus: %s: %s\n", what, strerror(-r));
	exit(1);
}

static int bind_socket(int type, const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0);

	must(fd < 0 ? -errno : 0, "socket");
	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	must(bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ? -errno : 0,
	     path);
	return fd;
}

/* dbus-broker-launch wants a journal to talk to, a listening socket as
   descriptor 3, and the bus itself as its way to systemd. */
static int run_bus(const char *folder)
{
	char path[120], config[120], text[32];
	int fd;

	snprintf(path, sizeof(path), "%s/bus", folder);
	snprintf(config, sizeof(config), "%s/bus.conf", folder);
	fd = bind_socket(SOCK_STREAM, path);
	must(listen(fd, 16) < 0 ? -errno : 0, "listen");
	must(unshare(CLONE_NEWNS) < 0 ? -errno : 0, "unshare");
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? -errno : 0,
	     "private mounts");
	must(mount("tmpfs", "/run", "tmpfs", 0, NULL) < 0 ? -errno : 0, "/run");
	mkdir("/run/systemd", 0755);
	mkdir("/run/systemd/journal", 0755);
	bind_socket(SOCK_DGRAM, "/run/systemd/journal/socket");
	must(fd == 3 ? 0 : dup2(fd, 3), "dup2");
	snprintf(text, sizeof(text), "%d", (int)getpid());
	setenv("LISTEN_PID", text, 1);
	setenv("LISTEN_FDS", "1", 1);
	setenv("DBUS_SESSION_BUS_ADDRESS", address, 1);
	execlp("dbus-broker-launch", "dbus-broker-launch", "--scope", "user",
	       "--config-file", config, NULL);
	must(-errno, "dbus-broker-launch");
	return 1;
}

static sd_bus *open_bus(void)
{
	sd_bus *bus = NULL;

	must(sd_bus_new(&bus), "bus");
	must(sd_bus_set_address(bus, address), "address");
	must(sd_bus_set_bus_client(bus, 1), "client");
	must(sd_bus_start(bus), "start");
	return bus;
}

static int answer(sd_bus_message *request, void *context, sd_bus_error *error)
{
	sd_bus_message *reply = NULL;
	const void *bytes;
	size_t n;
	int r;

	(void)context;
	(void)error;
	r = sd_bus_message_read_array(request, 'y', &bytes, &n);
	if (r >= 0)
		r = sd_bus_message_new_method_return(request, &reply);
	if (r >= 0)
		r = sd_bus_message_append_array(reply, 'y', bytes, n);
	if (r >= 0)
		r = sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	return r;
}

static const sd_bus_vtable vtable[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("Small", "ay", "ay", answer, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END
};

static _Noreturn void run_server(void)
{
	sd_bus *bus = open_bus();

	must(sd_bus_add_object_vtable(bus, NULL, "/echo", NAME, vtable, NULL),
	     "object");
	must(sd_bus_request_name(bus, NAME, 0), "name");
	puts("ready");
	fflush(stdout);
	for (;;) {
		int r = sd_bus_process(bus, NULL);

		must(r, "process");
		if (r == 0)
			must(sd_bus_wait(bus, UINT64_MAX), "wait");
	}
}

static int run_client(uint32_t rounds)
{
	uint8_t payload[PAYLOAD] = { 0 };
	sd_bus *bus = open_bus();

	sample.n = rounds;
	while (sample.i < sample.n) {
		sd_bus_message *request = NULL, *reply = NULL;
		const void *bytes;
		size_t n;

		memcpy(payload, &sample.i, sizeof(sample.i));
		sample_begin(&sample);
		must(sd_bus_message_new_method_call(bus, &request, NAME,
						    "/echo", NAME, "Small"),
		     "request");
		must(sd_bus_message_append_array(request, 'y', payload,
						 sizeof(payload)), "append");
		must(sd_bus_call(bus, request, 0, NULL, &reply), "call");
		must(sd_bus_message_read_array(reply, 'y', &bytes, &n), "read");
		must(n == PAYLOAD && memcmp(bytes, &sample.i,
					    sizeof(sample.i)) == 0 ? 0 : -EIO,
		     "another answer");
		sd_bus_message_unref(request);
		sd_bus_message_unref(reply);
		sample_end(&sample);
	}
	sample_print(&sample);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	/* None of them outlives the harness. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(address, sizeof(address), "unix:path=%s/bus", argv[2]);
	if (strcmp(argv[1], "bus") == 0)
		return run_bus(argv[2]);
	if (strcmp(argv[1], "server") == 0)
		run_server();
	if (strcmp(argv[1], "client") == 0 && argc == 4)
		return run_client(sample_number(argv[3], SAMPLE_MAX));
	return 2;
}
