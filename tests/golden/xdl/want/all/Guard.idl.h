/* Made by dkc from all/Guard.idl: do not edit. */
#if defined(NK_USE_UNQUALIFIED_NAMES) && !defined(all_Guard_idl_h_UNQUALIFIED)
#define all_Guard_idl_h_UNQUALIFIED
#define Guard_Allowed_mid all_Guard_Allowed_mid
#define Guard_Allowed_whom_size all_Guard_Allowed_whom_size
#define Guard_Allowed_req_arena_size all_Guard_Allowed_req_arena_size
#define Guard_Allowed_res_arena_size all_Guard_Allowed_res_arena_size
#define Guard_Allowed_req all_Guard_Allowed_req
#define Guard_Allowed_res all_Guard_Allowed_res
#define Guard_req all_Guard_req
#define Guard_res all_Guard_res
#define Guard all_Guard
#define Guard_ops all_Guard_ops
#define Guard_Allowed all_Guard_Allowed
#define Guard_proxy all_Guard_proxy
#define Guard_proxy_init all_Guard_proxy_init
#define Guard_dispatch all_Guard_dispatch
#endif

#ifndef all_Guard_idl_h
#define all_Guard_idl_h

#include <nk/transport.h>

/* Methods. */
enum {
	all_Guard_Allowed_mid = 0,
};

#define all_Guard_Allowed_whom_size 16u
#define all_Guard_Allowed_req_arena_size 23u
#define all_Guard_Allowed_res_arena_size 7u

struct all_Guard_Allowed_req {
	struct nk_message base_;
	nk_uint32_t what;
	nk_ptr_t whom;	/* string<15> */
};
typedef struct all_Guard_Allowed_req all_Guard_Allowed_req;
nk_static_assert(sizeof(struct all_Guard_Allowed_req) == 40, "request");

struct all_Guard_Allowed_res {
	struct nk_message base_;
};
typedef struct all_Guard_Allowed_res all_Guard_Allowed_res;
nk_static_assert(sizeof(struct all_Guard_Allowed_res) == 24, "response");

/* Room for any of the requests, for any of the answers. */
union all_Guard_req {
	struct nk_message base_;
	struct all_Guard_Allowed_req Allowed;
};
typedef union all_Guard_req all_Guard_req;

union all_Guard_res {
	struct nk_message base_;
	struct all_Guard_Allowed_res Allowed;
};
typedef union all_Guard_res all_Guard_res;

struct all_Guard;

/* What an implementation fills in; NULL is a method that is not there. */
struct all_Guard_ops {
	nk_err_t (*Allowed)(struct all_Guard *self,
			const struct all_Guard_Allowed_req *req,
			const struct nk_arena *req_arena,
			struct all_Guard_Allowed_res *res,
			struct nk_arena *res_arena);
};
typedef struct all_Guard_ops all_Guard_ops;

struct all_Guard {
	const struct all_Guard_ops *ops;
};
typedef struct all_Guard all_Guard;

static inline nk_err_t all_Guard_Allowed(
		struct all_Guard *self,
		struct all_Guard_Allowed_req *req,
		const struct nk_arena *req_arena,
		struct all_Guard_Allowed_res *res,
		struct nk_arena *res_arena)
{
	return self->ops->Allowed(self, req, req_arena, res, res_arena);
}

/* How the messages are laid out: see dk/layout.h. */
static const struct layout_field all_Guard_fields_[] nk_unused = {
	/* offset, type, name */
	{ 0, 0, 0 },	/* what */
	{ 4, 1, 0 },	/* whom */
};

static const struct layout_type all_Guard_types_[] nk_unused = {
	/* kind, scalar, align, zero, size, first, count */
	{ LAYOUT_SCALAR, SCALAR_UINT32, 4, 0, 4, 0, 0 },	/* UInt32 */
	{ LAYOUT_STRING, SCALAR_NONE, 4, 0, 8, 0, 15 },	/* string<15> */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 16, 0, 2 },	/* all.Guard.Allowed.in */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 0, 2, 0 },	/* all.Guard.Allowed.out */
};

static const struct layout all_Guard_layout_ nk_unused = {
	all_Guard_types_, all_Guard_fields_, 4, 2
};

static const struct nk_method all_Guard_Allowed_method_ nk_unused = {
	all_Guard_Allowed_mid,
	/* layout, type, size, arena, handles */
	{ &all_Guard_layout_, 2, 16, 16, 0, NK_NULL },	/* in */
	{ &all_Guard_layout_, 3, 0, 0, 0, NK_NULL },	/* out */
	{ NK_NULL, 0, 0, 0, 0, NK_NULL },	/* no error */
};

/* The client's side: calls through .base go out through the transport. */
struct all_Guard_proxy {
	struct all_Guard base;
	struct nk_proxy proxy;
};
typedef struct all_Guard_proxy all_Guard_proxy;

static nk_unused nk_err_t all_Guard_Allowed_call_(
		struct all_Guard *self,
		const struct all_Guard_Allowed_req *req,
		const struct nk_arena *req_arena,
		struct all_Guard_Allowed_res *res,
		struct nk_arena *res_arena)
{
	const struct all_Guard_proxy *proxy = (const struct all_Guard_proxy *)self;

	return nk_proxy_call(&proxy->proxy, &all_Guard_Allowed_method_, &req->base_,
			     req_arena, &res->base_, sizeof(*res), res_arena);
}

static const struct all_Guard_ops all_Guard_proxy_ops_ nk_unused = {
	all_Guard_Allowed_call_,
};

static inline void all_Guard_proxy_init(
		struct all_Guard_proxy *self, struct nk_transport *transport,
		nk_iid_t riid)
{
	self->base.ops = &all_Guard_proxy_ops_;
	self->proxy.transport = transport;
	self->proxy.riid = riid;
}

/* The server's side: REQ and RES lie in unions with room for any. */
static inline nk_err_t all_Guard_dispatch(
		struct all_Guard *self,
		const struct nk_message *req,
		const struct nk_arena *req_arena,
		struct nk_message *res,
		struct nk_arena *res_arena)
{
	nk_err_t result;

	switch (req->mid) {
	case all_Guard_Allowed_mid:
		if (!self->ops->Allowed)
			break;
		result = nk_dispatch_begin(&all_Guard_Allowed_method_, req,
					   req_arena, res,
					   sizeof(struct all_Guard_Allowed_res));
		if (result == NK_EOK)
			result = self->ops->Allowed(self,
				(const struct all_Guard_Allowed_req *)req, req_arena,
				(struct all_Guard_Allowed_res *)res, res_arena);
		return nk_dispatch_end(&all_Guard_Allowed_method_, result, res,
				       res_arena);
	}
	return nk_dispatch_unknown(req, res);
}

#endif
