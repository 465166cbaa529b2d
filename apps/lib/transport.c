/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The transport over a handle, and the three nk_transport_ functions. */

#include <coresrv/nk/transport-kos.h>

#include "call.h"
#include "end.h"
#include "serve.h"

/* The end of TRANSPORT if it is of that side, and the caller is a user. */
static struct end *get_end(const struct nk_transport *transport, uint32_t side)
{
	const NkKosTransport *kos = (const NkKosTransport *)transport;
	struct end *end = end_get(kos->handle);

	if (end && end->side != side) {
		end_put(end);
		end = NULL;
	}
	return end;
}

static nk_err_t kos_call(struct nk_transport *transport,
			 const struct nk_message *head, const void *fixed,
			 const struct nk_arena *req_arena,
			 const struct nk_answer *answer,
			 struct nk_message *res, struct nk_arena *res_arena)
{
	const NkKosTransport *kos = (const NkKosTransport *)transport;
	struct end *end = get_end(transport, WIRE_RIGHT_CALL);
	nk_err_t err;

	if (!end)
		return NK_EINVAL;
	err = call_run(end, kos->timeout_ms, head, fixed, req_arena, answer,
		       res, res_arena);
	end_put(end);
	return err;
}

static nk_err_t kos_recv(struct nk_transport *transport, struct nk_message *req,
			 nk_size_t size, struct nk_arena *req_arena)
{
	struct end *end = get_end(transport, WIRE_RIGHT_LISTEN);
	nk_err_t err;

	if (!end)
		return NK_EINVAL;
	err = serve_receive(end, req, size, req_arena);
	end_put(end);
	return err;
}

static nk_err_t kos_reply(struct nk_transport *transport,
			  struct nk_message *res,
			  const struct nk_arena *res_arena)
{
	struct end *end = get_end(transport, WIRE_RIGHT_LISTEN);
	nk_err_t err;

	if (!end)
		return NK_EINVAL;
	err = serve_reply(end, res, res_arena);
	end_put(end);
	return err;
}

static const struct nk_transport_ops kos_ops = { kos_call, kos_recv, kos_reply };

void NkKosTransport_Init(NkKosTransport *transport, Handle handle,
			 const char *name, nk_iid_t riid)
{
	(void)name;
	(void)riid;
	transport->base.ops = &kos_ops;
	transport->handle = handle;
	transport->timeout_ms = INFINITE_TIMEOUT;
}

void NkKosTransport_SetTimeout(NkKosTransport *transport, nk_uint32_t ms)
{
	transport->timeout_ms = ms;
}

/* ---- any transport ---- */

nk_err_t nk_transport_call(struct nk_transport *transport,
			   struct nk_message *req,
			   const struct nk_arena *req_arena,
			   struct nk_message *res, struct nk_arena *res_arena)
{
	struct nk_answer answer = { res->part, NULL, res->size };

	return transport->ops->call(transport, req, req + 1, req_arena, &answer,
				    res, res_arena);
}

nk_err_t nk_transport_recv_sized(struct nk_transport *transport,
				 struct nk_message *req, nk_size_t size,
				 struct nk_arena *req_arena)
{
	/* What the compiler sees may hold more than REQ; what nk_req_reset has
	   written may never have been. The smaller is safe. */
	if (req->size >= sizeof(*req) && req->size < size)
		size = req->size;
	req->call = 0;
	if (size == (nk_size_t)-1 || size < sizeof(*req))
		return NK_EINVAL;
	return transport->ops->recv(transport, req, size, req_arena);
}

nk_err_t nk_transport_reply(struct nk_transport *transport,
			    struct nk_message *res,
			    const struct nk_arena *res_arena)
{
	return transport->ops->reply(transport, res, res_arena);
}
