/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Between the launcher (root) and the mediator (no privilege): one SEQPACKET
 * pair, messages of one fixed size, each code with the side that may send it.
 * The launcher re-checks every argument against the image; nothing a program
 * wrote is ever in here.
 */
#ifndef DK_BASE_MONITOR_H
#define DK_BASE_MONITOR_H

#include <stdint.h>

#include "../abi/wire.h"

enum monitor_code {
	MONITOR_NONE = 0,
	/* mediator -> launcher */
	MONITOR_READY,		/* the policy granted the kernel's and the starter's
				   own start; .value = 0. Else .value is an enum
				   dkd_exit and the daemon ends with it */
	MONITOR_START,		/* start .task as .sid; descriptors 0, 1, 2, 3 and
				   the static ends ride along, in the order they
				   get in the program */
	MONITOR_KILL,		/* end .task now, SIGKILL */
	MONITOR_DONE,		/* everything that should end has; .value is the
				   exit status (enum dkd_exit) of the daemon */
	/* launcher -> mediator */
	MONITOR_STARTED,	/* .task runs: .pid, .uid, .layers, .landlock,
				   .n_syscalls, .proven, .probed, .tried */
	MONITOR_FAILED,		/* .task could not be started: .value = errno, .step;
				   of STEP_PROBE, .layers is what does not hold */
	MONITOR_EXITED,		/* .task ended: .value = wait status; .syscall = the
				   forbidden call that it was killed for, or -1 */
	MONITOR_STOP,		/* asked to stop by .value = a signal's number */
	MONITOR_N
};

struct monitor_message {
	uint32_t code;		/* enum monitor_code */
	uint32_t task;		/* index in the image */
	uint32_t sid;
	int32_t pid;
	uint32_t uid;
	int32_t value;
	uint32_t step;		/* enum confine_step (below) */
	int32_t syscall;
	uint32_t layers;	/* bit per enum confine_layer (below) */
	uint32_t landlock;	/* ABI in force, 0 = none */
	uint32_t n_syscalls;	/* on the allow-list */
	uint32_t proven;	/* of .layers, those that a probe found to hold, */
	uint32_t probed;	/* when: seconds since 1970 */
	uint32_t tried;		/* when its system-call filter was, by acts that
				   end who tries them; 0: not */
	uint32_t zero;
};

/* Descriptors of MONITOR_START at most: 0..3 and the static ends. */
#define MONITOR_FDS_MAX (WIRE_FIRST_STATIC_FD + WIRE_ENDS_MAX)

/* What a start goes through, in order: the place where it failed. */
enum confine_step {
	STEP_NONE = 0, STEP_OPEN, STEP_CLONE, STEP_SESSION, STEP_MOUNTS,
	STEP_PIVOT, STEP_CGROUP, STEP_RLIMITS, STEP_KEYRING, STEP_UID, STEP_PDEATHSIG,
	STEP_CAPS, STEP_MDWE, STEP_NO_NEW_PRIVS, STEP_LANDLOCK, STEP_FDS,
	STEP_SECCOMP, STEP_PROBE, STEP_EXEC, STEP_N
};

/* Layers in force: a bit each in monitor_message.layers. */
enum confine_layer {
	LAYER_PID_NS = 0, LAYER_MOUNT_NS, LAYER_NET_NS, LAYER_IPC_NS,
	LAYER_UTS_NS, LAYER_CGROUP_NS, LAYER_ROOT, LAYER_UID, LAYER_CAPS,
	LAYER_NO_NEW_PRIVS, LAYER_LANDLOCK, LAYER_SECCOMP, LAYER_RLIMITS,
	LAYER_KEYRING, LAYER_MDWE, LAYER_NO_DUMP, LAYER_EXEC_ONCE,
	LAYER_CGROUP,		/* of tasks whose sandbox asks for it */
	LAYER_N
};

const char *confine_step_name(enum confine_step step);
const char *confine_layer_name(enum confine_layer layer);
/* The bit of enum task_layer by which a start list has a say; 0: it has none. */
uint32_t confine_layer_option(enum confine_layer layer);
/* By what it is found to hold; "unknown" of one that is none. */
const char *confine_layer_probe(enum confine_layer layer);

/* Exit statuses of dkd and of `dk run`. */
enum dkd_exit {
	DKD_OK = 0,		/* every program ended with 0, or SIGTERM stopped us */
	DKD_PROGRAM = 1,	/* a program ended with another status or a signal */
	DKD_USAGE = 2,		/* bad command line */
	DKD_IMAGE = 3,		/* the image cannot be read or is unsound */
	DKD_MISSING = 4,	/* a program is missing */
	DKD_UNRUNNABLE = 5,	/* a program cannot be run: mode, owner, format */
	DKD_REFUSED = 6,	/* the policy refuses the kernel's or the starter's
				   own start */
	DKD_CONFINE = 7,	/* a required layer could not be set up */
	DKD_MEDIATOR = 8,	/* the mediator ended unasked */
	DKD_DIED = 9,		/* a program ended abnormally before it sent anything */
	DKD_MACHINE = 10,	/* the machine failed us: memory, descriptors, uids */
	DKD_INTERRUPTED = 130,	/* SIGINT */
};

#endif
