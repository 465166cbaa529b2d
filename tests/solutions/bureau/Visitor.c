/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Asks everybody who offers the interface, whatever their names are. */
#include <coresrv/cm/cm_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/thread/thread_api.h>
#include <coresrv/time/time_api.h>
#include <bureau/IClerk.idl.h>
#include <rtl/retcode.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPECTED 4	/* two servers with two endpoints */

static Retcode ask(Handle handle, rtl_uint32_t rsid, const char *question)
{
	NkKosTransport transport;
	struct bureau_IClerk_proxy proxy;
	bureau_IClerk_Ask_req req;
	bureau_IClerk_Ask_res res;
	char req_buffer[bureau_IClerk_Ask_req_arena_size];
	char res_buffer[bureau_IClerk_Ask_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_AUTO(req_buffer);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_buffer);
	nk_err_t err;

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	bureau_IClerk_proxy_init(&proxy, &transport.base, (nk_iid_t)rsid);
	nk_req_reset(&req);
	err = nk_arena_store(nk_char_t, &req_arena, &req.question, question,
			     strlen(question) + 1);
	if (err == NK_EOK)
		err = bureau_IClerk_Ask(&proxy.base, &req, &req_arena, &res,
					&res_arena);
	if (err == NK_EOK)
		printf("%s\n", nk_arena_get(nk_char_t, &res_arena, &res.answer,
					    NULL));
	return (Retcode)err;
}

int main(void)
{
	char server[256], service[256];
	Retcode rc = rcFail;
	NsHandle ns;
	unsigned index;
	int drops = 0;

	if (NsCreate(RTL_NULL, 5000, &ns) != rcOk)
		return EXIT_FAILURE;
	/* The servers may not have published yet. */
	do {
		KosThreadSleep(20);
		for (index = 0;; index++) {
			rc = NsEnumServices(ns, "bureau.IClerk", index, server,
					    sizeof(server), service,
					    sizeof(service));
			if (rc != rcOk)
				break;
		}
	} while (rc == rcResourceNotFound && index < EXPECTED);
	printf("%u offers, then %s\n", index, RetcodeToName(rc));
	printf("publish: %s\n", RetcodeToName(NsPublishService(ns,
		"bureau.IClerk", "Visitor1", "clerk")));
	rc = NsEnumServices(ns, "bureau.INothing", 0, server, sizeof(server),
			    service, sizeof(service));
	printf("unknown interface: %s\n", RetcodeToName(rc));

	for (unsigned i = 0; i < index; i++) {
		rtl_uint32_t rsid;
		Handle handle;

		NsEnumServices(ns, "bureau.IClerk", i, server, sizeof(server),
			       service, sizeof(service));
		/* A dropped client may ask again. */
		while ((rc = KnCmConnect(server, service, INFINITE_TIMEOUT,
					 &handle, &rsid)) == rcNotConnected)
			drops++;
		if (rc == rcOk)
			rc = ask(handle, rsid, service);
		if (rc != rcOk)
			printf("%s at %s: " RETCODE_HR_FMT "\n", service,
			       server, RETCODE_HR_PARAMS(rc));
		if (KnHandleClose(handle) != rcOk ||
		    KnHandleClose(handle) == rcOk)
			printf("closing goes wrong\n");
	}
	printf("dropped at most 3 times: %s\n", drops <= 3 ? "yes" : "no");
	return EXIT_SUCCESS;
}
