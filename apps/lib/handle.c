/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include <coresrv/handle/handle_api.h>

#include "end.h"
#include "hello.h"

Retcode KnHandleClose(Handle handle)
{
	struct end *end = end_get(handle);
	bool closed;

	/* Closing descriptor 3 would make this process look dead. */
	closed = end && end->fd != hello_kernel_fd && end_close(end);
	end_put(end);
	return closed ? rcOk : rcInvalidArgument;
}
