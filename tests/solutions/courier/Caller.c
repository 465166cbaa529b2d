/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The guest and the thief: one program, two classes. */
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <courier/IDoor.idl.h>
#include <courier/IPorter.idl.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>

static struct courier_IPorter_proxy porter;

static const char *name(nk_err_t err)
{
	return RetcodeToName((Retcode)err);
}

static void use(Handle handle, nk_iid_t riid)
{
	char buffer[courier_IDoor_Answer_res_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	struct courier_IDoor_proxy proxy;
	courier_IDoor_Answer_req req;
	courier_IDoor_Answer_res res;
	NkKosTransport transport;
	nk_err_t err;

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	courier_IDoor_proxy_init(&proxy, &transport.base, riid);
	nk_req_reset(&req);
	err = courier_IDoor_Answer(&proxy.base, &req, NK_NULL, &res, &arena);
	printf("answer: %s", name(err));
	if (err == NK_EOK)
		printf(" from %s", nk_arena_get(nk_char_t, &arena, &res.who,
						NK_NULL));
	printf("\n");
}

static Handle borrow(nk_uint8_t floor)
{
	courier_IPorter_Borrow_req req;
	courier_IPorter_Borrow_res res;
	Handle handle = INVALID_HANDLE;
	nk_err_t err;

	nk_req_reset(&req);
	req.floor = floor;
	err = courier_IPorter_Borrow(&porter.base, &req, NK_NULL, &res,
				     NK_NULL);
	if (err == NK_EOK)
		handle = nk_get_handle(&res.door);
	printf("borrow %u: %s, %s\n", floor, name(err),
	       handle == INVALID_HANDLE ? "no handle" : "a handle");
	if (handle != INVALID_HANDLE)
		use(handle, res.riid);
	return handle;
}

static void lend(Handle handle, nk_iid_t riid, const char *what)
{
	courier_IPorter_Lend_req req = {
		.door = nk_handle_desc(handle, 0), .riid = riid
	};
	courier_IPorter_Lend_res res;
	nk_err_t err = courier_IPorter_Lend(&porter.base, &req, NK_NULL, &res,
					    NK_NULL);

	printf("lend %s: %s", what, name(err));
	printf(err == NK_EOK ? ", heard %u\n" : "\n", res.heard);
}

int main(void)
{
	Handle handle = ServiceLocatorConnect("porter");
	Handle garden = ServiceLocatorConnect("garden");
	courier_IPorter_Many_req many;
	courier_IPorter_Many_res res;
	nk_iid_t riid;
	NkKosTransport transport;
	Handle lent, again;
	nk_err_t err;

	if (handle == INVALID_HANDLE || garden == INVALID_HANDLE)
		return EXIT_FAILURE;
	riid = ServiceLocatorGetRiid(garden, "door");
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	courier_IPorter_proxy_init(&porter, &transport.base,
				   ServiceLocatorGetRiid(handle, "porter"));

	lent = borrow(1);
	again = borrow(1);
	borrow(2);		/* there is none there */
	borrow(3);		/* refused before the porter sees it */
	if (lent != INVALID_HANDLE) {
		printf("twice: %s\n", lent != again ? "two handles" : "one");
		printf("close: %s\n", RetcodeToName(KnHandleClose(lent)));
		use(again, riid);
		lend(again, riid, "what was lent");
	}
	lend(garden, riid, "the garden");
	use(garden, riid);
	lend(handle, riid, "the porter to himself");
	lend(INVALID_HANDLE, riid, "nothing");

	nk_req_reset(&many);
	many.doors[0] = nk_handle_desc(garden, 0);
	many.doors[1] = nk_handle_desc(INVALID_HANDLE, 0);
	many.doors[2] = nk_handle_desc(garden, 0);
	err = courier_IPorter_Many(&porter.base, &many, NK_NULL, &res, NK_NULL);
	printf("many: %s", name(err));
	printf(err == NK_EOK ? " %u\n" : "\n", res.good);
	many.doors[1] = nk_handle_desc(12345, 0);
	err = courier_IPorter_Many(&porter.base, &many, NK_NULL, &res, NK_NULL);
	printf("a handle that is none: %s\n", name(err));
	use(garden, riid);
	return EXIT_SUCCESS;
}
