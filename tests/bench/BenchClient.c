/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* BenchClient small|large ROUNDS DELAY_US: round trips through the daemon. */
#include <bench/Echo.idl.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/retcode_hr.h>
#include <string.h>

#include "sample.h"

#define LARGE 61440u

static struct sample sample;
static char req_bytes[bench_Echo_Large_req_arena_size];
static char res_bytes[bench_Echo_Large_res_arena_size];

static void fail(const char *what, nk_err_t error)
{
	fprintf(stderr, "%s: " RETCODE_HR_FMT "\n", what,
		RETCODE_HR_PARAMS(error));
	exit(1);
}

static void small(struct bench_Echo_proxy *proxy, uint32_t delay_us)
{
	bench_Echo_Small_req req;
	bench_Echo_Small_res res;

	nk_req_reset(&req);
	memset(req.payload, 0, sizeof(req.payload));
	while (sample.i < sample.n) {
		nk_err_t error;

		memcpy(req.payload, &sample.i, sizeof(sample.i));
		sample_begin(&sample);
		error = bench_Echo_Small(&proxy->base, &req, NK_NULL, &res,
					 NK_NULL);
		sample_delay(delay_us);
		if (error != NK_EOK)
			fail("Small", error);
		if (memcmp(res.answer, &sample.i, sizeof(sample.i)) != 0)
			fail("another answer", NK_EBADMSG);
		sample_end(&sample);
	}
}

static void large(struct bench_Echo_proxy *proxy, uint32_t delay_us)
{
	struct nk_arena req_arena = NK_ARENA_INITIALIZER(req_bytes, req_bytes +
							 sizeof(req_bytes));
	struct nk_arena res_arena = NK_ARENA_INITIALIZER(res_bytes, res_bytes +
							 sizeof(res_bytes));
	bench_Echo_Large_req req;
	bench_Echo_Large_res res;
	nk_uint8_t *payload, *answer;
	nk_size_t n;

	nk_req_reset(&req);
	payload = nk_arena_alloc(nk_uint8_t, &req_arena, &req.payload, LARGE);
	if (!payload)
		fail("arena", NK_ENOMEM);
	while (sample.i < sample.n) {
		nk_err_t error;

		memcpy(payload, &sample.i, sizeof(sample.i));
		sample_begin(&sample);
		nk_arena_reset(&res_arena);
		error = bench_Echo_Large(&proxy->base, &req, &req_arena, &res,
					 &res_arena);
		sample_delay(delay_us);
		if (error != NK_EOK)
			fail("Large", error);
		answer = nk_arena_get(nk_uint8_t, &res_arena, &res.answer, &n);
		if (!answer || n != LARGE ||
		    memcmp(answer, &sample.i, sizeof(sample.i)) != 0)
			fail("another answer", NK_EBADMSG);
		sample_end(&sample);
	}
}

int main(int argc, char **argv)
{
	struct bench_Echo_proxy proxy;
	NkKosTransport transport;
	uint32_t delay_us;
	Handle handle;
	nk_iid_t riid;

	if (argc != 4)
		return 2;
	sample.n = sample_number(argv[2], SAMPLE_MAX);
	delay_us = sample_number(argv[3], 1000000);
	handle = ServiceLocatorConnect("pair");
	riid = ServiceLocatorGetRiid(handle, "echo");
	if (handle == INVALID_HANDLE || riid == INVALID_RIID)
		return 3;
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	bench_Echo_proxy_init(&proxy, &transport.base, riid);
	if (strcmp(argv[1], "large") == 0)
		large(&proxy, delay_us);
	else
		small(&proxy, delay_us);
	sample_print(&sample);
	return 0;
}
