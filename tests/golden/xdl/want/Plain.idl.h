/* Made by dkc from Plain.idl: do not edit. */
#ifndef Plain_idl_h
#define Plain_idl_h

#include <nk/transport.h>

/* Methods. */
enum {
	Plain_Plain_mid = 0,
};

#define Plain_Plain_req_arena_size 7u
#define Plain_Plain_res_arena_size 7u

struct Plain_Plain_req {
	struct nk_message base_;
	nk_uint8_t Plain;
};
typedef struct Plain_Plain_req Plain_Plain_req;
nk_static_assert(sizeof(struct Plain_Plain_req) == 32, "request");

struct Plain_Plain_res {
	struct nk_message base_;
};
typedef struct Plain_Plain_res Plain_Plain_res;
nk_static_assert(sizeof(struct Plain_Plain_res) == 24, "response");

/* Room for any of the requests, for any of the answers. */
union Plain_req {
	struct nk_message base_;
	struct Plain_Plain_req Plain;
};
typedef union Plain_req Plain_req;

union Plain_res {
	struct nk_message base_;
	struct Plain_Plain_res Plain;
};
typedef union Plain_res Plain_res;

struct Plain;

/* What an implementation fills in; NULL is a method that is not there. */
struct Plain_ops {
	nk_err_t (*Plain)(struct Plain *self,
			const struct Plain_Plain_req *req,
			const struct nk_arena *req_arena,
			struct Plain_Plain_res *res,
			struct nk_arena *res_arena);
};
typedef struct Plain_ops Plain_ops;

struct Plain {
	const struct Plain_ops *ops;
};
typedef struct Plain Plain;

static inline nk_err_t Plain_Plain(
		struct Plain *self,
		struct Plain_Plain_req *req,
		const struct nk_arena *req_arena,
		struct Plain_Plain_res *res,
		struct nk_arena *res_arena)
{
	return self->ops->Plain(self, req, req_arena, res, res_arena);
}

/* How the messages are laid out: see dk/layout.h. */
static const struct layout_field Plain_fields_[] nk_unused = {
	/* offset, type, name */
	{ 0, 0, 0 },	/* Plain */
};

static const struct layout_type Plain_types_[] nk_unused = {
	/* kind, scalar, align, zero, size, first, count */
	{ LAYOUT_SCALAR, SCALAR_UINT8, 1, 0, 1, 0, 0 },	/* UInt8 */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 8, 0, 1 },	/* Plain.Plain.in */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 0, 1, 0 },	/* Plain.Plain.out */
};

static const struct layout Plain_layout_ nk_unused = {
	Plain_types_, Plain_fields_, 3, 1
};

static const struct nk_method Plain_Plain_method_ nk_unused = {
	Plain_Plain_mid,
	/* layout, type, size, arena, handles */
	{ &Plain_layout_, 1, 8, 0, 0, NK_NULL },	/* in */
	{ &Plain_layout_, 2, 0, 0, 0, NK_NULL },	/* out */
	{ NK_NULL, 0, 0, 0, 0, NK_NULL },	/* no error */
};

/* The client's side: calls through .base go out through the transport. */
struct Plain_proxy {
	struct Plain base;
	struct nk_proxy proxy;
};
typedef struct Plain_proxy Plain_proxy;

static nk_unused nk_err_t Plain_Plain_call_(
		struct Plain *self,
		const struct Plain_Plain_req *req,
		const struct nk_arena *req_arena,
		struct Plain_Plain_res *res,
		struct nk_arena *res_arena)
{
	const struct Plain_proxy *proxy = (const struct Plain_proxy *)self;

	return nk_proxy_call(&proxy->proxy, &Plain_Plain_method_, &req->base_,
			     req_arena, &res->base_, sizeof(*res), res_arena);
}

static const struct Plain_ops Plain_proxy_ops_ nk_unused = {
	Plain_Plain_call_,
};

static inline void Plain_proxy_init(
		struct Plain_proxy *self, struct nk_transport *transport,
		nk_iid_t riid)
{
	self->base.ops = &Plain_proxy_ops_;
	self->proxy.transport = transport;
	self->proxy.riid = riid;
}

/* The server's side: REQ and RES lie in unions with room for any. */
static inline nk_err_t Plain_dispatch(
		struct Plain *self,
		const struct nk_message *req,
		const struct nk_arena *req_arena,
		struct nk_message *res,
		struct nk_arena *res_arena)
{
	nk_err_t result;

	switch (req->mid) {
	case Plain_Plain_mid:
		if (!self->ops->Plain)
			break;
		result = nk_dispatch_begin(&Plain_Plain_method_, req,
					   req_arena, res,
					   sizeof(struct Plain_Plain_res));
		if (result == NK_EOK)
			result = self->ops->Plain(self,
				(const struct Plain_Plain_req *)req, req_arena,
				(struct Plain_Plain_res *)res, res_arena);
		return nk_dispatch_end(&Plain_Plain_method_, result, res,
				       res_arena);
	}
	return nk_dispatch_unknown(req, res);
}

#endif
