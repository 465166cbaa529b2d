/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The image of world.h, loaded. FLAGS: WORLD_REFUSE_..., WORLD_USERS. The file is
   freed with maker_free_file. */
#ifndef TESTS_WORLD_IMAGE_H
#define TESTS_WORLD_IMAGE_H

#include <stddef.h>

#include "../../../kernel/security/image.h"

void *world_image(struct image *image, unsigned flags, size_t *size);

#endif
