/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "log.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "journal.h"

#define TOLD_MAX 256	/* bytes of how many were dropped */

void log_init(struct log *log, int fd)
{
	log->fd = fd;
	log->journal = false;
	log->gone = false;
	log->dropped = 0;
	log->first = log->used = 0;
}

void log_init_journal(struct log *log, int fd)
{
	log_init(log, fd);
	log->journal = true;
}

static void put(struct log *log, const void *bytes, size_t n)
{
	size_t at = (log->first + log->used) % sizeof(log->ring);
	size_t part = sizeof(log->ring) - at;

	if (part > n)
		part = n;
	memcpy(log->ring + at, bytes, part);
	memcpy(log->ring, (const char *)bytes + part, n - part);
	log->used += n;
}

static bool fits(const struct log *log, size_t n)
{
	return sizeof(log->ring) - log->used >= n;
}

/* An entry is N bytes after its length, a line N bytes and a line end. */
static size_t needs(const struct log *log, size_t n)
{
	return n + (log->journal ? sizeof(uint32_t) : 1);
}

static void put_whole(struct log *log, const void *bytes, size_t n)
{
	uint32_t length = (uint32_t)n;

	if (log->journal)
		put(log, &length, sizeof(length));
	put(log, bytes, n);
	if (!log->journal)
		put(log, "\n", 1);
}

/* Said before the next line, so that the gap is where it was. */
static void tell_dropped(struct log *log)
{
	char line[80], entry[TOLD_MAX];
	const char *bytes = line;
	struct journal journal;
	size_t n;

	n = (size_t)snprintf(line, sizeof(line),
			     "dkd: %llu %s dropped: the reader was too slow",
			     (unsigned long long)log->dropped,
			     log->journal ? "entries" : "lines");
	if (log->journal) {
		journal_begin(&journal, entry, sizeof(entry), JOURNAL_WARNING,
			      line, n);
		journal_add_format(&journal, "DK_DROPPED", "%llu",
				   (unsigned long long)log->dropped);
		bytes = entry;
		n = journal.used;
	}
	if (fits(log, needs(log, n))) {
		put_whole(log, bytes, n);
		log->dropped = 0;
	}
}

static void take(struct log *log, const void *bytes, size_t n)
{
	if (log->gone)
		return;
	if (log->dropped && fits(log, needs(log, n) + TOLD_MAX))
		tell_dropped(log);
	if (log->dropped || !fits(log, needs(log, n)))
		log->dropped++;
	else
		put_whole(log, bytes, n);
}

void log_entry(struct log *log, const void *bytes, size_t n)
{
	take(log, bytes, n);
}

void log_task_line(struct log *log, const char *task, const char *line,
		   size_t n)
{
	char entry[LIMIT_ENTRY];
	struct journal journal;

	if (!log->journal) {
		take(log, line, n);
		return;
	}
	journal_begin(&journal, entry, sizeof(entry), JOURNAL_INFO, line, n);
	journal_add(&journal, "DK_TASK", task);
	take(log, journal.bytes, journal.used);
}

void log_line(struct log *log, const char *line, size_t n)
{
	log_task_line(log, NULL, line, n);
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

/* Part I of a piece of N bytes of the ring, AT bytes after its first. */
static struct iovec piece(struct log *log, size_t at, size_t n, int i)
{
	size_t start = (log->first + at) % sizeof(log->ring);
	size_t part = sizeof(log->ring) - start;

	if (part > n)
		part = n;
	return i == 0 ? (struct iovec){ log->ring + start, part }
		      : (struct iovec){ log->ring, n - part };
}

static void drop_first(struct log *log, size_t n)
{
	log->first = (log->first + n) % sizeof(log->ring);
	log->used -= n;
}

/* One datagram, never blocking. Returns whether the ring has one less. */
static bool send_entry(struct log *log, int wait_ms)
{
	struct pollfd ready = { .fd = log->fd, .events = POLLOUT };
	struct iovec parts[2];
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	uint32_t n = 0;

	if (log->used == 0 || (wait_ms > 0 && poll(&ready, 1, wait_ms) != 1))
		return false;
	for (size_t i = 0; i < sizeof(n); i++)
		((char *)&n)[i] = log->ring[(log->first + i) %
					    sizeof(log->ring)];
	parts[0] = piece(log, sizeof(n), n, 0);
	parts[1] = piece(log, sizeof(n), n, 1);
	if (sendmsg(log->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		switch (errno) {
		case EAGAIN: case EINTR:
			return false;	/* it is full */
		case EMSGSIZE: case ENOBUFS:
			log->dropped++;	/* this one will not go */
			break;
		default:
			log->gone = true;
			return false;
		}
	}
	drop_first(log, sizeof(n) + n);
	return true;
}

/* One write that cannot block. Returns whether it got anything out. */
static bool write_some(struct log *log, int wait_ms)
{
	struct pollfd ready = { .fd = log->fd, .events = POLLOUT };
	size_t n = sizeof(log->ring) - log->first;
	ssize_t written;

	if (log->journal)
		return send_entry(log, wait_ms);
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
	drop_first(log, (size_t)written);
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
