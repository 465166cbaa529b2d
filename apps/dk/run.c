/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dk run: dkd, found from here. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dk.h"
#include "place.h"

/* Where the daemon may be, from the folder that this program is in. */
static const char *const places[] = { "dkd", "../sbin/dkd", "../bin/dkd" };

int dk_run(int argc, char **argv)
{
	char folder[PATH_MAX], path[PATH_MAX + 32];
	int r = place_own_folder(folder, sizeof(folder));

	(void)argc;
	if (r < 0) {
		fprintf(stderr, "dk: cannot find itself: %s\n", strerror(-r));
		return DK_MACHINE;
	}
	argv[0] = (char[]){ "dkd" };
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, places[i]);
		execv(path, argv);
		if (errno != ENOENT && errno != ENOTDIR)
			break;
	}
	fprintf(stderr, "dk: the daemon cannot be run: %s: %s\n", path,
		strerror(errno));
	return DK_MACHINE;
}
