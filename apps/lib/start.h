/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What must happen before main, in every program that uses any of libdk: a
 * file of the library that has LIBDK_START brings start.o into the program.
 */
#ifndef LIBDK_START_H
#define LIBDK_START_H

extern const char libdk_start;

#define LIBDK_START \
	__attribute__((used)) static const char *const needs_start = &libdk_start

#endif
