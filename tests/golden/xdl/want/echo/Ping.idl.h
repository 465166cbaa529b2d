/* Made by dkc from echo/Ping.idl: do not edit. */
#if defined(NK_USE_UNQUALIFIED_NAMES) && !defined(echo_Ping_idl_h_UNQUALIFIED)
#define echo_Ping_idl_h_UNQUALIFIED
#define Ping_Ping_mid echo_Ping_Ping_mid
#define Ping_Ping_req_arena_size echo_Ping_Ping_req_arena_size
#define Ping_Ping_res_arena_size echo_Ping_Ping_res_arena_size
#define Ping_Ping_req echo_Ping_Ping_req
#define Ping_Ping_res echo_Ping_Ping_res
#define Ping_req echo_Ping_req
#define Ping_res echo_Ping_res
#define Ping echo_Ping
#define Ping_ops echo_Ping_ops
#define Ping_Ping echo_Ping_Ping
#define Ping_proxy echo_Ping_proxy
#define Ping_proxy_init echo_Ping_proxy_init
#define Ping_dispatch echo_Ping_dispatch
#endif

#ifndef echo_Ping_idl_h
#define echo_Ping_idl_h

#include <nk/transport.h>

/* Methods. */
enum {
	echo_Ping_Ping_mid = 0,
};

#define echo_Ping_Ping_req_arena_size 7u
#define echo_Ping_Ping_res_arena_size 7u

struct echo_Ping_Ping_req {
	struct nk_message base_;
	nk_uint32_t value;
};
typedef struct echo_Ping_Ping_req echo_Ping_Ping_req;
nk_static_assert(sizeof(struct echo_Ping_Ping_req) == 32, "request");

struct echo_Ping_Ping_res_ {
	nk_uint32_t result;
};

struct echo_Ping_Ping_res {
	struct nk_message base_;
	__extension__ union {
		__extension__ struct {
			nk_uint32_t result;
		};
		struct echo_Ping_Ping_res_ res_;
	};
};
typedef struct echo_Ping_Ping_res echo_Ping_Ping_res;
nk_static_assert(sizeof(struct echo_Ping_Ping_res) == 32, "response");

/* Room for any of the requests, for any of the answers. */
union echo_Ping_req {
	struct nk_message base_;
	struct echo_Ping_Ping_req Ping;
};
typedef union echo_Ping_req echo_Ping_req;

union echo_Ping_res {
	struct nk_message base_;
	struct echo_Ping_Ping_res Ping;
};
typedef union echo_Ping_res echo_Ping_res;

struct echo_Ping;

/* What an implementation fills in; NULL is a method that is not there. */
struct echo_Ping_ops {
	nk_err_t (*Ping)(struct echo_Ping *self,
			const struct echo_Ping_Ping_req *req,
			const struct nk_arena *req_arena,
			struct echo_Ping_Ping_res *res,
			struct nk_arena *res_arena);
};
typedef struct echo_Ping_ops echo_Ping_ops;

struct echo_Ping {
	const struct echo_Ping_ops *ops;
};
typedef struct echo_Ping echo_Ping;

static inline nk_err_t echo_Ping_Ping(
		struct echo_Ping *self,
		struct echo_Ping_Ping_req *req,
		const struct nk_arena *req_arena,
		struct echo_Ping_Ping_res *res,
		struct nk_arena *res_arena)
{
	return self->ops->Ping(self, req, req_arena, res, res_arena);
}

/* How the messages are laid out: see dk/layout.h. */
static const struct layout_field echo_Ping_fields_[] nk_unused = {
	/* offset, type, name */
	{ 0, 0, 0 },	/* value */
	{ 0, 0, 0 },	/* result */
};

static const struct layout_type echo_Ping_types_[] nk_unused = {
	/* kind, scalar, align, zero, size, first, count */
	{ LAYOUT_SCALAR, SCALAR_UINT32, 4, 0, 4, 0, 0 },	/* UInt32 */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 8, 0, 1 },	/* echo.Ping.Ping.in */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 8, 1, 1 },	/* echo.Ping.Ping.out */
};

static const struct layout echo_Ping_layout_ nk_unused = {
	echo_Ping_types_, echo_Ping_fields_, 3, 2
};

static const struct nk_method echo_Ping_Ping_method_ nk_unused = {
	echo_Ping_Ping_mid,
	/* layout, type, size, arena, handles */
	{ &echo_Ping_layout_, 1, 8, 0, 0, NK_NULL },	/* in */
	{ &echo_Ping_layout_, 2, 8, 0, 0, NK_NULL },	/* out */
	{ NK_NULL, 0, 0, 0, 0, NK_NULL },	/* no error */
};

/* The client's side: calls through .base go out through the transport. */
struct echo_Ping_proxy {
	struct echo_Ping base;
	struct nk_proxy proxy;
};
typedef struct echo_Ping_proxy echo_Ping_proxy;

static nk_unused nk_err_t echo_Ping_Ping_call_(
		struct echo_Ping *self,
		const struct echo_Ping_Ping_req *req,
		const struct nk_arena *req_arena,
		struct echo_Ping_Ping_res *res,
		struct nk_arena *res_arena)
{
	const struct echo_Ping_proxy *proxy = (const struct echo_Ping_proxy *)self;

	return nk_proxy_call(&proxy->proxy, &echo_Ping_Ping_method_, &req->base_,
			     req_arena, &res->base_, sizeof(*res), res_arena);
}

static const struct echo_Ping_ops echo_Ping_proxy_ops_ nk_unused = {
	echo_Ping_Ping_call_,
};

static inline void echo_Ping_proxy_init(
		struct echo_Ping_proxy *self, struct nk_transport *transport,
		nk_iid_t riid)
{
	self->base.ops = &echo_Ping_proxy_ops_;
	self->proxy.transport = transport;
	self->proxy.riid = riid;
}

/* The server's side: REQ and RES lie in unions with room for any. */
static inline nk_err_t echo_Ping_dispatch(
		struct echo_Ping *self,
		const struct nk_message *req,
		const struct nk_arena *req_arena,
		struct nk_message *res,
		struct nk_arena *res_arena)
{
	nk_err_t result;

	switch (req->mid) {
	case echo_Ping_Ping_mid:
		if (!self->ops->Ping)
			break;
		result = nk_dispatch_begin(&echo_Ping_Ping_method_, req,
					   req_arena, res,
					   sizeof(struct echo_Ping_Ping_res));
		if (result == NK_EOK)
			result = self->ops->Ping(self,
				(const struct echo_Ping_Ping_req *)req, req_arena,
				(struct echo_Ping_Ping_res *)res, res_arena);
		return nk_dispatch_end(&echo_Ping_Ping_method_, result, res,
				       res_arena);
	}
	return nk_dispatch_unknown(req, res);
}

#endif
