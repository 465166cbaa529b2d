/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "end.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "serve.h"
#include "start.h"

LIBDK_START;

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct end *table[END_FD_MAX];		/* by descriptor */
static uint16_t generations[END_FD_MAX];	/* the last one given */

static void free_end(struct end *end)
{
	serve_forget(end);
	pthread_mutex_destroy(&end->lock);
	free(end);
}

struct end *end_new(int fd, uint32_t side)
{
	struct end *end, *stray;

	if (fd < 0)
		return NULL;
	end = fd < END_FD_MAX ? calloc(1, sizeof(*end)) : NULL;
	if (!end) {
		close(fd);
		return NULL;
	}
	end->fd = fd;
	end->side = side & WIRE_RIGHT_LISTEN ? WIRE_RIGHT_LISTEN :
					       WIRE_RIGHT_CALL;
	end->static_end = WIRE_NONE;
	end->rsid = INVALID_RIID;
	end->timeout_ms = WIRE_DEADLINE_CAP;
	end->n_users = 1;
	pthread_mutex_init(&end->lock, NULL);

	pthread_mutex_lock(&table_lock);
	stray = table[fd];
	/* The program has closed that descriptor behind our back. */
	if (stray) {
		stray->lost = stray->closed = true;
		if (stray->n_users > 0)
			stray = NULL;
	}
	/* 0 would make small integers handles, 0xffff INVALID_HANDLE one. */
	if (++generations[fd] == 0xffff || generations[fd] == 0)
		generations[fd] = 1;
	end->generation = generations[fd];
	table[fd] = end;
	pthread_mutex_unlock(&table_lock);
	if (stray)
		free_end(stray);
	return end;
}

Handle end_handle(const struct end *end)
{
	return (Handle)end->generation << 16 | (Handle)end->fd;
}

struct end *end_get(Handle handle)
{
	uint32_t fd = handle & 0xffff;
	struct end *end;

	if (fd >= END_FD_MAX)
		return NULL;
	pthread_mutex_lock(&table_lock);
	end = table[fd];
	if (end && (end->closed || end_handle(end) != handle))
		end = NULL;
	if (end)
		end->n_users++;
	pthread_mutex_unlock(&table_lock);
	return end;
}

void end_put(struct end *end)
{
	bool last;

	if (!end)
		return;
	pthread_mutex_lock(&table_lock);
	last = --end->n_users == 0 && end->closed;
	/* The place is free before the number is: another thread may be given
	   the same descriptor as soon as it is closed. */
	if (last && !end->lost)
		table[end->fd] = NULL;
	pthread_mutex_unlock(&table_lock);
	if (!last)
		return;
	if (!end->lost)
		close(end->fd);
	free_end(end);
}

bool end_close(struct end *end)
{
	bool was_open;

	pthread_mutex_lock(&table_lock);
	was_open = !end->closed;
	end->closed = true;
	pthread_mutex_unlock(&table_lock);
	return was_open;
}

void end_drop(const int *fds, unsigned n_fds)
{
	for (unsigned i = 0; i < n_fds; i++)
		close(fds[i]);
}
