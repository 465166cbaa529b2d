/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What has been published, in the order in which it was. It knows nothing of
 * messages: whoever calls says whose each publication is, by SID. A fixed table:
 * nothing is allocated, a full one refuses.
 */
#ifndef NAMESERVER_ENTRIES_H
#define NAMESERVER_ENTRIES_H

#include <nk/types.h>
#include <rtl/retcode.h>

#define ENTRIES_MAX 1024u	/* in all */
#define ENTRIES_TASK_MAX 64u	/* of one process */
#define ENTRIES_NAME_SIZE 256u	/* bytes, terminator included */

/* Three names, each shorter than ENTRIES_NAME_SIZE. */
struct publication {
	const char *type;	/* interface */
	const char *server;	/* process name */
	const char *service;	/* endpoint path */
};

struct entry {
	nk_sid_t sid;		/* whose it is */
	char type[ENTRIES_NAME_SIZE];
	char server[ENTRIES_NAME_SIZE];
	char service[ENTRIES_NAME_SIZE];
};

struct entries {
	unsigned count;
	struct entry entry[ENTRIES_MAX];
};

/* rcOk: it is in, and was not before; rcBusy: it was in before, SID's now;
   rcQuota: SID has too many; rcNoMemory: the table is full. */
Retcode entries_add(struct entries *entries, nk_sid_t sid,
		    const struct publication *publication);
/* rcResourceNotFound: there is none like that, or it is not SID's. */
Retcode entries_remove(struct entries *entries, nk_sid_t sid,
		       const struct publication *publication);
/* All of SID's. Returns how many there were. */
unsigned entries_forget(struct entries *entries, nk_sid_t sid);
/* The one of that interface that INDEX others precede, or NULL. */
const struct entry *entries_find(const struct entries *entries,
				 const char *type, unsigned index);

#endif
