/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Numbers, sizes and structs of an interface's requests and responses. */
#include "emit.h"

#include "../../kernel/abi/image.h"

/* Most bytes of a parameter that lies in the arena; 0 for what does not. */
static uint64_t parameter_size(const struct xdl_type *type)
{
	switch (type->kind) {
	case LAYOUT_BYTES:
		return type->count;
	case LAYOUT_STRING:
		return (uint64_t)type->count + 1;
	case LAYOUT_SEQUENCE:
		return (uint64_t)type->count * type->element->size;
	default:
		return 0;
	}
}

static void emit_mids(struct header *header, const struct xdl_interface *interface)
{
	uint32_t i;

	if (!interface->n_methods)
		return;
	emit(header, "/* Methods. */\nenum {\n");
	for (i = 0; i < interface->n_methods; i++)
		emit(header, "\t%s = %u,\n",
		     emit_name(header, interface->methods[i].pos, "_%s_mid",
			       interface->methods[i].name),
		     interface->methods[i].mid);
	emit(header, "};\n\n");
}

/* A name may be that of an in and of an out parameter: one size is for both. */
static void emit_parameter_sizes(struct header *header,
				 const struct xdl_method *method)
{
	struct symbols *seen = symbols_new(header->xdl->arena);
	const struct xdl_field *field, *before;
	uint32_t part, i;

	for (part = 0; part < 3; part++) {
		for (i = 0; method->part[part] &&
		     i < method->part[part]->count; i++) {
			field = &method->part[part]->fields[i];
			if (!parameter_size(field->type))
				continue;
			before = symbols_add(seen, field->name, (void *)field);
			if (!before)
				emit(header, "#define %s %uu\n",
				     emit_name(header, field->pos, "_%s_%s_size",
					       method->name, field->name),
				     (uint32_t)parameter_size(field->type));
			else if (parameter_size(before->type) !=
				 parameter_size(field->type)) {
				diag_error(header->xdl->diags, field->pos,
					   "found '%s' of another size: expected "
					   "parameters of one method and one name "
					   "to be equally large", field->name);
				diag_note(header->xdl->diags, before->pos,
					  "the other is here");
			}
		}
	}
}

static void emit_sizes(struct header *header, const struct xdl_method *method)
{
	const struct xdl_type *out = method->part[METHOD_RESPONSE];
	const struct xdl_type *err = method->part[METHOD_ERROR];
	uint64_t most = out->arena_max;

	if (err && err->arena_max > most)
		most = err->arena_max;
	emit_parameter_sizes(header, method);
	emit(header, "#define %s %uu\n",
	     emit_name(header, method->pos, "_%s_req_arena_size", method->name),
	     emit_arena_size(method->part[METHOD_REQUEST]->arena_max));
	emit(header, "#define %s %uu\n\n",
	     emit_name(header, method->pos, "_%s_res_arena_size", method->name),
	     emit_arena_size(most));
}

static void emit_part_struct(struct header *header, const char *name,
			     const struct xdl_type *part)
{
	emit(header, "struct %s {\n", name);
	emit_fields(header, part, "\t");
	emit(header, "};\n\n");
}

/* Out and error parameters share the room; out ones also without .res_. */
static void emit_response(struct header *header, const struct xdl_method *method,
			  const char *name)
{
	const struct xdl_type *out = method->part[METHOD_RESPONSE];
	const struct xdl_type *err = method->part[METHOD_ERROR];
	const char *res_name = NULL, *err_name = NULL;

	if (out->count) {
		res_name = emit_hidden(header, method->pos, "_%s_res_",
				       method->name);
		emit_part_struct(header, res_name, out);
	}
	if (err) {
		err_name = emit_hidden(header, method->pos, "_%s_err_",
				       method->name);
		emit_part_struct(header, err_name, err);
	}
	emit(header, "struct %s {\n\tstruct nk_message base_;\n", name);
	if (out->count || err)
		emit(header, "\t__extension__ union {\n");
	if (out->count) {
		emit(header, "\t\t__extension__ struct {\n");
		emit_fields(header, out, "\t\t\t");
		emit(header, "\t\t};\n\t\tstruct %s res_;\n", res_name);
	}
	if (err)
		emit(header, "\t\tstruct %s err_;\n", err_name);
	if (out->count || err)
		emit(header, "\t};\n");
	emit(header, "};\ntypedef struct %s %s;\n", name, name);
}

static void emit_message(struct header *header, const struct xdl_method *method)
{
	const struct xdl_type *const *part = method->part;
	uint32_t answer = part[METHOD_RESPONSE]->size;
	const char *name;

	if (part[METHOD_ERROR] && part[METHOD_ERROR]->size > answer)
		answer = part[METHOD_ERROR]->size;
	emit_sizes(header, method);
	name = emit_name(header, method->pos, "_%s_req", method->name);
	emit(header, "struct %s {\n\tstruct nk_message base_;\n", name);
	emit_fields(header, part[METHOD_REQUEST], "\t");
	emit(header, "};\ntypedef struct %s %s;\n", name, name);
	emit(header, "nk_static_assert(sizeof(struct %s) == %u, \"request\");\n\n",
	     name, XDL_MESSAGE_HEAD + part[METHOD_REQUEST]->size);

	name = emit_name(header, method->pos, "_%s_res", method->name);
	emit_response(header, method, name);
	emit(header, "nk_static_assert(sizeof(struct %s) == %u, \"response\");\n\n",
	     name, XDL_MESSAGE_HEAD + answer);
}

static void emit_any(struct header *header, const struct xdl_interface *interface,
		     const char *which)
{
	const char *name = emit_name(header, interface->pos, "_%s", which);
	uint32_t i;

	emit(header, "union %s {\n\tstruct nk_message base_;\n", name);
	for (i = 0; i < interface->n_methods; i++)
		emit(header, "\tstruct %s_%s_%s %s;\n", header->prefix,
		     interface->methods[i].name, which,
		     interface->methods[i].name);
	emit(header, "};\ntypedef union %s %s;\n\n", name, name);
}

void emit_messages(struct header *header, const struct idl *idl)
{
	uint32_t i;

	emit_mids(header, &idl->interface);
	for (i = 0; i < idl->interface.n_methods; i++)
		emit_message(header, &idl->interface.methods[i]);
	emit(header, "/* Room for any of the requests, for any of the answers. */\n");
	emit_any(header, &idl->interface, "req");
	emit_any(header, &idl->interface, "res");
}
