/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include <rtl/retcode_hr.h>

#include <assert.h>
#include <stddef.h>

#include "../../kernel/abi/status.h"

static const struct {
	const char *name, *text;
} codes[] = {
	[DK_OK] = { "rcOk", "done" },
	[DK_FAIL] = { "rcFail", "failed" },
	[DK_INVALID_ARGUMENT] = { "rcInvalidArgument", "malformed" },
	[DK_SECURITY_DISALLOW] = { "rcSecurityDisallow",
				   "denied by the policy" },
	[DK_NOT_CONNECTED] = { "rcNotConnected", "the other side is gone" },
	[DK_TIMEOUT] = { "rcTimeout", "no answer in time" },
	[DK_NOT_FOUND] = { "rcResourceNotFound", "there is none of that name" },
	[DK_BUSY] = { "rcBusy", "busy" },
	[DK_NO_MEMORY] = { "rcNoMemory", "it does not fit" },
	[DK_BAD_MESSAGE] = { "rcBadMessage", "a body that does not decode" },
	[DK_QUOTA] = { "rcQuota", "over a limit of the asker" },
	[DK_DEADLOCK] = { "rcDeadlock", "it would wait for itself" },
	[DK_CANCELED] = { "rcCanceled", "given up by the other side" },
	[DK_UNSUPPORTED] = { "rcUnsupported", "not supported" },
};

static_assert(sizeof(codes) / sizeof(codes[0]) == DK_N_STATUS, "one row each");

/* rtl/retcode.h and nk/types.h say the same numbers again. */
static_assert(rcOk == DK_OK && rcFail == DK_FAIL &&
	      rcInvalidArgument == DK_INVALID_ARGUMENT &&
	      rcSecurityDisallow == DK_SECURITY_DISALLOW &&
	      rcNotConnected == DK_NOT_CONNECTED && rcTimeout == DK_TIMEOUT &&
	      rcResourceNotFound == DK_NOT_FOUND && rcBusy == DK_BUSY &&
	      rcNoMemory == DK_NO_MEMORY && rcBadMessage == DK_BAD_MESSAGE &&
	      rcQuota == DK_QUOTA && rcDeadlock == DK_DEADLOCK &&
	      rcCanceled == DK_CANCELED && rcUnsupported == DK_UNSUPPORTED,
	      "one table of outcomes");

const char *RetcodeToStr(Retcode rc)
{
	return rc >= 0 && rc < DK_N_STATUS ? codes[rc].text : "unknown result";
}

const char *RetcodeToName(Retcode rc)
{
	return rc >= 0 && rc < DK_N_STATUS ? codes[rc].name : "rc?";
}
