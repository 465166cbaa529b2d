/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "notify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "service.h"

int notify_open(void)
{
	const char *path = getenv("NOTIFY_SOCKET");

	return path ? service_connect(path) : -ENOENT;
}

/* Digits only; 0 for anything else. */
static uint64_t number(const char *text)
{
	char *end;
	unsigned long long value;

	if (!text || *text < '0' || *text > '9')
		return 0;
	errno = 0;
	value = strtoull(text, &end, 10);
	return *end || errno ? 0 : value;
}

uint32_t notify_watchdog_ms(void)
{
	const char *pid = getenv("WATCHDOG_PID");
	uint64_t usec = number(getenv("WATCHDOG_USEC"));

	if (usec == 0 || (pid && number(pid) != (uint64_t)getpid()))
		return 0;
	if (usec > (uint64_t)INT32_MAX * 1000)
		return INT32_MAX;
	return usec < 2000 ? 2 : (uint32_t)(usec / 1000);
}

bool notify_send(int fd, const char *text)
{
	ssize_t n;

	do {
		n = send(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n >= 0;
}
