/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * OURS, for servers that must know who asks: the name server above all. What is
 * said here comes from the kernel, with the request or ahead of it, never from
 * the asker.
 *
 * A listener's clients are known by the SID of their process. The kernel says
 * `opened` before the first request of a client, and `closed` when its last end
 * is gone. Both are seen, and the callbacks called, inside nk_transport_recv, by
 * the thread that happens to read them; with several threads on one listener a
 * request may then be seen before its `opened` has been.
 */
#ifndef DK_SERVER_H
#define DK_SERVER_H

#include <coresrv/nk/transport-kos.h>
#include <nk/types.h>
#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

struct dk_peer;			/* a client of a listener */

/* Valid until its `closed` has been seen; in threads, inside the callbacks. */
nk_sid_t dk_peer_sid(const struct dk_peer *peer);
const char *dk_peer_task(const struct dk_peer *peer);
const char *dk_peer_class(const struct dk_peer *peer);

/*
 * Whether PEER's class has the endpoint PATH of interface INTERFACE: what a name
 * server must know before it believes a publisher. RIID may be NULL.
 */
nk_bool_t dk_peer_has_endpoint(const struct dk_peer *peer, const char *path,
			       const char *interface, nk_iid_t *riid);

struct dk_server_events {
	void *context;
	/* Either may be NULL. They must not receive from the same listener. */
	void (*opened)(void *context, const struct dk_peer *peer);
	void (*closed)(void *context, nk_sid_t sid);
};

/*
 * From now on EVENTS (a copy is kept; NULL: nobody) hears of LISTENER's clients.
 * Those that are there already are told at once. rcInvalidArgument: no listener.
 */
Retcode dk_server_watch(Handle listener, const struct dk_server_events *events);

/* A client of LISTENER; NULL if it has none of that SID. */
const struct dk_peer *dk_server_peer(Handle listener, nk_sid_t sid);

/*
 * The SID of the process whose request REQUEST is, while the calling thread
 * serves it: from nk_transport_recv to nk_transport_reply, the methods called
 * by a dispatch included. 0: it does not serve that.
 */
nk_sid_t dk_sender_sid(const struct nk_message *request);

/* The listener that it came through; INVALID_HANDLE as above. */
Handle dk_sender_listener(const struct nk_message *request);

/* An answer that the kernel refused to deliver, after the reply had returned. */
struct dk_refusal {
	nk_uint32_t call;	/* of the last one */
	nk_err_t status;	/* of the last one; NK_EOK: there was none */
	nk_uint64_t count;	/* of all */
};

Retcode dk_server_refused(Handle listener, struct dk_refusal *refusal);

#ifdef __cplusplus
}
#endif

#endif
