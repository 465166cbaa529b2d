/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The name server: who offers which interface. Ordinary requests to the process
 * of class kl.core.NameServer, so the policy decides each; a denied one is
 * rcSecurityDisallow.
 */
#ifndef CORESRV_NS_NS_API_H
#define CORESRV_NS_NS_API_H

#include <coresrv/time/time_api.h>
#include <nk/types.h>
#include <rtl/retcode.h>
#include <rtl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef Handle NsHandle;
#define NS_INVALID_HANDLE ((NsHandle)INVALID_HANDLE)

/*
 * The name server behind the static channel NAME; RTL_NULL: the one there is.
 * rcResourceNotFound: no such channel. Requests wait in the channel until the
 * server has started; each waits at most MSECS (INFINITE_TIMEOUT: the class's
 * cap) for its answer.
 */
Retcode NsCreate(const char *name, rtl_uint32_t msecs, NsHandle *ns);

/* This process, SERVER, offers TYPE (an interface) at SERVICE (an endpoint). */
Retcode NsPublishService(NsHandle ns, const char *type, const char *server,
			 const char *service);
Retcode NsUnPublishService(NsHandle ns, const char *type, const char *server,
			   const char *service);

/*
 * Entry INDEX = 0, 1, 2 ... of those that offer TYPE. rcResourceNotFound: there
 * are no more. rcNoMemory: a name and its terminator do not fit.
 */
Retcode NsEnumServices(NsHandle ns, const char *type, unsigned index,
		       char *server, rtl_size_t server_size,
		       char *service, rtl_size_t service_size);

#ifdef __cplusplus
}
#endif

#endif
