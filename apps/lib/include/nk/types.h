/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Scalars, handles, arena descriptors and the results of nk_ and generated
 * functions. Result numbers are those of the wire's status table.
 */
#ifndef NK_TYPES_H
#define NK_TYPES_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint8_t nk_uint8_t;
typedef uint16_t nk_uint16_t;
typedef uint32_t nk_uint32_t;
typedef uint64_t nk_uint64_t;
typedef int8_t nk_sint8_t;
typedef int16_t nk_sint16_t;
typedef int32_t nk_sint32_t;
typedef int64_t nk_sint64_t;
typedef uint64_t nk_uintsize_t;		/* IDL UIntSize */
typedef uint64_t nk_uintptr_t;		/* IDL UIntPtr */
typedef char nk_char_t;
typedef int nk_bool_t;
typedef size_t nk_size_t;
typedef nk_uint32_t nk_sid_t;
typedef nk_uint16_t nk_iid_t;		/* RIID */
typedef nk_uint16_t nk_mid_t;

#define NK_TRUE 1
#define NK_FALSE 0
#ifdef __cplusplus
#define NK_NULL nullptr
#else
#define NK_NULL ((void *)0)
#endif

/* generation << 16 | descriptor */
typedef nk_uint32_t Handle;
typedef Handle nk_handle_t;
#define INVALID_HANDLE ((Handle)0xffffffff)
#define INVALID_RIID ((nk_iid_t)0xffff)
#define NK_IID_MAX ((nk_iid_t)0xfffe)

/* A handle parameter. .rights are a mask; 0 asks for those of the sender. */
typedef struct nk_handle_desc {
	Handle handle;
	nk_uint32_t rights;
	nk_uint64_t zero_;
} nk_handle_desc_t;

static inline nk_handle_desc_t nk_handle_desc(Handle handle, nk_uint32_t rights)
{
	nk_handle_desc_t desc = { handle, rights, 0 };

	return desc;
}

static inline Handle nk_get_handle(const nk_handle_desc_t *desc)
{
	return desc->handle;
}

/* Place of bytes, a string or a sequence in the message's arena. */
typedef struct nk_ptr {
	nk_uint32_t offset;	/* from the arena's start, bytes */
	nk_uint32_t size;	/* bytes; 0 = empty */
} nk_ptr_t;

static_assert(sizeof(nk_handle_desc_t) == 16, "a handle descriptor is 16 bytes");
static_assert(sizeof(nk_ptr_t) == 8, "a chunk descriptor is 8 bytes");

typedef enum nk_err {
	NK_EOK = 0,
	NK_EFAIL = 1,
	NK_EINVAL = 2,		/* malformed */
	NK_EPERM = 3,		/* denied by the policy */
	NK_ENOTCONN = 4,	/* peer gone */
	NK_ETIMEDOUT = 5,
	NK_ENOENT = 6,		/* no such endpoint or method */
	NK_EBUSY = 7,
	NK_ENOMEM = 8,		/* does not fit */
	NK_EBADMSG = 9,		/* a body that does not decode */
	NK_EQUOTA = 10,
	NK_EDEADLK = 11,
	NK_ECANCELED = 12,
	NK_EUNSUPPORTED = 13
} nk_err_t;

#define nk_unused __attribute__((unused))
#define nk_assert(condition) assert(condition)
#define nk_static_assert(condition, text) static_assert(condition, text)
#define nk_min(a, b) ((a) < (b) ? (a) : (b))
#define nk_max(a, b) ((a) > (b) ? (a) : (b))

#ifdef __cplusplus
}
#endif

#endif
