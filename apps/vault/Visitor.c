/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Looks at the board and at the vault, and puts a paper of its own on both. The
 * clerk and the officer are the same program: nothing in it knows of levels.
 */
#include <coresrv/entity/entity_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/retcode_hr.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vault/Shelf.idl.h>

struct shelf {
	const char *name;
	NkKosTransport transport;
	struct vault_Shelf_proxy proxy;
};

static bool find(struct shelf *shelf, const char *name)
{
	Handle handle = ServiceLocatorConnect(name);
	nk_iid_t riid = ServiceLocatorGetRiid(handle, "shelf");

	if (handle == INVALID_HANDLE || riid == INVALID_RIID) {
		fprintf(stderr, "there is no channel %s\n", name);
		return false;
	}
	shelf->name = name;
	NkKosTransport_Init(&shelf->transport, handle, NK_NULL, 0);
	vault_Shelf_proxy_init(&shelf->proxy, &shelf->transport.base, riid);
	return true;
}

static void look(struct shelf *shelf)
{
	char buffer[vault_Shelf_Look_res_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	vault_Shelf_Look_req req;
	vault_Shelf_Look_res res;
	nk_size_t size = 0;
	const char *text;
	nk_err_t error;

	nk_req_reset(&req);
	req.number = 0;
	error = vault_Shelf_Look(&shelf->proxy.base, &req, NK_NULL, &res,
				 &arena);
	if (error != NK_EOK) {
		printf("look at the %s: " RETCODE_HR_FMT "\n", shelf->name,
		       RETCODE_HR_PARAMS(error));
		return;
	}
	text = nk_arena_get(nk_char_t, &arena, &res.text, &size);
	printf("look at the %s: %s\n", shelf->name, text ? text : "");
}

static void put(struct shelf *shelf)
{
	char buffer[vault_Shelf_Put_req_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	char text[vault_Shelf_TextMax + 1];
	vault_Shelf_Put_req req;
	vault_Shelf_Put_res res;
	nk_err_t error;

	nk_req_reset(&req);
	req.number = 1;
	snprintf(text, sizeof(text), "%s was here", EntityClassName());
	error = nk_arena_store(nk_char_t, &arena, &req.text, text,
			       strlen(text) + 1);
	if (error == NK_EOK)
		error = vault_Shelf_Put(&shelf->proxy.base, &req, &arena, &res,
					NK_NULL);
	if (error == NK_EOK)
		printf("put on the %s: done\n", shelf->name);
	else
		printf("put on the %s: " RETCODE_HR_FMT "\n", shelf->name,
		       RETCODE_HR_PARAMS(error));
}

int main(void)
{
	struct shelf board, vault;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!find(&board, "board") || !find(&vault, "vault"))
		return EXIT_FAILURE;
	look(&board);
	look(&vault);
	put(&board);
	put(&vault);
	return EXIT_SUCCESS;
}
