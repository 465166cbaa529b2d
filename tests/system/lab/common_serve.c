/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define METHOD(name) \
	static nk_err_t name(struct lab_IWork *self, \
			     const lab_IWork_##name##_req *req, \
			     const struct nk_arena *req_arena nk_unused, \
			     lab_IWork_##name##_res *res nk_unused, \
			     struct nk_arena *res_arena nk_unused)

METHOD(Add)
{
	(void)self;
	res->sum = (nk_sint32_t)((nk_uint32_t)req->a + (nk_uint32_t)req->b);
	return NK_EOK;
}

METHOD(Repeat)
{
	nk_size_t n;
	const char *text = nk_arena_get(nk_char_t, req_arena, &req->text, &n);

	(void)self;
	return text ? nk_arena_store(nk_char_t, res_arena, &res->back, text, n) :
		      NK_EOK;
}

METHOD(Resize)
{
	(void)self;
	res->same = req->width;
	return NK_EOK;
}

METHOD(Divide)
{
	static const char why[] = "division by zero";

	(void)self;
	if (req->b == 0) {
		nk_err_reset(res);
		res->err_.code = 33;
		return nk_arena_store(nk_char_t, res_arena, &res->err_.why, why,
				      sizeof(why));
	}
	res->quotient = req->a / req->b;
	return NK_EOK;
}

METHOD(Fail)
{
	(void)self;
	(void)req;
	return NK_EFAIL;
}

METHOD(Sleep)
{
	(void)self;
	KnSleep(req->ms);
	res->slept = req->ms;
	return NK_EOK;
}

METHOD(Die)
{
	(void)self;
	if (req->how == 1)
		abort();
	_exit(req->how == 2 ? 5 : 0);
}

METHOD(Take)
{
	nk_size_t n = 0;
	const nk_uint8_t *data = nk_arena_get(nk_uint8_t, req_arena, &req->data,
					      &n);

	(void)self;
	res->size = (nk_uint32_t)n;
	for (nk_size_t i = 0; i < n; i++)
		res->sum += data[i];
	return NK_EOK;
}

METHOD(Fill)
{
	nk_uint8_t *data;

	(void)self;
	if (req->n == 0)
		return NK_EOK;
	data = nk_arena_alloc(nk_uint8_t, res_arena, &res->data, req->n);
	if (!data)
		return NK_ENOMEM;
	memset(data, 'x', req->n);
	return NK_EOK;
}

METHOD(Relay)
{
	NkKosTransport transport;
	struct lab_IWork_proxy proxy;
	char name[lab_IWork_TextMax + 1], *rest;
	nk_size_t n;
	const char *path = nk_arena_get(nk_char_t, req_arena, &req->path, &n);
	nk_uint32_t inner = 0;
	nk_err_t error;
	Handle handle;
	int sum = 0;

	(void)self;
	if (!path || n > sizeof(name))
		return NK_EINVAL;
	memcpy(name, path, n);
	rest = strchr(name, '/');
	if (rest)
		*rest++ = '\0';
	handle = ServiceLocatorConnect(name);
	if (handle == INVALID_HANDLE)
		return NK_ENOENT;
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	lab_IWork_proxy_init(&proxy, &transport.base,
			     ServiceLocatorGetRiid(handle, "work"));
	error = rest ? relay(&proxy, rest, req->a, req->b, &sum, &inner) :
		       add(&proxy, req->a, req->b, &sum);
	res->sum = sum;
	res->status = error != NK_EOK ? (nk_uint32_t)error : inner;
	return NK_EOK;
}

static const struct lab_IWork_ops ops = {
	.Add = Add, .Repeat = Repeat, .Resize = Resize, .Divide = Divide,
	.Fail = Fail, .Sleep = Sleep, .Die = Die, .Take = Take, .Fill = Fill,
	.Relay = Relay
};

nk_err_t serve(Handle handle, long n)
{
	static lab_Server_entity_req req;
	static lab_Server_entity_res res;
	static char req_buffer[lab_Server_entity_req_arena_size];
	static char res_buffer[lab_Server_entity_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_AUTO(req_buffer);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_buffer);
	struct lab_IWork impl = { .ops = &ops };
	lab_Server_entity entity;
	NkKosTransport transport;

	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	lab_Server_entity_init(&entity, &impl);
	for (long i = 0; n == 0 || i < n; i++) {
		nk_err_t error;

		nk_req_reset(&req);
		nk_arena_reset(&req_arena);
		nk_arena_reset(&res_arena);
		error = nk_transport_recv(&transport.base, &req.base_,
					  &req_arena);
		if (error == NK_ENOTCONN || error == NK_EINVAL)
			return error;
		if (error != NK_EOK)
			continue;
		lab_Server_entity_dispatch(&entity, &req.base_, &req_arena,
					   &res.base_, &res_arena);
		error = nk_transport_reply(&transport.base, &res.base_,
					   &res_arena);
		if (error != NK_EOK)
			printf("reply: %s\n", result_name((int)error));
	}
	return NK_EOK;
}
