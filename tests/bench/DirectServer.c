/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* DirectServer SIZE ROUNDS DELAY_US: sends each packet back. */
#include <sys/socket.h>

#include "direct.h"
#include "sample.h"

static char frame[DIRECT_LARGE];

int main(int argc, char **argv)
{
	uint32_t delay_us;

	if (argc != 4)
		return 2;
	delay_us = sample_number(argv[3], 1000000);
	for (;;) {
		ssize_t n = recv(DIRECT_FD, frame, sizeof(frame), 0);

		if (n <= 0)
			return 0;
		sample_delay(delay_us);
		if (send(DIRECT_FD, frame, (size_t)n, MSG_NOSIGNAL) != n)
			return 4;
	}
}
