/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Pictures written down as files in /demo, the only folder this program has. What
 * their owner calls them is not believed to be a file's name.
 */
#ifndef PICTURE_SAVE_H
#define PICTURE_SAVE_H

#include "visit.h"

#define SAVE_FOLDER "/demo"

/* Both say which file they wrote. NK_EFAIL: the disk, or what came, was no good;
   they have said so, and nothing is left that looks like a picture. */
nk_err_t save_thumbnail(struct visit *visit, uint32_t index,
			const struct view *view, uint32_t side);
/* The whole file, whose SHA-256 must be the one in VIEW. */
nk_err_t save_picture(struct visit *visit, uint32_t index,
		      const struct view *view);

#endif
