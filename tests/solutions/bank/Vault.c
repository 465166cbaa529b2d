/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include <assert.h>
#include <coresrv/nk/transport-kos.h>
#include <coresrv/sl/sl_api.h>
#include <rtl/minmax.h>
#include <rtl/string.h>
#include <bank/Vault.edl.h>

static nk_err_t withdraw(nk_unused struct bank_IVault *self,
			 const bank_IVault_Withdraw_req *req,
			 nk_unused const struct nk_arena *req_arena,
			 bank_IVault_Withdraw_res *res,
			 struct nk_arena *res_arena)
{
	const nk_sint64_t have = 1000;
	const char *text = req->amount > 5000 ? "broke" : "too much";

	if (req->amount > have) {
		nk_err_reset(res);
		res->err_.reason.code = req->amount > 3000 ? 100 : 42;
		res->err_.limit = rtl_min(have, 900);
		return nk_arena_store(nk_char_t, res_arena,
				      &res->err_.reason.text, text,
				      rtl_strlen(text) + 1);
	}
	res->res_.rest = have - req->amount;
	return NK_EOK;
}

static nk_err_t burn(nk_unused struct bank_IVault *self,
		     nk_unused const bank_IVault_Burn_req *req,
		     nk_unused const struct nk_arena *req_arena,
		     bank_IVault_Burn_res *res,
		     nk_unused struct nk_arena *res_arena)
{
	nk_err_reset(res);
	res->err_.code = 7;
	return NK_EOK;
}

/* A method without error parameters that fails all the same. */
static nk_err_t silent(nk_unused struct bank_IVault *self,
		       const bank_IVault_Silent_req *req,
		       nk_unused const struct nk_arena *req_arena,
		       bank_IVault_Silent_res *res,
		       nk_unused struct nk_arena *res_arena)
{
	if (req->how == 1)
		return NK_EINVAL;
	if (req->how == 2)
		nk_err_reset(res);
	return NK_EOK;
}

int main(void)
{
	static const struct bank_IVault_ops ops = { withdraw, burn, silent };
	struct bank_IVault impl = { &ops };
	bank_Vault_entity entity;
	bank_Vault_entity_req req;
	bank_Vault_entity_res res;
	char buffer[bank_Vault_entity_res_arena_size];
	struct nk_arena res_arena = NK_ARENA_AUTO(buffer);
	NkKosTransport transport;
	ServiceId iid = INVALID_RIID;
	Handle handle = ServiceLocatorRegister("vault", "bank.IVault", 0, &iid);

	nk_assert(handle != INVALID_HANDLE);
	nk_assert(iid == bank_Vault_vault_iid);
	NkKosTransport_Init(&transport, handle, NK_NULL, 0);
	bank_Vault_entity_init(&entity, &impl);
	for (;;) {
		nk_req_reset(&req);
		nk_arena_reset(&res_arena);
		if (nk_transport_recv(&transport.base, &req.base_, RTL_NULL) !=
		    NK_EOK)
			continue;
		bank_Vault_entity_dispatch(&entity, &req.base_, RTL_NULL,
					   &res.base_, &res_arena);
		nk_transport_reply(&transport.base, &res.base_, &res_arena);
	}
}
