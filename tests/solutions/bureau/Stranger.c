/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Knows the names, and may ask for a channel: its requests arrive nowhere. */
#include <coresrv/cm/cm_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/ns/ns_api.h>
#include <bureau/IClerk.idl.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	NkKosTransport transport;
	struct bureau_IClerk_proxy proxy;
	bureau_IClerk_Close_req req;
	bureau_IClerk_Close_res res;
	char server[64], service[64];
	rtl_uint32_t rsid = 77;
	NsHandle ns;
	Handle handle;
	Retcode rc;

	rc = NsCreate("kl.core.NoSuchServer", 1000, &ns);
	printf("no such name server: %s\n", RetcodeToName(rc));
	rc = NsCreate("kl.core.NameServer", 1000, &ns);
	if (rc == rcOk)
		rc = NsEnumServices(ns, "bureau.IClerk", 0, server,
				    sizeof(server), service, sizeof(service));
	printf("enumerate: %s\n", RetcodeToName(rc));
	rc = KnCmConnect("ClerkB", "clerk", 1000, &handle, &rsid);
	printf("connect ClerkB: %s\n", RetcodeToName(rc));
	rc = KnCmConnect("ClerkA", "cellar", 1000, &handle, &rsid);
	printf("connect to no endpoint: %s\n", RetcodeToName(rc));
	while ((rc = KnCmConnect("ClerkA", "archive", 5000, &handle, &rsid)) ==
	       rcNotConnected)
		;
	printf("connect ClerkA: %s, rsid %u\n", RetcodeToName(rc), rsid);
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	bureau_IClerk_proxy_init(&proxy, &transport.base, (nk_iid_t)rsid);
	nk_req_reset(&req);
	printf("close: %s\n", RetcodeToName((Retcode)bureau_IClerk_Close(
		&proxy.base, &req, NK_NULL, &res, NK_NULL)));
	return EXIT_SUCCESS;
}
