/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A server as people write it, and one of nested components. */
#include <stdio.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <echo/Server.edl.h>
#include <shop/Shop.edl.h>

struct counter {
	struct echo_Ping base;		/* first: self is the counter */
	rtl_uint32_t step;
};

static nk_err_t ping(struct echo_Ping *self, const echo_Ping_Ping_req *req,
		     const struct nk_arena *req_arena, echo_Ping_Ping_res *res,
		     struct nk_arena *res_arena)
{
	const struct counter *counter = (const struct counter *)self;

	(void)req_arena;
	(void)res_arena;
	res->result = req->value + counter->step;
	return NK_EOK;
}

static nk_err_t fails(struct all_Everything *self,
		      const struct all_Everything_Fails_req *req,
		      const struct nk_arena *req_arena,
		      struct all_Everything_Fails_res *res,
		      struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	if (req->n == 0) {
		nk_err_reset(res);
		res->err_.reason = 5;
		return nk_arena_store(nk_char_t, res_arena, &res->err_.why,
				      "zero", 5);
	}
	res->n = req->n;
	return NK_EOK;
}

static struct echo_Ping *make_ping(void)
{
	static const struct echo_Ping_ops ops = { .Ping = ping };
	static struct counter counter = { .base = { &ops }, .step = 1 };

	return &counter.base;
}

static struct all_Everything *make_everything(void)
{
	static const struct all_Everything_ops ops = { .Fails = fails };
	static struct all_Everything everything = { &ops };

	return &everything;
}

static int serve_shop(struct nk_transport *transport)
{
	static char req_buffer[shop_Shop_entity_req_arena_size];
	static char res_buffer[shop_Shop_entity_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_AUTO(req_buffer);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_buffer);
	static const struct all_Empty_ops nothing = { NULL };
	static struct all_Empty empty = { &nothing };
	struct shop_Leaf_component leaf;
	struct shop_Branch_component left, right;
	struct shop_Nothing_component none;
	struct shop_Shop_entity shop;
	static shop_Shop_entity_req req;
	static shop_Shop_entity_res res;

	shop_Leaf_component_init(&leaf, make_ping(), make_everything());
	shop_Branch_component_init(&left, &leaf, &empty);
	shop_Branch_component_init(&right, &leaf, &empty);
	shop_Nothing_component_init(&none);
	shop_Shop_entity_init(&shop, &left, &right, &none, &leaf, make_ping(),
			      make_everything());
	nk_req_reset(&req);
	if (nk_transport_recv(transport, &req.base_, &req_arena) != NK_EOK ||
	    req.base_.riid != shop_Shop_right_leaf_one_iid)
		return 1;
	shop_Shop_entity_dispatch(&shop, &req.base_, &req_arena, &res.base_,
				  &res_arena);
	return nk_transport_reply(transport, &res.base_, &res_arena) != NK_EOK;
}

int main(void)
{
	ServiceId iid;
	Handle handle = ServiceLocatorRegister("server_connection", NULL, 0, &iid);
	char req_buffer[echo_Server_entity_req_arena_size];
	struct nk_arena req_arena = NK_ARENA_INITIALIZER(
		req_buffer, req_buffer + sizeof(req_buffer));
	echo_Server_entity entity;
	echo_Server_entity_req req;
	echo_Server_entity_res res;
	NkKosTransport transport;

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	echo_Server_entity_init(&entity, make_ping());
	for (;;) {
		nk_req_reset(&req);
		nk_arena_reset(&req_arena);
		if (nk_transport_recv(&transport.base, &req.base_, &req_arena) !=
		    NK_EOK)
			break;
		echo_Server_entity_dispatch(&entity, &req.base_, &req_arena,
					    &res.base_, RTL_NULL);
		if (nk_transport_reply(&transport.base, &res.base_, RTL_NULL) !=
		    NK_EOK)
			fputs("the answer was refused\n", stderr);
	}
	return serve_shop(&transport.base);
}
