/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Moves for everybody who reaches it. */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <login/Machine.edl.h>
#include <stdio.h>
#include <stdlib.h>

struct machine {
	struct login_Device device;	/* first: what is called is this */
	nk_uint32_t position;
};

static nk_err_t move(struct login_Device *self,
		     const login_Device_Move_req *req,
		     nk_unused const struct nk_arena *req_arena,
		     login_Device_Move_res *res,
		     nk_unused struct nk_arena *res_arena)
{
	struct machine *machine = (struct machine *)self;

	res->from = machine->position;
	machine->position = req->to;
	printf("moved to %u\n", machine->position);
	return NK_EOK;
}

int main(void)
{
	static const struct login_Device_ops ops = { .Move = move };
	struct machine machine = { .device.ops = &ops };
	struct login_Machine_entity entity;
	login_Machine_entity_req req;
	login_Machine_entity_res res;
	NkKosTransport transport;
	ServiceId iid;
	Handle handle = ServiceLocatorRegister("machine", NULL, 0, &iid);

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (handle == INVALID_HANDLE) {
		fprintf(stderr, "there is no channel machine\n");
		return EXIT_FAILURE;
	}
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	login_Machine_entity_init(&entity, &machine.device);
	for (;;) {
		nk_err_t error;

		nk_req_reset(&req);
		error = nk_transport_recv(&transport.base, &req.base_, NK_NULL);
		if (error == NK_ENOTCONN)
			return EXIT_SUCCESS;	/* nobody is left */
		if (error != NK_EOK)
			continue;
		login_Machine_entity_dispatch(&entity, &req.base_, NK_NULL,
					      &res.base_, NK_NULL);
		nk_transport_reply(&transport.base, &res.base_, NK_NULL);
	}
}
