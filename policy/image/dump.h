/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What the files of `dkc dump` share. */
#ifndef DK_IMAGE_DUMP_H
#define DK_IMAGE_DUMP_H

#include <stdbool.h>
#include <stdio.h>

#include "../../kernel/security/image.h"

const char *dump_scalar(uint8_t scalar);
/* TEXT as it may be shown: an image may come from anybody, and nothing in it may
   steer a terminal. The characters of ALSO get a '\\' too. */
void dump_escaped(FILE *to, const char *text, const char *also);
/* TEXT in quotes, one line, control characters escaped. */
void dump_text(FILE *to, const char *text);
/* TEXT as it is, but for control characters. */
void dump_plain(FILE *to, const char *text);
/* BEFORE, a string of the image, escaped likewise, AFTER. */
void dump_name(FILE *to, const struct image *image, const char *before,
	       uint32_t name, const char *after);
/* "request src=A method=M" */
void dump_binding(const struct image *image, uint32_t index, FILE *to);
/* dump_audit.c: the levels, and what is recorded at each; "" if the policy is
   silent. */
void dump_audit(const struct image *image, FILE *to);
/* ", recorded at 0 1" for the bits of an action's levels. */
void dump_audited(const struct image *image, uint32_t granted, FILE *to);
/* dump_code.c: the program of a rule, an instruction a line. */
void dump_program(const struct image *image, const struct image_rule *rule,
		  FILE *to);
/* dump_objects.c: one policy object by its names, from " NAME:" on; all. */
void dump_object(const struct image *image, uint32_t index, FILE *to);
void dump_objects(const struct image *image, FILE *to);
/* dump_routes.c: who may do what, and by which rules. */
void dump_routes(const struct image *image, FILE *to);

#endif
