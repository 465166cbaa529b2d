/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* An interface as C sees it: its operations, its proxy, its dispatch. */
#include "emit.h"

static void emit_ops(struct header *header, const struct idl *idl)
{
	const char *name = emit_name(header, idl->pos, "%s", "");
	const char *ops = emit_name(header, idl->pos, "_ops");
	uint32_t i;

	emit(header, "struct %s;\n\n"
	     "/* What an implementation fills in; NULL is a method that is not "
	     "there. */\nstruct %s {\n", name, ops);
	for (i = 0; i < idl->interface.n_methods; i++)
		emit(header, "\tnk_err_t (*%s)(struct %s *self,\n"
		     "\t\t\tconst struct %s_%s_req *req,\n"
		     "\t\t\tconst struct nk_arena *req_arena,\n"
		     "\t\t\tstruct %s_%s_res *res,\n"
		     "\t\t\tstruct nk_arena *res_arena);\n",
		     idl->interface.methods[i].name, name, name,
		     idl->interface.methods[i].name, name,
		     idl->interface.methods[i].name);
	if (!i)
		emit(header, "\tvoid *none_;\n");
	emit(header, "};\ntypedef struct %s %s;\n\n"
	     "struct %s {\n\tconst struct %s *ops;\n};\n"
	     "typedef struct %s %s;\n\n", ops, ops, name, ops, name, name);
}

void emit_interface(struct header *header, const struct idl *idl)
{
	const char *name;
	uint32_t i;

	emit_ops(header, idl);
	for (i = 0; i < idl->interface.n_methods; i++) {
		const struct xdl_method *method = &idl->interface.methods[i];

		name = emit_name(header, method->pos, "_%s", method->name);
		emit(header, "static inline nk_err_t %s(\n"
		     "\t\tstruct %s *self,\n\t\tstruct %s_req *req,\n"
		     "\t\tconst struct nk_arena *req_arena,\n"
		     "\t\tstruct %s_res *res,\n\t\tstruct nk_arena *res_arena)\n"
		     "{\n\treturn self->ops->%s(self, req, req_arena, res, "
		     "res_arena);\n}\n\n", name, header->prefix, name, name,
		     method->name);
	}
}

/* The proxy's side of one method. */
static void emit_call(struct header *header, const struct xdl_method *method)
{
	const char *prefix = header->prefix;

	emit(header, "static nk_unused nk_err_t %s(\n"
	     "\t\tstruct %s *self,\n\t\tconst struct %s_%s_req *req,\n"
	     "\t\tconst struct nk_arena *req_arena,\n"
	     "\t\tstruct %s_%s_res *res,\n\t\tstruct nk_arena *res_arena)\n",
	     emit_hidden(header, method->pos, "_%s_call_", method->name), prefix,
	     prefix, method->name, prefix, method->name);
	emit(header, "{\n\tconst struct %s_proxy *proxy = "
	     "(const struct %s_proxy *)self;\n\n"
	     "\treturn nk_proxy_call(&proxy->proxy, &%s_%s_method_, &req->base_,\n"
	     "\t\t\t     req_arena, &res->base_, sizeof(*res), res_arena);\n"
	     "}\n\n", prefix, prefix, prefix, method->name);
}

static void emit_proxy(struct header *header, const struct idl *idl)
{
	const struct xdl_interface *interface = &idl->interface;
	const char *prefix = header->prefix;
	const char *proxy = emit_name(header, idl->pos, "_proxy");
	const char *ops;
	uint32_t i;

	emit(header, "/* The client's side: calls through .base go out through "
	     "the transport. */\nstruct %s {\n\tstruct %s base;\n"
	     "\tstruct nk_proxy proxy;\n};\ntypedef struct %s %s;\n\n", proxy,
	     prefix, proxy, proxy);
	for (i = 0; i < interface->n_methods; i++)
		emit_call(header, &interface->methods[i]);
	ops = emit_hidden(header, idl->pos, "_proxy_ops_");
	emit(header, "static const struct %s_ops %s nk_unused = {\n", prefix, ops);
	for (i = 0; i < interface->n_methods; i++)
		emit(header, "\t%s_%s_call_,\n", prefix,
		     interface->methods[i].name);
	if (!i)
		emit(header, "\tNK_NULL\n");
	emit(header, "};\n\nstatic inline void %s(\n"
	     "\t\tstruct %s *self, struct nk_transport *transport,\n"
	     "\t\tnk_iid_t riid)\n{\n\tself->base.ops = &%s;\n"
	     "\tself->proxy.transport = transport;\n"
	     "\tself->proxy.riid = riid;\n}\n\n",
	     emit_name(header, idl->pos, "_proxy_init"), proxy, ops);
}

static void emit_case(struct header *header, const struct xdl_method *method)
{
	const char *prefix = header->prefix, *name = method->name;

	emit(header, "\tcase %s_%s_mid:\n\t\tif (!self->ops->%s)\n"
	     "\t\t\tbreak;\n\t\tresult = nk_dispatch_begin(&%s_%s_method_, req,\n"
	     "\t\t\t\t\t   req_arena, res,\n"
	     "\t\t\t\t\t   sizeof(struct %s_%s_res));\n"
	     "\t\tif (result == NK_EOK)\n"
	     "\t\t\tresult = self->ops->%s(self,\n"
	     "\t\t\t\t(const struct %s_%s_req *)req, req_arena,\n"
	     "\t\t\t\t(struct %s_%s_res *)res, res_arena);\n"
	     "\t\treturn nk_dispatch_end(&%s_%s_method_, result, res,\n"
	     "\t\t\t\t       res_arena);\n",
	     prefix, name, name, prefix, name, prefix, name, name, prefix, name,
	     prefix, name, prefix, name);
}

static void emit_dispatch(struct header *header, const struct idl *idl)
{
	uint32_t i;

	emit(header, "/* The server's side: REQ and RES lie in unions with room "
	     "for any. */\nstatic inline nk_err_t %s(\n\t\tstruct %s *self,\n"
	     "\t\tconst struct nk_message *req,\n"
	     "\t\tconst struct nk_arena *req_arena,\n"
	     "\t\tstruct nk_message *res,\n"
	     "\t\tstruct nk_arena *res_arena)\n{\n",
	     emit_name(header, idl->pos, "_dispatch"), header->prefix);
	if (!idl->interface.n_methods) {
		emit(header, "\t(void)self;\n\t(void)req_arena;\n"
		     "\t(void)res_arena;\n");
	} else {
		emit(header, "\tnk_err_t result;\n\n\tswitch (req->mid) {\n");
		for (i = 0; i < idl->interface.n_methods; i++)
			emit_case(header, &idl->interface.methods[i]);
		emit(header, "\t}\n");
	}
	emit(header, "\treturn nk_dispatch_unknown(req, res);\n}\n");
}

void emit_calls(struct header *header, const struct idl *idl)
{
	emit_proxy(header, idl);
	emit_dispatch(header, idl);
}
