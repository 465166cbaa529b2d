/* Made by dkc from shop/Branch.cdl: do not edit. */
#if defined(NK_USE_UNQUALIFIED_NAMES) && !defined(shop_Branch_cdl_h_UNQUALIFIED)
#define shop_Branch_cdl_h_UNQUALIFIED
#define Branch_component shop_Branch_component
#define Branch_component_init shop_Branch_component_init
#define Branch_component_req shop_Branch_component_req
#define Branch_component_res shop_Branch_component_res
#endif

#ifndef shop_Branch_cdl_h
#define shop_Branch_cdl_h

#include <nk/transport.h>
#include <shop/Leaf.cdl.h>
#include <all/Empty.idl.h>
#include <all/Guard.idl.h>

struct shop_Branch_component {
	struct shop_Leaf_component *leaf_component;
	struct all_Empty *interface_impl;
};
typedef struct shop_Branch_component shop_Branch_component;

static inline void shop_Branch_component_init(
		struct shop_Branch_component *self,
		struct shop_Leaf_component *leaf_component,
		struct all_Empty *interface_impl)
{
	self->leaf_component = leaf_component;
	self->interface_impl = interface_impl;
}

union shop_Branch_component_req {
	struct nk_message base_;
	union shop_Leaf_component_req leaf_component;
	union all_Empty_req interface_impl;
};
typedef union shop_Branch_component_req shop_Branch_component_req;

union shop_Branch_component_res {
	struct nk_message base_;
	union shop_Leaf_component_res leaf_component;
	union all_Empty_res interface_impl;
};
typedef union shop_Branch_component_res shop_Branch_component_res;


#endif
