/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "guarded.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void guarded_init(struct guarded *guarded, size_t size_max)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	guarded->size = (size_max + page - 1) / page * page;
	guarded->map = mmap(NULL, guarded->size + page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (guarded->map == MAP_FAILED ||
	    mprotect(guarded->map + guarded->size, page, PROT_NONE)) {
		perror("guarded");
		abort();
	}
}

void guarded_deinit(struct guarded *guarded)
{
	munmap(guarded->map, guarded->size + (size_t)sysconf(_SC_PAGESIZE));
}

uint8_t *guarded_last(const struct guarded *guarded, size_t size)
{
	return guarded->map + guarded->size - size;
}
