/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "limits.h"

#ifndef SO_COOKIE
#define SO_COOKIE 57
#endif
#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS 83	/* Linux 6.16 */
#endif

void fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int fd_lift(int fd, int to)
{
	int high;

	if (fd < 0 || fd >= to)
		return fd;
	high = fcntl(fd, F_DUPFD_CLOEXEC, to);
	if (high < 0)	/* EINVAL: the limit of descriptors is not above TO */
		high = errno == EINVAL ? -EMFILE : -errno;
	close(fd);
	return high;
}

void fd_close_all(int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fd_close(&fds[i]);
}

/* It is cut to net.core.wmem_max where that is less; no failure matters. */
static void widen(int fd)
{
	int bytes = LIMIT_SOCKET_BYTES;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
}

static int nonblock(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

static int refuse_rights(int fd)
{
	int off = 0;

	return setsockopt(fd, SOL_SOCKET, SO_PASSRIGHTS, &off, sizeof(off)) < 0 ?
	       -errno : 0;
}

bool fd_can_refuse_rights(void)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	bool can = fd >= 0 && refuse_rights(fd) == 0;

	fd_close(&fd);
	return can;
}

int fd_block(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

int fd_pair(int *kernel_end, int *program_end, bool handles, uint64_t *cookie)
{
	int pair[2], err;

	*kernel_end = *program_end = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	widen(pair[0]);
	widen(pair[1]);
	err = nonblock(pair[0]);
	if (!err)
		err = fd_cookie(pair[1], cookie);
	if (!err && !handles) {
		err = refuse_rights(pair[0]);
		if (err == -ENOPROTOOPT)	/* older: when they arrive */
			err = 0;
	}
	if (err) {
		fd_close_all(pair, 2);
		return err;
	}
	*kernel_end = pair[0];
	*program_end = pair[1];
	return 0;
}

int fd_pipe(int *read_end, int *write_end)
{
	int pair[2], err;

	*read_end = *write_end = -1;
	if (pipe2(pair, O_CLOEXEC) < 0)
		return -errno;
	err = nonblock(pair[0]);
	if (err) {
		fd_close_all(pair, 2);
		return err;
	}
	*read_end = pair[0];
	*write_end = pair[1];
	return 0;
}

int fd_cookie(int fd, uint64_t *cookie)
{
	socklen_t size = sizeof(*cookie);

	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, cookie, &size) < 0)
		return -errno;
	return 0;
}

bool fd_all_read(int fd)
{
	int bytes = -1;

	return ioctl(fd, SIOCOUTQ, &bytes) == 0 && bytes == 0;
}

void fd_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}
