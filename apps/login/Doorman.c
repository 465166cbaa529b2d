/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Compares PINs. What follows from it is the policy's business. */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <login/Doorman.edl.h>
#include <stdio.h>
#include <stdlib.h>

#define PIN 4711u

static nk_err_t log_in(nk_unused struct login_Session *self,
		       const login_Session_LogIn_req *req,
		       nk_unused const struct nk_arena *req_arena,
		       login_Session_LogIn_res *res,
		       nk_unused struct nk_arena *res_arena)
{
	res->accepted = req->pin == PIN;
	printf("a PIN that is %s\n", res->accepted ? "right" : "wrong");
	return NK_EOK;
}

static nk_err_t log_out(nk_unused struct login_Session *self,
			nk_unused const login_Session_LogOut_req *req,
			nk_unused const struct nk_arena *req_arena,
			nk_unused login_Session_LogOut_res *res,
			nk_unused struct nk_arena *res_arena)
{
	printf("somebody leaves\n");
	return NK_EOK;
}

int main(void)
{
	static const struct login_Session_ops ops = {
		.LogIn = log_in, .LogOut = log_out,
	};
	struct login_Session session = { .ops = &ops };
	struct login_Doorman_entity entity;
	login_Doorman_entity_req req;
	login_Doorman_entity_res res;
	NkKosTransport transport;
	ServiceId iid;
	Handle handle = ServiceLocatorRegister("doorman", NULL, 0, &iid);

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (handle == INVALID_HANDLE) {
		fprintf(stderr, "there is no channel doorman\n");
		return EXIT_FAILURE;
	}
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	login_Doorman_entity_init(&entity, &session);
	for (;;) {
		nk_err_t error;

		nk_req_reset(&req);
		error = nk_transport_recv(&transport.base, &req.base_, NK_NULL);
		if (error == NK_ENOTCONN)
			return EXIT_SUCCESS;	/* nobody is left */
		if (error != NK_EOK)
			continue;
		login_Doorman_entity_dispatch(&entity, &req.base_, NK_NULL,
					      &res.base_, NK_NULL);
		nk_transport_reply(&transport.base, &res.base_, NK_NULL);
	}
}
