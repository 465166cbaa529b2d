/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The name server: which process offers which interface, for those who ask. A
 * confined program like any other. Who asks is known from the kernel, never from
 * the request, and so is what the asker's class has: nobody can publish in
 * another's name, or an interface that is not its own.
 */
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <dk/server.h>
#include <kl/core/NameServer.edl.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entries.h"

#define CHANNEL "kl.core.NameServer"
#define FAILURES_MAX 100u	/* of receiving, in a row */

static_assert(ENTRIES_NAME_SIZE == kl_core_NS_NameMax + 1, "one limit");

struct nameserver {
	struct kl_core_NS base;
	Handle listener;
	struct entries entries;
};

static struct nameserver *nameserver_of(struct kl_core_NS *base)
{
	return (struct nameserver *)((char *)base -
				     offsetof(struct nameserver, base));
}

/* "" where nothing was said: no name is empty, so it fits nothing. */
static const char *get_name(const struct nk_arena *arena, const nk_ptr_t *desc)
{
	nk_size_t n = 0;
	const char *name = nk_arena_get(nk_char_t, arena, desc, &n);

	return name && n > 0 && n <= ENTRIES_NAME_SIZE ? name : "";
}

static nk_err_t put_name(struct nk_arena *arena, nk_ptr_t *desc,
			 const char *name)
{
	return nk_arena_store(nk_char_t, arena, desc, name, strlen(name) + 1);
}

static void say(const char *what, const struct publication *publication,
		const char *why)
{
	printf("%s %s: %s of %s%s%s\n", what, publication->type,
	       publication->service, publication->server, why[0] ? ": " : "",
	       why);
}

/* Whether the publisher is who it says and has what it says; else why not. */
static Retcode check(const struct dk_peer *peer,
		     const struct publication *publication, const char **why)
{
	if (!peer) {
		*why = "the kernel has not said who that is";
		return rcInvalidArgument;
	}
	if (strcmp(publication->server, dk_peer_task(peer)) != 0) {
		*why = "that is not the publisher's own name";
		return rcInvalidArgument;
	}
	if (!dk_peer_has_endpoint(peer, publication->service,
				  publication->type, NULL)) {
		*why = "its class has no such endpoint";
		return rcResourceNotFound;
	}
	return rcOk;
}

static nk_err_t publish(struct kl_core_NS *self,
			const kl_core_NS_Publish_req *req,
			const struct nk_arena *req_arena,
			kl_core_NS_Publish_res *res,
			nk_unused struct nk_arena *res_arena)
{
	struct nameserver *ns = nameserver_of(self);
	nk_sid_t sid = dk_sender_sid(&req->base_);
	struct publication publication = {
		.type = get_name(req_arena, &req->type),
		.server = get_name(req_arena, &req->server),
		.service = get_name(req_arena, &req->service),
	};
	const char *why = "";
	Retcode rc;

	rc = check(dk_server_peer(ns->listener, sid), &publication, &why);
	if (rc == rcOk) {
		rc = entries_add(&ns->entries, sid, &publication);
		if (rc == rcQuota || rc == rcNoMemory)
			why = RetcodeToStr(rc);
	}
	if (rc == rcOk)
		say("published", &publication, "");
	else if (rc != rcBusy)
		say("not published", &publication, why);
	res->status = (nk_uint32_t)(rc == rcBusy ? rcOk : rc);
	return NK_EOK;
}

static nk_err_t unpublish(struct kl_core_NS *self,
			  const kl_core_NS_UnPublish_req *req,
			  const struct nk_arena *req_arena,
			  kl_core_NS_UnPublish_res *res,
			  nk_unused struct nk_arena *res_arena)
{
	struct nameserver *ns = nameserver_of(self);
	struct publication publication = {
		.type = get_name(req_arena, &req->type),
		.server = get_name(req_arena, &req->server),
		.service = get_name(req_arena, &req->service),
	};
	Retcode rc = entries_remove(&ns->entries, dk_sender_sid(&req->base_),
				    &publication);

	if (rc == rcOk)
		say("withdrawn", &publication, "");
	res->status = (nk_uint32_t)rc;
	return NK_EOK;
}

static nk_err_t enumerate(struct kl_core_NS *self,
			  const kl_core_NS_EnumServices_req *req,
			  const struct nk_arena *req_arena,
			  kl_core_NS_EnumServices_res *res,
			  struct nk_arena *res_arena)
{
	const char *type = get_name(req_arena, &req->type);
	const struct entry *entry = entries_find(&nameserver_of(self)->entries,
						 type, req->index);
	nk_err_t error;

	if (!entry) {
		res->status = (nk_uint32_t)rcResourceNotFound;
		return NK_EOK;
	}
	res->status = (nk_uint32_t)rcOk;
	error = put_name(res_arena, &res->server, entry->server);
	if (error == NK_EOK)
		error = put_name(res_arena, &res->service, entry->service);
	return error;
}

static const struct kl_core_NS_ops ops = {
	.Publish = publish,
	.UnPublish = unpublish,
	.EnumServices = enumerate,
};

/* What a process had published ends with it. */
static void forget(void *context, nk_sid_t sid)
{
	struct nameserver *ns = context;
	unsigned n = entries_forget(&ns->entries, sid);

	if (n > 0)
		printf("forgot %u of SID %u, which is gone\n", n, sid);
}

static int serve(struct nameserver *ns)
{
	static char req_buffer[kl_core_NameServer_entity_req_arena_size];
	static char res_buffer[kl_core_NameServer_entity_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_AUTO(req_buffer);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_buffer);
	struct kl_core_NameService_component service;
	struct kl_core_NameServer_entity entity;
	kl_core_NameServer_entity_req req;
	kl_core_NameServer_entity_res res;
	unsigned n_failures = 0;
	NkKosTransport transport;
	nk_err_t error;

	NkKosTransport_Init(&transport, ns->listener, NK_NULL, 0);
	kl_core_NameService_component_init(&service, &ns->base);
	kl_core_NameServer_entity_init(&entity, &service);
	while (n_failures < FAILURES_MAX) {
		nk_req_reset(&req);
		nk_arena_reset(&req_arena);
		nk_arena_reset(&res_arena);
		error = nk_transport_recv(&transport.base, &req.base_,
					  &req_arena);
		if (error == NK_ENOTCONN)
			return EXIT_SUCCESS;
		if (error != NK_EOK) {
			n_failures++;
			continue;
		}
		n_failures = 0;
		kl_core_NameServer_entity_dispatch(&entity, &req.base_,
						   &req_arena, &res.base_,
						   &res_arena);
		/* an asker that is gone by now needs no answer */
		nk_transport_reply(&transport.base, &res.base_, &res_arena);
	}
	return EXIT_FAILURE;
}

int main(void)
{
	static struct nameserver ns = { .base = { &ops } };
	struct dk_server_events events = { .context = &ns, .closed = forget };
	Retcode rc;

	setvbuf(stdout, NULL, _IOLBF, 0);
	ns.listener = ServiceLocatorRegister(CHANNEL, NULL, 0, NULL);
	if (ns.listener == INVALID_HANDLE) {
		fprintf(stderr, "there is no channel %s\n", CHANNEL);
		return EXIT_FAILURE;
	}
	rc = dk_server_watch(ns.listener, &events);
	if (rc != rcOk) {
		fprintf(stderr, "cannot watch who comes: " RETCODE_HR_FMT "\n",
			RETCODE_HR_PARAMS(rc));
		return EXIT_FAILURE;
	}
	return serve(&ns);
}
