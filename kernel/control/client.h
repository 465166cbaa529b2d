/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Those who are connected, and what each is being told. One thing at a time: a
 * request is read when the answers to the one before have been taken, so that a
 * client which does not read costs its own connection and no memory.
 */
#ifndef DK_CONTROL_CLIENT_H
#define DK_CONTROL_CLIENT_H

#include "../abi/control.h"
#include "../audit/ring.h"
#include "../ipc/guest.h"
#include "control.h"

struct control;

/* What is under way for a client. */
enum job {
	JOB_NONE = 0,		/* nothing: the next request is read */
	JOB_ROWS,		/* rows of .op, then DONE */
	JOB_FOLLOW,		/* records, as they come */
	JOB_SPAWN,		/* its task runs; CONTROL_END is read */
	JOB_STOP,		/* everything ends */
	JOB_DONE,		/* .done is to be said */
	JOB_BYE,		/* the same, and the connection ends */
	JOBS
};

struct client {
	struct source source;	/* .fd < 0: a free place */
	uint32_t uid;
	uint32_t user;		/* in the image, or IMAGE_NONE */
	bool may_all;		/* root, or who started the daemon */
	enum job job;
	enum control_op op;
	bool of_layers;		/* CONTROL_PS: as was asked */
	uint64_t cursor, part;	/* of the rows: where it is */
	bool full;		/* its socket takes no more now */
	struct control_answer done;
	struct task *task;	/* spawned, NULL once it has ended */
	bool started, exited;	/* to be told */
	int streams[3];		/* to go with STARTED */
	int pid, status;
};

/* The answer under way. */
struct answer {
	struct control_answer head;
	uint8_t body[sizeof(struct control_record) + 2 * LIMIT_RECORD];
};
static_assert(sizeof(struct control_task) + 3 * WIRE_NAME_MAX <=
	      sizeof(((struct answer *)0)->body), "the longest row fits");

struct control {
	struct guest guest;
	struct mediator *m;
	struct source listener;
	struct control_setup setup;
	const struct image_endpoint *endpoint;	/* NULL: the image has none that
						   we know, and users no right */
	struct ring ring;
	struct client clients[LIMIT_CONTROL];
	uint32_t n_clients;
	struct timer again;	/* when there were no descriptors to accept with */
	uint64_t stamp;		/* ring.next, when followers were last served */
	struct answer answer;
};

/* Sends what the client's job has for it and its socket takes. */
void client_pump(struct control *control, struct client *client);
/* Its task, if one runs, is asked to end. */
void client_close(struct control *control, struct client *client);
/* The job is over: STATUS is said, VALUE is what it was about. */
void client_done(struct client *client, enum control_status status,
		 uint64_t value);

/* requests.c: the endpoint by which users are judged; NULL: the image has none, or
   another version's. */
const struct image_endpoint *request_endpoint(const struct image *image);
/* requests.c: what a packet of N bytes asks is begun, or refused. */
void request_serve(struct control *control, struct client *client,
		   const void *bytes, size_t n);

/* rows.c: makes the next answer of client->op in control->answer; false: there is
   none (now). rows_taken: it was sent. */
bool rows_make(struct control *control, struct client *client);
void rows_taken(struct control *control, struct client *client);

#endif
