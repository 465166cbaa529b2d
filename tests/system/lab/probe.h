/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The two halves of the probe: who asks (probe.c) and who serves (serve.h). */
#ifndef LAB_PROBE_H
#define LAB_PROBE_H

#include <coresrv/cm/cm_api.h>
#include <coresrv/handle/handle_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/sl/sl_api.h>
#include <coresrv/time/time_api.h>
#include <dirent.h>
#include <lab/Server.edl.h>
#include <rtl/retcode.h>
#include <rtl/retcode_hr.h>

const char *result_name(int result);
nk_err_t add(struct lab_IWork_proxy *to, int a, int b, int *sum);
nk_err_t relay(struct lab_IWork_proxy *to, const char *path, int a, int b,
	       int *sum, nk_uint32_t *status);

/* Serves N requests (0: until the end) that come through HANDLE. */
nk_err_t serve(Handle handle, long n);

#endif
