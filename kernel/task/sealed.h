/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Sealed copies in memory of what is run or read. A file that is mapped can
 * change after its check; a sealed copy cannot.
 */
#ifndef DK_TASK_SEALED_H
#define DK_TASK_SEALED_H

#include <stddef.h>
#include <sys/types.h>

/*
 * A memfd called NAME with the SIZE bytes of regular file FD from offset 0 on,
 * sealed against any change, of MODE. Close-on-exec. -errno on failure; -EFBIG
 * when the file has another size by now.
 */
int sealed_copy(int fd, size_t size, const char *name, mode_t mode);

/* 1 if FD is a memfd that nobody can change any more. */
int sealed_check(int fd);

#endif
