/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The connection manager: channels made while programs run. Ordinary requests
 * to the kernel's endpoint cm.CM, so the policy decides each; a denied one is
 * rcSecurityDisallow. Names are at most 255 bytes, else rcInvalidArgument.
 */
#ifndef CORESRV_CM_CM_API_H
#define CORESRV_CM_CM_API_H

#include <coresrv/time/time_api.h>
#include <nk/types.h>
#include <rtl/retcode.h>
#include <rtl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KN_CM_NAME_MAX 1024	/* room that KnCmListen wants for each name */

/*
 * Client: asks for a channel to endpoint SERVICE of the process SERVER, and
 * waits until the server accepts or drops it, at most MSECS. RSID (may be NULL)
 * becomes the endpoint's RIID.
 */
Retcode KnCmConnect(const char *server, const char *service,
		    rtl_uint32_t msecs, Handle *handle, rtl_uint32_t *rsid);

/*
 * Server: waits at most MSECS for somebody who wants to connect, to endpoint
 * FILTER if it is neither RTL_NULL nor "". The same client is seen again until
 * it is accepted or dropped.
 */
Retcode KnCmListen(const char *filter, rtl_uint32_t msecs,
		   char client[KN_CM_NAME_MAX], char service[KN_CM_NAME_MAX]);

/*
 * Server: accepts. RSID is the RIID of SERVICE. With a LISTENER the client is
 * put on it and HANDLE is LISTENER; with INVALID_HANDLE it is a new one.
 */
Retcode KnCmAccept(const char *client, const char *service, rtl_uint32_t rsid,
		   Handle listener, Handle *handle);

/* Server: refuses; the client's KnCmConnect fails. */
Retcode KnCmDrop(const char *client, const char *service);

#ifdef __cplusplus
}
#endif

#endif
