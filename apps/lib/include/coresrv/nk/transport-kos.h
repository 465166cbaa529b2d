/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The transport over a handle. Any number of transports and threads may use one
 * handle; a transport holds nothing that must be given back.
 */
#ifndef CORESRV_NK_TRANSPORT_KOS_H
#define CORESRV_NK_TRANSPORT_KOS_H

#include <coresrv/time/time_api.h>
#include <nk/transport.h>
#include <nk/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct NkKosTransport {
	struct nk_transport base;
	Handle handle;
	nk_uint32_t timeout_ms;
} NkKosTransport;

/*
 * Calls through HANDLE if it is a client's end, receives and replies if it is a
 * listener. NAME and RIID are not used: sources pass NK_NULL, 0. A bad handle
 * shows at the first use, as NK_EINVAL.
 */
void NkKosTransport_Init(NkKosTransport *transport, Handle handle,
			 const char *name, nk_iid_t riid);

/*
 * OURS: how long a call through this transport may take, in milliseconds; then
 * it is NK_ETIMEDOUT. At first INFINITE_TIMEOUT: the class's cap. 0: do not
 * wait. Not for receiving, which waits as long as there is a channel.
 */
void NkKosTransport_SetTimeout(NkKosTransport *transport, nk_uint32_t ms);

#ifdef __cplusplus
}
#endif

#endif
