/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "linux.h"

#include <stdio.h>
#include <sys/utsname.h>

int linux_at_least(unsigned major, unsigned minor)
{
	struct utsname name;
	unsigned have_major, have_minor;

	if (uname(&name) < 0
	    || sscanf(name.release, "%u.%u", &have_major, &have_minor) != 2)
		return 1;	/* unknown: the stricter answer */
	return have_major > major
		|| (have_major == major && have_minor >= minor);
}
