/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The service locator: what the daemon told this process at its start, in the
 * first frame on descriptor 3. Nothing here waits for anybody else.
 */
#ifndef CORESRV_SL_SL_API_H
#define CORESRV_SL_SL_API_H

#include <nk/types.h>
#include <rtl/retcode.h>
#include <rtl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef nk_iid_t ServiceId;

/* The client's end of the static channel CHANNEL. INVALID_HANDLE: none. */
Handle ServiceLocatorConnect(const char *channel);

/*
 * The server's end of the static channel CHANNEL: a listener. IID (may be NULL)
 * becomes the RIID of this process's endpoint of interface TYPE, if TYPE is
 * given and there is one, else 0. N is not used. INVALID_HANDLE: none.
 */
Handle ServiceLocatorRegister(const char *channel, const char *type,
			      rtl_size_t n, ServiceId *iid);

/*
 * The RIID of "component.endpoint" behind HANDLE: of the server for a client's
 * end, of this process for a listener. INVALID_RIID: not known.
 */
nk_iid_t ServiceLocatorGetRiid(Handle handle, const char *endpoint_path);

#ifdef __cplusplus
}
#endif

#endif
