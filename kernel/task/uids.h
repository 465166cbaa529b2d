/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * User ids of the mediator and the programs. Without root they all have the
 * caller's. As root: a block out of one range that all
 * daemons of the machine share. A block is ours while a byte of the lock file
 * is locked, which ends with the launcher, whatever ends it. A solution asks
 * for the same block each time, so that its files keep their owners.
 */
#ifndef DK_TASK_UIDS_H
#define DK_TASK_UIDS_H

#include <stdbool.h>
#include <stdint.h>

#define UIDS_FIRST	UINT32_C(0x6b640000)
#define UIDS_BLOCK	256u			/* uids in a block */
#define UIDS_BLOCKS	256u
#define UIDS_END	(UIDS_FIRST + UIDS_BLOCK * UIDS_BLOCKS)
#define UIDS_LOCK_FILE	"/run/dk-uids.lock"

struct uids {
	uint32_t first;		/* the mediator's */
	uint32_t n;
	bool shared;		/* .first is everybody's */
	int lock_fd;
};

/*
 * Takes N consecutive uids for the solution called KEY (its image's real path).
 * Blocks that another daemon holds, that /etc/passwd, group, subuid or subgid
 * mention, or that a live process runs under are passed over. 0 or -errno,
 * -ENOSPC if there is no room; says why itself.
 */
int uids_init(struct uids *uids, uint32_t n, const char *key);
/* Whether another daemon has the block that KEY asks for first: the solution runs. */
bool uids_held(const char *key);
void uids_deinit(struct uids *uids);

/* The uid of program INDEX. */
uint32_t uids_get(const struct uids *uids, uint32_t index);

/* Is ID of the range of any daemon? */
bool uids_contain(uint32_t id);

#endif
