/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What the kernel tells a process: the first frame on descriptor 3 about itself,
 * and the frames that say who has come to a listener. hello_parse believes no
 * offset; what it returns can be read without a look at its length.
 */
#ifndef LIBDK_HELLO_H
#define LIBDK_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nk/types.h>

#include "../../kernel/abi/wire.h"

struct end;

struct hello {
	uint32_t sid, flags;
	const char *task, *class_name;
	uint32_t n_ends, n_endpoints;
	const struct wire_end *ends;
	const struct wire_endpoint *endpoints;
	const char *strings;
};

/* A copy of the SIZE bytes at BODY, checked; NULL: malformed, or no memory.
   OPENED: it may have no ends. One free() gives all of it back. */
struct hello *hello_parse(const uint8_t *body, size_t size, bool opened);

/* The endpoint PATH behind END (an index, or WIRE_NONE: the process's own), and
   of INTERFACE if that is not NULL. NULL if there is none. PATH may be NULL. */
const struct wire_endpoint *hello_endpoint(const struct hello *hello,
					   uint32_t end, const char *path,
					   const char *interface);

/* ---- of this process ---- */

/* WIRE_KERNEL_FD, but in tests. */
extern int hello_kernel_fd;

/*
 * Reads the hello, once, whoever asks first; makes its ends. NULL: none came, or
 * a malformed one, and never will.
 */
const struct hello *hello_get(void);

/* The static end INDEX; INVALID_HANDLE if it is not there. */
Handle hello_end_handle(uint32_t index);
/* To the kernel's own endpoints. */
Handle hello_kernel_handle(void);
/* Whether this class may use sendmsg and recvmsg. Reads nothing. */
bool hello_has_handles(void);
/* Whether a hello has said that it may not. Reads nothing. */
bool hello_lacks_handles(void);

#endif
