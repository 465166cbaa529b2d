/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Which names a new solution may have. The name becomes a folder, the package of
 * its classes, and the beginning of C names.
 */
#ifndef DK_APPS_DK_NAME_H
#define DK_APPS_DK_NAME_H

#define NAME_MAX_BYTES 64u

/* What was expected instead, for a person; NULL if the name is fine. */
const char *name_fault(const char *name);

#endif
