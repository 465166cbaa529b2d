/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The bodies of cm.CM's methods, as kl/core/CM.idl lays them out, and the table
 * by which connect_init compares them with the image's.
 */
#ifndef DK_IPC_CONNECT_BODY_H
#define DK_IPC_CONNECT_BODY_H

#include "../abi/image.h"
#include "../abi/wire.h"

#define CM_PATH		"cm.CM"
#define CM_INTERFACE	"kl.core.CM"
#define CM_NAME_MAX	255u	/* string<255> */
#define CM_FOREVER	UINT32_C(0xffffffff)	/* msecs */

enum cm_method { CM_CONNECT, CM_LISTEN, CM_DROP, CM_ACCEPT, CM_N };

struct cm_connect_in {
	struct wire_chunk server, service;
	uint32_t msecs, pad;
};

struct cm_connect_out {
	uint32_t status, pad;
	struct wire_handle handle;
	uint32_t rsid, pad2;
};

struct cm_listen_in {
	struct wire_chunk filter;
	uint32_t msecs, pad;
};

struct cm_listen_out {
	uint32_t status;
	struct wire_chunk client, service;
	uint32_t pad;
};

struct cm_drop_in {
	struct wire_chunk client, service;
};

struct cm_drop_out {
	uint32_t status, pad;
};

struct cm_accept_in {
	struct wire_chunk client, service;
	uint32_t rsid, pad;
	struct wire_handle listener;
};

struct cm_accept_out {
	uint32_t status, pad;
	struct wire_handle handle;
};

static_assert(sizeof(struct cm_connect_in) == 24, "Connect in");
static_assert(sizeof(struct cm_connect_out) == 32, "Connect out");
static_assert(offsetof(struct cm_connect_out, handle) == 8, "Connect out");
static_assert(offsetof(struct cm_connect_out, rsid) == 24, "Connect out");
static_assert(sizeof(struct cm_listen_in) == 16, "Listen in");
static_assert(sizeof(struct cm_listen_out) == 24, "Listen out");
static_assert(offsetof(struct cm_listen_out, client) == 4, "Listen out");
static_assert(sizeof(struct cm_drop_in) == 16, "Drop in");
static_assert(sizeof(struct cm_drop_out) == 8, "Drop out");
static_assert(sizeof(struct cm_accept_in) == 40, "Accept in");
static_assert(offsetof(struct cm_accept_in, listener) == 24, "Accept in");
static_assert(sizeof(struct cm_accept_out) == 24, "Accept out");
static_assert(offsetof(struct cm_accept_out, handle) == 8, "Accept out");

/* NULL if INTERFACE of the image is the one above, else what differs. */
const char *connect_body_fault(const struct image_interface *interface,
			       const struct image_method *methods,
			       const struct layout *layout);

#endif
