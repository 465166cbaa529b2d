/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Many frames, each waited for: what came back is counted by status.
 */
#ifndef ROGUE_HAIL_H
#define ROGUE_HAIL_H

#include "raw.h"

/*
 * Sends N frames of MAKE (which returns the bytes to send of FRAME) to FD and
 * says `NAME: sent N, silent S, good G of H, STATUS k, ...`. Every thousandth is
 * followed by a good request to the victim. Ends early when the socket does.
 */
void hail(const char *name, int fd, uint32_t n,
	  size_t (*make)(struct frame *frame, uint32_t i));

/* N good requests to the victim; says `NAME: good G of N`. */
void hail_good(const char *name, int fd, uint32_t n);

#endif
