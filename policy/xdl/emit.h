/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * C headers of what was read. A header is put together in memory; every name
 * that it declares at file scope goes through emit_name, so that a clash is an
 * error of dkc at the line that caused it, not of somebody's C compiler.
 */
#ifndef DK_XDL_EMIT_H
#define DK_XDL_EMIT_H

#include "ast.h"

struct header {
	struct xdl *xdl;
	struct symbols *declared;	/* C name -> struct emit_declared, of all
					   headers of this run */
	struct symbols *own;		/* C names of this header */
	const char *prefix;		/* "echo_Ping" */
	size_t alias;			/* bytes of PREFIX that an alias drops */
	const char *path;		/* "echo/Ping.idl.h" */
	char *text;
	size_t size, capacity;
};

/* The headers' file names and C names of a dotted name. */
const char *emit_path(struct xdl *xdl, const char *name, const char *ext);
const char *emit_prefix(struct xdl *xdl, const char *name);

/* Makes HEADER ready for the body of NAME's header. */
void emit_begin(struct header *header, struct xdl *xdl,
		struct symbols *declared, const char *name, const char *ext);
/* The whole text of the header, around the body that was added. */
const char *emit_end(struct header *header, const char *includes);

void emit(struct header *header, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* PREFIX_..., declared by this header; POS is blamed if it is not the first. */
const char *emit_name(struct header *header, struct pos pos,
		      const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A name for the generated code's own use: no alias. */
const char *emit_hidden(struct header *header, struct pos pos,
			const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* "nk_uint32_t name[4]", as a declaration has it. */
const char *emit_declarator(struct xdl *xdl, const struct xdl_type *type,
			    const char *name);
/* Bytes of a buffer for MAX bytes of arena, however the buffer is aligned. */
uint32_t emit_arena_size(uint64_t max);

/* One step of a header each. */
void emit_consts(struct header *header, const struct idl *idl);
void emit_types(struct header *header, const struct idl *idl);
void emit_fields(struct header *header, const struct xdl_type *type,
		 const char *indent);
void emit_messages(struct header *header, const struct idl *idl);
void emit_interface(struct header *header, const struct idl *idl);
void emit_tables(struct header *header, const struct idl *idl);
void emit_calls(struct header *header, const struct idl *idl);
void emit_offer(struct header *header, const struct offer *offer);

#endif
