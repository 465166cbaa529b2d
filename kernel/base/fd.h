/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Descriptors: closing, socket pairs as the wire wants them, and the cookie by
 * which a socket is recognised when a program sends it back. Newer constants of
 * Linux than the headers know are defined in fd.c and nowhere else.
 */
#ifndef DK_BASE_FD_H
#define DK_BASE_FD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Closes *FD if it is >= 0 and sets it to -1. */
void fd_close(int *fd);
void fd_close_all(int *fds, size_t n);

/* FD, or a copy at TO or above in its place, close-on-exec; or -errno, and it is
   closed. An FD that is -errno stays one. */
int fd_lift(int fd, int to);

/*
 * A SEQPACKET pair with the largest buffers that need no privilege: the
 * kernel's end, non-blocking, and the program's. HANDLES = descriptors may ride
 * to the kernel; if not, Linux refuses them to the sender where it can.
 * COOKIE is the program's end's. Returns 0 or -errno, nothing left open.
 */
int fd_pair(int *kernel_end, int *program_end, bool handles, uint64_t *cookie);

/* Whether this Linux refuses descriptors to the sender, on fd_pair's word. */
bool fd_can_refuse_rights(void);

/* A pipe: the read end non-blocking. Returns 0 or -errno. */
int fd_pipe(int *read_end, int *write_end);

/* Who reads or writes FD waits. Returns 0 or -errno. */
int fd_block(int fd);

/* The cookie of a socket. Returns 0 or -errno (-ENOTSOCK for other things). */
int fd_cookie(int fd, uint64_t *cookie);

/* Whether everything that was sent on the socket has been read. */
bool fd_all_read(int fd);

/* Raises the soft limit of open descriptors to the hard one. */
void fd_raise_limit(void);

#endif
