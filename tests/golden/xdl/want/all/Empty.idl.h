/* Made by dkc from all/Empty.idl: do not edit. */
#if defined(NK_USE_UNQUALIFIED_NAMES) && !defined(all_Empty_idl_h_UNQUALIFIED)
#define all_Empty_idl_h_UNQUALIFIED
#define Empty_req all_Empty_req
#define Empty_res all_Empty_res
#define Empty all_Empty
#define Empty_ops all_Empty_ops
#define Empty_proxy all_Empty_proxy
#define Empty_proxy_init all_Empty_proxy_init
#define Empty_dispatch all_Empty_dispatch
#endif

#ifndef all_Empty_idl_h
#define all_Empty_idl_h

#include <nk/transport.h>

/* Room for any of the requests, for any of the answers. */
union all_Empty_req {
	struct nk_message base_;
};
typedef union all_Empty_req all_Empty_req;

union all_Empty_res {
	struct nk_message base_;
};
typedef union all_Empty_res all_Empty_res;

struct all_Empty;

/* What an implementation fills in; NULL is a method that is not there. */
struct all_Empty_ops {
	void *none_;
};
typedef struct all_Empty_ops all_Empty_ops;

struct all_Empty {
	const struct all_Empty_ops *ops;
};
typedef struct all_Empty all_Empty;

/* The client's side: calls through .base go out through the transport. */
struct all_Empty_proxy {
	struct all_Empty base;
	struct nk_proxy proxy;
};
typedef struct all_Empty_proxy all_Empty_proxy;

static const struct all_Empty_ops all_Empty_proxy_ops_ nk_unused = {
	NK_NULL
};

static inline void all_Empty_proxy_init(
		struct all_Empty_proxy *self, struct nk_transport *transport,
		nk_iid_t riid)
{
	self->base.ops = &all_Empty_proxy_ops_;
	self->proxy.transport = transport;
	self->proxy.riid = riid;
}

/* The server's side: REQ and RES lie in unions with room for any. */
static inline nk_err_t all_Empty_dispatch(
		struct all_Empty *self,
		const struct nk_message *req,
		const struct nk_arena *req_arena,
		struct nk_message *res,
		struct nk_arena *res_arena)
{
	(void)self;
	(void)req_arena;
	(void)res_arena;
	return nk_dispatch_unknown(req, res);
}

#endif
