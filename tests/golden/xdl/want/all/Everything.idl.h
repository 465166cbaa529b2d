/* Made by dkc from all/Everything.idl: do not edit. */
#if defined(NK_USE_UNQUALIFIED_NAMES) && !defined(all_Everything_idl_h_UNQUALIFIED)
#define all_Everything_idl_h_UNQUALIFIED
#define Everything_After all_Everything_After
#define Everything_Nothing_mid all_Everything_Nothing_mid
#define Everything_Scalars_mid all_Everything_Scalars_mid
#define Everything_Texts_mid all_Everything_Texts_mid
#define Everything_Lists_mid all_Everything_Lists_mid
#define Everything_Points_mid all_Everything_Points_mid
#define Everything_Handles_mid all_Everything_Handles_mid
#define Everything_Fails_mid all_Everything_Fails_mid
#define Everything_OnlyFails_mid all_Everything_OnlyFails_mid
#define Everything_interface_mid all_Everything_interface_mid
#define Everything_Nothing_req_arena_size all_Everything_Nothing_req_arena_size
#define Everything_Nothing_res_arena_size all_Everything_Nothing_res_arena_size
#define Everything_Nothing_req all_Everything_Nothing_req
#define Everything_Nothing_res all_Everything_Nothing_res
#define Everything_Scalars_req_arena_size all_Everything_Scalars_req_arena_size
#define Everything_Scalars_res_arena_size all_Everything_Scalars_res_arena_size
#define Everything_Scalars_req all_Everything_Scalars_req
#define Everything_Scalars_res all_Everything_Scalars_res
#define Everything_Texts_name_size all_Everything_Texts_name_size
#define Everything_Texts_letter_size all_Everything_Texts_letter_size
#define Everything_Texts_block_size all_Everything_Texts_block_size
#define Everything_Texts_seven_size all_Everything_Texts_seven_size
#define Everything_Texts_req_arena_size all_Everything_Texts_req_arena_size
#define Everything_Texts_res_arena_size all_Everything_Texts_res_arena_size
#define Everything_Texts_req all_Everything_Texts_req
#define Everything_Texts_res all_Everything_Texts_res
#define Everything_Lists_numbers_size all_Everything_Lists_numbers_size
#define Everything_Lists_records_size all_Everything_Lists_records_size
#define Everything_Lists_names_size all_Everything_Lists_names_size
#define Everything_Lists_kinds_size all_Everything_Lists_kinds_size
#define Everything_Lists_one_size all_Everything_Lists_one_size
#define Everything_Lists_req_arena_size all_Everything_Lists_req_arena_size
#define Everything_Lists_res_arena_size all_Everything_Lists_res_arena_size
#define Everything_Lists_req all_Everything_Lists_req
#define Everything_Lists_res all_Everything_Lists_res
#define Everything_Points_req_arena_size all_Everything_Points_req_arena_size
#define Everything_Points_res_arena_size all_Everything_Points_res_arena_size
#define Everything_Points_req all_Everything_Points_req
#define Everything_Points_res all_Everything_Points_res
#define Everything_Handles_req_arena_size all_Everything_Handles_req_arena_size
#define Everything_Handles_res_arena_size all_Everything_Handles_res_arena_size
#define Everything_Handles_req all_Everything_Handles_req
#define Everything_Handles_res all_Everything_Handles_res
#define Everything_Fails_why_size all_Everything_Fails_why_size
#define Everything_Fails_req_arena_size all_Everything_Fails_req_arena_size
#define Everything_Fails_res_arena_size all_Everything_Fails_res_arena_size
#define Everything_Fails_req all_Everything_Fails_req
#define Everything_Fails_res all_Everything_Fails_res
#define Everything_OnlyFails_req_arena_size all_Everything_OnlyFails_req_arena_size
#define Everything_OnlyFails_res_arena_size all_Everything_OnlyFails_res_arena_size
#define Everything_OnlyFails_req all_Everything_OnlyFails_req
#define Everything_OnlyFails_res all_Everything_OnlyFails_res
#define Everything_interface_req_arena_size all_Everything_interface_req_arena_size
#define Everything_interface_res_arena_size all_Everything_interface_res_arena_size
#define Everything_interface_req all_Everything_interface_req
#define Everything_interface_res all_Everything_interface_res
#define Everything_req all_Everything_req
#define Everything_res all_Everything_res
#define Everything all_Everything
#define Everything_ops all_Everything_ops
#define Everything_Nothing all_Everything_Nothing
#define Everything_Scalars all_Everything_Scalars
#define Everything_Texts all_Everything_Texts
#define Everything_Lists all_Everything_Lists
#define Everything_Points all_Everything_Points
#define Everything_Handles all_Everything_Handles
#define Everything_Fails all_Everything_Fails
#define Everything_OnlyFails all_Everything_OnlyFails
#define Everything_interface all_Everything_interface
#define Everything_proxy all_Everything_proxy
#define Everything_proxy_init all_Everything_proxy_init
#define Everything_dispatch all_Everything_dispatch
#endif

#ifndef all_Everything_idl_h
#define all_Everything_idl_h

#include <nk/transport.h>
#include <all/Types.idl.h>
#include <all/Twin.idl.h>

#define all_Everything_After 7u

/* Methods. */
enum {
	all_Everything_Nothing_mid = 0,
	all_Everything_Scalars_mid = 1,
	all_Everything_Texts_mid = 2,
	all_Everything_Lists_mid = 3,
	all_Everything_Points_mid = 4,
	all_Everything_Handles_mid = 5,
	all_Everything_Fails_mid = 6,
	all_Everything_OnlyFails_mid = 7,
	all_Everything_interface_mid = 8,
};

#define all_Everything_Nothing_req_arena_size 7u
#define all_Everything_Nothing_res_arena_size 7u

struct all_Everything_Nothing_req {
	struct nk_message base_;
};
typedef struct all_Everything_Nothing_req all_Everything_Nothing_req;
nk_static_assert(sizeof(struct all_Everything_Nothing_req) == 24, "request");

struct all_Everything_Nothing_res {
	struct nk_message base_;
};
typedef struct all_Everything_Nothing_res all_Everything_Nothing_res;
nk_static_assert(sizeof(struct all_Everything_Nothing_res) == 24, "response");

#define all_Everything_Scalars_req_arena_size 7u
#define all_Everything_Scalars_res_arena_size 7u

struct all_Everything_Scalars_req {
	struct nk_message base_;
	nk_uint8_t a;
	nk_sint64_t b;
	nk_uintsize_t c;
	nk_uintptr_t d;
	nk_sint8_t e;
	nk_uint16_t f;
};
typedef struct all_Everything_Scalars_req all_Everything_Scalars_req;
nk_static_assert(sizeof(struct all_Everything_Scalars_req) == 64, "request");

struct all_Everything_Scalars_res_ {
	nk_sint16_t g;
	nk_uint64_t h;
};

struct all_Everything_Scalars_res {
	struct nk_message base_;
	__extension__ union {
		__extension__ struct {
			nk_sint16_t g;
			nk_uint64_t h;
		};
		struct all_Everything_Scalars_res_ res_;
	};
};
typedef struct all_Everything_Scalars_res all_Everything_Scalars_res;
nk_static_assert(sizeof(struct all_Everything_Scalars_res) == 40, "response");

#define all_Everything_Texts_name_size 256u
#define all_Everything_Texts_letter_size 2u
#define all_Everything_Texts_block_size 16384u
#define all_Everything_Texts_seven_size 7u
#define all_Everything_Texts_req_arena_size 16655u
#define all_Everything_Texts_res_arena_size 271u

struct all_Everything_Texts_req {
	struct nk_message base_;
	all_Types_Name name;	/* string<255> */
	nk_ptr_t letter;	/* string<1> */
	all_Types_Block block;	/* bytes<16384> */
};
typedef struct all_Everything_Texts_req all_Everything_Texts_req;
nk_static_assert(sizeof(struct all_Everything_Texts_req) == 48, "request");

struct all_Everything_Texts_res_ {
	all_Types_Name name;	/* string<255> */
	nk_ptr_t seven;	/* bytes<7> */
};

struct all_Everything_Texts_res {
	struct nk_message base_;
	__extension__ union {
		__extension__ struct {
			all_Types_Name name;	/* string<255> */
			nk_ptr_t seven;	/* bytes<7> */
		};
		struct all_Everything_Texts_res_ res_;
	};
};
typedef struct all_Everything_Texts_res all_Everything_Texts_res;
nk_static_assert(sizeof(struct all_Everything_Texts_res) == 40, "response");

#define all_Everything_Lists_numbers_size 10u
#define all_Everything_Lists_records_size 576u
#define all_Everything_Lists_names_size 24u
#define all_Everything_Lists_kinds_size 64u
#define all_Everything_Lists_one_size 8u
#define all_Everything_Lists_req_arena_size 6303u
#define all_Everything_Lists_res_arena_size 1103u

struct all_Everything_Lists_req {
	struct nk_message base_;
	nk_ptr_t numbers;	/* sequence<UInt16,5> */
	all_Types_Records records;	/* sequence<all.Types.Record,8> */
	nk_ptr_t names;	/* sequence<sequence<all.Types.Name,2>,3> */
};
typedef struct all_Everything_Lists_req all_Everything_Lists_req;
nk_static_assert(sizeof(struct all_Everything_Lists_req) == 48, "request");

struct all_Everything_Lists_res_ {
	nk_ptr_t kinds;	/* sequence<all.Types.Kind,4> */
	nk_ptr_t one;	/* sequence<UInt64,1> */
};

struct all_Everything_Lists_res {
	struct nk_message base_;
	__extension__ union {
		__extension__ struct {
			nk_ptr_t kinds;	/* sequence<all.Types.Kind,4> */
			nk_ptr_t one;	/* sequence<UInt64,1> */
		};
		struct all_Everything_Lists_res_ res_;
	};
};
typedef struct all_Everything_Lists_res all_Everything_Lists_res;
nk_static_assert(sizeof(struct all_Everything_Lists_res) == 40, "response");

#define all_Everything_Points_req_arena_size 7u
#define all_Everything_Points_res_arena_size 263u

struct all_Everything_Points_req {
	struct nk_message base_;
	all_Types_Point here;
	all_Twin_Point tiny;
	all_Twin_Deep deep;
};
typedef struct all_Everything_Points_req all_Everything_Points_req;
nk_static_assert(sizeof(struct all_Everything_Points_req) == 72, "request");

struct all_Everything_Points_res_ {
	all_Types_Kind kind;
};

struct all_Everything_Points_res {
	struct nk_message base_;
	__extension__ union {
		__extension__ struct {
			all_Types_Kind kind;
		};
		struct all_Everything_Points_res_ res_;
	};
};
typedef struct all_Everything_Points_res all_Everything_Points_res;
nk_static_assert(sizeof(struct all_Everything_Points_res) == 40, "response");

#define all_Everything_Handles_req_arena_size 7u
#define all_Everything_Handles_res_arena_size 7u

struct all_Everything_Handles_req {
	struct nk_message base_;
	all_Types_Keys keys;
	nk_handle_desc_t self;
	nk_uint8_t n;
};
typedef struct all_Everything_Handles_req all_Everything_Handles_req;
nk_static_assert(sizeof(struct all_Everything_Handles_req) == 104, "request");

struct all_Everything_Handles_res_ {
	nk_handle_desc_t back;
	all_Types_Keys rings[2];
};

struct all_Everything_Handles_res {
	struct nk_message base_;
	__extension__ union {
		__extension__ struct {
			nk_handle_desc_t back;
			all_Types_Keys rings[2];
		};
		struct all_Everything_Handles_res_ res_;
	};
};
typedef struct all_Everything_Handles_res all_Everything_Handles_res;
nk_static_assert(sizeof(struct all_Everything_Handles_res) == 152, "response");

#define all_Everything_Fails_why_size 256u
#define all_Everything_Fails_req_arena_size 7u
#define all_Everything_Fails_res_arena_size 263u

struct all_Everything_Fails_req {
	struct nk_message base_;
	nk_uint32_t n;
};
typedef struct all_Everything_Fails_req all_Everything_Fails_req;
nk_static_assert(sizeof(struct all_Everything_Fails_req) == 32, "request");

struct all_Everything_Fails_res_ {
	nk_uint32_t n;
};

struct all_Everything_Fails_err_ {
	nk_uint16_t reason;
	all_Types_Name why;	/* string<255> */
};

struct all_Everything_Fails_res {
	struct nk_message base_;
	__extension__ union {
		__extension__ struct {
			nk_uint32_t n;
		};
		struct all_Everything_Fails_res_ res_;
		struct all_Everything_Fails_err_ err_;
	};
};
typedef struct all_Everything_Fails_res all_Everything_Fails_res;
nk_static_assert(sizeof(struct all_Everything_Fails_res) == 40, "response");

#define all_Everything_OnlyFails_req_arena_size 7u
#define all_Everything_OnlyFails_res_arena_size 7u

struct all_Everything_OnlyFails_req {
	struct nk_message base_;
};
typedef struct all_Everything_OnlyFails_req all_Everything_OnlyFails_req;
nk_static_assert(sizeof(struct all_Everything_OnlyFails_req) == 24, "request");

struct all_Everything_OnlyFails_err_ {
	nk_uint8_t code;
};

struct all_Everything_OnlyFails_res {
	struct nk_message base_;
	__extension__ union {
		struct all_Everything_OnlyFails_err_ err_;
	};
};
typedef struct all_Everything_OnlyFails_res all_Everything_OnlyFails_res;
nk_static_assert(sizeof(struct all_Everything_OnlyFails_res) == 32, "response");

#define all_Everything_interface_req_arena_size 7u
#define all_Everything_interface_res_arena_size 7u

struct all_Everything_interface_req {
	struct nk_message base_;
	nk_uint8_t in;
	nk_uint8_t package;
};
typedef struct all_Everything_interface_req all_Everything_interface_req;
nk_static_assert(sizeof(struct all_Everything_interface_req) == 32, "request");

struct all_Everything_interface_res_ {
	nk_uint8_t import;
};

struct all_Everything_interface_err_ {
	nk_uint8_t error;
};

struct all_Everything_interface_res {
	struct nk_message base_;
	__extension__ union {
		__extension__ struct {
			nk_uint8_t import;
		};
		struct all_Everything_interface_res_ res_;
		struct all_Everything_interface_err_ err_;
	};
};
typedef struct all_Everything_interface_res all_Everything_interface_res;
nk_static_assert(sizeof(struct all_Everything_interface_res) == 32, "response");

/* Room for any of the requests, for any of the answers. */
union all_Everything_req {
	struct nk_message base_;
	struct all_Everything_Nothing_req Nothing;
	struct all_Everything_Scalars_req Scalars;
	struct all_Everything_Texts_req Texts;
	struct all_Everything_Lists_req Lists;
	struct all_Everything_Points_req Points;
	struct all_Everything_Handles_req Handles;
	struct all_Everything_Fails_req Fails;
	struct all_Everything_OnlyFails_req OnlyFails;
	struct all_Everything_interface_req interface;
};
typedef union all_Everything_req all_Everything_req;

union all_Everything_res {
	struct nk_message base_;
	struct all_Everything_Nothing_res Nothing;
	struct all_Everything_Scalars_res Scalars;
	struct all_Everything_Texts_res Texts;
	struct all_Everything_Lists_res Lists;
	struct all_Everything_Points_res Points;
	struct all_Everything_Handles_res Handles;
	struct all_Everything_Fails_res Fails;
	struct all_Everything_OnlyFails_res OnlyFails;
	struct all_Everything_interface_res interface;
};
typedef union all_Everything_res all_Everything_res;

struct all_Everything;

/* What an implementation fills in; NULL is a method that is not there. */
struct all_Everything_ops {
	nk_err_t (*Nothing)(struct all_Everything *self,
			const struct all_Everything_Nothing_req *req,
			const struct nk_arena *req_arena,
			struct all_Everything_Nothing_res *res,
			struct nk_arena *res_arena);
	nk_err_t (*Scalars)(struct all_Everything *self,
			const struct all_Everything_Scalars_req *req,
			const struct nk_arena *req_arena,
			struct all_Everything_Scalars_res *res,
			struct nk_arena *res_arena);
	nk_err_t (*Texts)(struct all_Everything *self,
			const struct all_Everything_Texts_req *req,
			const struct nk_arena *req_arena,
			struct all_Everything_Texts_res *res,
			struct nk_arena *res_arena);
	nk_err_t (*Lists)(struct all_Everything *self,
			const struct all_Everything_Lists_req *req,
			const struct nk_arena *req_arena,
			struct all_Everything_Lists_res *res,
			struct nk_arena *res_arena);
	nk_err_t (*Points)(struct all_Everything *self,
			const struct all_Everything_Points_req *req,
			const struct nk_arena *req_arena,
			struct all_Everything_Points_res *res,
			struct nk_arena *res_arena);
	nk_err_t (*Handles)(struct all_Everything *self,
			const struct all_Everything_Handles_req *req,
			const struct nk_arena *req_arena,
			struct all_Everything_Handles_res *res,
			struct nk_arena *res_arena);
	nk_err_t (*Fails)(struct all_Everything *self,
			const struct all_Everything_Fails_req *req,
			const struct nk_arena *req_arena,
			struct all_Everything_Fails_res *res,
			struct nk_arena *res_arena);
	nk_err_t (*OnlyFails)(struct all_Everything *self,
			const struct all_Everything_OnlyFails_req *req,
			const struct nk_arena *req_arena,
			struct all_Everything_OnlyFails_res *res,
			struct nk_arena *res_arena);
	nk_err_t (*interface)(struct all_Everything *self,
			const struct all_Everything_interface_req *req,
			const struct nk_arena *req_arena,
			struct all_Everything_interface_res *res,
			struct nk_arena *res_arena);
};
typedef struct all_Everything_ops all_Everything_ops;

struct all_Everything {
	const struct all_Everything_ops *ops;
};
typedef struct all_Everything all_Everything;

static inline nk_err_t all_Everything_Nothing(
		struct all_Everything *self,
		struct all_Everything_Nothing_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Nothing_res *res,
		struct nk_arena *res_arena)
{
	return self->ops->Nothing(self, req, req_arena, res, res_arena);
}

static inline nk_err_t all_Everything_Scalars(
		struct all_Everything *self,
		struct all_Everything_Scalars_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Scalars_res *res,
		struct nk_arena *res_arena)
{
	return self->ops->Scalars(self, req, req_arena, res, res_arena);
}

static inline nk_err_t all_Everything_Texts(
		struct all_Everything *self,
		struct all_Everything_Texts_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Texts_res *res,
		struct nk_arena *res_arena)
{
	return self->ops->Texts(self, req, req_arena, res, res_arena);
}

static inline nk_err_t all_Everything_Lists(
		struct all_Everything *self,
		struct all_Everything_Lists_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Lists_res *res,
		struct nk_arena *res_arena)
{
	return self->ops->Lists(self, req, req_arena, res, res_arena);
}

static inline nk_err_t all_Everything_Points(
		struct all_Everything *self,
		struct all_Everything_Points_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Points_res *res,
		struct nk_arena *res_arena)
{
	return self->ops->Points(self, req, req_arena, res, res_arena);
}

static inline nk_err_t all_Everything_Handles(
		struct all_Everything *self,
		struct all_Everything_Handles_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Handles_res *res,
		struct nk_arena *res_arena)
{
	return self->ops->Handles(self, req, req_arena, res, res_arena);
}

static inline nk_err_t all_Everything_Fails(
		struct all_Everything *self,
		struct all_Everything_Fails_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Fails_res *res,
		struct nk_arena *res_arena)
{
	return self->ops->Fails(self, req, req_arena, res, res_arena);
}

static inline nk_err_t all_Everything_OnlyFails(
		struct all_Everything *self,
		struct all_Everything_OnlyFails_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_OnlyFails_res *res,
		struct nk_arena *res_arena)
{
	return self->ops->OnlyFails(self, req, req_arena, res, res_arena);
}

static inline nk_err_t all_Everything_interface(
		struct all_Everything *self,
		struct all_Everything_interface_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_interface_res *res,
		struct nk_arena *res_arena)
{
	return self->ops->interface(self, req, req_arena, res, res_arena);
}

/* How the messages are laid out: see dk/layout.h. */
static const struct layout_field all_Everything_fields_[] nk_unused = {
	/* offset, type, name */
	{ 0, 1, 0 },	/* a */
	{ 8, 2, 0 },	/* b */
	{ 16, 3, 0 },	/* c */
	{ 24, 3, 0 },	/* d */
	{ 32, 4, 0 },	/* e */
	{ 34, 5, 0 },	/* f */
	{ 0, 7, 0 },	/* g */
	{ 8, 3, 0 },	/* h */
	{ 0, 9, 0 },	/* name */
	{ 8, 10, 0 },	/* letter */
	{ 16, 11, 0 },	/* block */
	{ 0, 9, 0 },	/* name */
	{ 8, 13, 0 },	/* seven */
	{ 0, 18, 0 },	/* x */
	{ 4, 18, 0 },	/* y */
	{ 8, 1, 0 },	/* small */
	{ 8, 2, 0 },	/* large */
	{ 8, 9, 0 },	/* text */
	{ 8, 17, 0 },	/* three */
	{ 8, 19, 0 },	/* point */
	{ 0, 9, 0 },	/* name */
	{ 8, 16, 0 },	/* hash */
	{ 40, 20, 0 },	/* kind */
	{ 56, 21, 0 },	/* doors */
	{ 0, 15, 0 },	/* numbers */
	{ 8, 23, 0 },	/* records */
	{ 16, 25, 0 },	/* names */
	{ 0, 27, 0 },	/* kinds */
	{ 8, 28, 0 },	/* one */
	{ 0, 1, 0 },	/* tiny */
	{ 0, 35, 0 },	/* cube */
	{ 0, 19, 0 },	/* here */
	{ 8, 30, 0 },	/* tiny */
	{ 9, 36, 0 },	/* deep */
	{ 0, 20, 0 },	/* kind */
	{ 0, 39, 0 },	/* first */
	{ 16, 40, 0 },	/* more */
	{ 48, 1, 0 },	/* n */
	{ 0, 41, 0 },	/* keys */
	{ 56, 39, 0 },	/* self */
	{ 72, 1, 0 },	/* n */
	{ 0, 39, 0 },	/* back */
	{ 16, 43, 0 },	/* rings */
	{ 0, 45, 0 },	/* n */
	{ 0, 45, 0 },	/* n */
	{ 0, 5, 0 },	/* reason */
	{ 4, 9, 0 },	/* why */
	{ 0, 1, 0 },	/* code */
	{ 0, 1, 0 },	/* in */
	{ 1, 1, 0 },	/* package */
	{ 0, 1, 0 },	/* import */
	{ 0, 1, 0 },	/* error */
};

static const struct layout_type all_Everything_types_[] nk_unused = {
	/* kind, scalar, align, zero, size, first, count */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 0, 0, 0 },	/* all.Everything.Nothing.in */
	{ LAYOUT_SCALAR, SCALAR_UINT8, 1, 0, 1, 0, 0 },	/* UInt8 */
	{ LAYOUT_SCALAR, SCALAR_SINT64, 8, 0, 8, 0, 0 },	/* SInt64 */
	{ LAYOUT_SCALAR, SCALAR_UINT64, 8, 0, 8, 0, 0 },	/* UIntSize */
	{ LAYOUT_SCALAR, SCALAR_SINT8, 1, 0, 1, 0, 0 },	/* SInt8 */
	{ LAYOUT_SCALAR, SCALAR_UINT16, 2, 0, 2, 0, 0 },	/* UInt16 */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 40, 0, 6 },	/* all.Everything.Scalars.in */
	{ LAYOUT_SCALAR, SCALAR_SINT16, 2, 0, 2, 0, 0 },	/* SInt16 */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 16, 6, 2 },	/* all.Everything.Scalars.out */
	{ LAYOUT_STRING, SCALAR_NONE, 4, 0, 8, 0, 255 },	/* string<255> */
	{ LAYOUT_STRING, SCALAR_NONE, 4, 0, 8, 0, 1 },	/* string<1> */
	{ LAYOUT_BYTES, SCALAR_NONE, 4, 0, 8, 0, 16384 },	/* bytes<16384> */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 24, 8, 3 },	/* all.Everything.Texts.in */
	{ LAYOUT_BYTES, SCALAR_NONE, 4, 0, 8, 0, 7 },	/* bytes<7> */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 16, 11, 2 },	/* all.Everything.Texts.out */
	{ LAYOUT_SEQUENCE, SCALAR_NONE, 4, 0, 8, 5, 5 },	/* sequence<UInt16,5> */
	{ LAYOUT_ARRAY, SCALAR_NONE, 1, 0, 32, 1, 32 },	/* array<UInt8,32> */
	{ LAYOUT_ARRAY, SCALAR_NONE, 2, 0, 6, 5, 3 },	/* array<UInt16,3> */
	{ LAYOUT_SCALAR, SCALAR_SINT32, 4, 0, 4, 0, 0 },	/* SInt32 */
	{ LAYOUT_STRUCT, SCALAR_NONE, 4, 0, 8, 13, 2 },	/* all.Types.Point */
	{ LAYOUT_UNION, SCALAR_NONE, 8, 0, 16, 15, 5 },	/* all.Types.Kind */
	{ LAYOUT_ARRAY, SCALAR_NONE, 2, 0, 12, 17, 2 },	/* array<array<all.Numbers.Door,3>,2> */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 72, 20, 4 },	/* all.Types.Record */
	{ LAYOUT_SEQUENCE, SCALAR_NONE, 4, 0, 8, 22, 8 },	/* sequence<all.Types.Record,8> */
	{ LAYOUT_SEQUENCE, SCALAR_NONE, 4, 0, 8, 9, 2 },	/* sequence<all.Types.Name,2> */
	{ LAYOUT_SEQUENCE, SCALAR_NONE, 4, 0, 8, 24, 3 },	/* sequence<sequence<all.Types.Name,2>,3> */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 24, 24, 3 },	/* all.Everything.Lists.in */
	{ LAYOUT_SEQUENCE, SCALAR_NONE, 4, 0, 8, 20, 4 },	/* sequence<all.Types.Kind,4> */
	{ LAYOUT_SEQUENCE, SCALAR_NONE, 4, 0, 8, 3, 1 },	/* sequence<UInt64,1> */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 16, 27, 2 },	/* all.Everything.Lists.out */
	{ LAYOUT_STRUCT, SCALAR_NONE, 1, 0, 1, 29, 1 },	/* all.Twin.Point */
	{ LAYOUT_ARRAY, SCALAR_NONE, 1, 0, 2, 1, 2 },	/* array<UInt8,2> */
	{ LAYOUT_ARRAY, SCALAR_NONE, 1, 0, 4, 31, 2 },	/* array<array<UInt8,2>,2> */
	{ LAYOUT_ARRAY, SCALAR_NONE, 1, 0, 8, 32, 2 },	/* array<array<array<UInt8,2>,2>,2> */
	{ LAYOUT_ARRAY, SCALAR_NONE, 1, 0, 16, 33, 2 },	/* array<array<array<array<UInt8,2>,2>,2>,2> */
	{ LAYOUT_ARRAY, SCALAR_NONE, 1, 0, 32, 34, 2 },	/* array<array<array<array<array<UInt8,2>,2>,2>,2>,2> */
	{ LAYOUT_STRUCT, SCALAR_NONE, 1, 0, 32, 30, 1 },	/* all.Twin.Deep */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 48, 31, 3 },	/* all.Everything.Points.in */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 16, 34, 1 },	/* all.Everything.Points.out */
	{ LAYOUT_HANDLE, SCALAR_NONE, 8, 0, 16, 0, 0 },	/* Handle */
	{ LAYOUT_ARRAY, SCALAR_NONE, 8, 0, 32, 39, 2 },	/* array<all.Types.Pinger,2> */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 56, 35, 3 },	/* all.Types.Keys */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 80, 38, 3 },	/* all.Everything.Handles.in */
	{ LAYOUT_ARRAY, SCALAR_NONE, 8, 0, 112, 41, 2 },	/* array<all.Types.Keys,2> */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 128, 41, 2 },	/* all.Everything.Handles.out */
	{ LAYOUT_SCALAR, SCALAR_UINT32, 4, 0, 4, 0, 0 },	/* UInt32 */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 8, 43, 1 },	/* all.Everything.Fails.in */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 8, 44, 1 },	/* all.Everything.Fails.out */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 16, 45, 2 },	/* all.Everything.Fails.error */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 8, 47, 1 },	/* all.Everything.OnlyFails.error */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 8, 48, 2 },	/* all.Everything.interface.in */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 8, 50, 1 },	/* all.Everything.interface.out */
	{ LAYOUT_STRUCT, SCALAR_NONE, 8, 0, 8, 51, 1 },	/* all.Everything.interface.error */
};

static const struct layout all_Everything_layout_ nk_unused = {
	all_Everything_types_, all_Everything_fields_, 53, 52
};

static const struct nk_method all_Everything_Nothing_method_ nk_unused = {
	all_Everything_Nothing_mid,
	/* layout, type, size, arena, handles */
	{ &all_Everything_layout_, 0, 0, 0, 0, NK_NULL },	/* in */
	{ &all_Everything_layout_, 0, 0, 0, 0, NK_NULL },	/* out */
	{ NK_NULL, 0, 0, 0, 0, NK_NULL },	/* no error */
};

static const struct nk_method all_Everything_Scalars_method_ nk_unused = {
	all_Everything_Scalars_mid,
	/* layout, type, size, arena, handles */
	{ &all_Everything_layout_, 6, 40, 0, 0, NK_NULL },	/* in */
	{ &all_Everything_layout_, 8, 16, 0, 0, NK_NULL },	/* out */
	{ NK_NULL, 0, 0, 0, 0, NK_NULL },	/* no error */
};

static const struct nk_method all_Everything_Texts_method_ nk_unused = {
	all_Everything_Texts_mid,
	/* layout, type, size, arena, handles */
	{ &all_Everything_layout_, 12, 24, 16648, 0, NK_NULL },	/* in */
	{ &all_Everything_layout_, 14, 16, 264, 0, NK_NULL },	/* out */
	{ NK_NULL, 0, 0, 0, 0, NK_NULL },	/* no error */
};

static const struct nk_method all_Everything_Lists_method_ nk_unused = {
	all_Everything_Lists_mid,
	/* layout, type, size, arena, handles */
	{ &all_Everything_layout_, 26, 24, 6296, 0, NK_NULL },	/* in */
	{ &all_Everything_layout_, 29, 16, 1096, 0, NK_NULL },	/* out */
	{ NK_NULL, 0, 0, 0, 0, NK_NULL },	/* no error */
};

static const struct nk_method all_Everything_Points_method_ nk_unused = {
	all_Everything_Points_mid,
	/* layout, type, size, arena, handles */
	{ &all_Everything_layout_, 37, 48, 0, 0, NK_NULL },	/* in */
	{ &all_Everything_layout_, 38, 16, 256, 0, NK_NULL },	/* out */
	{ NK_NULL, 0, 0, 0, 0, NK_NULL },	/* no error */
};

static const nk_uint32_t all_Everything_Handles_in_handles_[] nk_unused = { 0, 16, 32, 56 };
static const nk_uint32_t all_Everything_Handles_out_handles_[] nk_unused = { 0, 16, 32, 48, 72, 88, 104 };
static const struct nk_method all_Everything_Handles_method_ nk_unused = {
	all_Everything_Handles_mid,
	/* layout, type, size, arena, handles */
	{ &all_Everything_layout_, 42, 80, 0, 4, all_Everything_Handles_in_handles_ },	/* in */
	{ &all_Everything_layout_, 44, 128, 0, 7, all_Everything_Handles_out_handles_ },	/* out */
	{ NK_NULL, 0, 0, 0, 0, NK_NULL },	/* no error */
};

static const struct nk_method all_Everything_Fails_method_ nk_unused = {
	all_Everything_Fails_mid,
	/* layout, type, size, arena, handles */
	{ &all_Everything_layout_, 46, 8, 0, 0, NK_NULL },	/* in */
	{ &all_Everything_layout_, 47, 8, 0, 0, NK_NULL },	/* out */
	{ &all_Everything_layout_, 48, 16, 256, 0, NK_NULL },	/* error */
};

static const struct nk_method all_Everything_OnlyFails_method_ nk_unused = {
	all_Everything_OnlyFails_mid,
	/* layout, type, size, arena, handles */
	{ &all_Everything_layout_, 0, 0, 0, 0, NK_NULL },	/* in */
	{ &all_Everything_layout_, 0, 0, 0, 0, NK_NULL },	/* out */
	{ &all_Everything_layout_, 49, 8, 0, 0, NK_NULL },	/* error */
};

static const struct nk_method all_Everything_interface_method_ nk_unused = {
	all_Everything_interface_mid,
	/* layout, type, size, arena, handles */
	{ &all_Everything_layout_, 50, 8, 0, 0, NK_NULL },	/* in */
	{ &all_Everything_layout_, 51, 8, 0, 0, NK_NULL },	/* out */
	{ &all_Everything_layout_, 52, 8, 0, 0, NK_NULL },	/* error */
};

/* The client's side: calls through .base go out through the transport. */
struct all_Everything_proxy {
	struct all_Everything base;
	struct nk_proxy proxy;
};
typedef struct all_Everything_proxy all_Everything_proxy;

static nk_unused nk_err_t all_Everything_Nothing_call_(
		struct all_Everything *self,
		const struct all_Everything_Nothing_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Nothing_res *res,
		struct nk_arena *res_arena)
{
	const struct all_Everything_proxy *proxy = (const struct all_Everything_proxy *)self;

	return nk_proxy_call(&proxy->proxy, &all_Everything_Nothing_method_, &req->base_,
			     req_arena, &res->base_, sizeof(*res), res_arena);
}

static nk_unused nk_err_t all_Everything_Scalars_call_(
		struct all_Everything *self,
		const struct all_Everything_Scalars_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Scalars_res *res,
		struct nk_arena *res_arena)
{
	const struct all_Everything_proxy *proxy = (const struct all_Everything_proxy *)self;

	return nk_proxy_call(&proxy->proxy, &all_Everything_Scalars_method_, &req->base_,
			     req_arena, &res->base_, sizeof(*res), res_arena);
}

static nk_unused nk_err_t all_Everything_Texts_call_(
		struct all_Everything *self,
		const struct all_Everything_Texts_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Texts_res *res,
		struct nk_arena *res_arena)
{
	const struct all_Everything_proxy *proxy = (const struct all_Everything_proxy *)self;

	return nk_proxy_call(&proxy->proxy, &all_Everything_Texts_method_, &req->base_,
			     req_arena, &res->base_, sizeof(*res), res_arena);
}

static nk_unused nk_err_t all_Everything_Lists_call_(
		struct all_Everything *self,
		const struct all_Everything_Lists_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Lists_res *res,
		struct nk_arena *res_arena)
{
	const struct all_Everything_proxy *proxy = (const struct all_Everything_proxy *)self;

	return nk_proxy_call(&proxy->proxy, &all_Everything_Lists_method_, &req->base_,
			     req_arena, &res->base_, sizeof(*res), res_arena);
}

static nk_unused nk_err_t all_Everything_Points_call_(
		struct all_Everything *self,
		const struct all_Everything_Points_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Points_res *res,
		struct nk_arena *res_arena)
{
	const struct all_Everything_proxy *proxy = (const struct all_Everything_proxy *)self;

	return nk_proxy_call(&proxy->proxy, &all_Everything_Points_method_, &req->base_,
			     req_arena, &res->base_, sizeof(*res), res_arena);
}

static nk_unused nk_err_t all_Everything_Handles_call_(
		struct all_Everything *self,
		const struct all_Everything_Handles_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Handles_res *res,
		struct nk_arena *res_arena)
{
	const struct all_Everything_proxy *proxy = (const struct all_Everything_proxy *)self;

	return nk_proxy_call(&proxy->proxy, &all_Everything_Handles_method_, &req->base_,
			     req_arena, &res->base_, sizeof(*res), res_arena);
}

static nk_unused nk_err_t all_Everything_Fails_call_(
		struct all_Everything *self,
		const struct all_Everything_Fails_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_Fails_res *res,
		struct nk_arena *res_arena)
{
	const struct all_Everything_proxy *proxy = (const struct all_Everything_proxy *)self;

	return nk_proxy_call(&proxy->proxy, &all_Everything_Fails_method_, &req->base_,
			     req_arena, &res->base_, sizeof(*res), res_arena);
}

static nk_unused nk_err_t all_Everything_OnlyFails_call_(
		struct all_Everything *self,
		const struct all_Everything_OnlyFails_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_OnlyFails_res *res,
		struct nk_arena *res_arena)
{
	const struct all_Everything_proxy *proxy = (const struct all_Everything_proxy *)self;

	return nk_proxy_call(&proxy->proxy, &all_Everything_OnlyFails_method_, &req->base_,
			     req_arena, &res->base_, sizeof(*res), res_arena);
}

static nk_unused nk_err_t all_Everything_interface_call_(
		struct all_Everything *self,
		const struct all_Everything_interface_req *req,
		const struct nk_arena *req_arena,
		struct all_Everything_interface_res *res,
		struct nk_arena *res_arena)
{
	const struct all_Everything_proxy *proxy = (const struct all_Everything_proxy *)self;

	return nk_proxy_call(&proxy->proxy, &all_Everything_interface_method_, &req->base_,
			     req_arena, &res->base_, sizeof(*res), res_arena);
}

static const struct all_Everything_ops all_Everything_proxy_ops_ nk_unused = {
	all_Everything_Nothing_call_,
	all_Everything_Scalars_call_,
	all_Everything_Texts_call_,
	all_Everything_Lists_call_,
	all_Everything_Points_call_,
	all_Everything_Handles_call_,
	all_Everything_Fails_call_,
	all_Everything_OnlyFails_call_,
	all_Everything_interface_call_,
};

static inline void all_Everything_proxy_init(
		struct all_Everything_proxy *self, struct nk_transport *transport,
		nk_iid_t riid)
{
	self->base.ops = &all_Everything_proxy_ops_;
	self->proxy.transport = transport;
	self->proxy.riid = riid;
}

/* The server's side: REQ and RES lie in unions with room for any. */
static inline nk_err_t all_Everything_dispatch(
		struct all_Everything *self,
		const struct nk_message *req,
		const struct nk_arena *req_arena,
		struct nk_message *res,
		struct nk_arena *res_arena)
{
	nk_err_t result;

	switch (req->mid) {
	case all_Everything_Nothing_mid:
		if (!self->ops->Nothing)
			break;
		result = nk_dispatch_begin(&all_Everything_Nothing_method_, req,
					   req_arena, res,
					   sizeof(struct all_Everything_Nothing_res));
		if (result == NK_EOK)
			result = self->ops->Nothing(self,
				(const struct all_Everything_Nothing_req *)req, req_arena,
				(struct all_Everything_Nothing_res *)res, res_arena);
		return nk_dispatch_end(&all_Everything_Nothing_method_, result, res,
				       res_arena);
	case all_Everything_Scalars_mid:
		if (!self->ops->Scalars)
			break;
		result = nk_dispatch_begin(&all_Everything_Scalars_method_, req,
					   req_arena, res,
					   sizeof(struct all_Everything_Scalars_res));
		if (result == NK_EOK)
			result = self->ops->Scalars(self,
				(const struct all_Everything_Scalars_req *)req, req_arena,
				(struct all_Everything_Scalars_res *)res, res_arena);
		return nk_dispatch_end(&all_Everything_Scalars_method_, result, res,
				       res_arena);
	case all_Everything_Texts_mid:
		if (!self->ops->Texts)
			break;
		result = nk_dispatch_begin(&all_Everything_Texts_method_, req,
					   req_arena, res,
					   sizeof(struct all_Everything_Texts_res));
		if (result == NK_EOK)
			result = self->ops->Texts(self,
				(const struct all_Everything_Texts_req *)req, req_arena,
				(struct all_Everything_Texts_res *)res, res_arena);
		return nk_dispatch_end(&all_Everything_Texts_method_, result, res,
				       res_arena);
	case all_Everything_Lists_mid:
		if (!self->ops->Lists)
			break;
		result = nk_dispatch_begin(&all_Everything_Lists_method_, req,
					   req_arena, res,
					   sizeof(struct all_Everything_Lists_res));
		if (result == NK_EOK)
			result = self->ops->Lists(self,
				(const struct all_Everything_Lists_req *)req, req_arena,
				(struct all_Everything_Lists_res *)res, res_arena);
		return nk_dispatch_end(&all_Everything_Lists_method_, result, res,
				       res_arena);
	case all_Everything_Points_mid:
		if (!self->ops->Points)
			break;
		result = nk_dispatch_begin(&all_Everything_Points_method_, req,
					   req_arena, res,
					   sizeof(struct all_Everything_Points_res));
		if (result == NK_EOK)
			result = self->ops->Points(self,
				(const struct all_Everything_Points_req *)req, req_arena,
				(struct all_Everything_Points_res *)res, res_arena);
		return nk_dispatch_end(&all_Everything_Points_method_, result, res,
				       res_arena);
	case all_Everything_Handles_mid:
		if (!self->ops->Handles)
			break;
		result = nk_dispatch_begin(&all_Everything_Handles_method_, req,
					   req_arena, res,
					   sizeof(struct all_Everything_Handles_res));
		if (result == NK_EOK)
			result = self->ops->Handles(self,
				(const struct all_Everything_Handles_req *)req, req_arena,
				(struct all_Everything_Handles_res *)res, res_arena);
		return nk_dispatch_end(&all_Everything_Handles_method_, result, res,
				       res_arena);
	case all_Everything_Fails_mid:
		if (!self->ops->Fails)
			break;
		result = nk_dispatch_begin(&all_Everything_Fails_method_, req,
					   req_arena, res,
					   sizeof(struct all_Everything_Fails_res));
		if (result == NK_EOK)
			result = self->ops->Fails(self,
				(const struct all_Everything_Fails_req *)req, req_arena,
				(struct all_Everything_Fails_res *)res, res_arena);
		return nk_dispatch_end(&all_Everything_Fails_method_, result, res,
				       res_arena);
	case all_Everything_OnlyFails_mid:
		if (!self->ops->OnlyFails)
			break;
		result = nk_dispatch_begin(&all_Everything_OnlyFails_method_, req,
					   req_arena, res,
					   sizeof(struct all_Everything_OnlyFails_res));
		if (result == NK_EOK)
			result = self->ops->OnlyFails(self,
				(const struct all_Everything_OnlyFails_req *)req, req_arena,
				(struct all_Everything_OnlyFails_res *)res, res_arena);
		return nk_dispatch_end(&all_Everything_OnlyFails_method_, result, res,
				       res_arena);
	case all_Everything_interface_mid:
		if (!self->ops->interface)
			break;
		result = nk_dispatch_begin(&all_Everything_interface_method_, req,
					   req_arena, res,
					   sizeof(struct all_Everything_interface_res));
		if (result == NK_EOK)
			result = self->ops->interface(self,
				(const struct all_Everything_interface_req *)req, req_arena,
				(struct all_Everything_interface_res *)res, res_arena);
		return nk_dispatch_end(&all_Everything_interface_method_, result, res,
				       res_arena);
	}
	return nk_dispatch_unknown(req, res);
}

#endif
