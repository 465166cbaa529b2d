/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "log.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

void log_init(struct log *log, int fd)
{
	log->fd = fd;
	log->gone = false;
	log->dropped = 0;
	log->first = log->used = 0;
}

static void put(struct log *log, const char *bytes, size_t n)
{
	size_t at = (log->first + log->used) % sizeof(log->ring);
	size_t part = sizeof(log->ring) - at;

	if (part > n)
		part = n;
	memcpy(log->ring + at, bytes, part);
	memcpy(log->ring, bytes + part, n - part);
	log->used += n;
}

static bool fits(const struct log *log, size_t n)
{
	return sizeof(log->ring) - log->used >= n;
}

/* Said before the next line, so that the gap is where it was. */
static void tell_dropped(struct log *log)
{
	char line[80];
	int n;

	n = snprintf(line, sizeof(line),
		     "dkd: %llu lines dropped: the reader was too slow\n",
		     (unsigned long long)log->dropped);
	if (fits(log, (size_t)n)) {
		put(log, line, (size_t)n);
		log->dropped = 0;
	}
}

void log_line(struct log *log, const char *line, size_t n)
{
	if (log->gone)
		return;
	if (log->dropped && fits(log, n + 1 + 80))
		tell_dropped(log);
	if (log->dropped || !fits(log, n + 1)) {
		log->dropped++;
		return;
	}
	put(log, line, n);
	put(log, "\n", 1);
}

void log_say(struct log *log, const char *format, ...)
{
	char line[LIMIT_LINE] = "dkd: ";
	size_t used = strlen(line);
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line + used, sizeof(line) - used, format, args);
	va_end(args);
	if (n < 0)
		return;
	used += (size_t)n;
	if (used >= sizeof(line))
		used = sizeof(line) - 1;
	log_line(log, line, used);
}

bool log_pending(const struct log *log)
{
	return !log->gone && (log->used > 0 || log->dropped > 0);
}

/* One write that cannot block. Returns whether it got anything out. */
static bool write_some(struct log *log, int wait_ms)
{
	struct pollfd ready = { .fd = log->fd, .events = POLLOUT };
	size_t n = sizeof(log->ring) - log->first;
	ssize_t written;

	if (n > log->used)
		n = log->used;
	if (n > LIMIT_LOG_WRITE)
		n = LIMIT_LOG_WRITE;
	if (n == 0 || poll(&ready, 1, wait_ms) != 1)
		return false;
	if (!(ready.revents & POLLOUT)) {
		log->gone = true;
		return false;
	}
	written = write(log->fd, log->ring + log->first, n);
	if (written < 0) {
		if (errno != EAGAIN && errno != EINTR)
			log->gone = true;
		return false;
	}
	log->first = (log->first + (size_t)written) % sizeof(log->ring);
	log->used -= (size_t)written;
	return true;
}

void log_pump(struct log *log)
{
	while (!log->gone && log->used > 0 && write_some(log, 0))
		;
	if (!log->gone && log->dropped && log->used == 0)
		tell_dropped(log);
}

void log_flush(struct log *log, unsigned timeout_ms)
{
	uint64_t end = clock_ms() + timeout_ms;

	while (log_pending(log)) {
		uint64_t now = clock_ms();

		if (now >= end)
			return;
		if (log->used == 0)
			tell_dropped(log);
		write_some(log, (int)(end - now));
	}
}
