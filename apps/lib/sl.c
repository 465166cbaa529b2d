/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The service locator, and what a process is called: answers from the hello. */

#include <coresrv/sl/sl_api.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <coresrv/entity/entity_api.h>

#include "end.h"
#include "hello.h"

/* A handle that the program has closed since is none. */
static Handle if_open(Handle handle)
{
	struct end *end = end_get(handle);

	end_put(end);
	return end ? handle : INVALID_HANDLE;
}

static Handle find_channel(const char *channel, uint32_t side)
{
	const struct hello *hello = hello_get();

	if (!hello || !channel)
		return INVALID_HANDLE;
	for (uint32_t i = 0; i < hello->n_ends; i++) {
		if (hello->ends[i].side == side &&
		    !strcmp(hello->strings + hello->ends[i].name, channel))
			return if_open(hello_end_handle(i));
	}
	return INVALID_HANDLE;
}

Handle ServiceLocatorConnect(const char *channel)
{
	return find_channel(channel, WIRE_RIGHT_CALL);
}

Handle ServiceLocatorRegister(const char *channel, const char *type,
			      rtl_size_t n, ServiceId *iid)
{
	Handle handle = find_channel(channel, WIRE_RIGHT_LISTEN);
	const struct wire_endpoint *e = NULL;

	(void)n;
	if (handle != INVALID_HANDLE && type)
		e = hello_endpoint(hello_get(), WIRE_NONE, NULL, type);
	if (iid)
		*iid = e ? (ServiceId)e->riid : 0;
	return handle;
}

nk_iid_t ServiceLocatorGetRiid(Handle handle, const char *endpoint_path)
{
	const struct hello *hello = hello_get();
	const struct wire_endpoint *e = NULL;
	struct end *end = end_get(handle);
	nk_iid_t riid = INVALID_RIID;

	if (end && endpoint_path) {
		if (end->side == WIRE_RIGHT_LISTEN)
			e = hello ? hello_endpoint(hello, WIRE_NONE,
						   endpoint_path, NULL) : NULL;
		else if (end->static_end != WIRE_NONE)
			e = hello_endpoint(hello, end->static_end,
					   endpoint_path, NULL);
		else if (!strcmp(end->service, endpoint_path))
			riid = end->rsid;
		if (e)
			riid = (nk_iid_t)e->riid;
	}
	end_put(end);
	return riid;
}

const char *EntityTaskName(void)
{
	const struct hello *hello = hello_get();

	return hello ? hello->task : "";
}

const char *EntityClassName(void)
{
	const struct hello *hello = hello_get();

	return hello ? hello->class_name : "";
}

nk_sid_t EntitySid(void)
{
	const struct hello *hello = hello_get();

	return hello ? hello->sid : 0;
}

void EntityExit(int code)
{
	fflush(NULL);
	exit(code);
}
