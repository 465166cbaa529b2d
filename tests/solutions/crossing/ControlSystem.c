/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Every request that the policy grants, and every one that it does not. */
#define NK_USE_UNQUALIFIED_NAMES

#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/countof.h>
#include <rtl/retcode_hr.h>
#include <rtl/string.h>
#include <stdio.h>
#include <stdlib.h>
#include <traffic_light/IEvents.idl.h>
#include <traffic_light/IMode.idl.h>

static struct IMode_proxy lights, other;
static struct IEvents_proxy events;

static const char *name(nk_err_t err)
{
	return RetcodeToName((Retcode)err);
}

static void set(struct IMode *to, IMode_Mode mode)
{
	IMode_FSet_req req;
	IMode_FSet_res res;
	nk_err_t err;

	nk_req_reset(&req);
	req.value = mode;
	err = IMode_FSet(to, &req, RTL_NULL, &res, RTL_NULL);
	printf("FSet 0x%x: %s", mode, name(err));
	printf(err == NK_EOK ? " 0x%x\n" : "\n", res.result);
}

static void get(void)
{
	IMode_FGet_req req;
	IMode_FGet_res res;
	nk_err_t err;

	nk_req_reset(&req);
	err = IMode_FGet(&lights.base, &req, RTL_NULL, &res, RTL_NULL);
	printf("FGet: %s\n", name(err));
}

static void small(nk_uint8_t u8, nk_sint8_t s8, nk_uint16_t u16,
		  nk_sint16_t s16)
{
	IEvents_Small_req req = { .u8 = u8, .s8 = s8, .u16 = u16, .s16 = s16 };
	IEvents_Small_res res;

	printf("small %u %d %u %d: %s\n", u8, s8, u16, s16,
	       name(IEvents_Small(&events.base, &req, RTL_NULL, &res,
				  RTL_NULL)));
}

static void large(nk_uint32_t u32, nk_sint32_t s32, nk_uint64_t u64,
		  nk_sint64_t s64, nk_uint64_t size)
{
	IEvents_Large_req req = {
		.u32 = u32, .s32 = s32, .u64 = u64, .s64 = s64, .size = size
	};
	IEvents_Large_res res;

	printf("large %u %d %llx %llx %llx: %s\n", u32, s32,
	       (unsigned long long)u64, (unsigned long long)s64,
	       (unsigned long long)size,
	       name(IEvents_Large(&events.base, &req, RTL_NULL, &res,
				  RTL_NULL)));
}

static void say(nk_uint8_t code, const char *text, const char *from)
{
	char buffer[IEvents_Say_req_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	IEvents_Say_req req;
	IEvents_Say_res res;
	nk_err_t err = NK_EOK;

	nk_req_reset(&req);
	req.event.code = code;
	if (text)
		err = nk_arena_store(nk_char_t, &arena, &req.event.text, text,
				     rtl_strlen(text) + 1);
	if (err == NK_EOK && from)
		err = nk_arena_store(nk_char_t, &arena, &req.from, from,
				     rtl_strlen(from) + 1);
	if (err == NK_EOK)
		err = IEvents_Say(&events.base, &req, &arena, &res, RTL_NULL);
	printf("say %u %s %s: %s\n", code, text ? text : "-",
	       from ? from : "-", name(err));
}

static void raw(const nk_uint16_t *numbers, nk_size_t n)
{
	char buffer[IEvents_Raw_req_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	IEvents_Raw_req req;
	IEvents_Raw_res res;
	nk_err_t err;

	nk_req_reset(&req);
	err = nk_arena_store(nk_uint8_t, &arena, &req.raw, "abc", 3);
	if (err == NK_EOK)
		err = nk_arena_store(nk_uint16_t, &arena, &req.numbers, numbers,
				     n);
	if (err == NK_EOK)
		err = IEvents_Raw(&events.base, &req, &arena, &res, RTL_NULL);
	printf("raw %zu: %s\n", (size_t)n, name(err));
}

int main(void)
{
	static const nk_uint32_t modes[] = {
		IMode_Direction1Red + IMode_Direction2Green,
		IMode_Direction1Yellow | IMode_Direction2Yellow,
		IMode_Direction1Green | IMode_Direction2Green,
		IMode_Direction1Blink | IMode_Direction2Blink | 0x10,
		0,
	};
	static const nk_uint16_t numbers[] = { 1, 2, 500, 4, 5 };
	NkKosTransport one, two;
	Handle handle = ServiceLocatorConnect("lights");
	nk_iid_t riid = ServiceLocatorGetRiid(handle, "lights.mode");

	if (handle == INVALID_HANDLE || riid == INVALID_RIID)
		return EXIT_FAILURE;
	NkKosTransport_Init(&one, handle, NK_NULL, 0);
	IMode_proxy_init(&lights, &one.base, riid);
	handle = ServiceLocatorConnect("diagnostics");
	NkKosTransport_Init(&two, handle, NK_NULL, 0);
	IMode_proxy_init(&other, &two.base,
			 ServiceLocatorGetRiid(handle, "mode"));
	IEvents_proxy_init(&events, &two.base,
			   ServiceLocatorGetRiid(handle, "events"));

	for (nk_size_t i = 0; i < rtl_countof(modes); i++) {
		set(&lights.base, modes[i]);
		get();
	}
	set(&other.base, 1);		/* the lights may, we may not */

	small(255, -128, 65535, -1);
	small(9, 1, 0xff00, -32768);
	small(10, 1, 0xff00, -1);
	small(9, 0, 0xff00, -1);
	small(9, 1, 0xfeff, -1);
	small(9, 1, 0xff00, 0);
	small(9, 127, 0xff00, -127);

	large(1, 0, 7, -1, 7);
	large(4294967295u, -2147483647, ~0ull, 1ll << 62, ~0ull);
	large(0, 0, 7, 0, 7);
	large(1, -1, ~1ull, 0, ~1ull);
	large(1, -2147483647 - 1, ~0ull, 0, ~0ull);	/* abs overflows */
	large(1, 0, 7, (nk_sint64_t)(1ull << 63), 7);
	large(1, 0, 8, 0, 7);				/* 7 - 8 overflows */

	say(1, "green", "control");
	say(13, "green", "control");
	say(1, "", "control");
	say(1, "green", "Control");
	say(1, NULL, "control");
	say(1, "green", NULL);
	raw(numbers, 4);
	raw(numbers, 2);		/* there is no numbers[2] */
	raw(numbers, 5);		/* more than the interface says */
	raw(numbers + 1, 3);
	return EXIT_SUCCESS;
}
