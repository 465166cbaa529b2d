/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * DirectClient small|large ROUNDS DELAY_US: the same bytes as BenchClient's
 * frames, over a pair to DirectServer, without the library and with nobody
 * between: the least that two confined programs can pay.
 */
#include <string.h>
#include <sys/socket.h>

#include "direct.h"
#include "sample.h"

static struct sample sample;
static char frame[DIRECT_LARGE];

int main(int argc, char **argv)
{
	uint32_t delay_us;
	size_t size;

	if (argc != 4)
		return 2;
	size = strcmp(argv[1], "large") == 0 ? DIRECT_LARGE : DIRECT_SMALL;
	sample.n = sample_number(argv[2], SAMPLE_MAX);
	delay_us = sample_number(argv[3], 1000000);
	while (sample.i < sample.n) {
		memcpy(frame + DIRECT_NUMBER, &sample.i, sizeof(sample.i));
		sample_begin(&sample);
		if (send(DIRECT_FD, frame, size, MSG_NOSIGNAL) != (ssize_t)size
		    || recv(DIRECT_FD, frame, size, 0) != (ssize_t)size)
			return 4;
		sample_delay(delay_us);
		if (memcmp(frame + DIRECT_NUMBER, &sample.i,
			   sizeof(sample.i)) != 0)
			return 5;
		sample_end(&sample);
	}
	sample_print(&sample);
	return 0;
}
