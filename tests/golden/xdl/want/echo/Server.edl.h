/* Made by dkc from echo/Server.edl: do not edit. */
#if defined(NK_USE_UNQUALIFIED_NAMES) && !defined(echo_Server_edl_h_UNQUALIFIED)
#define echo_Server_edl_h_UNQUALIFIED
#define Server_ping_iid echo_Server_ping_iid
#define Server_entity_req_arena_size echo_Server_entity_req_arena_size
#define Server_entity_res_arena_size echo_Server_entity_res_arena_size
#define Server_entity echo_Server_entity
#define Server_entity_init echo_Server_entity_init
#define Server_entity_req echo_Server_entity_req
#define Server_entity_res echo_Server_entity_res
#define Server_entity_dispatch echo_Server_entity_dispatch
#endif

#ifndef echo_Server_edl_h
#define echo_Server_edl_h

#include <nk/transport.h>
#include <echo/Ping.idl.h>

/* Endpoints. */
enum {
	echo_Server_ping_iid = 0,
};

#define echo_Server_entity_req_arena_size 7u
#define echo_Server_entity_res_arena_size 7u

struct echo_Server_entity {
	struct echo_Ping *ping_impl;
};
typedef struct echo_Server_entity echo_Server_entity;

static inline void echo_Server_entity_init(
		struct echo_Server_entity *self,
		struct echo_Ping *ping_impl)
{
	self->ping_impl = ping_impl;
}

union echo_Server_entity_req {
	struct nk_message base_;
	union echo_Ping_req ping_impl;
};
typedef union echo_Server_entity_req echo_Server_entity_req;

union echo_Server_entity_res {
	struct nk_message base_;
	union echo_Ping_res ping_impl;
};
typedef union echo_Server_entity_res echo_Server_entity_res;

static inline nk_err_t echo_Server_entity_dispatch(
		struct echo_Server_entity *self,
		const struct nk_message *req,
		const struct nk_arena *req_arena,
		struct nk_message *res,
		struct nk_arena *res_arena)
{
	switch (req->riid) {
	case echo_Server_ping_iid:
		return echo_Ping_dispatch(
			self->ping_impl,
			req, req_arena, res, res_arena);
	}
	return nk_dispatch_unknown(req, res);
}

#endif
