/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The files of a new solution: those of apps/dk/new, each without its licence
 * lines and the `.in` of its name. embed.sh makes the array from them.
 */
#ifndef DK_APPS_DK_TEMPLATES_H
#define DK_APPS_DK_TEMPLATES_H

struct template {
	const char *folder;		/* "" or "package": named as the solution */
	const char *file;
	const char *const *lines;	/* each with its '\n'; NULL ends them */
};

#endif
