/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Does what its argument says with its standard streams, and nothing else. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int copy(void)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(STDIN_FILENO, bytes, sizeof(bytes))) > 0)
		if (write(STDOUT_FILENO, bytes, (size_t)n) != n)
			return 3;
	return n < 0 ? 4 : 0;
}

/* Until it is killed, or, if it POLITELY looks, asked to end. */
static int stay(int politely)
{
	struct pollfd kernel = { 3, POLLIN, 0 };

	puts("here");
	fflush(stdout);
	while (!politely || !(kernel.revents & POLLHUP)) {
		poll(politely ? &kernel : NULL, politely ? 1 : 0, 1000);
		if (kernel.revents && !(kernel.revents & POLLHUP))
			usleep(10000);
	}
	puts("bye");
	return 7;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "copy"))
		return copy();
	if (!strcmp(what, "stay"))
		return stay(0);
	if (!strcmp(what, "wait"))
		return stay(1);
	if (!strcmp(what, "die"))
		*(volatile int *)8 = 1;
	if (!strcmp(what, "both")) {
		fputs("to the second\n", stderr);
		fputs("to the first\n", stdout);
		return 0;
	}
	if (!strcmp(what, "paint")) {
		fputs("\033[31mred\033[0m \007 \xc3\xa4\n", stdout);
		return 0;
	}
	return argc > 2 ? atoi(argv[2]) : 0;
}
