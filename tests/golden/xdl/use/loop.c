/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Proxy and dispatch put together without a socket: what a client's stub sends,
 * a server's dispatch takes apart, with the checks of both sides. Prints what
 * came about and ends with 0 if all of it was right.
 */
#include <stdio.h>
#include <string.h>

#include <shop/Shop.edl.h>

#define CHECK(condition) \
	do { \
		if (!(condition)) { \
			printf("%d: %s\n", __LINE__, #condition); \
			failures++; \
		} \
	} while (0)

static int failures;
static struct shop_Shop_entity shop;
static int spoil;		/* the next request is changed on its way */

static nk_err_t ping(struct echo_Ping *self, const echo_Ping_Ping_req *req,
		     const struct nk_arena *req_arena, echo_Ping_Ping_res *res,
		     struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	(void)res_arena;
	res->result = req->value + 1;
	return NK_EOK;
}

static nk_err_t lists(struct all_Everything *self,
		      const all_Everything_Lists_req *req,
		      const struct nk_arena *req_arena,
		      all_Everything_Lists_res *res, struct nk_arena *res_arena)
{
	nk_uint64_t sum = 0;
	nk_size_t n, m, i;
	all_Types_Record *records;
	all_Types_Kind *kinds;
	nk_uint16_t *numbers;
	char *name;

	(void)self;
	numbers = nk_arena_get(nk_uint16_t, req_arena, &req->numbers, &n);
	for (i = 0; i < n; i++)
		sum += numbers[i];
	records = nk_arena_get(all_Types_Record, req_arena, &req->records, &n);
	CHECK(n == 1);
	name = nk_arena_get(nk_char_t, req_arena, &records[0].name, &m);
	CHECK(m == 3 && !strcmp(name, "ab"));
	CHECK(records[0].kind.tag_ == all_Types_Kind_large_tag);
	CHECK(records[0].kind.large == -7);
	kinds = nk_arena_alloc(all_Types_Kind, res_arena, &res->kinds, 2);
	if (!kinds)
		return NK_ENOMEM;
	kinds[0].tag_ = all_Types_Kind_text_tag;
	if (nk_arena_store(nk_char_t, res_arena, &kinds[0].text, "xyz", 4) !=
	    NK_EOK)
		return NK_ENOMEM;
	kinds[1].tag_ = all_Types_Kind_point_tag;
	kinds[1].point.x = 1;
	kinds[1].point.y = -1;
	return nk_arena_store(nk_uint64_t, res_arena, &res->one, &sum, 1);
}

static nk_err_t fails(struct all_Everything *self,
		      const all_Everything_Fails_req *req,
		      const struct nk_arena *req_arena,
		      all_Everything_Fails_res *res, struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	if (req->n == 2)
		return NK_EFAIL;
	res->n = 17;
	if (req->n == 0)
		return NK_EOK;
	nk_err_reset(res);
	res->err_.reason = 5;
	return nk_arena_store(nk_char_t, res_arena, &res->err_.why, "one", 4);
}

static nk_err_t call(struct nk_transport *transport,
		     const struct nk_message *head, const void *fixed,
		     const struct nk_arena *req_arena,
		     const struct nk_answer *answer, struct nk_message *res,
		     struct nk_arena *res_arena)
{
	static shop_Shop_entity_req server_req;
	static shop_Shop_entity_res server_res;
	nk_err_t result;

	(void)transport;
	nk_req_reset(&server_req);
	server_req.base_ = *head;
	server_req.base_.call = 1;
	memcpy(&server_req.base_ + 1, fixed, head->size - sizeof(*head));
	if (spoil)
		memset(&server_req.base_ + 1, 0x7f, head->size - sizeof(*head));
	result = shop_Shop_entity_dispatch(&shop, &server_req.base_, req_arena,
					   &server_res.base_, res_arena);
	if (server_res.base_.flags & NK_MESSAGE_FAILED)
		return result;
	CHECK(server_res.base_.part == answer->res ||
	      server_res.base_.part == answer->err);
	CHECK(sizeof(*res) + server_res.base_.part->size <= answer->size);
	memcpy(res, &server_res,
	       sizeof(*res) + server_res.base_.part->size);
	return result;
}

static const struct nk_transport_ops loop_ops = { .call = call };
static struct nk_transport loop = { &loop_ops };

static void ask_ping(nk_iid_t riid, nk_err_t expected)
{
	struct echo_Ping_proxy proxy;
	echo_Ping_Ping_req req;
	echo_Ping_Ping_res res;

	echo_Ping_proxy_init(&proxy, &loop, riid);
	nk_req_reset(&req);
	req.value = 41;
	CHECK(echo_Ping_Ping(&proxy.base, &req, NULL, &res, NULL) == expected);
	CHECK(expected != NK_EOK || (res.result == 42 && res.res_.result == 42));
}

static void ask_lists(struct all_Everything *self)
{
	static char req_buffer[all_Everything_Lists_req_arena_size];
	static char res_buffer[all_Everything_Lists_res_arena_size];
	struct nk_arena req_arena = NK_ARENA_AUTO(req_buffer);
	struct nk_arena res_arena = NK_ARENA_AUTO(res_buffer);
	static const nk_uint16_t numbers[] = { 1, 2, 3 };
	all_Everything_Lists_req req;
	all_Everything_Lists_res res;
	all_Types_Record *record;
	all_Types_Kind *kinds;
	nk_uint64_t *one;
	nk_size_t n;

	nk_req_reset(&req);
	CHECK(nk_arena_store(nk_uint16_t, &req_arena, &req.numbers, numbers, 3) ==
	      NK_EOK);
	record = nk_arena_alloc(all_Types_Record, &req_arena, &req.records, 1);
	memset(record, 0, sizeof(*record));
	CHECK(nk_arena_store(nk_char_t, &req_arena, &record->name, "ab", 3) ==
	      NK_EOK);
	record->kind.tag_ = all_Types_Kind_large_tag;
	record->kind.large = -7;
	CHECK(all_Everything_Lists(self, &req, &req_arena, &res, &res_arena) ==
	      NK_EOK);
	kinds = nk_arena_get(all_Types_Kind, &res_arena, &res.res_.kinds, &n);
	CHECK(n == 2 && kinds[1].point.y == -1);
	CHECK(!strcmp(nk_arena_get(nk_char_t, &res_arena, &kinds[0].text, &n),
		      "xyz"));
	one = nk_arena_get(nk_uint64_t, &res_arena, &res.one, &n);
	CHECK(n == 1 && *one == 6);

	/* A tag that names no member, chunks that lead anywhere. */
	record->kind.tag_ = 5;
	CHECK(all_Everything_Lists(self, &req, &req_arena, &res, &res_arena) ==
	      NK_EBADMSG);
	record->kind.tag_ = all_Types_Kind_large_tag;
	spoil = 1;
	CHECK(all_Everything_Lists(self, &req, &req_arena, &res, &res_arena) ==
	      NK_EBADMSG);
	spoil = 0;
}

static void ask_fails(struct all_Everything *self)
{
	char buffer[all_Everything_Fails_res_arena_size];
	struct nk_arena arena = NK_ARENA_AUTO(buffer);
	all_Everything_OnlyFails_req unimplemented;
	all_Everything_OnlyFails_res nothing;
	all_Everything_Fails_req req;
	all_Everything_Fails_res res;
	nk_size_t n;

	nk_req_reset(&req);
	CHECK(all_Everything_Fails(self, &req, NULL, &res, &arena) == NK_EOK);
	CHECK(!nk_msg_check_err(&res.base_) && res.n == 17);
	req.n = 1;
	CHECK(all_Everything_Fails(self, &req, NULL, &res, &arena) == NK_EOK);
	CHECK(nk_msg_check_err(&res.base_) && res.err_.reason == 5);
	CHECK(!strcmp(nk_arena_get(nk_char_t, &arena, &res.err_.why, &n), "one"));
	req.n = 2;
	CHECK(all_Everything_Fails(self, &req, NULL, &res, &arena) == NK_EFAIL);
	nk_req_reset(&unimplemented);
	CHECK(all_Everything_OnlyFails(self, &unimplemented, NULL, &nothing,
				       NULL) == NK_ENOENT);
}

int main(void)
{
	static const struct echo_Ping_ops ping_ops = { .Ping = ping };
	static const struct all_Everything_ops everything_ops = {
		.Lists = lists, .Fails = fails
	};
	static const struct all_Empty_ops empty_ops = { NULL };
	struct echo_Ping pinged = { &ping_ops };
	struct all_Everything everything = { &everything_ops };
	struct all_Empty empty = { &empty_ops };
	struct all_Everything_proxy proxy;
	struct shop_Leaf_component leaf;
	struct shop_Branch_component branch;
	struct shop_Nothing_component none;

	shop_Leaf_component_init(&leaf, &pinged, &everything);
	shop_Branch_component_init(&branch, &leaf, &empty);
	shop_Nothing_component_init(&none);
	shop_Shop_entity_init(&shop, &branch, &branch, &none, &leaf, &pinged,
			      &everything);
	ask_ping(shop_Shop_own_iid, NK_EOK);
	ask_ping(shop_Shop_right_leaf_one_iid, NK_EOK);
	ask_ping(shop_Shop_left_interface_iid, NK_ENOENT);
	ask_ping(shop_Shop_left_iid + 1, NK_ENOENT);
	all_Everything_proxy_init(&proxy, &loop, shop_Shop_leaf_two_iid);
	ask_lists(&proxy.base);
	ask_fails(&proxy.base);
	printf("%d wrong\n", failures);
	return failures != 0;
}
