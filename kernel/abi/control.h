/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The wire between `dk` and the daemon: a SOCK_SEQPACKET socket in the file
 * system, a request or an answer a packet. Who asks is known by the socket's
 * credentials. Each request but CONTROL_END is answered by rows (records, …) and
 * at last by CONTROL_DONE; only then the next one is read.
 */
#ifndef DK_ABI_CONTROL_H
#define DK_ABI_CONTROL_H

#include <stdint.h>

#define CONTROL_VERSION		1u
#define CONTROL_FOLDER		"/run/dk"	/* of sockets, NAME.sock */
#define CONTROL_FOLDER_OF_USER	"/run/user/%u/dk"	/* without root */
#define CONTROL_SUFFIX		".sock"
#define CONTROL_NONE		UINT32_C(0xffffffff)

/* The first are kl/core/Control.idl's methods, by number. */
enum control_op {
	CONTROL_PS,		/* rows: struct control_task, or control_layer;
				   argument: enum control_ps */
	CONTROL_CHANNELS,	/* rows: struct control_channel */
	CONTROL_NAMES,		/* rows: struct control_name */
	CONTROL_AUDIT,		/* records; argument: enum control_audit */
	CONTROL_LEVEL,		/* argument: the level */
	CONTROL_SPAWN,		/* text: the task. STARTED, later EXITED */
	CONTROL_STOP,		/* DONE at once, hang-up when all has ended */
	CONTROL_N_METHODS,
	CONTROL_END = CONTROL_N_METHODS,	/* asks the spawned task to end;
				   without an answer of its own */
	CONTROL_N
};

enum control_ps { CONTROL_TASKS = 0, CONTROL_LAYERS = 1 };
enum control_audit { CONTROL_LAST = 0, CONTROL_FOLLOW = 1 };

struct control_request {
	uint8_t version;
	uint8_t op;		/* enum control_op */
	uint16_t size;		/* of the text that follows, without a NUL */
	uint32_t argument;
};

enum control_kind {
	CONTROL_ROW,
	CONTROL_RECORD,		/* struct control_record, text, JSON */
	CONTROL_LOST,		/* value: records that were not waited for */
	CONTROL_STARTED,	/* value: pid. Its descriptors: the end to write of
				   the task's 0, those to read of its 1 and 2 */
	CONTROL_EXITED,		/* value: status as wait gives it */
	CONTROL_DONE,		/* status; value: what it was about */
	CONTROL_KINDS
};

enum control_status {
	CONTROL_OK = 0,
	CONTROL_MALFORMED,	/* not a request at all; hang-up follows */
	CONTROL_UNKNOWN,	/* the user has no class here */
	CONTROL_DENIED,		/* the policy does not let its class ask this */
	CONTROL_NOT_FOUND,	/* no such task */
	CONTROL_AUTO,		/* the task has no `start: demand` */
	CONTROL_BUSY,		/* the task runs */
	CONTROL_NO_START,	/* the policy denies the task's start */
	CONTROL_FAILED,		/* the start failed; value: enum confine_step */
	CONTROL_STOPPING,	/* everything is being ended */
	CONTROL_QUOTA,		/* too many connections; hang-up follows */
	CONTROL_MACHINE,	/* descriptors or memory; value: errno */
	CONTROL_STATUSES
};

struct control_answer {
	uint8_t version;
	uint8_t kind;		/* enum control_kind */
	uint16_t status;	/* enum control_status; DONE only */
	uint32_t size;		/* of what follows */
	uint64_t value;
};

/* Rows: the struct, then its texts, each with its NUL. */
enum control_state { CONTROL_WAITING, CONTROL_STARTING, CONTROL_RUNNING,
		     CONTROL_ENDED, CONTROL_STATES };

struct control_task {		/* name, class, executable */
	uint32_t sid;		/* of its last start; 0: none yet */
	uint32_t pid, uid;	/* while it runs */
	uint32_t state;		/* enum control_state */
	uint32_t layers, n_layers;	/* in force, of so many */
	uint32_t calls, serving;	/* under way: its own, to it */
	uint32_t demand;	/* 1: `start: demand` */
	uint32_t status;	/* of its last end; CONTROL_NONE: not yet */
};

/* Of each task each layer: task, layer, the probe that proves it. */
struct control_layer {
	uint32_t asked;		/* 1: the program is to have it */
	uint32_t required;	/* 1: it does not start without */
	uint32_t holds;		/* 1: in force; 0 too while it does not run */
	uint32_t proven;	/* enum control_proven */
	uint32_t probed;	/* when: seconds since 1970 */
};

enum control_proven { CONTROL_UNPROVEN = 0, CONTROL_PROVEN = 1,
		      CONTROL_NEVER = 2 /* probe: never */,
		      CONTROL_LACKING = 3 /* it runs without */ };

struct control_channel {	/* client, server, name */
	uint32_t client, server;	/* sids; 0: not started */
	uint32_t is_static;
	uint32_t calls;		/* under way */
	uint32_t waits;		/* 1: not read, for the server is busy */
};

struct control_name {		/* interface, task, endpoint */
	uint32_t sid;
};

struct control_record {
	uint32_t n_text, n_json;
};

#endif
