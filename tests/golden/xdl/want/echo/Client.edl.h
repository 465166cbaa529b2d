/* Made by dkc from echo/Client.edl: do not edit. */
#if defined(NK_USE_UNQUALIFIED_NAMES) && !defined(echo_Client_edl_h_UNQUALIFIED)
#define echo_Client_edl_h_UNQUALIFIED
#define Client_entity_req_arena_size echo_Client_entity_req_arena_size
#define Client_entity_res_arena_size echo_Client_entity_res_arena_size
#define Client_entity echo_Client_entity
#define Client_entity_init echo_Client_entity_init
#define Client_entity_req echo_Client_entity_req
#define Client_entity_res echo_Client_entity_res
#define Client_entity_dispatch echo_Client_entity_dispatch
#endif

#ifndef echo_Client_edl_h
#define echo_Client_edl_h

#include <nk/transport.h>

#define echo_Client_entity_req_arena_size 7u
#define echo_Client_entity_res_arena_size 7u

struct echo_Client_entity {
	void *none_;
};
typedef struct echo_Client_entity echo_Client_entity;

static inline void echo_Client_entity_init(
		struct echo_Client_entity *self)
{
	self->none_ = NK_NULL;
}

union echo_Client_entity_req {
	struct nk_message base_;
};
typedef union echo_Client_entity_req echo_Client_entity_req;

union echo_Client_entity_res {
	struct nk_message base_;
};
typedef union echo_Client_entity_res echo_Client_entity_res;

static inline nk_err_t echo_Client_entity_dispatch(
		struct echo_Client_entity *self,
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
