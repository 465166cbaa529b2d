/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A solution of a few files, of which one is the input. It is compiled as dkc
 * does: to C headers, and to an image.
 */
#ifndef TESTS_FUZZ_PARSER_H
#define TESTS_FUZZ_PARSER_H

#include "fuzz.h"

/*
 * FILE is the one to replace, below tests/fuzz/solution: "fuzz/Face.idl". To be
 * called once, from the checkout's top. Makes a folder in $TMPDIR.
 */
void parser_init(const char *file);
void parser_run(const uint8_t *data, size_t size);

#endif
