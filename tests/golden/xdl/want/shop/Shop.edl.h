/* Made by dkc from shop/Shop.edl: do not edit. */
#if defined(NK_USE_UNQUALIFIED_NAMES) && !defined(shop_Shop_edl_h_UNQUALIFIED)
#define shop_Shop_edl_h_UNQUALIFIED
#define Shop_left_leaf_one_iid shop_Shop_left_leaf_one_iid
#define Shop_left_leaf_two_iid shop_Shop_left_leaf_two_iid
#define Shop_left_interface_iid shop_Shop_left_interface_iid
#define Shop_right_leaf_one_iid shop_Shop_right_leaf_one_iid
#define Shop_right_leaf_two_iid shop_Shop_right_leaf_two_iid
#define Shop_right_interface_iid shop_Shop_right_interface_iid
#define Shop_leaf_one_iid shop_Shop_leaf_one_iid
#define Shop_leaf_two_iid shop_Shop_leaf_two_iid
#define Shop_own_iid shop_Shop_own_iid
#define Shop_left_iid shop_Shop_left_iid
#define Shop_entity_req_arena_size shop_Shop_entity_req_arena_size
#define Shop_entity_res_arena_size shop_Shop_entity_res_arena_size
#define Shop_entity shop_Shop_entity
#define Shop_entity_init shop_Shop_entity_init
#define Shop_entity_req shop_Shop_entity_req
#define Shop_entity_res shop_Shop_entity_res
#define Shop_entity_dispatch shop_Shop_entity_dispatch
#endif

#ifndef shop_Shop_edl_h
#define shop_Shop_edl_h

#include <nk/transport.h>
#include <shop/Branch.cdl.h>
#include <shop/Nothing.cdl.h>
#include <shop/Leaf.cdl.h>
#include <echo/Ping.idl.h>
#include <all/Everything.idl.h>

/* Endpoints. */
enum {
	shop_Shop_left_leaf_one_iid = 0,
	shop_Shop_left_leaf_two_iid = 1,
	shop_Shop_left_interface_iid = 2,
	shop_Shop_right_leaf_one_iid = 3,
	shop_Shop_right_leaf_two_iid = 4,
	shop_Shop_right_interface_iid = 5,
	shop_Shop_leaf_one_iid = 6,
	shop_Shop_leaf_two_iid = 7,
	shop_Shop_own_iid = 8,
	shop_Shop_left_iid = 9,
};

#define shop_Shop_entity_req_arena_size 16655u
#define shop_Shop_entity_res_arena_size 1103u

struct shop_Shop_entity {
	struct shop_Branch_component *left_component;
	struct shop_Branch_component *right_component;
	struct shop_Nothing_component *none_component;
	struct shop_Leaf_component *leaf_component;
	struct echo_Ping *own_impl;
	struct all_Everything *left_impl;
};
typedef struct shop_Shop_entity shop_Shop_entity;

static inline void shop_Shop_entity_init(
		struct shop_Shop_entity *self,
		struct shop_Branch_component *left_component,
		struct shop_Branch_component *right_component,
		struct shop_Nothing_component *none_component,
		struct shop_Leaf_component *leaf_component,
		struct echo_Ping *own_impl,
		struct all_Everything *left_impl)
{
	self->left_component = left_component;
	self->right_component = right_component;
	self->none_component = none_component;
	self->leaf_component = leaf_component;
	self->own_impl = own_impl;
	self->left_impl = left_impl;
}

union shop_Shop_entity_req {
	struct nk_message base_;
	union shop_Branch_component_req left_component;
	union shop_Branch_component_req right_component;
	union shop_Nothing_component_req none_component;
	union shop_Leaf_component_req leaf_component;
	union echo_Ping_req own_impl;
	union all_Everything_req left_impl;
};
typedef union shop_Shop_entity_req shop_Shop_entity_req;

union shop_Shop_entity_res {
	struct nk_message base_;
	union shop_Branch_component_res left_component;
	union shop_Branch_component_res right_component;
	union shop_Nothing_component_res none_component;
	union shop_Leaf_component_res leaf_component;
	union echo_Ping_res own_impl;
	union all_Everything_res left_impl;
};
typedef union shop_Shop_entity_res shop_Shop_entity_res;

static inline nk_err_t shop_Shop_entity_dispatch(
		struct shop_Shop_entity *self,
		const struct nk_message *req,
		const struct nk_arena *req_arena,
		struct nk_message *res,
		struct nk_arena *res_arena)
{
	switch (req->riid) {
	case shop_Shop_left_leaf_one_iid:
		return echo_Ping_dispatch(
			self->left_component->leaf_component->one_impl,
			req, req_arena, res, res_arena);
	case shop_Shop_left_leaf_two_iid:
		return all_Everything_dispatch(
			self->left_component->leaf_component->two_impl,
			req, req_arena, res, res_arena);
	case shop_Shop_left_interface_iid:
		return all_Empty_dispatch(
			self->left_component->interface_impl,
			req, req_arena, res, res_arena);
	case shop_Shop_right_leaf_one_iid:
		return echo_Ping_dispatch(
			self->right_component->leaf_component->one_impl,
			req, req_arena, res, res_arena);
	case shop_Shop_right_leaf_two_iid:
		return all_Everything_dispatch(
			self->right_component->leaf_component->two_impl,
			req, req_arena, res, res_arena);
	case shop_Shop_right_interface_iid:
		return all_Empty_dispatch(
			self->right_component->interface_impl,
			req, req_arena, res, res_arena);
	case shop_Shop_leaf_one_iid:
		return echo_Ping_dispatch(
			self->leaf_component->one_impl,
			req, req_arena, res, res_arena);
	case shop_Shop_leaf_two_iid:
		return all_Everything_dispatch(
			self->leaf_component->two_impl,
			req, req_arena, res, res_arena);
	case shop_Shop_own_iid:
		return echo_Ping_dispatch(
			self->own_impl,
			req, req_arena, res, res_arena);
	case shop_Shop_left_iid:
		return all_Everything_dispatch(
			self->left_impl,
			req, req_arena, res, res_arena);
	}
	return nk_dispatch_unknown(req, res);
}

#endif
