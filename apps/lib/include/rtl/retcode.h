/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The results of Kn..., Kos..., Ns... and ServiceLocator... functions. The
 * numbers are those of the wire's status table, as nk_err_t's are; they are
 * macros, not an enumeration, because sources compare both kinds with both.
 */
#ifndef RTL_RETCODE_H
#define RTL_RETCODE_H

#include <rtl/types.h>

typedef rtl_int32_t Retcode;

#define rcOk			((Retcode)0)
#define rcFail			((Retcode)1)	/* none of the others */
#define rcInvalidArgument	((Retcode)2)	/* malformed */
#define rcSecurityDisallow	((Retcode)3)	/* request or response denied */
#define rcNotConnected		((Retcode)4)	/* peer gone */
#define rcTimeout		((Retcode)5)
#define rcResourceNotFound	((Retcode)6)
#define rcBusy			((Retcode)7)
#define rcNoMemory		((Retcode)8)	/* does not fit */
#define rcBadMessage		((Retcode)9)	/* a body that does not decode */
#define rcQuota			((Retcode)10)	/* a limit of the asker */
#define rcDeadlock		((Retcode)11)
#define rcCanceled		((Retcode)12)
#define rcUnsupported		((Retcode)13)

#endif
