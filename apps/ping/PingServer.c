/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Answers pings on the listener of the channel "ping_connection". */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <ping/Server.edl.h>
#include <stdio.h>
#include <stdlib.h>

static nk_err_t ping_impl(nk_unused struct ping_Ping *self,
			  const ping_Ping_Ping_req *req,
			  nk_unused const struct nk_arena *req_arena,
			  ping_Ping_Ping_res *res,
			  nk_unused struct nk_arena *res_arena)
{
	res->next = req->number + 1;
	return NK_EOK;
}

int main(void)
{
	static const struct ping_Ping_ops ops = { .Ping = ping_impl };
	struct ping_Ping impl = { .ops = &ops };
	struct ping_Responder_component component;
	struct ping_Server_entity entity;
	ping_Server_entity_req req;
	ping_Server_entity_res res;
	NkKosTransport transport;
	ServiceId iid;
	Handle handle;

	handle = ServiceLocatorRegister("ping_connection", NULL, 0, &iid);
	if (handle == INVALID_HANDLE) {
		fprintf(stderr, "there is no channel ping_connection\n");
		return EXIT_FAILURE;
	}
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	ping_Responder_component_init(&component, &impl);
	ping_Server_entity_init(&entity, &component);

	for (;;) {
		nk_err_t error;

		nk_req_reset(&req);
		error = nk_transport_recv(&transport.base, &req.base_, NK_NULL);
		if (error == NK_ENOTCONN)
			return EXIT_SUCCESS;	/* nobody is left */
		if (error != NK_EOK)
			continue;
		ping_Server_entity_dispatch(&entity, &req.base_, NK_NULL,
					    &res.base_, NK_NULL);
		nk_transport_reply(&transport.base, &res.base_, NK_NULL);
	}
}
