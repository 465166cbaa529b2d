/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Where dk is: all that belongs to it is found from there. */
#ifndef DK_APPS_DK_PLACE_H
#define DK_APPS_DK_PLACE_H

#include <stddef.h>

/* The folder of this executable, without a trailing slash; 0 or -errno. */
int place_own_folder(char *folder, size_t size);

#endif
