/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "terminal.h"

#include <coresrv/sl/sl_api.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>

static bool connect_to(const char *channel, const char *endpoint,
		       NkKosTransport *transport, nk_iid_t *riid)
{
	Handle handle = ServiceLocatorConnect(channel);

	*riid = ServiceLocatorGetRiid(handle, endpoint);
	if (handle == INVALID_HANDLE || *riid == INVALID_RIID) {
		fprintf(stderr, "there is no channel %s\n", channel);
		return false;
	}
	NkKosTransport_Init(transport, handle, NK_NULL, 0);
	return true;
}

bool terminal_init(struct terminal *terminal)
{
	nk_iid_t session, device;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!connect_to("doorman", "session", &terminal->doorman_transport,
			&session) ||
	    !connect_to("machine", "device", &terminal->machine_transport,
			&device))
		return false;
	login_Session_proxy_init(&terminal->doorman,
				 &terminal->doorman_transport.base, session);
	login_Device_proxy_init(&terminal->machine,
				&terminal->machine_transport.base, device);
	return true;
}

static bool refused(const char *what, nk_err_t error)
{
	if (error == NK_EOK)
		return false;
	printf("%s: " RETCODE_HR_FMT "\n", what, RETCODE_HR_PARAMS(error));
	return true;
}

void terminal_log_in(struct terminal *terminal, nk_uint32_t pin)
{
	login_Session_LogIn_req req;
	login_Session_LogIn_res res;

	nk_req_reset(&req);
	req.pin = pin;
	if (!refused("log in", login_Session_LogIn(&terminal->doorman.base,
						   &req, NK_NULL, &res,
						   NK_NULL)))
		printf("log in: %s\n", res.accepted ? "welcome" : "wrong PIN");
}

void terminal_log_out(struct terminal *terminal)
{
	login_Session_LogOut_req req;
	login_Session_LogOut_res res;

	nk_req_reset(&req);
	if (!refused("log out", login_Session_LogOut(&terminal->doorman.base,
						     &req, NK_NULL, &res,
						     NK_NULL)))
		printf("log out: goodbye\n");
}

void terminal_move(struct terminal *terminal, nk_uint32_t to)
{
	login_Device_Move_req req;
	login_Device_Move_res res;

	nk_req_reset(&req);
	req.to = to;
	if (!refused("move", login_Device_Move(&terminal->machine.base, &req,
					       NK_NULL, &res, NK_NULL)))
		printf("move: from %u to %u\n", res.from, to);
}
