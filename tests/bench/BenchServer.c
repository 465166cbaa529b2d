/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* BenchServer SIZE ROUNDS DELAY_US: answers; each answer DELAY_US later. */
#include <bench/Server.edl.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <string.h>

#include "sample.h"

static uint32_t delay_us;
static char req_bytes[bench_Server_entity_req_arena_size];
static char res_bytes[bench_Server_entity_res_arena_size];

static nk_err_t small_impl(nk_unused struct bench_Echo *self,
			   const bench_Echo_Small_req *req,
			   nk_unused const struct nk_arena *req_arena,
			   bench_Echo_Small_res *res,
			   nk_unused struct nk_arena *res_arena)
{
	sample_delay(delay_us);
	memcpy(res->answer, req->payload, sizeof(res->answer));
	return NK_EOK;
}

/* As the direct pair's server: the bytes are there, only the number is new. */
static nk_err_t large_impl(nk_unused struct bench_Echo *self,
			   const bench_Echo_Large_req *req,
			   const struct nk_arena *req_arena,
			   bench_Echo_Large_res *res,
			   struct nk_arena *res_arena)
{
	const nk_uint8_t *payload;
	nk_uint8_t *answer;
	nk_size_t n;

	sample_delay(delay_us);
	payload = nk_arena_get(nk_uint8_t, req_arena, &req->payload, &n);
	if (!payload || n < sizeof(uint32_t))
		return NK_EINVAL;
	answer = nk_arena_alloc(nk_uint8_t, res_arena, &res->answer, n);
	if (!answer)
		return NK_ENOMEM;
	memcpy(answer, payload, sizeof(uint32_t));
	return NK_EOK;
}

int main(int argc, char **argv)
{
	static const struct bench_Echo_ops ops = { .Small = small_impl,
						   .Large = large_impl };
	struct nk_arena req_arena = NK_ARENA_INITIALIZER(req_bytes, req_bytes +
							 sizeof(req_bytes));
	struct nk_arena res_arena = NK_ARENA_INITIALIZER(res_bytes, res_bytes +
							 sizeof(res_bytes));
	struct bench_Echo impl = { .ops = &ops };
	struct bench_Server_entity entity;
	bench_Server_entity_req req;
	bench_Server_entity_res res;
	NkKosTransport transport;
	ServiceId iid;
	Handle handle;

	if (argc != 4)
		return 2;
	delay_us = sample_number(argv[3], 1000000);
	handle = ServiceLocatorRegister("pair", NULL, 0, &iid);
	if (handle == INVALID_HANDLE)
		return 3;
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	bench_Server_entity_init(&entity, &impl);
	for (;;) {
		nk_err_t error;

		nk_req_reset(&req);
		nk_arena_reset(&req_arena);
		nk_arena_reset(&res_arena);
		error = nk_transport_recv(&transport.base, &req.base_,
					  &req_arena);
		if (error == NK_ENOTCONN)
			return 0;
		if (error != NK_EOK)
			continue;
		bench_Server_entity_dispatch(&entity, &req.base_, &req_arena,
					     &res.base_, &res_arena);
		nk_transport_reply(&transport.base, &res.base_, &res_arena);
	}
}
