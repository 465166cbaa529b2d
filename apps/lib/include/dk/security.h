/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * OURS: asking the security module. A class whose EDL says `security P` may ask
 * about each method of P; the policy's `security` rules answer. Asking is a call
 * of P's generated proxy:
 *
 *	NkKosTransport transport;
 *	struct P_proxy proxy;
 *
 *	dk_security_init(&transport);
 *	P_proxy_init(&proxy, &transport.base, DK_SECURITY_RIID);
 *	err = P_M(&proxy.base, &req, NK_NULL, &res, NK_NULL);
 *
 * NK_EOK: granted. NK_EPERM: denied. NK_EINVAL: malformed. NK_ENOENT: the class
 * has no security interface, or not that method. The response is empty.
 */
#ifndef DK_SECURITY_H
#define DK_SECURITY_H

#include <coresrv/nk/transport-kos.h>
#include <nk/types.h>
#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is asked is always the asker's own interface, whatever a proxy's RIID. */
#define DK_SECURITY_RIID ((nk_iid_t)0)

/*
 * A transport for questions alone; it cannot receive. rcNotConnected: the kernel
 * has not said hello; then each call through it is NK_EINVAL.
 */
Retcode dk_security_init(NkKosTransport *transport);

#ifdef __cplusplus
}
#endif

#endif
