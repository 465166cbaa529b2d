/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build.h"

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		size -= (size_t)n;
	}
	return 0;
}

/* A device, a pipe: not to be replaced by a file. */
static int write_special(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return -errno;
	error = write_all(fd, data, size);
	if (close(fd) && !error)
		error = -errno;
	return error;
}

static mode_t new_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

static int write_new(int fd, mode_t mode, const void *data, size_t size)
{
	int error = write_all(fd, data, size);

	if (!error && fchmod(fd, mode))
		error = -errno;
	return error;
}

int image_write(const char *path, const void *data, size_t size)
{
	struct stat status;
	bool there = !stat(path, &status);
	char *temporary;
	int fd, error;

	if (there && !S_ISREG(status.st_mode))
		return S_ISDIR(status.st_mode) ? -EISDIR
					      : write_special(path, data, size);
	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0) {
		error = -errno;
		free(temporary);
		return error;
	}
	error = write_new(fd, there ? status.st_mode & 0777 : new_mode(), data,
			  size);
	if (close(fd) && !error)
		error = -errno;
	if (!error && rename(temporary, path))
		error = -errno;
	if (error)
		unlink(temporary);
	free(temporary);
	return error;
}
