/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Runs a proved DFA of an image over a text: one pass, as long as the text. */
#ifndef DK_SECURITY_DFA_H
#define DK_SECURITY_DFA_H

#include <stdbool.h>

#include "../abi/image.h"

/*
 * Whether the pattern is found in the SIZE bytes at TEXT, which may be NULL if
 * there are none. STATES are the words of SECTION_DFA_STATES.
 */
bool dfa_match(const struct image_dfa *dfa, const uint16_t *states,
	       const uint8_t *text, uint32_t size);

#endif
