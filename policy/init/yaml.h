/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A YAML document as the loader wants it: nodes with places in the source, and
 * mappings read by tables of keys. Errors go to the diagnostics.
 */
#ifndef DK_INIT_YAML_H
#define DK_INIT_YAML_H

#include <stdbool.h>
#include <yaml.h>

#include "../front/diag.h"

struct yaml {
	struct arena *arena;
	struct diags *diags;
	const struct source *source;
	yaml_document_t document;
	struct yaml_line {
		uint32_t offset;	/* of its first byte */
		uint32_t index;		/* of its first character */
	} *lines;
	size_t n_lines, lines_capacity;
};

/* What a key is for. */
struct yaml_key {
	const char *name;
	void (*read)(struct yaml *yaml, yaml_node_t *value, void *to);
	/* without .read: */
	bool foreign;		/* of another system: a warning; else it is
				   refused as not supported by this version */
};

/* The document's root, NULL after an error. To be closed in either case. */
yaml_node_t *yaml_open(struct yaml *yaml, struct arena *arena,
		       struct diags *diags, const struct source *source);
void yaml_close(struct yaml *yaml);

struct pos yaml_pos(const struct yaml *yaml, const yaml_node_t *node);
/* Calls .read of each key with TO; WHAT is what the mapping describes. */
void yaml_mapping(struct yaml *yaml, yaml_node_t *node, const char *what,
		  const struct yaml_key *keys, size_t n, void *to);
/* Calls EACH for the elements. */
void yaml_sequence(struct yaml *yaml, yaml_node_t *node, const char *what,
		   void (*each)(struct yaml *, yaml_node_t *, void *), void *to);
/* Calls EACH for the pairs of a mapping whose keys are free. */
void yaml_pairs(struct yaml *yaml, yaml_node_t *node, const char *what,
		void (*each)(struct yaml *, yaml_node_t *key, yaml_node_t *value,
			     void *), void *to);
/* The text of a scalar without NUL; NULL after an error. */
const char *yaml_text(struct yaml *yaml, yaml_node_t *node, const char *what);

#endif
