/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Two endpoints of two interfaces. Qualified names. */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/stdio.h>
#include <traffic_light/Diagnostics.edl.h>

static nk_err_t small(struct traffic_light_IEvents *self,
		      const traffic_light_IEvents_Small_req *req,
		      const struct nk_arena *req_arena,
		      traffic_light_IEvents_Small_res *res,
		      struct nk_arena *res_arena)
{
	(void)self, (void)req_arena, (void)res, (void)res_arena;
	rtl_printf("small %u %d %u %d\n", req->u8, req->s8, req->u16, req->s16);
	return NK_EOK;
}

static nk_err_t large(struct traffic_light_IEvents *self,
		      const traffic_light_IEvents_Large_req *req,
		      const struct nk_arena *req_arena,
		      traffic_light_IEvents_Large_res *res,
		      struct nk_arena *res_arena)
{
	(void)self, (void)req_arena, (void)res, (void)res_arena;
	rtl_printf("large %u %d %llu %lld %llu\n", req->u32, req->s32,
		   (unsigned long long)req->u64, (long long)req->s64,
		   (unsigned long long)req->size);
	return NK_EOK;
}

static nk_err_t say(struct traffic_light_IEvents *self,
		    const traffic_light_IEvents_Say_req *req,
		    const struct nk_arena *req_arena,
		    traffic_light_IEvents_Say_res *res,
		    struct nk_arena *res_arena)
{
	nk_size_t n;

	(void)self, (void)res, (void)res_arena;
	rtl_printf("say %u %s\n", req->event.code,
		   nk_arena_get(nk_char_t, req_arena, &req->event.text, &n));
	return NK_EOK;
}

static nk_err_t raw(struct traffic_light_IEvents *self,
		    const traffic_light_IEvents_Raw_req *req,
		    const struct nk_arena *req_arena,
		    traffic_light_IEvents_Raw_res *res,
		    struct nk_arena *res_arena)
{
	nk_size_t n_raw = 0, n_numbers = 0;

	(void)self, (void)res, (void)res_arena;
	nk_arena_get(nk_uint8_t, req_arena, &req->raw, &n_raw);
	nk_arena_get(nk_uint16_t, req_arena, &req->numbers, &n_numbers);
	rtl_printf("raw %zu %zu\n", n_raw, n_numbers);
	return NK_EOK;
}

static nk_err_t set(struct traffic_light_IMode *self,
		    const traffic_light_IMode_FSet_req *req,
		    const struct nk_arena *req_arena,
		    traffic_light_IMode_FSet_res *res,
		    struct nk_arena *res_arena)
{
	(void)self, (void)req_arena, (void)res_arena;
	rtl_printf("the lights are 0x%x\n", req->value);
	res->result = req->value;
	return NK_EOK;
}

int main(void)
{
	static const struct traffic_light_IEvents_ops events = {
		small, large, say, raw
	};
	static const struct traffic_light_IMode_ops mode = { .FSet = set };
	struct traffic_light_IEvents events_impl = { &events };
	struct traffic_light_IMode mode_impl = { &mode };
	traffic_light_Diagnostics_entity entity;
	traffic_light_Diagnostics_entity_req req;
	traffic_light_Diagnostics_entity_res res;
	char buffer[traffic_light_Diagnostics_entity_req_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	NkKosTransport transport;
	ServiceId iid;

	NkKosTransport_Init(&transport,
			    ServiceLocatorRegister("diagnostics", NULL, 0, &iid),
			    NK_NULL, 0);
	traffic_light_Diagnostics_entity_init(&entity, &events_impl,
					      &mode_impl);
	for (;;) {
		nk_req_reset(&req);
		nk_arena_reset(&arena);
		if (nk_transport_recv(&transport.base, &req.base_, &arena) !=
		    NK_EOK)
			continue;
		traffic_light_Diagnostics_entity_dispatch(&entity, &req.base_,
			&arena, &res.base_, RTL_NULL);
		nk_transport_reply(&transport.base, &res.base_, RTL_NULL);
	}
}
