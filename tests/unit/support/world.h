/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A mediator with a fake launcher and fake programs in one process: the test has
 * the programs' descriptors and turns the loop by hand. The solution:
 *
 * class	tasks		what the policy grants it
 * t.Server	Server, Lazy	everything with the kernel, Accept's listener if it
 *				is its own; answers of all but Mute
 * t.Client	Client, Client2	all of t.I at t.Server but Secret, Give not with a
 *				handle to itself; Echo at t.Client; everything with
 *				the kernel
 * t.Plain	Plain		nothing at t.Server; Listen at the kernel, and not
 *				the answer; may not have handles
 * t.Refused	Refused		not even its start
 * t.Shy	Shy		as t.Server, but not the answer to Accept, and that to
 *				Connect only with a handle to Server
 *
 * t.I, endpoint "srv.main" of t.Server and t.Shy, "cli.own" of t.Client, "nix"
 * of t.Refused: Echo(in UInt32 n, string<64> s, out UInt32 r, error UInt32 e),
 * Give(in Handle h, out Handle h), Secret(), Mute(), Big(in bytes<65000> b),
 * Two(in UInt32 a, struct {UInt32 b; Handle h} c, Handle d).
 * t.Question, t.Client's security interface: May(in UInt32 n, string<64> s),
 * granted if n is 5; Show(in Handle h), granted without a handle or with one that
 * refers to another; Never(), without a rule.
 * With WORLD_USERS the kernel has kl.core.Control, and the user "u" the class
 * t.Plain, which may ask for rows, for level 5, and for a start of Lazy.
 * Static channels, in order: see enum world_end. Client, Client2, Plain have one
 * thread; Lazy starts on demand.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include <check.h>

#include "../../../kernel/ipc/connect_body.h"
#include "../../../kernel/ipc/loop.h"

enum { SERVER, CLIENT, CLIENT2, PLAIN, REFUSED, SHY, LAZY, N_WORLD_TASKS };
enum { ECHO, GIVE, SECRET, MUTE, BIG, TWO, N_WORLD_METHODS };

enum { MAY, SHOW, NEVER, N_WORLD_QUESTIONS };

/* Descriptors in the programs. */
enum world_end {
	SERVER_MAIN = 4,	/* listener "main" */
	CLIENT_MAIN = 4,	/* to Server */
	CLIENT_RING = 5,	/* to Client2 */
	CLIENT_RING2 = 6,	/* listener "ring2" */
	CLIENT_GONE = 7,	/* to Refused */
	CLIENT_LAZY = 8,	/* to Lazy */
	CLIENT2_MAIN = 4,	/* to Server */
	CLIENT2_RING = 5,	/* listener "ring" */
	CLIENT2_RING2 = 6,	/* to Client */
	PLAIN_MAIN = 4,		/* to Server */
	SHY_LATE = 4,		/* to Refused, which was there before */
};

struct world_program {
	bool running, killed;
	uint32_t sid;
	int fds[MONITOR_FDS_MAX];
	uint32_t n_fds;
};

struct world {
	struct mediator *m;
	void *file;
	size_t file_size;
	struct image image;
	struct options options;
	struct world_program programs[N_WORLD_TASKS];
	int launcher;			/* our end */
	int monitor, out, out_read;	/* the mediator's */
	int ready, done;		/* .value of READY and DONE, -1 before */
	bool no_answers;		/* the launcher is silent */
	uint32_t fail_task, fail_step;	/* this start fails, with this errno */
	int fail_errno;
	unsigned n_fds;			/* of this process, before */
	struct frame frame;		/* last received */
	size_t text_used;
	char text[1 << 20];		/* all that was printed */
};

enum { WORLD_REFUSE_EINIT = 1, WORLD_TRACE = 2, WORLD_JSON = 4,
       WORLD_WAIT_CLIENT = 8, WORLD_SILENT = 16, WORLD_GRANTS = 32,
       WORLD_REFUSE_KERNEL = 64, WORLD_USERS = 128 };

struct world *world_new(unsigned flags);
/* Serves until nothing more is to do. */
void world_turn(struct world *w);
/* The same, for some milliseconds. */
void world_wait(struct world *w, unsigned ms);
/* Program TASK ends with a wait status. */
void world_exit(struct world *w, uint32_t task, int status);
void world_say(struct world *w, const struct monitor_message *message);
/* Ends everything; no charge and no descriptor may be left. The exit status. */
int world_end(struct world *w);

/* Sends HEADER and the bytes after it from TASK's descriptor FD. */
void world_send(struct world *w, uint32_t task, int fd,
		const struct wire_header *header, const void *body, size_t size,
		const int *fds, uint32_t n_fds);
/* Any bytes. Returns what send returned. */
ssize_t world_send_raw(struct world *w, uint32_t task, int fd,
		       const void *bytes, size_t size);
/* Takes the next frame into w->frame. False: there is none. */
bool world_receive(struct world *w, uint32_t task, int fd);
/* The next frame is of this kind. */
struct wire_header *world_expect(struct world *w, uint32_t task, int fd,
				 enum wire_kind kind);
/* The next frame is WIRE_STATUS with these. */
void world_expect_status(struct world *w, uint32_t task, int fd,
			 uint32_t call, enum dk_status status);
void world_expect_nothing(struct world *w, uint32_t task, int fd);
/* The end was closed by the kernel. */
void world_expect_closed(struct world *w, uint32_t task, int fd);
/* Takes frames of KIND and throws them away. */
void world_skip(struct world *w, uint32_t task, int fd, enum wire_kind kind);

/* Requests and answers that are well formed. */
void world_echo(struct world *w, uint32_t task, int fd, uint32_t call,
		uint32_t deadline_ms);
void world_call(struct world *w, uint32_t task, int fd, uint32_t call,
		uint16_t mid);
void world_answer_echo(struct world *w, uint32_t task, int fd, uint32_t call,
		       uint32_t r);
/* cm.CM, on descriptor 3. */
void world_connect(struct world *w, uint32_t task, uint32_t call,
		   const char *server, const char *service, uint32_t msecs);
void world_listen(struct world *w, uint32_t task, uint32_t call,
		  const char *filter, uint32_t msecs);
void world_drop(struct world *w, uint32_t task, uint32_t call,
		const char *client, const char *service);
void world_accept(struct world *w, uint32_t task, uint32_t call,
		  const char *client, const char *service, uint32_t rsid,
		  int listener);
/* The answer of cm.CM with .status; its body. */
const void *world_expect_cm(struct world *w, uint32_t task, uint32_t call,
			    uint16_t mid, enum dk_status status);
/* A string of the last frame's arena. */
const char *world_string(struct world *w, struct wire_chunk chunk);

bool world_printed(struct world *w, const char *text);
unsigned world_count(struct world *w, const char *text);
unsigned world_count_fds(void);

#endif
