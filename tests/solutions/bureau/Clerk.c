/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Two tasks of this: one thread sees who comes, others serve one listener for
 * each endpoint. Argument: how many clients to drop at first.
 */
#include <coresrv/cm/cm_api.h>
#include <coresrv/entity/entity_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/thread/thread_api.h>
#include <kos/mutex.h>
#include <kos/thread.h>
#include <rtl/compiler.h>
#include <rtl/retcode_hr.h>
#include <rtl/stdio.h>
#include <rtl/string.h>

#include <bureau/Clerk.edl.h>

#include <stdlib.h>

struct desk {
	struct bureau_IClerk base;	/* first */
	const char *name;
	nk_uint32_t served;
};

static KosMutex lock;

static nk_err_t ask(struct bureau_IClerk *self,
		    const bureau_IClerk_Ask_req *req,
		    const struct nk_arena *req_arena,
		    bureau_IClerk_Ask_res *res, struct nk_arena *res_arena)
{
	struct desk *desk = (struct desk *)self;
	char answer[bureau_IClerk_Ask_answer_size] = "";
	nk_size_t n = 0;
	const nk_char_t *question = nk_arena_get(nk_char_t, req_arena,
						 &req->question, &n);

	rtl_snprintf(answer, sizeof(answer), "%s of %s: %s?", desk->name,
		     EntityTaskName(), question ? question : "nothing");
	KosMutexLock(&lock);
	res->number = ++desk->served;
	KosMutexUnlock(&lock);
	return nk_arena_store(nk_char_t, res_arena, &res->answer, answer,
			      rtl_strlen(answer) + 1);
}

static nk_err_t close_desk(struct bureau_IClerk *self __rtl_unused,
			   const bureau_IClerk_Close_req *req __rtl_unused,
			   const struct nk_arena *req_arena __rtl_unused,
			   bureau_IClerk_Close_res *res __rtl_unused,
			   struct nk_arena *res_arena __rtl_unused)
{
	return NK_EOK;
}

static const struct bureau_IClerk_ops ops = { .Ask = ask, .Close = close_desk };
static struct desk clerk = { { &ops }, "clerk", 0 };
static struct desk archive = { { &ops }, "archive", 0 };
static bureau_Clerk_entity entity;

static int serve(void *context)
{
	NkKosTransport transport;
	bureau_Clerk_entity_req req;
	bureau_Clerk_entity_res res;
	char req_buffer[bureau_Clerk_entity_req_arena_size];
	char res_buffer[bureau_Clerk_entity_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_AUTO(req_buffer);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_buffer);

	NkKosTransport_Init(&transport, *(Handle *)context, NK_NULL, 0);
	for (;;) {
		nk_req_reset(&req);
		nk_arena_reset(&req_arena);
		nk_arena_reset(&res_arena);
		if (nk_transport_recv(&transport.base, &req.base_,
				      &req_arena) != NK_EOK)
			continue;
		bureau_Clerk_entity_dispatch(&entity, &req.base_, &req_arena,
					     &res.base_, &res_arena);
		nk_transport_reply(&transport.base, &res.base_, &res_arena);
	}
	return 0;
}

int main(int argc, char **argv)
{
	static Handle listeners[2] = { INVALID_HANDLE, INVALID_HANDLE };
	static const char *const services[] = { "clerk", "archive" };
	static char client[1024], service[1024];
	int drops = argc > 1 ? atoi(argv[1]) : 0;
	const char *me = EntityTaskName();
	NsHandle ns = NS_INVALID_HANDLE;
	Retcode rc;

	KosMutexInit(&lock);
	bureau_Clerk_entity_init(&entity, &clerk.base, &archive.base);
	rc = NsCreate(RTL_NULL, INFINITE_TIMEOUT, &ns);
	if (rc != rcOk)
		return EXIT_FAILURE;
	for (int i = 0; i < 2; i++) {
		rc = NsPublishService(ns, "bureau.IClerk", me, services[i]);
		if (rc != rcOk)
			rtl_printf("publish: " RETCODE_HR_FMT "\n",
				   RETCODE_HR_PARAMS(rc));
	}
	rc = NsPublishService(ns, "bureau.IClerk", me, "");
	rtl_printf("no name: %s\n", RetcodeToName(rc));
	rc = NsPublishService(ns, "bureau.IOther", me, "clerk");
	rtl_printf("another interface: %s\n", RetcodeToName(rc));
	rc = NsPublishService(ns, "bureau.IClerk", "Visitor1", "clerk");
	rtl_printf("another's name: %s\n", RetcodeToName(rc));
	rtl_printf("enumerate: %s\n", RetcodeToName(
		NsEnumServices(ns, "bureau.IClerk", 0, client, sizeof(client),
			       service, sizeof(service))));

	for (;;) {
		rtl_uint32_t rsid;
		Handle *listener, handle;
		Tid tid;

		rc = KnCmListen(RTL_NULL, INFINITE_TIMEOUT, client, service);
		if (rc != rcOk)
			continue;
		if (drops > 0) {
			drops--;
			rc = KnCmDrop(client, service);
			rtl_printf("drop: %s\n", RetcodeToName(rc));
			continue;
		}
		rsid = rtl_strcmp(service, "clerk") == 0 ?
			bureau_Clerk_clerk_iid : bureau_Clerk_archive_iid;
		listener = &listeners[rsid];
		rc = KnCmAccept(client, service, rsid, *listener, &handle);
		if (rc != rcOk) {
			rtl_printf("accept %s: %s\n", client,
				   RetcodeToName(rc));
			continue;
		}
		rtl_printf("%s of %s, %s listener\n", service, client,
			   *listener == handle ? "the same" : "a new");
		if (*listener != INVALID_HANDLE)
			continue;
		*listener = handle;
		for (int i = 0; i < 2 && rsid == bureau_Clerk_clerk_iid; i++)
			KosThreadCreate(&tid, ThreadPriorityNormal, 0, serve,
					listener, 0);
		if (rsid != bureau_Clerk_clerk_iid)
			KosThreadCreate(&tid, ThreadPriorityNormal, 256 * 1024,
					serve, listener, 0);
	}
}
