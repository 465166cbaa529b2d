/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Has a channel to the front door, gives it away, and uses others'. */
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <courier/Porter.edl.h>
#include <rtl/countof.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>

static Handle front;

static nk_err_t borrow(nk_unused struct courier_IPorter *self,
		       const courier_IPorter_Borrow_req *req,
		       nk_unused const struct nk_arena *req_arena,
		       courier_IPorter_Borrow_res *res,
		       nk_unused struct nk_arena *res_arena)
{
	nk_handle_desc_t none = nk_handle_desc(INVALID_HANDLE, 0);

	res->riid = ServiceLocatorGetRiid(front, "door");
	res->door = req->floor == 2 ? none : nk_handle_desc(front, 0);
	return NK_EOK;
}

static nk_err_t lend(nk_unused struct courier_IPorter *self,
		     const courier_IPorter_Lend_req *req,
		     nk_unused const struct nk_arena *req_arena,
		     courier_IPorter_Lend_res *res,
		     nk_unused struct nk_arena *res_arena)
{
	Handle handle = nk_get_handle(&req->door);
	struct courier_IDoor_proxy proxy;
	courier_IDoor_Knock_req knock = { .times = 9 };
	courier_IDoor_Knock_res heard;
	NkKosTransport transport;
	nk_err_t err;

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	courier_IDoor_proxy_init(&proxy, &transport.base, req->riid);
	err = courier_IDoor_Knock(&proxy.base, &knock, NK_NULL, &heard,
				  NK_NULL);
	if (err == NK_EOK)
		res->heard = heard.heard;
	knock.times = 10;
	printf("nine knocks: %s, ", RetcodeToName((Retcode)err));
	err = courier_IDoor_Knock(&proxy.base, &knock, NK_NULL, &heard,
				  NK_NULL);
	printf("ten: %s\n", RetcodeToName((Retcode)err));
	KnHandleClose(handle);
	return NK_EOK;
}

static nk_err_t many(nk_unused struct courier_IPorter *self,
		     const courier_IPorter_Many_req *req,
		     nk_unused const struct nk_arena *req_arena,
		     courier_IPorter_Many_res *res,
		     nk_unused struct nk_arena *res_arena)
{
	for (unsigned i = 0; i < rtl_countof(req->doors); i++)
		if (nk_get_handle(&req->doors[i]) != INVALID_HANDLE) {
			res->good |= (nk_uint8_t)(1u << i);
			KnHandleClose(nk_get_handle(&req->doors[i]));
		}
	return NK_EOK;
}

int main(void)
{
	static const struct courier_IPorter_ops ops = { borrow, lend, many };
	struct courier_IPorter impl = { &ops };
	courier_Porter_entity entity;
	courier_Porter_entity_req req;
	courier_Porter_entity_res res;
	NkKosTransport transport;
	ServiceId iid;
	Handle handle = ServiceLocatorRegister("porter", NULL, 0, &iid);

	front = ServiceLocatorConnect("front");
	if (handle == INVALID_HANDLE || front == INVALID_HANDLE)
		return EXIT_FAILURE;
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	courier_Porter_entity_init(&entity, &impl);
	for (;;) {
		nk_req_reset(&req);
		if (nk_transport_recv(&transport.base, &req.base_, NK_NULL) !=
		    NK_EOK)
			continue;
		courier_Porter_entity_dispatch(&entity, &req.base_, NK_NULL,
					       &res.base_, NK_NULL);
		if (nk_transport_reply(&transport.base, &res.base_, NK_NULL) !=
		    NK_EOK)
			printf("reply fails\n");
	}
}
