/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A client as people write it: compiled against the generated headers. */
#include <stdio.h>
#include <string.h>

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#define NK_USE_UNQUALIFIED_NAMES
#include <all/Everything.idl.h>
#include <echo/Client.edl.h>
#include <echo/Ping.idl.h>

static int ask_everything(struct nk_transport *transport)
{
	char req_buffer[Everything_Texts_req_arena_size];
	char res_buffer[Everything_Texts_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_AUTO(req_buffer);
	struct nk_arena res_arena = NK_ARENA_INITIALIZER(
		res_buffer, res_buffer + sizeof(res_buffer));
	struct Everything_proxy proxy;
	Everything_Texts_req req;
	Everything_Texts_res res;
	Everything_Fails_req fails_req;
	Everything_Fails_res fails_res;
	nk_size_t size;
	char *name;

	Everything_proxy_init(&proxy, transport, 1);
	nk_req_reset(&req);
	if (nk_arena_store(nk_char_t, &req_arena, &req.name, "dk", 3) != NK_EOK)
		return 1;
	if (Everything_Texts(&proxy.base, &req, &req_arena, &res, &res_arena) !=
	    NK_EOK)
		return 1;
	name = nk_arena_get(nk_char_t, &res_arena, &res.name, &size);
	if (!name || size > Everything_Texts_name_size)
		return 1;
	printf("%s\n", name);

	nk_req_reset(&fails_req);
	fails_req.n = all_Everything_After;
	if (Everything_Fails(&proxy.base, &fails_req, NULL, &fails_res,
			     &res_arena) != NK_EOK)
		return 1;
	if (nk_msg_check_err(&fails_res.base_))
		return fails_res.err_.reason;
	return fails_res.n != fails_res.res_.n;
}

int main(void)
{
	Handle handle = ServiceLocatorConnect("server_connection");
	nk_iid_t riid = ServiceLocatorGetRiid(handle, "ping");
	NkKosTransport transport;
	struct Ping_proxy proxy;
	Ping_Ping_req req;
	echo_Ping_Ping_res res;

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	echo_Ping_proxy_init(&proxy, &transport.base, riid);
	nk_req_reset(&req);
	req.value = 1;
	if (Ping_Ping(&proxy.base, &req, NULL, &res, NULL) != NK_EOK)
		return 1;
	printf("%u %u\n", (unsigned)res.result, (unsigned)res.res_.result);
	return ask_everything(&transport.base);
}
