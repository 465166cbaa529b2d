/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A second opinion on bodies: the rules of WIRE written down once more, naively,
 * with recursion. And random layouts and bodies to ask both about.
 */
#ifndef TESTS_BODY_MODEL_H
#define TESTS_BODY_MODEL_H

#include "../../../kernel/security/body.h"

struct body {
	uint8_t fixed[1024];
	uint8_t arena[4096];
	uint32_t fixed_size;
	uint32_t arena_size;
	uint32_t n_handles;
};

#define MODEL_TYPES_MAX 64
#define MODEL_FIELDS_MAX 256

struct model_layout {
	struct layout layout;
	struct layout_type types[MODEL_TYPES_MAX];
	struct layout_field fields[MODEL_FIELDS_MAX];
	uint32_t method;		/* the struct to check */
};

void model_random_layout(struct model_layout *model, uint64_t *seed);
/* A good body, as far as the arena lasts. */
void model_random_body(const struct model_layout *model, uint64_t *seed,
		       struct body *body);
/* Changes a thing or two that a program might write. */
void model_spoil_body(const struct model_layout *model, uint64_t *seed,
		      struct body *body);
enum body_status model_check(const struct model_layout *model,
			     const struct body *body, uint32_t arena_max);

#endif
