/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The executables of a solution: each looked up once in the --bin folder,
 * checked, and copied into a sealed memfd of mode 0111. One that cannot be read
 * keeps its process non-dumpable: nobody of its uid reads its memory.
 */
#ifndef DK_TASK_EXECUTABLE_H
#define DK_TASK_EXECUTABLE_H

#include <stdbool.h>

#include "../base/monitor.h"

/*
 * Opens base name NAME in folder BIN_FD (called BIN in messages). Returns
 * DKD_OK and the sealed copy (O_PATH, close-on-exec) in FD; else
 * DKD_MISSING, DKD_UNRUNNABLE or DKD_MACHINE, having said what is wrong and
 * what to do. DYNAMIC: it wants ld.so.
 */
enum dkd_exit executable_open(int *fd, int bin_fd, const char *bin,
			      const char *name, bool *dynamic);

#endif
