/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linux.h"

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static int copy(int to, int from, size_t size)
{
	char past;
	off_t offset = 0;

	while ((size_t)offset < size) {
		ssize_t n = sendfile(to, from, &offset, size - (size_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EFBIG;
	}
	return pread(from, &past, 1, (off_t)size) == 0 ? 0 : -EFBIG;
}

/* Linux 6.3 wants the word "may be executed", and can seal the mode too. */
static int make(const char *name, int *extra_seals)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

	*extra_seals = F_SEAL_EXEC;
	if (fd < 0 && errno == EINVAL) {
		fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
		*extra_seals = 0;
	}
	return fd < 0 ? -errno : fd;
}

/*
 * The copy is opened anew: what is open for writing cannot be run. O_PATH for
 * those that nobody may read.
 */
static int reopen(int fd, mode_t mode)
{
	char path[40];
	int flags = mode & 0444 ? O_RDONLY : O_PATH;
	int fresh;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fresh = open(path, flags | O_CLOEXEC);
	return fresh < 0 ? -errno : fresh;
}

int sealed_copy(int fd, size_t size, const char *name, mode_t mode)
{
	int seals, memory, fresh, r;

	memory = make(name, &seals);
	if (memory < 0)
		return memory;
	r = copy(memory, fd, size);
	if (r == 0 && fchmod(memory, mode) < 0)
		r = -errno;
	if (r == 0 && fcntl(memory, F_ADD_SEALS, SEALS | seals) < 0)
		r = -errno;
	fresh = r == 0 ? reopen(memory, mode) : r;
	close(memory);
	return fresh;
}

int sealed_check(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & SEALS) == SEALS;
}
