/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The outcome of a call as it crosses the wire. One table for both C names:
 * rtl/retcode.h (rc...) and nk/types.h (NK_E...) are defined from it. A status
 * for a call comes from the mediator only. The table is closed: a new outcome
 * gets a new row here.
 */
#ifndef DK_ABI_STATUS_H
#define DK_ABI_STATUS_H

enum dk_status {
	DK_OK = 0,			/* rcOk, NK_EOK */
	DK_FAIL = 1,			/* rcFail: none of the others */
	DK_INVALID_ARGUMENT = 2,	/* rcInvalidArgument, NK_EINVAL: malformed */
	DK_SECURITY_DISALLOW = 3,	/* rcSecurityDisallow, NK_EPERM: denied */
	DK_NOT_CONNECTED = 4,		/* rcNotConnected, NK_ENOTCONN: peer gone */
	DK_TIMEOUT = 5,			/* rcTimeout, NK_ETIMEDOUT */
	DK_NOT_FOUND = 6,		/* rcResourceNotFound, NK_ENOENT */
	DK_BUSY = 7,			/* rcBusy, NK_EBUSY */
	DK_NO_MEMORY = 8,		/* rcNoMemory, NK_ENOMEM: or too large */
	DK_BAD_MESSAGE = 9,		/* rcBadMessage, NK_EBADMSG */
	DK_QUOTA = 10,			/* rcQuota, NK_EQUOTA: a limit of the asker */
	DK_DEADLOCK = 11,		/* rcDeadlock, NK_EDEADLK: cycle of waiters */
	DK_CANCELED = 12,		/* rcCanceled, NK_ECANCELED */
	DK_UNSUPPORTED = 13,		/* rcUnsupported, NK_EUNSUPPORTED */
	DK_N_STATUS
};

#endif
