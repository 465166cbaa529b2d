/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The wire between a program and the kernel: SOCK_SEQPACKET socket pairs, one
 * frame a packet, one socket a handle. This header is the definition; nothing
 * else states an offset. Version 1, little-endian machines only.
 *
 * Who sent a frame is known by the socket it came through, never by what it
 * says. A handle's number in a program is (generation << 16 | descriptor).
 *
 * A frame is: struct wire_header, the fixed part (the generated struct without
 * its leading struct nk_message), the used part of the arena. Descriptors ride
 * along as one SCM_RIGHTS message, in the order of the handle descriptors.
 */
#ifndef DK_ABI_WIRE_H
#define DK_ABI_WIRE_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the wire is little-endian"
#endif

#define WIRE_VERSION		1u
#define WIRE_BODY_MAX		65536u	/* bytes of fixed part and arena inline */
#define WIRE_FRAME_MAX		(WIRE_BODY_MAX + 48u)
#define WIRE_HANDLES_MAX	64u
#define WIRE_NAME_MAX		256u	/* any task, class, channel or endpoint
					   name, its terminator included */
#define WIRE_KERNEL_FD		3	/* the kernel's own endpoints */
#define WIRE_SECURITY_RIID	0xffffu	/* on descriptor 3: a question to the
					   security module. The mid is that of the
					   asking class's security interface; the
					   answer is an empty response or a status */
#define WIRE_FIRST_STATIC_FD	4	/* static ends, then nothing */
#define WIRE_ENDS_MAX		128u	/* static ends of one task */
#define WIRE_DEADLINE_CAP	UINT32_C(0xffffffff) /* the class's cap */
#define WIRE_NO_HANDLE		UINT32_C(0xffffffff)

enum wire_kind {
	WIRE_REQUEST = 1,	/* program -> kernel -> server */
	WIRE_RESPONSE = 2,	/* server -> kernel -> client */
	WIRE_ERROR = 3,		/* a response that carries error parameters */
	WIRE_STATUS = 4,	/* kernel -> program: the call ended with .status.
				   To a server: the answer it gave to .call was
				   refused with .status */
	WIRE_HELLO = 5,		/* kernel -> program, first frame on 3 */
	WIRE_OPENED = 6,	/* kernel -> server's listener: a client is on it */
	WIRE_CLOSED = 7,	/* kernel -> server's listener: client .sid left */
	WIRE_CANCEL = 8,	/* client -> kernel: .call is given up; the
				   answer, if any, is dropped and counted */
	WIRE_N_KINDS
};

struct wire_header {
	uint8_t version;	/* WIRE_VERSION; else the task is stopped */
	uint8_t kind;		/* enum wire_kind */
	uint16_t flags;		/* no bit is defined: must be 0 */
	uint32_t call;		/* client's number, echoed to it. The server sees
				   the kernel's own, good for one answer */
	uint32_t sid;		/* of the sender, written by the kernel; a program
				   must send 0 */
	uint16_t riid;		/* endpoint's number in its process */
	uint16_t mid;		/* method's number in its interface */
	uint32_t fixed_size;	/* bytes, exactly the method's */
	uint32_t arena_size;	/* bytes of the used part. The fixed size is a
				   multiple of 8, so the arena is 8-aligned */
	uint16_t n_handles;	/* descriptors that ride along */
	uint16_t status;	/* enum dk_status, in WIRE_STATUS only, else 0 */
	uint32_t deadline_ms;	/* from receipt; 0 = do not wait;
				   WIRE_DEADLINE_CAP = the class's cap */
	uint64_t trace;		/* carried into the requests made while serving */
	uint64_t zero;
};

static_assert(sizeof(struct wire_header) == 48, "the header is 48 bytes");
static_assert(offsetof(struct wire_header, call) == 4, "wire");
static_assert(offsetof(struct wire_header, riid) == 12, "wire");
static_assert(offsetof(struct wire_header, fixed_size) == 16, "wire");
static_assert(offsetof(struct wire_header, n_handles) == 24, "wire");
static_assert(offsetof(struct wire_header, deadline_ms) == 28, "wire");
static_assert(offsetof(struct wire_header, trace) == 32, "wire");

/*
 * A handle inside a fixed part. On the wire .handle is the index of the
 * descriptor that rides along (0, 1, ... in order of place) or WIRE_NO_HANDLE;
 * libdk translates between that and the process's own numbers.
 */
struct wire_handle {
	uint32_t handle;
	uint32_t rights;	/* mask, enum wire_right */
	uint64_t zero;
};

static_assert(sizeof(struct wire_handle) == 16, "a handle descriptor is 16");

enum wire_right {
	WIRE_RIGHT_CALL = 1,		/* send requests (a client's end) */
	WIRE_RIGHT_LISTEN = 2,		/* receive requests (a listener) */
	WIRE_RIGHT_TRANSFER = 4,	/* may be sent in a handle parameter */
};

/* An arena chunk inside a fixed part or inside another chunk. */
struct wire_chunk {
	uint32_t offset;	/* from the start of the arena, in bytes */
	uint32_t size;		/* bytes; 0 = empty, then the offset is not read */
};

static_assert(sizeof(struct wire_chunk) == 8, "a chunk descriptor is 8");

/*
 * Body of WIRE_HELLO and WIRE_OPENED: this struct, then .n_ends (hello) or 0
 * (opened) struct wire_end, then .n_endpoints struct wire_endpoint, then
 * .strings bytes of zero-terminated names that all .name-like members index.
 * The whole is sent with fixed_size = its size and arena_size = 0.
 *
 * Hello: .endpoints are those of every class at the other side of a client's
 * end (wire_endpoint.end says which) and of the process itself (end = NONE).
 * Opened: .endpoints are those of the client that has been put on the listener,
 * so that a name server can check what a publisher owns without asking.
 */
#define WIRE_NONE UINT32_C(0xffffffff)

struct wire_hello {
	uint32_t abi;		/* WIRE_VERSION */
	uint32_t sid;		/* of the process (opened: of the client) */
	uint32_t task;		/* name */
	uint32_t class_name;	/* name */
	uint32_t n_ends;
	uint32_t n_endpoints;
	uint32_t strings;	/* bytes */
	uint32_t flags;		/* WIRE_HELLO_..., hello only, else 0 */
};

/* The process may use sendmsg and recvmsg: its class has CLASS_HANDLES
   (abi/image.h). Without it libdk reads its listeners with recvfrom, and
   descriptors that ride along with a request are lost. */
#define WIRE_HELLO_HANDLES 1u

struct wire_end {
	uint32_t name;		/* channel name, as ServiceLocator* ask for it */
	uint32_t fd;		/* descriptor in the process */
	uint32_t side;		/* enum wire_right: CALL or LISTEN */
	uint32_t zero;
};

struct wire_endpoint {
	uint32_t path;		/* "component.endpoint" */
	uint32_t interface;	/* dotted name of the interface */
	uint32_t riid;
	uint32_t end;		/* index of the wire_end it is behind, or NONE */
};

#endif
