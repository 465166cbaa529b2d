/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A program that only is there. */
#include <time.h>

int main(void)
{
	for (;;)
		nanosleep(&(struct timespec){ .tv_sec = 3600 }, NULL);
}
