/* Made by dkc from PlainServer.edl: do not edit. */
#ifndef PlainServer_edl_h
#define PlainServer_edl_h

#include <nk/transport.h>
#include <Plain.idl.h>

/* Endpoints. */
enum {
	PlainServer_plain_iid = 0,
};

#define PlainServer_entity_req_arena_size 7u
#define PlainServer_entity_res_arena_size 7u

struct PlainServer_entity {
	struct Plain *plain_impl;
};
typedef struct PlainServer_entity PlainServer_entity;

static inline void PlainServer_entity_init(
		struct PlainServer_entity *self,
		struct Plain *plain_impl)
{
	self->plain_impl = plain_impl;
}

union PlainServer_entity_req {
	struct nk_message base_;
	union Plain_req plain_impl;
};
typedef union PlainServer_entity_req PlainServer_entity_req;

union PlainServer_entity_res {
	struct nk_message base_;
	union Plain_res plain_impl;
};
typedef union PlainServer_entity_res PlainServer_entity_res;

static inline nk_err_t PlainServer_entity_dispatch(
		struct PlainServer_entity *self,
		const struct nk_message *req,
		const struct nk_arena *req_arena,
		struct nk_message *res,
		struct nk_arena *res_arena)
{
	switch (req->riid) {
	case PlainServer_plain_iid:
		return Plain_dispatch(
			self->plain_impl,
			req, req_arena, res, res_arena);
	}
	return nk_dispatch_unknown(req, res);
}

#endif
