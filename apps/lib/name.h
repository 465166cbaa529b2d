/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Names in messages of the name server and the connection manager, and the
 * number that their answers carry. Both interfaces have the same limit.
 */
#ifndef LIBDK_NAME_H
#define LIBDK_NAME_H

#include <string.h>

#include <nk/arena.h>
#include <rtl/retcode.h>

#include "../../kernel/abi/status.h"
#include "../../kernel/abi/wire.h"

static inline nk_bool_t name_is_sendable(const char *name)
{
	return name && strnlen(name, WIRE_NAME_MAX) < WIRE_NAME_MAX;
}

/* An empty name has no bytes, not even a terminator. */
static inline nk_err_t name_store(struct nk_arena *arena, nk_ptr_t *desc,
				  const char *name)
{
	nk_size_t n = strlen(name);

	return nk_arena_store(nk_char_t, arena, desc, name, n > 0 ? n + 1 : 0);
}

/* Copies the name at DESC, checked already, with its terminator. */
static inline Retcode name_load(const struct nk_arena *arena,
				const nk_ptr_t *desc, char *to, nk_size_t size)
{
	nk_size_t n = 0;
	const char *name = nk_arena_get(nk_char_t, arena, desc, &n);

	if (!name) {
		name = "";
		n = 1;
	}
	if (n > size)
		return rcNoMemory;
	memcpy(to, name, n);
	return rcOk;
}

/* ERR is the call's result, STATUS what a server put into its answer. */
static inline Retcode name_retcode(nk_err_t err, nk_uint32_t status)
{
	if (err != NK_EOK)
		return (Retcode)err;
	return status < DK_N_STATUS ? (Retcode)status : rcFail;
}

#endif
