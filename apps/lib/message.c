/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What generated code is made of: a proxy's call, a dispatch's two halves. */

#include <nk/transport.h>

#include <string.h>

#include "part.h"
#include "serve.h"

void nk_message_reset(void *message, nk_size_t size)
{
	struct nk_message *m = message;

	memset(message, 0, size);
	m->size = size > UINT32_MAX ? UINT32_MAX : (nk_uint32_t)size;
}

void nk_message_fail(void *message, nk_size_t size)
{
	struct nk_message *m = message;
	struct nk_message kept = *m;

	nk_message_reset(message, size);
	m->call = kept.call;
	m->riid = kept.riid;
	m->mid = kept.mid;
	m->flags = NK_MESSAGE_ERROR;
}

static const struct nk_part *error_part(const struct nk_method *method)
{
	return method->err.layout ? &method->err : NULL;
}

nk_err_t nk_proxy_call(const struct nk_proxy *proxy,
		       const struct nk_method *method,
		       const struct nk_message *req,
		       const struct nk_arena *req_arena,
		       struct nk_message *res, nk_size_t res_size,
		       struct nk_arena *res_arena)
{
	struct nk_message head = {
		.riid = proxy->riid,
		.mid = method->mid,
		.size = (nk_uint32_t)sizeof(head) + method->req.size,
		.part = &method->req,
	};
	struct nk_answer answer = { &method->res, error_part(method), res_size };

	if (res_size < sizeof(*res))
		return NK_EINVAL;
	*res = (struct nk_message) { .size = (nk_uint32_t)res_size };
	if (proxy->riid == INVALID_RIID)
		return NK_ENOENT;
	return proxy->transport->ops->call(proxy->transport, &head, req + 1,
					   req_arena, &answer, res, res_arena);
}

nk_err_t nk_dispatch_begin(const struct nk_method *method,
			   const struct nk_message *req,
			   const struct nk_arena *req_arena,
			   struct nk_message *res, nk_size_t res_size)
{
	struct served *served = serve_find(req);
	unsigned n_fds = served ? served->n_fds : 0;
	nk_err_t err;

	nk_message_reset(res, res_size);
	res->call = req->call;
	res->riid = req->riid;
	res->mid = req->mid;
	res->part = &method->res;
	/* After a failed receive REQ may still hold the request before. */
	if (req->call == 0 ||
	    req->size < sizeof(*req) + (nk_size_t)method->req.size ||
	    (served && served->fixed_size != method->req.size))
		err = NK_EBADMSG;
	else
		err = part_check(&method->req, req + 1, method->req.size,
				 req_arena ? req_arena->start : NULL,
				 arena_used(req_arena), n_fds);
	if (err == NK_EOK && n_fds > 0) {
		/* REQ was received into, so it is no constant. The numbers are
		   the program's from here on; a second dispatch finds none. */
		served->n_fds = 0;
		err = part_take_handles(&method->req,
					(struct nk_message *)req + 1,
					served->fds, n_fds);
	}
	if (err != NK_EOK)
		res->flags = NK_MESSAGE_FAILED;
	return err;
}

nk_err_t nk_dispatch_end(const struct nk_method *method, nk_err_t result,
			 struct nk_message *res,
			 const struct nk_arena *res_arena)
{
	if (result == NK_EOK) {
		res->part = res->flags & NK_MESSAGE_ERROR ?
			    error_part(method) : &method->res;
		if (!res->part ||
		    part_check_own(res->part, res + 1, res_arena) != NK_EOK)
			result = NK_EINVAL;
	}
	if (result != NK_EOK)
		res->flags = NK_MESSAGE_FAILED;
	return result;
}

nk_err_t nk_dispatch_unknown(const struct nk_message *req,
			     struct nk_message *res)
{
	*res = (struct nk_message) {
		.call = req->call,
		.riid = req->riid,
		.mid = req->mid,
		.flags = NK_MESSAGE_FAILED,
	};
	return NK_ENOENT;
}
