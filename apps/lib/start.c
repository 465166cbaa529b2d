/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "start.h"

#include <stdio.h>

const char libdk_start = 0;

/* Standard output is a pipe that the daemon reads line by line. */
__attribute__((constructor)) static void buffer_lines(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
}
