/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Sizes and places of the fixed parts, from the generated structs. */
#ifndef ROGUE_SIZES_H
#define ROGUE_SIZES_H

#include <stddef.h>
#include <stdint.h>

#include <rogue/IEcho.idl.h>

#define FIXED(method) \
	((uint32_t)(sizeof(struct rogue_IEcho_##method##_req) - \
		    sizeof(struct nk_message)))
#define PLACE(frame, method, field) \
	((frame)->body + \
	 offsetof(struct rogue_IEcho_##method##_req, field) - \
	 sizeof(struct nk_message))

#endif
