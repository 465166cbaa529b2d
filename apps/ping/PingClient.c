/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Sends pings through the channel "ping_connection". */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <ping/Ping.idl.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>

#define N_PINGS 5u

int main(void)
{
	struct ping_Ping_proxy proxy;
	NkKosTransport transport;
	nk_uint32_t number = 0;
	Handle handle;
	nk_iid_t riid;

	handle = ServiceLocatorConnect("ping_connection");
	riid = ServiceLocatorGetRiid(handle, "responder.ping");
	if (handle == INVALID_HANDLE || riid == INVALID_RIID) {
		fprintf(stderr, "there is no channel ping_connection\n");
		return EXIT_FAILURE;
	}
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	ping_Ping_proxy_init(&proxy, &transport.base, riid);

	while (number < N_PINGS) {
		ping_Ping_Ping_req req;
		ping_Ping_Ping_res res;
		nk_err_t error;

		nk_req_reset(&req);
		req.number = number;
		error = ping_Ping_Ping(&proxy.base, &req, NK_NULL, &res,
				       NK_NULL);
		if (error != NK_EOK) {
			fprintf(stderr, "ping %u: " RETCODE_HR_FMT "\n", number,
				RETCODE_HR_PARAMS(error));
			return EXIT_FAILURE;
		}
		printf("ping %u, pong %u\n", number, res.next);
		number = res.next;
	}
	return EXIT_SUCCESS;
}
