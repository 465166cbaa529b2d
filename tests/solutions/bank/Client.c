/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* One program of three classes: what it may hear is the policy's. */
#include <assert.h>
#include <coresrv/entity/entity_api.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/countof.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <bank/IVault.idl.h>

static struct bank_IVault_proxy proxy;

static void withdraw(nk_sint64_t amount)
{
	char buffer[bank_IVault_Withdraw_res_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	bank_IVault_Withdraw_req req;
	bank_IVault_Withdraw_res res;
	nk_err_t err;

	nk_req_reset(&req);
	req.amount = amount;
	err = bank_IVault_Withdraw(&proxy.base, &req, NK_NULL, &res, &arena);
	printf("withdraw %lld: ", (long long)amount);
	if (err != NK_EOK)
		printf("%s\n", RetcodeToName((Retcode)err));
	else if (nk_msg_check_err(&res.base_))
		printf("%s (%u), at most %lld\n",
		       nk_arena_get(nk_char_t, &arena, &res.err_.reason.text,
				    NULL),
		       res.err_.reason.code, (long long)res.err_.limit);
	else
		printf("%lld left\n", (long long)res.rest);
}

int main(void)
{
	static const nk_sint64_t amounts[] = { 400, -1, 2000, 4000, 6000 };
	Handle handle = ServiceLocatorConnect("vault");
	NkKosTransport transport;
	bank_IVault_Burn_req req;
	bank_IVault_Burn_res res;
	nk_err_t err;

	assert(handle != INVALID_HANDLE);
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	bank_IVault_proxy_init(&proxy, &transport.base,
			       ServiceLocatorGetRiid(handle, "vault"));
	for (nk_size_t i = 0; i < rtl_countof(amounts); i++)
		withdraw(amounts[i]);

	nk_req_reset(&req);
	err = bank_IVault_Burn(&proxy.base, &req, NK_NULL, &res, NK_NULL);
	printf("burn: %s", RetcodeToName((Retcode)err));
	if (err == NK_EOK)
		printf(nk_msg_check_err(&res.base_) ? ", error %u\n" : ", %u\n",
		       res.err_.code);
	else
		printf("\n");
	for (nk_uint8_t how = 0; how < 3; how++) {
		bank_IVault_Silent_req ask = { .how = how };
		bank_IVault_Silent_res answer;

		err = bank_IVault_Silent(&proxy.base, &ask, NK_NULL, &answer,
					 NK_NULL);
		printf("silent %u: %s\n", how,
		       err == NK_EOK && nk_msg_check_err(&answer.base_) ?
		       "error" : RetcodeToName((Retcode)err));
	}
	EntityExit(0);
}
