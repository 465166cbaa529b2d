/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The server that is attacked: an ordinary one, which does what it is asked. */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rogue/Victim.edl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static nk_err_t echo(struct rogue_IEcho *self, const rogue_IEcho_Echo_req *req,
		     const struct nk_arena *req_arena,
		     rogue_IEcho_Echo_res *res, struct nk_arena *res_arena)
{
	nk_size_t n;
	const char *text = nk_arena_get(nk_char_t, req_arena, &req->text, &n);

	(void)self;
	if (!text)
		return NK_EOK;
	return nk_arena_store(nk_char_t, res_arena, &res->back, text, n);
}

static nk_err_t count(struct rogue_IEcho *self,
		      const rogue_IEcho_Count_req *req,
		      const struct nk_arena *req_arena,
		      rogue_IEcho_Count_res *res, struct nk_arena *res_arena)
{
	nk_size_t n = 0;

	(void)self;
	(void)res_arena;
	nk_arena_get(rogue_IEcho_Item, req_arena, &req->items, &n);
	res->n = (nk_uint32_t)n;
	return NK_EOK;
}

static nk_err_t plain(struct rogue_IEcho *self,
		      const rogue_IEcho_Plain_req *req,
		      const struct nk_arena *req_arena,
		      rogue_IEcho_Plain_res *res, struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	(void)res_arena;
	res->twice = 2 * req->n;
	return NK_EOK;
}

static nk_err_t give(struct rogue_IEcho *self, const rogue_IEcho_Give_req *req,
		     const struct nk_arena *req_arena,
		     rogue_IEcho_Give_res *res, struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	(void)res_arena;
	res->ok = nk_get_handle(&req->what) != INVALID_HANDLE;
	return NK_EOK;
}

int main(void)
{
	static const struct rogue_IEcho_ops ops = {
		.Echo = echo, .Count = count, .Plain = plain, .Give = give
	};
	static rogue_Victim_entity_req req;
	static rogue_Victim_entity_res res;
	static char req_buffer[rogue_Victim_entity_req_arena_size];
	static char res_buffer[rogue_Victim_entity_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_AUTO(req_buffer);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_buffer);
	struct rogue_IEcho impl = { .ops = &ops };
	rogue_Victim_entity entity;
	NkKosTransport transport;
	ServiceId iid;
	Handle handle = ServiceLocatorRegister("victim", NULL, 0, &iid);

	if (handle == INVALID_HANDLE)
		return EXIT_FAILURE;
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	rogue_Victim_entity_init(&entity, &impl);
	for (;;) {
		nk_err_t error;

		nk_req_reset(&req);
		nk_arena_reset(&req_arena);
		nk_arena_reset(&res_arena);
		error = nk_transport_recv(&transport.base, &req.base_,
					  &req_arena);
		if (error == NK_ENOTCONN)
			return EXIT_SUCCESS;
		if (error != NK_EOK) {
			printf("victim: recv: %d\n", (int)error);
			fflush(stdout);
			continue;
		}
		rogue_Victim_entity_dispatch(&entity, &req.base_, &req_arena,
					     &res.base_, &res_arena);
		nk_transport_reply(&transport.base, &res.base_, &res_arena);
	}
}
