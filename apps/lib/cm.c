/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The connection manager's functions: requests through kl.core.CM's proxy. */

#include <coresrv/cm/cm_api.h>

#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <kl/core/CM.idl.h>

#include "end.h"
#include "hello.h"
#include "name.h"

#define ENDPOINT "cm.CM"

static_assert(kl_core_CM_NameMax + 1 == WIRE_NAME_MAX, "one limit for names");

/* False: the kernel has not said hello. */
static bool init_proxy(struct kl_core_CM_proxy *proxy,
		       NkKosTransport *transport, rtl_uint32_t msecs)
{
	const struct hello *hello = hello_get();
	nk_iid_t riid = 0;	/* kl.core.Core's first endpoint */

	if (!hello)
		return false;
	for (uint32_t i = 0; i < hello->n_ends; i++) {
		const struct wire_endpoint *e;

		if (hello->ends[i].fd != WIRE_KERNEL_FD)
			continue;
		e = hello_endpoint(hello, i, ENDPOINT, NULL);
		if (e)
			riid = (nk_iid_t)e->riid;
	}
	NkKosTransport_Init(transport, hello_kernel_handle(), NK_NULL, 0);
	NkKosTransport_SetTimeout(transport, msecs);
	kl_core_CM_proxy_init(proxy, &transport->base, riid);
	return true;
}

/* What was handed over must be an end of that side; HANDLE if it is. */
static Handle take_end(Handle handle, uint32_t side, const char *service,
		       rtl_uint32_t rsid)
{
	struct end *end = end_get(handle);

	if (!end)
		return INVALID_HANDLE;
	end->side = side;
	if (service) {
		memcpy(end->service, service, strlen(service) + 1);
		end->rsid = rsid <= NK_IID_MAX ? (nk_iid_t)rsid : INVALID_RIID;
	}
	end_put(end);
	return handle;
}

Retcode KnCmConnect(const char *server, const char *service,
		    rtl_uint32_t msecs, Handle *handle, rtl_uint32_t *rsid)
{
	char bytes[kl_core_CM_Connect_req_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(bytes);
	struct kl_core_CM_Connect_req req;
	struct kl_core_CM_Connect_res res;
	struct kl_core_CM_proxy proxy;
	NkKosTransport transport;
	nk_err_t err;
	Retcode rc;

	if (!handle)
		return rcInvalidArgument;
	*handle = INVALID_HANDLE;
	if (!name_is_sendable(server) || !name_is_sendable(service))
		return rcInvalidArgument;
	if (!init_proxy(&proxy, &transport, msecs))
		return rcNotConnected;
	nk_req_reset(&req);
	nk_req_reset(&res);
	if (name_store(&arena, &req.server, server) != NK_EOK ||
	    name_store(&arena, &req.service, service) != NK_EOK)
		return rcNoMemory;
	req.msecs = msecs;
	err = kl_core_CM_Connect(&proxy.base, &req, &arena, &res, NK_NULL);
	rc = name_retcode(err, res.status);
	if (rc != rcOk) {
		if (err == NK_EOK)
			KnHandleClose(nk_get_handle(&res.handle));
		return rc;
	}
	*handle = take_end(nk_get_handle(&res.handle), WIRE_RIGHT_CALL, service,
			   res.rsid);
	if (*handle == INVALID_HANDLE)
		return rcFail;
	if (rsid)
		*rsid = res.rsid;
	return rcOk;
}

Retcode KnCmListen(const char *filter, rtl_uint32_t msecs,
		   char client[KN_CM_NAME_MAX], char service[KN_CM_NAME_MAX])
{
	char bytes[kl_core_CM_Listen_req_arena_size];
	char res_bytes[kl_core_CM_Listen_res_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(bytes);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_bytes);
	struct kl_core_CM_Listen_req req;
	struct kl_core_CM_Listen_res res;
	struct kl_core_CM_proxy proxy;
	NkKosTransport transport;
	nk_err_t err;
	Retcode rc;

	if (!filter)
		filter = "";
	if (!name_is_sendable(filter) || !client || !service)
		return rcInvalidArgument;
	if (!init_proxy(&proxy, &transport, msecs))
		return rcNotConnected;
	nk_req_reset(&req);
	nk_req_reset(&res);
	if (name_store(&arena, &req.filter, filter) != NK_EOK)
		return rcNoMemory;
	req.msecs = msecs;
	err = kl_core_CM_Listen(&proxy.base, &req, &arena, &res, &res_arena);
	rc = name_retcode(err, res.status);
	if (rc == rcOk)
		rc = name_load(&res_arena, &res.client, client, KN_CM_NAME_MAX);
	if (rc == rcOk)
		rc = name_load(&res_arena, &res.service, service,
			       KN_CM_NAME_MAX);
	return rc;
}

Retcode KnCmAccept(const char *client, const char *service, rtl_uint32_t rsid,
		   Handle listener, Handle *handle)
{
	char bytes[kl_core_CM_Accept_req_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(bytes);
	struct kl_core_CM_Accept_req req;
	struct kl_core_CM_Accept_res res;
	struct kl_core_CM_proxy proxy;
	NkKosTransport transport;
	nk_err_t err;
	Retcode rc;

	if (!handle)
		return rcInvalidArgument;
	*handle = INVALID_HANDLE;
	if (!name_is_sendable(client) || !name_is_sendable(service))
		return rcInvalidArgument;
	if (!init_proxy(&proxy, &transport, INFINITE_TIMEOUT))
		return rcNotConnected;
	nk_req_reset(&req);
	nk_req_reset(&res);
	if (name_store(&arena, &req.client, client) != NK_EOK ||
	    name_store(&arena, &req.service, service) != NK_EOK)
		return rcNoMemory;
	req.rsid = rsid;
	req.listener = nk_handle_desc(listener, 0);
	err = kl_core_CM_Accept(&proxy.base, &req, &arena, &res, NK_NULL);
	rc = name_retcode(err, res.status);
	/* On an existing listener nothing new comes; if it does, it is not kept. */
	if (err == NK_EOK && (rc != rcOk || listener != INVALID_HANDLE))
		KnHandleClose(nk_get_handle(&res.handle));
	if (rc != rcOk)
		return rc;
	*handle = listener != INVALID_HANDLE ? listener :
		  take_end(nk_get_handle(&res.handle), WIRE_RIGHT_LISTEN, NULL,
			   0);
	return *handle == INVALID_HANDLE ? rcFail : rcOk;
}

Retcode KnCmDrop(const char *client, const char *service)
{
	char bytes[kl_core_CM_Drop_req_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(bytes);
	struct kl_core_CM_Drop_req req;
	struct kl_core_CM_Drop_res res;
	struct kl_core_CM_proxy proxy;
	NkKosTransport transport;
	nk_err_t err;

	if (!name_is_sendable(client) || !name_is_sendable(service))
		return rcInvalidArgument;
	if (!init_proxy(&proxy, &transport, INFINITE_TIMEOUT))
		return rcNotConnected;
	nk_req_reset(&req);
	nk_req_reset(&res);
	if (name_store(&arena, &req.client, client) != NK_EOK ||
	    name_store(&arena, &req.service, service) != NK_EOK)
		return rcNoMemory;
	err = kl_core_CM_Drop(&proxy.base, &req, &arena, &res, NK_NULL);
	return name_retcode(err, res.status);
}
