/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "place.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

int place_own_folder(char *folder, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", folder, size);
	char *slash;

	if (n < 0)
		return -errno;
	if ((size_t)n >= size)
		return -ENAMETOOLONG;
	folder[n] = 0;
	slash = strrchr(folder, '/');
	if (!slash)
		return -ENOENT;
	*slash = 0;
	return 0;
}
