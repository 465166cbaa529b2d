/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "entries.h"

#include <string.h>

static int is_same(const struct entry *entry,
		   const struct publication *publication)
{
	return strcmp(entry->type, publication->type) == 0 &&
	       strcmp(entry->server, publication->server) == 0 &&
	       strcmp(entry->service, publication->service) == 0;
}

static struct entry *find(struct entries *entries,
			  const struct publication *publication)
{
	for (unsigned i = 0; i < entries->count; i++) {
		if (is_same(&entries->entry[i], publication))
			return &entries->entry[i];
	}
	return NULL;
}

static unsigned count_of(const struct entries *entries, nk_sid_t sid)
{
	unsigned n = 0;

	for (unsigned i = 0; i < entries->count; i++)
		n += entries->entry[i].sid == sid;
	return n;
}

static void copy(char out[ENTRIES_NAME_SIZE], const char *name)
{
	size_t length = strlen(name);

	nk_assert(length < ENTRIES_NAME_SIZE);
	memcpy(out, name, length + 1);
}

Retcode entries_add(struct entries *entries, nk_sid_t sid,
		    const struct publication *publication)
{
	struct entry *entry = find(entries, publication);

	/* A process of that name came back before its old self was missed: the
	   caller has made sure that only its namesake can get here. */
	if (entry) {
		entry->sid = sid;
		return rcBusy;
	}
	if (count_of(entries, sid) >= ENTRIES_TASK_MAX)
		return rcQuota;
	if (entries->count == ENTRIES_MAX)
		return rcNoMemory;
	entry = &entries->entry[entries->count++];
	entry->sid = sid;
	copy(entry->type, publication->type);
	copy(entry->server, publication->server);
	copy(entry->service, publication->service);
	return rcOk;
}

/* The order of the others stays, for somebody may be counting through them. */
static void drop(struct entries *entries, unsigned at)
{
	entries->count--;
	memmove(&entries->entry[at], &entries->entry[at + 1],
		(entries->count - at) * sizeof(struct entry));
}

Retcode entries_remove(struct entries *entries, nk_sid_t sid,
		       const struct publication *publication)
{
	struct entry *entry = find(entries, publication);

	if (!entry || entry->sid != sid)
		return rcResourceNotFound;
	drop(entries, (unsigned)(entry - entries->entry));
	return rcOk;
}

unsigned entries_forget(struct entries *entries, nk_sid_t sid)
{
	unsigned n = 0;

	for (unsigned i = entries->count; i > 0; i--) {
		if (entries->entry[i - 1].sid == sid) {
			drop(entries, i - 1);
			n++;
		}
	}
	return n;
}

const struct entry *entries_find(const struct entries *entries,
				 const char *type, unsigned index)
{
	for (unsigned i = 0; i < entries->count; i++) {
		if (strcmp(entries->entry[i].type, type) == 0 && index-- == 0)
			return &entries->entry[i];
	}
	return NULL;
}
