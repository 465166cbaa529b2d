/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A server's side of its listener: requests come in, answers go out, and the
 * kernel says who has come and gone. What a thread serves (from a receive to its
 * reply, or to its next receive) is remembered by the thread: who asked, the
 * trace that goes into the answer and into requests made meanwhile, and the
 * descriptors that came along until a dispatch knows which parameters they are.
 */
#ifndef LIBDK_SERVE_H
#define LIBDK_SERVE_H

#include <nk/transport.h>

#include "../../kernel/abi/wire.h"

struct end;

struct served {
	uint32_t call;		/* 0: the thread serves nothing */
	uint32_t sid;
	uint64_t trace;
	Handle listener;
	uint32_t fixed_size;	/* of what came: a method wants exactly its own */
	unsigned n_fds;
	int fds[WIRE_HANDLES_MAX];
};

/* As nk_transport_ops: SIZE is REQ's room. */
nk_err_t serve_receive(struct end *end, struct nk_message *req, nk_size_t size,
		       struct nk_arena *req_arena);
nk_err_t serve_reply(struct end *end, struct nk_message *res,
		     const struct nk_arena *res_arena);

/* The request MESSAGE, if the calling thread serves it, else NULL. */
struct served *serve_find(const struct nk_message *message);
/* The trace of whatever it serves; 0: nothing. */
uint64_t serve_trace(void);

/* Gives back what END knows about its clients. */
void serve_forget(struct end *end);

#endif
