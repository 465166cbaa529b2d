/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A security policy, read, checked and lowered: what policy/image puts into the
 * routing table. All memory is the arena's.
 */
#ifndef DK_PSL_H
#define DK_PSL_H

#include "../../kernel/abi/image.h"
#include "../xdl/xdl.h"
#include "node.h"
#include "regex.h"

enum entry_form { ENTRY_ONE, ENTRY_DICTIONARY, ENTRY_TUPLE };

/* A policy object, as struct image_object says. */
struct psl_object {
	const char *name;
	struct pos pos;
	enum image_model model;		/* MODEL_NONE: an error was given */
	uint32_t pool_size, n_items, n_more;
	enum entry_form form;		/* of an entry or a value */
	uint32_t n_fields;
	struct value_type fields[OBJECT_FIELDS_MAX];
	const char *field_names[OBJECT_FIELDS_MAX];	/* of a dictionary */
	struct variant names, more;	/* the n_items names, the n_more ones */
	uint64_t *masks;		/* of the names, then of the others */
	uint32_t n_masks;
	struct node **values;		/* StaticMap: constant, of each name */
	const struct expr *config;	/* as it is written: for places */
};

/* A rule in the text with its program. */
struct psl_call {
	struct pos pos;			/* of the call */
	const char *object, *method;
	enum call_fixed fixed;		/* GRANTS or DENIES: reads nothing */
	const struct image_insn *insns;	/* args of OP_TEXT, OP_NUMBER, OP_MATCH
					   index .texts, .numbers, .regexes of
					   this call */
	uint32_t n_insns;
	const char *const *texts;
	const struct image_number *numbers;
	const struct regex *const *regexes;
	uint32_t audit;			/* index into psl.audits, or IMAGE_NONE */
};

/* What a profile records of an object's rules: bit i at levels[i]. */
struct psl_audit {
	const char *profile, *object;
	bool expressions[REGEX_N];	/* that the rule has: others are not
					   told of */
	uint32_t granted, denied, emitted[REGEX_N];
	uint32_t *omits;	/* of each state of the Flow; or NULL */
	uint32_t n_omits;
};

/*
 * A binding: the rules of one body with the selectors around it. IMAGE_NONE =
 * any. Bindings are in order of text, files at their first `use`.
 */
struct psl_binding {
	enum event_kind kind;
	struct pos pos;
	uint32_t src, dst;		/* index into psl.classes */
	const char *endpoint;		/* path, or NULL */
	const char *component;		/* path prefix, or NULL */
	const char *interface;		/* dotted name, or NULL */
	const char *method;		/* or NULL */
	const struct psl_call *calls;
	uint32_t n_calls;
};

struct pal_test;

struct psl {
	const struct xdl_class **classes;	/* 0 kl.core.Core, 1 Einit, then in
						   order of declaration */
	const struct pos *class_pos;	/* of their declarations; no source: none */
	uint32_t n_classes;
	const struct psl_binding *bindings;
	uint32_t n_bindings;
	const struct psl_object *objects;
	uint32_t n_objects;
	bool audited;		/* the policy says what is recorded */
	uint32_t level;		/* of audit, to begin with */
	const uint32_t *levels;	/* that profiles name; they grow */
	uint32_t n_levels;
	const struct psl_audit *audits;
	uint32_t n_audits;
	const struct pal_test *tests;	/* `assert` blocks: see pal.h */
	size_t n_tests;
};

/* Reads the policy at PATH. NULL after an error. */
const struct psl *psl_read(struct arena *arena, struct sources *sources,
			   struct xdl *xdl, struct diags *diags,
			   const char *path);

#endif
