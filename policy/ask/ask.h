/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Events by name: what a test, or a question on the command line, says of one is
 * looked up in an image, and its parameters are laid out as a program's library
 * would lay them out. The one encoder of `dkc test` and `dkc explain`.
 */
#ifndef DK_ASK_H
#define DK_ASK_H

#include "../../kernel/security/event.h"
#include "../../kernel/security/image.h"
#include "../psl/pal.h"

struct ask_process {
	const char *variable;		/* or NULL */
	uint32_t class_index, sid;
	bool started;			/* by an execute event, not by mention */
};

/* The processes that a run of events knows. Sids count as the kernel's do. */
struct ask_world {
	struct arena *arena;
	struct diags *diags;
	const struct image *image;
	struct ask_process *processes;
	size_t n, capacity;
	uint32_t next_sid;
};

/* An event and where it leads; its message is the arena's. */
struct ask {
	struct event event;
	const struct image_endpoint *endpoint;	/* NULL: execute, security */
	const struct image_method *method;	/* NULL: execute */
	enum method_part part;
};

/* The kernel and Einit; ARENA keeps what the events need. */
void ask_begin(struct ask_world *world, struct arena *arena,
	       struct diags *diags, const struct image *image);
/*
 * The event of CASE. An execute event starts a process, which has its number and
 * its variable from then on, whatever the verdict. False after an error.
 */
bool ask_event(struct ask_world *world, const struct pal_case *event,
	       struct ask *ask);

/* names.c: what a selector says. A class that has one process means that one;
   NULL after an error. */
const struct ask_process *ask_process(struct ask_world *world,
				      const char *name, struct pos where);
/* Index of the class; IMAGE_NONE after an error. */
uint32_t ask_class(struct ask_world *world, const char *name, struct pos where);
/* The new process of a class. */
const struct ask_process *ask_start(struct ask_world *world, uint32_t class,
				    const struct pal_case *event);
/* Who has the endpoint or the security interface. */
uint32_t ask_owner(const struct event *event);
/* Fills .endpoint, .method and .event.slot; false after an error. */
bool ask_slot(struct ask_world *world, const struct pal_case *event,
	      struct ask *ask);

/* encode.c: the body of the event's message. False after an error. */
bool ask_encode(struct ask_world *world, const struct pal_case *event,
		struct ask *ask);

#endif
