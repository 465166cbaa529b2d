/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The loop that never ends, as public sources write it. */
#define NK_USE_UNQUALIFIED_NAMES

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <echo/Server.edl.h>

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* An implementation that begins with the interface. */
typedef struct IPingImpl {
	struct Ping base;
	rtl_uint32_t step;
} IPingImpl;

static nk_err_t Ping_impl(struct Ping *self, const Ping_Ping_req *req,
			  const struct nk_arena *reqArena, Ping_Ping_res *res,
			  struct nk_arena *resArena)
{
	IPingImpl *impl = (IPingImpl *)self;

	(void)reqArena;
	(void)resArena;
	res->result = req->value + impl->step;
	return NK_EOK;
}

static nk_err_t Note_impl(__attribute__((unused)) struct Ping *self,
			  const Ping_Note_req *req,
			  const struct nk_arena *reqArena, Ping_Note_res *res,
			  struct nk_arena *resArena)
{
	nk_size_t size = 0;
	const char *text = nk_arena_get(char, reqArena, &req->text, &size);
	nk_char_t *back = nk_arena_alloc(nk_char_t, resArena, &res->text, size);

	if (back == NK_NULL)
		return NK_ENOMEM;
	for (nk_size_t i = 0; i + 1 < size; i++)
		back[i] = text[size - 2 - i];
	back[size - 1] = '\0';
	return NK_EOK;
}

static struct Ping *CreateIPingImpl(rtl_uint32_t step)
{
	static const struct Ping_ops ops = {
		.Ping = Ping_impl,
		.Note = Note_impl,
	};
	static IPingImpl impl = {
		.base = { &ops },
	};

	impl.step = step;
	return &impl.base;
}

int main(void)
{
	NkKosTransport transport;
	ServiceId iid;

	Handle handle = ServiceLocatorRegister("server_connection", NULL, 0,
					       &iid);
	assert(handle != INVALID_HANDLE);

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);

	Server_entity_req req;
	char reqBuffer[Server_entity_req_arena_size];
	struct nk_arena reqArena = NK_ARENA_INITIALIZER(
		reqBuffer, reqBuffer + sizeof(reqBuffer));

	Server_entity_res res;
	char resBuffer[Server_entity_res_arena_size];
	struct nk_arena resArena = NK_ARENA_INITIALIZER(
		resBuffer, resBuffer + sizeof(resBuffer));

	Responder_component component;
	Responder_component_init(&component, CreateIPingImpl(3));

	Server_entity entity;
	Server_entity_init(&entity, &component);

	fprintf(stderr, "Hello I'm server\n");

	do {
		nk_req_reset(&req);
		nk_arena_reset(&reqArena);
		nk_arena_reset(&resArena);
		if (nk_transport_recv(&transport.base, &req.base_, &reqArena) !=
		    NK_EOK) {
			fprintf(stderr, "nk_transport_recv error\n");
		} else {
			Server_entity_dispatch(&entity, &req.base_, &reqArena,
					       &res.base_, &resArena);
		}
		if (nk_transport_reply(&transport.base, &res.base_,
				       &resArena) != NK_EOK) {
			fprintf(stderr, "nk_transport_reply error\n");
		}
	} while (1);

	return 0;
}
