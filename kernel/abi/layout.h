/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * How the body of a message is laid out, as tables that a flat loop can check
 * (security/body.h). The compiled image holds one such pair of tables; each
 * generated X.idl.h holds its own. Sizes and offsets are bytes; offsets in a
 * method's own struct count from the end of its leading struct nk_message.
 */
#ifndef DK_ABI_LAYOUT_H
#define DK_ABI_LAYOUT_H

#include <stdint.h>

#define LAYOUT_DEPTH_MAX 8	/* arrays, structs, unions, sequences nested;
				   the method's own struct is the first */

enum layout_kind {
	LAYOUT_NONE = 0,	/* never valid */
	LAYOUT_SCALAR,		/* .scalar; any bit pattern is good */
	LAYOUT_HANDLE,		/* struct wire_handle */
	LAYOUT_BYTES,		/* chunk of <= .count bytes */
	LAYOUT_STRING,		/* chunk of <= .count bytes and a terminator */
	LAYOUT_SEQUENCE,	/* chunk of <= .count elements of type .first */
	LAYOUT_ARRAY,		/* inline, exactly .count elements of type .first */
	LAYOUT_STRUCT,		/* .count fields from field .first on */
	LAYOUT_UNION,		/* uint32_t tag at offset 0 = number of the active
				   one of the .count fields from .first on; each
				   field's offset is that of the C union */
	LAYOUT_N_KINDS
};

enum layout_scalar {
	SCALAR_NONE = 0, SCALAR_UINT8, SCALAR_UINT16, SCALAR_UINT32,
	SCALAR_UINT64, SCALAR_SINT8, SCALAR_SINT16, SCALAR_SINT32,
	SCALAR_SINT64, SCALAR_N
};

struct layout_type {
	uint8_t kind;		/* enum layout_kind */
	uint8_t scalar;		/* enum layout_scalar, else 0 */
	uint8_t align;		/* 1, 2, 4 or 8 */
	uint8_t zero;
	uint32_t size;		/* inline size: 8 for what lives in the arena */
	uint32_t first;
	uint32_t count;
};

struct layout_field {
	uint32_t offset;
	uint32_t type;		/* index of a layout_type */
	uint32_t name;		/* string of the image; 0 in generated headers */
};

struct layout {
	const struct layout_type *types;
	const struct layout_field *fields;
	uint32_t n_types;
	uint32_t n_fields;
};

#endif
