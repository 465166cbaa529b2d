/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * EDL, CDL and IDL, read and resolved: classes with their endpoints flattened
 * and numbered, interfaces with their methods, types laid out. What is returned
 * is complete or NULL; errors are in diags. All memory is the arena's. Asking
 * twice for a name gives the same object, and an error only once.
 */
#ifndef DK_XDL_H
#define DK_XDL_H

#include <stdbool.h>

#include "../../kernel/abi/layout.h"
#include "../front/diag.h"

struct xdl;			/* everything read so far */
struct xdl_field;

/* A resolved type. Typedefs are followed; .name is what the source called it. */
struct xdl_type {
	enum layout_kind kind;
	enum layout_scalar scalar;
	const char *name;		/* qualified for struct, union and typedef,
					   else its spelling, "sequence<UInt8,4>" */
	uint32_t size, align;		/* inline, bytes */
	uint32_t count;			/* BYTES, STRING, SEQUENCE: maximum; ARRAY:
					   elements; STRUCT, UNION: fields */
	const struct xdl_type *element;	/* SEQUENCE, ARRAY */
	const struct xdl_field *fields;	/* STRUCT, UNION: .count of them */
	uint32_t depth;			/* as LAYOUT_DEPTH_MAX counts */
	uint32_t n_handles;		/* places inside */
	uint64_t arena_max;		/* bytes of arena its chunks can use, each
					   rounded up to 8 */
};

struct xdl_field {
	const char *name;
	const struct xdl_type *type;
	uint32_t offset;
	struct pos pos;
};

struct xdl_method {
	const char *name;
	struct pos pos;
	uint32_t mid;
	/* indexed by enum method_part (abi/image.h): in, out, error parameters as
	   a LAYOUT_STRUCT whose offsets begin after struct nk_message; [2] is
	   NULL if there are no error parameters */
	const struct xdl_type *part[3];
};

struct xdl_interface {
	const char *name;		/* dotted name of the IDL package */
	struct pos pos;
	const struct xdl_method *methods;
	uint32_t n_methods;
};

struct xdl_endpoint {
	const char *path;		/* "component.endpoint" */
	const struct xdl_interface *interface;
	uint32_t riid;
	struct pos pos;
};

struct xdl_class {
	const char *name;		/* dotted, as its EDL calls it */
	struct pos pos;
	const struct xdl_endpoint *endpoints;	/* in order of RIID */
	uint32_t n_endpoints;
	const struct xdl_interface *security;	/* NULL if it has none */
};

struct xdl *xdl_new(struct arena *arena, struct sources *sources,
		    struct diags *diags);
/* Reads NAME's file through the include directories. WHERE: who asks. */
const struct xdl_class *xdl_class(struct xdl *xdl, const char *name,
				  struct pos where);
const struct xdl_interface *xdl_interface(struct xdl *xdl, const char *name,
					  struct pos where);

/*
 * `dkc xdl`: writes the C header of each FILE (.edl, .cdl, .idl), and of all that
 * it needs, below OUTDIR (a/b/X.idl.h); only files whose bytes change are
 * written. Returns false after an error; then nothing of this run is written.
 * That OUTDIR cannot be written is said at once, and is no diagnostic.
 */
bool xdl_emit(struct xdl *xdl, const char *const *files, size_t n_files,
	      const char *outdir);

#endif
