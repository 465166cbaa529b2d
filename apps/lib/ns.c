/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The name server's functions: requests through kl.core.NS's proxy. */

#include <coresrv/ns/ns_api.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <kl/core/NS.idl.h>

#include "end.h"
#include "name.h"

#define CHANNEL "kl.core.NameServer"
#define ENDPOINT "ns.NS"

static_assert(kl_core_NS_NameMax + 1 == WIRE_NAME_MAX, "one limit for names");

Retcode NsCreate(const char *name, rtl_uint32_t msecs, NsHandle *ns)
{
	Handle handle = ServiceLocatorConnect(name ? name : CHANNEL);
	struct end *end;

	if (!ns)
		return rcInvalidArgument;
	*ns = NS_INVALID_HANDLE;
	if (handle == INVALID_HANDLE ||
	    ServiceLocatorGetRiid(handle, ENDPOINT) == INVALID_RIID)
		return rcResourceNotFound;
	end = end_get(handle);
	if (!end)
		return rcResourceNotFound;
	pthread_mutex_lock(&end->lock);
	end->timeout_ms = msecs;
	pthread_mutex_unlock(&end->lock);
	end_put(end);
	*ns = handle;
	return rcOk;
}

/* NK_EINVAL of the first call says that NS is no handle. */
static void init_proxy(struct kl_core_NS_proxy *proxy,
		       NkKosTransport *transport, NsHandle ns)
{
	struct end *end = end_get(ns);
	nk_uint32_t timeout_ms = INFINITE_TIMEOUT;

	if (end) {
		pthread_mutex_lock(&end->lock);
		timeout_ms = end->timeout_ms;
		pthread_mutex_unlock(&end->lock);
	}
	end_put(end);
	NkKosTransport_Init(transport, ns, NK_NULL, 0);
	NkKosTransport_SetTimeout(transport, timeout_ms);
	kl_core_NS_proxy_init(proxy, &transport->base,
			      ServiceLocatorGetRiid(ns, ENDPOINT));
}

Retcode NsPublishService(NsHandle ns, const char *type, const char *server,
			 const char *service)
{
	char bytes[kl_core_NS_Publish_req_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(bytes);
	struct kl_core_NS_Publish_req req;
	struct kl_core_NS_Publish_res res;
	struct kl_core_NS_proxy proxy;
	NkKosTransport transport;
	nk_err_t err;

	if (!name_is_sendable(type) || !name_is_sendable(server) ||
	    !name_is_sendable(service))
		return rcInvalidArgument;
	init_proxy(&proxy, &transport, ns);
	nk_req_reset(&req);
	nk_req_reset(&res);
	if (name_store(&arena, &req.type, type) != NK_EOK ||
	    name_store(&arena, &req.server, server) != NK_EOK ||
	    name_store(&arena, &req.service, service) != NK_EOK)
		return rcNoMemory;
	err = kl_core_NS_Publish(&proxy.base, &req, &arena, &res, NK_NULL);
	return name_retcode(err, res.status);
}

Retcode NsUnPublishService(NsHandle ns, const char *type, const char *server,
			   const char *service)
{
	char bytes[kl_core_NS_UnPublish_req_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(bytes);
	struct kl_core_NS_UnPublish_req req;
	struct kl_core_NS_UnPublish_res res;
	struct kl_core_NS_proxy proxy;
	NkKosTransport transport;
	nk_err_t err;

	if (!name_is_sendable(type) || !name_is_sendable(server) ||
	    !name_is_sendable(service))
		return rcInvalidArgument;
	init_proxy(&proxy, &transport, ns);
	nk_req_reset(&req);
	nk_req_reset(&res);
	if (name_store(&arena, &req.type, type) != NK_EOK ||
	    name_store(&arena, &req.server, server) != NK_EOK ||
	    name_store(&arena, &req.service, service) != NK_EOK)
		return rcNoMemory;
	err = kl_core_NS_UnPublish(&proxy.base, &req, &arena, &res, NK_NULL);
	return name_retcode(err, res.status);
}

Retcode NsEnumServices(NsHandle ns, const char *type, unsigned index,
		       char *server, rtl_size_t server_size,
		       char *service, rtl_size_t service_size)
{
	char bytes[kl_core_NS_EnumServices_req_arena_size];
	char res_bytes[kl_core_NS_EnumServices_res_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(bytes);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_bytes);
	struct kl_core_NS_EnumServices_req req;
	struct kl_core_NS_EnumServices_res res;
	struct kl_core_NS_proxy proxy;
	NkKosTransport transport;
	nk_err_t err;
	Retcode rc;

	if (!name_is_sendable(type) || !server || !service)
		return rcInvalidArgument;
	init_proxy(&proxy, &transport, ns);
	nk_req_reset(&req);
	nk_req_reset(&res);
	if (name_store(&arena, &req.type, type) != NK_EOK)
		return rcNoMemory;
	req.index = index;
	err = kl_core_NS_EnumServices(&proxy.base, &req, &arena, &res,
				      &res_arena);
	rc = name_retcode(err, res.status);
	if (rc == rcOk)
		rc = name_load(&res_arena, &res.server, server, server_size);
	if (rc == rcOk)
		rc = name_load(&res_arena, &res.service, service, service_size);
	return rc;
}
