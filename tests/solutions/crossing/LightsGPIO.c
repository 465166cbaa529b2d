/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The lights: a server, and a client of the diagnostics. Unqualified names. */
#define NK_USE_UNQUALIFIED_NAMES

#include <stdio.h>
#include <stdlib.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/compiler.h>
#include <rtl/retcode_hr.h>
#include <traffic_light/LightsGPIO.edl.h>

typedef struct IModeImpl {
	struct IMode base;
	rtl_uint32_t mode;
	struct IMode_proxy diagnostics;
} IModeImpl;

static nk_err_t FSet_impl(struct IMode *self, const IMode_FSet_req *req,
			  const struct nk_arena *req_arena __rtl_unused,
			  IMode_FSet_res *res,
			  struct nk_arena *res_arena __rtl_unused)
{
	IModeImpl *impl = (IModeImpl *)self;
	IMode_FSet_req copy;
	IMode_FSet_res answer;
	nk_err_t err;

	impl->mode = req->value;
	res->result = req->value;

	nk_req_reset(&copy);
	copy.value = req->value;
	err = IMode_FSet(&impl->diagnostics.base, &copy, RTL_NULL, &answer,
			 RTL_NULL);
	if (err != NK_EOK)
		fprintf(stderr, "diagnostics: %s\n", RetcodeToName(err));
	return NK_EOK;
}

static nk_err_t FGet_impl(struct IMode *self,
			  const IMode_FGet_req *req __rtl_unused,
			  const struct nk_arena *req_arena __rtl_unused,
			  IMode_FGet_res *res,
			  struct nk_arena *res_arena __rtl_unused)
{
	res->result = ((IModeImpl *)self)->mode;
	return NK_EOK;
}

int main(void)
{
	static const struct IMode_ops ops = {
		.FSet = FSet_impl, .FGet = FGet_impl
	};
	static IModeImpl impl = { .base = { &ops } };
	NkKosTransport transport, diagnostics;
	Lights_component component;
	LightsGPIO_entity entity;
	LightsGPIO_entity_req req;
	LightsGPIO_entity_res res;
	ServiceId iid;
	Handle handle = ServiceLocatorRegister("lights", NULL, 0, &iid);
	Handle out = ServiceLocatorConnect("diagnostics");

	if (handle == INVALID_HANDLE || out == INVALID_HANDLE)
		return EXIT_FAILURE;
	NkKosTransport_Init(&diagnostics, out, NK_NULL, 0);
	IMode_proxy_init(&impl.diagnostics, &diagnostics.base,
			 ServiceLocatorGetRiid(out, "mode"));
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	Lights_component_init(&component, &impl.base);
	LightsGPIO_entity_init(&entity, &component);
	for (;;) {
		nk_req_reset(&req);
		if (nk_transport_recv(&transport.base, &req.base_, RTL_NULL) ==
		    NK_EOK)
			LightsGPIO_entity_dispatch(&entity, &req.base_,
						   RTL_NULL, &res.base_,
						   RTL_NULL);
		nk_transport_reply(&transport.base, &res.base_, RTL_NULL);
	}
}
