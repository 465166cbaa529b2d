/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The wire without the library: frames as the attacker wants them. Nothing here
 * checks anything but its own memory.
 */
#ifndef ROGUE_RAW_H
#define ROGUE_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../../kernel/abi/status.h"
#include "../../kernel/abi/wire.h"

struct frame {
	struct wire_header header;
	_Alignas(8) uint8_t body[WIRE_BODY_MAX + 4096];
};

/* What the kernel said first; names are those of init.yaml. */
struct own {
	uint32_t sid;
	int victim;		/* client's end of "victim", or -1 */
	int lair;		/* listener of "lair", or -1 */
	uint16_t victim_riid;
};

extern struct own own;

/* Reads the hello. Ends the program when it is not one. */
void raw_hello(void);

/* A good request for METHOD with an empty body of FIXED_SIZE zeroes. */
void raw_request(struct frame *frame, uint16_t mid, uint32_t fixed_size);
/* Appends a chunk to the arena; returns its descriptor. */
struct wire_chunk raw_store(struct frame *frame, const void *bytes,
			    uint32_t size);

/* Header, fixed part and arena as one packet. Returns send's result. */
ssize_t raw_send(int fd, const struct frame *frame);
/* Exactly SIZE bytes from the header on, whatever the header says. */
ssize_t raw_send_bytes(int fd, const void *bytes, size_t size, int flags);
/* With N descriptors along. */
ssize_t raw_send_fds(int fd, const struct frame *frame, const int *fds,
		     size_t n);
/* Waits up to MS. Returns the frame's size, 0 at the end, -1 if none came. */
ssize_t raw_recv(int fd, struct frame *frame, int ms);
/* Waits for the answer to call number CALL, throwing away others. Its kind, or
   0 when none came; *STATUS is that of a WIRE_STATUS, else DK_OK. */
int raw_answer(int fd, uint32_t call, int ms, uint16_t *status);

/* A line on standard output, written at once. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *status_name(unsigned status);
/* A small generator with a fixed seed: runs repeat. */
uint32_t dice(void);
void rest(unsigned ms);

#endif
