/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * journald's native protocol: a datagram of fields is one entry. A value without
 * a line end is NAME=value, others are NAME, a length of 8 bytes, the value.
 * Nothing here sends; the log does.
 */
#ifndef DK_BASE_JOURNAL_H
#define DK_BASE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

enum journal_priority { JOURNAL_ERROR = 3, JOURNAL_WARNING = 4,
			JOURNAL_NOTICE = 5, JOURNAL_INFO = 6 };

/* A connection to PATH if our standard output goes to the journal
   (JOURNAL_STREAM names it), -ENOENT if it does not, else -errno. */
int journal_open(const char *path);

struct journal {
	char *bytes;		/* the caller's */
	size_t size, used;
	bool cut;		/* a field did not fit, and is not there */
};

/* An entry of MESSAGE, PRIORITY and SYSLOG_IDENTIFIER; our own "dkd: " before
   the message goes, for the identifier says it. */
void journal_begin(struct journal *journal, char *buffer, size_t size,
		   enum journal_priority priority, const char *message,
		   size_t n);
/* NAME is of A-Z, 0-9 and '_'. NULL as the value: no field. */
void journal_add(struct journal *journal, const char *name, const char *value);
void journal_add_bytes(struct journal *journal, const char *name,
		       const char *value, size_t n);
void journal_add_format(struct journal *journal, const char *name,
			const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
