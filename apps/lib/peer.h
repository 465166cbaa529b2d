/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The clients of a listener, as the kernel tells of them (dk/server.h has what
 * programs see). The kernel tells of each end; here is one entry for each process,
 * from its first end to its last.
 */
#ifndef LIBDK_PEER_H
#define LIBDK_PEER_H

#include <stddef.h>
#include <stdint.h>

struct end;

/* The body of WIRE_OPENED; a malformed one is dropped. */
void peer_opened(struct end *end, const uint8_t *body, size_t size);
void peer_closed(struct end *end, uint32_t sid);
void peer_free_all(struct end *end);

#endif
