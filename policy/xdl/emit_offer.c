/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* A component or a class as C sees it: its parts, and its dispatch. */
#include "emit.h"

#include <string.h>

#include "../../kernel/abi/image.h"

/* "echo_Server_entity", "echo_CPing_component" */
static const char *struct_name(struct header *header, const struct offer *offer)
{
	return arena_printf(header->xdl->arena, "%s_%s",
			    emit_prefix(header->xdl, offer->name),
			    offer->kind == OFFER_ENTITY ? "entity" : "component");
}

static const char *interface_name(struct header *header,
				  const struct entry *entry)
{
	return emit_prefix(header->xdl, entry->interface->name);
}

/* BEFORE, a pointer, AFTER for each component, then for each endpoint. */
static void emit_each(struct header *header, const struct offer *offer,
		      const char *before, const char *after)
{
	size_t i;

	for (i = 0; i < offer->n_components; i++)
		emit(header, "%sstruct %s *%s_component%s", before,
		     struct_name(header, offer->components[i].component),
		     offer->components[i].name, after);
	for (i = 0; i < offer->n_endpoints; i++)
		emit(header, "%sstruct %s *%s_impl%s", before,
		     interface_name(header, &offer->endpoints[i]),
		     offer->endpoints[i].name, after);
}

static bool is_empty(const struct offer *offer)
{
	return !offer->n_components && !offer->n_endpoints;
}

static void emit_struct(struct header *header, const struct offer *offer,
			const char *kind)
{
	const char *name = emit_name(header, offer->pos, "_%s", kind);
	const char *init;
	size_t i;

	emit(header, "struct %s {\n", name);
	emit_each(header, offer, "\t", ";\n");
	if (is_empty(offer))
		emit(header, "\tvoid *none_;\n");
	emit(header, "};\ntypedef struct %s %s;\n\n", name, name);

	init = emit_name(header, offer->pos, "_%s_init", kind);
	emit(header, "static inline void %s(\n\t\tstruct %s *self", init, name);
	emit_each(header, offer, ",\n\t\t", "");
	emit(header, ")\n{\n");
	for (i = 0; i < offer->n_components; i++)
		emit(header, "\tself->%s_component = %s_component;\n",
		     offer->components[i].name, offer->components[i].name);
	for (i = 0; i < offer->n_endpoints; i++)
		emit(header, "\tself->%s_impl = %s_impl;\n",
		     offer->endpoints[i].name, offer->endpoints[i].name);
	if (is_empty(offer))
		emit(header, "\tself->none_ = NK_NULL;\n");
	emit(header, "}\n\n");
}

static void emit_union(struct header *header, const struct offer *offer,
		       const char *kind, const char *which)
{
	const char *name = emit_name(header, offer->pos, "_%s_%s", kind, which);
	size_t i;

	emit(header, "union %s {\n\tstruct nk_message base_;\n", name);
	for (i = 0; i < offer->n_components; i++)
		emit(header, "\tunion %s_%s %s_component;\n",
		     struct_name(header, offer->components[i].component), which,
		     offer->components[i].name);
	for (i = 0; i < offer->n_endpoints; i++)
		emit(header, "\tunion %s_%s %s_impl;\n",
		     interface_name(header, &offer->endpoints[i]), which,
		     offer->endpoints[i].name);
	emit(header, "};\ntypedef union %s %s;\n\n", name, name);
}

/* Most bytes of arena of any request [0] and any answer [1] of its methods. */
static void most_arena(const struct xdl_class *class, uint64_t most[2])
{
	const struct xdl_interface *interface;
	const struct xdl_type *part;
	uint32_t i, j, k;

	most[0] = most[1] = 0;
	for (i = 0; i < class->n_endpoints; i++) {
		interface = class->endpoints[i].interface;
		for (j = 0; j < interface->n_methods; j++) {
			for (k = 0; k < 3; k++) {
				part = interface->methods[j].part[k];
				if (part && part->arena_max >
				    most[k != METHOD_REQUEST])
					most[k != METHOD_REQUEST] =
						part->arena_max;
			}
		}
	}
}

/* "a.b.c" with JOINT for each dot. */
static const char *path_as(struct xdl *xdl, const char *path, const char *joint)
{
	const char *text = "", *dot;

	while ((dot = strchr(path, '.'))) {
		text = arena_printf(xdl->arena, "%s%.*s%s", text,
				    (int)(dot - path), path, joint);
		path = dot + 1;
	}
	return arena_printf(xdl->arena, "%s%s", text, path);
}

static void emit_numbers(struct header *header, const struct xdl_class *class)
{
	uint64_t most[2];
	uint32_t i;

	if (class->n_endpoints) {
		emit(header, "/* Endpoints. */\nenum {\n");
		for (i = 0; i < class->n_endpoints; i++)
			emit(header, "\t%s = %u,\n",
			     emit_name(header, class->endpoints[i].pos, "_%s_iid",
				       path_as(header->xdl,
					       class->endpoints[i].path, "_")),
			     class->endpoints[i].riid);
		emit(header, "};\n\n");
	}
	most_arena(class, most);
	emit(header, "#define %s %uu\n",
	     emit_name(header, class->pos, "_entity_req_arena_size"),
	     emit_arena_size(most[0]));
	emit(header, "#define %s %uu\n\n",
	     emit_name(header, class->pos, "_entity_res_arena_size"),
	     emit_arena_size(most[1]));
}

static void emit_dispatch(struct header *header, const struct xdl_class *class)
{
	struct xdl *xdl = header->xdl;
	uint32_t i;

	emit(header, "static inline nk_err_t %s(\n"
	     "\t\tstruct %s_entity *self,\n"
	     "\t\tconst struct nk_message *req,\n"
	     "\t\tconst struct nk_arena *req_arena,\n"
	     "\t\tstruct nk_message *res,\n\t\tstruct nk_arena *res_arena)\n{\n",
	     emit_name(header, class->pos, "_entity_dispatch"), header->prefix);
	if (class->n_endpoints)
		emit(header, "\tswitch (req->riid) {\n");
	else
		emit(header, "\t(void)self;\n\t(void)req_arena;\n"
		     "\t(void)res_arena;\n");
	for (i = 0; i < class->n_endpoints; i++)
		emit(header, "\tcase %s_%s_iid:\n\t\treturn %s_dispatch(\n"
		     "\t\t\tself->%s_impl,\n"
		     "\t\t\treq, req_arena, res, res_arena);\n", header->prefix,
		     path_as(xdl, class->endpoints[i].path, "_"),
		     emit_prefix(xdl, class->endpoints[i].interface->name),
		     path_as(xdl, class->endpoints[i].path, "_component->"));
	if (class->n_endpoints)
		emit(header, "\t}\n");
	emit(header, "\treturn nk_dispatch_unknown(req, res);\n}\n");
}

void emit_offer(struct header *header, const struct offer *offer)
{
	bool is_entity = offer->kind == OFFER_ENTITY;
	const char *kind = is_entity ? "entity" : "component";

	if (is_entity)
		emit_numbers(header, offer->class);
	emit_struct(header, offer, kind);
	emit_union(header, offer, kind, "req");
	emit_union(header, offer, kind, "res");
	if (is_entity)
		emit_dispatch(header, offer->class);
}
