/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "journal.h"

#include <endian.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "limits.h"
#include "service.h"

#define SELF	"dkd"
#define PREFIX	SELF ": "

static bool stdout_is_journal(void)
{
	const char *text = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;
	char rest;

	return text && sscanf(text, "%llu:%llu%c", &device, &inode, &rest) == 2
	       && fstat(STDOUT_FILENO, &st) == 0 && st.st_dev == device
	       && st.st_ino == inode;
}

int journal_open(const char *path)
{
	return stdout_is_journal() ? service_connect(path) : -ENOENT;
}

static void put(struct journal *journal, const void *bytes, size_t n)
{
	memcpy(journal->bytes + journal->used, bytes, n);
	journal->used += n;
}

void journal_add_bytes(struct journal *journal, const char *name,
		       const char *value, size_t n)
{
	bool binary = memchr(value, '\n', n) != NULL;
	uint64_t length = htole64(n);
	size_t n_name = strlen(name);
	size_t more = n_name + 1 + (binary ? sizeof(length) : 0) + n + 1;

	if (journal->size - journal->used < more) {
		journal->cut = true;
		return;
	}
	put(journal, name, n_name);
	put(journal, binary ? "\n" : "=", 1);
	if (binary)
		put(journal, &length, sizeof(length));
	put(journal, value, n);
	put(journal, "\n", 1);
}

void journal_add(struct journal *journal, const char *name, const char *value)
{
	if (value)
		journal_add_bytes(journal, name, value, strlen(value));
}

void journal_add_format(struct journal *journal, const char *name,
			const char *format, ...)
{
	char value[LIMIT_LINE * 4];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(value, sizeof(value), format, args);
	va_end(args);
	if (n >= 0 && (size_t)n < sizeof(value))
		journal_add_bytes(journal, name, value, (size_t)n);
	else
		journal->cut = true;
}

void journal_begin(struct journal *journal, char *buffer, size_t size,
		   enum journal_priority priority, const char *message,
		   size_t n)
{
	size_t prefix = strlen(PREFIX);

	*journal = (struct journal){ .bytes = buffer, .size = size };
	if (n >= prefix && memcmp(message, PREFIX, prefix) == 0) {
		message += prefix;
		n -= prefix;
	}
	journal_add_bytes(journal, "MESSAGE", message, n);
	journal_add_format(journal, "PRIORITY", "%d", (int)priority);
	journal_add(journal, "SYSLOG_IDENTIFIER", SELF);
}
