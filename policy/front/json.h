/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* JSON as RFC 8259 has it, for what scripts and pages read. */
#ifndef DK_FRONT_JSON_H
#define DK_FRONT_JSON_H

#include <stdio.h>

/*
 * BEFORE as it is, then TEXT as a string with its quotes, or null. Control
 * characters are escaped, and '<' and '>', so that the text of a policy cannot
 * end the script of a page that it stands in. What is no UTF-8 becomes U+FFFD.
 */
void json_string(FILE *to, const char *before, const char *text);

#endif
