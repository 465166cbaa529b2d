/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "uids.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "confine_userns.h"
#include "say.h"

#define DYING_TRIES 60		/* programs of a daemon just killed go away */
#define DYING_WAIT_NS 50000000L

struct taken {
	bool block[UIDS_BLOCKS];
};

bool uids_contain(uint32_t id)
{
	return id >= UIDS_FIRST && id < UIDS_END;
}

static void take(struct taken *taken, uint64_t first, uint64_t count)
{
	uint64_t end = first + count;

	if (count == 0 || end <= UIDS_FIRST || first >= UIDS_END)
		return;
	if (first < UIDS_FIRST)
		first = UIDS_FIRST;
	if (end > UIDS_END)
		end = UIDS_END;
	for (uint64_t b = (first - UIDS_FIRST) / UIDS_BLOCK;
	     b <= (end - 1 - UIDS_FIRST) / UIDS_BLOCK; b++)
		taken->block[b] = true;
}

/* The colon-separated FIELD of LINE as a number; false if it is none. */
static bool field_number(const char *line, int field, uint64_t *number)
{
	for (; field > 0; field--) {
		line = strchr(line, ':');
		if (!line)
			return false;
		line++;
	}
	if (!isdigit((unsigned char)*line))
		return false;
	*number = strtoull(line, NULL, 10);
	return true;
}

/*
 * Read as text: a look-up through the system's name services would run code of
 * theirs, and talk to the network, in a privileged process.
 */
static void take_file(struct taken *taken, const char *path, bool ranges)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return;
	while (getline(&line, &size, file) > 0) {
		uint64_t first, count = 1;

		if (!field_number(line, ranges ? 1 : 2, &first))
			continue;
		if (ranges && !field_number(line, 2, &count))
			continue;
		take(taken, first, count < UINT32_MAX ? count : UINT32_MAX);
	}
	free(line);
	fclose(file);
}

static void take_status_line(struct taken *taken, const char *line)
{
	const char *at = line + 4;
	char *end;

	for (int i = 0; i < 4; i++) {
		uint64_t id = strtoull(at, &end, 10);

		if (end == at)
			return;
		take(taken, id, 1);
		at = end;
	}
}

static int take_processes(struct taken *taken)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		return -errno;
	while ((entry = readdir(proc))) {
		char path[300], line[256];
		FILE *file;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/status", entry->d_name);
		file = fopen(path, "re");
		if (!file)
			continue;	/* gone */
		while (fgets(line, sizeof(line), file))
			if (!strncmp(line, "Uid:", 4)
			    || !strncmp(line, "Gid:", 4))
				take_status_line(taken, line);
		fclose(file);
	}
	closedir(proc);
	return 0;
}

/* FNV-1a: which block a solution asks for first. Not a secret. */
static uint32_t hash(const char *text)
{
	uint32_t h = UINT32_C(2166136261);

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * UINT32_C(16777619);
	return h;
}

/* Locks the bytes of COUNT blocks; 1 if they are ours, 0 if somebody's. */
static int lock_blocks(int fd, uint32_t block, uint32_t count)
{
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET,
		.l_start = block, .l_len = count,
	};

	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return 1;
	return errno == EAGAIN || errno == EACCES ? 0 : -errno;
}

static void unlock_blocks(int fd, uint32_t block, uint32_t count)
{
	struct flock lock = {
		.l_type = F_UNLCK, .l_whence = SEEK_SET,
		.l_start = block, .l_len = count,
	};

	fcntl(fd, F_OFD_SETLK, &lock);
}

static bool any(const struct taken *taken, uint32_t block, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (taken->block[block + i])
			return true;
	return false;
}

/* The block is locked: do processes still run there, and do they go away? */
static int settle(uint32_t block, uint32_t count)
{
	const struct timespec pause = { .tv_nsec = DYING_WAIT_NS };

	for (int i = 0; i < DYING_TRIES; i++) {
		struct taken alive = { 0 };
		int r = take_processes(&alive);

		if (r < 0)
			return r;
		if (!any(&alive, block, count))
			return 1;
		nanosleep(&pause, NULL);
	}
	return 0;
}

static int open_lock_file(void)
{
	struct stat st;
	int fd = open(UIDS_LOCK_FILE,
		      O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		int e = errno;

		say("%s: cannot be opened: %s: it locks user ids among all "
		    "daemons", UIDS_LOCK_FILE, strerror(e));
		return -e;
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_uid != 0
	    || (st.st_mode & 022)) {
		say("%s: not a file of root's alone: remove it", UIDS_LOCK_FILE);
		close(fd);
		return -EPERM;
	}
	return fd;
}

int uids_init(struct uids *uids, uint32_t n, const char *key)
{
	uint32_t count = (n + UIDS_BLOCK - 1) / UIDS_BLOCK;
	struct taken named = { 0 };
	uint32_t start;
	int fd, r;

	*uids = (struct uids){ .lock_fd = -1 };
	if (rootless()) {
		uids->first = getuid();
		uids->shared = true;
		return 0;
	}
	if (count == 0 || count > UIDS_BLOCKS)
		return -ENOSPC;
	take_file(&named, "/etc/passwd", false);
	take_file(&named, "/etc/group", false);
	take_file(&named, "/etc/subuid", true);
	take_file(&named, "/etc/subgid", true);
	fd = open_lock_file();
	if (fd < 0)
		return fd;
	start = hash(key) % UIDS_BLOCKS;
	for (uint32_t i = 0; i < UIDS_BLOCKS; i++) {
		uint32_t block = (start + i) % UIDS_BLOCKS;

		if (block + count > UIDS_BLOCKS || any(&named, block, count))
			continue;
		r = lock_blocks(fd, block, count);
		if (r == 0)
			continue;
		if (r > 0) {
			r = settle(block, count);
			if (r > 0) {
				uids->first = UIDS_FIRST + block * UIDS_BLOCK;
				uids->n = n;
				uids->lock_fd = fd;
				return 0;
			}
			unlock_blocks(fd, block, count);
		}
		if (r < 0) {
			say("user ids cannot be allocated: %s", strerror(-r));
			close(fd);
			return r;
		}
	}
	say("no free user ids between %u and %u: too many daemons, or passwd "
	    "or subuid use that range", UIDS_FIRST, UIDS_END - 1);
	close(fd);
	return -ENOSPC;
}

bool uids_held(const char *key)
{
	int fd = open_lock_file();
	bool held = fd < 0 || lock_blocks(fd, hash(key) % UIDS_BLOCKS, 1) == 0;

	if (fd >= 0)
		close(fd);
	return held;
}

void uids_deinit(struct uids *uids)
{
	if (uids->lock_fd >= 0)
		close(uids->lock_fd);
	*uids = (struct uids){ .lock_fd = -1 };
}

uint32_t uids_get(const struct uids *uids, uint32_t index)
{
	return uids->shared ? uids->first : uids->first + 1 + index;
}
