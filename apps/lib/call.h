/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A client's side of its end: a request goes out, its answer comes in. Any number
 * of threads may call through one end. The first that waits reads the socket for
 * all, hands each answer to whoever asked (the call number says), and passes the
 * reading on when it has its own. Alone, that is one send and one receive.
 */
#ifndef LIBDK_CALL_H
#define LIBDK_CALL_H

#include <nk/transport.h>

struct end;

/* How much longer than its deadline a call waits for the kernel to say so. */
#define CALL_GRACE_MS 1000

/* As nk_transport_ops.call. TIMEOUT_MS: WIRE_DEADLINE_CAP waits for ever. */
nk_err_t call_run(struct end *end, uint32_t timeout_ms,
		  const struct nk_message *head, const void *fixed,
		  const struct nk_arena *req_arena,
		  const struct nk_answer *answer, struct nk_message *res,
		  struct nk_arena *res_arena);

#endif
