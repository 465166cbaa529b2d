/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The image of world.h, loaded. REFUSED: WORLD_REFUSE_... The file is freed with
   maker_free_file. */
#ifndef TESTS_WORLD_IMAGE_H
#define TESTS_WORLD_IMAGE_H

#include <stddef.h>

#include "../../../kernel/security/image.h"

void *world_image(struct image *image, unsigned refused, size_t *size);

#endif
