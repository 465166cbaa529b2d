/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Threads N: has N threads beside its own, says so, and waits for its end. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define STACK_SIZE	(64u << 10)	/* a thousand of 8 MiB are too many */

static void *wait_for_ever(void *unused)
{
	for (;;)
		nanosleep(&(struct timespec){ .tv_sec = 3600 }, NULL);
	return unused;
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 0;
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	for (int i = 0; i < n; i++)
		if (pthread_create(&thread, &attr, wait_for_ever, NULL) != 0)
			return 1;
	printf("%d threads\n", n);
	fflush(stdout);
	wait_for_ever(NULL);
}
