/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dk run, dk selftest: the programs of root's, found from here. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dk.h"
#include "place.h"

/* Becomes the program that is at one of PLACES, from the folder of this one; the
   list ends with NULL. */
static int become(const char *const *places, const char *what, char **argv)
{
	char folder[PATH_MAX], path[PATH_MAX + 32];
	int r = place_own_folder(folder, sizeof(folder));

	if (r < 0) {
		fprintf(stderr, "dk: cannot find itself: %s\n", strerror(-r));
		return DK_MACHINE;
	}
	for (; *places; places++) {
		snprintf(path, sizeof(path), "%s/%s", folder, *places);
		execv(path, argv);
		if (errno != ENOENT && errno != ENOTDIR)
			break;
	}
	fprintf(stderr, "dk: %s cannot be run: %s: %s\n", what, path,
		strerror(errno));
	return DK_MACHINE;
}

int dk_run(int argc, char **argv)
{
	static const char *const places[] = { "dkd", "../sbin/dkd",
					      "../bin/dkd", NULL };

	(void)argc;
	argv[0] = (char[]){ "dkd" };
	return become(places, "the daemon", argv);
}

/* Installed, or as built. */
int dk_selftest(int argc, char **argv)
{
	static const char *const places[] = { "../libexec/dk/selftest",
					      "../apps/rogue/selftest", NULL };

	(void)argc;
	return become(places, "the selftest", argv);
}
