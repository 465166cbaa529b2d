/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* One program of three classes: what each may do, the security module says. */
#include <dk/security.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>

#include <crane/ISafety.idl.h>

static struct crane_ISafety_proxy proxy;

static void say(const char *what, nk_err_t err)
{
	printf("%s: %s\n", what, RetcodeToName((Retcode)err));
}

static nk_err_t may_lift(nk_uint32_t kilos, const char *place, nk_size_t size)
{
	char buffer[crane_ISafety_Lift_req_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	crane_ISafety_Lift_req req;
	crane_ISafety_Lift_res res;

	nk_req_reset(&req);
	req.kilos = kilos;
	if (nk_arena_store(char, &arena, &req.place, place, size) != NK_EOK)
		return NK_ENOMEM;
	return crane_ISafety_Lift(&proxy.base, &req, &arena, &res, NK_NULL);
}

static nk_err_t may_swing(nk_sint16_t degrees)
{
	crane_ISafety_Swing_req req;
	crane_ISafety_Swing_res res;

	nk_req_reset(&req);
	req.degrees = degrees;
	return crane_ISafety_Swing(&proxy.base, &req, NK_NULL, &res, NK_NULL);
}

static nk_err_t may_demolish(void)
{
	crane_ISafety_Demolish_req req;
	crane_ISafety_Demolish_res res;

	nk_req_reset(&req);
	return crane_ISafety_Demolish(&proxy.base, &req, NK_NULL, &res,
				      NK_NULL);
}

/* What is asked as Lift(place) without Lift's string at its place. */
static nk_err_t send_nonsense(NkKosTransport *transport)
{
	struct { struct nk_message base_; nk_uint64_t words[2]; } req;
	struct nk_message res;

	nk_req_reset(&req);
	nk_req_reset(&res);
	req.base_.mid = crane_ISafety_Lift_mid;
	req.words[0] = 0xffffffff00000001;	/* a place far beyond the arena */
	req.words[1] = 8;
	return nk_transport_call(&transport->base, &req.base_, NK_NULL, &res,
				 NK_NULL);
}

int main(void)
{
	NkKosTransport transport;

	if (dk_security_init(&transport) != rcOk)
		return 1;
	crane_ISafety_proxy_init(&proxy, &transport.base, DK_SECURITY_RIID);
	say("lift 500 in the yard", may_lift(500, "yard", 5));
	say("lift 501 in the yard", may_lift(501, "yard", 5));
	say("lift 1 over the street", may_lift(1, "street", 7));
	say("swing 90", may_swing(90));
	say("swing -91", may_swing(-91));
	say("demolish", may_demolish());
	say("nonsense", send_nonsense(&transport));
	say("swing 0", may_swing(0));
	return 0;
}
