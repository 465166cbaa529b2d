/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Results for people: printf("no channel: " RETCODE_HR_FMT "\n",
 * RETCODE_HR_PARAMS(rc)). Takes a Retcode or an nk_err_t.
 */
#ifndef RTL_RETCODE_HR_H
#define RTL_RETCODE_HR_H

#include <rtl/retcode.h>

#ifdef __cplusplus
extern "C" {
#endif

/* "denied by the policy"; "unknown result" for other numbers. Never NULL. */
const char *RetcodeToStr(Retcode rc);
/* "rcSecurityDisallow"; "rc?" for other numbers. Never NULL. */
const char *RetcodeToName(Retcode rc);

#define RETCODE_HR_FMT "%s (%s)"
#define RETCODE_HR_PARAMS(rc) \
	RetcodeToName((Retcode)(rc)), RetcodeToStr((Retcode)(rc))

#ifdef __cplusplus
}
#endif

#endif
