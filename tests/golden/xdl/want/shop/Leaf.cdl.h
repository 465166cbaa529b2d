/* Made by dkc from shop/Leaf.cdl: do not edit. */
#if defined(NK_USE_UNQUALIFIED_NAMES) && !defined(shop_Leaf_cdl_h_UNQUALIFIED)
#define shop_Leaf_cdl_h_UNQUALIFIED
#define Leaf_component shop_Leaf_component
#define Leaf_component_init shop_Leaf_component_init
#define Leaf_component_req shop_Leaf_component_req
#define Leaf_component_res shop_Leaf_component_res
#endif

#ifndef shop_Leaf_cdl_h
#define shop_Leaf_cdl_h

#include <nk/transport.h>
#include <echo/Ping.idl.h>
#include <all/Everything.idl.h>

struct shop_Leaf_component {
	struct echo_Ping *one_impl;
	struct all_Everything *two_impl;
};
typedef struct shop_Leaf_component shop_Leaf_component;

static inline void shop_Leaf_component_init(
		struct shop_Leaf_component *self,
		struct echo_Ping *one_impl,
		struct all_Everything *two_impl)
{
	self->one_impl = one_impl;
	self->two_impl = two_impl;
}

union shop_Leaf_component_req {
	struct nk_message base_;
	union echo_Ping_req one_impl;
	union all_Everything_req two_impl;
};
typedef union shop_Leaf_component_req shop_Leaf_component_req;

union shop_Leaf_component_res {
	struct nk_message base_;
	union echo_Ping_res one_impl;
	union all_Everything_res two_impl;
};
typedef union shop_Leaf_component_res shop_Leaf_component_res;


#endif
