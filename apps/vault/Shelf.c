/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * usage: Shelf CHANNEL TEXT
 *
 * Keeps papers and gives them to everybody who reaches it; TEXT is paper 0. The
 * board and the vault are the same program.
 */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/countof.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vault/Shelf.idl.h>

struct shelf {
	struct vault_Shelf interface;	/* first: what is called is this */
	char papers[4][vault_Shelf_TextMax + 1];
};

static nk_err_t look(struct vault_Shelf *self, const vault_Shelf_Look_req *req,
		     nk_unused const struct nk_arena *req_arena,
		     vault_Shelf_Look_res *res, struct nk_arena *res_arena)
{
	const struct shelf *shelf = (const struct shelf *)self;
	const char *paper;

	if (req->number >= rtl_countof(shelf->papers))
		return NK_ENOENT;
	paper = shelf->papers[req->number];
	return nk_arena_store(nk_char_t, res_arena, &res->text, paper,
			      strlen(paper) + 1);
}

static nk_err_t put(struct vault_Shelf *self, const vault_Shelf_Put_req *req,
		    const struct nk_arena *req_arena,
		    nk_unused vault_Shelf_Put_res *res,
		    nk_unused struct nk_arena *res_arena)
{
	struct shelf *shelf = (struct shelf *)self;
	nk_size_t size = 0;
	const char *text = nk_arena_get(nk_char_t, req_arena, &req->text,
					&size);

	if (req->number >= rtl_countof(shelf->papers))
		return NK_ENOENT;
	snprintf(shelf->papers[req->number], sizeof(shelf->papers[0]), "%s",
		 text ? text : "");
	printf("paper %u: %s\n", req->number, shelf->papers[req->number]);
	return NK_EOK;
}

static void serve(struct shelf *shelf, NkKosTransport *transport)
{
	char req_buffer[vault_Shelf_Put_req_arena_size];
	char res_buffer[vault_Shelf_Look_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_AUTO(req_buffer);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_buffer);
	union vault_Shelf_req req;
	union vault_Shelf_res res;

	for (;;) {
		nk_err_t error;

		nk_req_reset(&req);
		nk_arena_reset(&req_arena);
		nk_arena_reset(&res_arena);
		error = nk_transport_recv(&transport->base, &req.base_,
					  &req_arena);
		if (error == NK_ENOTCONN)
			return;			/* nobody is left */
		if (error != NK_EOK)
			continue;
		vault_Shelf_dispatch(&shelf->interface, &req.base_, &req_arena,
				     &res.base_, &res_arena);
		nk_transport_reply(&transport->base, &res.base_, &res_arena);
	}
}

int main(int argc, char **argv)
{
	static const struct vault_Shelf_ops ops = { .Look = look, .Put = put };
	struct shelf shelf = { .interface.ops = &ops };
	NkKosTransport transport;
	ServiceId iid;
	Handle handle;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc != 3) {
		fprintf(stderr, "usage: Shelf CHANNEL TEXT\n");
		return EXIT_FAILURE;
	}
	handle = ServiceLocatorRegister(argv[1], NULL, 0, &iid);
	if (handle == INVALID_HANDLE) {
		fprintf(stderr, "there is no channel %s\n", argv[1]);
		return EXIT_FAILURE;
	}
	snprintf(shelf.papers[0], sizeof(shelf.papers[0]), "%s", argv[2]);
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	serve(&shelf, &transport);
	return EXIT_SUCCESS;
}
