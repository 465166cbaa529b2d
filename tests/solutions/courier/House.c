/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/string.h>
#include <courier/House.edl.h>
#include <stdlib.h>

static const char *name;

static nk_err_t knock(nk_unused struct courier_IDoor *self,
		      const courier_IDoor_Knock_req *req,
		      nk_unused const struct nk_arena *req_arena,
		      courier_IDoor_Knock_res *res,
		      nk_unused struct nk_arena *res_arena)
{
	res->heard = req->times + 100;
	return NK_EOK;
}

static nk_err_t answer(nk_unused struct courier_IDoor *self,
		       nk_unused const courier_IDoor_Answer_req *req,
		       nk_unused const struct nk_arena *req_arena,
		       courier_IDoor_Answer_res *res,
		       struct nk_arena *res_arena)
{
	return nk_arena_store(nk_char_t, res_arena, &res->who, name,
			      rtl_strlen(name) + 1);
}

int main(int argc, char **argv)
{
	static const struct courier_IDoor_ops ops = { knock, answer };
	struct courier_IDoor impl = { &ops };
	courier_House_entity entity;
	courier_House_entity_req req;
	courier_House_entity_res res;
	char buffer[courier_House_entity_res_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	NkKosTransport transport;
	ServiceId iid;
	Handle handle;

	if (argc < 2)
		return EXIT_FAILURE;
	name = argv[1];
	handle = ServiceLocatorRegister(name, NULL, 0, &iid);
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	courier_House_entity_init(&entity, &impl);
	for (;;) {
		nk_req_reset(&req);
		nk_arena_reset(&arena);
		if (nk_transport_recv(&transport.base, &req.base_, NK_NULL) !=
		    NK_EOK)
			continue;
		courier_House_entity_dispatch(&entity, &req.base_, NK_NULL,
					      &res.base_, &arena);
		nk_transport_reply(&transport.base, &res.base_, &arena);
	}
}
