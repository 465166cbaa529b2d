/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A small picture of a large one: each pixel the mean of those it stands for (a
 * box filter, on values as stored, weighted by alpha), in the proportions of
 * the large one, never enlarged. As a PNG file in memory.
 */
#ifndef PICTURE_THUMBNAIL_H
#define PICTURE_THUMBNAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode.h"

#define THUMBNAIL_SIDE_MAX 512u

struct thumbnail {
	uint8_t *png;		/* owned */
	size_t size;		/* bytes */
};

/*
 * Makes the one of the file behind FD that fits into WIDTH x HEIGHT pixels, 1 to
 * THUMBNAIL_SIDE_MAX each. Returns false with FAULT filled and THUMBNAIL empty.
 */
bool thumbnail_make(struct thumbnail *thumbnail, int fd, uint32_t width,
		    uint32_t height, char fault[DECODE_FAULT_MAX]);
void thumbnail_deinit(struct thumbnail *thumbnail);

#endif
