/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Questions to the security module: calls on descriptor 3, to no endpoint. */

#include <dk/security.h>

#include "call.h"
#include "end.h"
#include "hello.h"

static nk_err_t ask(struct nk_transport *transport,
		    const struct nk_message *head, const void *fixed,
		    const struct nk_arena *req_arena,
		    const struct nk_answer *answer,
		    struct nk_message *res, struct nk_arena *res_arena)
{
	const NkKosTransport *kos = (const NkKosTransport *)transport;
	struct nk_message question = *head;
	struct end *end = end_get(kos->handle);
	nk_err_t err;

	if (!end)
		return NK_EINVAL;
	question.riid = WIRE_SECURITY_RIID;
	err = call_run(end, kos->timeout_ms, &question, fixed, req_arena,
		       answer, res, res_arena);
	end_put(end);
	return err;
}

static nk_err_t receive(struct nk_transport *transport,
			struct nk_message *req, nk_size_t size,
			struct nk_arena *req_arena)
{
	(void)transport;
	(void)req;
	(void)size;
	(void)req_arena;
	return NK_EINVAL;
}

static nk_err_t reply(struct nk_transport *transport, struct nk_message *res,
		      const struct nk_arena *res_arena)
{
	(void)transport;
	(void)res;
	(void)res_arena;
	return NK_EINVAL;
}

static const struct nk_transport_ops security_ops = { ask, receive, reply };

Retcode dk_security_init(NkKosTransport *transport)
{
	bool heard = hello_get() != NULL;

	NkKosTransport_Init(transport, heard ? hello_kernel_handle() :
			    INVALID_HANDLE, NK_NULL, 0);
	transport->base.ops = &security_ops;
	return heard ? rcOk : rcNotConnected;
}
