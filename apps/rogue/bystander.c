/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A client that has no part in the attack, and must notice none:
 *	Bystander CHANNEL N PAUSE_MS [DEADLINE_MS]
 * makes N calls over the static channel and says how they ended. Over "victim" it
 * echoes texts; over "lair" it calls Plain(n), whose only right answer is 2 n.
 */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/time/time_api.h>
#include <rogue/IEcho.idl.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static nk_err_t echo(struct rogue_IEcho_proxy *proxy, unsigned i, int *right)
{
	char text[40];
	static char req_buffer[rogue_IEcho_Echo_req_arena_size];
	static char res_buffer[rogue_IEcho_Echo_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_AUTO(req_buffer);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_buffer);
	rogue_IEcho_Echo_req req = { 0 };
	rogue_IEcho_Echo_res res;
	const char *back;
	nk_size_t n;
	nk_err_t error;

	snprintf(text, sizeof(text), "text number %u", i);
	if (nk_arena_store(nk_char_t, &req_arena, &req.text, text,
			   strlen(text) + 1) != NK_EOK)
		return NK_EFAIL;
	error = rogue_IEcho_Echo(&proxy->base, &req, &req_arena, &res,
				 &res_arena);
	if (error != NK_EOK)
		return error;
	back = nk_arena_get(nk_char_t, &res_arena, &res.back, &n);
	*right = back && strcmp(back, text) == 0;
	return NK_EOK;
}

static nk_err_t plain(struct rogue_IEcho_proxy *proxy, unsigned i, int *right)
{
	rogue_IEcho_Plain_req req = { 0 };
	rogue_IEcho_Plain_res res;
	nk_err_t error;

	req.n = i;
	error = rogue_IEcho_Plain(&proxy->base, &req, NK_NULL, &res, NK_NULL);
	if (error == NK_EOK)
		*right = res.twice == 2 * i;
	return error;
}

int main(int argc, char **argv)
{
	const char *channel = argc > 1 ? argv[1] : "victim";
	unsigned n = argc > 2 ? (unsigned)atoi(argv[2]) : 10;
	unsigned pause_ms = argc > 3 ? (unsigned)atoi(argv[3]) : 10;
	int lair = strcmp(channel, "lair") == 0;
	unsigned right = 0, wrong = 0, failed[16] = { 0 };
	Handle handle = ServiceLocatorConnect(channel);
	struct rogue_IEcho_proxy proxy;
	NkKosTransport transport;

	if (handle == INVALID_HANDLE)
		return EXIT_FAILURE;
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	if (argc > 4)
		NkKosTransport_SetTimeout(&transport,
					  (nk_uint32_t)atoi(argv[4]));
	rogue_IEcho_proxy_init(&proxy, &transport.base,
			       ServiceLocatorGetRiid(handle,
						     lair ? "lair" : "echo"));
	for (unsigned i = 1; i <= n; i++) {
		int is_right = 0;
		nk_err_t error = lair ? plain(&proxy, i, &is_right) :
					echo(&proxy, i, &is_right);

		if (error != NK_EOK)
			failed[(unsigned)error % 16]++;
		else if (is_right)
			right++;
		else
			wrong++;
		KnSleep(pause_ms);
	}
	printf("%s: right %u of %u, wrong %u", channel, right, n, wrong);
	for (unsigned e = 0; e < 16; e++) {
		if (failed[e])
			printf(", %s %u", RetcodeToName((Retcode)e), failed[e]);
	}
	printf("\n");
	fflush(stdout);
	return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
