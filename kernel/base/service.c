/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fd.h"
#include "journal.h"
#include "notify.h"

/* Above the standard descriptors, of which some may be closed. */
static int datagram_socket(void)
{
	int low = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int fd, error;

	if (low < 0)
		return -errno;
	fd = fcntl(low, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	error = errno;
	close(low);
	return fd < 0 ? -error : fd;
}

int service_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t n = strlen(path);
	int fd, error;

	if ((path[0] != '/' && path[0] != '@') || n < 2 ||
	    n >= sizeof(address.sun_path))
		return -EINVAL;
	memcpy(address.sun_path, path, n);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	fd = datagram_socket();
	if (fd < 0)
		return fd;
	if (connect(fd, (const struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n))
	    < 0) {
		error = errno;
		close(fd);
		return -error;
	}
	return fd;
}

int service_inherited(int fd)
{
	int type = 0;
	socklen_t length = sizeof(type);

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 &&
	    type == SOCK_DGRAM)
		return fd;
	close(fd);
	return -1;
}

/* -ENOENT: not asked for. */
static int opened(int fd, const char *what)
{
	if (fd >= 0)
		return fd;
	if (fd != -ENOENT)
		fprintf(stderr, "dkd: %s: %s\n", what, strerror(-fd));
	return -1;
}

void service_open(struct service *service)
{
	service->notify_fd = opened(notify_open(), "the service manager's "
				    "socket (NOTIFY_SOCKET)");
	service->watchdog_ms = service->notify_fd < 0 ? 0 :
			       notify_watchdog_ms();
	service->journal_fd = opened(journal_open(JOURNAL_SOCKET),
				     "the journal's socket");
}

void service_close(struct service *service)
{
	fd_close(&service->notify_fd);
	fd_close(&service->journal_fd);
}
