/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "connect_body.h"

#define FIELDS_MAX 4

struct shape {
	uint32_t size, n;
	struct { uint32_t offset, kind; } fields[FIELDS_MAX];
};

#define AT(type, member, what) { offsetof(struct type, member), LAYOUT_##what }

static const struct shape shapes[CM_N][2] = {
	[CM_CONNECT] = {
		{ sizeof(struct cm_connect_in), 3, {
			AT(cm_connect_in, server, STRING),
			AT(cm_connect_in, service, STRING),
			AT(cm_connect_in, msecs, SCALAR) } },
		{ sizeof(struct cm_connect_out), 3, {
			AT(cm_connect_out, status, SCALAR),
			AT(cm_connect_out, handle, HANDLE),
			AT(cm_connect_out, rsid, SCALAR) } } },
	[CM_LISTEN] = {
		{ sizeof(struct cm_listen_in), 2, {
			AT(cm_listen_in, filter, STRING),
			AT(cm_listen_in, msecs, SCALAR) } },
		{ sizeof(struct cm_listen_out), 3, {
			AT(cm_listen_out, status, SCALAR),
			AT(cm_listen_out, client, STRING),
			AT(cm_listen_out, service, STRING) } } },
	[CM_DROP] = {
		{ sizeof(struct cm_drop_in), 2, {
			AT(cm_drop_in, client, STRING),
			AT(cm_drop_in, service, STRING) } },
		{ sizeof(struct cm_drop_out), 1, {
			AT(cm_drop_out, status, SCALAR) } } },
	[CM_ACCEPT] = {
		{ sizeof(struct cm_accept_in), 4, {
			AT(cm_accept_in, client, STRING),
			AT(cm_accept_in, service, STRING),
			AT(cm_accept_in, rsid, SCALAR),
			AT(cm_accept_in, listener, HANDLE) } },
		{ sizeof(struct cm_accept_out), 2, {
			AT(cm_accept_out, status, SCALAR),
			AT(cm_accept_out, handle, HANDLE) } } },
};

static int same(const struct shape *shape, const struct layout *layout,
		uint32_t type_index)
{
	const struct layout_type *type = &layout->types[type_index];

	if (type->size != shape->size || type->count != shape->n)
		return 0;
	for (uint32_t i = 0; i < shape->n; i++) {
		const struct layout_field *field =
			&layout->fields[type->first + i];
		const struct layout_type *inner = &layout->types[field->type];

		if (field->offset != shape->fields[i].offset ||
		    inner->kind != shape->fields[i].kind)
			return 0;
		if (inner->kind == LAYOUT_SCALAR &&
		    inner->scalar != SCALAR_UINT32)
			return 0;
		if (inner->kind == LAYOUT_STRING && inner->count > CM_NAME_MAX)
			return 0;
	}
	return 1;
}

const char *connect_body_fault(const struct image_interface *interface,
			       const struct image_method *methods,
			       const struct layout *layout)
{
	if (interface->n_methods != CM_N)
		return "kl.core.CM has not the methods this daemon knows";
	for (uint32_t i = 0; i < CM_N; i++) {
		const struct image_method *method =
			&methods[interface->methods + i];

		for (int part = 0; part < 2; part++)
			if (!same(&shapes[i][part], layout,
				  method->type[part]))
				return "kl.core.CM is laid out otherwise than "
				       "this daemon knows it";
	}
	return NULL;
}
