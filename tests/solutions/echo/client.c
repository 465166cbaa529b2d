/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Two tasks of one class, each with a channel of the same name. */
#define NK_USE_UNQUALIFIED_NAMES

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>

#include <echo/Ping.idl.h>

#include <assert.h>
#include <rtl/countof.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, const char *argv[])
{
	NkKosTransport transport;
	struct Ping_proxy proxy;
	unsigned i;

	Handle handle = ServiceLocatorConnect("server_connection");
	assert(handle != INVALID_HANDLE);

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);

	nk_iid_t riid = ServiceLocatorGetRiid(handle, "responder.ping");
	assert(riid != INVALID_RIID);
	assert(ServiceLocatorGetRiid(handle, "responder") == INVALID_RIID);
	assert(ServiceLocatorConnect("client_connection") == INVALID_HANDLE);

	Ping_proxy_init(&proxy, &transport.base, riid);

	Ping_Ping_req req;
	Ping_Ping_res res;

	req.value = argc > 1 ? (rtl_uint32_t)atoi(argv[1]) : 0;
	for (i = 0; i < 3; ++i) {
		if (Ping_Ping(&proxy.base, &req, NULL, &res, NULL) == NK_EOK) {
			fprintf(stderr, "result = %u\n", res.result);
			req.value = res.result;
		} else {
			fprintf(stderr, "Failed to call Ping()\n");
		}
	}

	char reqBuffer[Ping_Note_req_arena_size];
	struct nk_arena reqArena = NK_ARENA_INITIALIZER(
		reqBuffer, reqBuffer + sizeof(reqBuffer));
	char resBuffer[Ping_Note_res_arena_size];
	struct nk_arena resArena = NK_ARENA_INITIALIZER(
		resBuffer, resBuffer + sizeof(resBuffer));
	const char *word = argc > 2 ? argv[2] : getenv("ECHO_WORD");
	Ping_Note_req note;
	Ping_Note_res answer;
	nk_size_t size = 0;

	assert(word);
	nk_req_reset(&note);
	nk_arena_reset(&reqArena);
	if (nk_arena_store(char, &reqArena, &note.text, word,
			   strlen(word) + 1) != NK_EOK)
		return EXIT_FAILURE;
	if (Ping_Note(&proxy.base, &note, &reqArena, &answer, &resArena) !=
	    NK_EOK)
		return EXIT_FAILURE;
	nk_char_t *text = nk_arena_get(nk_char_t, &resArena, &answer.text,
				       &size);
	assert(text && size == strlen(text) + 1);
	assert(size <= Ping_Note_text_size && Ping_NoteMax == 64);
	fprintf(stderr, "note: %s\n", text);
	return EXIT_SUCCESS;
}
