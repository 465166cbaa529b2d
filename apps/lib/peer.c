/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "peer.h"

#include <stdlib.h>
#include <string.h>

#include <dk/server.h>

#include "end.h"
#include "hello.h"
#include "serve.h"

struct dk_peer {
	struct dk_peer *next;
	struct hello *hello;
	unsigned n_ends;	/* opened, less closed */
};

static void free_peer(struct dk_peer *peer)
{
	if (!peer)
		return;
	free(peer->hello);
	free(peer);
}

static struct dk_peer **place(struct end *end, uint32_t sid)
{
	struct dk_peer **p = &end->peers;

	while (*p && (*p)->hello->sid != sid)
		p = &(*p)->next;
	return p;
}

/* Callbacks run without the lock: they may ask about peers. */
void peer_opened(struct end *end, const uint8_t *body, size_t size)
{
	struct dk_peer *peer = malloc(sizeof(*peer));
	struct hello *hello = hello_parse(body, size, true);
	struct dk_server_events events;
	struct dk_peer **p;

	if (!peer || !hello) {
		free(peer);
		free(hello);
		return;
	}
	*peer = (struct dk_peer) { .hello = hello, .n_ends = 1 };
	pthread_mutex_lock(&end->lock);
	p = place(end, hello->sid);
	if (*p) {
		(*p)->n_ends++;
		pthread_mutex_unlock(&end->lock);
		free_peer(peer);
		return;
	}
	*p = peer;
	events = end->events;
	pthread_mutex_unlock(&end->lock);
	if (events.opened)
		events.opened(events.context, peer);
}

void peer_closed(struct end *end, uint32_t sid)
{
	struct dk_server_events events;
	struct dk_peer **p, *peer;

	pthread_mutex_lock(&end->lock);
	p = place(end, sid);
	peer = *p;
	if (peer && --peer->n_ends > 0)
		peer = NULL;	/* another of its ends is still here */
	if (peer)
		*p = peer->next;
	events = end->events;
	pthread_mutex_unlock(&end->lock);
	if (peer && events.closed)
		events.closed(events.context, sid);
	free_peer(peer);
}

void peer_free_all(struct end *end)
{
	while (end->peers) {
		struct dk_peer *peer = end->peers;

		end->peers = peer->next;
		free_peer(peer);
	}
}

/* ---- dk/server.h ---- */

nk_sid_t dk_peer_sid(const struct dk_peer *peer)
{
	return peer->hello->sid;
}

const char *dk_peer_task(const struct dk_peer *peer)
{
	return peer->hello->task;
}

const char *dk_peer_class(const struct dk_peer *peer)
{
	return peer->hello->class_name;
}

nk_bool_t dk_peer_has_endpoint(const struct dk_peer *peer, const char *path,
			       const char *interface, nk_iid_t *riid)
{
	const struct wire_endpoint *e;

	if (!path || !interface)
		return NK_FALSE;
	e = hello_endpoint(peer->hello, WIRE_NONE, path, interface);
	if (e && riid)
		*riid = (nk_iid_t)e->riid;
	return e ? NK_TRUE : NK_FALSE;
}

static struct end *get_listener(Handle handle)
{
	struct end *end = end_get(handle);

	if (end && end->side != WIRE_RIGHT_LISTEN) {
		end_put(end);
		end = NULL;
	}
	return end;
}

Retcode dk_server_watch(Handle listener, const struct dk_server_events *events)
{
	struct end *end = get_listener(listener);
	struct dk_peer *first;

	if (!end)
		return rcInvalidArgument;
	pthread_mutex_lock(&end->lock);
	end->events = events ? *events : (struct dk_server_events) { 0 };
	first = end->peers;
	pthread_mutex_unlock(&end->lock);
	for (struct dk_peer *p = first; p && events && events->opened;
	     p = p->next)
		events->opened(events->context, p);
	end_put(end);
	return rcOk;
}

const struct dk_peer *dk_server_peer(Handle listener, nk_sid_t sid)
{
	struct end *end = get_listener(listener);
	const struct dk_peer *peer = NULL;

	if (!end)
		return NULL;
	pthread_mutex_lock(&end->lock);
	peer = *place(end, sid);
	pthread_mutex_unlock(&end->lock);
	end_put(end);
	return peer;
}

nk_sid_t dk_sender_sid(const struct nk_message *request)
{
	const struct served *served = serve_find(request);

	return served ? served->sid : 0;
}

Handle dk_sender_listener(const struct nk_message *request)
{
	const struct served *served = serve_find(request);

	return served ? served->listener : INVALID_HANDLE;
}

Retcode dk_server_refused(Handle listener, struct dk_refusal *refusal)
{
	struct end *end = get_listener(listener);

	if (!end)
		return rcInvalidArgument;
	pthread_mutex_lock(&end->lock);
	*refusal = end->refusal;
	pthread_mutex_unlock(&end->lock);
	end_put(end);
	return rcOk;
}
