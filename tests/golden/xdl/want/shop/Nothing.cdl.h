/* Made by dkc from shop/Nothing.cdl: do not edit. */
#if defined(NK_USE_UNQUALIFIED_NAMES) && !defined(shop_Nothing_cdl_h_UNQUALIFIED)
#define shop_Nothing_cdl_h_UNQUALIFIED
#define Nothing_component shop_Nothing_component
#define Nothing_component_init shop_Nothing_component_init
#define Nothing_component_req shop_Nothing_component_req
#define Nothing_component_res shop_Nothing_component_res
#endif

#ifndef shop_Nothing_cdl_h
#define shop_Nothing_cdl_h

#include <nk/transport.h>

struct shop_Nothing_component {
	void *none_;
};
typedef struct shop_Nothing_component shop_Nothing_component;

static inline void shop_Nothing_component_init(
		struct shop_Nothing_component *self)
{
	self->none_ = NK_NULL;
}

union shop_Nothing_component_req {
	struct nk_message base_;
};
typedef union shop_Nothing_component_req shop_Nothing_component_req;

union shop_Nothing_component_res {
	struct nk_message base_;
};
typedef union shop_Nothing_component_res shop_Nothing_component_res;


#endif
