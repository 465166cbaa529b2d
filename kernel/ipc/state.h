/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What the mediator remembers: tasks, the kernel's ends of their sockets
 * (ports), who is connected to whom, calls under way, and the charges for all of
 * that. Made when a task or a channel is made, never for a message. No file
 * outside ipc/ reads this.
 *
 * A port is closed at once, and freed when the wake-up's events are all served
 * (.graveyard), since a later event of the same wake-up may still name it.
 */
#ifndef DK_IPC_STATE_H
#define DK_IPC_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "../abi/status.h"
#include "../abi/wire.h"
#include "../audit/audit.h"
#include "../audit/routes.h"
#include "../base/fd.h"
#include "../base/limits.h"
#include "../base/list.h"
#include "../base/log.h"
#include "../base/monitor.h"
#include "../base/options.h"
#include "../base/timers.h"
#include "../security/decide.h"

struct mediator;

enum source_kind { SOURCE_MONITOR, SOURCE_LOG, SOURCE_PORT, SOURCE_OUTPUT,
		   SOURCE_ALARM, SOURCE_GUEST };

/* Something epoll watches. */
struct source {
	enum source_kind kind;
	int fd;			/* owned, but for the monitor and the log;
				   -1 = closed */
	uint32_t events;	/* watched; 0 with .added = hang-up only */
	bool added;
};

enum port_side {
	PORT_KERNEL,		/* a task's descriptor 3 */
	PORT_CLIENT,
	PORT_LISTENER
};

/* The kernel's end of a socket whose other end a task has. */
struct port {
	struct source source;
	enum port_side side;
	struct task *task;	/* who has the other end: the sender, always */
	uint64_t cookie;	/* of the program's end */
	int program_fd;		/* the program's end until it is handed over */
	uint32_t rights;	/* enum wire_right */
	bool handles;		/* descriptors may ride */
	uint32_t static_end;		/* number among the task's static ends,
					   WIRE_NONE if it is none of them */
	uint32_t n_fd_frames;	/* sent with descriptors, not known to be read */
	uint64_t wakeup;	/* when it was last readable */
	struct list by_cookie, of_task, dead;
};

/* What a listener has still to be told about a channel. */
enum note { NOTE_NONE, NOTE_OPENED, NOTE_CLOSED };

/* A client's end, or a task's way to the kernel (then .listener is NULL). */
struct channel {
	struct port port;
	struct listener *listener;	/* NULL: the kernel, or it has gone */
	struct list of_listener;
	struct list calls;		/* struct call, open */
	struct list waiting;		/* parked: its listener is full */
	struct timer parked;
	bool expired;			/* its first frame waited too long */
	bool announced;			/* the server knows of it */
	enum note note;
	struct list noting;
	struct wire_header gone;	/* WIRE_CLOSED, when .note says so */
};

enum call_state { CALL_FREE = 0, CALL_OPEN, CALL_LATE };

/* A request delivered and not yet answered. It belongs to the listener, so that
   a server which never answers exhausts its own slots and no client's. */
struct call {
	enum call_state state;
	uint16_t generation;
	uint16_t index;
	struct listener *listener;
	struct channel *client;		/* open only */
	struct task *client_task;	/* for the audit; may have ended */
	uint32_t client_class, client_sid;
	uint32_t client_call;
	const struct image_endpoint *endpoint;
	const struct image_method *method;
	uint32_t mid;
	uint32_t bytes;			/* charged */
	uint64_t trace;
	struct timer timer;
	struct list of_client;		/* open only */
	struct list of_task;		/* open only: of the calling task */
	struct list free;
};

struct listener {
	struct port port;
	const char *name;		/* of a static channel, else NULL */
	struct list channels;		/* struct channel */
	struct list waiting;		/* struct channel, parked */
	struct list notes;		/* struct channel */
	struct list free_calls;
	uint32_t n_calls, bytes;	/* charged */
	struct call calls[LIMIT_LISTENER_CALLS];
};

/* A Connect or a Listen that waits. */
struct waiter {
	bool used;
	struct task *task;
	uint32_t call, mid;
	uint64_t trace;
	struct timer timer;
	struct list of_task;		/* task.connecting or .listening */
	/* Connect */
	struct task *server;
	const struct image_endpoint *endpoint;
	struct list of_server;		/* server->callers */
	/* Listen */
	char filter[WIRE_NAME_MAX];
};

/* A task's standard output or error. */
struct output {
	struct source source;
	struct task *task;
	size_t used;
	bool skipping;			/* the rest of an over-long line */
	char line[LIMIT_LINE];
};

enum task_state {
	TASK_WAITING = 0,		/* not started (yet) */
	TASK_STARTING,			/* the launcher was asked */
	TASK_RUNNING,
	TASK_GONE			/* ended, failed or was denied */
};

struct task {
	uint32_t index, class_index, sid;
	const char *name;
	const struct image_class *class;
	enum task_state state;
	bool spoke;			/* sent a frame */
	bool single;			/* has no threads */
	bool kill_wanted, killed;
	bool spawned;			/* last started because somebody asked */
	bool ended;			/* has run before, and ended with .status */
	int status;			/* as wait gives it */
	int pid;			/* of its last start, with .uid and .layers */
	uint32_t uid, layers;
	uint32_t proven, probed, tried;	/* of the layers; when */
	struct timer end;		/* of its grace, when it alone is to end */
	struct channel *kernel;		/* its descriptor 3; may be NULL */
	/* static ends whose other side has gone before the task started: it
	   gets them all the same, and finds them closed; else -1 */
	int dead_ends[WIRE_ENDS_MAX];
	struct output output[2];
	struct bucket lines;
	uint64_t lines_muted;
	struct audit_meter audit;
	uint64_t turn;			/* wake-up that these belong to */
	uint32_t turn_bytes, turn_frames;
	struct list ports;
	struct list calls;		/* struct call.of_task, newest last */
	struct list callers;		/* struct waiter.of_server */
	struct list connecting;		/* struct waiter.of_task */
	struct list listening;		/* struct waiter.of_task */
	uint32_t n_calls, n_channels, n_listeners, n_connects, n_listens;
	struct waiter connects[LIMIT_CONNECTS];
	struct waiter listens[LIMIT_LISTENS];
};

/* One packet. .header and .body lie one after the other. */
struct frame {
	union {
		struct wire_header header;
		uint8_t bytes[WIRE_FRAME_MAX];
	};
	size_t length;			/* received, or to send */
	int fds[256];			/* owned after a receipt */
	uint32_t n_fds;
	bool cut;			/* longer than a frame may be */
	bool fds_cut;			/* descriptors were lost */
};

/* What a service manager was told last (ready.c). */
enum ready_stage { READY_STARTING = 0, READY_SERVING, READY_STOPPING };

struct ready {
	int fd;				/* not owned; -1: there is none */
	uint32_t interval_ms;		/* between signs of life; 0: none */
	struct timer timer;
	bool told;			/* anything yet */
	enum ready_stage stage;
	uint32_t n_running;
	uint64_t n_denied, n_denied_told;
};

#define COOKIE_BUCKETS 1024u

struct mediator {
	const struct image *image;
	const struct options *options;
	struct security_state security;
	struct timers timers;
	int epoll_fd;
	struct source monitor, out, alarm;
	uint64_t alarm_ms;		/* when .alarm rings; UINT64_MAX: never */
	bool out_polls;			/* epoll takes our output's descriptor */
	uint64_t now_ms, wakeup, next_trace;
	uint32_t next_sid, n_tasks;
	struct task *tasks;
	const struct image_endpoint *cm;	/* NULL: the image has none */
	struct list cookies[COOKIE_BUCKETS];
	struct list dead_channels, dead_listeners;	/* port.dead */
	uint32_t n_channels, n_listeners, n_calls, n_waiters;
	uint64_t n_late;		/* answers dropped */
	struct timer summary, grace;
	struct ready ready;
	/* start and end */
	uint32_t next_start, n_starting, n_live;
	bool stopping, kills_pending, over;
	bool waiting_told;		/* for whom nobody calls any more */
	int failure;			/* enum dkd_exit, of the first that failed */
	/* scratch, for the frame under way */
	struct frame in;
	struct frame reply, second;	/* answers of the kernel itself */
	struct frame note;		/* hello, opened, closed */
	struct trace trace;
	struct audit audit;
	struct audit_meter users;	/* of those that ask the guest */
	struct names *names;		/* NULL: there is no name server */
	struct guest *guest;		/* NULL: nobody else lives here */
	struct routes *routes;		/* with --trace */
	struct log log;
};

#endif
