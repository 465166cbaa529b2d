/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Messages, and the transport that carries them. The second half is what
 * generated code is made of: one const nk_method for each method of an
 * interface, so that no length or offset is ever written twice.
 */
#ifndef NK_TRANSPORT_H
#define NK_TRANSPORT_H

#include <dk/layout.h>
#include <nk/arena.h>
#include <nk/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct nk_part;

/* At the head of every generated request and response. */
struct nk_message {
	nk_uint32_t call;	/* the call this belongs to; 0 = none */
	nk_iid_t riid;
	nk_mid_t mid;
	nk_uint32_t size;	/* bytes of the whole struct that holds it: the
				   room nk_transport_recv may fill */
	nk_uint32_t flags;	/* NK_MESSAGE_... */
	const struct nk_part *part;	/* what follows the message, once known */
};

static_assert(sizeof(struct nk_message) == 24, "struct nk_message is 24 bytes");

#define NK_MESSAGE_ERROR 1u	/* carries the error parameters */
#define NK_MESSAGE_FAILED 2u	/* the method failed: the call is cancelled */

/* Makes the request struct (or union) REQ ready to be received into or sent. */
#define nk_req_reset(req) nk_message_reset((req), sizeof(*(req)))
/* Turns the response struct RES into its error response: .err_ is sent. */
#define nk_err_reset(res) nk_message_fail((res), sizeof(*(res)))

void nk_message_reset(void *message, nk_size_t size);	/* zeroes all of it */
void nk_message_fail(void *message, nk_size_t size);	/* keeps call, riid, mid */

/* Whether a received response is the error response. */
static inline nk_bool_t nk_msg_check_err(const struct nk_message *message)
{
	return (message->flags & NK_MESSAGE_ERROR) != 0;
}

struct nk_transport {
	const struct nk_transport_ops *ops;
};

/* The answers that a call may get, and the room there is for them. */
struct nk_answer {
	const struct nk_part *res;	/* NULL: any of the room's size, no handles */
	const struct nk_part *err;	/* NULL: no error parameters */
	nk_size_t size;			/* of the struct, its nk_message included */
};

struct nk_transport_ops {
	/* HEAD says whose call it is; the parameters are at FIXED, for the caller's
	   request may be const. An answer is checked before it is given out. */
	nk_err_t (*call)(struct nk_transport *, const struct nk_message *head,
			 const void *fixed, const struct nk_arena *req_arena,
			 const struct nk_answer *answer,
			 struct nk_message *res, struct nk_arena *res_arena);
	nk_err_t (*recv)(struct nk_transport *, struct nk_message *req,
			 nk_size_t size, struct nk_arena *req_arena);
	nk_err_t (*reply)(struct nk_transport *, struct nk_message *res,
			  const struct nk_arena *res_arena);
};

/*
 * Sends REQ and waits for its answer in RES, arenas as the method needs (NULL
 * where it has none). REQ's .riid, .mid, .part and RES's .part are set by the
 * generated stub; see struct nk_answer. An error response is NK_EOK with
 * NK_MESSAGE_ERROR set.
 */
nk_err_t nk_transport_call(struct nk_transport *transport,
			   struct nk_message *req,
			   const struct nk_arena *req_arena,
			   struct nk_message *res, struct nk_arena *res_arena);

/*
 * Waits for a request. REQ is the .base_ of a struct or union that nk_req_reset
 * has seen (or whose size the compiler sees). On failure REQ belongs to no call.
 */
nk_err_t nk_transport_recv_sized(struct nk_transport *transport,
				 struct nk_message *req, nk_size_t size,
				 struct nk_arena *req_arena);
#define nk_transport_recv(transport, req, req_arena) \
	nk_transport_recv_sized((transport), (req), \
				__builtin_object_size((req), 0), (req_arena))

/* Answers the call that RES belongs to (E_entity_dispatch sets that). */
nk_err_t nk_transport_reply(struct nk_transport *transport,
			    struct nk_message *res,
			    const struct nk_arena *res_arena);

/* ---- what generated code is made of ---- */

/* One direction of a method: in, out or error parameters. */
struct nk_part {
	const struct layout *layout;
	nk_uint32_t type;		/* LAYOUT_STRUCT in .layout */
	nk_uint32_t size;		/* of the fixed part, bytes */
	nk_uint32_t arena_max;		/* bytes of arena it can use */
	nk_uint32_t n_handles;		/* places */
	const nk_uint32_t *handles;	/* their offsets in the fixed part */
};

struct nk_method {
	nk_mid_t mid;
	struct nk_part req, res;
	struct nk_part err;		/* .layout is NULL: no error parameters */
};

/* The client's side of one endpoint behind a transport. */
struct nk_proxy {
	struct nk_transport *transport;
	nk_iid_t riid;
};

/*
 * What a generated proxy function calls. RES must have room for the larger of
 * the two answers; on return its .part says which one came.
 */
nk_err_t nk_proxy_call(const struct nk_proxy *proxy,
		       const struct nk_method *method,
		       const struct nk_message *req,
		       const struct nk_arena *req_arena,
		       struct nk_message *res, nk_size_t res_size,
		       struct nk_arena *res_arena);

/*
 * The two halves of a generated dispatch. Begin: checks the body of REQ against
 * METHOD, zeroes RES (RES_SIZE bytes) and makes it the answer to REQ's call;
 * NK_EBADMSG for a body that does not decode, or a REQ that belongs to no call
 * (then RES cancels it). Handles that came along become this process's numbers
 * here, so the thread that received REQ must begin. End: RESULT is what the
 * implementation returned; anything but NK_EOK cancels the call; checks what the
 * implementation wrote (NK_EINVAL: the call is cancelled). Returns RESULT.
 */
nk_err_t nk_dispatch_begin(const struct nk_method *method,
			   const struct nk_message *req,
			   const struct nk_arena *req_arena,
			   struct nk_message *res, nk_size_t res_size);
nk_err_t nk_dispatch_end(const struct nk_method *method, nk_err_t result,
			 struct nk_message *res,
			 const struct nk_arena *res_arena);
/* No endpoint or method of that number: RES cancels the call. NK_ENOENT. */
nk_err_t nk_dispatch_unknown(const struct nk_message *req,
			     struct nk_message *res);

#ifdef __cplusplus
}
#endif

#endif
