/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What the daemon prints: whole lines through a ring of fixed size, written
 * when the descriptor is ready and never waited for. A line that does not fit
 * is counted, and the count is said when there is room again. To a journal a
 * line goes as an entry, a datagram of fields (journal.h), through the same ring.
 */
#ifndef DK_BASE_LOG_H
#define DK_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "limits.h"

struct log {
	int fd;			/* not owned */
	bool journal;		/* the ring holds entries, each after its length */
	bool gone;		/* nobody reads any more */
	uint64_t dropped;	/* lines or entries, since it was last said */
	size_t first, used;	/* of .ring */
	char ring[LIMIT_LOG_RING];
};

void log_init(struct log *log, int fd);
/* FD is a datagram socket connected to a journal. */
void log_init_journal(struct log *log, int fd);
/* "dkd: " and the text, a line. */
void log_say(struct log *log, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* One line as it is, without its line end. */
void log_line(struct log *log, const char *line, size_t n);
/* The same; in a journal it has TASK's name in DK_TASK. */
void log_task_line(struct log *log, const char *task, const char *line,
		   size_t n);
/* A whole entry, to a journal alone. */
void log_entry(struct log *log, const void *bytes, size_t n);
/* Writes what the reader takes now. */
void log_pump(struct log *log);
bool log_pending(const struct log *log);
/* The same, waiting up to TIMEOUT_MS for a slow reader. */
void log_flush(struct log *log, unsigned timeout_ms);

#endif
