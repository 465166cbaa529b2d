/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The image of world.h, loaded. The file is freed with maker_free_file. */
#ifndef TESTS_WORLD_IMAGE_H
#define TESTS_WORLD_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "../../../kernel/security/image.h"

void *world_image(struct image *image, bool refuse_einit, size_t *size);

#endif
